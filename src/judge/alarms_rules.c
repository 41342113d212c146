#include "judge/alarms_priv.h"

/* Observations that it takes unless the check says otherwise. */
#define QUEUE_RAISE    3
#define QUEUE_CLEAR    2
#define HOST_RAISE     3 /* sweeps */
#define HOST_CLEAR     2
#define ISOLATED_AFTER 1

struct thing
alarms_thing(const struct alarms *a, uint32_t id)
{
	struct thing t = { KIND_AGENT, 0 };

	while (id < a->base[t.kind])
		t.kind--;
	t.index = id - a->base[t.kind];
	return t;
}

struct alarm *
alarms_alarm(const struct alarms *a, uint32_t id)
{
	struct thing t = alarms_thing(a, id);

	switch (t.kind) {
	case KIND_CHECK:
		return &a->rows[t.index].alarm;
	case KIND_QUEUE:
		return &a->queues[t.index].alarm;
	case KIND_QUORUM:
		return &a->quorums[t.index].alarm;
	case KIND_HOST:
		return &a->hosts[t.index].alarm;
	case KIND_WATCH:
	case KIND_AGENT:
	case KINDS:
		break;
	}
	return NULL;
}

bool
alarms_muted(const struct alarms *a, uint32_t check)
{
	return a->mute_until != 0 || a->rows[check].mute_until != 0 ||
	       a->hosts[a->plan->checks[check].host].mute_until != 0;
}

bool
alarms_masks(const struct alarms *a, uint32_t host)
{
	return !a->plan->hosts[host].local && alarm_active(&a->hosts[host].alarm);
}

bool
alarms_missing(const struct alarms *a, uint32_t check)
{
	enum verdict v = (enum verdict)a->rows[check].verdict;

	return v == VERDICT_CLOSED_REQUIRED || v == VERDICT_CLOSED_RECOMMENDED;
}

/*
 * A local raise waits for the first look at the sockets, a remote one for the first
 * round.  A silence moreover waits until it is known whether the host is down, and
 * until some host has answered since: else the agent itself may be cut off.
 */
static void
gate_check(
    const struct alarms *a, uint32_t check, struct mono start, struct alarm_rules *r)
{
	const struct check *c = &a->plan->checks[check];
	bool sockets = (c->flags & (CHECK_LISTEN | CHECK_EITHER)) != 0;

	if (!(sockets ? a->first_local : a->first_remote))
		r->gated = true;
	if ((a->rows[check].bits & BIT_NO_ANSWER) == 0 || alarms_local(a, check) ||
	    alarms_masks(a, c->host))
		return;
	if (hostwatch_suspects(a->watch, c->host) ||
	    hostwatch_state(a->watch, c->host) == HOST_UNREACHABLE)
		r->gated = true;
	else if (!hostwatch_network(a->watch, start))
		r->asking = true;
}

static enum alarm_block
block_check(const struct alarms *a, uint32_t check)
{
	if (alarms_masks(a, a->plan->checks[check].host))
		return ALARM_MASK;
	return alarms_muted(a, check) ? ALARM_MUTE : ALARM_FREE;
}

/* It was silent, but has said more shortly before. */
static bool
doubtful(const struct row_book *r)
{
	return (r->bits & BITS_DOUBTS) != 0 &&
	       r->seen.connect.state == CONNECT_FILTERED &&
	       r->seen.connect.reason != REASON_PROHIBITED;
}

static void
rules_check(
    const struct alarms *a, uint32_t check, struct after after, struct alarm_rules *r)
{
	const struct check *c = &a->plan->checks[check];

	r->hold = c->hold;
	r->raise_after = c->raise_after != 0 ? c->raise_after : after.raise;
	r->clear_after = c->clear_after != 0 ? c->clear_after : after.clear;
	r->block = (uint8_t)block_check(a, check);
	r->doubtful = doubtful(&a->rows[check]);
	if (alarms_local(a, check))
		r->not_before = a->grace;
}

static void
rules_queue(const struct alarms *a, uint32_t check, struct alarm_rules *r)
{
	rules_check(a, check, (struct after){ 1, 1, false }, r);
	r->raise_after = QUEUE_RAISE;
	r->clear_after = QUEUE_CLEAR;
	r->gated = !a->first_local;
}

/* Blocked when nothing but blocked members is missing, gated when one of them is. */
static void
rules_quorum(
    const struct alarms *a, uint32_t k, struct after after, struct alarm_rules *r)
{
	const struct plan_group *g = &a->plan->groups[k];
	const struct quorum_book *q = &a->quorums[k];
	enum alarm_block least = ALARM_MUTE;
	bool masked = true, any = false;

	rules_check(a, q->object, after, r);
	for (uint32_t i = 0; i < g->n; i++) {
		enum alarm_block b;

		if (!alarms_missing(a, g->members[i]))
			continue;
		any = true;
		b = block_check(a, g->members[i]);
		masked = masked && b == ALARM_MASK;
		if (b == ALARM_FREE)
			least = ALARM_FREE;
		gate_check(a, g->members[i], q->alarm.start, r);
	}
	if (any)
		r->block = (uint8_t)(masked ? ALARM_MASK : least);
}

static void
rules_host(const struct alarms *a, uint32_t host, struct alarm_rules *r)
{
	const struct host_book *h = &a->hosts[host];
	bool local = a->plan->hosts[host].local;

	r->hold = (uint32_t)a->plan->site->hold;
	r->raise_after = local ? ISOLATED_AFTER : HOST_RAISE;
	r->clear_after = local ? ISOLATED_AFTER : HOST_CLEAR;
	if (a->mute_until != 0 || h->mute_until != 0)
		r->block = ALARM_MUTE;
	r->gated = !a->first_remote || (!local && hostwatch_isolated(a->watch));
	r->asking = !local && !hostwatch_network(a->watch, h->alarm.start);
}

struct alarm_rules
alarms_rules(const struct alarms *a, uint32_t id, struct after after)
{
	struct alarm_rules r = { .renotify = (uint32_t)a->plan->site->renotify,
		.not_before = { INT64_MIN },
		.block = ALARM_FREE,
		.sampled = after.sampled,
		.quiet = a->quiet };
	struct thing t = alarms_thing(a, id);

	switch (t.kind) {
	case KIND_CHECK:
		rules_check(a, t.index, after, &r);
		gate_check(a, t.index, a->rows[t.index].alarm.start, &r);
		break;
	case KIND_QUEUE:
		rules_queue(a, a->queues[t.index].check, &r);
		break;
	case KIND_QUORUM:
		rules_quorum(a, t.index, after, &r);
		break;
	case KIND_HOST:
		rules_host(a, t.index, &r);
		break;
	case KIND_WATCH:
	case KIND_AGENT:
	case KINDS:
		break;
	}
	r.asking = r.asking && !r.gated;
	return r;
}

enum severity
alarms_severity(const struct alarms *a, struct thing t, enum alarm_type type)
{
	static const uint8_t by_type[] = {
		[ALARM_REQUIRED_CLOSED] = SEVERITY_MAJOR,
		[ALARM_RECOMMENDED_CLOSED] = SEVERITY_WARNING,
		[ALARM_FORBIDDEN_OPEN] = SEVERITY_MINOR,
		[ALARM_HOST_DOWN] = SEVERITY_CRITICAL,
		[ALARM_QUEUE_FULL] = SEVERITY_MAJOR,
		[ALARM_UNDOCUMENTED] = SEVERITY_WARNING,
		[ALARM_NOT_ENCRYPTED] = SEVERITY_MINOR,
	};
	uint8_t set = 0;

	if (t.kind == KIND_CHECK)
		set = a->plan->checks[t.index].severity;
	else if (t.kind == KIND_QUEUE)
		set = a->plan->checks[a->queues[t.index].check].severity;
	else if (t.kind == KIND_QUORUM)
		set = a->plan->checks[a->quorums[t.index].object].severity;
	return (enum severity)(set != 0 ? set : by_type[type]);
}
