#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe_rig.h"

static const struct probe_config plain = { .concurrency = 8 };

/* A TCP server on the rig's loop: greets, collects what the client says, and hangs up
 * when it has heard `until`. */
struct server {
	struct rig rig;
	int fd, conn;
	uint16_t port;
	struct loop_fd *watch;
	const char *first, *second; /* the greeting in two pieces */
	bool hang_up;               /* at once, after the greeting */
	const char *until;
	char heard[256];
	size_t len;
	bool reset;   /* the client reset the connection */
	bool reached; /* the client hung up */
};

static void
on_data(void *arg, int fd, unsigned events)
{
	struct server *s = arg;
	ssize_t n = recv(
	    fd, s->heard + s->len, sizeof(s->heard) - 1 - s->len, MSG_DONTWAIT);

	(void)events;
	if (n > 0) {
		s->len += (size_t)n;
		if (s->until == NULL ||
		    memmem(s->heard, s->len, s->until, strlen(s->until)) == NULL)
			return;
		(void)send(fd, "221 bye\r\n", 9, MSG_NOSIGNAL);
	}
	s->reset = n < 0 && errno == ECONNRESET;
	s->reached = n == 0;
	loop_fd_del(s->watch);
	close(fd);
	s->conn = -1;
}

static void
on_connection(void *arg, int fd, unsigned events)
{
	struct server *s = arg;

	(void)events;
	s->conn = accept(fd, NULL, NULL);
	assert_true(s->conn >= 0);
	if (s->first != NULL)
		(void)send(s->conn, s->first, strlen(s->first), MSG_NOSIGNAL);
	if (s->second != NULL) {
		loop_turn(s->rig.loop, 20);
		(void)send(s->conn, s->second, strlen(s->second), MSG_NOSIGNAL);
	}
	if (s->hang_up) {
		close(s->conn);
		s->conn = -1;
		return;
	}
	s->watch = loop_fd_add(s->rig.loop, s->conn, LOOP_READ, on_data, s);
}

static const struct probe_result *
probe(struct server *s, uint32_t timeout_ms)
{
	s->conn = -1;
	s->fd = rig_listen("127.0.0.1", &s->port, 4);
	rig_open(&s->rig, &plain);
	assert_non_null(loop_fd_add(s->rig.loop, s->fd, LOOP_READ, on_connection, s));
	rig_endpoint(&s->rig, rig_host(&s->rig, "127.0.0.1"),
	    rig_spec(&s->rig, METHOD_GREETING, PROTO_TCP, timeout_ms), s->port, 60);
	rig_go(&s->rig);
	assert_true(rig_until(&s->rig, 1, 10000));
	for (int i = 0; i < 50 && s->conn >= 0; i++)
		rig_for(&s->rig, 20);
	return &s->rig.results[0];
}

static void
stop_server(struct server *s)
{
	if (s->conn >= 0)
		close(s->conn);
	close(s->fd);
	rig_close(&s->rig);
}

static void
a_mail_server_hears_quit(void **state)
{
	struct server s = { .first = "220-mail.example\r\n",
		.second = "220 ready\r\n",
		.until = "QUIT\r\n" };
	const struct probe_result *r = probe(&s, 4000);

	(void)state;
	assert_int_equal(r->state, CONNECT_OPEN);
	assert_int_equal(r->reason, REASON_GREETING);
	assert_true(r->answered);
	assert_true(r->rtt_us > 0);
	assert_string_equal(s.heard, "QUIT\r\n");
	assert_false(s.reset);
	stop_server(&s);
}

static void
an_ssh_server_hears_disconnect(void **state)
{
	struct server s = { .first = "SSH-2.0-OpenSSH_9.2p1\r\n", .until = "SSH-2.0-" };
	const struct probe_result *r = probe(&s, 4000);

	(void)state;
	assert_int_equal(r->reason, REASON_GREETING);
	assert_memory_equal(s.heard, "SSH-2.0-svcport\r\n", 17);
	assert_int_equal(s.len, 17 + 24);
	stop_server(&s);
}

/* To somebody unknown nothing is said, and the connection is closed in order. */
static void
a_stranger_hears_nothing(void **state)
{
	struct server s = { .first = "welcome to my own protocol\n" };
	const struct probe_result *r = probe(&s, 4000);

	(void)state;
	assert_int_equal(r->state, CONNECT_OPEN);
	assert_int_equal(r->reason, REASON_GREETING);
	assert_int_equal(s.len, 0);
	assert_true(s.reached);
	assert_false(s.reset);
	stop_server(&s);
}

static void
a_silent_server_is_open_without_greeting(void **state)
{
	struct server s = { .first = NULL };
	const struct probe_result *r = probe(&s, 200);

	(void)state;
	assert_int_equal(r->state, CONNECT_OPEN);
	assert_int_equal(r->reason, REASON_NO_GREETING);
	assert_int_equal(r->error, ETIMEDOUT);
	stop_server(&s);
}

static void
a_server_that_hangs_up(void **state)
{
	struct server silent = { .hang_up = true };
	struct server polite = { .first = "421 too many connections\r\n",
		.hang_up = true };
	const struct probe_result *r = probe(&silent, 4000);

	(void)state;
	assert_int_equal(r->state, CONNECT_OPEN);
	assert_int_equal(r->reason, REASON_NO_GREETING);
	stop_server(&silent);
	r = probe(&polite, 4000);
	assert_int_equal(r->state, CONNECT_OPEN);
	assert_int_equal(r->reason, REASON_GREETING);
	stop_server(&polite);
}

static void
refused_is_refused(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, &plain);
	rig_endpoint(&rig, rig_host(&rig, "127.0.0.1"),
	    rig_spec(&rig, METHOD_GREETING, PROTO_TCP, 1000),
	    rig_free_port("127.0.0.1", SOCK_STREAM), 60);
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 5000));
	assert_int_equal(rig.results[0].state, CONNECT_CLOSED);
	assert_int_equal(rig.results[0].reason, REASON_REFUSED);
	rig_close(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mail_server_hears_quit),
		cmocka_unit_test(an_ssh_server_hears_disconnect),
		cmocka_unit_test(a_stranger_hears_nothing),
		cmocka_unit_test(a_silent_server_is_open_without_greeting),
		cmocka_unit_test(a_server_that_hangs_up),
		cmocka_unit_test(refused_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
