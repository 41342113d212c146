#include "judge/alarms_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Where things of the old plan are in the new one: index + 1, 0 for nowhere. */
struct map {
	uint32_t *checks, *hosts, *groups;
};

static void
map_plans(struct map *m, const struct plan *old, const struct plan *new)
{
	m->checks = mem_array(uint32_t, old->nchecks);
	m->hosts = mem_array(uint32_t, old->nhosts);
	m->groups = mem_array(uint32_t, old->ngroups);
	for (uint32_t i = 0; i < old->nchecks; i++) {
		const struct check *c = &old->checks[i];

		m->checks[i] = (uint32_t)(1 + plan_find(new, old->cats[c->cat].number,
						  plan_service(old, c)->number,
						  old->hosts[c->host].number));
	}
	for (uint32_t i = 0, k = 0; i < old->nhosts && k < new->nhosts;) {
		if (old->hosts[i].number == new->hosts[k].number)
			m->hosts[i++] = ++k;
		else if (old->hosts[i].number < new->hosts[k].number)
			i++;
		else
			k++;
	}
	for (uint32_t i = 0; i < old->ngroups; i++) {
		for (uint32_t k = 0; k < new->ngroups; k++) {
			if (strcmp(old->groups[i].name, new->groups[k].name) == 0)
				m->groups[i] = k + 1;
		}
	}
}

static void
unmap(struct map *m)
{
	free(m->checks);
	free(m->hosts);
	free(m->groups);
}

/* ---- what is known */

static void
carry_row(const struct alarms *old, uint32_t i, struct alarms *a, uint32_t k)
{
	const struct check *was = &old->plan->checks[i];
	const struct check *is = &a->plan->checks[k];
	const struct row_book *from = &old->rows[i];
	struct row_book *to = &a->rows[k];
	uint16_t sources = CHECK_LISTEN | CHECK_CONNECT | CHECK_EITHER;

	to->mute_until = from->mute_until;
	to->bits = from->bits &
	           (BIT_DISABLED | BIT_FRESH_ALT | BIT_FRESH_QUORUM | BITS_DOUBTS);
	to->verdict = from->verdict;
	to->reason = from->reason;
	to->error = from->error;
	to->other = from->other;
	if ((was->flags & sources) == (is->flags & sources) &&
	    portset_equal(&was->ports, &is->ports))
		to->seen = from->seen;
	if (!alarm_active(&from->alarm))
		to->alarm = from->alarm;
}

static void
carry_queues(const struct alarms *old, struct alarms *a, const struct map *m)
{
	for (uint32_t i = 0; i < old->nqueues; i++) {
		const struct queue_book *from = &old->queues[i];
		uint32_t k = m->checks[from->check];
		struct queue_book *to = k != 0 ? alarms_queue(a, k - 1) : NULL;

		if (to != NULL && !alarm_active(&from->alarm))
			to->alarm = from->alarm;
	}
}

static void
carry_host(
    const struct alarms *old, uint32_t i, struct alarms *a, uint32_t k, struct mono now)
{
	const struct host_book *from = &old->hosts[i];
	struct host_book *to = &a->hosts[k];

	to->mute_until = from->mute_until;
	to->down = from->down;
	to->asked = from->asked;
	if (!alarm_active(&from->alarm))
		to->alarm = from->alarm;
	if (from->standby && a->plan->hosts[k].active_when.family != 0) {
		to->standby = true;
		(void)hostwatch_standby(a->watch, k, true, now);
	}
	hostwatch_carry(a->watch, k, old->watch, i);
}

static void
carry(const struct alarms *old, struct alarms *a, const struct map *m, struct mono now)
{
	for (uint32_t i = 0; i < old->plan->nchecks; i++) {
		if (m->checks[i] != 0)
			carry_row(old, i, a, m->checks[i] - 1);
	}
	carry_queues(old, a, m);
	for (uint32_t i = 0; i < old->plan->nhosts; i++) {
		if (m->hosts[i] != 0)
			carry_host(old, i, a, m->hosts[i] - 1, now);
	}
	for (uint32_t i = 0; i < old->plan->ngroups; i++) {
		const struct quorum_book *from = &old->quorums[i];
		struct quorum_book *to;

		if (m->groups[i] == 0)
			continue;
		to = &a->quorums[m->groups[i] - 1];
		if (m->checks[from->object] != 0 && !alarm_active(&from->alarm)) {
			to->alarm = from->alarm;
			to->object = m->checks[from->object] - 1;
		}
	}
}

/* ---- the active alarms */

/* The id under the new plan of what has an alarm under the old one; false for none. */
static bool
new_id(const struct alarms *old, uint32_t id, const struct alarms *a,
    const struct map *m, uint32_t *out)
{
	struct thing t = alarms_thing(old, id);
	const struct queue_book *q;
	uint32_t k = 0;

	switch (t.kind) {
	case KIND_CHECK:
		k = m->checks[t.index];
		break;
	case KIND_QUEUE:
		k = m->checks[old->queues[t.index].check];
		q = k != 0 ? alarms_queue(a, k - 1) : NULL;
		k = q != NULL ? (uint32_t)(q - a->queues) + 1 : 0;
		break;
	case KIND_QUORUM:
		if (m->checks[old->quorums[t.index].object] != 0)
			k = m->groups[t.index];
		break;
	case KIND_HOST:
		k = m->hosts[t.index];
		break;
	case KIND_WATCH:
	case KIND_AGENT:
	case KINDS:
		break;
	}
	*out = alarms_id(a, t.kind, k - 1);
	return k != 0;
}

static uint32_t
new_object(const struct alarm_row *row, const struct map *m)
{
	uint32_t k = row->type == ALARM_HOST_DOWN ? m->hosts[row->object]
	                                          : m->checks[row->object];

	return k != 0 ? k - 1 : ALARMS_GONE;
}

static void
carry_alarms(
    const struct alarms *old, struct alarms *a, const struct map *m, struct instant now)
{
	for (uint32_t i = 0; i < old->nactive; i++) {
		struct alarm_row row = old->active[i].row;
		struct thing t = alarms_thing(old, old->active[i].id);
		uint32_t id;
		struct alarm *al;

		row.object = new_object(&row, m);
		if (!new_id(old, old->active[i].id, a, m, &id)) {
			struct alarm_saved s = alarms_save(
			    old->plan, &old->active[i].row);

			alarms_orphan(a, &s, row.object, now);
			continue;
		}
		al = alarms_alarm(a, id);
		*al = *alarms_alarm(old, old->active[i].id);
		al->slot = alarms_adopt(a, id, &row);
		if (t.kind == KIND_QUORUM)
			a->quorums[alarms_thing(a, id).index].object = row.object;
		a->active[al->slot].row.severity = (uint8_t)alarms_severity(
		    a, alarms_thing(a, id), (enum alarm_type)row.type);
	}
}

/* A host that has nothing to be probed by can neither be down nor come up. */
static void
end_pointless(struct alarms *a, struct instant now)
{
	for (uint32_t h = 0; h < a->plan->nhosts; h++) {
		uint32_t id = alarms_id(a, KIND_HOST, h);

		if (!a->plan->hosts[h].local && a->plan->hosts[h].nendpoints == 0)
			(void)alarms_end(a, id, now);
	}
}

void
alarms_replan(struct alarms *a, const struct plan *plan, struct instant now)
{
	struct alarms old = *a;
	struct map m;

	map_plans(&m, old.plan, plan);
	*a = (struct alarms){ .ops = old.ops,
		.arg = old.arg,
		.seq = old.seq,
		.index = old.index,
		.crowded = old.crowded,
		.mute_until = old.mute_until,
		.quiet = old.quiet,
		.first_local = old.first_local,
		.first_remote = old.first_remote,
		.canvassed = old.canvassed };
	alarms_build(a, plan);
	carry(&old, a, &m, now.mono);
	carry_alarms(&old, a, &m, now);
	end_pointless(a, now);
	alarms_host_step(a, 0, hostwatch_review(a->watch, now.mono), now);
	for (uint32_t h = 0; h < plan->nhosts; h++)
		alarms_host_moved(a, h, now);
	for (uint32_t i = 0; i < plan->nchecks; i++) {
		alarms_enable_endpoints(a, i, now);
		alarms_refresh(a, i, now);
	}
	for (uint32_t id = 0; id < a->base[KINDS]; id++) {
		if (alarms_thing(a, id).kind != KIND_WATCH)
			alarms_arm(a, id, now);
	}
	unmap(&m);
	alarms_unbuild(&old);
}
