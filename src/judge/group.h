#ifndef SVCPORT_GROUP_H
#define SVCPORT_GROUP_H

/*
 * Checks that are judged together: services of which one is enough on a host, and hosts
 * of which some are enough.  Pure functions over the members' own judgements.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/verdict.h"

/*
 * Services of which one is enough.  `m` holds each member's own judgement, in ascending
 * service number, and is replaced by what its row shows: the carrier's verdict is the
 * group's; the others are compliant, "satisfied by X", when one member is open, else
 * notEvaluated, "see X".  A blind member and none open is unknown.
 *
 * The carrier is the lowest member of those that expect most (required before
 * recommended before the rest).  Members that are out keep their own judgement; so do
 * all when none expects anything.
 */
struct group_member {
	struct judgement j;
	uint8_t expected; /* in: enum expected */
	bool out;         /* in: takes no part */
	uint32_t other;   /* of an alternative, out: position of the member that the
	                     reason names, else the own position */
};
/* Returns the carrier's position, `n` when every member stands for itself. */
size_t group_alternative(struct group_member *m, size_t n);

/*
 * Members of which `need` must be open (all, when fewer take part).  Closed members are
 * compliant while enough others are open, unknown (notEvaluated) while ones that could
 * not be seen (are silent) might make up for them, both with REASON_GROUP, and keep
 * their judgement when too few are open.  All other members keep theirs.
 */
struct group_state {
	enum seen seen; /* OPEN: enough; BLIND, SILENT: not known; CLOSED: too few */
	uint32_t open;  /* members seen open */
	uint32_t part;  /* members that take part */
	uint32_t need;
};
struct group_state group_quorum(struct group_member *m, size_t n, uint32_t need);

#endif
