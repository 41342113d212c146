#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "alarmsim.h"

/* Whatever happens: what is said is right when it is said (alarmsim.c), and in the end
 * everything is told that lasts, and cleared when it is over. */
static void
live(struct sim *s, int seconds)
{
	for (int i = 0; i < 2 * seconds; i++) {
		sim_disturb(s);
		sim_step(s);
	}
}

static void
assert_all_over(const struct sim *s)
{
	assert_int_equal(alarms_count(s->book), 0);
	for (uint32_t i = 1; i <= s->last_index; i++)
		assert_true(s->alarm[i].raised && s->alarm[i].cleared);
	for (uint32_t i = 0; i < s->plan->nchecks; i++) {
		assert_int_equal(s->view[i].stage, STAGE_NONE);
		assert_in_range(
		    s->view[i].verdict, VERDICT_COMPLIANT, VERDICT_NOT_EVALUATED);
	}
	for (uint32_t h = 0; h < s->plan->nhosts; h++)
		assert_int_equal(alarms_host(s->book, h), HOST_REACHABLE);
}

/* Every required port is closed, and says so. */
static void
assert_all_told(struct sim *s)
{
	for (uint32_t e = 0; e < s->plan->nendpoints; e++)
		s->port[e] = TRUTH_REFUSED;
	for (uint32_t i = 0; i < s->plan->nchecks; i++)
		s->listen[i] = LISTEN_NOT;
	sim_run(s, 60);
	for (uint32_t i = 0; i < s->plan->nchecks; i++) {
		const struct check *c = &s->plan->checks[i];

		if (c->expected != EXPECTED_REQUIRED || s->view[i].reason == REASON_SEE)
			continue;
		assert_int_equal(s->view[i].verdict, VERDICT_CLOSED_REQUIRED);
		assert_int_equal(s->view[i].stage, STAGE_RAISED);
		if (c->group == 0)
			assert_int_not_equal(
			    sim_active(s, ALARM_REQUIRED_CLOSED, i), 0);
	}
}

static void
random_lives_end_well(void **state)
{
	unsigned events = 0, alarms = 0;

	(void)state;
	for (unsigned seed = 1; seed <= 1200; seed++) {
		struct sim *s = sim_new(SIM_SERVICES, SIM_SITE, seed);

		live(s, 400);
		sim_heal(s);
		sim_run(s, 90);
		assert_all_over(s);
		assert_all_told(s);
		events += s->nevents;
		alarms += s->last_index;
		sim_free(s);
	}
	assert_true(alarms > 12000 && events > 24000);
}

static void
random_lives_survive_restarts(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 800; seed++) {
		struct sim *s = sim_new(SIM_SERVICES, SIM_SITE, seed * 7);

		for (int k = 0; k < 4; k++) {
			live(s, 20 + (int)(seed * 13 % 90));
			sim_restart(s);
		}
		sim_heal(s);
		sim_run(s, 90);
		assert_all_over(s);
		sim_free(s);
	}
}

/* Two equal lives, one of which is reloaded now and then: nobody can tell them apart.
 */
static void
reloads_change_nothing(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 300; seed++) {
		struct sim *a = sim_new(SIM_SERVICES, SIM_SITE, seed * 31);
		struct sim *b = sim_new(SIM_SERVICES, SIM_SITE, seed * 31);
		unsigned own = seed;

		for (int i = 0; i < 600; i++) {
			sim_disturb(a);
			sim_disturb(b);
			if (rand_r(&own) % 40 == 0)
				sim_reload(b, SIM_SERVICES, SIM_SITE);
			sim_step(a);
			sim_step(b);
			assert_int_equal(a->nevents, b->nevents);
			assert_memory_equal(
			    a->event, b->event, a->nevents * sizeof(a->event[0]));
		}
		sim_free(a);
		sim_free(b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_lives_end_well),
		cmocka_unit_test(random_lives_survive_restarts),
		cmocka_unit_test(reloads_change_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
