#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dns_rig.h"
#include "probe/resolve.h"

static struct dns_rig dns;

static int
setup(void **state)
{
	(void)state;
	dns_open(&dns, loop_new());
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	loop_free(dns.loop);
	dns_close(&dns);
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
	dns_serve(&dns, "pas.example.net", 0, 60, "192.0.2.10", NULL);
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
	dns_serve(&dns, "zero.example.net", 0, 0, "192.0.2.10", NULL);
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
	dns_serve(&dns, "many.example.net", 0, 60, "127.0.0.2", "::1");
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

		dns_serve(&dns, cases[i].name, cases[i].rcode, 60, NULL, NULL);
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
	dns_serve(&dns, "localhost", 0, 60, "192.0.2.99", NULL);
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
	dns_serve(&dns, "pas.example.net", 0, 60, "192.0.2.10", NULL);
	dns_serve(&dns, "silent.example.net", -1, 60, NULL, NULL);
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

/* ---- with a resolv.conf of our own, in a mount namespace of our own */

static void
write_conf(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static bool
own_conf(const char *path)
{
	if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return false;
	(void)mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
	return mount(path, "/etc/resolv.conf", NULL, MS_BIND, NULL) == 0;
}

/* While one question still waits for a name server that is gone, others are asked of
 * the new one; then so is that. */
static void
change_servers(const char *path)
{
	struct resolve_config c = { .lookups = "b",
		.port = dns.port,
		.timeout_ms = 60000,
		.tries = 1,
		.resolv_conf = path };
	const struct resolve_answer *a;
	struct resolve_name *slow, *other;
	struct mono end = mono_add_s(mono_now(), 10);
	int told = 0, other_told = 0;
	struct resolver *r = resolve_new(dns.loop, &c);

	assert_non_null(r);
	dns_serve(&dns, "slow.example.net", -1, 60, "192.0.2.10", NULL);
	dns_serve(&dns, "other.example.net", 0, 60, "192.0.2.11", NULL);
	slow = resolve_add(r, "slow.example.net", count, &told);
	other = resolve_add(r, "other.example.net", count, &other_told);
	assert_int_equal(resolve_get(slow, mono_now(), &a), RESOLVE_PENDING);
	while (dns.asked == 0 && mono_before(mono_now(), end))
		assert_int_equal(loop_turn(dns.loop, 50), 0);
	assert_int_equal(dns.asked, 1);
	dns.records[0].rcode = 0;
	write_conf(path, "nameserver 127.0.0.1\n# changed\n");
	assert_int_equal(
	    settled(other, mono_add_s(mono_now(), 60), &other_told, &a), RESOLVE_READY);
	while (told == 0 && mono_before(mono_now(), end))
		assert_int_equal(loop_turn(dns.loop, 50), 0);
	assert_int_equal(told, 1);
	assert_int_equal(resolve_get(slow, loop_now(dns.loop), &a), RESOLVE_READY);
	assert_addr(&a->addrs[0], "192.0.2.10");
	resolve_free(r);
}

static void
what_waits_is_asked_of_the_new_servers(void **state)
{
	char path[] = "/tmp/test_resolve.XXXXXX";
	int status, fd = mkstemp(path);
	pid_t child;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	write_conf(path, "nameserver 127.0.0.1\n");
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (!own_conf(path))
			_exit(77);
		change_servers(path);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	unlink(path);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77) {
		print_message("no mount namespace to be had\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
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
		TEST(what_waits_is_asked_of_the_new_servers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
