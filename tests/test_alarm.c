#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "judge/alarm.h"

#define CLOSED    ALARM_REQUIRED_CLOSED
#define PLAINTEXT ALARM_NOT_ENCRYPTED

static struct instant
at(int64_t s)
{
	return (struct instant){ { s * 1000000000 }, 1000000 + s * 1000 };
}

static struct alarm_rules
rules(uint32_t hold, uint8_t raise_after, uint8_t clear_after)
{
	return (struct alarm_rules){
		.hold = hold, .raise_after = raise_after, .clear_after = clear_after
	};
}

static bool
nothing(struct alarm_step s)
{
	return !s.cleared && !s.raised && !s.told && !s.repeated && !s.moved;
}

static void
raises_after_observations_and_hold(void **state)
{
	struct alarm_rules r = rules(15, 2, 2);
	struct alarm a;
	struct alarm_step s;

	(void)state;
	alarm_init(&a);
	assert_true(mono_is_never(alarm_deadline(&a, &r)));
	s = alarm_observe(&a, &r, CLOSED, at(10));
	assert_int_equal(a.stage, STAGE_PENDING);
	assert_true(s.moved && !s.raised);
	assert_int_equal(alarm_look(&a, &r, at(10).mono).ns, at(10).mono.ns);
	assert_true(mono_is_never(alarm_deadline(&a, &r)));
	s = alarm_observe(&a, &r, CLOSED, at(11));
	assert_true(nothing(s) && mono_is_never(alarm_look(&a, &r, at(11).mono)));
	assert_int_equal(alarm_deadline(&a, &r).ns, at(25).mono.ns);
	assert_true(nothing(alarm_poll(&a, &r, at(24).mono)));
	s = alarm_poll(&a, &r, at(25).mono);
	assert_true(s.raised && s.told && s.moved && !s.cleared);
	assert_int_equal(a.stage, STAGE_RAISED);
	assert_int_equal(a.since, at(10).wall);
	assert_true(nothing(alarm_poll(&a, &r, at(99).mono)));
	assert_true(nothing(alarm_observe(&a, &r, CLOSED, at(100))));
	s = alarm_observe(&a, &r, ALARM_NONE, at(101));
	assert_true(nothing(s));
	assert_int_equal(alarm_look(&a, &r, at(101).mono).ns, at(101).mono.ns);
	s = alarm_observe(&a, &r, ALARM_NONE, at(102));
	assert_true(s.cleared && s.cleared_told && s.cleared_type == CLOSED);
	assert_int_equal(a.stage, STAGE_NONE);
}

/* Looked at now and then: what was seen before the end of the hold may be long over. */
static void
a_sample_must_be_seen_again_when_the_hold_is_over(void **state)
{
	struct alarm_rules r = rules(16, 2, 2);
	struct alarm a;

	(void)state;
	r.sampled = true;
	alarm_init(&a);
	alarm_observe(&a, &r, CLOSED, at(0));
	assert_true(mono_is_never(alarm_hold_end(&a, &r)));
	alarm_observe(&a, &r, CLOSED, at(1));
	assert_int_equal(alarm_hold_end(&a, &r).ns, at(16).mono.ns);
	assert_true(mono_is_never(alarm_deadline(&a, &r)));
	/* Meanwhile it is looked at eight times, the last time at the end. */
	assert_int_equal(alarm_look(&a, &r, at(1).mono).ns, at(3).mono.ns);
	assert_int_equal(alarm_look(&a, &r, at(15).mono).ns, at(16).mono.ns);
	assert_int_equal(alarm_look(&a, &r, at(20).mono).ns, at(20).mono.ns);
	assert_true(nothing(alarm_poll(&a, &r, at(20).mono)));
	alarm_blind(&a);
	assert_true(mono_is_never(alarm_look(&a, &r, at(20).mono)));
	assert_true(alarm_observe(&a, &r, CLOSED, at(21)).told);
	assert_true(mono_is_never(alarm_look(&a, &r, at(21).mono)));
	alarm_drop(&a);

	alarm_observe(&a, &r, CLOSED, at(30));
	alarm_observe(&a, &r, CLOSED, at(31));
	alarm_observe(&a, &r, ALARM_NONE, at(46));
	assert_int_equal(a.stage, STAGE_NONE);

	/* What was seen before the gate opened does not count either. */
	alarm_observe(&a, &r, CLOSED, at(50));
	alarm_observe(&a, &r, CLOSED, at(51));
	r.gated = true;
	alarm_observe(&a, &r, CLOSED, at(66));
	assert_int_equal(alarm_look(&a, &r, at(66).mono).ns, at(68).mono.ns);
	r.gated = false;
	assert_true(nothing(alarm_poll(&a, &r, at(67).mono)));
	assert_true(alarm_observe(&a, &r, CLOSED, at(68)).told);
}

static void
a_short_deviation_is_forgotten(void **state)
{
	struct alarm_rules r = rules(15, 1, 1);
	struct alarm a;
	struct alarm_step s;

	(void)state;
	alarm_init(&a);
	alarm_observe(&a, &r, CLOSED, at(0));
	s = alarm_observe(&a, &r, ALARM_NONE, at(14));
	assert_true(s.moved && !s.cleared);
	assert_true(nothing(alarm_poll(&a, &r, at(20).mono)));
	/* The hold starts anew. */
	alarm_observe(&a, &r, CLOSED, at(30));
	assert_true(nothing(alarm_poll(&a, &r, at(44).mono)));
	assert_true(alarm_poll(&a, &r, at(45).mono).raised);
}

static void
zero_hold_raises_at_once(void **state)
{
	struct alarm_rules r = rules(0, 1, 1);
	struct alarm a;

	(void)state;
	alarm_init(&a);
	assert_true(alarm_observe(&a, &r, CLOSED, at(0)).told);
	assert_true(alarm_observe(&a, &r, ALARM_NONE, at(0)).cleared_told);
}

static void
boot_grace_delays_only_the_raise(void **state)
{
	struct alarm_rules r = rules(5, 1, 1);
	struct alarm a;

	(void)state;
	r.not_before = at(300).mono;
	alarm_init(&a);
	alarm_observe(&a, &r, CLOSED, at(10));
	assert_int_equal(alarm_deadline(&a, &r).ns, at(300).mono.ns);
	assert_true(nothing(alarm_poll(&a, &r, at(299).mono)));
	assert_true(alarm_poll(&a, &r, at(300).mono).told);
	assert_int_equal(a.since, at(10).wall);
}

static void
blind_stops_a_raise_and_keeps_an_alarm(void **state)
{
	struct alarm_rules r = rules(10, 1, 2);
	struct alarm a;

	(void)state;
	alarm_init(&a);
	alarm_blind(&a);
	assert_int_equal(a.stage, STAGE_NONE);
	alarm_observe(&a, &r, CLOSED, at(0));
	alarm_blind(&a);
	assert_true(mono_is_never(alarm_deadline(&a, &r)));
	assert_true(nothing(alarm_poll(&a, &r, at(50).mono)));
	assert_true(alarm_observe(&a, &r, CLOSED, at(60)).told);
	alarm_observe(&a, &r, ALARM_NONE, at(61));
	for (int i = 0; i < 10; i++)
		alarm_blind(&a);
	assert_int_equal(a.stage, STAGE_RAISED);
	assert_true(alarm_observe(&a, &r, ALARM_NONE, at(62)).cleared);
}

static void
another_deviation_is_another_alarm(void **state)
{
	struct alarm_rules r = rules(0, 2, 2);
	struct alarm a;
	struct alarm_step s;

	(void)state;
	alarm_init(&a);
	alarm_observe(&a, &r, CLOSED, at(0));
	/* Pending: the other one starts from its own beginning. */
	assert_false(alarm_observe(&a, &r, PLAINTEXT, at(1)).raised);
	assert_true(alarm_observe(&a, &r, PLAINTEXT, at(2)).told);
	assert_int_equal(a.type, PLAINTEXT);
	assert_int_equal(a.since, at(1).wall);
	/* Raised: the one ends after clear-after, then the other one counts. */
	assert_true(nothing(alarm_observe(&a, &r, CLOSED, at(3))));
	s = alarm_observe(&a, &r, CLOSED, at(4));
	assert_true(s.cleared && s.cleared_told && s.cleared_type == PLAINTEXT);
	assert_int_equal(a.stage, STAGE_PENDING);
	assert_int_equal(a.type, CLOSED);
	assert_true(alarm_observe(&a, &r, CLOSED, at(5)).told);
	/* Both in one step where one observation is enough. */
	r = rules(0, 1, 1);
	s = alarm_observe(&a, &r, PLAINTEXT, at(6));
	assert_true(s.cleared && s.cleared_type == CLOSED && s.raised && s.told);
	assert_int_equal(a.type, PLAINTEXT);
}

static void
mute_is_told_when_it_ends_and_never_hides_a_clear(void **state)
{
	struct alarm_rules r = rules(0, 1, 1);
	struct alarm a;
	struct alarm_step s;

	(void)state;
	alarm_init(&a);
	r.block = ALARM_MUTE;
	s = alarm_observe(&a, &r, CLOSED, at(0));
	assert_true(s.raised && !s.told);
	assert_int_equal(a.stage, STAGE_MUTED);
	assert_true(nothing(alarm_poll(&a, &r, at(5).mono)));
	r.block = ALARM_FREE;
	s = alarm_poll(&a, &r, at(6).mono);
	assert_true(!s.raised && s.told && s.moved);
	r.block = ALARM_MUTE;
	assert_true(nothing(alarm_poll(&a, &r, at(7).mono)));
	assert_int_equal(a.stage, STAGE_RAISED);
	assert_true(alarm_observe(&a, &r, ALARM_NONE, at(8)).cleared_told);
	/* Over before the mute ends: nobody hears of it. */
	alarm_observe(&a, &r, CLOSED, at(9));
	s = alarm_observe(&a, &r, ALARM_NONE, at(10));
	assert_true(s.cleared && !s.cleared_told);
	/* A gate holds back what a mute's end would tell. */
	alarm_observe(&a, &r, CLOSED, at(11));
	r.block = ALARM_FREE;
	r.gated = true;
	assert_true(nothing(alarm_poll(&a, &r, at(12).mono)));
	r.gated = false;
	assert_true(alarm_poll(&a, &r, at(12).mono).told);
}

static void
after_a_mask_the_port_must_be_seen_again(void **state)
{
	struct alarm_rules r = rules(10, 2, 2);
	struct alarm a;
	struct alarm_step s;

	(void)state;
	alarm_init(&a);
	r.block = ALARM_MASK;
	alarm_observe(&a, &r, CLOSED, at(0));
	alarm_observe(&a, &r, CLOSED, at(1));
	assert_true(alarm_poll(&a, &r, at(10).mono).raised);
	assert_int_equal(a.stage, STAGE_MASKED);
	r.block = ALARM_FREE;
	assert_true(nothing(alarm_recheck(&a)));
	assert_true(nothing(alarm_poll(&a, &r, at(200).mono)));
	assert_int_equal(a.stage, STAGE_MASKED);
	alarm_recheck(&a);
	alarm_observe(&a, &r, CLOSED, at(201));
	assert_int_equal(alarm_look(&a, &r, at(201).mono).ns, at(201).mono.ns);
	r.block = ALARM_MUTE; /* nobody waits for it */
	assert_true(mono_is_never(alarm_look(&a, &r, at(201).mono)));
	r.block = ALARM_FREE;
	/* Once fine in between: the count starts anew. */
	alarm_observe(&a, &r, ALARM_NONE, at(202));
	alarm_observe(&a, &r, CLOSED, at(203));
	assert_true(mono_is_never(alarm_deadline(&a, &r)));
	alarm_observe(&a, &r, CLOSED, at(204));
	assert_int_equal(alarm_deadline(&a, &r).ns, at(213).mono.ns);
	alarm_observe(&a, &r, ALARM_NONE, at(205));
	alarm_observe(&a, &r, CLOSED, at(206));
	assert_true(nothing(alarm_poll(&a, &r, at(220).mono)));
	s = alarm_observe(&a, &r, CLOSED, at(221));
	assert_true(s.told && s.moved && !s.raised);
	/* A told one needs no proof. */
	assert_true(nothing(alarm_recheck(&a)));
	assert_int_equal(a.stage, STAGE_RAISED);
	/* A pending one is forgotten. */
	alarm_drop(&a);
	alarm_observe(&a, &r, CLOSED, at(400));
	s = alarm_recheck(&a);
	assert_true(s.moved && !s.cleared);
	assert_int_equal(a.stage, STAGE_NONE);
}

static void
repeats_while_it_is_free_to(void **state)
{
	struct alarm_rules r = rules(0, 1, 1);
	struct alarm a;

	(void)state;
	r.renotify = 60;
	alarm_init(&a);
	alarm_observe(&a, &r, CLOSED, at(0));
	assert_int_equal(alarm_deadline(&a, &r).ns, at(60).mono.ns);
	assert_true(nothing(alarm_poll(&a, &r, at(59).mono)));
	assert_true(alarm_poll(&a, &r, at(60).mono).repeated);
	r.block = ALARM_MUTE;
	assert_true(nothing(alarm_poll(&a, &r, at(120).mono)));
	r.block = ALARM_FREE;
	assert_true(nothing(alarm_poll(&a, &r, at(130).mono)));
	assert_true(alarm_poll(&a, &r, at(180).mono).repeated);
}

static void
quiet_alarms_are_told_later(void **state)
{
	struct alarm_rules r = rules(0, 1, 1);
	struct alarm a;
	struct alarm_step s;

	(void)state;
	r.quiet = true;
	alarm_init(&a);
	s = alarm_observe(&a, &r, CLOSED, at(0));
	assert_true(s.raised && !s.told);
	assert_int_equal(a.stage, STAGE_RAISED);
	r.quiet = false;
	assert_true(alarm_poll(&a, &r, at(1).mono).told);
}

static void
restored_alarms_are_not_raised_again(void **state)
{
	struct alarm_rules r = rules(0, 1, 1);
	struct alarm a;
	struct alarm_step s;

	(void)state;
	alarm_init(&a);
	alarm_restore(&a, CLOSED, STAGE_RAISED, true, 7, at(0).mono);
	assert_true(nothing(alarm_poll(&a, &r, at(1).mono)));
	assert_true(nothing(alarm_observe(&a, &r, CLOSED, at(2))));
	assert_true(alarm_observe(&a, &r, ALARM_NONE, at(3)).cleared_told);
	/* Muted when the process ended, and the mute with it: told once it is seen. */
	alarm_restore(&a, CLOSED, STAGE_MUTED, false, 7, at(4).mono);
	assert_true(nothing(alarm_poll(&a, &r, at(5).mono)));
	s = alarm_observe(&a, &r, CLOSED, at(6));
	assert_true(s.told && !s.raised);
	assert_int_equal(a.since, 7);
}

static void
dropped_at_once(void **state)
{
	struct alarm_rules r = rules(0, 1, 5);
	struct alarm a;
	struct alarm_step s;

	(void)state;
	alarm_init(&a);
	a.slot = 77;
	assert_true(nothing(alarm_drop(&a)));
	alarm_observe(&a, &r, CLOSED, at(0));
	s = alarm_drop(&a);
	assert_true(s.cleared && s.cleared_told && s.moved);
	r.hold = 5;
	alarm_observe(&a, &r, CLOSED, at(1));
	s = alarm_drop(&a);
	assert_true(s.moved && !s.cleared);
	assert_int_equal(a.slot, 77);
}

/*
 * Random lives, each compared at every step with what its whole history says.
 */
enum look { FINE, BAD, OTHER, NOTHING };

struct life {
	struct alarm a;
	struct alarm_rules r;
	enum look history[64];
	int64_t when[64];
	int n, from; /* `from`: where the history that counts begins */
	bool active, told, recheck;
	int type;
	unsigned raises, clears;
};

/* Deviating observations in a row up to now, by type; blind ones do not count. */
static int
streak(const struct life *l, enum look type, int64_t *first)
{
	int count = 0;

	for (int i = l->n; i-- > l->from;) {
		if (l->history[i] == NOTHING)
			continue;
		if (l->history[i] != type)
			break;
		count++;
		*first = l->when[i];
	}
	return count;
}

static void
follow(struct life *l, struct alarm_step s, int64_t now)
{
	enum look last = l->n > 0 ? l->history[l->n - 1] : NOTHING;
	int64_t first = 0;

	if (s.cleared) {
		assert_true(l->active);
		assert_int_equal(s.cleared_told, l->told);
		assert_int_equal(s.cleared_type, l->type);
		l->active = l->told = l->recheck = false;
		l->clears++;
		/* What follows starts with this very observation. */
		l->from = l->n > 0 ? l->n - 1 : 0;
	}
	if (s.raised) {
		enum look type = l->a.type == CLOSED ? BAD : OTHER;

		assert_false(l->active);
		assert_int_equal(last, type);
		assert_false(l->r.gated);
		assert_true(streak(l, type, &first) >= l->r.raise_after);
		assert_true(now >= first + l->r.hold);
		assert_true(now >= l->r.not_before.ns / 1000000000);
		assert_int_equal(l->a.since, at(first).wall);
		l->active = true;
		l->type = l->a.type;
		l->raises++;
	}
	if (s.told) {
		assert_true(l->active && !l->told);
		assert_true(!l->r.gated && !l->r.quiet);
		assert_int_equal(l->r.block, ALARM_FREE);
		assert_int_equal(last, l->type == CLOSED ? BAD : OTHER);
		l->told = true;
	}
	if (s.repeated)
		assert_true(l->told && !l->r.quiet && l->r.block == ALARM_FREE);
	assert_int_equal(alarm_active(&l->a), l->active);
	assert_int_equal(alarm_told(&l->a), l->told);
	assert_int_equal(l->raises - l->clears, l->active);
}

/* Nothing that should have happened by now is missing. */
static void
assert_nothing_missed(const struct life *l, int64_t now)
{
	enum look last = l->n > 0 ? l->history[l->n - 1] : NOTHING;
	int64_t first = 0;
	int bad = streak(l, last, &first);

	if (!l->active && (last == BAD || last == OTHER))
		assert_false(bad >= l->r.raise_after && !l->r.gated &&
			     now >= first + l->r.hold &&
			     now >= l->r.not_before.ns / 1000000000);
	if (l->active && !l->told && !l->recheck && l->r.block == ALARM_FREE &&
	    !l->r.gated && !l->r.quiet)
		assert_false(last == (l->type == CLOSED ? BAD : OTHER));
	if (l->active && l->n - l->from >= l->r.clear_after) {
		int other = 0;

		for (int i = l->n; i-- > l->from;) {
			if (l->history[i] == NOTHING)
				continue;
			if (l->history[i] == (l->type == CLOSED ? BAD : OTHER))
				break;
			other++;
		}
		assert_true(other < l->r.clear_after);
	}
}

static void
live_a_second(struct life *l, int64_t now, unsigned *seed)
{
	static const enum look looks[] = { FINE, BAD, BAD, BAD, BAD, OTHER, NOTHING };
	enum look look = looks[rand_r(seed) % 7];

	switch (rand_r(seed) % 12) {
	case 0:
		l->r.block = (uint8_t)(rand_r(seed) % 3);
		break;
	case 1:
		l->r.gated = rand_r(seed) % 2;
		break;
	case 2:
		l->r.quiet = rand_r(seed) % 4 == 0;
		break;
	default:
		break;
	}
	if (rand_r(seed) % 3 == 0) {
		follow(l, alarm_poll(&l->a, &l->r, at(now).mono), now);
		return;
	}
	l->history[l->n] = look;
	l->when[l->n++] = now;
	if (look == NOTHING)
		alarm_blind(&l->a);
	else
		follow(l,
		    alarm_observe(&l->a, &l->r,
			look == FINE  ? ALARM_NONE
			: look == BAD ? CLOSED
				      : PLAINTEXT,
			at(now)),
		    now);
	follow(l, alarm_poll(&l->a, &l->r, at(now).mono), now);
	assert_nothing_missed(l, now);
}

static void
every_life_has_one_clear_for_one_raise(void **state)
{
	unsigned seed = 1, raises = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct life l = { .r = rules((uint32_t)rand_r(&seed) % 6,
				      (uint8_t)(1 + rand_r(&seed) % 3),
				      (uint8_t)(1 + rand_r(&seed) % 3)) };

		alarm_init(&l.a);
		l.r.not_before = at(rand_r(&seed) % 10).mono;
		l.r.renotify = rand_r(&seed) % 2 ? 7 : 0;
		for (int64_t now = 0; now < 64; now++)
			live_a_second(&l, now, &seed);
		follow(&l, alarm_drop(&l.a), 64);
		assert_int_equal(l.raises, l.clears);
		raises += l.raises;
	}
	assert_true(raises > 10000);
}

/* The deadline is right: nothing happens before it, and something at it. */
static void
deadline_is_when_something_happens(void **state)
{
	unsigned seed = 5, hits = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct alarm_rules r = rules(1 + (uint32_t)rand_r(&seed) % 20,
		    (uint8_t)(1 + rand_r(&seed) % 2), 1);
		struct alarm a;
		struct mono when;

		r.not_before = at(rand_r(&seed) % 30).mono;
		r.renotify = rand_r(&seed) % 2 ? 30 : 0;
		alarm_init(&a);
		for (int64_t now = 0; now < 5; now++)
			alarm_observe(
			    &a, &r, rand_r(&seed) % 5 ? CLOSED : ALARM_NONE, at(now));
		for (int i = 0; i < 3; i++) {
			when = alarm_deadline(&a, &r);
			if (mono_is_never(when))
				break;
			assert_true(nothing(alarm_poll(&a, &r, mono_add_ns(when, -1))));
			assert_false(nothing(alarm_poll(&a, &r, when)));
			hits++;
		}
	}
	assert_true(hits > 10000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raises_after_observations_and_hold),
		cmocka_unit_test(a_sample_must_be_seen_again_when_the_hold_is_over),
		cmocka_unit_test(a_short_deviation_is_forgotten),
		cmocka_unit_test(zero_hold_raises_at_once),
		cmocka_unit_test(boot_grace_delays_only_the_raise),
		cmocka_unit_test(blind_stops_a_raise_and_keeps_an_alarm),
		cmocka_unit_test(another_deviation_is_another_alarm),
		cmocka_unit_test(mute_is_told_when_it_ends_and_never_hides_a_clear),
		cmocka_unit_test(after_a_mask_the_port_must_be_seen_again),
		cmocka_unit_test(repeats_while_it_is_free_to),
		cmocka_unit_test(quiet_alarms_are_told_later),
		cmocka_unit_test(restored_alarms_are_not_raised_again),
		cmocka_unit_test(dropped_at_once),
		cmocka_unit_test(every_life_has_one_clear_for_one_raise),
		cmocka_unit_test(deadline_is_when_something_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
