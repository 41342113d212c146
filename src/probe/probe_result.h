#ifndef SVCPORT_PROBE_RESULT_H
#define SVCPORT_PROBE_RESULT_H

/* What one look at an endpoint found. */

#include <stdbool.h>
#include <stdint.h>

#include "model/addr.h"
#include "base/mono.h"
#include "model/reason.h"
#include "model/types.h"

struct probe_result {
	uint32_t endpoint;        /* index in the plan */
	enum connect_state state; /* never CONNECT_PARTIAL or CONNECT_NA */
	enum reason reason;
	int error;       /* errno that goes with the reason, 0 for none */
	uint32_t rtt_us; /* 0 when not answered */
	/* The host itself gave a sign of life: an answer, also a reset, also an ICMP
	 * message that it sent. */
	bool answered;
	bool late;        /* the look began a second or more behind its schedule */
	struct addr addr; /* probed; family 0 when the name did not resolve */
	const char *tls_version; /* "TLSv1.3"; "" when no handshake was completed */
	wall_t cert_expiry;      /* of the certificate shown, 0 for none */
	const char *detail;      /* words beyond the reason's, "" for none */
};

#endif
