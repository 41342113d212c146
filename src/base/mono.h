#ifndef SVCPORT_MONO_H
#define SVCPORT_MONO_H

/*
 * Time is a type.  `struct mono` is a point on CLOCK_MONOTONIC-like time: logic
 * compares and adds it, and takes `now` as a parameter.  Only mono_now() and wall_now()
 * read a clock, and only the two main loops call them.  `wall_t` is what people read:
 * milliseconds since 1970-01-01T00:00:00Z, zero for "never".
 *
 * CLOCK_BOOTTIME is used, not CLOCK_MONOTONIC: after a suspend the time that passed
 * must count for mutes and intervals (clock_gettime(2)).
 */

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct mono {
	int64_t ns;
};

typedef int64_t wall_t;

#define MONO_NEVER ((struct mono){ INT64_MAX })

/* Both clocks, read together once a turn, for logic that also dates what it does. */
struct instant {
	struct mono mono;
	wall_t wall;
};

static inline struct mono
mono_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (struct mono){ (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec };
}

static inline wall_t
wall_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Saturates at MONO_NEVER, so that "never" stays never. */
static inline struct mono
mono_add_ns(struct mono t, int64_t ns)
{
	int64_t sum;

	if (t.ns == INT64_MAX || __builtin_add_overflow(t.ns, ns, &sum))
		return MONO_NEVER;
	return (struct mono){ sum };
}

static inline struct mono
mono_add_ms(struct mono t, int64_t ms)
{
	return mono_add_ns(t, ms * 1000000);
}

static inline struct mono
mono_add_s(struct mono t, int64_t s)
{
	return mono_add_ns(t, s * 1000000000);
}

/* a - b */
static inline int64_t
mono_diff_ns(struct mono a, struct mono b)
{
	return a.ns - b.ns;
}

static inline int64_t
mono_diff_ms(struct mono a, struct mono b)
{
	return (a.ns - b.ns) / 1000000;
}

static inline bool
mono_before(struct mono a, struct mono b)
{
	return a.ns < b.ns;
}

static inline struct mono
mono_min(struct mono a, struct mono b)
{
	return a.ns < b.ns ? a : b;
}

static inline bool
mono_is_never(struct mono t)
{
	return t.ns == INT64_MAX;
}

#endif
