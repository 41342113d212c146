#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "listen/listeners.h"
#include "listen/owner.h"
#include "base/mem.h"

/* A list under construction: "tcp 0.0.0.0 443", "udp *  53" (dual), ... */
struct list {
	struct listener *v;
	uint32_t n, cap;
};

static struct listener *
add(struct list *list, enum proto protocol, const char *addr, unsigned port)
{
	struct listener *l;

	mem_grow(list->v, list->n, list->cap);
	l = &list->v[list->n++];
	memset(l, 0, sizeof(*l));
	l->protocol = (uint8_t)protocol;
	l->port = (uint16_t)port;
	l->sockets = 1;
	l->dual = strcmp(addr, "*") == 0;
	assert_true(addr_parse(l->dual ? "::" : addr, &l->addr));
	return l;
}

static struct listener_table *
table(struct list *list)
{
	struct listener_table *t = listeners_new(list->v, list->n);

	*list = (struct list){ 0 };
	return t;
}

static const char *
name(const struct listener *l)
{
	static char buf[LISTENERS_NAME_MAX];

	return listeners_name(l, buf);
}

static enum listen_state
state_of(const struct listener_table *t, enum proto protocol, const char *ports,
    enum range_policy policy)
{
	struct portset set;
	struct listen_view v;

	assert_true(portset_parse(ports, &set));
	listeners_view(t, protocol, &set, policy, &v);
	portset_clear(&set);
	assert_int_equal(v.open_ports, portset_size(&v.open));
	portset_clear(&v.open);
	return v.state;
}

static void
sorts_as_the_mib_does(void **state)
{
	static const char *const want[] = { "tcp/*:80", "tcp/0.0.0.0:80",
		"tcp/127.0.0.1:80", "tcp/[::]:80", "tcp/[::1]:80",
		"tcp/[fe80::1%lo]:80", "tcp/*:443", "udp/0.0.0.0:53" };
	struct list l = { 0 };
	struct listener_table *t;

	(void)state;
	add(&l, PROTO_UDP, "0.0.0.0", 53);
	add(&l, PROTO_TCP, "*", 443);
	add(&l, PROTO_TCP, "::1", 80);
	add(&l, PROTO_TCP, "::", 80);
	add(&l, PROTO_TCP, "fe80::1%lo", 80);
	add(&l, PROTO_TCP, "127.0.0.1", 80);
	add(&l, PROTO_TCP, "*", 80);
	add(&l, PROTO_TCP, "0.0.0.0", 80);
	t = table(&l);
	assert_int_equal(t->n, 8);
	for (uint32_t i = 0; i < t->n; i++)
		assert_string_equal(name(&t->v[i]), want[i]);
	assert_int_equal(listeners_find(t, PROTO_TCP, 80), 0);
	assert_int_equal(listeners_find(t, PROTO_TCP, 81), 6);
	assert_int_equal(listeners_find(t, PROTO_UDP, 53), 7);
	assert_int_equal(listeners_find(t, PROTO_UDP, 54), 8);
	listeners_unref(t);
}

static void
long_names_stay_whole(void **state)
{
	struct list l = { 0 };
	struct listener *it;

	(void)state;
	it = add(&l, PROTO_TCP, "fe80:1111:2222:3333:4444:5555:6666:7777", 65535);
	it->addr.scope = 4294967295u;
	assert_string_equal(
	    name(it), "tcp/[fe80:1111:2222:3333:4444:5555:6666:7777%4294967295]:65535");
	assert_true(strlen(name(it)) < LISTENERS_NAME_MAX);
	free(l.v);
}

/* SO_REUSEPORT: one entry, the fullest queue, an owner that does not depend on order.
 */
static void
joins_sockets_of_one_port(void **state)
{
	(void)state;
	for (int reversed = 0; reversed < 2; reversed++) {
		struct list l = { 0 };
		struct listener_table *t;

		for (int i = 0; i < 3; i++) {
			int k = reversed ? 2 - i : i;
			struct listener *it = add(&l, PROTO_TCP, "0.0.0.0", 80);

			it->cgroup = (uint64_t)(100 + k);
			it->uid = (uint32_t)(10 + k);
			it->queue = k == 1 ? 5 : 1;
			it->queue_limit = k == 1 ? 10 : 100;
		}
		add(&l, PROTO_TCP, "127.0.0.1", 80);
		t = table(&l);
		assert_int_equal(t->n, 2);
		assert_int_equal(t->v[0].sockets, 3);
		assert_int_equal(t->v[0].cgroup, 100);
		assert_int_equal(t->v[0].uid, 10);
		assert_int_equal(t->v[0].queue, 5);
		assert_int_equal(t->v[0].queue_limit, 10);
		listeners_unref(t);
	}
}

static void
a_reference_keeps_it(void **state)
{
	struct list l = { 0 };
	struct listener_table *t;

	(void)state;
	add(&l, PROTO_TCP, "0.0.0.0", 80);
	t = listeners_ref(table(&l));
	listeners_unref(t);
	assert_int_equal(t->n, 1);
	listeners_unref(t);
	listeners_unref(NULL);
	t = listeners_new(NULL, 0);
	assert_int_equal(t->n, 0);
	assert_int_equal(state_of(t, PROTO_TCP, "1-65535", POLICY_ANY), LISTEN_NOT);
	listeners_unref(t);
}

static void
owners_are_named(void **state)
{
	struct owner *o = owner_new("/dev/null", NULL); /* no cgroups to be found */
	struct list list = { 0 };
	struct listener_table *t;

	(void)state;
	for (unsigned port = 1; port <= 200; port++)
		add(&list, PROTO_TCP, "0.0.0.0", port)->uid = port % 2 != 0
		                                                  ? 0
		                                                  : 4000000000;
	t = table(&list);
	listeners_name_owners(t, o);
	for (uint32_t i = 0; i < t->n; i++)
		assert_string_equal(
		    t->v[i].owner, t->v[i].port % 2 != 0 ? "root" : "uid 4000000000");
	assert_ptr_equal(t->v[0].owner, t->v[2].owner);
	owner_free(o);
	assert_string_equal(t->v[0].owner, "root"); /* it is the table's own */
	listeners_unref(t);
}

static void
dates_go_on_without_a_break(void **state)
{
	struct list l = { 0 };
	struct listener_table *a;
	struct listener_table *b;

	(void)state;
	add(&l, PROTO_TCP, "0.0.0.0", 80);
	add(&l, PROTO_TCP, "::1", 80);
	a = table(&l);
	listeners_date(a, NULL, 1000);
	add(&l, PROTO_TCP, "::1", 80);
	add(&l, PROTO_TCP, "::", 80);
	b = table(&l);
	listeners_date(b, a, 2000);
	assert_string_equal(name(&b->v[0]), "tcp/[::]:80");
	assert_int_equal(b->v[0].first_seen, 2000);
	assert_int_equal(b->v[1].first_seen, 1000);
	listeners_unref(a);
	listeners_unref(b);
}

static void
single_port(void **state)
{
	struct list l = { 0 };
	struct listener_table *t;

	(void)state;
	add(&l, PROTO_TCP, "0.0.0.0", 80);
	add(&l, PROTO_TCP, "127.0.0.1", 25);
	add(&l, PROTO_TCP, "::1", 25);
	add(&l, PROTO_TCP, "::ffff:127.0.0.1", 26);
	add(&l, PROTO_TCP, "127.0.0.1", 443);
	add(&l, PROTO_TCP, "192.0.2.1", 443);
	add(&l, PROTO_UDP, "*", 514);
	t = table(&l);
	for (int p = POLICY_SINGLE; p <= POLICY_POOL; p++) {
		enum range_policy policy = (enum range_policy)p;

		assert_int_equal(
		    state_of(t, PROTO_TCP, "80", policy), LISTEN_LISTENING);
		assert_int_equal(state_of(t, PROTO_UDP, "80", policy), LISTEN_NOT);
		assert_int_equal(state_of(t, PROTO_TCP, "25", policy), LISTEN_LOOPBACK);
		assert_int_equal(state_of(t, PROTO_TCP, "26", policy), LISTEN_LOOPBACK);
		assert_int_equal(
		    state_of(t, PROTO_TCP, "443", policy), LISTEN_LISTENING);
		assert_int_equal(
		    state_of(t, PROTO_UDP, "514", policy), LISTEN_LISTENING);
		assert_int_equal(state_of(t, PROTO_TCP, "514", policy), LISTEN_NOT);
	}
	listeners_unref(t);
}

/* It says "any address", but nobody outside can come by that interface; another socket
 * of the same address and port may be reached. */
static void
bound_to_the_loopback_interface(void **state)
{
	struct list l = { 0 };
	struct listener_table *t;
	struct portset set;
	struct listen_view v;

	(void)state;
	add(&l, PROTO_TCP, "0.0.0.0", 80)->on_lo = true;
	add(&l, PROTO_TCP, "*", 81)->on_lo = true;
	add(&l, PROTO_TCP, "0.0.0.0", 443)->on_lo = true;
	add(&l, PROTO_TCP, "0.0.0.0", 443);
	t = table(&l);
	assert_int_equal(state_of(t, PROTO_TCP, "80", POLICY_ANY), LISTEN_LOOPBACK);
	assert_int_equal(state_of(t, PROTO_TCP, "81", POLICY_EVERY), LISTEN_LOOPBACK);
	assert_int_equal(state_of(t, PROTO_TCP, "443", POLICY_ANY), LISTEN_LISTENING);
	assert_true(portset_parse("80-81,443", &set));
	listeners_view(t, PROTO_TCP, &set, POLICY_ANY, &v);
	assert_string_equal(v.addrs, "0.0.0.0%lo,*%lo,0.0.0.0");
	portset_clear(&set);
	portset_clear(&v.open);
	listeners_unref(t);
}

static void
ranges_by_policy(void **state)
{
	struct list l = { 0 };
	struct listener_table *t;

	(void)state;
	add(&l, PROTO_TCP, "0.0.0.0", 7001);
	add(&l, PROTO_TCP, "127.0.0.1", 7002);
	add(&l, PROTO_TCP, "127.0.0.1", 7003);
	add(&l, PROTO_TCP, "*", 7005);
	t = table(&l);
	assert_int_equal(
	    state_of(t, PROTO_TCP, "7000-7999", POLICY_ANY), LISTEN_LISTENING);
	assert_int_equal(
	    state_of(t, PROTO_TCP, "7000-7999", POLICY_EVERY), LISTEN_PARTIAL);
	assert_int_equal(
	    state_of(t, PROTO_TCP, "7002-7003", POLICY_ANY), LISTEN_LOOPBACK);
	assert_int_equal(
	    state_of(t, PROTO_TCP, "7002-7003", POLICY_EVERY), LISTEN_LOOPBACK);
	assert_int_equal(
	    state_of(t, PROTO_TCP, "7002-7004", POLICY_ANY), LISTEN_LOOPBACK);
	assert_int_equal(
	    state_of(t, PROTO_TCP, "7002-7004", POLICY_EVERY), LISTEN_PARTIAL);
	assert_int_equal(
	    state_of(t, PROTO_TCP, "7001,7005", POLICY_EVERY), LISTEN_LISTENING);
	/* bound everywhere, but half of it out of reach */
	assert_int_equal(
	    state_of(t, PROTO_TCP, "7001-7003", POLICY_EVERY), LISTEN_PARTIAL);
	assert_int_equal(
	    state_of(t, PROTO_TCP, "7001-7003", POLICY_POOL), LISTEN_LISTENING);
	assert_int_equal(state_of(t, PROTO_TCP, "8000-8999", POLICY_POOL), LISTEN_NOT);
	assert_int_equal(state_of(t, PROTO_TCP, "8000-8999", POLICY_EVERY), LISTEN_NOT);
	assert_int_equal(
	    state_of(t, PROTO_TCP, "7004,8000,9000", POLICY_ANY), LISTEN_NOT);
	listeners_unref(t);
}

static void
view_tells_the_rest(void **state)
{
	struct list l = { 0 };
	struct listener_table *t;
	struct listen_view v;
	struct portset set;
	struct listener *it;
	char buf[64];

	(void)state;
	it = add(&l, PROTO_TCP, "0.0.0.0", 7001);
	it->uid = 33;
	it->cgroup = 77;
	it->queue = 2;
	it->queue_limit = 4096;
	add(&l, PROTO_TCP, "::", 7001);
	it = add(&l, PROTO_TCP, "0.0.0.0", 7003);
	it->queue = 128;
	it->queue_limit = 128;
	add(&l, PROTO_TCP, "*", 7004);
	add(&l, PROTO_TCP, "10.0.0.0", 7004);
	add(&l, PROTO_TCP, "0.0.0.0", 7005);
	t = table(&l);
	assert_true(portset_parse("7000-7004", &set));
	listeners_view(t, PROTO_TCP, &set, POLICY_ANY, &v);
	assert_int_equal(v.open_ports, 3);
	assert_string_equal(
	    portset_format(&v.open, buf, sizeof(buf)), "7001,7003-7004");
	assert_string_equal(v.addrs, "0.0.0.0,[::],*,10.0.0.0");
	assert_int_equal(v.uid, 33);
	assert_int_equal(v.cgroup, 77);
	assert_int_equal(v.queue, 128);
	assert_int_equal(v.queue_limit, 128);
	portset_clear(&v.open);
	portset_clear(&set);
	listeners_unref(t);
}

static void
addresses_are_cut_whole(void **state)
{
	struct list l = { 0 };
	struct listener_table *t;
	struct listen_view v;
	struct portset set = { 0 };
	char addr[32];
	size_t len;

	(void)state;
	for (int i = 0; i < 40; i++) {
		snprintf(addr, sizeof(addr), "192.0.2.%d", 100 + i);
		add(&l, PROTO_UDP, addr, 53);
	}
	t = table(&l);
	portset_add(&set, 53, 53);
	listeners_view(t, PROTO_UDP, &set, POLICY_SINGLE, &v);
	len = strlen(v.addrs);
	assert_true(len < sizeof(v.addrs));
	assert_string_equal(v.addrs + len - 4, ",...");
	/* whole addresses of 11 octets, joined by commas */
	assert_int_equal((len - 4 + 1) % 12, 0);
	portset_clear(&v.open);
	portset_clear(&set);
	listeners_unref(t);
}

/* Sets of many ranges against a plain count. */
static void
many_ranges_agree_with_counting(void **state)
{
	static uint8_t bound[65536];
	unsigned seed = 7;
	struct list l = { 0 };
	struct listener_table *t;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		unsigned port = 1 + (unsigned)rand_r(&seed) % 8000;

		add(&l, PROTO_TCP, "0.0.0.0", port);
		bound[port] = 1;
	}
	t = table(&l);
	for (int round = 0; round < 50; round++) {
		struct portset set = { 0 };
		struct listen_view v;
		uint32_t open = 0;

		for (int i = 0; i < 100; i++) {
			uint16_t low = (uint16_t)(1 + rand_r(&seed) % 9000);

			portset_add(&set, low, (uint16_t)(low + rand_r(&seed) % 4));
		}
		for (unsigned p = 1; p < 65536; p++)
			open += bound[p] && portset_has(&set, (uint16_t)p);
		listeners_view(t, PROTO_TCP, &set, POLICY_EVERY, &v);
		assert_int_equal(v.open_ports, open);
		assert_int_equal(portset_size(&v.open), open);
		portset_clear(&v.open);
		portset_clear(&set);
	}
	listeners_unref(t);
}

/* Answers come with an interface from link-local addresses only. */
static void
another_address_has_no_interface(void **state)
{
	struct addr with, without;

	(void)state;
	assert_true(addr_parse("2001:db8::1%lo", &with));
	assert_true(addr_parse("2001:db8::1", &without));
	assert_true(addr_equal(&with, &without));
	assert_true(addr_parse("fe80::1%lo", &with));
	assert_int_equal(with.scope, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts_as_the_mib_does),
		cmocka_unit_test(long_names_stay_whole),
		cmocka_unit_test(joins_sockets_of_one_port),
		cmocka_unit_test(a_reference_keeps_it),
		cmocka_unit_test(owners_are_named),
		cmocka_unit_test(dates_go_on_without_a_break),
		cmocka_unit_test(single_port),
		cmocka_unit_test(bound_to_the_loopback_interface),
		cmocka_unit_test(ranges_by_policy),
		cmocka_unit_test(view_tells_the_rest),
		cmocka_unit_test(addresses_are_cut_whole),
		cmocka_unit_test(many_ranges_agree_with_counting),
		cmocka_unit_test(another_address_has_no_interface),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
