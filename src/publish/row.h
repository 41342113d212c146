#ifndef SVCPORT_ROW_H
#define SVCPORT_ROW_H

/*
 * What is known of a check, a host, an alarm, a past event: plain data that the
 * watching thread writes and hands over by value.  What never changes stays in the
 * plan.
 */

#include <stdbool.h>
#include <stdint.h>

#include "model/addr.h"
#include "listen/listeners.h"
#include "base/mono.h"
#include "model/types.h"

/*
 * The texts of a row that has any (local rows, ranges, TLS): immutable, shared by
 * reference count between threads.  Strings live as long as it does, and are never
 * NULL.
 */
struct row_detail {
	unsigned refs;
	const char *open_ports; /* svcPortProbeOpenPortsText; "" also for all of them */
	const char *addrs;      /* svcPortProbeListenAddrs */
	const char *owner;      /* svcPortProbeOwner */
	const char *error;      /* svcPortProbeError */
	const char *tls_version;
	wall_t cert_expiry; /* 0 for none */
};

/* Takes copies; NULL stands for "". */
struct row_detail *row_detail_new(const char *open_ports, const char *addrs,
    const char *owner, const char *error, const char *tls_version, wall_t cert_expiry);
/* Thread-safe; NULL is fine. */
struct row_detail *row_detail_ref(struct row_detail *d);
void row_detail_unref(struct row_detail *d);

enum row_flag {
	ROW_DISABLED = 1, /* svcPortCheckAdminStatus */
	ROW_MUTED = 2,    /* a mute of its own, its host or the agent covers it */
	ROW_LATE = 4,     /* its last probe was behind the schedule */
};

struct row {             /* one check */
	uint8_t listen;  /* enum listen_state */
	uint8_t connect; /* enum connect_state */
	uint8_t verdict;
	uint8_t severity;
	uint8_t stage;  /* enum alarm_stage */
	uint8_t reason; /* enum reason that decided */
	uint8_t flags;
	uint8_t error;  /* errno that goes with the reason */
	uint32_t other; /* check index for REASON_SATISFIED_BY and REASON_SEE */
	uint32_t rtt_us;
	wall_t
	    last_change; /* of the verdict; when the row appeared if it never changed */
	wall_t last_probe;
	wall_t last_open;
	uint32_t attempts;
	uint32_t failures;
	uint32_t failures_row;
	uint32_t transitions;
	uint32_t open_ports;
	uint32_t queue;
	uint32_t queue_limit;
	uint32_t mute_until; /* the row's own mute: seconds since 1970, 0 for none */
	struct row_detail *detail; /* NULL for none */
};

struct host_row {
	uint8_t state;    /* enum host_state */
	uint8_t severity; /* of the host's own alarm */
	uint32_t mute_until;
	wall_t last_change;
	struct addr addr; /* the one probed */
};

/* One active alarm (svcPortAlarmTable). */
struct alarm_row {
	uint32_t index; /* svcPortAlarmIndex */
	uint8_t type;   /* enum alarm_type */
	uint8_t severity;
	uint8_t stage;            /* raised, masked or muted */
	uint32_t object;          /* check or host index in the plan */
	struct listener listener; /* ALARM_UNDOCUMENTED: its key fields */
	uint32_t notify_seq;      /* of the raising notification, 0 for none */
	wall_t since;             /* when the deviation began */
	char text[256];           /* svcPortNotifyMessage of the raise */
};

/* Scalars that the watching thread knows. */
struct system_row {
	uint8_t config_status; /* enum config_status */
	char config_text[256];
	wall_t config_time;
	wall_t start_time;
	struct mono last_scan; /* of the local sockets, complete */
	uint32_t probe_lag;    /* seconds */
	uint32_t undocumented; /* listeners */
	uint32_t muted;        /* rows */
	uint32_t mute_until;   /* the agent's own mute */
	uint32_t heartbeat;    /* seconds */
	bool notify_enable;
};

#endif
