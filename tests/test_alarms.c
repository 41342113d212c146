#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "alarmsim.h"
#include "planfix.h"

/* A world in which everything is as it should be, seen and judged. */
static struct sim *
quiet_world(const char *site_text)
{
	struct sim *s = sim_new(SIM_SERVICES, site_text, 1);

	sim_run(s, 60);
	assert_int_equal(s->nevents, 0);
	assert_int_equal(alarms_count(s->book), 0);
	return s;
}

static uint8_t
stage(const struct sim *s, const char *check)
{
	return s->view[sim_check(s, check)].stage;
}

static uint8_t
verdict(const struct sim *s, const char *check)
{
	return s->view[sim_check(s, check)].verdict;
}

static uint8_t
reason(const struct sim *s, const char *check)
{
	return s->view[sim_check(s, check)].reason;
}

static unsigned
sent(const struct sim *s, enum event_number number, const char *check)
{
	return sim_count(s, 0, number, sim_check(s, check));
}

/* ---- rows */

static void
good_world_is_compliant(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);

	(void)state;
	for (uint32_t i = 0; i < s->plan->nchecks; i++)
		assert_int_equal(
		    s->view[i].verdict, s->plan->checks[i].expected == EXPECTED_OPTIONAL
					    ? VERDICT_NOT_EVALUATED
					    : VERDICT_COMPLIANT);
	sim_free(s);
}

static void
local_close_raises_after_the_hold(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);
	uint32_t web = sim_check(s, "app/web@me");

	(void)state;
	s->listen[web] = LISTEN_NOT;
	sim_run(s, 5);
	/* Seen at once, held back. */
	assert_int_equal(s->view[web].verdict, VERDICT_CLOSED_REQUIRED);
	assert_int_equal(s->view[web].stage, STAGE_PENDING);
	assert_int_equal(s->view[web].severity, SEVERITY_CLEARED);
	sim_run(s, 8);
	assert_int_equal(s->view[web].stage, STAGE_RAISED);
	assert_int_equal(s->view[web].severity, SEVERITY_MAJOR);
	assert_int_equal(sent(s, EVENT_REQUIRED_CLOSED, "app/web@me"), 1);
	s->listen[web] = LISTEN_LISTENING;
	sim_run(s, 2);
	assert_int_equal(sent(s, EVENT_REQUIRED_RESTORED, "app/web@me"), 1);
	assert_int_equal(s->view[web].stage, STAGE_NONE);
	assert_int_equal(s->nevents, 2);
	sim_free(s);
}

static void
a_restart_within_the_hold_pages_nobody(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);
	uint32_t web = sim_check(s, "app/web@me");

	(void)state;
	s->listen[web] = LISTEN_NOT;
	sim_run(s, 8);
	s->listen[web] = LISTEN_LISTENING;
	sim_run(s, 60);
	assert_int_equal(s->nevents, 0);
	sim_free(s);
}

static void
each_deviation_has_its_notification(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);

	(void)state;
	sim_port(s, "app/web@s2", TRUTH_REFUSED);
	sim_port(s, "app/rec@s2", TRUTH_REFUSED);
	sim_port(s, "app/telnet@s2", TRUTH_OPEN);
	sim_port(s, "app/inner@s3", TRUTH_OPEN);
	sim_port(s, "app/imaps@s3", TRUTH_PLAIN);
	sim_port(s, "app/maybe@s3", TRUTH_REFUSED);
	s->listen[sim_check(s, "app/inner@me")] = LISTEN_NOT;
	sim_run(s, 60);
	assert_int_equal(sent(s, EVENT_REQUIRED_CLOSED, "app/web@s2"), 1);
	assert_int_equal(sent(s, EVENT_RECOMMENDED_CLOSED, "app/rec@s2"), 1);
	assert_int_equal(sent(s, EVENT_FORBIDDEN_OPEN, "app/telnet@s2"), 1);
	assert_int_equal(sent(s, EVENT_FORBIDDEN_OPEN, "app/inner@s3"), 1);
	assert_int_equal(sent(s, EVENT_NOT_ENCRYPTED, "app/imaps@s3"), 1);
	assert_int_equal(sent(s, EVENT_REQUIRED_CLOSED, "app/inner@me"), 1);
	assert_int_equal(s->nevents, 6);
	assert_int_equal(
	    s->view[sim_check(s, "app/rec@s2")].severity, SEVERITY_WARNING);
	assert_int_equal(
	    s->view[sim_check(s, "app/telnet@s2")].severity, SEVERITY_MINOR);
	/* From closed to open, but plain: the one ends, the other begins. */
	sim_port(s, "app/imaps@s2", TRUTH_REFUSED);
	sim_run(s, 60);
	sim_port(s, "app/imaps@s2", TRUTH_PLAIN);
	sim_run(s, 60);
	assert_int_equal(sent(s, EVENT_REQUIRED_CLOSED, "app/imaps@s2"), 1);
	assert_int_equal(sent(s, EVENT_REQUIRED_RESTORED, "app/imaps@s2"), 1);
	assert_int_equal(sent(s, EVENT_NOT_ENCRYPTED, "app/imaps@s2"), 1);
	sim_heal(s);
	sim_run(s, 60);
	assert_int_equal(alarms_count(s->book), 0);
	assert_int_equal(s->nevents, 16);
	sim_free(s);
}

static void
an_override_sets_the_severity(void **state)
{
	struct sim *s = quiet_world(SIM_TIMES SIM_HOSTS
	    "overrides = ({ service = 'app/rec'; severity = 'critical'; hold = 0; });");
	uint32_t rec = sim_check(s, "app/rec@me");

	(void)state;
	s->listen[rec] = LISTEN_NOT;
	sim_run(s, 1);
	assert_int_equal(s->view[rec].stage, STAGE_RAISED);
	assert_int_equal(s->view[rec].severity, SEVERITY_CRITICAL);
	sim_free(s);
}

static void
blind_watchers_page_nobody(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);
	uint32_t web = sim_check(s, "app/web@me");

	(void)state;
	s->no_netlink = true;
	for (uint32_t e = 0; e < s->plan->nendpoints; e++)
		s->port[e] = TRUTH_BLIND;
	sim_run(s, 300);
	assert_int_equal(s->nevents, 0);
	assert_int_equal(s->view[web].verdict, VERDICT_UNKNOWN);
	assert_int_equal(verdict(s, "app/web@s2"), VERDICT_UNKNOWN);
	/* Nor do they clear. */
	sim_heal(s);
	s->listen[web] = LISTEN_NOT;
	sim_run(s, 60);
	assert_int_equal(s->view[web].stage, STAGE_RAISED);
	s->no_netlink = true;
	sim_run(s, 100);
	assert_int_equal(s->view[web].stage, STAGE_RAISED);
	assert_int_equal(s->nevents, 1);
	sim_free(s);
}

static void
full_accept_queue_is_an_alarm_of_its_own(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);
	uint32_t web = sim_check(s, "app/web@me");

	(void)state;
	s->full[web] = s->full[sim_check(s, "app/maybe@me")] = true;
	sim_run(s, 1);
	s->full[web] = false;
	sim_run(s, 1);
	s->full[web] = true;
	sim_run(s, 9);
	assert_int_equal(s->nevents, 0);
	sim_run(s, 10);
	assert_int_equal(sent(s, EVENT_QUEUE_FULL, "app/web@me"), 1);
	assert_int_equal(s->nevents, 1);
	assert_int_equal(s->view[web].verdict, VERDICT_COMPLIANT);
	assert_int_equal(s->view[web].stage, STAGE_NONE);
	s->full[web] = false;
	sim_run(s, 3);
	assert_int_equal(sent(s, EVENT_QUEUE_DRAINED, "app/web@me"), 1);
	sim_free(s);
}

static void
one_full_queue_may_be_chance(void **state)
{
	struct sim *s = quiet_world("hold = 0; boot-grace = 0; " SIM_HOSTS);
	uint32_t web = sim_check(s, "app/web@me");

	(void)state;
	for (int looks = 1; looks <= 3; looks++) {
		assert_int_equal(s->nevents, 0);
		s->full[web] = true;
		sim_run(s, 1);
	}
	assert_int_equal(sent(s, EVENT_QUEUE_FULL, "app/web@me"), 1);
	sim_free(s);
}

/* ---- groups */

static void
one_open_alternative_is_enough(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);
	uint32_t ldaps = sim_check(s, "app/ldaps@me");

	(void)state;
	s->listen[sim_check(s, "app/ldap@me")] = LISTEN_NOT;
	sim_run(s, 60);
	assert_int_equal(verdict(s, "app/ldap@me"), VERDICT_COMPLIANT);
	assert_int_equal(reason(s, "app/ldap@me"), REASON_SATISFIED_BY);
	assert_int_equal(s->view[sim_check(s, "app/ldap@me")].other, ldaps);
	s->listen[ldaps] = LISTEN_NOT;
	sim_run(s, 60);
	/* The lowest has verdict and alarm, the other one refers to it. */
	assert_int_equal(stage(s, "app/ldap@me"), STAGE_RAISED);
	assert_int_equal(verdict(s, "app/ldaps@me"), VERDICT_NOT_EVALUATED);
	assert_int_equal(reason(s, "app/ldaps@me"), REASON_SEE);
	assert_int_equal(s->view[ldaps].other, sim_check(s, "app/ldap@me"));
	s->listen[ldaps] = LISTEN_LISTENING;
	sim_run(s, 60);
	assert_int_equal(sent(s, EVENT_REQUIRED_RESTORED, "app/ldap@me"), 1);
	assert_int_equal(s->nevents, 2);
	sim_free(s);
}

static void
the_alarm_moves_when_its_carrier_is_disabled(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);
	uint32_t ldap = sim_check(s, "app/ldap@s2");

	(void)state;
	sim_port(s, "app/ldap@s2", TRUTH_REFUSED);
	sim_port(s, "app/ldaps@s2", TRUTH_REFUSED);
	sim_run(s, 60);
	assert_int_equal(stage(s, "app/ldap@s2"), STAGE_RAISED);
	alarms_disable(s->book, ldap, s->disabled[ldap] = true, sim_now(s));
	sim_run(s, 60);
	assert_int_equal(verdict(s, "app/ldap@s2"), VERDICT_NOT_EVALUATED);
	assert_int_equal(reason(s, "app/ldap@s2"), REASON_DISABLED);
	assert_int_equal(sent(s, EVENT_REQUIRED_RESTORED, "app/ldap@s2"), 1);
	assert_int_equal(stage(s, "app/ldaps@s2"), STAGE_RAISED);
	sim_free(s);
}

static void
quorum_has_one_alarm(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);

	(void)state;
	sim_port(s, "app/sql@d4", TRUTH_REFUSED);
	sim_run(s, 60);
	assert_int_equal(s->nevents, 0);
	assert_int_equal(verdict(s, "app/sql@d4"), VERDICT_COMPLIANT);
	assert_int_equal(reason(s, "app/sql@d4"), REASON_GROUP);
	sim_port(s, "app/sql@d5", TRUTH_REFUSED);
	sim_run(s, 60);
	assert_int_equal(s->nevents, 1);
	assert_int_equal(sent(s, EVENT_REQUIRED_CLOSED, "app/sql@d4"), 1);
	assert_int_equal(stage(s, "app/sql@d4"), STAGE_RAISED);
	assert_int_equal(stage(s, "app/sql@d5"), STAGE_RAISED);
	assert_int_equal(verdict(s, "app/sql@d5"), VERDICT_CLOSED_REQUIRED);
	/* It ends under the name it was raised with, whichever is back. */
	sim_port(s, "app/sql@d5", TRUTH_OPEN);
	sim_run(s, 60);
	assert_int_equal(sent(s, EVENT_REQUIRED_RESTORED, "app/sql@d4"), 1);
	assert_int_equal(s->nevents, 2);
	assert_int_equal(stage(s, "app/sql@d4"), STAGE_NONE);
	sim_free(s);
}

/* ---- hosts */

static void
a_dead_host_is_one_alarm(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);
	uint32_t s2 = sim_host(s, "s2");
	unsigned masked = 0;

	(void)state;
	s->host_down[s2] = true;
	sim_run(s, 120);
	assert_int_equal(sim_count(s, 0, EVENT_HOST_DOWN, s2), 1);
	assert_int_equal(alarms_host(s->book, s2), HOST_UNREACHABLE);
	for (uint32_t i = 0; i < s->nevents; i++)
		assert_true(
		    s->event[i].suppressed || s->event[i].number == EVENT_HOST_DOWN);
	for (uint32_t i = 0; i < s->plan->nchecks; i++)
		masked += s->view[i].stage == STAGE_MASKED;
	assert_int_equal(masked, 5); /* web, ssh, ldap, rec, imaps */
	assert_int_equal(reason(s, "app/web@s2"), REASON_HOST_DOWN);
	assert_int_equal(verdict(s, "app/web@s2"), VERDICT_CLOSED_REQUIRED);
	assert_int_equal(verdict(s, "app/telnet@s2"), VERDICT_COMPLIANT);

	/* It comes back, but for one port: that one is told of after HostUp. */
	s->host_down[s2] = false;
	sim_port(s, "app/ssh@s2", TRUTH_REFUSED);
	sim_run(s, 120);
	assert_int_equal(sim_count(s, 0, EVENT_HOST_UP, s2), 1);
	assert_int_equal(sent(s, EVENT_REQUIRED_CLOSED, "app/ssh@s2"), 1);
	assert_int_equal(stage(s, "app/ssh@s2"), STAGE_RAISED);
	assert_int_equal(sent(s, EVENT_REQUIRED_CLOSED, "app/web@s2"), 0);
	assert_int_equal(sent(s, EVENT_REQUIRED_RESTORED, "app/web@s2"), 0);
	assert_int_equal(alarms_count(s->book), 1);
	sim_free(s);
}

static void
a_port_that_was_told_before_is_cleared_though_masked(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);
	uint32_t s2 = sim_host(s, "s2");

	(void)state;
	sim_port(s, "app/web@s2", TRUTH_REFUSED);
	sim_run(s, 60);
	s->host_down[s2] = true;
	sim_run(s, 120);
	assert_int_equal(stage(s, "app/web@s2"), STAGE_RAISED);
	sim_heal(s);
	sim_run(s, 60);
	assert_int_equal(sent(s, EVENT_REQUIRED_RESTORED, "app/web@s2"), 1);
	assert_int_equal(alarms_count(s->book), 0);
	sim_free(s);
}

static void
a_host_that_never_answered_alarms_by_port(void **state)
{
	struct sim *s = sim_new(SIM_SERVICES, SIM_SITE, 1);
	uint32_t s2 = sim_host(s, "s2");

	(void)state;
	s->host_down[s2] = true;
	sim_run(s, 180);
	assert_int_equal(alarms_host(s->book, s2), HOST_UNKNOWN);
	assert_int_equal(sim_count(s, 0, EVENT_HOST_DOWN, s2), 0);
	assert_int_equal(sent(s, EVENT_REQUIRED_CLOSED, "app/web@s2"), 1);
	assert_int_equal(reason(s, "app/web@s2"), REASON_NEVER_ANSWERED);
	sim_free(s);
}

static void
silent_port_of_a_living_host_is_told(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);

	(void)state;
	sim_port(s, "app/web@s2", TRUTH_SILENT);
	sim_run(s, 120);
	assert_int_equal(sent(s, EVENT_REQUIRED_CLOSED, "app/web@s2"), 1);
	assert_int_equal(s->nevents, 1);
	assert_int_equal(reason(s, "app/web@s2"), REASON_TIMEOUT);
	sim_free(s);
}

static void
a_cut_off_agent_says_so_once(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);

	(void)state;
	s->cut_off = true;
	sim_run(s, 300);
	assert_true(alarms_isolated(s->book));
	assert_int_equal(sim_count(s, 0, EVENT_HOST_DOWN, 0), 1);
	assert_int_equal(s->nevents, 1);
	for (uint32_t i = 0; i < s->plan->nchecks; i++)
		if (s->plan->checks[i].host != 0 &&
		    s->plan->checks[i].alternative == 0 &&
		    s->plan->checks[i].expected != EXPECTED_OPTIONAL) {
			assert_int_equal(s->view[i].verdict, VERDICT_UNKNOWN);
			assert_int_equal(s->view[i].reason, REASON_ISOLATED);
		}
	assert_int_equal(verdict(s, "app/web@me"), VERDICT_COMPLIANT);
	s->cut_off = false;
	sim_run(s, 120);
	assert_int_equal(sim_count(s, 0, EVENT_HOST_UP, 0), 1);
	assert_int_equal(s->nevents, 2);
	assert_int_equal(verdict(s, "app/web@s2"), VERDICT_COMPLIANT);
	sim_free(s);
}

/* With no hold at all, and hosts that are looked at long after each other: the cut is
 * found out before the first of them is blamed. */
static void
cut_off_by_and_by(bool ascending)
{
	struct sim *s = sim_new(
	    SIM_SERVICES, "interval = 600; hold = 0; boot-grace = 0; " SIM_HOSTS, 3);

	sim_run(s, 1300);
	assert_int_equal(s->nevents, 0);
	for (uint32_t e = 0; e < s->plan->nendpoints; e++) {
		uint32_t host = s->plan->endpoints[e].host;

		s->next[e] = s->ms + 90000 * (ascending ? host - 1 : 5 - host);
	}
	s->cut_off = true;
	sim_run(s, 1200);
	assert_true(alarms_isolated(s->book));
	assert_int_equal(sim_count(s, 0, EVENT_HOST_DOWN, 0), 1);
	assert_int_equal(s->nevents, 1);
	sim_free(s);
}

static void
a_cut_off_agent_blames_no_host(void **state)
{
	(void)state;
	cut_off_by_and_by(true);
	cut_off_by_and_by(false); /* first the one with a single port */
}

/* One host alone, by hand: three sweeps raise, two answers clear. */
static void
three_silent_sweeps_and_two_answers(void **state)
{
	struct sim *s = sim_new(SIM_SERVICES,
	    "hold = 0; boot-grace = 0; hosts = (" SIM_ME
	    "," SIM_HOST("d4", "4", "db") ");",
	    1);
	uint32_t d4 = sim_host(s, "d4");
	uint32_t first = s->plan->hosts[d4].first_endpoint;
	unsigned reprobes;

	(void)state;
	assert_int_equal(s->plan->hosts[d4].nendpoints, 2);
	sim_run(s, 60);
	for (int sweep = 1; sweep <= 3; sweep++) {
		assert_int_equal(sim_count(s, 0, EVENT_HOST_DOWN, d4), 0);
		s->last_silent[d4] = s->ms;
		alarms_answer(s->book, first, ANSWER_NO, sim_now(s));
		alarms_answer(s->book, first + 1, ANSWER_NO, sim_now(s));
		assert_int_equal(alarms_host(s->book, d4), HOST_UNREACHABLE);
	}
	assert_int_equal(sim_count(s, 0, EVENT_HOST_DOWN, d4), 1);
	reprobes = s->reprobes;
	alarms_answer(s->book, first, ANSWER_YES, sim_now(s));
	assert_int_equal(alarms_host(s->book, d4), HOST_REACHABLE);
	assert_int_equal(sim_count(s, 0, EVENT_HOST_UP, d4), 0);
	assert_int_equal(s->reprobes, reprobes + 1);
	alarms_answer(s->book, first, ANSWER_YES, sim_now(s));
	assert_int_equal(sim_count(s, 0, EVENT_HOST_UP, d4), 1);
	sim_free(s);
}

static void
a_group_is_masked_by_all_its_hosts_only(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);

	(void)state;
	s->host_down[sim_host(s, "d4")] = true;
	sim_port(s, "app/sql@d5", TRUTH_REFUSED);
	sim_run(s, 120);
	assert_int_equal(stage(s, "app/sql@d4"), STAGE_RAISED);
	sim_heal(s);
	sim_run(s, 60);
	assert_int_equal(alarms_count(s->book), 0);
	s->host_down[sim_host(s, "d4")] = s->host_down[sim_host(s, "d5")] = true;
	sim_run(s, 120);
	assert_int_equal(stage(s, "app/sql@d4"), STAGE_MASKED);
	assert_int_equal(stage(s, "app/sql@d5"), STAGE_MASKED);
	sim_free(s);
}

/* ---- orders */

static void
mutes_end_and_tell(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);
	uint32_t web = sim_check(s, "app/web@me");
	uint32_t until = (uint32_t)(sim_now(s).wall / 1000) + 100;

	(void)state;
	alarms_mute_check(s->book, web, s->mute_check[web] = until, sim_now(s));
	assert_int_equal(s->view[web].flags, ROW_MUTED);
	assert_int_equal(alarms_check_mute(s->book, web), until);
	s->listen[web] = LISTEN_NOT;
	sim_run(s, 60);
	assert_int_equal(s->view[web].stage, STAGE_MUTED);
	assert_int_equal(alarms_count(s->book), 1);
	assert_int_equal(sent(s, EVENT_REQUIRED_CLOSED, "app/web@me"), 0);
	sim_run(s, 60);
	assert_int_equal(s->view[web].stage, STAGE_RAISED);
	assert_int_equal(s->view[web].flags, 0);
	assert_int_equal(sent(s, EVENT_REQUIRED_CLOSED, "app/web@me"), 1);
	/* A mute hides no clear of what was told. */
	alarms_mute_agent(s->book, s->mute_agent = until + 1000, sim_now(s));
	assert_int_equal(alarms_muted_rows(s->book), s->plan->nchecks);
	s->listen[web] = LISTEN_LISTENING;
	sim_run(s, 10);
	assert_int_equal(sent(s, EVENT_REQUIRED_RESTORED, "app/web@me"), 1);
	alarms_mute_agent(s->book, s->mute_agent = 0, sim_now(s));
	assert_int_equal(alarms_muted_rows(s->book), 0);
	sim_free(s);
}

static void
a_muted_host_masks_its_ports_and_is_told_later(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);
	uint32_t s2 = sim_host(s, "s2");
	uint32_t until = (uint32_t)(sim_now(s).wall / 1000) + 200;

	(void)state;
	alarms_mute_host(s->book, s2, s->mute_host[s2] = until, sim_now(s));
	s->host_down[s2] = true;
	sim_run(s, 150);
	for (uint32_t i = 0; i < s->nevents; i++)
		assert_true(s->event[i].suppressed);
	assert_int_equal(stage(s, "app/web@s2"), STAGE_MASKED);
	sim_run(s, 100);
	assert_int_equal(sim_count(s, 0, EVENT_HOST_DOWN, s2), 1);
	assert_int_equal(sent(s, EVENT_REQUIRED_CLOSED, "app/web@s2"), 0);
	sim_free(s);
}

static void
standby_clears_and_is_not_judged(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);
	uint32_t web = sim_check(s, "app/web@me");

	(void)state;
	s->listen[web] = LISTEN_NOT;
	sim_run(s, 30);
	alarms_standby(s->book, 0, s->standby[0] = true, sim_now(s));
	assert_int_equal(sent(s, EVENT_REQUIRED_RESTORED, "app/web@me"), 1);
	sim_run(s, 30);
	assert_int_equal(s->view[web].verdict, VERDICT_NOT_EVALUATED);
	assert_int_equal(s->view[web].reason, REASON_STANDBY);
	alarms_standby(s->book, 0, s->standby[0] = false, sim_now(s));
	sim_run(s, 30);
	assert_int_equal(s->view[web].stage, STAGE_RAISED);
	sim_free(s);
}

static void
renotify_repeats(void **state)
{
	struct sim *s = quiet_world("renotify = 60; " SIM_TIMES SIM_HOSTS);
	uint32_t web = sim_check(s, "app/web@me");
	uint32_t n = 0;

	(void)state;
	s->listen[web] = LISTEN_NOT;
	sim_run(s, 200);
	for (uint32_t i = 0; i < s->nevents; i++)
		n += s->event[i].repeat;
	assert_int_equal(n, 3);
	assert_int_equal(sent(s, EVENT_REQUIRED_CLOSED, "app/web@me"), 4);
	assert_int_equal(alarms_count(s->book), 1);
	sim_free(s);
}

static void
nothing_is_raised_in_the_boot_grace(void **state)
{
	struct sim *s = sim_new(
	    SIM_SERVICES, "interval = 20; hold = 10; boot-grace = 120; " SIM_HOSTS, 1);

	(void)state;
	s->listen[sim_check(s, "app/web@me")] = LISTEN_NOT;
	sim_port(s, "app/web@s2", TRUTH_REFUSED);
	sim_run(s, 115);
	assert_int_equal(stage(s, "app/web@me"), STAGE_PENDING);
	assert_int_equal(stage(s, "app/web@s2"), STAGE_RAISED);
	sim_run(s, 10);
	assert_int_equal(stage(s, "app/web@me"), STAGE_RAISED);
	sim_free(s);
}

/* ---- numbers */

static void
numbers_wrap_to_one(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);
	uint32_t web = sim_check(s, "app/web@me");

	(void)state;
	s->listen[web] = LISTEN_NOT;
	sim_run(s, 30); /* alarm 1 */
	alarms_reserve_seq(s->book, UINT32_MAX, 10);
	assert_int_equal(alarms_take_seq(s->book), UINT32_MAX);
	assert_int_equal(alarms_seq_next(s->book), 1);
	assert_int_equal(alarms_seq_left(s->book), 9);
	assert_int_equal(alarms_take_seq(s->book), 1);
	alarms_reserve_seq(s->book, s->last_seq + 1, 0);
	assert_int_equal(alarms_take_seq(s->book), ++s->last_seq);
	assert_int_equal(alarms_seq_left(s->book), 0);
	/* A number in use is left out after a wrap. */
	alarms_reserve_index(s->book, UINT32_MAX, 10);
	s->last_index = UINT32_MAX - 1;
	alarms_free(s->book);
	plan_unref(s->plan);
	free(s);
}

/* ---- across reloads and restarts */

static const char fewer[] = "1 web tcp 443 client server\n"
			    "2 ssh tcp 22 client server expect = 'optional';\n"
			    "10 sql tcp 3306 client db\n"
			    "13 smtp tcp 25 client mail\n";

static void
a_reload_ends_what_is_gone(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);
	uint32_t rec = sim_check(s, "app/rec@me"), gone = 0;

	(void)state;
	for (uint32_t i = 0; i < s->plan->nchecks; i++)
		if (s->plan->hosts[s->plan->checks[i].host].local)
			s->listen[i] = LISTEN_NOT;
	s->mute_check[rec] = (uint32_t)(sim_now(s).wall / 1000) + 1000;
	alarms_mute_check(s->book, rec, s->mute_check[rec], sim_now(s));
	sim_run(s, 30);
	/* web, ssh, ldap (with ldaps), rec, inner, log, imaps */
	assert_int_equal(alarms_count(s->book), 7);
	sim_reload(s, fewer, SIM_TIMES SIM_HOSTS);
	assert_int_equal(alarms_count(s->book), 1);
	for (uint32_t i = 0; i < s->nevents; i++)
		gone += s->event[i].object == ALARMS_GONE && !s->event[i].suppressed;
	assert_int_equal(gone, 4); /* not the muted one */
	assert_int_equal(stage(s, "app/web@me"), STAGE_RAISED);
	assert_int_equal(verdict(s, "app/ssh@me"), VERDICT_NOT_EVALUATED);
	sim_free(s);
}

static void
a_restart_remembers(void **state)
{
	struct sim *s = quiet_world(SIM_SITE);
	uint32_t s2 = sim_host(s, "s2"), n;

	(void)state;
	s->listen[sim_check(s, "app/web@me")] = LISTEN_NOT;
	sim_port(s, "app/sql@d4", TRUTH_REFUSED);
	sim_port(s, "app/sql@d5", TRUTH_REFUSED);
	s->full[sim_check(s, "app/ssh@me")] = true;
	s->host_down[s2] = true;
	sim_run(s, 120);
	n = s->nevents;
	assert_int_equal(sim_count(s, 0, EVENT_HOST_DOWN, s2), 1);
	sim_restart(s);
	assert_int_equal(alarms_host(s->book, s2), HOST_UNREACHABLE);
	assert_int_equal(stage(s, "app/web@me"), STAGE_RAISED);
	sim_run(s, 120);
	assert_int_equal(s->nevents, n);
	sim_heal(s);
	sim_run(s, 120);
	assert_int_equal(alarms_count(s->book), 0);
	assert_int_equal(
	    sim_count(s, n, EVENT_REQUIRED_RESTORED, sim_check(s, "app/web@me")), 1);
	assert_int_equal(
	    sim_count(s, n, EVENT_REQUIRED_RESTORED, sim_check(s, "app/sql@d4")), 1);
	assert_int_equal(
	    sim_count(s, n, EVENT_QUEUE_DRAINED, sim_check(s, "app/ssh@me")), 1);
	assert_int_equal(sim_count(s, n, EVENT_HOST_UP, s2), 1);
	sim_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_world_is_compliant),
		cmocka_unit_test(local_close_raises_after_the_hold),
		cmocka_unit_test(a_restart_within_the_hold_pages_nobody),
		cmocka_unit_test(each_deviation_has_its_notification),
		cmocka_unit_test(an_override_sets_the_severity),
		cmocka_unit_test(blind_watchers_page_nobody),
		cmocka_unit_test(full_accept_queue_is_an_alarm_of_its_own),
		cmocka_unit_test(one_full_queue_may_be_chance),
		cmocka_unit_test(one_open_alternative_is_enough),
		cmocka_unit_test(the_alarm_moves_when_its_carrier_is_disabled),
		cmocka_unit_test(quorum_has_one_alarm),
		cmocka_unit_test(a_dead_host_is_one_alarm),
		cmocka_unit_test(a_port_that_was_told_before_is_cleared_though_masked),
		cmocka_unit_test(a_host_that_never_answered_alarms_by_port),
		cmocka_unit_test(silent_port_of_a_living_host_is_told),
		cmocka_unit_test(a_cut_off_agent_says_so_once),
		cmocka_unit_test(a_cut_off_agent_blames_no_host),
		cmocka_unit_test(three_silent_sweeps_and_two_answers),
		cmocka_unit_test(a_group_is_masked_by_all_its_hosts_only),
		cmocka_unit_test(mutes_end_and_tell),
		cmocka_unit_test(a_muted_host_masks_its_ports_and_is_told_later),
		cmocka_unit_test(standby_clears_and_is_not_judged),
		cmocka_unit_test(renotify_repeats),
		cmocka_unit_test(nothing_is_raised_in_the_boot_grace),
		cmocka_unit_test(numbers_wrap_to_one),
		cmocka_unit_test(a_reload_ends_what_is_gone),
		cmocka_unit_test(a_restart_remembers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
