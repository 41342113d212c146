#include "judge/group.h"

static bool
takes_part(const struct group_member *m)
{
	return !m->out && m->expected != EXPECTED_CLOSED;
}

static int
rank(const struct group_member *m)
{
	switch (m->expected) {
	case EXPECTED_REQUIRED:
	case EXPECTED_LOCAL:
		return 2;
	case EXPECTED_RECOMMENDED:
		return 1;
	default:
		return 0;
	}
}

static size_t
find_carrier(const struct group_member *m, size_t n)
{
	size_t best = n;

	for (size_t i = 0; i < n; i++) {
		if (takes_part(&m[i]) && rank(&m[i]) > 0 &&
		    (best == n || rank(&m[i]) > rank(&m[best])))
			best = i;
	}
	return best;
}

/* Open as far as the group is concerned, though it may itself be optional, or open to
 * more than it should. */
static bool
satisfies(const struct group_member *m)
{
	if (!takes_part(m))
		return false;
	if (m->j.seen == SEEN_LOCAL)
		return m->j.verdict == VERDICT_COMPLIANT;
	return m->j.seen == SEEN_OPEN && m->j.verdict != VERDICT_NOT_ENCRYPTED;
}

static size_t
find_satisfying(const struct group_member *m, size_t n, size_t carrier)
{
	if (satisfies(&m[carrier]))
		return carrier;
	for (size_t i = 0; i < n; i++) {
		if (satisfies(&m[i]))
			return i;
	}
	return n;
}

/*
 * The member that makes the group what it is while none satisfies it: one that is open
 * but plain, else a blind one, else a silent one, else the carrier; the carrier itself
 * where it is one of the kind.
 */
static size_t
find_deciding(const struct group_member *m, size_t n, size_t carrier)
{
	static const uint8_t order[] = { SEEN_OPEN, SEEN_BLIND, SEEN_SILENT };

	for (size_t k = 0; k < sizeof(order); k++) {
		if (m[carrier].j.seen == order[k])
			return carrier;
		for (size_t i = 0; i < n; i++) {
			if (takes_part(&m[i]) && m[i].j.seen == order[k])
				return i;
		}
	}
	return carrier;
}

static void
see(struct group_member *m, enum verdict verdict, enum reason reason, size_t other)
{
	m->j.verdict = (uint8_t)verdict;
	m->j.reason = (uint8_t)reason;
	m->j.error = 0;
	m->other = (uint32_t)other;
}

/* The carrier shows the group's verdict while nothing satisfies it. */
static void
carry(struct group_member *m, size_t n, size_t carrier)
{
	struct judgement j = m[find_deciding(m, n, carrier)].j;

	if (j.seen == SEEN_BLIND)
		j.verdict = VERDICT_UNKNOWN;
	else if (j.seen == SEEN_SILENT)
		j.verdict = VERDICT_NOT_EVALUATED;
	for (size_t i = 0; i < n && j.seen == SEEN_CLOSED; i++)
		j.no_answer |= takes_part(&m[i]) && m[i].j.no_answer;
	j.settled = false;
	m[carrier].j = j;
}

size_t
group_alternative(struct group_member *m, size_t n)
{
	size_t carrier = find_carrier(m, n), by;

	for (size_t i = 0; i < n; i++)
		m[i].other = (uint32_t)i;
	if (carrier == n)
		return n;
	by = find_satisfying(m, n, carrier);
	if (by == n)
		carry(m, n, carrier);
	for (size_t i = 0; i < n; i++) {
		if (!takes_part(&m[i]) || m[i].j.verdict == VERDICT_OPEN_FORBIDDEN)
			continue;
		m[i].j.settled = i != carrier;
		if (by != n && satisfies(&m[i]))
			m[i].j.verdict = VERDICT_COMPLIANT;
		else if (by != n)
			see(&m[i], VERDICT_COMPLIANT, REASON_SATISFIED_BY, by);
		else if (i != carrier)
			see(&m[i], VERDICT_NOT_EVALUATED, REASON_SEE, carrier);
	}
	return carrier;
}

static bool
is_closed(const struct group_member *m)
{
	return m->j.verdict == VERDICT_CLOSED_REQUIRED ||
	       m->j.verdict == VERDICT_CLOSED_RECOMMENDED;
}

struct group_state
group_quorum(struct group_member *m, size_t n, uint32_t need)
{
	struct group_state g = { .seen = SEEN_OPEN, .need = need };
	uint32_t blind = 0, silent = 0;
	enum verdict verdict = VERDICT_COMPLIANT;

	for (size_t i = 0; i < n; i++) {
		if (m[i].out)
			continue;
		g.part++;
		if (is_closed(&m[i]))
			continue;
		g.open += m[i].j.seen == SEEN_OPEN || m[i].j.seen == SEEN_LOCAL;
		blind += m[i].j.seen == SEEN_BLIND;
		silent += m[i].j.seen == SEEN_SILENT;
	}
	if (g.need > g.part)
		g.need = g.part;
	if (g.open < g.need) {
		g.seen = g.open + blind + silent < g.need ? SEEN_CLOSED
		         : blind > 0                      ? SEEN_BLIND
		                                          : SEEN_SILENT;
		verdict = g.seen == SEEN_BLIND ? VERDICT_UNKNOWN
		                               : VERDICT_NOT_EVALUATED;
	}
	for (size_t i = 0; i < n && g.seen != SEEN_CLOSED; i++) {
		if (!m[i].out && is_closed(&m[i]))
			see(&m[i], verdict, REASON_GROUP, m[i].other);
	}
	return g;
}
