#ifndef SVCPORT_SCHEDULE_H
#define SVCPORT_SCHEDULE_H

/*
 * When which entry is due.  Entries are numbers 0..count-1, each with an interval and a
 * place (phase) of its own in it.  Phases follow the golden-ratio sequence, so that any
 * number of entries, and those of neighbouring numbers (one host's), are spread evenly
 * over the interval; a little jitter each round keeps many agents apart.  Starts are
 * grouped in ticks: waking up once for twenty starts costs a third of waking up twenty
 * times.
 *
 * A timing wheel: every operation is O(1), memory is 24 bytes an entry.  No clock is
 * read here; time may jump forward as far as it likes (see schedule_again()).
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/mono.h"

struct schedule;

#define SCHEDULE_NONE    UINT32_MAX
#define SCHEDULE_TICK_MS 50

/* `now` is the origin of all phases; `seed` decides the jitter. */
struct schedule *schedule_new(struct mono now, uint64_t seed);
void schedule_free(struct schedule *s);

/* Forgets all entries and makes `count` idle ones. */
void schedule_reset(struct schedule *s, uint32_t count);

/*
 * Gives the entry the next free phase in `interval_s` (1 to 10^8) and links it for its
 * first round, which is over `first_ns` from now, or after an interval if that is less.
 */
void schedule_begin(struct schedule *s, uint32_t id, uint32_t interval_s,
    int64_t first_ns, struct mono now);
/* Links the entry for the next time its phase comes round, at least half an interval
 * from now: rounds that were missed are not caught up. */
void schedule_again(struct schedule *s, uint32_t id, struct mono now);
/* Links the entry for `when`, once, before everything that is due by its phase. */
void schedule_urgent(struct schedule *s, uint32_t id, struct mono when);
/* Unlinks the entry; its phase is kept. */
void schedule_stop(struct schedule *s, uint32_t id);
bool schedule_is_set(const struct schedule *s, uint32_t id);
/* When it is due, or was when it was linked last. */
struct mono schedule_due(const struct schedule *s, uint32_t id);

/* Gives `id` the interval, phase and due time that entry `from` of `old` has (another
 * schedule with the same origin), so that a reload moves nothing. */
void schedule_inherit(
    struct schedule *s, uint32_t id, const struct schedule *old, uint32_t from);

/* The earliest tick at which an entry may be due; MONO_NEVER without any. */
struct mono schedule_next(const struct schedule *s);
/* Unlinks and returns the entry that is due longest, urgent ones first; SCHEDULE_NONE
 * when none is due.  *due is when it should have come. */
uint32_t schedule_pop(struct schedule *s, struct mono now, struct mono *due);
/* How long the entry that is due longest has been waiting, in ns; 0 when none is. */
int64_t schedule_late(const struct schedule *s, struct mono now);

#endif
