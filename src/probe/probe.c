#include "probe/probe.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plan/plan.h"
#include "plan/workload.h"
#include "base/pollset.h"
#include "probe/probe_engine.h"
#include "probe/resolve.h"
#include "base/schedule.h"

#define FIRST_NS     INT64_C(5000000) /* of the first round, for each endpoint */
#define FIRST_MIN_NS INT64_C(1000000000)

/* ---- a new plan */

/* What an old plan leaves behind for the new one. */
struct old {
	const struct plan *plan;
	struct target *targets;
	struct probe_host *hosts;
	struct schedule *sched;
};

static bool
same_host(const struct plan_host *a, const struct plan_host *b)
{
	return a->number == b->number && a->local == b->local &&
	       strcmp(a->address, b->address) == 0 && addr_equal(&a->addr, &b->addr);
}

static bool
same_work(const struct plan *pa, const struct endpoint *a, const struct plan *pb,
    const struct endpoint *b)
{
	const struct probe_spec *sa = &pa->specs[a->spec], *sb = &pb->specs[b->spec];

	return a->port == b->port && a->interval == b->interval &&
	       sa->protocol == sb->protocol && sa->method == sb->method &&
	       sa->payload.kind == sb->payload.kind;
}

/* What was learnt of the host goes over, its queue does not. */
static void
inherit_host(struct probe_host *to, struct probe_host *from)
{
	to->name = from->name;
	from->name = NULL;
	to->prefer = from->prefer;
	to->udp_next = from->udp_next;
}

static void
inherit_target(
    struct probe_engine *e, uint32_t id, const struct old *old, uint32_t from)
{
	e->targets[id].flags = old->targets[from].flags &
	                       (TARGET_DISABLED | TARGET_ANSWERS | TARGET_GREETS);
	schedule_inherit(e->sched, id, old->sched, from);
	/* It was in flight or in a queue: its probe was cancelled. */
	if (!schedule_is_set(e->sched, id) &&
	    (e->targets[id].flags & TARGET_DISABLED) == 0)
		schedule_urgent(e->sched, id, probe_run_time(e));
}

/* Endpoints of one host are few, and mostly the same in the same order. */
static void
match_endpoints(struct probe_engine *e, const struct plan_host *host,
    const struct old *old, const struct plan_host *was, bool *matched)
{
	uint32_t guess = was->first_endpoint;

	for (uint32_t i = 0; i < host->nendpoints; i++) {
		uint32_t id = host->first_endpoint + i;

		for (uint32_t n = 0; n < was->nendpoints; n++) {
			if (guess >= was->first_endpoint + was->nendpoints)
				guess = was->first_endpoint;
			if (same_work(e->plan, &e->plan->endpoints[id], old->plan,
				&old->plan->endpoints[guess])) {
				inherit_target(e, id, old, guess);
				matched[id] = true;
				guess++;
				break;
			}
			guess++;
		}
	}
}

/* Hosts are sorted by number in both plans. */
static void
match_hosts(struct probe_engine *e, const struct old *old, bool *matched)
{
	const struct plan *plan = e->plan, *was = old->plan;
	uint32_t o = 0;

	for (uint32_t h = 0; was != NULL && h < plan->nhosts; h++) {
		while (o < was->nhosts && was->hosts[o].number < plan->hosts[h].number)
			o++;
		if (o < was->nhosts && same_host(&plan->hosts[h], &was->hosts[o])) {
			inherit_host(&e->hosts[h], &old->hosts[o]);
			match_endpoints(
			    e, &plan->hosts[h], old, &was->hosts[o], matched);
		}
	}
}

static void
init_hosts(struct probe_engine *e)
{
	e->hosts = mem_array(struct probe_host, e->plan->nhosts);
	for (uint32_t h = 0; h < e->plan->nhosts; h++) {
		e->hosts[h].engine = e;
		e->hosts[h].first = PROBE_NONE;
		e->hosts[h].last = PROBE_NONE;
	}
}

/* A host whose name moved here keeps the answer, but tells the new owner. */
static void
name_hosts(struct probe_engine *e)
{
	for (uint32_t h = 0; h < e->plan->nhosts; h++) {
		const struct plan_host *ph = &e->plan->hosts[h];
		struct probe_host *host = &e->hosts[h];

		if (ph->addr.family != 0 || ph->address[0] == '\0')
			continue;
		if (host->name == NULL)
			host->name = resolve_add(
			    e->resolver, ph->address, probe_run_on_name, host);
		else
			resolve_move(host->name, host);
	}
}

static void
begin_new(struct probe_engine *e, const bool *matched)
{
	struct mono now = probe_run_time(e);
	int64_t fresh = 0;

	for (uint32_t i = 0; i < e->plan->nendpoints; i++)
		fresh += matched[i] ? 0 : FIRST_NS;
	if (fresh < FIRST_MIN_NS)
		fresh = FIRST_MIN_NS;
	for (uint32_t i = 0; i < e->plan->nendpoints; i++) {
		uint32_t interval = e->plan->endpoints[i].interval;

		if (!matched[i])
			schedule_begin(
			    e->sched, i, interval != 0 ? interval : 60, fresh, now);
	}
}

static void
cancel_all(struct probe_engine *e)
{
	for (uint32_t i = 0; i < e->nblocks * PROBE_BLOCK; i++) {
		if (probe_slot(e, i)->busy)
			probe_run_cancel(e, probe_slot(e, i)->result.endpoint);
	}
	while (!TAILQ_EMPTY(&e->runnable))
		TAILQ_REMOVE(&e->runnable, TAILQ_FIRST(&e->runnable), link);
	e->stats.waiting = 0;
}

static void
free_old(struct old *old)
{
	for (uint32_t h = 0; old->plan != NULL && h < old->plan->nhosts; h++)
		resolve_del(old->hosts[h].name);
	free(old->targets);
	free(old->hosts);
	schedule_free(old->sched);
}

/* How many probes may be in flight. */
static uint32_t
budget_of(const struct probe_engine *e)
{
	const struct probe_config *c = &e->config;
	struct workload w = workload_of(e->plan);
	uint32_t n = c->concurrency != 0 ? c->concurrency : workload_concurrency(&w);

	return c->fd_budget != 0 && c->fd_budget < n ? c->fd_budget : n;
}

void
probe_engine_set_plan(struct probe_engine *e, const struct plan *plan)
{
	static const struct plan empty;
	struct old old = { e->plan, e->targets, e->hosts, e->sched };
	bool *matched;

	probe_run_now(e);
	cancel_all(e);
	e->plan = plan != NULL ? plan : &empty;
	e->budget = e->stats.limit = budget_of(e);
	e->sched = schedule_new(e->origin, e->config.seed);
	schedule_reset(e->sched, e->plan->nendpoints);
	e->targets = mem_array(struct target, e->plan->nendpoints);
	for (uint32_t i = 0; i < e->plan->nendpoints; i++)
		e->targets[i].slot = PROBE_NO_SLOT;
	init_hosts(e);
	matched = mem_array(bool, e->plan->nendpoints);
	match_hosts(e, &old, matched);
	name_hosts(e);
	begin_new(e, matched);
	free(matched);
	free_old(&old);
	probe_due_soon(e);
}

/* ---- what callers ask for */

void
probe_engine_enable(struct probe_engine *e, uint32_t id, bool enable)
{
	struct target *t = &e->targets[id];

	if (enable == probe_engine_enabled(e, id))
		return;
	if (enable) {
		t->flags &= (uint8_t)~TARGET_DISABLED;
		schedule_urgent(e->sched, id, probe_run_time(e));
	} else {
		probe_run_cancel(e, id);
		schedule_stop(e->sched, id);
		t->flags |= TARGET_DISABLED;
	}
	probe_due_soon(e);
}

bool
probe_engine_enabled(const struct probe_engine *e, uint32_t id)
{
	return (e->targets[id].flags & TARGET_DISABLED) == 0;
}

void
probe_engine_answers(struct probe_engine *e, uint32_t id, bool does)
{
	const struct endpoint *ep = &e->plan->endpoints[id];

	if (e->plan->specs[ep->spec].method != METHOD_UDP)
		return; /* what a TLS server does is remembered here alone */
	e->targets[id].flags &= (uint8_t)~TARGET_ANSWERS;
	if (does)
		e->targets[id].flags |= TARGET_ANSWERS;
}

static void
look_at(struct probe_engine *e, uint32_t id, struct mono when)
{
	struct target *t = &e->targets[id];

	if ((t->flags & (TARGET_DISABLED | TARGET_WAITING)) != 0)
		return;
	if (t->slot != PROBE_NO_SLOT)
		t->flags |= TARGET_AGAIN;
	else
		schedule_urgent(e->sched, id, when);
}

void
probe_engine_now(struct probe_engine *e, uint32_t id)
{
	look_at(e, id, probe_run_time(e));
	probe_due_soon(e);
}

void
probe_engine_all_now(struct probe_engine *e)
{
	for (uint32_t i = 0; i < e->plan->nendpoints; i++)
		look_at(e, i, probe_run_time(e));
	probe_due_soon(e);
}

void
probe_engine_retry_soon(struct probe_engine *e, uint32_t id, uint32_t delay_ms)
{
	struct mono when = mono_add_ms(probe_run_time(e), delay_ms);

	if (e->targets[id].slot != PROBE_NO_SLOT ||
	    (schedule_is_set(e->sched, id) &&
		mono_before(schedule_due(e->sched, id), when)))
		return;
	look_at(e, id, when);
	probe_due_soon(e);
}

uint32_t
probe_engine_lag(const struct probe_engine *e)
{
	struct mono now = mono_add_ns(loop_now(e->loop), -e->slept_ns);
	int64_t late = schedule_late(e->sched, now);

	for (uint32_t h = 0; h < e->plan->nhosts; h++) {
		int64_t t = probe_due_stretch(e, h, now);

		late = t > late ? t : late;
		if (e->hosts[h].first != PROBE_NONE) {
			t = mono_diff_ns(
			    now, schedule_due(e->sched, e->hosts[h].first));
			late = t > late ? t : late;
		}
	}
	return (uint32_t)(late / 1000000000);
}

void
probe_engine_stats(const struct probe_engine *e, struct probe_stats *out)
{
	*out = e->stats;
}

/* ---- */

static void
fill_defaults(struct probe_config *c)
{
	if (c->concurrency > PROBE_NO_SLOT)
		c->concurrency = PROBE_NO_SLOT;
	if (c->per_host == 0)
		c->per_host = 16;
}

struct probe_engine *
probe_engine_new(struct loop *loop, const struct probe_config *config,
    probe_result_cb *cb, void *arg)
{
	static const struct resolve_config system;
	struct probe_engine *e = mem_new(struct probe_engine);

	e->loop = loop;
	e->config = *config;
	e->cb = cb;
	e->arg = arg;
	fill_defaults(&e->config);
	e->netsock.source = config->source;
	if (config->interface != NULL)
		snprintf(e->netsock.interface, sizeof(e->netsock.interface), "%s",
		    config->interface);
	e->origin = e->seen = loop_now(loop);
	TAILQ_INIT(&e->runnable);
	e->deadlines = deadline_new();
	e->timer = loop_timer_add(loop, probe_due_on_timer, e);
	e->pollset = pollset_new(loop, probe_run_on_ready, probe_due_on_batch, e);
	e->resolver = resolve_new(
	    loop, config->resolve != NULL ? config->resolve : &system);
	if (e->pollset == NULL || e->resolver == NULL) {
		probe_engine_free(e);
		return NULL;
	}
	probe_engine_set_plan(e, NULL);
	return e;
}

void
probe_engine_free(struct probe_engine *e)
{
	struct old last;
	int error = errno;

	if (e == NULL)
		return;
	last = (struct old){ e->plan, e->targets, e->hosts, e->sched };
	cancel_all(e);
	free_old(&last);
	probe_run_unshare(e);
	resolve_free(e->resolver);
	pollset_free(e->pollset);
	loop_timer_del(e->timer);
	deadline_free(e->deadlines);
	while (e->nblocks > 0)
		free(e->blocks[--e->nblocks]);
	free(e);
	errno = error;
}
