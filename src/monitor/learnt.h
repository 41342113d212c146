#ifndef SVCPORT_LEARNT_H
#define SVCPORT_LEARNT_H

/*
 * Which UDP endpoints answered once, so that their silence means something from then
 * on: kept in the journal, by host number, address, port and what was asked.  An
 * endpoint that a plan has no more is forgotten.
 */

#include <stdbool.h>
#include <stdint.h>

#include "plan/plan.h"

struct journal;
struct learnt;

/* Reads what is kept.  NULL for a journal: remembers for its own life only. */
struct learnt *learnt_new(struct journal *j);
void learnt_free(struct learnt *l);

/* Whether the endpoint of the plan answered before. */
bool learnt_has(const struct learnt *l, const struct plan *p, uint32_t endpoint);
/* It answered. */
void learnt_add(struct learnt *l, const struct plan *p, uint32_t endpoint);
/* Forgets what the plan does not have. */
void learnt_keep(struct learnt *l, const struct plan *p);

#endif
