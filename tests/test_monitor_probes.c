/* The monitor and its probes: what a reload keeps, ranges, orders. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "monitor/learnt.h"
#include "model/reason.h"
#include "monitor_rig.h"
#include "planfix.h"

#define UNTIL MONITOR_RIG_UNTIL

/* One service on a host that is looked at from here, on the rig's port and so many
 * after it, all of which must be open. */
static struct plan *
far_plan(const struct monitor_rig *r, unsigned others, const char *more)
{
	char services[256];
	char site[512];

	snprintf(services, sizeof(services), "1 web tcp %u-%u client server%s", r->port,
	    r->port + others, others > 0 ? " policy = 'every';" : "");
	snprintf(site, sizeof(site),
	    "hold = 0; interval = 60; timeout-ms = 500; hosts = ( { name = 'here'; "
	    "local = true; roles = ['app:client']; }, { name = 'far'; id = 2; "
	    "address = '127.0.0.1'; roles = ['app:server']; } ); %s",
	    more);
	return planfix(services, site);
}

static struct plan *
asking(const char *payload)
{
	char site[512];

	snprintf(site, sizeof(site),
	    "hosts = ( { name = 'here'; local = true; roles = ['app:client']; }, { "
	    "name = 'far'; id = 2; address = '127.0.0.1'; roles = ['app:server']; } ); "
	    "overrides = ( { service = 'app/*'; payload = '%s'; } );",
	    payload);
	return planfix("1 own udp 4000 client server", site);
}

/* Who answers one question need not answer another. */
static void
an_answer_is_remembered_with_its_question(void **state)
{
	struct plan *ping = asking("text:PING"), *again = asking("hex:50494e47"),
		    *pong = asking("text:PONG");
	struct learnt *l = learnt_new(NULL);

	(void)state;
	assert_int_equal(ping->nendpoints, 1);
	assert_false(learnt_has(l, ping, 0));
	learnt_add(l, ping, 0);
	assert_true(learnt_has(l, ping, 0));
	assert_true(learnt_has(l, again, 0));
	assert_false(learnt_has(l, pong, 0));
	learnt_free(l);
	plan_unref(ping);
	plan_unref(again);
	plan_unref(pong);
}

static void
turn_for(struct monitor_rig *r, int seconds)
{
	struct mono end = mono_add_s(mono_now(), seconds);

	while (mono_before(mono_now(), end))
		monitor_rig_turn(r);
}

static void
a_reload_probes_nothing_anew(void **state)
{
	struct monitor_rig *r = *state;
	struct plan *again = far_plan(r, 0, "");

	monitor_rig_watch(r, far_plan(r, 0, ""));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
	assert_int_equal(r->store.rows[0].attempts, 1);
	monitor_set_plan(r->monitor, again);
	UNTIL(r, r->store.plan == again);
	plan_unref(again);
	turn_for(r, 2);
	assert_int_equal(r->store.rows[0].attempts, 1);
	assert_int_equal(r->store.rows[0].verdict, VERDICT_COMPLIANT);
}

static void
a_disabled_row_stays_so(void **state)
{
	struct monitor_rig *r = *state;
	struct plan *again = far_plan(r, 0, "probe = { per-host = 3; };");
	struct command off = { COMMAND_ADMIN, 0, 7, 1, 2 };
	struct command now = { COMMAND_PROBE_NOW, 1, 0, 0, 0 };

	monitor_rig_watch(r, far_plan(r, 0, ""));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
	assert_true(feed_command(r->feed, &off));
	UNTIL(r, (r->store.rows[0].flags & ROW_DISABLED) != 0);
	monitor_set_plan(r->monitor, again); /* and the prober is another one */
	UNTIL(r, r->store.plan == again);
	plan_unref(again);
	assert_true(feed_command(r->feed, &now));
	turn_for(r, 2);
	assert_int_equal(r->store.rows[0].attempts, 1);
	off.value = 1;
	assert_true(feed_command(r->feed, &off));
	UNTIL(r, r->store.rows[0].attempts == 2);
}

/* Listens on the two ports after the rig's, which moves until they are free. */
static void
listen_behind(struct monitor_rig *r, int fds[2])
{
	uint16_t next = (uint16_t)(r->port + 1), third = (uint16_t)(r->port + 2);
	int had = r->listener;

	fds[0] = monitor_rig_listen_on(next);
	fds[1] = monitor_rig_listen_on(third);
	if (fds[0] >= 0 && fds[1] >= 0)
		return;
	for (int i = 0; i < 2; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
	r->port = 0;
	r->listener = monitor_rig_listen(&r->port);
	close(had);
	listen_behind(r, fds);
}

/* The probes of a range end one by one: what was not looked at yet is not closed. */
static void
a_range_is_judged_when_all_of_it_was_seen(void **state)
{
	struct monitor_rig *r = *state;
	int fds[2];

	listen_behind(r, fds);
	monitor_rig_watch(r, far_plan(r, 2, ""));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
	assert_int_equal(r->store.rows[0].transitions, 0);
	assert_int_equal(r->store.rows[0].open_ports, 3);
	assert_null(r->store.rows[0].detail); /* all of them: no words are kept */
	close(fds[0]);
	close(fds[1]);
	assert_int_equal(r->nevents, 0);
}

/* Which of the range is open is said in words. */
static void
the_open_ports_of_a_remote_range_are_named(void **state)
{
	struct monitor_rig *r = *state;
	char text[64];

	monitor_rig_watch(r, far_plan(r, 2, ""));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_CLOSED_REQUIRED));
	assert_int_equal(r->store.rows[0].connect, CONNECT_PARTIAL);
	assert_int_equal(r->store.rows[0].open_ports, 1);
	snprintf(text, sizeof(text), "%u", r->port);
	assert_string_equal(r->store.rows[0].detail->open_ports, text);
	UNTIL(r, r->nevents == 1);
	assert_int_equal(r->events[0].connect, CONNECT_PARTIAL);
}

/* Seen from another host, one open port of a local range is one too many. */
static void
a_local_range_is_exposed_by_one_port(void **state)
{
	struct monitor_rig *r = *state;
	char services[256];

	snprintf(services, sizeof(services),
	    "1 web tcp %u-%u client server scope = 'local'; policy = 'every';", r->port,
	    r->port + 1);
	monitor_rig_watch(
	    r, planfix(services,
		   "hold = 0; timeout-ms = 500; hosts = ( { name = 'here'; "
		   "local = true; roles = ['app:client']; }, { name = 'far'; id = 2; "
		   "address = '127.0.0.1'; roles = ['app:server']; } );"));
	UNTIL(r, r->store.rows != NULL && r->store.rows[0].reason != REASON_NOT_YET);
	assert_int_equal(r->store.rows[0].verdict, VERDICT_OPEN_FORBIDDEN);
	assert_int_equal(r->store.rows[0].open_ports, 1);
	UNTIL(r, r->nevents == 1);
	assert_int_equal(r->events[0].number, EVENT_FORBIDDEN_OPEN);
}

/* svcPortProbeError says what is wrong with a port that is open. */
static void
an_open_port_without_tls_has_an_error(void **state)
{
	struct monitor_rig *r = *state;

	monitor_rig_watch(
	    r, far_plan(r, 0, "overrides = ( { service = '*'; method = 'tls'; } );"));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_NOT_ENCRYPTED));
	assert_int_equal(r->store.rows[0].connect, CONNECT_OPEN);
	assert_non_null(r->store.rows[0].detail);
	assert_non_null(strstr(r->store.rows[0].detail->error, "TLS"));
}

/* One port of the range is all that is wanted: that another is closed is no error. */
static void
an_open_range_has_no_error(void **state)
{
	struct monitor_rig *r = *state;
	char services[256];

	snprintf(services, sizeof(services),
	    "1 web tcp %u-%u client server policy = 'any';", r->port, r->port + 1);
	monitor_rig_watch(r,
	    planfix(services, "hold = 0; interval = 1; timeout-ms = 500; hosts = ( { "
			      "name = 'here'; local = true; roles = ['app:client']; }, "
			      "{ name = 'far'; id = 2; address = '127.0.0.1'; "
			      "roles = ['app:server']; } );"));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
	UNTIL(r, r->store.rows[0].attempts >= 3);
	assert_int_equal(r->store.rows[0].open_ports, 1);
	assert_string_equal(r->store.rows[0].detail->error, "");
}

/* `svcport check NAME` bothers nobody else; what is judged together is looked at
 * together. */
static void
one_look_is_for_what_was_asked(void **state)
{
	struct monitor_rig *r = *state;
	bool only[3] = { false, true, false };
	struct monitor_config mc = { .loop = r->loop, .once = true, .only = only };
	struct plan *plan;
	struct monitor *m;
	char services[256];

	snprintf(services, sizeof(services),
	    "1 a tcp %u client server\n"
	    "2 b tcp %u client server alternative = 'x';\n"
	    "3 c tcp %u client server alternative = 'x';\n",
	    r->port, r->port + 1, r->port + 2);
	plan = planfix(services, "hosts = ( { name = 'here'; local = true; roles = "
				 "['app:client']; }, { name = 'far'; id = 2; address = "
				 "'127.0.0.1'; roles = ['app:server']; } );");
	m = monitor_new(&mc, plan);
	assert_non_null(m);
	while (!monitor_complete(m))
		assert_int_equal(loop_turn(r->loop, 50), 0);
	assert_int_equal(monitor_row(m, 0)->attempts, 0);
	assert_int_equal(monitor_row(m, 1)->attempts, 1);
	assert_int_equal(monitor_row(m, 2)->attempts, 1);
	monitor_free(m);
	plan_unref(plan);
}

/* ---- UDP: what answered once */

static bool talkative;

static void
on_datagram(void *arg, int fd, unsigned events)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char buf[512];
	ssize_t n = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len);

	(void)arg;
	(void)events;
	if (talkative && n >= 0)
		(void)!sendto(fd, "yes", 3, 0, (struct sockaddr *)&from, len);
}

static struct plan *
udp_plan(uint16_t port, const char *more)
{
	char services[256];
	char site[512];

	snprintf(services, sizeof(services),
	    "1 talk udp %u client server payload = 'text:hello';", port);
	snprintf(site, sizeof(site),
	    "hold = 0; interval = 1; timeout-ms = 100; hosts = ( { name = 'here'; "
	    "local = true; roles = ['app:client']; }, { name = 'far'; id = 2; "
	    "address = '127.0.0.1'; roles = ['app:server']; } ); %s",
	    more);
	return planfix(services, site);
}

static int
udp_server(struct monitor_rig *r, uint16_t *port, struct loop_fd **handle)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	*port = ntohs(sin.sin_port);
	*handle = loop_fd_add(r->loop, fd, LOOP_READ, on_datagram, NULL);
	assert_non_null(*handle);
	return fd;
}

static bool
is_seen(const struct monitor_rig *r, enum connect_state state, enum verdict verdict)
{
	return r->store.plan != NULL && r->store.rows[0].connect == state &&
	       r->store.rows[0].verdict == verdict;
}
#define SILENT_IS_FINE(r) is_seen((r), CONNECT_OPEN_OR_FILTERED, VERDICT_NOT_EVALUATED)

static void
restart(struct monitor_rig *r, struct plan *plan)
{
	monitor_rig_unwatch(r);
	store_clear(&r->store);
	monitor_rig_watch(r, plan);
}

static void
reload(struct monitor_rig *r, struct plan *plan)
{
	monitor_set_plan(r->monitor, plan);
	UNTIL(r, r->store.plan == plan);
	plan_unref(plan);
}

/* Whoever answered once is expected to, also by the next process. */
static void
an_answer_is_remembered_across_a_restart(void **state)
{
	struct monitor_rig *r = *state;
	struct loop_fd *handle;
	uint16_t port;
	int fd = udp_server(r, &port, &handle);

	talkative = false;
	monitor_rig_watch(r, udp_plan(port, ""));
	UNTIL(r, SILENT_IS_FINE(r));
	talkative = true;
	UNTIL(r, is_seen(r, CONNECT_OPEN, VERDICT_COMPLIANT));
	talkative = false;
	restart(r, udp_plan(port, ""));
	UNTIL(r, is_seen(r, CONNECT_FILTERED, VERDICT_CLOSED_REQUIRED));

	/* Unless the site says that silence is fine; then it is forgotten, too. */
	reload(r, udp_plan(port, "overrides = ( { service = 'app/talk'; "
				 "expect-reply = false; } );"));
	UNTIL(r, SILENT_IS_FINE(r));
	restart(r, udp_plan(port, ""));
	UNTIL(r, SILENT_IS_FINE(r));
	loop_fd_del(handle);
	close(fd);
}

static struct plan *
udp_range(uint16_t port, const char *policy)
{
	char services[256];

	snprintf(services, sizeof(services),
	    "1 talk udp %u-%u client server policy = '%s'; payload = 'text:hello';",
	    port, port + 1, policy);
	return planfix(services,
	    "hold = 0; interval = 1; timeout-ms = 100; hosts = ( { name = 'here'; "
	    "local = true; roles = ['app:client']; }, { name = 'far'; id = 2; "
	    "address = '127.0.0.1'; roles = ['app:server']; } );");
}

/* Bound to the port behind another; -1 when somebody else has it. */
static int
udp_after(uint16_t port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)(port + 1)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* One that may be open, or may be closed, is no proof, whatever the others are. */
static void
a_silent_port_decides_where_the_others_do_not(void **state)
{
	struct monitor_rig *r = *state;
	struct loop_fd *handle;
	uint16_t port;
	int fd, next;

	talkative = false;
	while (fd = udp_server(r, &port, &handle), (next = udp_after(port)) < 0) {
		loop_fd_del(handle);
		close(fd);
	}
	close(next);
	/* The second is refused. */
	monitor_rig_watch(r, udp_range(port, "any"));
	UNTIL(r, r->store.plan != NULL && r->store.rows[0].attempts > 1);
	assert_true(SILENT_IS_FINE(r));
	/* The first answers, the second is silent. */
	next = udp_after(port);
	assert_true(next >= 0);
	talkative = true;
	restart(r, udp_range(port, "every"));
	UNTIL(r, r->store.plan != NULL && r->store.rows[0].attempts > 1);
	assert_true(SILENT_IS_FINE(r));
	assert_int_equal(r->store.rows[0].open_ports, 1);
	assert_int_equal(r->nevents, 0);
	/* The second is refused: that is proof. */
	close(next);
	UNTIL(r, is_seen(r, CONNECT_PARTIAL, VERDICT_CLOSED_REQUIRED));
	loop_fd_del(handle);
	close(fd);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, monitor_rig_setup, monitor_rig_teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_remembered_with_its_question),
		TEST(a_reload_probes_nothing_anew),
		TEST(a_disabled_row_stays_so),
		TEST(a_range_is_judged_when_all_of_it_was_seen),
		TEST(the_open_ports_of_a_remote_range_are_named),
		TEST(a_local_range_is_exposed_by_one_port),
		TEST(an_open_port_without_tls_has_an_error),
		TEST(an_open_range_has_no_error),
		TEST(one_look_is_for_what_was_asked),
		TEST(an_answer_is_remembered_across_a_restart),
		TEST(a_silent_port_decides_where_the_others_do_not),
	};

	log_open("test_monitor_probes", true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
