#ifndef SVCPORT_DEADLINE_H
#define SVCPORT_DEADLINE_H

/*
 * Deadlines of many things of which most never expire.  Those with the same duration
 * expire in the order in which they were set, so one list a duration is sorted by
 * itself: every operation is O(1) in entries and O(d) in the few durations in use.
 * Entries are embedded in what they belong to; nothing is allocated per entry.
 */

#include <stdint.h>
#include <sys/queue.h>

#include "base/mono.h"

struct deadlines;

struct deadline {
	TAILQ_ENTRY(deadline) link;
	struct mono when; /* MONO_NEVER while not set */
	uint32_t list;
};

struct deadlines *deadline_new(void);
/* Entries still set become invalid. */
void deadline_free(struct deadlines *d);

/* Makes an entry that is not set. */
void deadline_init(struct deadline *e);
/* Sets the entry, or moves it, to `now` + `ms`.  `now` never goes back. */
void deadline_set(
    struct deadlines *d, struct deadline *e, struct mono now, uint32_t ms);
/* Fine when it is not set. */
void deadline_clear(struct deadlines *d, struct deadline *e);

/* The earliest one; MONO_NEVER without any. */
struct mono deadline_next(const struct deadlines *d);
/* Clears and returns one that is not after `now`; NULL when there is none. */
struct deadline *deadline_pop(struct deadlines *d, struct mono now);

#endif
