#include "judge/alarms_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* What outlives a plan or the process, and how it comes back. */

struct alarm_saved
alarms_save(const struct plan *plan, const struct alarm_row *row)
{
	struct alarm_saved s = { .index = row->index,
		.notify_seq = row->notify_seq,
		.since = row->since,
		.type = row->type,
		.severity = row->severity,
		.stage = row->stage,
		.notified = row->notify_seq != 0 };
	const struct check *c;
	const struct plan_host *h;

	snprintf(s.text, sizeof(s.text), "%s", row->text);
	if (row->type == ALARM_HOST_DOWN) {
		h = &plan->hosts[row->object];
	} else {
		c = &plan->checks[row->object];
		h = &plan->hosts[c->host];
		s.catalogue = plan->cats[c->cat].number;
		s.service = plan_service(plan, c)->number;
		s.protocol = (uint8_t)plan_service(plan, c)->protocol;
		s.expected = c->expected;
		snprintf(s.catalogue_name, sizeof(s.catalogue_name), "%s",
		    plan->cats[c->cat].name);
		snprintf(s.service_name, sizeof(s.service_name), "%s",
		    plan_service(plan, c)->name);
		portset_format(&c->ports, s.ports, sizeof(s.ports));
	}
	s.host = h->number;
	snprintf(s.host_name, sizeof(s.host_name), "%s", h->name);
	return s;
}

void
alarms_export(const struct alarms *a, uint32_t i, struct alarm_saved *out)
{
	*out = alarms_save(a->plan, &a->active[i].row);
}

static long
find_host(const struct plan *p, uint16_t number)
{
	uint32_t low = 0, high = p->nhosts;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (p->hosts[mid].number < number)
			low = mid + 1;
		else
			high = mid;
	}
	return low < p->nhosts && p->hosts[low].number == number ? (long)low : -1;
}

/* ---- mutes: the agent's, the hosts', the checks' */

static uint32_t
mute_of(const struct alarms *a, uint32_t i, struct mute_saved *out)
{
	const struct plan *p = a->plan;
	const struct check *c;

	*out = (struct mute_saved){ 0 };
	if (i == 0)
		return out->until = a->mute_until;
	if (--i < p->nhosts) {
		out->host = p->hosts[i].number;
		return out->until = a->hosts[i].mute_until;
	}
	i -= p->nhosts;
	c = &p->checks[i];
	out->catalogue = p->cats[c->cat].number;
	out->service = plan_service(p, c)->number;
	out->host = p->hosts[c->host].number;
	return out->until = a->rows[i].mute_until;
}

uint32_t
alarms_export_mutes(const struct alarms *a, struct mute_saved **out)
{
	uint32_t n = 0, cap = 0;
	struct mute_saved m;

	*out = NULL;
	for (uint32_t i = 0; i < 1 + a->plan->nhosts + a->plan->nchecks; i++) {
		if (mute_of(a, i, &m) == 0)
			continue;
		mem_grow(*out, n, cap);
		(*out)[n++] = m;
	}
	return n;
}

static void
import_mute(struct alarms *a, const struct mute_saved *m, struct instant now)
{
	long i;

	if (m->host == 0) {
		alarms_mute_agent(a, m->until, now);
	} else if (m->catalogue == 0) {
		i = find_host(a->plan, m->host);
		if (i >= 0)
			alarms_mute_host(a, (uint32_t)i, m->until, now);
	} else {
		i = plan_find(a->plan, m->catalogue, m->service, m->host);
		if (i >= 0)
			alarms_mute_check(a, (uint32_t)i, m->until, now);
	}
}

/* ---- alarms of an earlier process */

static bool
can_be_down(const struct alarms *a, uint32_t host)
{
	uint32_t remote = 0;

	if (!a->plan->hosts[host].local)
		return a->plan->hosts[host].nendpoints > 0;
	for (uint32_t h = 0; h < a->plan->nhosts; h++)
		remote += !a->plan->hosts[h].local && a->plan->hosts[h].nendpoints > 0;
	return remote >= 3;
}

/* The thing whose alarm it was; false when there is none, or it has one already.
 * *object is the check or host, ALARMS_GONE when not even that is there. */
static bool
find_owner(
    const struct alarms *a, const struct alarm_saved *s, uint32_t *object, uint32_t *id)
{
	const struct queue_book *q;
	long i = s->type == ALARM_HOST_DOWN
	             ? find_host(a->plan, s->host)
	             : plan_find(a->plan, s->catalogue, s->service, s->host);

	*object = i >= 0 ? (uint32_t)i : ALARMS_GONE;
	if (i < 0)
		return false;
	*id = alarms_id(a, KIND_CHECK, *object);
	if (s->type == ALARM_HOST_DOWN) {
		if (!can_be_down(a, *object))
			return false;
		*id = alarms_id(a, KIND_HOST, *object);
	} else if (s->type == ALARM_QUEUE_FULL) {
		q = alarms_queue(a, *object);
		if (q == NULL)
			return false;
		*id = alarms_id(a, KIND_QUEUE, (uint32_t)(q - a->queues));
	} else if (a->plan->checks[*object].group != 0 &&
		   (s->type == ALARM_REQUIRED_CLOSED ||
		       s->type == ALARM_RECOMMENDED_CLOSED)) {
		*id = alarms_id(a, KIND_QUORUM, a->plan->checks[*object].group - 1);
	}
	return alarms_alarm(a, *id)->stage == STAGE_NONE;
}

static bool
is_alarm(const struct alarm_saved *s)
{
	return s->index != 0 && s->stage >= STAGE_RAISED && s->stage <= STAGE_MUTED &&
	       (s->type == ALARM_HOST_DOWN || s->type == ALARM_QUEUE_FULL ||
		   s->type == ALARM_NOT_ENCRYPTED ||
		   (s->type >= ALARM_REQUIRED_CLOSED &&
		       s->type <= ALARM_FORBIDDEN_OPEN));
}

static void
import_alarm(struct alarms *a, const struct alarm_saved *s, struct instant now)
{
	struct alarm_row row = { .index = s->index,
		.type = s->type,
		.severity = s->severity,
		.stage = s->stage,
		.notify_seq = s->notify_seq,
		.since = s->since };
	struct alarm *al;
	struct thing t;
	uint32_t id;

	if (!is_alarm(s))
		return;
	if (!find_owner(a, s, &row.object, &id)) {
		alarms_orphan(a, s, row.object, now);
		return;
	}
	t = alarms_thing(a, id);
	memcpy(row.text, s->text, sizeof(row.text));
	row.text[sizeof(row.text) - 1] = '\0';
	al = alarms_alarm(a, id);
	if (t.kind == KIND_QUORUM)
		a->quorums[t.index].object = row.object;
	alarm_restore(al, (enum alarm_type)s->type, (enum alarm_stage)s->stage,
	    s->notified != 0, s->since, now.mono);
	row.severity = (uint8_t)alarms_severity(a, t, (enum alarm_type)s->type);
	al->slot = alarms_adopt(a, id, &row);
	if (s->index >= a->index.next)
		a->crowded = true;
	if (t.kind == KIND_HOST)
		hostwatch_restore_down(a->watch, t.index);
}

void
alarms_import(struct alarms *a, const struct alarm_saved *v, size_t n,
    const struct mute_saved *mutes, size_t nmutes, struct instant now)
{
	for (size_t k = 0; k < n; k++)
		import_alarm(a, &v[k], now);
	for (size_t k = 0; k < nmutes; k++)
		import_mute(a, &mutes[k], now);
	for (uint32_t h = 0; h < a->plan->nhosts; h++)
		alarms_host_moved(a, h, now);
	for (uint32_t i = a->nactive; i-- > 0;) {
		if (i < a->nactive)
			alarms_arm(a, a->active[i].id, now);
	}
}
