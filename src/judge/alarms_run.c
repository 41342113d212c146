#include "judge/alarms_priv.h"

#include <stdlib.h>

#include "base/mem.h"

#define CANVASS_HOSTS 3 /* asked at once whether the network works */
#define CANVASS_S     1 /* and how long their answers are waited for */

static uint32_t
take(struct numbers *n)
{
	uint32_t v = n->next;

	n->next = v == UINT32_MAX ? 1 : v + 1;
	if (n->left > 0)
		n->left--;
	return v;
}

uint32_t
alarms_take_seq(struct alarms *a)
{
	return take(&a->seq);
}

static bool
in_use(const struct alarms *a, uint32_t index)
{
	for (uint32_t i = 0; i < a->nactive; i++) {
		if (a->active[i].row.index == index)
			return true;
	}
	return false;
}

uint32_t
alarms_take_index(struct alarms *a)
{
	uint32_t index;

	do {
		index = take(&a->index);
		a->crowded = a->crowded || index == UINT32_MAX;
	} while (a->crowded && in_use(a, index));
	return index;
}

/* ---- the active alarms */

uint32_t
alarms_adopt(struct alarms *a, uint32_t id, const struct alarm_row *row)
{
	mem_grow(a->active, a->nactive, a->cap);
	a->active[a->nactive] = (struct active){ *row, id };
	return a->nactive++;
}

static void
drop(struct alarms *a, uint32_t slot)
{
	uint32_t index = a->active[slot].row.index;

	if (slot != --a->nactive) {
		a->active[slot] = a->active[a->nactive];
		alarms_alarm(a, a->active[slot].id)->slot = slot;
	}
	a->ops->alarm_gone(a->arg, index);
}

static void
say(struct alarms *a, struct active *act, struct alarms_event e, struct instant now)
{
	struct thing t = alarms_thing(a, act->id);

	e.number = (enum event_number)(2 * act->row.type - (e.raise ? 1 : 0));
	e.seq = take(&a->seq);
	e.time = now.wall;
	e.object = act->row.object;
	e.alarm = &act->row;
	if (t.kind == KIND_QUORUM) {
		e.group = &a->plan->groups[t.index];
		e.quorum = a->quorums[t.index].state;
	}
	if (e.raise && !e.suppressed && !e.repeat)
		act->row.notify_seq = e.seq;
	a->ops->event(a->arg, &e);
}

static uint32_t
object_of(const struct alarms *a, struct thing t)
{
	switch (t.kind) {
	case KIND_QUEUE:
		return a->queues[t.index].check;
	case KIND_QUORUM:
		return a->quorums[t.index].object;
	default:
		return t.index;
	}
}

static void
enter(struct alarms *a, uint32_t id)
{
	struct alarm *al = alarms_alarm(a, id);
	struct thing t = alarms_thing(a, id);
	struct alarm_row row = { .index = alarms_take_index(a),
		.type = al->type,
		.object = object_of(a, t),
		.since = al->since };

	row.severity = (uint8_t)alarms_severity(a, t, (enum alarm_type)al->type);
	al->slot = alarms_adopt(a, id, &row);
}

static void
act(struct alarms *a, uint32_t id, const struct alarm_step *s, struct instant now)
{
	struct alarm *al = alarms_alarm(a, id);
	struct alarms_event e = { 0 };
	struct active *active;

	if (s->cleared) {
		e.suppressed = !s->cleared_told || a->quiet;
		say(a, &a->active[al->slot], e, now);
		drop(a, al->slot);
	}
	if (!alarm_active(al))
		return;
	if (s->raised)
		enter(a, id);
	if (!s->raised && !s->told && !s->repeated && !s->moved)
		return;
	active = &a->active[al->slot];
	active->row.stage = al->stage;
	if (s->raised || s->told || s->repeated) {
		e.raise = true;
		e.repeat = s->repeated;
		e.suppressed = !s->told && !s->repeated;
		say(a, active, e, now);
	}
	a->ops->alarm(a->arg, &active->row);
}

/* ---- deadlines */

/* Until some host answers, others are asked every second; returns when next. */
static struct mono
ask(struct alarms *a, uint32_t id, struct mono now)
{
	uint32_t hosts[CANVASS_HOSTS], n;

	if ((a->is_asking[id / 8] & 1U << id % 8) == 0) {
		a->is_asking[id / 8] |= (uint8_t)(1U << id % 8);
		mem_grow(a->asking, a->nasking, a->asking_cap);
		a->asking[a->nasking++] = id;
	}
	if (!mono_before(now, mono_add_s(a->canvassed, CANVASS_S))) {
		a->canvassed = now;
		n = hostwatch_canvass(a->watch, hosts, CANVASS_HOSTS);
		for (uint32_t i = 0; i < n; i++)
			a->ops->reprobe(a->arg, hosts[i]);
	}
	return mono_add_s(a->canvassed, CANVASS_S);
}

static int
by_id(const void *pa, const void *pb)
{
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	return a < b ? -1 : a > b;
}

void
alarms_wake(struct alarms *a, struct instant now)
{
	uint32_t *ids = a->asking, n = a->nasking;

	if (n == 0)
		return;
	a->asking = NULL;
	a->nasking = a->asking_cap = 0;
	qsort(ids, n, sizeof(*ids), by_id);
	for (uint32_t i = 0; i < n; i++)
		a->is_asking[ids[i] / 8] &= (uint8_t) ~(1U << ids[i] % 8);
	for (uint32_t i = 0; i < n; i++)
		alarms_visit(a, ids[i], now);
	free(ids);
}

static struct mono
mute_end(const struct alarms *a, struct thing t, struct instant now)
{
	uint32_t until = t.kind == KIND_CHECK   ? a->rows[t.index].mute_until
	                 : t.kind == KIND_HOST  ? a->hosts[t.index].mute_until
	                 : t.kind == KIND_AGENT ? a->mute_until
	                                        : 0;
	wall_t left = (wall_t)until * 1000 - now.wall;

	if (until == 0)
		return MONO_NEVER;
	return mono_add_ms(now.mono, left > 0 ? left : 0);
}

void
alarms_arm(struct alarms *a, uint32_t id, struct instant now)
{
	struct thing t = alarms_thing(a, id);
	struct mono when = mute_end(a, t, now);
	struct alarm *al = alarms_alarm(a, id);
	struct alarm_rules r;

	if (al != NULL && al->stage != STAGE_NONE) {
		struct mono due;
		bool asking;

		r = alarms_rules(a, id, (struct after){ 0 });
		asking = r.asking;
		r.asking = false;
		due = mono_min(alarm_deadline(al, &r),
		    asking ? alarm_hold_end(al, &r) : MONO_NEVER);
		if (asking && !alarm_told(al) && !mono_before(now.mono, due))
			due = ask(a, id, now.mono);
		when = mono_min(when, due);
		if (t.kind == KIND_HOST)
			when = mono_min(when, alarms_host_due(a, t.index));
	}
	agenda_set(a->agenda, id, when);
}

/* ---- what happens to an alarm */

static bool
finish(struct alarms *a, uint32_t id, const struct alarm_step *s, struct instant now)
{
	act(a, id, s, now);
	alarms_arm(a, id, now);
	return s->moved || s->cleared || s->raised;
}

bool
alarms_feed(struct alarms *a, uint32_t id, enum alarm_type type, struct after after,
    struct instant now)
{
	struct alarm *al = alarms_alarm(a, id);
	struct alarm_rules r;
	struct alarm_step s;

	if (type == ALARM_NONE && al->stage == STAGE_NONE)
		return false;
	r = alarms_rules(a, id, after);
	s = alarm_observe(al, &r, type, now);
	return finish(a, id, &s, now);
}

bool
alarms_poll(struct alarms *a, uint32_t id, struct instant now)
{
	struct alarm *al = alarms_alarm(a, id);
	struct alarm_rules r;
	struct alarm_step s;

	if (al->stage == STAGE_NONE)
		return false;
	r = alarms_rules(a, id, (struct after){ 0 });
	s = alarm_poll(al, &r, now.mono);
	return finish(a, id, &s, now);
}

bool
alarms_feed_blind(struct alarms *a, uint32_t id, struct instant now)
{
	alarm_blind(alarms_alarm(a, id));
	return alarms_poll(a, id, now);
}

bool
alarms_end(struct alarms *a, uint32_t id, struct instant now)
{
	struct alarm *al = alarms_alarm(a, id);
	struct alarm_step s;

	if (al->stage == STAGE_NONE)
		return false;
	s = alarm_drop(al);
	return finish(a, id, &s, now);
}

bool
alarms_recheck(struct alarms *a, uint32_t id, struct instant now)
{
	struct alarm_step s = alarm_recheck(alarms_alarm(a, id));

	return s.moved && finish(a, id, &s, now);
}

void
alarms_orphan(struct alarms *a, const struct alarm_saved *saved, uint32_t object,
    struct instant now)
{
	struct alarm_row row = { .index = saved->index,
		.type = saved->type,
		.severity = saved->severity,
		.stage = saved->stage,
		.object = object,
		.notify_seq = saved->notify_seq,
		.since = saved->since };
	struct alarms_event e = { .number = (enum event_number)(2 * saved->type),
		.seq = take(&a->seq),
		.time = now.wall,
		.suppressed = !saved->notified || a->quiet,
		.object = object,
		.gone = object == ALARMS_GONE ? saved : NULL,
		.alarm = &row };

	for (size_t i = 0; i < sizeof(row.text) && saved->text[i] != '\0'; i++)
		row.text[i] = saved->text[i];
	a->ops->event(a->arg, &e);
	a->ops->alarm_gone(a->arg, saved->index);
}
