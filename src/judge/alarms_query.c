#include "judge/alarms_priv.h"

/* ---- numbers */

static void
reserve(struct numbers *n, uint32_t first, uint32_t count)
{
	n->next = first != 0 ? first : 1;
	n->left = count;
}

void
alarms_reserve_seq(struct alarms *a, uint32_t first, uint32_t count)
{
	reserve(&a->seq, first, count);
}

void
alarms_reserve_index(struct alarms *a, uint32_t first, uint32_t count)
{
	reserve(&a->index, first, count);
}

uint32_t
alarms_seq_next(const struct alarms *a)
{
	return a->seq.next;
}

uint32_t
alarms_index_next(const struct alarms *a)
{
	return a->index.next;
}

uint32_t
alarms_seq_left(const struct alarms *a)
{
	return a->seq.left;
}

uint32_t
alarms_index_left(const struct alarms *a)
{
	return a->index.left;
}

/* ---- queries */

enum host_state
alarms_host(const struct alarms *a, uint32_t host)
{
	return hostwatch_state(a->watch, host);
}

bool
alarms_wants_probe(const struct alarms *a, uint32_t endpoint)
{
	return hostwatch_wants(a->watch, endpoint);
}

static struct mono
look(const struct alarms *a, uint32_t check, struct mono now)
{
	uint32_t id = alarms_speaker(a, check);
	const struct alarm *al = alarms_alarm(a, id);
	struct alarm_rules r;

	if (al->stage == STAGE_NONE)
		return MONO_NEVER;
	r = alarms_rules(a, id, (struct after){ 0 });
	return alarm_look(al, &r, now);
}

struct mono
alarms_look(const struct alarms *a, uint32_t check, struct mono now)
{
	const struct check *c = &a->plan->checks[check];
	const struct plan_alternative *alt;
	struct mono when = look(a, check, now);

	if (c->alternative == 0)
		return when;
	alt = &a->plan->alternatives[c->alternative - 1];
	for (uint32_t k = 0; k < alt->n; k++)
		when = mono_min(when, look(a, alt->members[k], now));
	return when;
}

bool
alarms_isolated(const struct alarms *a)
{
	return hostwatch_isolated(a->watch);
}

uint32_t
alarms_count(const struct alarms *a)
{
	return a->nactive;
}

uint32_t
alarms_muted_rows(const struct alarms *a)
{
	return a->muted_rows;
}

uint32_t
alarms_agent_mute(const struct alarms *a)
{
	return a->mute_until;
}

uint32_t
alarms_check_mute(const struct alarms *a, uint32_t check)
{
	return a->rows[check].mute_until;
}

bool
alarms_notifying(const struct alarms *a)
{
	return !a->quiet;
}
