#ifndef SVCPORT_AGENDA_H
#define SVCPORT_AGENDA_H

/*
 * One deadline for each of a fixed number of things, and which is due first.  Costs
 * O(log n) to set, four octets for a thing without a deadline.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/mono.h"

struct agenda;

/* For the ids 0 to n - 1, none of which has a deadline. */
struct agenda *agenda_new(uint32_t n);
void agenda_free(struct agenda *d);

/* Sets or moves the deadline of `id`; MONO_NEVER takes it away. */
void agenda_set(struct agenda *d, uint32_t id, struct mono when);
/* MONO_NEVER when it has none. */
struct mono agenda_get(const struct agenda *d, uint32_t id);
/* The earliest of all, MONO_NEVER for none. */
struct mono agenda_next(const struct agenda *d);
/* Takes away the earliest deadline if it is not after `now`; of equal ones the one with
 * the lowest id. */
bool agenda_due(struct agenda *d, struct mono now, uint32_t *id);

#endif
