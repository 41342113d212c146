#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plan/workload.h"
#include "probe_rig.h"

static const struct probe_config plain = { .concurrency = 64 };

static void
assert_result(const struct rig *rig, uint32_t id, enum connect_state state,
    enum reason reason, int error)
{
	assert_int_equal(rig->results[id].state, state);
	assert_int_equal(rig->results[id].reason, reason);
	assert_int_equal(rig->results[id].error, error);
}

static void
open_and_refused_on_both_families(void **state)
{
	static const char *const addresses[] = { "127.0.0.1", "127.0.0.7", "::1" };
	struct rig rig;
	uint16_t spec, port;
	int fds[3];

	(void)state;
	rig_open(&rig, &plain);
	spec = rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 2000);
	for (int i = 0; i < 3; i++) {
		uint16_t host = rig_host(&rig, addresses[i]);

		fds[i] = rig_listen(addresses[i], &port, 16);
		rig_endpoint(&rig, host, spec, port, 60);
		rig_endpoint(
		    &rig, host, spec, rig_free_port(addresses[i], SOCK_STREAM), 60);
	}
	rig_go(&rig);
	assert_true(rig_until(&rig, 6, 5000));
	for (uint32_t i = 0; i < 6; i += 2) {
		assert_result(&rig, i, CONNECT_OPEN, REASON_CONNECTED, 0);
		assert_true(rig.results[i].answered);
		assert_true(rig.results[i].rtt_us > 0);
		assert_true(
		    addr_equal(&rig.results[i].addr, &rig.plan.hosts[i / 2].addr));
		assert_result(
		    &rig, i + 1, CONNECT_CLOSED, REASON_REFUSED, ECONNREFUSED);
		assert_true(rig.results[i + 1].answered);
	}
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	rig_close(&rig);
}

/* Fills the accept queue, so that the kernel drops further SYNs in silence. */
static void
full_backlog(int fds[], int n, uint16_t port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	for (int i = 0; i < n; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(fds[i], (struct sockaddr *)&sa, sizeof(sa));
	}
}

static void
silence_is_filtered(void **state)
{
	struct rig rig;
	uint16_t port;
	int fds[4];
	int fd;

	(void)state;
	fd = rig_listen("127.0.0.1", &port, 0);
	full_backlog(fds, 4, port);
	rig_open(&rig, &plain);
	rig_endpoint(&rig, rig_host(&rig, "127.0.0.1"),
	    rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 300), port, 60);
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 5000));
	assert_result(&rig, 0, CONNECT_FILTERED, REASON_TIMEOUT, ETIMEDOUT);
	assert_false(rig.results[0].answered);
	assert_int_equal(rig.results[0].rtt_us, 0);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	close(fd);
	rig_close(&rig);
}

/* The caller sees what could not be done here apart from what failed there. */
static void
a_source_that_is_not_here_is_a_local_error(void **state)
{
	struct probe_config config = { .concurrency = 4 };
	struct rig rig;

	(void)state;
	assert_true(addr_parse("192.0.2.77", &config.source));
	rig_open(&rig, &config);
	rig_endpoint(&rig, rig_host(&rig, "198.51.100.1"),
	    rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 300), 80, 60);
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 5000));
	assert_result(&rig, 0, CONNECT_PROBE_ERROR, REASON_NO_ROUTE, EADDRNOTAVAIL);
	rig_close(&rig);
}

static void
a_local_host_without_address_is_loopback(void **state)
{
	struct rig rig;
	uint16_t port;
	int fd = rig_listen("::1", &port, 4);

	(void)state;
	rig_open(&rig, &plain);
	rig_endpoint(&rig, rig_host(&rig, ""),
	    rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 300), port, 1);
	rig_go(&rig);
	/* 127.0.0.1 refuses, ::1 is tried next and then preferred */
	assert_true(rig_until(&rig, 2, 6000));
	assert_result(&rig, 0, CONNECT_OPEN, REASON_CONNECTED, 0);
	assert_int_equal(rig.results[0].addr.family, AF_INET6);
	close(fd);
	rig_close(&rig);
}

static void
check_caps(struct rig *rig, const struct probe_result *r)
{
	struct probe_stats stats;

	(void)r;
	probe_engine_stats(rig->engine, &stats);
	assert_true(stats.in_flight <= 8);
}

/* 40 probes that all time out, 8 at a time, 4 to a host: five rounds of the timeout,
 * and one result each. */
static void
caps_are_kept(void **state)
{
	struct probe_config config = { .concurrency = 8, .per_host = 4 };
	struct mono begin;
	struct rig rig;
	uint16_t port, spec;
	int fds[4], fd;

	(void)state;
	fd = rig_listen("127.0.0.1", &port, 0);
	full_backlog(fds, 4, port);
	rig_open(&rig, &config);
	rig.hook = check_caps;
	spec = rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 200);
	for (int h = 0; h < 2; h++) {
		uint16_t host = rig_host(&rig, "127.0.0.1");

		for (int i = 0; i < 20; i++)
			rig_endpoint(&rig, host, spec, port, 3600);
	}
	begin = mono_now();
	rig_go(&rig);
	probe_engine_all_now(rig.engine);
	assert_true(rig_until(&rig, 40, 20000));
	assert_true(mono_diff_ms(mono_now(), begin) >= 5 * 200);
	for (uint32_t i = 0; i < 40; i++)
		assert_int_equal(rig.counts[i], 1);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	close(fd);
	rig_close(&rig);
}

static void
the_rate_is_kept(void **state)
{
	struct probe_config config = { .concurrency = 64, .rate = 100, .per_host = 64 };
	struct mono begin;
	struct rig rig;
	uint16_t spec, host, port;

	(void)state;
	rig_open(&rig, &config);
	spec = rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 200);
	host = rig_host(&rig, "127.0.0.1");
	port = rig_free_port("127.0.0.1", SOCK_STREAM);
	for (int i = 0; i < 60; i++)
		rig_endpoint(&rig, host, spec, port, 3600);
	rig_go(&rig);
	probe_engine_all_now(rig.engine);
	begin = mono_now();
	assert_true(rig_until(&rig, 60, 20000));
	assert_true(mono_diff_ms(mono_now(), begin) >= 500);
	rig_close(&rig);
}

/* In flight at the reload: no result of the old plan, one of the new. */
static void
a_reload_cancels(void **state)
{
	struct probe_stats stats;
	struct rig rig;
	struct plan first;
	uint16_t port;
	int fds[4], fd;

	(void)state;
	fd = rig_listen("127.0.0.1", &port, 0);
	full_backlog(fds, 4, port);
	rig_open(&rig, &plain);
	rig_endpoint(&rig, rig_host(&rig, "127.0.0.1"),
	    rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 500), port, 60);
	rig_go(&rig);
	do {
		loop_turn(rig.loop, 20);
		probe_engine_stats(rig.engine, &stats);
	} while (stats.in_flight == 0);
	first = rig.plan;
	probe_engine_set_plan(rig.engine, NULL);
	rig_for(&rig, 700);
	assert_int_equal(rig.total, 0);
	probe_engine_stats(rig.engine, &stats);
	assert_int_equal(stats.cancelled, 1);
	assert_int_equal(stats.in_flight, 0);
	rig.plan = first;
	rig_go(&rig);
	probe_engine_now(rig.engine, 0);
	assert_true(rig_until(&rig, 1, 5000));
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	close(fd);
	rig_close(&rig);
}

static void
reload_again(struct rig *rig, const struct probe_result *r)
{
	(void)r;
	if (rig->total % 3 == 0)
		rig_go(rig);
}

/* From within the callback, while a batch is being worked off. */
static void
a_reload_in_the_callback(void **state)
{
	struct rig rig;
	uint16_t spec, host, port;

	(void)state;
	rig_open(&rig, &plain);
	rig.hook = reload_again;
	spec = rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 200);
	host = rig_host(&rig, "127.0.0.1");
	port = rig_free_port("127.0.0.1", SOCK_STREAM);
	for (int i = 0; i < 50; i++)
		rig_endpoint(&rig, host, spec, (uint16_t)(port + i % 2), 1);
	rig_go(&rig);
	probe_engine_all_now(rig.engine);
	assert_true(rig_until(&rig, 150, 20000));
	rig_close(&rig);
}

static void
disabled_is_left_alone(void **state)
{
	struct rig rig;
	uint16_t spec, host, port;

	(void)state;
	rig_open(&rig, &plain);
	spec = rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 200);
	host = rig_host(&rig, "127.0.0.1");
	port = rig_free_port("127.0.0.1", SOCK_STREAM);
	rig_endpoint(&rig, host, spec, port, 1);
	rig_endpoint(&rig, host, spec, (uint16_t)(port + 1), 1);
	rig_go(&rig);
	probe_engine_enable(rig.engine, 0, false);
	probe_engine_all_now(rig.engine);
	rig_go(&rig); /* is remembered over a reload */
	assert_true(rig_until(&rig, 2, 10000));
	assert_int_equal(rig.counts[0], 0);
	assert_false(probe_engine_enabled(rig.engine, 0));
	probe_engine_enable(rig.engine, 0, true);
	while (rig.counts[0] == 0)
		assert_true(rig_until(&rig, rig.total + 1, 5000));
	rig_close(&rig);
}

static void
retry_twice(struct rig *rig, const struct probe_result *r)
{
	if (rig->counts[r->endpoint] < 3)
		probe_engine_retry_soon(rig->engine, r->endpoint, 100);
}

static void
retries_come_soon(void **state)
{
	struct mono begin;
	struct rig rig;

	(void)state;
	rig_open(&rig, &plain);
	rig.hook = retry_twice;
	rig_endpoint(&rig, rig_host(&rig, "127.0.0.1"),
	    rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 200),
	    rig_free_port("127.0.0.1", SOCK_STREAM), 3600);
	rig_go(&rig);
	probe_engine_now(rig.engine, 0);
	assert_true(rig_until(&rig, 1, 5000));
	begin = mono_now();
	assert_true(rig_until(&rig, 3, 5000));
	assert_true(mono_diff_ms(mono_now(), begin) >= 100);
	rig_for(&rig, 300);
	assert_int_equal(rig.total, 3);
	rig_close(&rig);
}

/* With room for a few sockets only, every probe still ends with its true result. */
static void
descriptors_run_out(void **state)
{
	struct rlimit was, few;
	struct probe_stats stats;
	struct rig rig;
	uint16_t spec, host, port;
	int fds[4], fd, top;

	(void)state;
	fd = rig_listen("127.0.0.1", &port, 0);
	full_backlog(fds, 4, port);
	rig_open(&rig, &(struct probe_config){ .concurrency = 50, .per_host = 50 });
	spec = rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 150);
	host = rig_host(&rig, "127.0.0.1");
	for (int i = 0; i < 50; i++)
		rig_endpoint(&rig, host, spec, port, 3600);
	rig_go(&rig);
	probe_engine_all_now(rig.engine);
	top = dup(fd);
	close(top);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	few = was;
	few.rlim_cur = (rlim_t)top + 5;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_true(rig_until(&rig, 50, 20000));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	for (uint32_t i = 0; i < 50; i++) {
		assert_int_equal(rig.counts[i], 1);
		assert_result(&rig, i, CONNECT_FILTERED, REASON_TIMEOUT, ETIMEDOUT);
	}
	probe_engine_stats(rig.engine, &stats);
	assert_true(stats.shortages > 0);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	close(fd);
	rig_close(&rig);
}

static void
no_descriptor_at_all_is_said(void **state)
{
	struct rlimit was, none;
	struct rig rig;
	int top;

	(void)state;
	rig_open(&rig, &plain);
	rig_endpoint(&rig, rig_host(&rig, "127.0.0.1"),
	    rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 150), 9, 60);
	rig_go(&rig);
	top = dup(0);
	close(top);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	none = was;
	none.rlim_cur = (rlim_t)top;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_true(rig_until(&rig, 1, 5000));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	assert_result(&rig, 0, CONNECT_PROBE_ERROR, REASON_FD_LIMIT, EMFILE);
	rig_close(&rig);
}

/* The process was stopped while a probe was out: its timeout does not pass meanwhile,
 * since nobody looked for the answer. */
static void
a_sleep_is_no_timeout(void **state)
{
	struct probe_stats stats;
	struct rig rig;
	uint16_t port;
	int fds[4], fd;

	(void)state;
	fd = rig_listen("127.0.0.1", &port, 0);
	full_backlog(fds, 4, port);
	rig_open(&rig, &plain);
	rig_endpoint(&rig, rig_host(&rig, "127.0.0.1"),
	    rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 1000), port, 3600);
	rig_go(&rig);
	do {
		loop_turn(rig.loop, 20);
		probe_engine_stats(rig.engine, &stats);
	} while (stats.in_flight == 0);
	usleep(2000000);
	loop_turn(rig.loop, 0);
	loop_turn(rig.loop, 0);
	assert_int_equal(rig.total, 0);
	assert_int_equal(probe_engine_lag(rig.engine), 0);
	assert_true(rig_until(&rig, 1, 5000));
	assert_int_equal(rig.results[0].reason, REASON_TIMEOUT);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	close(fd);
	rig_close(&rig);
}

/* More work than one place can do: the schedule falls behind, and says so. */
static void
lag_is_measured(void **state)
{
	struct probe_config config = { .concurrency = 1 };
	struct mono end = mono_add_s(mono_now(), 20);
	struct rig rig;
	uint16_t port, host, spec;
	unsigned late = 0;
	int fds[4], fd;

	(void)state;
	fd = rig_listen("127.0.0.1", &port, 0);
	full_backlog(fds, 4, port);
	rig_open(&rig, &config);
	host = rig_host(&rig, "127.0.0.1");
	spec = rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 500);
	for (int i = 0; i < 10; i++)
		rig_endpoint(&rig, host, spec, port, 1);
	rig_go(&rig);
	assert_int_equal(probe_engine_lag(rig.engine), 0);
	assert_true(rig_until(&rig, 1, 5000));
	for (uint32_t i = 0; i < 10; i++)
		assert_false(rig.results[i].late);
	while (probe_engine_lag(rig.engine) < 2 && mono_before(mono_now(), end))
		loop_turn(rig.loop, 100);
	assert_true(probe_engine_lag(rig.engine) >= 2);
	assert_true(rig_until(&rig, rig.total + 1, 5000));
	for (uint32_t i = 0; i < 10; i++)
		late += rig.results[i].late;
	assert_true(late > 0);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	close(fd);
	rig_close(&rig);
}

/* No cap is stated: as many as keep up when all are silent, as descriptors allow. */
static void
limit_is(uint32_t want, uint32_t endpoints, const struct probe_config *config,
    uint16_t port, bool all_at_once)
{
	struct probe_stats stats;
	struct rig rig;
	uint16_t host, spec;

	rig_open(&rig, config);
	host = rig_host(&rig, "127.0.0.1");
	spec = rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 4000);
	for (uint32_t i = 0; i < endpoints; i++)
		rig_endpoint(&rig, host, spec, port, 4);
	rig_go(&rig);
	probe_engine_stats(rig.engine, &stats);
	assert_int_equal(stats.limit, want);
	probe_engine_all_now(rig.engine);
	while (all_at_once && stats.in_flight < endpoints) {
		loop_turn(rig.loop, 100);
		probe_engine_stats(rig.engine, &stats);
		assert_int_equal(rig.total, 0);
	}
	rig_close(&rig);
}

static void
as_many_as_it_takes(void **state)
{
	struct probe_config config = { .per_host = 1000 };
	uint16_t port;
	int fds[4], fd;

	(void)state;
	fd = rig_listen("127.0.0.1", &port, 0);
	full_backlog(fds, 4, port);
	limit_is(WORKLOAD_LEAST, 1, &config, port, true);
	limit_is(661, 600, &config, port, true);
	config.fd_budget = 100;
	limit_is(100, 600, &config, port, false);
	config.concurrency = 50;
	limit_is(50, 600, &config, port, false);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
	close(fd);
}

/* The server talked first: closing must not reset the connection. */
static void
leaves_orderly(void **state)
{
	struct rig rig;
	uint16_t port;
	int fd = rig_listen("127.0.0.1", &port, 4);
	char byte;
	int conn;

	(void)state;
	rig_open(&rig, &plain);
	rig_endpoint(&rig, rig_host(&rig, "127.0.0.1"),
	    rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 1000), port, 60);
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 5000));
	conn = accept(fd, NULL, NULL);
	assert_true(conn >= 0);
	assert_int_equal(read(conn, &byte, 1), 0); /* end of file, no ECONNRESET */
	close(conn);
	close(fd);
	rig_close(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_and_refused_on_both_families),
		cmocka_unit_test(silence_is_filtered),
		cmocka_unit_test(a_source_that_is_not_here_is_a_local_error),
		cmocka_unit_test(a_local_host_without_address_is_loopback),
		cmocka_unit_test(caps_are_kept),
		cmocka_unit_test(the_rate_is_kept),
		cmocka_unit_test(a_reload_cancels),
		cmocka_unit_test(a_reload_in_the_callback),
		cmocka_unit_test(disabled_is_left_alone),
		cmocka_unit_test(retries_come_soon),
		cmocka_unit_test(descriptors_run_out),
		cmocka_unit_test(no_descriptor_at_all_is_said),
		cmocka_unit_test(a_sleep_is_no_timeout),
		cmocka_unit_test(lag_is_measured),
		cmocka_unit_test(as_many_as_it_takes),
		cmocka_unit_test(leaves_orderly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
