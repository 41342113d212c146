#include "judge/alarms_priv.h"

/* Observations in a row, unless the check says otherwise: what the sockets say is
 * certain, a refusal nearly so, a silence may be a lost packet. */
static const struct after after_look = { 1, 1, false };
static const struct after after_refusal = { 2, 2, true };
static const struct after after_silence = { 5, 2, true };
/* UDP: neither answer nor rejection.  A lost rejection looks the same, so it is as
 * little proof that a closed port is back as a silence is that one is gone.  So is a
 * silence where a port must be closed. */
static const struct after after_nothing = { 5, 5, true };

/* It must be closed, and that nothing answers is all that says it is. */
static bool
proof_by_silence(const struct judgement *j)
{
	return j->no_answer && j->verdict == VERDICT_COMPLIANT &&
	       j->reason != REASON_PROHIBITED;
}

/* As the probe engine has it: an own address that is not known is a loopback one. */
static bool
probed_inside(const struct plan_host *h)
{
	if (!h->local)
		return false;
	return h->addr.family != 0 ? addr_is_loopback(&h->addr) : h->address[0] == '\0';
}

struct own
alarms_judge_own(const struct alarms *a, uint32_t i)
{
	const struct check *c = &a->plan->checks[i];
	const struct row_book *r = &a->rows[i];
	const struct host_book *h = &a->hosts[c->host];
	struct expectation e = { .expected = c->expected,
		.policy = c->policy,
		.protocol = (uint8_t)plan_service(a->plan, c)->protocol,
		.disabled = (r->bits & BIT_DISABLED) != 0,
		.standby = h->standby,
		.inside = probed_inside(&a->plan->hosts[c->host]),
		.idle = c->idle,
		.flags = c->flags };
	struct observed o = r->seen;
	struct own own = { .after = after_look };
	bool remote = !alarms_local(a, i);

	if (remote && hostwatch_isolated(a->watch))
		o.connect = (struct sight){ CONNECT_UNKNOWN, REASON_ISOLATED, 0 };
	verdict_judge(&e, &o, &own.j);
	if (own.j.probed && (own.j.seen == SEEN_SILENT || proof_by_silence(&own.j)))
		own.after = after_nothing;
	else if (own.j.probed)
		own.after = own.j.no_answer && own.j.reason != REASON_PROHIBITED
		                ? after_silence
		                : after_refusal;
	if (remote && own.j.no_answer && !own.j.settled) {
		if (alarms_masks(a, c->host) ||
		    hostwatch_state(a->watch, c->host) == HOST_UNREACHABLE)
			own.j.reason = REASON_HOST_DOWN;
		else if (!hostwatch_ever(a->watch, c->host))
			own.j.reason = REASON_NEVER_ANSWERED;
	}
	return own;
}

bool
alarms_evidence(const struct judgement *j, enum source source)
{
	return source == (j->probed ? SOURCE_CONNECT : SOURCE_LISTEN);
}

bool
alarms_show(struct alarms *a, uint32_t i, const struct judgement *j, uint32_t other)
{
	struct row_book *r = &a->rows[i];
	bool changed = r->verdict != j->verdict || r->reason != j->reason ||
	               r->error != j->error || r->other != other;

	r->verdict = j->verdict;
	r->reason = j->reason;
	r->error = j->error;
	r->other = (uint8_t)other;
	r->bits &= (uint8_t)~BIT_NO_ANSWER;
	if (j->no_answer)
		r->bits |= BIT_NO_ANSWER;
	return changed;
}

/* All ports of a dead host are silent, which ends no alarm about an open one. */
static bool
proves_nothing(const struct alarms *a, uint32_t i, const struct judgement *j)
{
	uint32_t host = a->plan->checks[i].host;

	return proof_by_silence(j) && alarm_active(&a->rows[i].alarm) &&
	       (hostwatch_suspects(a->watch, host) || alarms_masks(a, host) ||
		   hostwatch_state(a->watch, host) == HOST_UNREACHABLE);
}

bool
alarms_feed_row(struct alarms *a, uint32_t i, const struct own *own, bool observed,
    struct instant now)
{
	uint32_t id = alarms_id(a, KIND_CHECK, i);
	enum verdict v = (enum verdict)own->j.verdict;

	if (own->j.settled)
		return alarms_end(a, id, now);
	if (v == VERDICT_UNKNOWN || proves_nothing(a, i, &own->j))
		return alarms_feed_blind(a, id, now);
	if (observed)
		return alarms_feed(a, id, types_alarm_of(v), own->after, now);
	if (a->rows[i].alarm.stage == STAGE_PENDING &&
	    a->rows[i].alarm.type != types_alarm_of(v))
		return alarms_end(a, id, now);
	return alarms_poll(a, id, now);
}

static void
judge_alone(struct alarms *a, uint32_t i, enum source source, struct instant now)
{
	struct own own = alarms_judge_own(a, i);
	bool changed = alarms_show(a, i, &own.j, 0);

	if (alarms_feed_row(a, i, &own, alarms_evidence(&own.j, source), now) ||
	    changed)
		alarms_report(a, i);
}

void
alarms_judge(struct alarms *a, uint32_t i, enum source source, struct instant now)
{
	const struct check *c = &a->plan->checks[i];

	if (c->alternative != 0)
		alarms_judge_alternative(a, i, source, now);
	else if (c->group != 0)
		alarms_judge_quorum(
		    a, c->group - 1, source == SOURCE_CONNECT ? i : ALARMS_GONE, now);
	else
		judge_alone(a, i, source, now);
	if (source == SOURCE_NONE && alarms_queue(a, i) != NULL &&
	    alarms_judge_own(a, i).j.out)
		alarms_end(a,
		    alarms_id(
			a, KIND_QUEUE, (uint32_t)(alarms_queue(a, i) - a->queues)),
		    now);
}

void
alarms_refresh(struct alarms *a, uint32_t i, struct instant now)
{
	const struct queue_book *q = alarms_queue(a, i);
	bool muted = (a->rows[i].bits & BIT_MUTED) != 0;
	bool moved = alarms_poll(a, alarms_id(a, KIND_CHECK, i), now);

	if (q != NULL)
		(void)alarms_poll(
		    a, alarms_id(a, KIND_QUEUE, (uint32_t)(q - a->queues)), now);
	if (a->plan->checks[i].group != 0)
		alarms_poll_quorum(a, a->plan->checks[i].group - 1, now);
	if (moved || muted != alarms_muted(a, i))
		alarms_report(a, i);
}

/* ---- what the caller sees */

void
alarms_view(const struct alarms *a, uint32_t i, struct alarms_view *out)
{
	const struct row_book *r = &a->rows[i];
	const struct check *c = &a->plan->checks[i];
	const struct alarm *al = alarms_alarm(a, alarms_speaker(a, i));

	*out = (struct alarms_view){ .verdict = r->verdict,
		.severity = SEVERITY_CLEARED,
		.stage = al->stage,
		.reason = r->reason,
		.error = r->error,
		.other = i };
	if (alarm_active(al))
		out->severity = a->active[al->slot].row.severity;
	if ((r->bits & BIT_DISABLED) != 0)
		out->flags |= ROW_DISABLED;
	if (alarms_muted(a, i))
		out->flags |= ROW_MUTED;
	if (c->alternative != 0 &&
	    (r->reason == REASON_SATISFIED_BY || r->reason == REASON_SEE))
		out->other =
		    a->plan->alternatives[c->alternative - 1].members[r->other];
}

void
alarms_report(struct alarms *a, uint32_t i)
{
	struct row_book *r = &a->rows[i];
	struct alarms_view view;
	bool muted = alarms_muted(a, i);

	if (muted != ((r->bits & BIT_MUTED) != 0)) {
		r->bits ^= BIT_MUTED;
		a->muted_rows += muted ? 1 : UINT32_MAX;
	}
	alarms_view(a, i, &view);
	a->ops->row(a->arg, i, &view);
}
