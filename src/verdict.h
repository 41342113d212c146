#ifndef SVCPORT_VERDICT_H
#define SVCPORT_VERDICT_H

/*
 * Expected against observed.  Pure functions, the whole of the table that the design
 * document gives in "Judging and alarming": a row is first reduced to what was *seen*,
 * then the expectation decides.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan.h"
#include "reason.h"
#include "types.h"

/* What a check expects, and what takes it out of judgement. */
struct expectation {
	uint8_t expected; /* enum expected */
	uint8_t policy;   /* enum range_policy */
	uint8_t protocol; /* enum proto */
	bool disabled;    /* svcPortCheckAdminStatus */
	bool standby;     /* the host's active-when address is not here */
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
	/* No observation can change the verdict: disabled, standby, optional, ... */
	bool settled;
	/* Seen closed because nothing answered, not because something refused. */
	bool no_answer;
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

/*
 * Services of which one is enough.  `m` holds each member's own judgement, in ascending
 * service number, and is replaced by what its row shows: the carrier's verdict is the
 * group's; the others are compliant, "satisfied by X", when one member is open, else
 * notEvaluated, "see X".  `other` is set to the member that the reason names, or to the
 * member's own position.
 *
 * The carrier is the lowest member of those that expect most (required before
 * recommended before the rest); members that are `settled` out of judgement (disabled,
 * on demand) take no part and keep their own judgement.
 */
struct verdict_member {
	struct judgement j;
	uint8_t expected; /* in: enum expected */
	bool out;         /* in: disabled, standby or never judged: takes no part */
	uint32_t other;   /* out: position of the member that the reason names */
};
/* Returns the carrier's position, `n` when no member takes part. */
size_t verdict_alternative(struct verdict_member *m, size_t n);

/*
 * Members of which `need` must be open.  Those that are open keep their judgement;
 * the others are compliant while enough are open, unknown (notEvaluated) while the ones
 * that could not be seen (are silent) might make up for them, and keep their verdict
 * when too few are open; their reason becomes REASON_GROUP.  Returns how the group as a
 * whole stands: SEEN_OPEN, SEEN_BLIND, SEEN_SILENT or, too few, SEEN_CLOSED.
 */
enum seen verdict_quorum(struct verdict_member *m, size_t n, unsigned need);

#endif
