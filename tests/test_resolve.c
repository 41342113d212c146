#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "resolve.h"

/* ---- a name server of our own, on the same loop */

struct record {
	const char *name;
	int rcode;         /* 0, 2 server failure, 3 no such name; -1: no answer */
	const char *v4[6]; /* A records */
	const char *v6[2]; /* AAAA */
	uint32_t ttl;
};

static struct {
	struct loop *loop;
	int fd;
	struct addr addr;
	uint16_t port;
	struct record records[8];
	size_t nrecords;
	unsigned asked; /* questions for A */
} dns;

static size_t
put(uint8_t *at, const void *bytes, size_t len)
{
	memcpy(at, bytes, len);
	return len;
}

static size_t
answer_record(uint8_t *at, uint16_t type, const char *text, uint32_t ttl)
{
	uint8_t head[] = { 0xc0, 12, 0, (uint8_t)type, 0, 1, (uint8_t)(ttl >> 24),
		(uint8_t)(ttl >> 16), (uint8_t)(ttl >> 8), (uint8_t)ttl, 0,
		type == 1 ? 4 : 16 };
	struct addr a;
	size_t n;

	assert_true(addr_parse(text, &a));
	n = put(at, head, sizeof(head));
	return n + put(at + n, a.bytes, head[11]);
}

static const struct record *
find_record(const uint8_t *question, size_t *len)
{
	char name[256] = "";
	size_t at = 0;

	while (question[at] != 0) {
		size_t n = question[at];

		if (name[0] != '\0')
			strcat(name, ".");
		strncat(name, (const char *)question + at + 1, n);
		at += n + 1;
	}
	*len = at + 5;
	for (size_t i = 0; i < dns.nrecords; i++) {
		if (strcasecmp(dns.records[i].name, name) == 0)
			return &dns.records[i];
	}
	return NULL;
}

static void
on_question(void *arg, int fd, unsigned events)
{
	uint8_t m[1024];
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	ssize_t got = recvfrom(
	    fd, m, 512, MSG_DONTWAIT, (struct sockaddr *)&from, &from_len);
	const struct record *r;
	const char *const *list;
	size_t len, n = 0;
	uint16_t type;

	(void)arg;
	(void)events;
	if (got < 17)
		return;
	r = find_record(m + 12, &len);
	type = (uint16_t)(m[12 + len - 4] << 8 | m[12 + len - 3]);
	dns.asked += type == 1;
	if (r != NULL && r->rcode < 0)
		return;
	m[2] = 0x81;
	m[3] = (uint8_t)(0x80 | (r == NULL ? 3 : r->rcode));
	memset(m + 6, 0, 6);
	len += 12;
	list = r == NULL || r->rcode != 0 ? NULL : type == 1 ? r->v4 : r->v6;
	for (; list != NULL && n < (type == 1 ? 6u : 2u) && list[n] != NULL; n++)
		len += answer_record(m + len, type, list[n], r->ttl);
	m[7] = (uint8_t)n;
	(void)sendto(fd, m, len, 0, (struct sockaddr *)&from, from_len);
}

static int
setup(void **state)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sa);

	(void)state;
	memset(&dns, 0, sizeof(dns));
	dns.loop = loop_new();
	dns.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(dns.fd, (struct sockaddr *)&sa, len), 0);
	assert_int_equal(getsockname(dns.fd, (struct sockaddr *)&sa, &len), 0);
	dns.port = ntohs(sa.sin_port);
	assert_true(addr_parse("127.0.0.1", &dns.addr));
	assert_non_null(loop_fd_add(dns.loop, dns.fd, LOOP_READ, on_question, NULL));
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	loop_free(dns.loop);
	close(dns.fd);
	return 0;
}

static struct resolver *
resolver(const char *lookups)
{
	struct resolve_config c = { .servers = &dns.addr,
		.nservers = 1,
		.port = dns.port,
		.lookups = lookups,
		.timeout_ms = 100,
		.tries = 1 };
	struct resolver *r = resolve_new(dns.loop, &c);

	assert_non_null(r);
	return r;
}

static void
serve(const char *name, int rcode, uint32_t ttl, const char *v4, const char *v6)
{
	dns.records[dns.nrecords++] = (struct record){
		.name = name, .rcode = rcode, .ttl = ttl, .v4 = { v4 }, .v6 = { v6 }
	};
}

static void
count(void *arg)
{
	(*(int *)arg)++;
}

/* Asks and turns the loop until it is decided. */
static enum resolve_state
settled(struct resolve_name *name, struct mono now, const int *told,
    const struct resolve_answer **answer)
{
	int before = *told;
	struct mono end = mono_add_s(mono_now(), 10);
	enum resolve_state s = resolve_get(name, now, answer);

	if (s != RESOLVE_PENDING)
		return s;
	while (*told == before && mono_before(mono_now(), end))
		assert_int_equal(loop_turn(dns.loop, 50), 0);
	assert_int_equal(*told, before + 1);
	return resolve_get(name, loop_now(dns.loop), answer);
}

static void
assert_addr(const struct addr *a, const char *text)
{
	char buf[ADDR_TEXT];

	assert_string_equal(addr_format(a, buf), text);
}

/* ---- */

static void
the_time_to_live_is_respected(void **state)
{
	struct resolver *r = resolver("b");
	const struct resolve_answer *a;
	struct resolve_name *name;
	struct mono now;
	int told = 0;

	(void)state;
	serve("pas.example.net", 0, 60, "192.0.2.10", NULL);
	name = resolve_add(r, "pas.example.net", count, &told);
	assert_int_equal(dns.asked, 0);
	assert_int_equal(settled(name, mono_now(), &told, &a), RESOLVE_READY);
	assert_int_equal(a->n, 1);
	assert_addr(&a->addrs[0], "192.0.2.10");
	now = loop_now(dns.loop);
	dns.records[0].v4[0] = "192.0.2.11";
	assert_int_equal(resolve_get(name, mono_add_s(now, 59), &a), RESOLVE_READY);
	assert_addr(&a->addrs[0], "192.0.2.10");
	assert_int_equal(dns.asked, 1);
	assert_int_equal(settled(name, mono_add_s(now, 61), &told, &a), RESOLVE_READY);
	assert_addr(&a->addrs[0], "192.0.2.11");
	assert_int_equal(dns.asked, 2);
	resolve_free(r);
}

static void
a_short_time_to_live_does_not_flood(void **state)
{
	struct resolver *r = resolver("b");
	const struct resolve_answer *a;
	struct resolve_name *name;
	int told = 0;

	(void)state;
	serve("zero.example.net", 0, 0, "192.0.2.10", NULL);
	name = resolve_add(r, "zero.example.net", count, &told);
	assert_int_equal(settled(name, mono_now(), &told, &a), RESOLVE_READY);
	assert_int_equal(
	    resolve_get(name, mono_add_s(loop_now(dns.loop), RESOLVE_TTL_MIN - 1), &a),
	    RESOLVE_READY);
	resolve_free(r);
}

static void
several_addresses_of_both_families(void **state)
{
	struct resolver *r = resolver("b");
	const struct resolve_answer *a;
	struct resolve_name *name;
	int told = 0, v4 = 0, v6 = 0;

	(void)state;
	serve("many.example.net", 0, 60, "127.0.0.2", "::1");
	dns.records[0].v4[1] = "127.0.0.3";
	dns.records[0].v4[2] = "127.0.0.3"; /* twice the same */
	dns.records[0].v4[3] = "127.0.0.4";
	dns.records[0].v4[4] = "127.0.0.5";
	name = resolve_add(r, "many.example.net", count, &told);
	assert_int_equal(settled(name, mono_now(), &told, &a), RESOLVE_READY);
	assert_int_equal(a->n, RESOLVE_ADDRS);
	for (size_t i = 0; i < a->n; i++) {
		v4 += a->addrs[i].family == AF_INET;
		v6 += a->addrs[i].family == AF_INET6;
		for (size_t k = 0; k < i; k++)
			assert_false(addr_equal(&a->addrs[i], &a->addrs[k]));
	}
	assert_true(v4 >= 3);
	assert_true(v6 <= 1);
	resolve_free(r);
}

/* "No such name" is not "could not ask"; each is kept for a while, and then asked
 * again. */
static void
failures_are_told_apart(void **state)
{
	static const struct {
		const char *name;
		int rcode, error;
	} cases[] = { { "gone.example.net", 3, ENOENT }, { "broken.example.net", 2, 0 },
		{ "refused.example.net", 5, 0 },
		{ "silent.example.net", -1, ETIMEDOUT },
		{ "empty.example.net", 0, ENOENT } };
	struct resolver *r = resolver("b");
	const struct resolve_answer *a;
	int told = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct resolve_name *name;
		struct mono now;
		unsigned asked;

		serve(cases[i].name, cases[i].rcode, 60, NULL, NULL);
		name = resolve_add(r, cases[i].name, count, &told);
		assert_int_equal(settled(name, mono_now(), &told, &a), RESOLVE_FAILED);
		assert_int_equal(a->n, 0);
		if (cases[i].error != 0)
			assert_int_equal(a->error, cases[i].error);
		else /* c-ares before 1.20 says ECONNREFUSED for both */
			assert_true(a->error != 0 && a->error != ENOENT);
		assert_true(a->text[0] != '\0');
		now = loop_now(dns.loop);
		asked = dns.asked;
		assert_int_equal(
		    resolve_get(name, mono_add_s(now, RESOLVE_TTL_FAILED - 1), &a),
		    RESOLVE_FAILED);
		assert_int_equal(dns.asked, asked);
		dns.records[i].rcode = 0;
		dns.records[i].v4[0] = "192.0.2.1";
		assert_int_equal(
		    settled(name, mono_add_s(now, RESOLVE_TTL_FAILED + 1), &told, &a),
		    RESOLVE_READY);
	}
	resolve_free(r);
}

static void
the_hosts_file_comes_first(void **state)
{
	struct resolver *r = resolver("fb");
	const struct resolve_answer *a;
	struct resolve_name *name;
	int told = 0;

	(void)state;
	serve("localhost", 0, 60, "192.0.2.99", NULL);
	name = resolve_add(r, "localhost", count, &told);
	assert_int_equal(settled(name, mono_now(), &told, &a), RESOLVE_READY);
	for (size_t i = 0; i < a->n; i++)
		assert_true(addr_is_loopback(&a->addrs[i]));
	resolve_free(r);
}

/* Deleted while asked, while decided, or with the resolver: no call, nothing lost. */
static void
deleted_names_are_not_told(void **state)
{
	struct resolver *r = resolver("b");
	const struct resolve_answer *a;
	struct resolve_name *names[20];
	struct mono end;
	int told = 0, last = 0;

	(void)state;
	serve("pas.example.net", 0, 60, "192.0.2.10", NULL);
	serve("silent.example.net", -1, 60, NULL, NULL);
	for (int i = 0; i < 20; i++) {
		names[i] = resolve_add(r,
		    i % 2 ? "pas.example.net" : "silent.example.net", count,
		    i == 19 ? &last : &told);
		assert_int_equal(
		    resolve_get(names[i], mono_now(), &a), RESOLVE_PENDING);
	}
	for (int i = 0; i < 18; i++)
		resolve_del(names[i]);
	end = mono_add_s(mono_now(), 10);
	while (last == 0 && mono_before(mono_now(), end))
		assert_int_equal(loop_turn(dns.loop, 50), 0);
	assert_int_equal(last, 1);
	assert_int_equal(told, 0);
	resolve_free(r); /* names[18] is still being asked */
	assert_int_equal(loop_turn(dns.loop, 0), 0);
	assert_int_equal(told, 0);
}

/* Another resolv.conf is read when its time changes. */
static void
a_changed_configuration_is_noticed(void **state)
{
	char path[] = "/tmp/test_resolve.XXXXXX";
	struct resolve_config c = {
		.lookups = "b", .timeout_ms = 50, .tries = 1, .resolv_conf = path
	};
	int fd = mkstemp(path), told = 0;
	const struct resolve_answer *a;
	struct resolve_name *name;
	struct resolver *r;

	(void)state;
	assert_true(fd >= 0);
	r = resolve_new(dns.loop, &c);
	assert_non_null(r);
	name = resolve_add(r, "svcport.invalid", count, &told);
	assert_int_equal(dprintf(fd, "nameserver 127.0.0.9\n") > 0, 1);
	close(fd);
	/* Whatever the answer, the new file is taken without losing the question. */
	assert_int_equal(
	    settled(name, mono_add_s(mono_now(), 60), &told, &a), RESOLVE_FAILED);
	assert_int_equal(told, 1);
	unlink(path);
	resolve_free(r);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_time_to_live_is_respected),
		TEST(a_short_time_to_live_does_not_flood),
		TEST(several_addresses_of_both_families),
		TEST(failures_are_told_apart),
		TEST(the_hosts_file_comes_first),
		TEST(deleted_names_are_not_told),
		TEST(a_changed_configuration_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
