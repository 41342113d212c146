#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "judge/group.h"

/* Members as verdict_judge() would make them. */
enum look { OPEN, PLAIN, CLOSED, TIMEOUT, SILENT, BLIND, LOOKS };

static struct group_member
member(enum expected expected, enum look l, bool out)
{
	static const struct judgement required[LOOKS] = {
		[OPEN] = { .verdict = 1,
		    .seen = SEEN_OPEN,
		    .reason = REASON_CONNECTED },
		[PLAIN] = { .verdict = 5,
		    .seen = SEEN_OPEN,
		    .reason = REASON_TLS_PLAIN },
		[CLOSED] = { .verdict = 7,
		    .seen = SEEN_CLOSED,
		    .reason = REASON_REFUSED },
		[TIMEOUT] = { .verdict = 7,
		    .seen = SEEN_CLOSED,
		    .reason = REASON_TIMEOUT,
		    .no_answer = true },
		[SILENT] = { .verdict = 2,
		    .seen = SEEN_SILENT,
		    .reason = REASON_SILENT },
		[BLIND] = { .verdict = 3, .seen = SEEN_BLIND, .reason = REASON_NAME },
	};
	struct group_member m = { required[l], (uint8_t)expected, out, 99 };

	if (expected == EXPECTED_RECOMMENDED && m.j.verdict == 7)
		m.j.verdict = 4;
	if (expected == EXPECTED_OPTIONAL || out) {
		m.j.verdict = 2;
		m.j.settled = true;
	}
	if (out)
		m.j.reason = REASON_DISABLED;
	return m;
}

#define KINDS 3
static const enum expected kinds[KINDS] = { EXPECTED_REQUIRED, EXPECTED_RECOMMENDED,
	EXPECTED_OPTIONAL };

static struct group_member
decode(unsigned code)
{
	return member(kinds[code % KINDS], (enum look)(code / KINDS % LOOKS),
	    code / KINDS / LOOKS % 2 != 0);
}
#define CODES (KINDS * LOOKS * 2)

static bool
is_open(const struct group_member *m)
{
	return !m->out && m->j.seen == SEEN_OPEN && m->j.verdict != 5;
}

static bool
has(const struct group_member *m, size_t n, enum seen seen)
{
	for (size_t i = 0; i < n; i++)
		if (!m[i].out && m[i].j.seen == seen)
			return true;
	return false;
}

static size_t
expected_carrier(const struct group_member *m, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!m[i].out && m[i].expected == EXPECTED_REQUIRED)
			return i;
	for (size_t i = 0; i < n; i++)
		if (!m[i].out && m[i].expected == EXPECTED_RECOMMENDED)
			return i;
	return n;
}

static void
assert_carried(const struct group_member *in, const struct group_member *m, size_t n,
    size_t carrier)
{
	const struct judgement *j = &m[carrier].j;

	assert_int_equal(m[carrier].other, carrier);
	if (has(in, n, SEEN_OPEN))
		assert_int_equal(j->verdict, VERDICT_NOT_ENCRYPTED);
	else if (has(in, n, SEEN_BLIND))
		assert_int_equal(j->verdict, VERDICT_UNKNOWN);
	else if (has(in, n, SEEN_SILENT))
		assert_int_equal(j->verdict, VERDICT_NOT_EVALUATED);
	else
		assert_int_equal(
		    j->verdict, in[carrier].expected == EXPECTED_REQUIRED ? 7 : 4);
	assert_int_not_equal(j->reason, REASON_SEE);
	assert_false(j->settled);
	if (j->seen == SEEN_CLOSED) {
		bool silent = false;

		for (size_t i = 0; i < n; i++)
			silent |= !in[i].out && in[i].j.no_answer;
		assert_int_equal(j->no_answer, silent);
	}
}

static void
assert_alternative(const struct group_member *in, size_t n)
{
	struct group_member m[4];
	size_t carrier, open = n;

	memcpy(m, in, n * sizeof(m[0]));
	carrier = group_alternative(m, n);
	assert_int_equal(carrier, expected_carrier(in, n));
	for (size_t i = n; i-- > 0;)
		if (is_open(&in[i]))
			open = i;
	if (carrier < n && open < n && is_open(&in[carrier]))
		open = carrier;
	for (size_t i = 0; i < n; i++) {
		if (in[i].out || carrier == n) {
			assert_memory_equal(&m[i].j, &in[i].j, sizeof(m[i].j));
			assert_int_equal(m[i].other, i);
		} else if (open < n && is_open(&in[i])) {
			assert_int_equal(m[i].j.verdict, VERDICT_COMPLIANT);
			assert_int_equal(m[i].j.reason, in[i].j.reason);
		} else if (open < n) {
			assert_int_equal(m[i].j.verdict, VERDICT_COMPLIANT);
			assert_int_equal(m[i].j.reason, REASON_SATISFIED_BY);
			assert_int_equal(m[i].other, open);
		} else if (i != carrier) {
			assert_int_equal(m[i].j.verdict, VERDICT_NOT_EVALUATED);
			assert_int_equal(m[i].j.reason, REASON_SEE);
			assert_int_equal(m[i].other, carrier);
		} else {
			assert_carried(in, m, n, carrier);
		}
	}
}

static void
alternatives_of_every_make(void **state)
{
	(void)state;
	for (unsigned a = 0; a < CODES; a++)
		for (unsigned b = 0; b < CODES; b++)
			for (unsigned c = 0; c < CODES; c++) {
				struct group_member m[3] = { decode(a), decode(b),
					decode(c) };

				assert_alternative(m, 1);
				assert_alternative(m, 2);
				assert_alternative(m, 3);
			}
}

/* A member that is open to more than it should be stays its own deviation, and is open
 * for the others all the same. */
static void
forbidden_member_stays_forbidden(void **state)
{
	struct group_member m[2] = { member(EXPECTED_LOCAL, CLOSED, false),
		member(EXPECTED_LOCAL, OPEN, false) };

	(void)state;
	m[1].j.verdict = VERDICT_OPEN_FORBIDDEN;
	assert_int_equal(group_alternative(m, 2), 0);
	assert_int_equal(m[0].j.verdict, VERDICT_COMPLIANT);
	assert_int_equal(m[0].other, 1);
	assert_int_equal(m[1].j.verdict, VERDICT_OPEN_FORBIDDEN);
	assert_false(m[1].j.settled);

	/* "Must be closed" has nothing to do with alternatives. */
	m[0] = member(EXPECTED_REQUIRED, CLOSED, false);
	m[1] = member(EXPECTED_CLOSED, OPEN, false);
	m[1].j.verdict = VERDICT_OPEN_FORBIDDEN;
	group_alternative(m, 2);
	assert_int_equal(m[0].j.verdict, VERDICT_CLOSED_REQUIRED);
	assert_int_equal(m[1].j.verdict, VERDICT_OPEN_FORBIDDEN);
}

static void
local_listener_satisfies_a_local_alternative(void **state)
{
	struct group_member m[2] = { member(EXPECTED_LOCAL, CLOSED, false),
		member(EXPECTED_LOCAL, OPEN, false) };

	(void)state;
	m[1].j.seen = SEEN_LOCAL;
	assert_int_equal(group_alternative(m, 2), 0);
	assert_int_equal(m[0].j.verdict, VERDICT_COMPLIANT);
	assert_int_equal(m[0].j.reason, REASON_SATISFIED_BY);
}

static void
assert_quorum(const struct group_member *in, size_t n, uint32_t need)
{
	struct group_member m[4];
	struct group_state g;
	uint32_t part = 0, open = 0, blind = 0, silent = 0, want;

	memcpy(m, in, n * sizeof(m[0]));
	g = group_quorum(m, n, need);
	for (size_t i = 0; i < n; i++) {
		part += !in[i].out;
		open += !in[i].out && in[i].j.seen == SEEN_OPEN;
		blind += !in[i].out && in[i].j.seen == SEEN_BLIND;
		silent += !in[i].out && in[i].j.seen == SEEN_SILENT;
	}
	want = need < part ? need : part;
	assert_int_equal(g.part, part);
	assert_int_equal(g.open, open);
	assert_int_equal(g.need, want);
	if (open >= want)
		assert_int_equal(g.seen, SEEN_OPEN);
	else if (open + blind + silent >= want)
		assert_int_equal(g.seen, blind > 0 ? SEEN_BLIND : SEEN_SILENT);
	else
		assert_int_equal(g.seen, SEEN_CLOSED);
	for (size_t i = 0; i < n; i++) {
		bool closed = !in[i].out &&
		              (in[i].j.verdict == 7 || in[i].j.verdict == 4);

		if (!closed || g.seen == SEEN_CLOSED) {
			assert_memory_equal(&m[i].j, &in[i].j, sizeof(m[i].j));
			continue;
		}
		assert_int_equal(m[i].j.reason, REASON_GROUP);
		assert_int_equal(m[i].j.verdict, g.seen == SEEN_OPEN ? VERDICT_COMPLIANT
						 : g.seen == SEEN_BLIND
						     ? VERDICT_UNKNOWN
						     : VERDICT_NOT_EVALUATED);
	}
}

static void
quorums_of_every_make(void **state)
{
	(void)state;
	for (unsigned a = 0; a < CODES; a++)
		for (unsigned b = 0; b < CODES; b++)
			for (unsigned c = 0; c < CODES; c++)
				for (uint32_t need = 1; need <= 4; need++) {
					struct group_member m[3] = { decode(a),
						decode(b), decode(c) };

					assert_quorum(m, 1, need);
					assert_quorum(m, 2, need);
					assert_quorum(m, 3, need);
				}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alternatives_of_every_make),
		cmocka_unit_test(forbidden_member_stays_forbidden),
		cmocka_unit_test(local_listener_satisfies_a_local_alternative),
		cmocka_unit_test(quorums_of_every_make),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
