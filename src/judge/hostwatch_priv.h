#ifndef SVCPORT_HOSTWATCH_PRIV_H
#define SVCPORT_HOSTWATCH_PRIV_H

/* What the parts of the watch share. */

#include "judge/hostwatch.h"

/* Fewer silent hosts do not prove that the agent is cut off. */
#define HOSTS_TO_TELL 3
/* Silent sweeps in quick succession, before the schedule's. */
#define QUICK_SWEEPS 3

enum class {
	UNSEEN, /* not all of its endpoints have been looked at */
	ANSWERING,
	SILENT,  /* no answer to the last whole sweep */
	BLINDED, /* no endpoint could be looked at */
	CLASSES,
};

enum endpoint_flag {
	COUNTS = 1, /* its silence means something */
	OFF = 2,    /* not probed */
	AWAITED = 4 /* of the open sweep */
};

struct hostwatch_look {
	uint8_t last;     /* enum answer; of the last look */
	uint8_t flags;    /* enum endpoint_flag */
	uint16_t answers; /* the host's count of answers at that time */
};

/* A sweep is open whenever the host is not ANSWERING, and during suspicion. */
struct hostwatch_host {
	uint32_t first, n;        /* endpoints */
	uint32_t counting;        /* endpoints that count and are probed */
	uint32_t awaited, silent; /* of the open sweep */
	uint32_t last_yes;        /* endpoint that answered last */
	uint16_t answers;         /* wraps */
	uint8_t class;
	uint8_t sweeps; /* silent ones in a row */
	bool sweeping, suspect, pausing;
	bool ever, down;
	bool left_out; /* local or standby */
	struct mono deadline;
};

struct hostwatch {
	const struct plan *plan;
	struct hostwatch_host *hosts;
	uint32_t nhosts;
	struct hostwatch_look *looks;
	uint32_t *host_of; /* by endpoint */
	uint32_t tally[CLASSES];
	uint32_t cursor; /* of the canvass */
	uint32_t per_host, timeout_ms;
	bool isolated;
	struct mono last_answer;
};

/* It has a say in whether the agent is isolated. */
bool hostwatch_tallied(const struct hostwatch_host *h);
void hostwatch_set_class(
    struct hostwatch *hw, struct hostwatch_host *h, enum class class);
void hostwatch_set_counting(
    struct hostwatch *hw, struct hostwatch_host *h, uint32_t counting);
void hostwatch_open_sweep(struct hostwatch *hw, struct hostwatch_host *h);

#endif
