#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "listen/listen.h"
#include "base/mem.h"
#include "listen/sockevents.h"
#include "sockfix.h"
#include "listen/udprule.h"

#define DEADLINE_MS 20000
#define HOUR_MS     3600000

/* The watcher with what it last reported. */
struct rig {
	struct loop *loop;
	struct listen *w;
	struct listener_table *watched, *all;
	unsigned watched_reports, all_reports;
	int tcp_error, udp_error;
	struct portset part; /* of the last report on watched ports; empty: all */
	struct portset tcp, udp;
};

static void
on_report(void *arg, const struct listen_report *report)
{
	struct rig *r = arg;
	struct listener_table **kept = report->scan == LISTEN_SCAN_WATCHED ? &r->watched
	                                                                   : &r->all;

	listeners_unref(*kept);
	*kept = listeners_ref(report->table);
	r->tcp_error = report->tcp_error;
	r->udp_error = report->udp_error;
	if (report->scan == LISTEN_SCAN_ALL) {
		r->all_reports++;
		return;
	}
	r->watched_reports++;
	portset_clear(&r->part);
	if (report->part != NULL)
		portset_copy(&r->part, report->part);
}

static struct rig *
rig_new(int64_t interval_ms, int64_t full_ms, bool force_proc)
{
	struct rig *r = mem_new(struct rig);
	struct listen_config config = { .interval_ms = interval_ms,
		.full_ms = full_ms,
		.udp_age_ms = HOUR_MS,
		.force_proc = force_proc };

	r->loop = loop_new();
	assert_non_null(r->loop);
	r->w = listen_new(r->loop, &config, on_report, r);
	return r;
}

static void
rig_free(struct rig *r)
{
	listen_free(r->w);
	loop_free(r->loop);
	listeners_unref(r->watched);
	listeners_unref(r->all);
	portset_clear(&r->part);
	portset_clear(&r->tcp);
	portset_clear(&r->udp);
	free(r);
}

static void
watch(struct rig *r, enum proto protocol, int fd)
{
	uint16_t port = sockfix_port(fd);

	portset_add(protocol == PROTO_TCP ? &r->tcp : &r->udp, port, port);
	listen_set_ports(r->w, &r->tcp, &r->udp);
}

/* Turns the loop until the number of reports has grown by `more`. */
static void
await_watched(struct rig *r, unsigned more)
{
	unsigned want = r->watched_reports + more;
	struct mono end = mono_add_ms(mono_now(), DEADLINE_MS);

	while (r->watched_reports < want) {
		assert_int_equal(loop_turn(r->loop, 100), 0);
		assert_true(mono_before(mono_now(), end));
	}
}

static void
await_all(struct rig *r, unsigned more)
{
	unsigned want = r->all_reports + more;
	struct mono end = mono_add_ms(mono_now(), DEADLINE_MS);

	while (r->all_reports < want) {
		assert_int_equal(loop_turn(r->loop, 100), 0);
		assert_true(mono_before(mono_now(), end));
	}
}

static enum listen_state
state_in(const struct listener_table *t, enum proto protocol, uint16_t port)
{
	struct portset set = { 0 };
	struct listen_view v;

	assert_non_null(t);
	portset_add(&set, port, port);
	listeners_view(t, protocol, &set, POLICY_SINGLE, &v);
	portset_clear(&v.open);
	portset_clear(&set);
	return v.state;
}

/* Turns the loop until the port is seen in that state. */
static void
await_state(struct rig *r, enum proto protocol, uint16_t port, enum listen_state want)
{
	struct mono end = mono_add_ms(mono_now(), DEADLINE_MS);

	while (r->watched == NULL || state_in(r->watched, protocol, port) != want) {
		assert_int_equal(loop_turn(r->loop, 100), 0);
		assert_true(mono_before(mono_now(), end));
	}
}

static void
opening_and_closing_are_seen(void **state)
{
	bool force_proc = *(bool *)*state;
	struct rig *r = rig_new(20, 0, force_proc);
	int fd = sockfix_listen("0.0.0.0", 0, 0, 5);
	uint16_t port = sockfix_port(fd);

	watch(r, PROTO_TCP, fd);
	await_state(r, PROTO_TCP, port, LISTEN_LISTENING);
	close(fd);
	await_state(r, PROTO_TCP, port, LISTEN_NOT);
	fd = sockfix_listen("127.0.0.1", port, 0, 5);
	await_state(r, PROTO_TCP, port, LISTEN_LOOPBACK);
	assert_string_equal(listen_trouble(r->w, PROTO_TCP),
	    force_proc ? "no netlink (Operation not supported): read from /proc/net"
		       : "");
	close(fd);
	rig_free(r);
}

/* With an hour between two looks only the kernel's event can have told. */
static void
a_close_is_told_at_once(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		struct rig *r = rig_new(HOUR_MS, 0, false);
		int tcp = sockfix_listen("127.0.0.1", 0, 0, 5);
		int udp = sockfix_udp("127.0.0.1", 0, 0);

		watch(r, PROTO_TCP, tcp);
		watch(r, PROTO_UDP, udp);
		await_watched(r, 1);
		assert_int_equal(state_in(r->watched, PROTO_TCP, sockfix_port(tcp)),
		    LISTEN_LOOPBACK);
		assert_int_equal(state_in(r->watched, PROTO_UDP, sockfix_port(udp)),
		    LISTEN_LOOPBACK);
		uint16_t tcp_port = sockfix_port(tcp);
		uint16_t udp_port = sockfix_port(udp);

		close(tcp);
		assert_int_equal(r->part.count, 0);
		await_state(r, PROTO_TCP, tcp_port, LISTEN_NOT);
		assert_int_equal(portset_size(&r->part), 1);
		assert_true(portset_has(&r->part, tcp_port));
		assert_int_equal(
		    state_in(r->watched, PROTO_UDP, udp_port), LISTEN_LOOPBACK);
		close(udp);
		await_state(r, PROTO_UDP, udp_port, LISTEN_NOT);
		assert_int_equal(listen_stats(r->w).watched, 1);
		assert_int_equal(listen_stats(r->w).hints, 2);
		rig_free(r);
	}
}

/* An event that comes before the first look is no look: nothing may be called closed
 * that was not looked at yet. */
static void
no_report_before_the_first_look(void **state)
{
	struct rig *r = rig_new(HOUR_MS, 0, false);
	int tcp = sockfix_listen("127.0.0.1", 0, 0, 5);
	int udp = sockfix_udp("127.0.0.1", 0, 0);
	uint16_t tcp_port = sockfix_port(tcp);
	struct sockevents *e;
	struct pollfd p = { .events = POLLIN };

	(void)state;
	watch(r, PROTO_TCP, tcp);
	watch(r, PROTO_UDP, udp);
	/* Who hears the same shows that the watcher has heard it. */
	e = sockevents_open(PROTO_TCP, &r->tcp);
	assert_non_null(e);
	close(tcp);
	p.fd = sockevents_fd(e);
	assert_int_equal(poll(&p, 1, DEADLINE_MS), 1);
	assert_int_equal(loop_turn(r->loop, 100), 0);
	assert_true(r->watched_reports >= 1);
	assert_int_equal(
	    state_in(r->watched, PROTO_UDP, sockfix_port(udp)), LISTEN_LOOPBACK);
	assert_int_equal(state_in(r->watched, PROTO_TCP, tcp_port), LISTEN_NOT);
	assert_int_equal(listen_stats(r->w).relooks, 0);
	sockevents_close(e);
	close(udp);
	rig_free(r);
}

/* Of two sockets on one port one is closed: the port stays open in every report. */
static void
hand_over_shows_no_gap(void **state)
{
	struct rig *r = rig_new(HOUR_MS, 0, false);
	int fd = sockfix_listen("127.0.0.1", 0, SOCKFIX_REUSE, 5);
	uint16_t port = sockfix_port(fd);

	(void)state;
	watch(r, PROTO_TCP, fd);
	await_watched(r, 1);
	for (int i = 0; i < 20; i++) {
		int next = sockfix_listen("127.0.0.1", port, SOCKFIX_REUSE, 5);
		unsigned before = r->watched_reports;

		close(fd);
		fd = next;
		await_watched(r, 1);
		assert_true(r->watched_reports > before);
		assert_int_equal(
		    state_in(r->watched, PROTO_TCP, port), LISTEN_LOOPBACK);
		assert_int_equal(
		    r->watched->v[listeners_find(r->watched, PROTO_TCP, port)].sockets,
		    1);
	}
	close(fd);
	await_state(r, PROTO_TCP, port, LISTEN_NOT);
	rig_free(r);
}

/* A child that still holds the descriptor keeps the port open; its end closes it. */
static void
inherited_descriptor(void **state)
{
	struct rig *r = rig_new(20, 0, false);
	int fd = sockfix_listen("127.0.0.1", 0, 0, 5);
	uint16_t port = sockfix_port(fd);
	int hold[2];
	pid_t child;
	int status;

	(void)state;
	watch(r, PROTO_TCP, fd);
	assert_int_equal(pipe(hold), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		char c;

		close(hold[1]);
		_exit(read(hold[0], &c, 1) == 0 ? 0 : 1);
	}
	close(hold[0]);
	close(fd);
	await_watched(r, 3);
	assert_int_equal(state_in(r->watched, PROTO_TCP, port), LISTEN_LOOPBACK);
	close(hold[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	await_state(r, PROTO_TCP, port, LISTEN_NOT);
	rig_free(r);
}

/* shutdown(2) ends listening without an event. */
static void
shutdown_is_seen_by_the_next_look(void **state)
{
	struct rig *r = rig_new(20, 0, false);
	int fd = sockfix_listen("127.0.0.1", 0, 0, 5);
	uint16_t port = sockfix_port(fd);

	(void)state;
	watch(r, PROTO_TCP, fd);
	await_state(r, PROTO_TCP, port, LISTEN_LOOPBACK);
	assert_int_equal(shutdown(fd, SHUT_RDWR), 0);
	await_state(r, PROTO_TCP, port, LISTEN_NOT);
	assert_int_equal(listen_stats(r->w).hints, 0);
	close(fd);
	rig_free(r);
}

/* Connections, refused ones too, on a watched port wake nobody up. */
static void
connections_are_no_hints(void **state)
{
	struct rig *r = rig_new(HOUR_MS, 0, false);
	int fd = sockfix_listen("127.0.0.1", 0, 0, 128);
	uint16_t port = sockfix_port(fd);
	struct listen_stats stats;

	(void)state;
	watch(r, PROTO_TCP, fd);
	await_watched(r, 1);
	for (int i = 0; i < 200; i++) {
		int client = sockfix_connect("127.0.0.1", port, SOCK_STREAM);
		int server = accept(fd, NULL, NULL);

		assert_true(server >= 0);
		close(server);
		close(client);
	}
	close(fd);
	await_state(r, PROTO_TCP, port, LISTEN_NOT);
	stats = listen_stats(r->w);
	assert_int_equal(stats.hints, 1);
	assert_int_equal(stats.relooks, 1);
	rig_free(r);
}

/* More closes at once than events can be kept: the look at all ports makes up for it.
 */
static void
lost_events_are_made_up_for(void **state)
{
	struct rig *r = rig_new(HOUR_MS, 0, false);
	int fd[700];
	size_t n = sizeof(fd) / sizeof(fd[0]);
	struct mono end;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		fd[i] = sockfix_listen("127.0.0.1", 0, 0, 5);
		portset_add(&r->tcp, sockfix_port(fd[i]), sockfix_port(fd[i]));
	}
	listen_set_ports(r->w, &r->tcp, &r->udp);
	await_watched(r, 1);
	assert_int_equal(r->watched->n, n);
	for (size_t i = 0; i < n; i++)
		close(fd[i]);
	end = mono_add_ms(mono_now(), DEADLINE_MS);
	while (r->watched->n != 0) {
		assert_int_equal(loop_turn(r->loop, 100), 0);
		assert_true(mono_before(mono_now(), end));
	}
	/* Coalesced: nothing like a look for each of them. */
	assert_true(listen_stats(r->w).relooks < n / 4);
	rig_free(r);
}

static void
udp_clients_are_no_servers(void **state)
{
	struct rig *r = rig_new(20, 0, false);
	int server = sockfix_udp("127.0.0.1", 0, 0);
	int inside = sockfix_udp_client("127.0.0.1");
	int late;
	int peer = sockfix_connect("127.0.0.1", sockfix_port(server), SOCK_DGRAM);

	(void)state;
	watch(r, PROTO_UDP, server);
	watch(r, PROTO_UDP, inside);
	watch(r, PROTO_UDP, peer);
	await_watched(r, 1);
	assert_int_equal(
	    state_in(r->watched, PROTO_UDP, sockfix_port(server)), LISTEN_LOOPBACK);
	/* It was there when watching began. */
	assert_int_equal(
	    state_in(r->watched, PROTO_UDP, sockfix_port(inside)), LISTEN_LOOPBACK);
	assert_int_equal(
	    state_in(r->watched, PROTO_UDP, sockfix_port(peer)), LISTEN_NOT);
	/* A new socket on the documented port counts from the second look on. */
	uint16_t port = sockfix_port(inside);

	close(inside);
	await_state(r, PROTO_UDP, port, LISTEN_NOT);
	late = sockfix_udp("127.0.0.1", port, 0);
	await_watched(r, 1);
	assert_int_equal(state_in(r->watched, PROTO_UDP, port), LISTEN_NOT);
	await_state(r, PROTO_UDP, port, LISTEN_LOOPBACK);
	close(server);
	close(late);
	close(peer);
	rig_free(r);
}

static bool
client_range_has(uint16_t port)
{
	struct udprule u = { 0 };
	bool has;

	udprule_read_range(&u);
	has = portset_has(&u.ephemeral, port);
	udprule_clear(&u);
	return has;
}

static void
everything_is_listed(void **state)
{
	bool force_proc = *(bool *)*state;
	struct rig *r = rig_new(HOUR_MS, 20, force_proc);
	int tcp = sockfix_listen("127.0.0.1", 0, 0, 5);
	int udp = sockfix_udp("127.0.0.1", 0, 0);
	int client = sockfix_udp_client("127.0.0.1");
	uint16_t tcp_port = sockfix_port(tcp);
	uint16_t udp_port = sockfix_port(udp);
	struct portset none = { 0 };

	listen_set_ports(r->w, &none, &none);
	await_watched(r, 1);
	assert_int_equal(r->watched->n, 0);
	await_all(r, 2);
	assert_int_equal(state_in(r->all, PROTO_TCP, tcp_port), LISTEN_LOOPBACK);
	/* A machine may give clients even these ports. */
	assert_int_equal(state_in(r->all, PROTO_UDP, udp_port),
	    client_range_has(udp_port) ? LISTEN_NOT : LISTEN_LOOPBACK);
	/* Not documented, inside the range, younger than an hour. */
	assert_int_equal(state_in(r->all, PROTO_UDP, sockfix_port(client)), LISTEN_NOT);
	close(tcp);
	close(udp);
	await_all(r, 2);
	assert_int_equal(state_in(r->all, PROTO_TCP, tcp_port), LISTEN_NOT);
	assert_int_equal(state_in(r->all, PROTO_UDP, udp_port), LISTEN_NOT);
	close(client);
	rig_free(r);
}

/* The sliced look sees every socket of many, and again after some have gone. */
static void
everything_in_slices(void **state)
{
	struct rig *r = rig_new(HOUR_MS, 20, false);
	int fd[600];
	size_t n = sizeof(fd) / sizeof(fd[0]);
	uint16_t port[600];

	(void)state;
	for (size_t i = 0; i < n; i++) {
		fd[i] = sockfix_listen("127.0.0.1", 0, 0, 5);
		port[i] = sockfix_port(fd[i]);
	}
	await_all(r, 1);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(state_in(r->all, PROTO_TCP, port[i]), LISTEN_LOOPBACK);
	for (size_t i = 0; i < n; i += 2)
		close(fd[i]);
	await_all(r, 2);
	for (size_t i = 1; i < n; i += 2) {
		assert_int_equal(state_in(r->all, PROTO_TCP, port[i]), LISTEN_LOOPBACK);
		close(fd[i]);
	}
	rig_free(r);
}

static void
rescan_looks_now(void **state)
{
	struct rig *r = rig_new(HOUR_MS, HOUR_MS, false);
	int fd = sockfix_listen("127.0.0.1", 0, 0, 5);
	uint16_t port = sockfix_port(fd);

	(void)state;
	watch(r, PROTO_TCP, fd);
	await_watched(r, 1);
	await_all(r, 1);
	assert_int_equal(shutdown(fd, SHUT_RDWR), 0);
	listen_rescan(r->w);
	await_watched(r, 1);
	await_all(r, 1);
	assert_int_equal(state_in(r->watched, PROTO_TCP, port), LISTEN_NOT);
	close(fd);
	rig_free(r);
}

/* Opens and closes sockets of the port on other addresses, until it is killed. */
static void
neighbours(uint16_t port)
{
	unsigned seed = 1;
	char addr[32];
	int fd[100];

	for (size_t i = 0; i < 100; i++)
		fd[i] = -1;
	for (;;) {
		size_t i = (size_t)rand_r(&seed) % 100;

		if (fd[i] != -1)
			close(fd[i]);
		snprintf(addr, sizeof(addr), "127.0.2.%zu", 1 + i);
		fd[i] = sockfix_udp(addr, port, 0);
	}
}

/*
 * Many sockets in one chain of the kernel's table (UDP hashes by port), of which some
 * come and go all the time: no look leaves out one that stays.
 */
static void
none_is_left_out(void **state)
{
	struct rig *r = rig_new(5, 5, false);
	int fd[400];
	size_t n = sizeof(fd) / sizeof(fd[0]);
	struct mono end;
	uint16_t port;
	char addr[32];
	pid_t child;

	(void)state;
	fd[0] = sockfix_udp("127.0.1.1", 0, 0);
	port = sockfix_port(fd[0]);
	for (size_t i = 1; i < n; i++) {
		snprintf(addr, sizeof(addr), "127.1.%zu.%zu", i / 250, 1 + i % 250);
		fd[i] = sockfix_udp(addr, port, 0);
	}
	watch(r, PROTO_UDP, fd[0]);
	await_all(r, 1);
	await_watched(r, 1);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		neighbours(port);
	}
	end = mono_add_ms(mono_now(), 1000);
	while (mono_before(mono_now(), end)) {
		assert_int_equal(loop_turn(r->loop, 100), 0);
		for (size_t i = 0; i < n; i++) {
			struct listener l = { .protocol = PROTO_UDP, .port = port };

			if (i == 0)
				snprintf(addr, sizeof(addr), "127.0.1.1");
			else
				snprintf(addr, sizeof(addr), "127.1.%zu.%zu", i / 250,
				    1 + i % 250);
			assert_true(addr_parse(addr, &l.addr));
			assert_non_null(listeners_same(r->watched, &l));
			assert_non_null(listeners_same(r->all, &l));
		}
	}
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	for (size_t i = 0; i < n; i++)
		close(fd[i]);
	rig_free(r);
}

/* Without descriptors nothing can be read: that is an error, and not a closed port. */
static void
blind_is_not_closed(void **state)
{
	struct rig *r = rig_new(20, 20, false);
	int fd = sockfix_listen("127.0.0.1", 0, 0, 5);
	uint16_t port = sockfix_port(fd);
	struct rlimit was;
	struct rlimit none;
	struct mono end;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	none = was;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	watch(r, PROTO_TCP, fd);
	await_watched(r, 1);
	assert_int_equal(r->tcp_error, EMFILE);
	assert_int_equal(r->udp_error, 0); /* nothing to look at */
	await_all(r, 1);
	assert_int_equal(r->tcp_error, EMFILE);
	assert_int_equal(r->udp_error, EMFILE);
	assert_string_not_equal(listen_trouble(r->w, PROTO_TCP), "");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	await_state(r, PROTO_TCP, port, LISTEN_LOOPBACK);
	await_all(r, 2);
	assert_int_equal(r->tcp_error, 0);
	assert_int_equal(r->udp_error, 0);
	assert_int_equal(state_in(r->all, PROTO_TCP, port), LISTEN_LOOPBACK);
	/* And the events are back too. */
	close(fd);
	await_state(r, PROTO_TCP, port, LISTEN_NOT);
	end = mono_add_ms(mono_now(), DEADLINE_MS);
	while (listen_stats(r->w).hints == 0) {
		assert_int_equal(loop_turn(r->loop, 100), 0);
		assert_true(mono_before(mono_now(), end));
	}
	rig_free(r);
}

static void
what_cannot_be_read_again_is_shown_as_it_was(void **state)
{
	struct rig *r = rig_new(20, 20, true);
	int fd = sockfix_listen("127.0.0.1", 0, 0, 5);
	uint16_t port = sockfix_port(fd);
	struct rlimit was;
	struct rlimit none;

	(void)state;
	await_all(r, 2);
	assert_int_equal(state_in(r->all, PROTO_TCP, port), LISTEN_LOOPBACK);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	none = was;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	close(fd);
	await_all(r, 2);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	assert_int_not_equal(r->tcp_error, 0);
	assert_int_equal(state_in(r->all, PROTO_TCP, port), LISTEN_LOOPBACK);
	await_all(r, 2);
	assert_int_equal(r->tcp_error, 0);
	assert_int_equal(state_in(r->all, PROTO_TCP, port), LISTEN_NOT);
	rig_free(r);
}

/* The fullness of the accept queue, for the "listens but does not serve" alarms. */
static void
accept_queue_is_reported(void **state)
{
	struct rig *r = rig_new(20, 0, false);
	int fd = sockfix_listen("127.0.0.1", 0, 0, 2);
	uint16_t port = sockfix_port(fd);
	int client[3];
	const struct listener *l;

	(void)state;
	for (int i = 0; i < 3; i++)
		client[i] = sockfix_connect("127.0.0.1", port, SOCK_STREAM);
	watch(r, PROTO_TCP, fd);
	await_state(r, PROTO_TCP, port, LISTEN_LOOPBACK);
	l = &r->watched->v[listeners_find(r->watched, PROTO_TCP, port)];
	/* The kernel takes one more than the backlog. */
	assert_int_equal(l->queue, 3);
	assert_int_equal(l->queue_limit, 2);
	for (int i = 0; i < 3; i++)
		close(client[i]);
	close(fd);
	rig_free(r);
}

int
main(void)
{
	static bool netlink = false;
	static bool proc = true;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(opening_and_closing_are_seen, &netlink),
		cmocka_unit_test_prestate(opening_and_closing_are_seen, &proc),
		cmocka_unit_test(a_close_is_told_at_once),
		cmocka_unit_test(no_report_before_the_first_look),
		cmocka_unit_test(hand_over_shows_no_gap),
		cmocka_unit_test(inherited_descriptor),
		cmocka_unit_test(shutdown_is_seen_by_the_next_look),
		cmocka_unit_test(connections_are_no_hints),
		cmocka_unit_test(lost_events_are_made_up_for),
		cmocka_unit_test(udp_clients_are_no_servers),
		cmocka_unit_test_prestate(everything_is_listed, &netlink),
		cmocka_unit_test_prestate(everything_is_listed, &proc),
		cmocka_unit_test(everything_in_slices),
		cmocka_unit_test(rescan_looks_now),
		cmocka_unit_test(none_is_left_out),
		cmocka_unit_test(blind_is_not_closed),
		cmocka_unit_test(what_cannot_be_read_again_is_shown_as_it_was),
		cmocka_unit_test(accept_queue_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
