#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "listen/udprule.h"

#define SECOND INT64_C(1000000000)

static struct mono
at(int64_t second)
{
	return (struct mono){ 1000 * SECOND + second * SECOND };
}

static void
put(struct socklist *list, uint16_t port, uint32_t inode)
{
	struct sock *s = socklist_add(list);

	s->l.protocol = PROTO_UDP;
	s->l.port = port;
	s->inode = inode;
}

static bool
has(const struct socklist *list, uint32_t inode)
{
	for (uint32_t i = 0; i < list->n; i++) {
		if (list->v[i].inode == inode)
			return true;
	}
	return false;
}

static void
range_is(const char *range, const char *reserved, const char *want)
{
	struct udprule u = { 0 };
	char buf[128];

	udprule_set_range(&u, range, reserved);
	assert_string_equal(portset_format(&u.ephemeral, buf, sizeof(buf)), want);
	udprule_clear(&u);
}

static void
reads_the_range(void **state)
{
	(void)state;
	range_is("32768\t60999\n", "\n", "32768-60999");
	range_is("1024 65535", NULL, "1024-65535");
	range_is(NULL, NULL, "32768-60999");
	range_is("nonsense", "nonsense", "32768-60999");
	range_is("60999 32768", NULL, "32768-60999");
	range_is("1024 65535", "8080,9000-9100\n", "1024-8079,8081-8999,9101-65535");
	range_is("1024 65535", "1-1024,65535", "1025-65534");
	range_is("1024 2000", "1024-2000", "");
	range_is("1024 2000", "1-65535", "");
	range_is("1024 2000", "3000", "1024-2000");
}

/* A list of reserved ports may be as long as a page, and the kernel gives it to one
 * read(2) or not at all. */
static void
reads_a_long_list(void **state)
{
	static char buf[8192]; /* the kernel takes one write(2), too */
	struct udprule u = { 0 };
	FILE *f;

	(void)state;
	if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
		skip(); /* neither privilege nor user namespaces */
	f = fopen("/proc/sys/net/ipv4/ip_local_reserved_ports", "w");
	assert_non_null(f);
	setvbuf(f, buf, _IOFBF, sizeof(buf));
	for (unsigned port = 40000; port < 41200; port += 2)
		fprintf(f, "%u%s", port, port < 41198 ? "," : "\n");
	assert_int_equal(fclose(f), 0);
	udprule_read_range(&u);
	assert_false(portset_has(&u.ephemeral, 40000));
	assert_true(portset_has(&u.ephemeral, 40001));
	assert_false(portset_has(&u.ephemeral, 41198));
	assert_true(portset_has(&u.ephemeral, 41199));
	udprule_clear(&u);
}

/* Looks once a second at a server outside the range (1), one on a documented port
 * inside it (2), one on another (3). */
static void
look(struct udprule *u, struct socklist *list, const struct portset *documented,
    int64_t second)
{
	socklist_reset(list);
	put(list, 514, 1);
	put(list, 40000, 2);
	put(list, 50000, 3);
	udprule_apply(u, list, at(second), documented, SECOND / 2, 60 * SECOND);
}

static void
waits_inside_the_range(void **state)
{
	struct udprule u = { 0 };
	struct socklist list = { 0 };
	struct portset documented = { 0 };

	(void)state;
	udprule_set_range(&u, "32768 60999", NULL);
	portset_add(&documented, 40000, 40000);
	for (int second = 0; second <= 70; second++) {
		look(&u, &list, &documented, second);
		assert_true(has(&list, 1));
		assert_int_equal(has(&list, 2), second >= 1);
		assert_int_equal(has(&list, 3), second >= 60);
	}
	/* Gone once: its time begins anew. */
	socklist_reset(&list);
	put(&list, 40000, 2);
	udprule_apply(&u, &list, at(71), &documented, SECOND / 2, 60 * SECOND);
	look(&u, &list, &documented, 72);
	assert_true(has(&list, 2));
	assert_false(has(&list, 3));
	/* Another socket on the same port is another socket. */
	socklist_reset(&list);
	put(&list, 40000, 4);
	udprule_apply(&u, &list, at(73), &documented, SECOND / 2, 60 * SECOND);
	assert_int_equal(list.n, 0);
	portset_clear(&documented);
	socklist_clear(&list);
	udprule_clear(&u);
}

/* A daemon that starts must not call a server closed that it finds running. */
static void
trusts_the_first_look(void **state)
{
	struct udprule u = { .trust = true };
	struct socklist list = { 0 };
	struct portset documented = { 0 };

	(void)state;
	udprule_set_range(&u, "32768 60999", NULL);
	portset_add(&documented, 40000, 40000);
	look(&u, &list, &documented, 0);
	assert_true(has(&list, 2));
	assert_false(has(&list, 3));
	assert_false(u.trust);
	socklist_reset(&list);
	put(&list, 40000, 5);
	udprule_apply(&u, &list, at(1), &documented, SECOND / 2, 60 * SECOND);
	assert_int_equal(list.n, 0);
	portset_clear(&documented);
	socklist_clear(&list);
	udprule_clear(&u);
}

/* A look at some ports (after an event) neither makes a client a server nor forgets. */
static void
a_part_notes_nothing(void **state)
{
	struct udprule u = { 0 };
	struct socklist list = { 0 };

	(void)state;
	udprule_set_range(&u, "32768 60999", NULL);
	look(&u, &list, NULL, 0);
	look(&u, &list, NULL, 1);
	assert_int_equal(list.n, 3);
	for (int i = 0; i < 3; i++) {
		socklist_reset(&list);
		put(&list, 40000, 2);
		put(&list, 40000, 9);
		put(&list, 514, 8);
		udprule_apply_part(&u, &list, at(2 + i), NULL, SECOND / 2, 60 * SECOND);
		assert_int_equal(list.n, 2);
		assert_true(has(&list, 2) && has(&list, 8));
	}
	look(&u, &list, NULL, 6);
	assert_int_equal(list.n, 3);
	socklist_clear(&list);
	udprule_clear(&u);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_range),
		cmocka_unit_test(waits_inside_the_range),
		cmocka_unit_test(trusts_the_first_look),
		cmocka_unit_test(a_part_notes_nothing),
		cmocka_unit_test(reads_a_long_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
