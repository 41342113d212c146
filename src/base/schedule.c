#include "base/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define TICK_NS    ((int64_t)SCHEDULE_TICK_MS * 1000000)
#define BUCKETS    2048u /* a turn of the wheel takes 102.4 s */
#define LISTS      (BUCKETS + 2)
#define READY      BUCKETS       /* due by phase */
#define READY_FAST (BUCKETS + 1) /* due by schedule_urgent() */
#define IDLE       UINT16_MAX
#define GOLDEN     2654435769u /* 2^32 / golden ratio */
#define JITTER     16          /* a sixteenth of the interval */

struct entry {
	uint32_t due; /* tick since the origin, modulo 2^32 */
	uint32_t prev, next;
	uint32_t phase;    /* of 2^32 */
	uint32_t interval; /* seconds, 0 while it has none */
	uint16_t list;     /* that it is in, IDLE for none */
	bool urgent;
};

struct list {
	uint32_t first, last;
};

/* How many phases of an interval are taken. */
struct spread {
	uint32_t interval, count;
};

struct schedule {
	struct mono origin;
	uint64_t random;
	uint64_t tick; /* everything due before it is in a READY list */
	uint32_t count;
	struct entry *entries;
	struct spread *spreads;
	uint32_t nspreads, spreads_cap;
	uint64_t used[BUCKETS / 64]; /* one bit a bucket: not empty */
	struct list lists[LISTS];
};

static uint32_t
next_random(struct schedule *s)
{
	uint64_t z = s->random += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (uint32_t)(z >> 32);
}

static uint64_t
to_tick(const struct schedule *s, struct mono t)
{
	int64_t ns = mono_diff_ns(t, s->origin);

	return ns > 0 ? (uint64_t)(ns / TICK_NS) : 0;
}

static struct mono
from_tick(const struct schedule *s, uint64_t tick)
{
	return mono_add_ns(s->origin, (int64_t)tick * TICK_NS);
}

/* Ticks from `tick` to the entry's due time: dues are within 3.4 years of now. */
static int32_t
until_due(const struct entry *e, uint64_t tick)
{
	return (int32_t)(e->due - (uint32_t)tick);
}

static struct mono
due_time(const struct schedule *s, const struct entry *e)
{
	return from_tick(s, s->tick + (uint64_t)(int64_t)until_due(e, s->tick));
}

/* ---- lists of entries, linked by number */

static void
append(struct schedule *s, unsigned list, uint32_t id)
{
	struct entry *e = &s->entries[id];
	struct list *l = &s->lists[list];

	e->list = (uint16_t)list;
	e->next = SCHEDULE_NONE;
	e->prev = l->last;
	if (l->last != SCHEDULE_NONE)
		s->entries[l->last].next = id;
	else
		l->first = id;
	l->last = id;
	if (list < BUCKETS)
		s->used[list / 64] |= 1ull << (list % 64);
}

static void
unlink_entry(struct schedule *s, uint32_t id)
{
	struct entry *e = &s->entries[id];
	struct list *l;

	if (e->list == IDLE)
		return;
	l = &s->lists[e->list];
	if (e->prev != SCHEDULE_NONE)
		s->entries[e->prev].next = e->next;
	else
		l->first = e->next;
	if (e->next != SCHEDULE_NONE)
		s->entries[e->next].prev = e->prev;
	else
		l->last = e->prev;
	if (l->first == SCHEDULE_NONE && e->list < BUCKETS)
		s->used[e->list / 64] &= ~(1ull << (e->list % 64));
	e->list = IDLE;
}

static void
make_ready(struct schedule *s, uint32_t id)
{
	append(s, s->entries[id].urgent ? READY_FAST : READY, id);
}

static void
link_entry(struct schedule *s, uint32_t id, uint64_t due, bool urgent)
{
	unlink_entry(s, id);
	s->entries[id].due = (uint32_t)due;
	s->entries[id].urgent = urgent;
	if (due < s->tick)
		make_ready(s, id);
	else
		append(s, due % BUCKETS, id);
}

/* Moves what is due at `tick` from its bucket to a READY list; what is due a turn of
 * the wheel later stays. */
static void
sweep(struct schedule *s, unsigned bucket, uint64_t tick)
{
	uint32_t id = s->lists[bucket].first;

	while (id != SCHEDULE_NONE) {
		uint32_t next = s->entries[id].next;

		if (until_due(&s->entries[id], tick) <= 0) {
			unlink_entry(s, id);
			make_ready(s, id);
		}
		id = next;
	}
}

static void
advance(struct schedule *s, struct mono now)
{
	uint64_t to = to_tick(s, now);

	/* After a long sleep one turn of the wheel finds everything. */
	if (to >= s->tick && to - s->tick > BUCKETS)
		s->tick = to - BUCKETS;
	for (; s->tick <= to; s->tick++)
		sweep(s, s->tick % BUCKETS, to);
}

/* ---- */

struct schedule *
schedule_new(struct mono now, uint64_t seed)
{
	struct schedule *s = mem_new(struct schedule);

	s->origin = now;
	s->random = seed;
	schedule_reset(s, 0);
	return s;
}

void
schedule_free(struct schedule *s)
{
	if (s == NULL)
		return;
	free(s->entries);
	free(s->spreads);
	free(s);
}

void
schedule_reset(struct schedule *s, uint32_t count)
{
	free(s->entries);
	s->entries = mem_array(struct entry, count);
	s->count = count;
	s->nspreads = 0;
	for (uint32_t i = 0; i < count; i++)
		s->entries[i].list = IDLE;
	for (unsigned i = 0; i < LISTS; i++)
		s->lists[i] = (struct list){ SCHEDULE_NONE, SCHEDULE_NONE };
	memset(s->used, 0, sizeof(s->used));
}

static struct spread *
spread_of(struct schedule *s, uint32_t interval)
{
	for (uint32_t i = 0; i < s->nspreads; i++) {
		if (s->spreads[i].interval == interval)
			return &s->spreads[i];
	}
	mem_grow(s->spreads, s->nspreads, s->spreads_cap);
	s->spreads[s->nspreads] = (struct spread){ .interval = interval };
	return &s->spreads[s->nspreads++];
}

/* share * ns / 2^32, without overflow for intervals of years */
static int64_t
part(uint32_t share, int64_t ns)
{
	return (int64_t)(((unsigned __int128)(uint64_t)ns * share) >> 32);
}

void
schedule_begin(struct schedule *s, uint32_t id, uint32_t interval_s, int64_t first_ns,
    struct mono now)
{
	struct entry *e = &s->entries[id];
	int64_t interval = interval_s * INT64_C(1000000000);

	e->interval = interval_s;
	e->phase = spread_of(s, interval_s)->count++ * GOLDEN;
	if (first_ns > interval)
		first_ns = interval;
	link_entry(
	    s, id, to_tick(s, mono_add_ns(now, part(e->phase, first_ns))), false);
}

void
schedule_again(struct schedule *s, uint32_t id, struct mono now)
{
	const struct entry *e = &s->entries[id];
	int64_t interval = e->interval * INT64_C(1000000000);
	int64_t phase, past, next;

	if (e->interval == 0)
		return;
	phase = part(e->phase, interval);
	past = mono_diff_ns(now, s->origin) - phase;
	next = past < 0 ? phase : phase + (past / interval + 1) * interval;
	if (next - (past + phase) < interval / 2)
		next += interval;
	next += part(next_random(s), interval / JITTER);
	link_entry(s, id, to_tick(s, mono_add_ns(s->origin, next)), false);
}

void
schedule_urgent(struct schedule *s, uint32_t id, struct mono when)
{
	link_entry(s, id, to_tick(s, when), true);
}

void
schedule_stop(struct schedule *s, uint32_t id)
{
	unlink_entry(s, id);
}

bool
schedule_is_set(const struct schedule *s, uint32_t id)
{
	return s->entries[id].list != IDLE;
}

struct mono
schedule_due(const struct schedule *s, uint32_t id)
{
	return due_time(s, &s->entries[id]);
}

void
schedule_inherit(
    struct schedule *s, uint32_t id, const struct schedule *old, uint32_t from)
{
	const struct entry *o = &old->entries[from];
	struct entry *e = &s->entries[id];

	e->phase = o->phase;
	e->interval = o->interval;
	if (o->interval != 0)
		spread_of(s, o->interval)->count++;
	if (o->list != IDLE)
		link_entry(s, id, to_tick(s, due_time(old, o)), o->urgent);
}

/* ---- what is due */

/* The first bucket in use from `bucket` on, going round; BUCKETS when none is. */
static unsigned
next_used(const struct schedule *s, unsigned bucket)
{
	uint64_t word = s->used[bucket / 64] & (~0ull << (bucket % 64));
	unsigned w = bucket / 64;

	for (unsigned i = 0; i <= BUCKETS / 64; i++) {
		if (word != 0)
			return w * 64 + (unsigned)__builtin_ctzll(word);
		w = (w + 1) % (BUCKETS / 64);
		word = s->used[w];
	}
	return BUCKETS;
}

struct mono
schedule_next(const struct schedule *s)
{
	unsigned here = s->tick % BUCKETS;
	unsigned bucket;

	if (s->lists[READY].first != SCHEDULE_NONE ||
	    s->lists[READY_FAST].first != SCHEDULE_NONE)
		return s->origin;
	bucket = next_used(s, here);
	if (bucket == BUCKETS)
		return MONO_NEVER;
	return from_tick(s, s->tick + (bucket + BUCKETS - here) % BUCKETS);
}

uint32_t
schedule_pop(struct schedule *s, struct mono now, struct mono *due)
{
	uint32_t id;

	advance(s, now);
	id = s->lists[READY_FAST].first;
	if (id == SCHEDULE_NONE)
		id = s->lists[READY].first;
	if (id == SCHEDULE_NONE)
		return SCHEDULE_NONE;
	unlink_entry(s, id);
	*due = due_time(s, &s->entries[id]);
	return id;
}

int64_t
schedule_late(const struct schedule *s, struct mono now)
{
	int64_t worst = 0;

	for (unsigned list = READY; list < LISTS; list++) {
		uint32_t id = s->lists[list].first;

		if (id != SCHEDULE_NONE) {
			int64_t late = mono_diff_ns(now, due_time(s, &s->entries[id]));

			worst = late > worst ? late : worst;
		}
	}
	return worst;
}
