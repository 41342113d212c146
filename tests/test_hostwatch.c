#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "judge/hostwatch.h"
#include "planfix.h"

/* Three TCP ports, one UDP port that answers, one that swallows everything. */
static const char services[] = "1 web tcp 443 client server\n"
			       "2 ssh tcp 22 client server\n"
			       "3 api tcp 8443 client server\n"
			       "4 time udp 123 client server application = 'ntp';\n"
			       "5 log udp 514 client server payload = 'none';\n"
			       "6 alone tcp 25 client SINGLE\n";
#define HOST(name, id, role)                                                     \
	"{ name = '" name "'; id = " id "; address = '192.0.2." id "'; roles = " \
	"['app:" role "']; }"
static const char one_host[] =
    "hosts = ({ name = 'me'; local = true; roles = ['app:client']; }, " HOST(
	"s2", "2", "server") ");";
static const char four_hosts[] =
    "hosts = ({ name = 'me'; local = true; roles = ['app:client']; }, " HOST(
	"s2", "2", "server") "," HOST("s3", "3", "server") "," HOST("s4", "4",
	"server") "," HOST("m5", "5", "SINGLE") ");";

struct rig {
	struct plan *plan;
	struct hostwatch *hw;
};

static struct rig
begin(const char *site)
{
	struct rig r = { .plan = planfix(services, site) };

	r.hw = hostwatch_new(r.plan);
	return r;
}

static void
end(struct rig *r)
{
	hostwatch_free(r->hw);
	plan_unref(r->plan);
}

static struct mono
at(int64_t s)
{
	return (struct mono){ s * 1000000000 };
}

static uint32_t
ep(const struct rig *r, const char *check)
{
	const struct check *c = planfix_check(r->plan, check);

	assert_int_equal(c->nprobes, 1);
	return r->plan->check_probes[c->first_probe];
}

static struct hostwatch_step
say(struct rig *r, const char *check, enum answer answer, int64_t s)
{
	return hostwatch_answer(r->hw, ep(r, check), answer, at(s));
}

static void
all_of(struct rig *r, uint32_t host, enum answer answer, int64_t s)
{
	const struct plan_host *h = &r->plan->hosts[host];

	for (uint32_t k = 0; k < h->nendpoints; k++)
		hostwatch_answer(r->hw, h->first_endpoint + k, answer, at(s));
}

static void
local_host_is_there(void **state)
{
	struct rig r = begin("");

	(void)state;
	assert_int_equal(hostwatch_state(r.hw, 0), HOST_REACHABLE);
	assert_true(hostwatch_network(r.hw, at(5)));
	end(&r);
}

static void
first_silence_asks_the_others(void **state)
{
	struct rig r = begin(one_host);
	struct hostwatch_step s;

	(void)state;
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_UNKNOWN);
	s = say(&r, "app/web@s2", ANSWER_YES, 1);
	assert_true(s.answered && s.decided);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_REACHABLE);
	say(&r, "app/ssh@s2", ANSWER_YES, 1);

	s = say(&r, "app/web@s2", ANSWER_NO, 10);
	assert_true(s.reprobe && !s.silent && !s.decided);
	assert_true(hostwatch_suspects(r.hw, 1));
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_REACHABLE);
	assert_false(hostwatch_wants(r.hw, ep(&r, "app/web@s2")));
	assert_true(hostwatch_wants(r.hw, ep(&r, "app/ssh@s2")));
	assert_true(hostwatch_wants(r.hw, ep(&r, "app/time@s2")));
	assert_false(hostwatch_wants(r.hw, ep(&r, "app/log@s2")));
	/* One answer is enough. */
	s = say(&r, "app/api@s2", ANSWER_YES, 11);
	assert_true(s.answered && s.decided && !s.silent);
	assert_false(hostwatch_suspects(r.hw, 1));
	end(&r);
}

static void
all_silent_is_down(void **state)
{
	struct rig r = begin(one_host);
	struct hostwatch_step s;

	(void)state;
	all_of(&r, 1, ANSWER_YES, 1);
	say(&r, "app/web@s2", ANSWER_NO, 10);
	say(&r, "app/ssh@s2", ANSWER_NO, 11);
	/* One endpoint twice is still one. */
	assert_false(say(&r, "app/ssh@s2", ANSWER_NO, 11).silent);
	say(&r, "app/api@s2", ANSWER_NO, 11);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_REACHABLE);
	s = say(&r, "app/time@s2", ANSWER_NO, 12);
	assert_true(s.silent && s.decided);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_UNREACHABLE);
	assert_false(hostwatch_suspects(r.hw, 1));
	/* Two more sweeps follow soon, then the schedule's rounds are enough. */
	for (int sweep = 0; sweep < 2; sweep++) {
		struct mono when = hostwatch_deadline(r.hw, 1);

		assert_false(mono_is_never(when));
		assert_true(hostwatch_tick(r.hw, 1, when).reprobe);
		say(&r, "app/web@s2", ANSWER_NO, 20);
		say(&r, "app/ssh@s2", ANSWER_NO, 20);
		say(&r, "app/api@s2", ANSWER_NO, 20);
		s = say(&r, "app/time@s2", ANSWER_NO, 20);
		assert_true(s.silent && !s.decided);
	}
	assert_true(mono_is_never(hostwatch_deadline(r.hw, 1)));
	s = say(&r, "app/ssh@s2", ANSWER_YES, 60);
	assert_true(s.answered && s.decided);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_REACHABLE);
	end(&r);
}

/* A port that a firewall swallows for good must not have its host probed again and
 * again. */
static void
a_silent_port_is_known_in_time(void **state)
{
	struct rig r = begin(one_host);
	unsigned reprobes = 0;

	(void)state;
	for (int64_t round = 0; round < 100; round++) {
		say(&r, "app/web@s2", ANSWER_YES, round * 60);
		reprobes += say(&r, "app/ssh@s2", ANSWER_NO, round * 60 + 20).reprobe;
		say(&r, "app/api@s2", ANSWER_YES, round * 60 + 40);
		assert_int_equal(hostwatch_state(r.hw, 1), HOST_REACHABLE);
	}
	assert_int_equal(reprobes, 1);
	/* Twice without an answer of any other in between is something else. */
	assert_false(say(&r, "app/ssh@s2", ANSWER_NO, 6001).reprobe);
	assert_true(say(&r, "app/ssh@s2", ANSWER_NO, 6061).reprobe);
	say(&r, "app/web@s2", ANSWER_NO, 6062);
	say(&r, "app/api@s2", ANSWER_NO, 6062);
	assert_true(say(&r, "app/time@s2", ANSWER_NO, 6062).silent);
	end(&r);
}

static void
never_answered_is_unknown(void **state)
{
	struct rig r = begin(one_host);

	(void)state;
	for (int i = 0; i < 5; i++)
		all_of(&r, 1, ANSWER_NO, i * 60);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_UNKNOWN);
	assert_false(hostwatch_suspects(r.hw, 1));
	assert_false(hostwatch_ever(r.hw, 1));
	end(&r);
}

static void
one_endpoint_proves_no_host_down(void **state)
{
	struct rig r = begin(four_hosts);
	struct hostwatch_step s;

	(void)state;
	say(&r, "app/alone@m5", ANSWER_YES, 1);
	s = say(&r, "app/alone@m5", ANSWER_NO, 2);
	assert_true(!s.reprobe && !s.silent && s.decided);
	assert_int_equal(hostwatch_state(r.hw, 4), HOST_UNKNOWN);
	assert_false(hostwatch_suspects(r.hw, 4));
	end(&r);
}

static void
blindness_decides_nothing(void **state)
{
	struct rig r = begin(one_host);
	struct hostwatch_step s;

	(void)state;
	all_of(&r, 1, ANSWER_YES, 1);
	say(&r, "app/web@s2", ANSWER_NO, 10);
	say(&r, "app/ssh@s2", ANSWER_BLIND, 10);
	say(&r, "app/api@s2", ANSWER_BLIND, 10);
	s = say(&r, "app/time@s2", ANSWER_BLIND, 10);
	assert_true(s.decided && !s.silent);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_UNKNOWN);
	all_of(&r, 1, ANSWER_YES, 20);
	all_of(&r, 1, ANSWER_BLIND, 30);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_UNKNOWN);
	all_of(&r, 1, ANSWER_YES, 40);
	all_of(&r, 1, ANSWER_NO, 50);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_UNREACHABLE);
	all_of(&r, 1, ANSWER_BLIND, 60);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_UNKNOWN);
	assert_false(hostwatch_suspects(r.hw, 1));
	end(&r);
}

static void
silence_counts_once_an_answer_is_expected(void **state)
{
	struct rig r = begin(one_host);

	(void)state;
	all_of(&r, 1, ANSWER_YES, 1);
	say(&r, "app/web@s2", ANSWER_NO, 10);
	/* Its prober tells NO instead of BLIND: it has seen it answer. */
	say(&r, "app/log@s2", ANSWER_NO, 10);
	say(&r, "app/ssh@s2", ANSWER_NO, 10);
	say(&r, "app/api@s2", ANSWER_NO, 10);
	assert_true(say(&r, "app/time@s2", ANSWER_NO, 10).silent);
	/* From now on it belongs to a sweep. */
	assert_true(hostwatch_wants(r.hw, ep(&r, "app/log@s2")));
	end(&r);
}

static void
a_sweep_that_is_not_finished_is_given_up(void **state)
{
	struct rig r = begin(one_host);
	struct mono when;

	(void)state;
	all_of(&r, 1, ANSWER_YES, 1);
	say(&r, "app/web@s2", ANSWER_NO, 10);
	when = hostwatch_deadline(r.hw, 1);
	assert_in_range(when.ns, at(14).ns, at(30).ns);
	assert_true(hostwatch_tick(r.hw, 1, when).decided);
	assert_false(hostwatch_suspects(r.hw, 1));
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_REACHABLE);
	/* With two silent ones it is decided by them. */
	all_of(&r, 1, ANSWER_YES, 40);
	say(&r, "app/web@s2", ANSWER_NO, 50);
	say(&r, "app/ssh@s2", ANSWER_NO, 50);
	assert_true(hostwatch_tick(r.hw, 1, hostwatch_deadline(r.hw, 1)).silent);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_UNREACHABLE);
	end(&r);
}

static void
endpoints_that_are_off_are_not_waited_for(void **state)
{
	struct rig r = begin(one_host);

	(void)state;
	all_of(&r, 1, ANSWER_YES, 1);
	hostwatch_enable(r.hw, ep(&r, "app/time@s2"), false, at(2));
	say(&r, "app/web@s2", ANSWER_NO, 10);
	say(&r, "app/ssh@s2", ANSWER_NO, 10);
	assert_false(hostwatch_wants(r.hw, ep(&r, "app/time@s2")));
	assert_true(say(&r, "app/api@s2", ANSWER_NO, 10).silent);
	/* Switched off while awaited: the others decide. */
	hostwatch_enable(r.hw, ep(&r, "app/time@s2"), true, at(20));
	all_of(&r, 1, ANSWER_YES, 20);
	say(&r, "app/web@s2", ANSWER_NO, 30);
	say(&r, "app/ssh@s2", ANSWER_NO, 30);
	say(&r, "app/api@s2", ANSWER_NO, 30);
	assert_true(
	    hostwatch_enable(r.hw, ep(&r, "app/time@s2"), false, at(31)).silent);
	end(&r);
}

static void
standby_is_left_out(void **state)
{
	struct rig r = begin(four_hosts);

	(void)state;
	all_of(&r, 1, ANSWER_YES, 1);
	assert_true(hostwatch_standby(r.hw, 1, true, at(2)).decided);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_UNKNOWN);
	all_of(&r, 1, ANSWER_NO, 3);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_UNKNOWN);
	assert_false(hostwatch_wants(r.hw, ep(&r, "app/web@s2")));
	hostwatch_standby(r.hw, 1, false, at(4));
	all_of(&r, 1, ANSWER_YES, 5);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_REACHABLE);
	end(&r);
}

/* ---- the agent itself */

static void
none_of_three_answers_means_cut_off(void **state)
{
	struct rig r = begin(four_hosts);

	(void)state;
	for (uint32_t h = 1; h <= 4; h++)
		all_of(&r, h, ANSWER_YES, 1);
	for (uint32_t h = 1; h <= 3; h++)
		all_of(&r, h, ANSWER_NO, 10);
	assert_false(hostwatch_isolated(r.hw));
	assert_int_equal(hostwatch_state(r.hw, 2), HOST_UNREACHABLE);
	assert_true(say(&r, "app/alone@m5", ANSWER_NO, 11).isolation);
	assert_true(hostwatch_isolated(r.hw));
	assert_int_equal(hostwatch_state(r.hw, 0), HOST_UNREACHABLE);
	for (uint32_t h = 1; h <= 4; h++)
		assert_int_equal(hostwatch_state(r.hw, h), HOST_UNKNOWN);
	/* The first answer ends it, and the silence of the others is void. */
	assert_true(say(&r, "app/web@s3", ANSWER_YES, 60).isolation);
	assert_int_equal(hostwatch_state(r.hw, 0), HOST_REACHABLE);
	assert_int_equal(hostwatch_state(r.hw, 2), HOST_REACHABLE);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_UNKNOWN);
	assert_true(hostwatch_suspects(r.hw, 1));
	assert_false(hostwatch_suspects(r.hw, 4));
	all_of(&r, 1, ANSWER_NO, 61);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_UNREACHABLE);
	end(&r);
}

/* Before every host was looked at nothing is concluded. */
static void
unseen_hosts_may_yet_answer(void **state)
{
	struct rig r = begin(four_hosts);

	(void)state;
	for (uint32_t h = 1; h <= 3; h++)
		all_of(&r, h, ANSWER_NO, 1);
	assert_false(hostwatch_isolated(r.hw));
	all_of(&r, 4, ANSWER_NO, 2);
	assert_true(hostwatch_isolated(r.hw));
	end(&r);
}

static void
two_hosts_are_too_few_to_tell(void **state)
{
	struct rig r = begin(one_host);

	(void)state;
	all_of(&r, 1, ANSWER_YES, 1);
	all_of(&r, 1, ANSWER_NO, 10);
	assert_false(hostwatch_isolated(r.hw));
	assert_true(hostwatch_network(r.hw, at(100)));
	end(&r);
}

static void
silence_waits_for_a_sign_of_the_network(void **state)
{
	struct rig r = begin(four_hosts);
	uint32_t hosts[3], n;

	(void)state;
	for (uint32_t h = 1; h <= 4; h++)
		all_of(&r, h, ANSWER_YES, 1);
	assert_true(hostwatch_network(r.hw, at(1)));
	assert_false(hostwatch_network(r.hw, at(2)));
	all_of(&r, 1, ANSWER_NO, 10);
	n = hostwatch_canvass(r.hw, hosts, 3);
	assert_int_equal(n, 3);
	for (uint32_t i = 0; i < n; i++)
		assert_in_range(hosts[i], 2, 4);
	assert_true(hostwatch_wants(r.hw, ep(&r, "app/alone@m5")));
	say(&r, "app/alone@m5", ANSWER_YES, 11);
	assert_true(hostwatch_network(r.hw, at(10)));
	/* When nobody is left to ask, there is nothing to wait for. */
	say(&r, "app/alone@m5", ANSWER_BLIND, 20);
	all_of(&r, 2, ANSWER_BLIND, 20);
	all_of(&r, 3, ANSWER_BLIND, 20);
	assert_int_equal(hostwatch_canvass(r.hw, hosts, 3), 0);
	assert_true(hostwatch_network(r.hw, at(100)));
	end(&r);
}

/* ---- carried over */

static void
restored_hosts_are_down(void **state)
{
	struct rig r = begin(one_host);

	(void)state;
	hostwatch_restore_down(r.hw, 1);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_UNREACHABLE);
	assert_true(hostwatch_ever(r.hw, 1));
	all_of(&r, 1, ANSWER_NO, 5);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_UNREACHABLE);
	say(&r, "app/web@s2", ANSWER_YES, 6);
	assert_int_equal(hostwatch_state(r.hw, 1), HOST_REACHABLE);
	end(&r);
}

/*
 * Random lives.  What the watch says is compared with what was told to it: `yes` is
 * when each host last answered, `no` when each endpoint was last silent.
 */
struct life {
	struct rig r;
	int64_t yes[8], no[64];
	bool ever[8];
};

static void
assert_sound(const struct life *l, int64_t now)
{
	for (uint32_t h = 1; h < l->r.plan->nhosts; h++) {
		const struct plan_host *ph = &l->r.plan->hosts[h];
		enum host_state s = hostwatch_state(l->r.hw, h);
		uint32_t silent = 0;

		for (uint32_t k = 0; k < ph->nendpoints; k++)
			silent += l->no[ph->first_endpoint + k] > l->yes[h];
		if (s == HOST_UNREACHABLE)
			assert_true(l->ever[h] && silent >= 2);
		if (s == HOST_REACHABLE)
			assert_true(l->ever[h]);
		if (l->yes[h] == now && l->ever[h])
			assert_int_equal(s, HOST_REACHABLE);
		if (hostwatch_suspects(l->r.hw, h))
			assert_false(mono_is_never(hostwatch_deadline(l->r.hw, h)));
	}
}

static void
tell(struct life *l, uint32_t e, enum answer answer, int64_t now)
{
	uint32_t h = l->r.plan->endpoints[e].host;

	hostwatch_answer(l->r.hw, e, answer, at(now));
	if (answer == ANSWER_YES) {
		l->yes[h] = now;
		l->ever[h] = true;
	} else if (answer == ANSWER_NO) {
		l->no[e] = now;
	}
}

static void
random_lives_are_sound(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct life l = { .r = begin(four_hosts) };
		uint32_t n = l.r.plan->nendpoints;

		assert_in_range(n, 5, 64);
		for (int64_t now = 1; now < 400; now++) {
			uint32_t e = (uint32_t)rand_r(&seed) % n;
			int mood = (int)(now / 40) % 3;
			enum answer a = mood == 0   ? ANSWER_YES
			                : mood == 1 ? ANSWER_NO
			                            : (enum answer)(rand_r(&seed) % 3);

			if (l.r.plan->endpoints[e].port == 514 && a == ANSWER_NO)
				a = ANSWER_BLIND;
			tell(&l, e, a, now);
			for (uint32_t h = 1; h < l.r.plan->nhosts; h++)
				if (!mono_before(
					at(now), hostwatch_deadline(l.r.hw, h)))
					hostwatch_tick(l.r.hw, h, at(now));
			assert_sound(&l, now);
		}
		/* A whole round tells the truth at once. */
		for (uint32_t e = 0; e < n; e++)
			tell(&l, e, ANSWER_YES, 400);
		for (uint32_t h = 0; h < l.r.plan->nhosts; h++)
			assert_int_equal(hostwatch_state(l.r.hw, h), HOST_REACHABLE);
		for (uint32_t e = 0; e < n; e++)
			if (l.r.plan->endpoints[e].host == 1)
				tell(&l, e, ANSWER_NO, 401);
		assert_int_equal(hostwatch_state(l.r.hw, 1), HOST_UNREACHABLE);
		end(&l.r);
	}
}

/* A watch that is carried to an equal plan at random moments says the same. */
static void
carried_watch_goes_on_as_before(void **state)
{
	unsigned seed = 2;

	(void)state;
	for (int round = 0; round < 100; round++) {
		struct rig a = begin(four_hosts), b = begin(four_hosts);

		for (int64_t now = 1; now < 300; now++) {
			uint32_t e = (uint32_t)rand_r(&seed) % a.plan->nendpoints;
			enum answer x = now / 50 % 2 ? ANSWER_NO
			                             : (enum answer)(rand_r(&seed) % 3);
			struct hostwatch_step sa, sb;

			if (rand_r(&seed) % 20 == 0) {
				struct rig c = begin(four_hosts);

				for (uint32_t h = 0; h < c.plan->nhosts; h++)
					hostwatch_carry(c.hw, h, b.hw, h);
				assert_false(hostwatch_review(c.hw, at(now)).isolation);
				end(&b);
				b = c;
			}
			sa = hostwatch_answer(a.hw, e, x, at(now));
			sb = hostwatch_answer(b.hw, e, x, at(now));
			assert_memory_equal(&sa, &sb, sizeof(sa));
			for (uint32_t h = 0; h < a.plan->nhosts; h++) {
				assert_int_equal(
				    hostwatch_state(a.hw, h), hostwatch_state(b.hw, h));
				assert_int_equal(hostwatch_suspects(a.hw, h),
				    hostwatch_suspects(b.hw, h));
				assert_int_equal(hostwatch_deadline(a.hw, h).ns,
				    hostwatch_deadline(b.hw, h).ns);
			}
		}
		end(&a);
		end(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(local_host_is_there),
		cmocka_unit_test(first_silence_asks_the_others),
		cmocka_unit_test(all_silent_is_down),
		cmocka_unit_test(a_silent_port_is_known_in_time),
		cmocka_unit_test(never_answered_is_unknown),
		cmocka_unit_test(one_endpoint_proves_no_host_down),
		cmocka_unit_test(blindness_decides_nothing),
		cmocka_unit_test(silence_counts_once_an_answer_is_expected),
		cmocka_unit_test(a_sweep_that_is_not_finished_is_given_up),
		cmocka_unit_test(endpoints_that_are_off_are_not_waited_for),
		cmocka_unit_test(standby_is_left_out),
		cmocka_unit_test(none_of_three_answers_means_cut_off),
		cmocka_unit_test(unseen_hosts_may_yet_answer),
		cmocka_unit_test(two_hosts_are_too_few_to_tell),
		cmocka_unit_test(silence_waits_for_a_sign_of_the_network),
		cmocka_unit_test(restored_hosts_are_down),
		cmocka_unit_test(random_lives_are_sound),
		cmocka_unit_test(carried_watch_goes_on_as_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
