#include "judge/alarms_priv.h"

/* ---- alternatives: one is enough */

/* The members of an alternative group, judged into a->alternative. */
struct resolved {
	size_t carrier;     /* position, n for none */
	size_t seen;        /* the member that was looked at, n for none */
	struct after after; /* what a deviation of the whole group takes */
};

static void
most(struct after *after, const struct own *own)
{
	if (own->j.out)
		return;
	if (own->after.raise > after->raise)
		after->raise = own->after.raise;
	if (own->after.clear > after->clear)
		after->clear = own->after.clear;
	after->sampled = after->sampled || own->after.sampled;
}

static struct resolved
resolve(const struct alarms *a, const struct plan_alternative *alt, uint32_t check,
    enum source source)
{
	struct resolved r = { .seen = alt->n, .after = { 1, 1, false } };

	for (uint32_t k = 0; k < alt->n; k++) {
		uint32_t i = alt->members[k];
		struct own own = alarms_judge_own(a, i);

		a->alternative[k] = (struct group_member){ .j = own.j,
			.expected = a->plan->checks[i].expected,
			.out = own.j.out };
		most(&r.after, &own);
		if (i == check && alarms_evidence(&own.j, source))
			r.seen = k;
	}
	r.carrier = group_alternative(a->alternative, alt->n);
	return r;
}

static bool
round_done(const struct alarms *a, const struct plan_alternative *alt)
{
	for (uint32_t k = 0; k < alt->n; k++) {
		if (!a->alternative[k].out &&
		    (a->rows[alt->members[k]].bits & BIT_FRESH_ALT) == 0)
			return false;
	}
	return true;
}

/*
 * Whether the carrier's alarm counts one observation more.  That the group is satisfied
 * is proved by one open member alone; that it is not, by a round of all.
 */
static bool
alternative_evidence(struct alarms *a, const struct plan_alternative *alt,
    const struct resolved *r, bool changed)
{
	const struct group_member *m = a->alternative;
	bool evidence = changed || round_done(a, alt);

	if (r->seen == alt->n)
		return false;
	if (m[r->seen].j.seen == SEEN_OPEN)
		evidence = true;
	if (m[r->seen].j.seen == SEEN_LOCAL &&
	    m[r->carrier].j.verdict == VERDICT_COMPLIANT)
		evidence = true;
	for (uint32_t k = 0; k < alt->n && evidence; k++)
		a->rows[alt->members[k]].bits &= (uint8_t)~BIT_FRESH_ALT;
	return evidence;
}

static void
judge_member(struct alarms *a, const struct plan_alternative *alt, uint32_t k,
    const struct resolved *r, struct instant now)
{
	uint32_t i = alt->members[k];
	struct own own = { a->alternative[k].j, r->after };
	bool other_verdict = own.j.verdict != a->rows[i].verdict;
	bool changed = alarms_show(a, i, &own.j, a->alternative[k].other);
	bool observed = k == r->seen;

	if (k == r->carrier)
		observed = alternative_evidence(a, alt, r, other_verdict);
	if (alarms_feed_row(a, i, &own, observed, now) || changed)
		alarms_report(a, i);
}

void
alarms_judge_alternative(
    struct alarms *a, uint32_t check, enum source source, struct instant now)
{
	const struct plan_alternative *alt =
	    &a->plan->alternatives[a->plan->checks[check].alternative - 1];
	struct resolved r = resolve(a, alt, check, source);

	if (r.seen < alt->n)
		a->rows[check].bits |= BIT_FRESH_ALT;
	for (uint32_t k = 0; k < alt->n; k++) {
		if (a->plan->checks[alt->members[k]].group == 0)
			judge_member(a, alt, k, &r, now);
	}
	for (uint32_t k = 0; k < alt->n; k++) {
		uint32_t group = a->plan->checks[alt->members[k]].group;

		if (group != 0)
			alarms_judge_quorum(
			    a, group - 1, k == r.seen ? check : ALARMS_GONE, now);
	}
}

/* ---- quorum groups: some are enough */

/* A member as it stands after its alternatives, if it has any. */
static struct own
judge_effective(const struct alarms *a, uint32_t check, uint32_t *other)
{
	const struct check *c = &a->plan->checks[check];
	const struct plan_alternative *alt;
	struct resolved r;
	uint32_t k = 0;

	*other = 0;
	if (c->alternative == 0)
		return alarms_judge_own(a, check);
	alt = &a->plan->alternatives[c->alternative - 1];
	r = resolve(a, alt, check, SOURCE_NONE);
	while (alt->members[k] != check)
		k++;
	*other = a->alternative[k].other;
	return (struct own){ a->alternative[k].j, r.after };
}

/* Counts an observation of the group as a whole: enough that are open prove
 * themselves, too few are proved by a round of those that are missing. */
static bool
quorum_evidence(struct alarms *a, const struct plan_group *g, struct group_state state,
    uint32_t check, bool changed)
{
	bool evidence = true;

	if (check == ALARMS_GONE)
		return false;
	a->rows[check].bits |= BIT_FRESH_QUORUM;
	for (uint32_t k = 0; k < g->n; k++) {
		bool proves = state.seen != SEEN_CLOSED ||
		              alarms_missing(a, g->members[k]);

		if (!a->quorum[k].out && proves &&
		    (a->rows[g->members[k]].bits & BIT_FRESH_QUORUM) == 0)
			evidence = false;
	}
	if (state.seen == SEEN_OPEN && a->rows[check].reason != REASON_GROUP)
		evidence = true;
	evidence = evidence || changed;
	for (uint32_t k = 0; k < g->n && evidence; k++)
		a->rows[g->members[k]].bits &= (uint8_t)~BIT_FRESH_QUORUM;
	return evidence;
}

/* What is missing: the alarm's type, and the object of one that is raised now. */
static enum alarm_type
missing_type(struct alarms *a, uint32_t group)
{
	const struct plan_group *g = &a->plan->groups[group];
	enum alarm_type type = ALARM_NONE;

	for (uint32_t k = g->n; k-- > 0;) {
		uint32_t check = g->members[k];

		if (a->quorum[k].out || !alarms_missing(a, check))
			continue;
		a->quorums[group].object = check;
		if (type != ALARM_REQUIRED_CLOSED)
			type = types_alarm_of((enum verdict)a->rows[check].verdict);
	}
	return type;
}

static bool
feed_quorum(struct alarms *a, uint32_t group, struct group_state state, uint32_t check,
    struct after after, struct instant now)
{
	struct quorum_book *q = &a->quorums[group];
	uint32_t id = alarms_id(a, KIND_QUORUM, group);
	bool changed = q->state.seen != state.seen;
	bool evidence = quorum_evidence(
	    a, &a->plan->groups[group], state, check, changed);

	q->state = state;
	if (state.part == 0)
		return alarms_end(a, id, now);
	if (state.seen == SEEN_BLIND)
		return alarms_feed_blind(a, id, now);
	if (!evidence && state.seen != SEEN_CLOSED && q->alarm.stage == STAGE_PENDING)
		return alarms_end(a, id, now);
	if (!evidence)
		return alarms_poll(a, id, now);
	return alarms_feed(a, id,
	    state.seen == SEEN_CLOSED ? missing_type(a, group) : ALARM_NONE, after,
	    now);
}

void
alarms_report_missing(struct alarms *a, uint32_t group)
{
	const struct plan_group *g = &a->plan->groups[group];

	for (uint32_t k = 0; k < g->n; k++) {
		if (alarms_missing(a, g->members[k]))
			alarms_report(a, g->members[k]);
	}
}

/* The rows of the members, and their own alarms for what the group's does not cover. */
static void
show_members(struct alarms *a, uint32_t group, struct group_state state, uint32_t check,
    struct after after, struct instant now)
{
	const struct plan_group *g = &a->plan->groups[group];

	for (uint32_t k = 0; k < g->n; k++) {
		uint32_t i = g->members[k];
		struct own own = { a->quorum[k].j, after };
		bool changed;

		if (a->plan->checks[i].group != group + 1)
			continue;
		changed = alarms_show(a, i, &own.j, a->quorum[k].other);
		if (state.seen == SEEN_CLOSED && alarms_missing(a, i))
			own.j.settled = true;
		if (alarms_feed_row(a, i, &own, i == check, now) || changed)
			alarms_report(a, i);
	}
}

void
alarms_judge_quorum(
    struct alarms *a, uint32_t group, uint32_t check, struct instant now)
{
	const struct plan_group *g = &a->plan->groups[group];
	struct after after = { 1, 1, false };
	enum seen before = a->quorums[group].state.seen;
	struct group_state state;

	for (uint32_t k = 0; k < g->n; k++) {
		const struct check *c = &a->plan->checks[g->members[k]];
		struct group_member *m = &a->quorum[k];
		struct own own = judge_effective(a, g->members[k], &m->other);

		m->j = own.j;
		m->expected = c->expected;
		m->out = own.j.settled || c->group != group + 1;
		if (!m->out)
			most(&after, &own);
	}
	state = group_quorum(a->quorum, g->n, g->need);
	show_members(a, group, state, check, after, now);
	/* Whose alarm speaks for them may have changed, too. */
	if (feed_quorum(a, group, state, check, after, now) || state.seen != before)
		alarms_report_missing(a, group);
}

void
alarms_poll_quorum(struct alarms *a, uint32_t group, struct instant now)
{
	if (alarms_poll(a, alarms_id(a, KIND_QUORUM, group), now))
		alarms_report_missing(a, group);
}

uint32_t
alarms_speaker(const struct alarms *a, uint32_t check)
{
	uint32_t group = a->plan->checks[check].group;

	if (group != 0 && a->quorums[group - 1].state.seen == SEEN_CLOSED &&
	    alarms_missing(a, check))
		return alarms_id(a, KIND_QUORUM, group - 1);
	return alarms_id(a, KIND_CHECK, check);
}
