#ifndef SVCPORT_VERDICT_H
#define SVCPORT_VERDICT_H

/*
 * Expected against observed.  Pure functions: a row is first reduced to what was
 * *seen*, then the expectation decides.
 *
 *                           open  local  closed  silent  blind
 *   required                 1     7      7       2       3
 *   recommended              1     4      4       2       3
 *   optional, unspecified    2     2      2       2       2
 *   local only               6     1      1 (7*)  2       3    * also required open
 *   must be closed           6     6      1       2       3
 *
 * By sockets: listening is open, loopbackOnly local, notListening and partial closed.
 * By probe: open; closed, filtered and partial are closed; unreachable is closed, but
 * blind where closed is what the document wants; openOrFiltered is silent.  Everything
 * else is blind.  A source that does not apply (LISTEN_NA, CONNECT_NA) is silent.
 *
 * Sockets and probe (`connect = true`): a connect decides "open", and "closed" where a
 * socket listens; otherwise the sockets do.  Sockets or probe (`observe = either`):
 * open if one says so; the probe decides while no socket takes traffic from outside,
 * except that loopbackOnly stays local when the probe does not get through.
 * A probe of a loopback address proves no more of a socket that is bound to one.
 * Where the sockets cannot be read, a failed probe proves "closed" only where that is a
 * deviation.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/plan.h"
#include "model/reason.h"
#include "model/types.h"

/* What a check expects, and what takes it out of judgement. */
struct expectation {
	uint8_t expected; /* enum expected */
	uint8_t policy;   /* enum range_policy */
	uint8_t protocol; /* enum proto */
	bool disabled;    /* svcPortCheckAdminStatus */
	bool standby;     /* the host's active-when address is not here */
	bool inside;      /* the probe goes to a loopback address */
	uint8_t idle;     /* enum reason why no probe looks, REASON_NONE */
	uint16_t flags;   /* enum check_flag: which sources count, and how */
};

/* One look at a port: a state, why, and the errno that goes with it (0 for none). */
struct sight {
	uint8_t state;  /* enum listen_state or enum connect_state */
	uint8_t reason; /* enum reason */
	uint8_t error;
};

/* The last look of each source; one that does not exist is LISTEN_NA or CONNECT_NA. */
struct observed {
	struct sight listen;
	struct sight connect;
};

enum seen {
	SEEN_OPEN,
	SEEN_LOCAL, /* on a loopback address only */
	SEEN_CLOSED,
	SEEN_SILENT, /* nothing answered, which proves nothing */
	SEEN_BLIND,  /* could not look */
};

struct judgement {
	uint8_t verdict; /* enum verdict */
	uint8_t seen;    /* enum seen */
	uint8_t reason;  /* enum reason that decided */
	uint8_t error;   /* errno that goes with it */
	/* No observation can change the verdict: out, or optional. */
	bool settled;
	/* Out of judgement: disabled, standby, on demand, nothing to look at, ... */
	bool out;
	/* Seen closed though the port itself did not refuse: filtered, unreachable. */
	bool no_answer;
	/* A probe decided: what the sockets say meanwhile is no further evidence. */
	bool probed;
};

/* Nothing was looked at yet. */
struct observed verdict_unseen(unsigned flags);

void verdict_judge(
    const struct expectation *e, const struct observed *o, struct judgement *out);

/*
 * Whether a row with these flags wants its own address probed while the sockets say
 * `listen`: always with `connect = true`, and with `observe = either` unless a socket
 * already takes traffic from outside.
 */
bool verdict_wants_probe(unsigned flags, enum listen_state listen);

#endif
