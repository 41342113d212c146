#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/schedule.h"

#define SECOND INT64_C(1000000000)
#define TICK   (SCHEDULE_TICK_MS * INT64_C(1000000))

static struct mono
at(int64_t ns)
{
	return (struct mono){ 5000 * SECOND + ns };
}

/* Pops everything that is due until `end`, waking up only when schedule_next() says so.
 */
static void
run(struct schedule *s, int64_t *now, int64_t end,
    void (*popped)(uint32_t id, int64_t now, void *arg), void *arg)
{
	for (;;) {
		struct mono next = schedule_next(s);
		struct mono due;
		uint32_t id;

		if (mono_is_never(next) || mono_diff_ns(next, at(end)) > 0)
			break;
		if (mono_diff_ns(next, at(*now)) > 0)
			*now = mono_diff_ns(next, at(0));
		while ((id = schedule_pop(s, at(*now), &due)) != SCHEDULE_NONE) {
			assert_true(mono_diff_ns(at(*now), due) >= 0);
			popped(id, *now, arg);
			schedule_again(s, id, at(*now));
		}
	}
	*now = end;
}

struct tally {
	uint32_t n;
	uint32_t *rounds;
	int64_t *last;
	int64_t min_gap, max_gap;
	uint32_t per_second[600];
	uint32_t wakes;
	int64_t last_wake;
};

static void
count(uint32_t id, int64_t now, void *arg)
{
	struct tally *t = arg;

	assert_true(id < t->n);
	if (t->rounds[id]++ > 1) { /* the first round is pulled forward */
		int64_t gap = now - t->last[id];

		t->min_gap = gap < t->min_gap ? gap : t->min_gap;
		t->max_gap = gap > t->max_gap ? gap : t->max_gap;
	}
	t->last[id] = now;
	if (now / SECOND < 600)
		t->per_second[now / SECOND]++;
	t->wakes += now != t->last_wake;
	t->last_wake = now;
}

static void
tally_init(struct tally *t, uint32_t n)
{
	*t = (struct tally){ .n = n, .min_gap = INT64_MAX, .last_wake = -1 };
	t->rounds = mem_array(uint32_t, n);
	t->last = mem_array(int64_t, n);
}

static void
tally_clear(struct tally *t)
{
	free(t->rounds);
	free(t->last);
}

/* 6,000 entries of 60 s: 100 a second, each second, each entry once a round. */
static void
starts_are_even(void **state)
{
	struct schedule *s = schedule_new(at(0), 1);
	struct tally t;
	int64_t now = 0;

	(void)state;
	tally_init(&t, 6000);
	schedule_reset(s, t.n);
	for (uint32_t i = 0; i < t.n; i++)
		schedule_begin(s, i, 60, t.n * (SECOND / 200), at(0));
	run(s, &now, 600 * SECOND, count, &t);
	for (uint32_t i = 0; i < t.n; i++)
		assert_in_range(t.rounds[i], 9, 11);
	for (int i = 66; i < 599; i++) /* after the first jitter */
		assert_in_range(t.per_second[i], 65, 135);
	for (int i = 0; i < 30; i++) /* the first round: 200 a second */
		assert_in_range(t.per_second[i], 180, 330);
	/* a sixteenth of jitter, and a tick of rounding */
	assert_true(t.min_gap >= 60 * SECOND - 4 * SECOND - TICK);
	assert_true(t.max_gap <= 64 * SECOND + TICK);
	/* grouped: at most one wake-up a tick */
	assert_true(t.wakes <= 600 * SECOND / TICK + 1);
	tally_clear(&t);
	schedule_free(s);
}

/* Neighbours (one host's endpoints) do not come together. */
static void
neighbours_are_spread(void **state)
{
	struct schedule *s = schedule_new(at(0), 1);
	struct tally t;
	int64_t now = 0;

	(void)state;
	tally_init(&t, 1000);
	schedule_reset(s, t.n);
	for (uint32_t i = 0; i < t.n; i++)
		schedule_begin(s, i, 60, SECOND, at(0));
	run(s, &now, 200 * SECOND, count, &t);
	for (uint32_t first = 0; first + 10 <= t.n; first += 10) {
		uint32_t in_window[10] = { 0 };

		for (uint32_t i = first; i < first + 10; i++) {
			uint32_t w = (uint32_t)(t.last[i] / SECOND % 60 / 6);

			in_window[w]++;
			assert_true(in_window[w] <= 4);
		}
	}
	tally_clear(&t);
	schedule_free(s);
}

static void
intervals_from_a_second_to_a_day(void **state)
{
	static const uint32_t intervals[] = { 1, 7, 60, 300, 3600, 86400 };
	struct schedule *s = schedule_new(at(0), 2);
	struct tally t;
	int64_t now = 0;

	(void)state;
	tally_init(&t, 6);
	schedule_reset(s, 6);
	for (uint32_t i = 0; i < 6; i++)
		schedule_begin(s, i, intervals[i], SECOND, at(0));
	run(s, &now, 3 * 86400 * SECOND, count, &t);
	for (uint32_t i = 0; i < 6; i++) {
		uint32_t rounds = 3 * 86400 / intervals[i];

		assert_in_range(t.rounds[i], rounds - 1, rounds + 2);
	}
	tally_clear(&t);
	schedule_free(s);
}

static void
nothing(uint32_t id, int64_t now, void *arg)
{
	(void)id;
	(void)now;
	(void)arg;
}

/* An hour away: each entry is due once, and the rounds missed are not caught up. */
static void
a_jump_is_harmless(void **state)
{
	struct schedule *s = schedule_new(at(0), 3);
	struct tally t;
	int64_t now = 0;

	(void)state;
	tally_init(&t, 500);
	schedule_reset(s, t.n);
	for (uint32_t i = 0; i < t.n; i++)
		schedule_begin(s, i, 30, SECOND, at(0));
	run(s, &now, 100 * SECOND, nothing, NULL);
	now += 3600 * SECOND;
	assert_true(schedule_late(s, at(now)) == 0); /* not yet noticed */
	run(s, &now, now + SECOND, count, &t);
	for (uint32_t i = 0; i < t.n; i++)
		assert_in_range(t.rounds[i], 1, 1);
	tally_clear(&t);
	schedule_free(s);
}

static void
urgent_comes_first_and_keeps_the_phase(void **state)
{
	struct schedule *s = schedule_new(at(0), 4);
	struct mono due;

	(void)state;
	schedule_reset(s, 3);
	for (uint32_t i = 0; i < 3; i++)
		schedule_begin(s, i, 10, SECOND, at(0));
	schedule_urgent(s, 2, at(3 * SECOND));
	assert_int_equal(schedule_pop(s, at(5 * SECOND), &due), 2);
	assert_true(due.ns == at(3 * SECOND).ns);
	assert_true(schedule_late(s, at(5 * SECOND)) > 4 * SECOND);
	assert_int_equal(schedule_pop(s, at(5 * SECOND), &due), 0);
	assert_int_equal(schedule_pop(s, at(5 * SECOND), &due), 1);
	assert_int_equal(schedule_pop(s, at(5 * SECOND), &due), SCHEDULE_NONE);
	assert_true(mono_is_never(schedule_next(s)));
	assert_int_equal(schedule_late(s, at(5 * SECOND)), 0);
	schedule_again(s, 1, at(5 * SECOND));
	assert_true(schedule_is_set(s, 1));
	schedule_stop(s, 1);
	assert_false(schedule_is_set(s, 1));
	assert_true(mono_is_never(schedule_next(s)));
	schedule_free(s);
}

static void
a_reload_moves_nothing(void **state)
{
	struct schedule *old = schedule_new(at(0), 5);
	struct schedule *s = schedule_new(at(0), 6);
	int64_t now = 0;

	(void)state;
	schedule_reset(old, 100);
	for (uint32_t i = 0; i < 100; i++)
		schedule_begin(old, i, 60, SECOND, at(0));
	run(old, &now, 90 * SECOND, nothing, NULL);
	schedule_reset(s, 100);
	for (uint32_t i = 0; i < 100; i++)
		schedule_inherit(s, i, old, 99 - i);
	for (uint32_t i = 0; i < 100; i++)
		assert_true(schedule_due(s, i).ns == schedule_due(old, 99 - i).ns);
	assert_true(schedule_next(s).ns <= schedule_next(old).ns);
	schedule_free(old);
	schedule_free(s);
}

/* Random operations against a plain array. */
static void
agrees_with_an_array(void **state)
{
	enum { N = 64 };
	struct schedule *s = schedule_new(at(0), 7);
	int64_t due[N];
	int64_t now = 0;
	unsigned seed = 1;

	(void)state;
	schedule_reset(s, N);
	for (int i = 0; i < N; i++)
		due[i] = -1;
	for (int step = 0; step < 20000; step++) {
		uint32_t id = (uint32_t)rand_r(&seed) % N;
		struct mono when;

		switch (rand_r(&seed) % 4) {
		case 0:
			due[id] = now + rand_r(&seed) % 400 * (SECOND / 2);
			due[id] -= due[id] % TICK;
			schedule_urgent(s, id, at(due[id]));
			break;
		case 1:
			schedule_stop(s, id);
			due[id] = -1;
			break;
		case 2:
			now += rand_r(&seed) % 3000 * (SECOND / 1000);
			break;
		default:
			id = schedule_pop(s, at(now), &when);
			if (id != SCHEDULE_NONE) {
				assert_true(when.ns == at(due[id]).ns);
				assert_true(due[id] <= now);
				due[id] = -1;
			} else {
				for (int i = 0; i < N; i++)
					assert_true(
					    due[i] < 0 || due[i] > now - now % TICK);
			}
		}
	}
	schedule_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_are_even),
		cmocka_unit_test(neighbours_are_spread),
		cmocka_unit_test(intervals_from_a_second_to_a_day),
		cmocka_unit_test(a_jump_is_harmless),
		cmocka_unit_test(urgent_comes_first_and_keeps_the_phase),
		cmocka_unit_test(a_reload_moves_nothing),
		cmocka_unit_test(agrees_with_an_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
