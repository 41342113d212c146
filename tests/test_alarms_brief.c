#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "alarmsim.h"

/*
 * With the times that everybody has, a look a minute and a hold of a quarter: what is
 * over before the hold is pages nobody, whenever in the round it begins, though a look
 * a minute alone would not notice.  What lasts is told soon after the hold.
 */

#define DEFAULTS "interval = 60; hold = 15; boot-grace = 0; "
#define SITE     DEFAULTS SIM_HOSTS
#define HOLD     15

static struct sim *
quiet_world(void)
{
	struct sim *s = sim_new(SIM_SERVICES, SITE, 1);

	sim_run(s, 120);
	assert_int_equal(s->nevents, 0);
	return s;
}

static void
nothing_was_said(struct sim *s)
{
	sim_heal(s);
	sim_run(s, 180);
	assert_int_equal(s->nevents, 0);
	assert_int_equal(alarms_count(s->book), 0);
}

static void
a_remote_restart_pages_nobody(void **state)
{
	(void)state;
	for (int begin = 0; begin < 120; begin++) {
		struct sim *s = quiet_world();

		for (int i = 0; i < begin; i++)
			sim_step(s);
		sim_port(s, "app/web@s2", TRUTH_REFUSED);
		sim_run(s, HOLD - 2);
		nothing_was_said(s);
		sim_free(s);
	}
}

static void
a_remote_port_that_stays_closed_is_told_after_the_hold(void **state)
{
	struct sim *s = quiet_world();
	uint32_t web = sim_check(s, "app/web@s2");
	int64_t seen;

	(void)state;
	sim_port(s, "app/web@s2", TRUTH_REFUSED);
	while (s->view[web].verdict != VERDICT_CLOSED_REQUIRED)
		sim_step(s);
	seen = s->ms;
	sim_run(s, HOLD - 1);
	assert_int_equal(s->nevents, 0);
	sim_run(s, 3);
	assert_int_equal(sim_count(s, 0, EVENT_REQUIRED_CLOSED, web), 1);
	assert_in_range(s->event[0].ms - seen, HOLD * 1000, HOLD * 1000 + 1500);
	sim_free(s);
}

/* Silence is looked at five times; it too is told only while it lasts. */
static void
a_silence_that_ends_in_time_pages_nobody(void **state)
{
	(void)state;
	for (int begin = 0; begin < 120; begin += 7) {
		struct sim *s = quiet_world();

		for (int i = 0; i < begin; i++)
			sim_step(s);
		sim_port(s, "app/web@s2", TRUTH_SILENT);
		sim_run(s, 22);
		nothing_was_said(s);
		sim_free(s);
	}
}

static void
a_port_that_comes_and_goes_pages_nobody(void **state)
{
	struct sim *s = quiet_world();

	(void)state;
	for (int i = 0; i < 100; i++) {
		sim_port(s, "app/web@s2", i % 2 == 0 ? TRUTH_REFUSED : TRUTH_OPEN);
		sim_run(s, 6);
	}
	nothing_was_said(s);
	sim_free(s);
}

static void
reboot(int begin, int seconds, unsigned alarms)
{
	struct sim *s = quiet_world();
	uint32_t host = sim_host(s, "s2");

	for (int i = 0; i < begin; i++)
		sim_step(s);
	s->host_down[host] = true;
	sim_run(s, seconds);
	s->host_down[host] = false;
	sim_run(s, 180);
	assert_int_equal(sim_count(s, 0, EVENT_HOST_DOWN, host), alarms);
	assert_int_equal(sim_count(s, 0, EVENT_HOST_UP, host), alarms);
	for (uint32_t i = 0; i < s->plan->nchecks; i++)
		assert_int_equal(sim_count(s, 0, EVENT_REQUIRED_CLOSED, i), 0);
	assert_int_equal(alarms_count(s->book), 0);
	sim_free(s);
}

static void
a_host_that_is_back_in_time_pages_nobody(void **state)
{
	(void)state;
	for (int begin = 0; begin < 120; begin += 3) {
		reboot(begin, HOLD, 0);
		/* First noticed within a minute, then held, then swept once more. */
		reboot(begin, 60 + 5 + HOLD + 6, 1);
	}
}

/* An agent that is cut off for a moment blames nobody, itself neither. */
static void
a_short_cut_pages_nobody(void **state)
{
	(void)state;
	for (int begin = 0; begin < 120; begin += 3) {
		struct sim *s = quiet_world();

		for (int i = 0; i < begin; i++)
			sim_step(s);
		s->cut_off = true;
		sim_run(s, HOLD);
		nothing_was_said(s);
		s->cut_off = true;
		sim_run(s, 180);
		assert_int_equal(sim_count(s, 0, EVENT_HOST_DOWN, 0), 1);
		sim_heal(s);
		sim_run(s, 120);
		assert_int_equal(sim_count(s, 0, EVENT_HOST_UP, 0), 1);
		assert_int_equal(alarms_count(s->book), 0);
		sim_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_remote_restart_pages_nobody),
		cmocka_unit_test(
		    a_remote_port_that_stays_closed_is_told_after_the_hold),
		cmocka_unit_test(a_silence_that_ends_in_time_pages_nobody),
		cmocka_unit_test(a_port_that_comes_and_goes_pages_nobody),
		cmocka_unit_test(a_host_that_is_back_in_time_pages_nobody),
		cmocka_unit_test(a_short_cut_pages_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
