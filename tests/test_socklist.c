#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "listen/socklist.h"

static void
put(struct socklist *list, uint16_t port, uint32_t inode)
{
	struct sock *s = socklist_add(list);

	assert_int_equal(s->l.sockets, 1);
	s->l.protocol = PROTO_TCP;
	s->l.port = port;
	s->inode = inode;
	s->l.cgroup = inode;
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
replaces_ports(void **state)
{
	struct socklist list = { 0 };
	struct socklist fresh = { 0 };
	struct portset ports = { 0 };

	(void)state;
	put(&list, 80, 1);
	put(&list, 443, 2);
	put(&list, 443, 3);
	put(&list, 8080, 4);
	put(&fresh, 443, 5);
	portset_add(&ports, 443, 444);
	socklist_replace(&list, &ports, &fresh);
	assert_int_equal(list.n, 3);
	assert_true(has(&list, 1) && has(&list, 4) && has(&list, 5));
	socklist_reset(&fresh);
	socklist_replace(&list, &ports, &fresh);
	assert_int_equal(list.n, 2);
	portset_clear(&ports);
	socklist_clear(&list);
	socklist_clear(&fresh);
}

/* Against membership by a plain array, over random lists. */
static void
missing_and_united(void **state)
{
	unsigned seed = 5;

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct socklist a = { 0 };
		struct socklist b = { 0 };
		struct socklist out = { 0 };
		struct portset low = { 0 };
		bool in_a[1001] = { false };
		bool in_b[1001] = { false };
		uint32_t want = 0;
		uint32_t want_low = 0;

		portset_add(&low, 1, 500);
		for (uint32_t i = 1; i <= 1000; i++) {
			/* Inodes that share their low bits collide. */
			uint32_t inode = i << (round % 20);

			in_a[i] = rand_r(&seed) % 2 == 0;
			in_b[i] = rand_r(&seed) % 2 == 0;
			if (in_a[i])
				put(&a, (uint16_t)i, inode);
			if (in_b[i])
				put(&b, (uint16_t)i, inode);
			want += in_a[i] && !in_b[i];
			want_low += i <= 500 && in_a[i] && !in_b[i];
		}
		socklist_missing(&a, &b, &low, &out);
		assert_int_equal(out.n, want_low);
		socklist_missing(&a, &b, NULL, &out);
		assert_int_equal(out.n, want);
		for (uint32_t i = 0; i < out.n; i++)
			assert_true(in_a[out.v[i].l.port] && !in_b[out.v[i].l.port]);
		want += b.n;
		socklist_unite(&b, &a);
		assert_int_equal(b.n, want);
		socklist_unite(&b, &a);
		assert_int_equal(b.n, want);
		portset_clear(&low);
		socklist_clear(&a);
		socklist_clear(&b);
		socklist_clear(&out);
	}
}

static void
empty_lists(void **state)
{
	struct socklist a = { 0 };
	struct socklist b = { 0 };
	struct socklist out = { 0 };
	struct listener_table *t;

	(void)state;
	socklist_missing(&a, &b, NULL, &out);
	assert_int_equal(out.n, 0);
	put(&a, 80, 7);
	socklist_missing(&a, &b, NULL, &out);
	assert_int_equal(out.n, 1);
	t = socklist_table(NULL, &a);
	assert_int_equal(t->n, 1);
	assert_int_equal(t->v[0].cgroup, 7);
	listeners_unref(t);
	t = socklist_table(&b, NULL);
	assert_int_equal(t->n, 0);
	listeners_unref(t);
	socklist_clear(&a);
	socklist_clear(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replaces_ports),
		cmocka_unit_test(missing_and_united),
		cmocka_unit_test(empty_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
