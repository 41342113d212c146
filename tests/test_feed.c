#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "publish/feed.h"
#include "fixture.h"
#include "publish/store.h"

#define NOW ((struct mono){ 1000 })

static const struct fixture_size size = { 3, 20, 10, 7 };

/* The sums that the store keeps, counted anew. */
static void
check_sums(const struct store *s)
{
	struct tally total = { 0 };
	uint32_t checks = 0;

	for (uint32_t i = 0; i < s->plan->nchecks; i++)
		total.by_verdict[s->rows[i].verdict]++;
	assert_int_equal(s->total.checks, s->plan->nchecks);
	assert_memory_equal(
	    s->total.by_verdict, total.by_verdict, sizeof(total.by_verdict));
	for (uint32_t h = 0; h < s->plan->nhosts; h++)
		checks += s->hosts_tally[h].checks;
	assert_int_equal(checks, s->plan->nchecks);
	checks = 0;
	for (uint32_t c = 0; c < s->plan->ncats; c++) {
		checks += s->cats[c].checks;
		for (uint32_t k = 0; k < s->plan->cats[c].cat->nservices; k++)
			checks -= store_service(s, c, k)->checks;
	}
	assert_int_equal(checks, 0);
}

static void
put_plan(struct feed *f, struct plan *p, uint32_t round)
{
	struct row *rows = calloc(p->nchecks, sizeof(*rows));
	struct host_row *hosts = calloc(p->nhosts, sizeof(*hosts));

	for (uint32_t i = 0; i < p->nchecks; i++)
		rows[i] = fixture_row(p, i, round);
	for (uint32_t i = 0; i < p->nhosts; i++)
		hosts[i] = fixture_host(p, i, round);
	feed_plan(f, p, rows, hosts);
	for (uint32_t i = 0; i < p->nchecks; i++)
		row_detail_unref(rows[i].detail);
	free(rows);
	free(hosts);
}

static void
put_row(struct feed *f, const struct plan *p, uint32_t i, uint32_t round)
{
	struct row row = fixture_row(p, i, round);

	feed_row(f, i, &row);
	row_detail_unref(row.detail);
}

static bool
readable(int fd)
{
	struct pollfd pfd = { fd, POLLIN, 0 };

	return poll(&pfd, 1, 0) == 1;
}

static void
the_newest_version_of_a_row_arrives_once(void **state)
{
	struct plan *p = fixture_plan(&size);
	struct feed *f = feed_new();
	struct row want = fixture_row(p, 5, 3);
	struct store s;

	(void)state;
	store_init(&s);
	put_plan(f, p, 0);
	for (uint32_t round = 1; round <= 3; round++)
		put_row(f, p, 5, round);
	assert_false(readable(feed_fd(f)));
	feed_flush(f);
	assert_true(readable(feed_fd(f)));
	assert_true(feed_drain(f, &s, NOW));
	assert_false(readable(feed_fd(f)));
	assert_int_equal(s.rows[5].attempts, want.attempts);
	assert_int_equal(s.rows[5].verdict, want.verdict);
	check_sums(&s);
	assert_false(feed_drain(f, &s, NOW));
	row_detail_unref(want.detail);
	store_clear(&s);
	feed_free(f);
	plan_unref(p);
}

/* Rows of the old plan that were pending must not land in the new one. */
static void
a_new_plan_replaces_what_was_pending(void **state)
{
	static const struct fixture_size small = { 1, 3, 2, 0 };
	struct plan *p = fixture_plan(&size);
	struct plan *q = fixture_plan(&small);
	struct feed *f = feed_new();
	struct store s;

	(void)state;
	store_init(&s);
	put_plan(f, p, 0);
	put_row(f, p, p->nchecks - 1, 1);
	put_plan(f, q, 0);
	put_row(f, q, q->nchecks - 1, 2);
	assert_true(feed_drain(f, &s, NOW));
	assert_ptr_equal(s.plan, q);
	check_sums(&s);
	store_clear(&s);
	feed_free(f);
	plan_unref(p);
	plan_unref(q);
}

static void
alarms_keep_their_order(void **state)
{
	static const uint32_t order[] = { 5, 2, 9, 2, 7, 5 };
	struct plan *p = fixture_plan(&size);
	struct feed *f = feed_new();
	struct store s;
	struct alarm_row a;

	(void)state;
	store_init(&s);
	put_plan(f, p, 0);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		a = fixture_alarm(p, order[i]);
		a.notify_seq = (uint32_t)i;
		feed_alarm(f, &a);
	}
	feed_alarm_gone(f, 9);
	feed_alarm_gone(f, 1000);
	assert_true(feed_drain(f, &s, NOW));
	assert_int_equal(s.nalarms, 3);
	assert_int_equal(s.alarms[0].index, 2);
	assert_int_equal(s.alarms[0].notify_seq, 3);
	assert_int_equal(s.alarms[1].index, 5);
	assert_int_equal(s.alarms[1].notify_seq, 5);
	assert_int_equal(s.alarms[2].index, 7);
	assert_int_equal(store_alarm_at_least(&s, 6), 2);
	feed_alarm_gone(f, 5);
	assert_true(feed_drain(f, &s, NOW));
	assert_int_equal(s.nalarms, 2);
	store_clear(&s);
	feed_free(f);
	plan_unref(p);
}

/* Many at once, in any order; what is replaced or goes while it is pending does so. */
static void
thousands_of_alarms_come_and_go(void **state)
{
	enum { N = 20000, STEP = 7919 }; /* a prime: every number once */
	struct plan *p = fixture_plan(&size);
	struct feed *f = feed_new();
	struct store s;

	(void)state;
	store_init(&s);
	put_plan(f, p, 0);
	for (uint32_t i = 0; i < N; i++) {
		struct alarm_row a = fixture_alarm(p, 1 + i * STEP % N);

		feed_alarm(f, &a);
	}
	for (uint32_t i = 1; i <= N; i += 4)
		feed_alarm_gone(f, i);
	assert_true(feed_drain(f, &s, NOW));
	assert_int_equal(s.nalarms, N - N / 4);
	for (uint32_t i = 2; i <= N; i += 4)
		feed_alarm_gone(f, i);
	assert_true(feed_drain(f, &s, NOW));
	assert_int_equal(s.nalarms, N / 2);
	for (uint32_t i = 0; i < s.nalarms; i++)
		assert_int_equal(s.alarms[i].index, i / 2 * 4 + 3 + i % 2);
	store_clear(&s);
	feed_free(f);
	plan_unref(p);
}

/* A host that changes again before it was fetched arrives once, as it is last. */
static void
the_newest_version_of_a_host_arrives_once(void **state)
{
	struct plan *p = fixture_plan(&size);
	struct feed *f = feed_new();
	struct store s;
	struct host_row h;

	(void)state;
	store_init(&s);
	put_plan(f, p, 0);
	for (uint32_t round = 0; round < 3; round++) {
		for (uint32_t i = 0; i < p->nhosts; i++) {
			h = fixture_host(p, i, 0);
			h.mute_until = 10 * round + i;
			feed_host(f, i, &h);
			h.mute_until += 100;
			feed_host(f, i, &h);
		}
		assert_true(feed_drain(f, &s, NOW));
		for (uint32_t i = 0; i < p->nhosts; i++)
			assert_int_equal(s.hosts[i].mute_until, 100 + 10 * round + i);
	}
	store_clear(&s);
	feed_free(f);
	plan_unref(p);
}

static void
commands_are_bounded_and_in_order(void **state)
{
	struct feed *f = feed_new();
	struct command c = { .kind = COMMAND_HEARTBEAT };
	struct command got;

	(void)state;
	for (uint32_t i = 0; i < FEED_COMMANDS_MAX; i++) {
		c.value = i;
		assert_true(feed_command(f, &c));
	}
	assert_false(feed_command(f, &c));
	assert_true(readable(feed_command_fd(f)));
	for (uint32_t i = 0; i < FEED_COMMANDS_MAX; i++) {
		assert_true(feed_command_next(f, &got));
		assert_int_equal(got.value, i);
	}
	assert_false(feed_command_next(f, &got));
	assert_false(readable(feed_command_fd(f)));
	feed_free(f);
}

/* ---- two threads: no row is ever seen half of one round and half of another */

struct race {
	struct feed *feed;
	struct plan *plans[2];
	int rounds;
};

static void *
write_rows(void *arg)
{
	struct race *r = arg;
	unsigned seed = 1;
	struct plan *p = r->plans[0];

	for (int round = 1; round <= r->rounds; round++) {
		if (round % 50 == 0) {
			p = r->plans[round / 50 % 2];
			put_plan(r->feed, p, (uint32_t)round);
		}
		for (int k = 0; k < 20; k++)
			put_row(r->feed, p, (uint32_t)rand_r(&seed) % p->nchecks,
			    (uint32_t)round);
		feed_flush(r->feed);
	}
	return NULL;
}

/* Every field of the fixture's row follows from its round: `attempts` tells which. */
static void
check_row(const struct store *s, uint32_t i, int rounds)
{
	for (int round = 0; round <= rounds; round++) {
		struct row want = fixture_row(s->plan, i, (uint32_t)round);
		bool same = want.attempts == s->rows[i].attempts &&
		            want.failures == s->rows[i].failures &&
		            want.verdict == s->rows[i].verdict &&
		            want.last_change == s->rows[i].last_change;

		row_detail_unref(want.detail);
		if (same)
			return;
	}
	fail_msg("row %u is of no round", i);
}

static void
a_reader_beside_the_writer_sees_whole_rows(void **state)
{
	static const struct fixture_size small = { 2, 10, 4, 3 };
	struct race r = { feed_new(), { fixture_plan(&size), fixture_plan(&small) },
		300 };
	pthread_t writer;
	struct store s;

	(void)state;
	store_init(&s);
	put_plan(r.feed, r.plans[0], 0);
	feed_flush(r.feed);
	assert_int_equal(pthread_create(&writer, NULL, write_rows, &r), 0);
	for (int i = 0; i < 2000; i++) {
		if (feed_drain(r.feed, &s, NOW))
			check_sums(&s);
	}
	pthread_join(writer, NULL);
	(void)feed_drain(r.feed, &s, NOW);
	check_sums(&s);
	for (uint32_t i = 0; i < s.plan->nchecks; i += 11)
		check_row(&s, i, r.rounds);
	store_clear(&s);
	feed_free(r.feed);
	plan_unref(r.plans[0]);
	plan_unref(r.plans[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_newest_version_of_a_row_arrives_once),
		cmocka_unit_test(a_new_plan_replaces_what_was_pending),
		cmocka_unit_test(alarms_keep_their_order),
		cmocka_unit_test(thousands_of_alarms_come_and_go),
		cmocka_unit_test(the_newest_version_of_a_host_arrives_once),
		cmocka_unit_test(commands_are_bounded_and_in_order),
		cmocka_unit_test(a_reader_beside_the_writer_sees_whole_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
