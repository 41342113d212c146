#include "judge/alarms_priv.h"

static void
feed_queue(struct alarms *a, uint32_t check, bool full, struct instant now)
{
	static const struct after by_rules = { 1, 1, false };
	const struct queue_book *q = alarms_queue(a, check);
	uint8_t state = a->rows[check].seen.listen.state;
	uint32_t id;

	if (q == NULL || (q->alarm.stage == STAGE_NONE && !full) ||
	    alarms_judge_own(a, check).j.out)
		return;
	id = alarms_id(a, KIND_QUEUE, (uint32_t)(q - a->queues));
	if (state == LISTEN_UNKNOWN)
		(void)alarms_feed_blind(a, id, now);
	else
		(void)alarms_feed(
		    a, id, full ? ALARM_QUEUE_FULL : ALARM_NONE, by_rules, now);
}

/* Most looks find what the one before found, all is well, and nothing hangs on how
 * many there are. */
static bool
is_news(const struct alarms *a, uint32_t check, struct sight *last, struct sight sight)
{
	const struct check *c = &a->plan->checks[check];
	bool same = last->state == sight.state && last->reason == sight.reason &&
	            last->error == sight.error;

	*last = sight;
	return !same || c->alternative != 0 || c->group != 0 ||
	       a->rows[check].alarm.stage != STAGE_NONE ||
	       types_alarm_of((enum verdict)a->rows[check].verdict) != ALARM_NONE;
}

void
alarms_listen(struct alarms *a, uint32_t check, struct sight sight, bool queue_full,
    struct instant now)
{
	if ((a->plan->checks[check].flags & (CHECK_LISTEN | CHECK_EITHER)) == 0)
		return;
	if (is_news(a, check, &a->rows[check].seen.listen, sight))
		alarms_judge(a, check, SOURCE_LISTEN, now);
	feed_queue(a, check, queue_full, now);
}

/* A refusal or rejection that gets lost looks like silence.  Until that was seen three
 * times it is not what anybody is told of a port that has said more. */
static void
doubt(struct row_book *r, struct sight sight)
{
	uint8_t doubts = 0;

	if (sight.state == CONNECT_CLOSED || sight.state == CONNECT_UNREACHABLE ||
	    sight.reason == REASON_PROHIBITED)
		doubts = BITS_DOUBTS;
	else if (sight.state == CONNECT_FILTERED && (r->bits & BITS_DOUBTS) != 0)
		doubts = (uint8_t)((r->bits & BITS_DOUBTS) - BIT_DOUBTS);
	r->bits = (uint8_t)((r->bits & ~BITS_DOUBTS) | doubts);
}

void
alarms_connect(struct alarms *a, uint32_t check, struct sight sight, struct instant now)
{
	if ((a->plan->checks[check].flags & (CHECK_CONNECT | CHECK_EITHER)) == 0)
		return;
	doubt(&a->rows[check], sight);
	if (is_news(a, check, &a->rows[check].seen.connect, sight))
		alarms_judge(a, check, SOURCE_CONNECT, now);
}

void
alarms_answer(
    struct alarms *a, uint32_t endpoint, enum answer answer, struct instant now)
{
	struct hostwatch_step step = hostwatch_answer(
	    a->watch, endpoint, answer, now.mono);

	alarms_host_step(a, a->plan->endpoints[endpoint].host, step, now);
}

void
alarms_first_local(struct alarms *a, struct instant now)
{
	if (!a->first_local) {
		a->first_local = true;
		alarms_refresh_all(a, now);
	}
}

void
alarms_first_remote(struct alarms *a, struct instant now)
{
	if (!a->first_remote) {
		a->first_remote = true;
		alarms_refresh_all(a, now);
	}
}

/* ---- time */

struct mono
alarms_next(const struct alarms *a)
{
	return agenda_next(a->agenda);
}

static void
end_mute(struct alarms *a, struct thing t, struct instant now)
{
	if (t.kind == KIND_CHECK && alarms_mute_over(a->rows[t.index].mute_until, now))
		alarms_mute_check(a, t.index, 0, now);
	else if (t.kind == KIND_HOST &&
		 alarms_mute_over(a->hosts[t.index].mute_until, now))
		alarms_mute_host(a, t.index, 0, now);
	else if (t.kind == KIND_AGENT && alarms_mute_over(a->mute_until, now))
		alarms_mute_agent(a, 0, now);
}

void
alarms_visit(struct alarms *a, uint32_t id, struct instant now)
{
	struct thing t = alarms_thing(a, id);

	end_mute(a, t, now);
	switch (t.kind) {
	case KIND_CHECK:
		alarms_refresh(a, t.index, now);
		break;
	case KIND_QUEUE:
		(void)alarms_poll(a, id, now);
		break;
	case KIND_QUORUM:
		alarms_poll_quorum(a, t.index, now);
		break;
	case KIND_HOST:
		if (alarms_poll(a, id, now))
			alarms_host_moved(a, t.index, now);
		else if (!mono_before(now.mono, alarms_host_due(a, t.index)))
			alarms_host_sweep(a, t.index, now.mono);
		break;
	case KIND_WATCH:
		alarms_host_step(
		    a, t.index, hostwatch_tick(a->watch, t.index, now.mono), now);
		return;
	case KIND_AGENT:
	case KINDS:
		break;
	}
	alarms_arm(a, id, now);
}

void
alarms_tick(struct alarms *a, struct instant now)
{
	uint32_t id;

	while (agenda_due(a->agenda, now.mono, &id))
		alarms_visit(a, id, now);
}
