#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe_rig.h"

static const struct probe_config plain = { .concurrency = 64 };

/* A UDP server on the rig's loop, which makes its answer from the question. */
struct server {
	int fd, other; /* the second is another port to answer from */
	uint16_t port;
	unsigned ignore; /* so many questions first */
	unsigned asked;
	size_t (*answer)(uint8_t *bytes, size_t len);
	bool from_other;
};

static void
on_question(void *arg, int fd, unsigned events)
{
	struct server *s = arg;
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	uint8_t bytes[2048];
	ssize_t n = recvfrom(fd, bytes, sizeof(bytes), MSG_DONTWAIT,
	    (struct sockaddr *)&from, &from_len);

	(void)events;
	if (n < 0 || s->asked++ < s->ignore || s->answer == NULL)
		return;
	n = (ssize_t)s->answer(bytes, (size_t)n);
	(void)sendto(s->from_other ? s->other : fd, bytes, (size_t)n, 0,
	    (struct sockaddr *)&from, from_len);
}

static int
udp_socket(const char *address, uint16_t *port)
{
	struct addr a;
	struct sockaddr_storage sa;
	socklen_t len;
	int fd;

	assert_true(addr_parse(address, &a));
	len = addr_sockaddr(&a, 0, &sa);
	fd = socket(a.family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sa, &len), 0);
	*port = ntohs(((struct sockaddr_in *)&sa)->sin_port);
	return fd;
}

static void
serve(struct server *s, struct rig *rig, const char *address)
{
	uint16_t other;

	s->fd = udp_socket(address, &s->port);
	s->other = udp_socket(address, &other);
	assert_non_null(loop_fd_add(rig->loop, s->fd, LOOP_READ, on_question, s));
}

static void
stop_server(struct server *s)
{
	close(s->fd);
	close(s->other);
}

static uint32_t
ask(struct rig *rig, const char *address, uint16_t port, enum payload_kind kind,
    uint32_t timeout_ms)
{
	uint16_t host = rig_host(rig, address);
	uint16_t spec = rig_spec(rig, METHOD_UDP, PROTO_UDP, timeout_ms);

	rig->plan.specs[spec].payload.kind = kind;
	return rig_endpoint(rig, host, spec, port, 60);
}

static void
assert_result(const struct rig *rig, uint32_t id, enum connect_state state,
    enum reason reason, bool answered)
{
	assert_int_equal(rig->results[id].reason, reason);
	assert_int_equal(rig->results[id].state, state);
	assert_int_equal(rig->results[id].answered, answered);
}

static size_t
echo(uint8_t *bytes, size_t len)
{
	(void)bytes;
	return len;
}

static size_t
answer_ntp(uint8_t *bytes, size_t len)
{
	memmove(bytes + 24, bytes + 40, 8);
	bytes[0] = 0x24;
	return len;
}

static size_t
answer_dns(uint8_t *bytes, size_t len)
{
	bytes[2] |= 0x80;
	return len;
}

static size_t
answer_tftp(uint8_t *bytes, size_t len)
{
	(void)len;
	memcpy(bytes, "\0\5\0\1no", 7);
	return 7;
}

static void
an_answer_is_open(void **state)
{
	static const char *const addresses[] = { "127.0.0.1", "::1" };
	struct server s[2] = { { .answer = answer_ntp }, { .answer = answer_dns } };
	struct rig rig;

	(void)state;
	rig_open(&rig, &plain);
	for (int i = 0; i < 2; i++) {
		serve(&s[i], &rig, addresses[i]);
		ask(&rig, addresses[i], s[i].port, i ? PAYLOAD_DNS : PAYLOAD_NTP, 2000);
	}
	rig_go(&rig);
	assert_true(rig_until(&rig, 2, 5000));
	for (uint32_t i = 0; i < 2; i++) {
		assert_result(&rig, i, CONNECT_OPEN, REASON_ANSWERED, true);
		assert_in_range(rig.results[i].rtt_us, 1, 2000000);
		stop_server(&s[i]);
	}
	rig_close(&rig);
}

static void
port_unreachable_is_closed(void **state)
{
	static const char *const addresses[] = { "127.0.0.1", "::1" };
	struct rig rig;

	(void)state;
	rig_open(&rig, &plain);
	for (int i = 0; i < 2; i++)
		ask(&rig, addresses[i], rig_free_port(addresses[i], SOCK_DGRAM),
		    PAYLOAD_NONE, 2000);
	rig_go(&rig);
	assert_true(rig_until(&rig, 2, 5000));
	for (uint32_t i = 0; i < 2; i++) {
		assert_result(&rig, i, CONNECT_CLOSED, REASON_REFUSED, true);
		assert_int_equal(rig.results[i].error, ECONNREFUSED);
	}
	rig_close(&rig);
}

/* Silence means nothing, unless an answer is expected, or came before. */
static void
silence_is_not_open(void **state)
{
	struct server s = { .answer = NULL };
	struct rig rig;
	uint32_t expecting;

	(void)state;
	rig_open(&rig, &plain);
	serve(&s, &rig, "127.0.0.1");
	ask(&rig, "127.0.0.1", s.port, PAYLOAD_NONE, 200);
	expecting = ask(&rig, "127.0.0.2", s.port, PAYLOAD_NONE, 200);
	stop_server(&s);
	s.fd = udp_socket("127.0.0.2", &s.port); /* bound, never read */
	rig.plan.endpoints[expecting].port = s.port;
	s.other = udp_socket("127.0.0.1", &s.port);
	rig.plan.endpoints[0].port = s.port;
	rig.plan.specs[1].expect_reply = true;
	rig_go(&rig);
	assert_true(rig_until(&rig, 2, 5000));
	assert_result(&rig, 0, CONNECT_OPEN_OR_FILTERED, REASON_SILENT, false);
	assert_int_equal(rig.results[0].rtt_us, 0);
	assert_result(&rig, expecting, CONNECT_FILTERED, REASON_SILENT_EXPECTED, false);
	stop_server(&s);
	rig_close(&rig);
}

static void
who_answered_once_is_expected_to(void **state)
{
	struct server s = { .answer = echo };
	struct rig rig;

	(void)state;
	rig_open(&rig, &plain);
	serve(&s, &rig, "127.0.0.1");
	ask(&rig, "127.0.0.1", s.port, PAYLOAD_NONE, 200);
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 5000));
	assert_result(&rig, 0, CONNECT_OPEN, REASON_ANSWERED, true);
	s.answer = NULL;
	rig_go(&rig); /* and that survives a reload */
	probe_engine_now(rig.engine, 0);
	assert_true(rig_until(&rig, 2, 5000));
	assert_result(&rig, 0, CONNECT_FILTERED, REASON_SILENT_EXPECTED, false);
	stop_server(&s);
	rig_close(&rig);
}

static void
a_lost_datagram_is_asked_again(void **state)
{
	struct server s = { .answer = answer_dns, .ignore = 2 };
	struct rig rig;

	(void)state;
	rig_open(&rig, &plain);
	serve(&s, &rig, "127.0.0.1");
	ask(&rig, "127.0.0.1", s.port, PAYLOAD_DNS, 2000);
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 5000));
	assert_result(&rig, 0, CONNECT_OPEN, REASON_ANSWERED, true);
	assert_int_equal(s.asked, 3);
	stop_server(&s);
	rig_close(&rig);
}

static void
something_else_answers(void **state)
{
	struct server s = { .answer = echo };
	struct rig rig;

	(void)state;
	rig_open(&rig, &plain);
	serve(&s, &rig, "127.0.0.1");
	ask(&rig, "127.0.0.1", s.port, PAYLOAD_NTP, 200);
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 5000));
	assert_result(&rig, 0, CONNECT_CLOSED, REASON_BAD_REPLY, true);
	stop_server(&s);
	rig_close(&rig);
}

static void
a_pattern_is_looked_for(void **state)
{
	struct server s = { .answer = echo };
	uint8_t ping[] = { 'p', 'i', 'n', 'g' };
	struct rig rig;

	(void)state;
	rig_open(&rig, &plain);
	serve(&s, &rig, "127.0.0.1");
	ask(&rig, "127.0.0.1", s.port, PAYLOAD_BYTES, 200);
	ask(&rig, "127.0.0.1", s.port, PAYLOAD_BYTES, 200);
	for (int i = 0; i < 2; i++) {
		rig.plan.specs[i].payload.bytes = ping;
		rig.plan.specs[i].payload.len = 4;
		rig.plan.specs[i].reply = i ? "pong" : "hex:696e67";
	}
	rig_go(&rig);
	assert_true(rig_until(&rig, 2, 5000));
	assert_result(&rig, 0, CONNECT_OPEN, REASON_ANSWERED, true);
	assert_result(&rig, 1, CONNECT_CLOSED, REASON_BAD_REPLY, true);
	stop_server(&s);
	rig_close(&rig);
}

/* TFTP answers from another port, as its RFC demands. */
static void
tftp_moves_its_port(void **state)
{
	struct server s = { .answer = answer_tftp, .from_other = true };
	struct rig rig;

	(void)state;
	rig_open(&rig, &plain);
	serve(&s, &rig, "127.0.0.1");
	ask(&rig, "127.0.0.1", s.port, PAYLOAD_TFTP, 2000);
	ask(&rig, "127.0.0.1", rig_free_port("127.0.0.1", SOCK_DGRAM), PAYLOAD_TFTP,
	    2000);
	rig_go(&rig);
	assert_true(rig_until(&rig, 2, 5000));
	assert_result(&rig, 0, CONNECT_OPEN, REASON_ANSWERED, true);
	assert_result(&rig, 1, CONNECT_CLOSED, REASON_REFUSED, true);
	stop_server(&s);
	rig_close(&rig);
}

static void
what_is_off_sends_nothing(void **state)
{
	struct server s = { .answer = echo };
	struct rig rig;

	(void)state;
	rig_open(&rig, &plain);
	serve(&s, &rig, "127.0.0.1");
	ask(&rig, "127.0.0.1", s.port, PAYLOAD_OFF, 200);
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 5000));
	assert_result(&rig, 0, CONNECT_UNKNOWN, REASON_PAYLOAD_OFF, false);
	rig_for(&rig, 100);
	assert_int_equal(s.asked, 0);
	stop_server(&s);
	rig_close(&rig);
}

static void
a_secret_that_is_not_there(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, &plain);
	ask(&rig, "127.0.0.1", 1812, PAYLOAD_RADIUS, 200);
	rig.plan.specs[0].secret_file = "/nonexistent/secret";
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 5000));
	assert_result(&rig, 0, CONNECT_PROBE_ERROR, REASON_SECRET_FILE, false);
	assert_int_equal(rig.results[0].error, ENOENT);
	rig_close(&rig);
}

/* One that is cut off would be another one, and no answer the server's fault. */
static void
a_secret_that_is_too_long(void **state)
{
	struct rig rig;
	char file[] = "/tmp/svcport-secret.XXXXXX";
	int fd = mkstemp(file);

	(void)state;
	assert_true(fd >= 0);
	rig_open(&rig, &plain);
	ask(&rig, "127.0.0.1", 1812, PAYLOAD_RADIUS, 200);
	rig.plan.specs[0].secret_file = file;
	for (int i = 0; i < 256; i++)
		assert_int_equal(write(fd, "s", 1), 1);
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 5000));
	assert_result(&rig, 0, CONNECT_PROBE_ERROR, REASON_SECRET_FILE, false);
	assert_int_equal(rig.results[0].error, EMSGSIZE);
	/* The longest, at a port that nobody listens on. */
	assert_int_equal(ftruncate(fd, 255), 0);
	probe_engine_all_now(rig.engine);
	assert_true(rig_until(&rig, 2, 5000));
	assert_int_not_equal(rig.results[0].reason, REASON_SECRET_FILE);
	close(fd);
	unlink(file);
	rig_close(&rig);
}

/* A host may send one port unreachable a second: of ten closed ports five are asked at
 * once, the others one by one. */
static void
one_host_is_paced(void **state)
{
	struct mono begin;
	struct rig rig;
	uint16_t host, spec;

	(void)state;
	rig_open(&rig, &plain);
	host = rig_host(&rig, "127.0.0.1");
	spec = rig_spec(&rig, METHOD_UDP, PROTO_UDP, 500);
	for (int i = 0; i < 8; i++)
		rig_endpoint(&rig, host, spec, (uint16_t)(1 + i), 3600);
	rig_go(&rig);
	probe_engine_all_now(rig.engine);
	begin = mono_now();
	assert_true(rig_until(&rig, 5, 5000));
	assert_true(rig_until(&rig, 8, 20000));
	assert_true(mono_diff_ms(mono_now(), begin) >= 2500);
	for (uint32_t i = 0; i < 8; i++)
		assert_int_equal(rig.counts[i], 1);
	rig_close(&rig);
}

/* More ports than turns in a round: that it takes longer is said, and by how much. */
static void
a_round_that_does_not_fit_lags(void **state)
{
	struct rig rig;
	uint16_t host, spec, port;

	(void)state;
	rig_open(&rig, &plain);
	host = rig_host(&rig, "127.0.0.1");
	spec = rig_spec(&rig, METHOD_UDP, PROTO_UDP, 200);
	rig.plan.specs[spec].payload.kind = PAYLOAD_NONE;
	port = rig_free_port("127.0.0.1", SOCK_DGRAM);
	for (uint16_t i = 0; i < 20; i++)
		rig_endpoint(&rig, host, spec, (uint16_t)(port + i), 8);
	rig_go(&rig);
	assert_int_equal(probe_engine_lag(rig.engine), 0);
	rig_for(&rig, 2000); /* all are due, five were asked at once */
	assert_in_range(probe_engine_lag(rig.engine), 2, 7);
	rig_close(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_open),
		cmocka_unit_test(port_unreachable_is_closed),
		cmocka_unit_test(silence_is_not_open),
		cmocka_unit_test(who_answered_once_is_expected_to),
		cmocka_unit_test(a_lost_datagram_is_asked_again),
		cmocka_unit_test(something_else_answers),
		cmocka_unit_test(a_pattern_is_looked_for),
		cmocka_unit_test(tftp_moves_its_port),
		cmocka_unit_test(what_is_off_sends_nothing),
		cmocka_unit_test(a_secret_that_is_not_there),
		cmocka_unit_test(a_secret_that_is_too_long),
		cmocka_unit_test(one_host_is_paced),
		cmocka_unit_test(a_round_that_does_not_fit_lags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
