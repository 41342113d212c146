#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "listen/portfilter.h"

/* What inet_diag_bc_run() in net/ipv4/inet_diag.c makes of the program. */
static bool
run_dump(const struct inet_diag_bc_op *op, uint32_t n, uint16_t port)
{
	const char *pc = (const char *)op;
	int len = (int)(4 * n);

	while (len > 0) {
		const struct inet_diag_bc_op *o = (const void *)pc;
		int step;

		switch (o->code) {
		case INET_DIAG_BC_JMP:
			step = o->no;
			break;
		case INET_DIAG_BC_S_GE:
			step = port >= o[1].no ? o->yes : o->no;
			break;
		case INET_DIAG_BC_S_LE:
			step = port <= o[1].no ? o->yes : o->no;
			break;
		default:
			fail_msg("operation %u", o->code);
			return false;
		}
		assert_true(step > 0 && step % 4 == 0);
		len -= step;
		pc += step;
	}
	return len == 0;
}

/* What inet_diag_bc_audit() demands of a jump: forward, and to an operation. */
static void
audit_dump(const struct inet_diag_bc_op *op, uint32_t n)
{
	bool begins[PORTFILTER_DUMP_MAX + 1] = { false };
	uint32_t i;

	for (i = 0; i < n; i += op[i].yes / 4u)
		begins[i] = true;
	assert_int_equal(i, n);
	begins[n] = true;
	for (i = 0; i < n; i += op[i].yes / 4u) {
		uint32_t to = i + op[i].no / 4u;

		assert_true(to > i && to <= n + 1);
		assert_true(to == n + 1 || begins[to]);
	}
}

/* Classic BPF, as far as the program goes, on a message with these ports, the random
 * number being this one. */
static bool
run_with(const struct sock_filter *f, uint16_t n, uint16_t port, uint16_t peer,
    uint32_t random_number)
{
	uint8_t msg[NLMSG_HDRLEN + sizeof(struct inet_diag_msg)] = { 0 };
	uint32_t a = 0;

	msg[20] = (uint8_t)(port >> 8);
	msg[21] = (uint8_t)port;
	msg[22] = (uint8_t)(peer >> 8);
	msg[23] = (uint8_t)peer;
	for (uint32_t pc = 0; pc < n; pc++) {
		bool yes;

		switch (f[pc].code) {
		case BPF_LD | BPF_H | BPF_ABS:
			a = (uint32_t)msg[f[pc].k] << 8 | msg[f[pc].k + 1];
			continue;
		case BPF_LD | BPF_W | BPF_ABS:
			assert_int_equal(
			    f[pc].k, (uint32_t)(SKF_AD_OFF + SKF_AD_RANDOM));
			a = random_number;
			continue;
		case BPF_RET | BPF_K:
			return f[pc].k != 0;
		case BPF_JMP | BPF_JEQ | BPF_K:
			yes = a == f[pc].k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			yes = a >= f[pc].k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			yes = a > f[pc].k;
			break;
		default:
			fail_msg("instruction %u", f[pc].code);
			return false;
		}
		pc += yes ? f[pc].jt : f[pc].jf;
	}
	fail_msg("ran off the end");
	return false;
}

/* Without what is let through at random. */
static bool
run_events(const struct sock_filter *f, uint16_t n, uint16_t port, uint16_t peer)
{
	return run_with(f, n, port, peer, UINT32_MAX);
}

/* Both programs against the set, on every port. */
static void
check_set(const struct portset *set)
{
	struct inet_diag_bc_op op[PORTFILTER_DUMP_MAX];
	struct sock_filter code[PORTFILTER_EVENTS_MAX];
	struct portfilter f;
	uint32_t n;
	uint16_t m;

	portfilter_cover(&f, set);
	n = portfilter_dump(&f, op);
	m = portfilter_events(&f, code);
	assert_true(n <= PORTFILTER_DUMP_MAX);
	assert_true(m <= PORTFILTER_EVENTS_MAX);
	audit_dump(op, n);
	for (unsigned p = 1; p <= UINT16_MAX; p++) {
		bool has = portset_has(set, (uint16_t)p);
		bool in = portfilter_covers(&f, (uint16_t)p);

		assert_true(in || !has);
		if (set->count <= PORTFILTER_RANGES)
			assert_int_equal(in, has);
		assert_int_equal(run_dump(op, n, (uint16_t)p), in);
		assert_int_equal(run_events(code, m, (uint16_t)p, 0), in);
		assert_false(run_events(code, m, (uint16_t)p, 1));
		assert_false(run_events(code, m, (uint16_t)p, 256));
	}
}

static void
check_text(const char *text)
{
	struct portset set;

	assert_true(portset_parse(text, &set));
	check_set(&set);
	portset_clear(&set);
}

static void
selects_exactly_the_set(void **state)
{
	(void)state;
	check_text("443");
	check_text("1");
	check_text("65535");
	check_text("1-65535");
	check_text("1,65535");
	check_text("22,80,443");
	check_text("1-10,20-30,40,50-60,65000-65535");
}

static void
covers_what_is_too_much(void **state)
{
	unsigned seed = 3;

	(void)state;
	for (int n = 60; n <= 1000; n = n < 70 ? n + 1 : n * 3) {
		struct portset set = { 0 };

		while (set.count < (uint32_t)n) {
			uint16_t low = (uint16_t)(1 + rand_r(&seed) % 60000);

			portset_add(&set, low, (uint16_t)(low + rand_r(&seed) % 3));
		}
		check_set(&set);
		portset_clear(&set);
	}
}

/* Of 65 ranges the two that are nearest to each other are joined, nothing else. */
static void
closes_the_smallest_gap(void **state)
{
	struct portset set = { 0 };
	struct portfilter f;

	(void)state;
	for (unsigned i = 0; i < PORTFILTER_RANGES; i++)
		portset_add(&set, (uint16_t)(100 + 10 * i), (uint16_t)(100 + 10 * i));
	portset_add(&set, 303, 304);
	portfilter_cover(&f, &set);
	assert_int_equal(f.n, PORTFILTER_RANGES);
	assert_true(portfilter_covers(&f, 301) && portfilter_covers(&f, 302));
	assert_false(portfilter_covers(&f, 305));
	assert_false(portfilter_covers(&f, 299));
	assert_int_equal(f.r[0].low, 100);
	assert_int_equal(f.r[f.n - 1].high, 100 + 10 * (PORTFILTER_RANGES - 1));
	portset_clear(&set);
}

static void
an_empty_set_selects_nothing(void **state)
{
	struct portset set = { 0 };
	struct portfilter f;
	struct sock_filter code[PORTFILTER_EVENTS_MAX];

	(void)state;
	portfilter_cover(&f, &set);
	assert_int_equal(portfilter_dump(&f, NULL), 0);
	assert_int_equal(portfilter_events(&f, code), 1);
	assert_false(run_events(code, 1, 80, 0));
}

/* Of what is not looked for so many pass, of what is all do, whatever the number. */
static void
lets_a_sample_pass(void **state)
{
	static const uint32_t part = UINT32_MAX / PORTFILTER_SAMPLE;
	struct portfilter f = { .n = 2, .r = { { 80, 80 }, { 443, 445 } } };
	struct sock_filter code[PORTFILTER_EVENTS_MAX];
	uint16_t n = portfilter_events(&f, code);

	(void)state;
	assert_true(run_with(code, n, 444, 0, UINT32_MAX));
	for (unsigned i = 0; i < 3; i++) {
		static const uint16_t ports[3][2] = { { 444, 5 }, { 81, 0 },
			{ 446, 0 } };

		assert_true(run_with(code, n, ports[i][0], ports[i][1], 0));
		assert_true(run_with(code, n, ports[i][0], ports[i][1], part));
		assert_false(run_with(code, n, ports[i][0], ports[i][1], part + 1));
	}
}

/* What inet_diag_bc_run() makes of the program for single sockets. */
static bool
run_ends(const unsigned char *pc, uint32_t size, const struct addr *a, uint16_t port)
{
	int len = (int)size;

	while (len > 0) {
		struct inet_diag_bc_op op;
		struct inet_diag_hostcond cond;
		int step;

		memcpy(&op, pc, sizeof(op));
		assert_true(op.yes % 4 == 0 && op.no % 4 == 0);
		if (op.code == INET_DIAG_BC_JMP) {
			step = op.no;
		} else {
			assert_int_equal(op.code, INET_DIAG_BC_S_COND);
			memcpy(&cond, pc + 4, sizeof(cond));
			assert_int_equal(
			    cond.prefix_len, cond.family == AF_INET ? 32 : 128);
			step = cond.family == a->family && cond.port == port &&
			               memcmp(pc + 4 + sizeof(cond), a->bytes,
					   cond.prefix_len / 8) == 0
			           ? op.yes
			           : op.no;
		}
		assert_true(step > 0);
		len -= step;
		pc += step;
	}
	return len == 0;
}

static void
selects_single_sockets(void **state)
{
	static const char *const hosts[] = { "127.0.0.1", "127.0.0.2", "0.0.0.0",
		"::", "::1", "2001:db8::1" };
	struct portfilter_end ends[PORTFILTER_ENDS];
	unsigned char program[PORTFILTER_ENDS_MAX];
	struct addr other;

	(void)state;
	assert_true(addr_parse("192.0.2.1", &other));
	for (uint32_t i = 0; i < PORTFILTER_ENDS; i++) {
		assert_true(addr_parse(hosts[i % 6], &ends[i].addr));
		ends[i].port = (uint16_t)(1000 + i);
	}
	for (uint32_t n = 1; n <= PORTFILTER_ENDS; n++) {
		uint32_t len = portfilter_ends(ends, n, program);

		assert_true(len <= sizeof(program));
		for (uint32_t i = 0; i < PORTFILTER_ENDS; i++) {
			const struct portfilter_end *e = &ends[i];

			assert_int_equal(
			    run_ends(program, len, &e->addr, e->port), i < n);
			assert_false(run_ends(program, len, &other, e->port));
			assert_false(
			    run_ends(program, len, &e->addr, (uint16_t)(e->port + 1)));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(selects_exactly_the_set),
		cmocka_unit_test(covers_what_is_too_much),
		cmocka_unit_test(closes_the_smallest_gap),
		cmocka_unit_test(lets_a_sample_pass),
		cmocka_unit_test(an_empty_set_selects_nothing),
		cmocka_unit_test(selects_single_sockets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
