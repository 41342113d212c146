#include "judge/alarms_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* ---- life */

static bool
has_queue(const struct plan *p, const struct check *c)
{
	/* "Stays full" is said of ports that are to serve somebody. */
	return p->hosts[c->host].local && (c->flags & CHECK_LISTEN) != 0 &&
	       (c->flags & (CHECK_UNJUDGED | CHECK_NO_ROLE)) == 0 &&
	       plan_service(p, c)->protocol == PROTO_TCP &&
	       (c->expected == EXPECTED_REQUIRED ||
		   c->expected == EXPECTED_RECOMMENDED ||
		   (c->flags & CHECK_LOCAL_REQUIRED) != 0);
}

static void
build_rows(struct alarms *a)
{
	const struct plan *p = a->plan;
	uint32_t cap = 0;

	a->rows = mem_array(struct row_book, p->nchecks);
	for (uint32_t i = 0; i < p->nchecks; i++) {
		alarm_init(&a->rows[i].alarm);
		a->rows[i].seen = verdict_unseen(p->checks[i].flags);
		if (!has_queue(p, &p->checks[i]))
			continue;
		mem_grow(a->queues, a->nqueues, cap);
		a->queues[a->nqueues].check = i;
		alarm_init(&a->queues[a->nqueues++].alarm);
	}
}

static void
build_by_host(struct alarms *a)
{
	const struct plan *p = a->plan;
	uint32_t *fill = mem_array(uint32_t, p->nhosts + 1);

	a->by_host = mem_array(uint32_t, p->nchecks);
	a->host_first = mem_array(uint32_t, p->nhosts + 1);
	for (uint32_t i = 0; i < p->nchecks; i++)
		a->host_first[p->checks[i].host + 1]++;
	for (uint32_t h = 0; h < p->nhosts; h++) {
		a->host_first[h + 1] += a->host_first[h];
		fill[h] = a->host_first[h];
	}
	for (uint32_t i = 0; i < p->nchecks; i++)
		a->by_host[fill[p->checks[i].host]++] = i;
	free(fill);
}

static void
build_groups(struct alarms *a)
{
	const struct plan *p = a->plan;
	uint32_t most = 0;

	for (uint32_t k = 0; k < p->nalternatives; k++) {
		if (p->alternatives[k].n > most)
			most = p->alternatives[k].n;
	}
	a->alternative = mem_array(struct group_member, most);
	most = 0;
	a->quorums = mem_array(struct quorum_book, p->ngroups);
	for (uint32_t k = 0; k < p->ngroups; k++) {
		alarm_init(&a->quorums[k].alarm);
		a->quorums[k].state.seen = SEEN_BLIND;
		if (p->groups[k].n > 0)
			a->quorums[k].object = p->groups[k].members[0];
		if (p->groups[k].n > most)
			most = p->groups[k].n;
	}
	a->quorum = mem_array(struct group_member, most);
}

void
alarms_build(struct alarms *a, const struct plan *plan)
{
	uint32_t sizes[KINDS];

	a->plan = plan;
	a->watch = hostwatch_new(plan);
	build_rows(a);
	build_by_host(a);
	build_groups(a);
	a->hosts = mem_array(struct host_book, plan->nhosts);
	for (uint32_t h = 0; h < plan->nhosts; h++) {
		alarm_init(&a->hosts[h].alarm);
		a->hosts[h].state = (uint8_t)hostwatch_state(a->watch, h);
		a->hosts[h].severity = SEVERITY_CLEARED;
	}
	sizes[KIND_CHECK] = plan->nchecks;
	sizes[KIND_QUEUE] = a->nqueues;
	sizes[KIND_QUORUM] = plan->ngroups;
	sizes[KIND_HOST] = sizes[KIND_WATCH] = plan->nhosts;
	sizes[KIND_AGENT] = 1;
	for (int k = 0; k < KINDS; k++)
		a->base[k + 1] = a->base[k] + sizes[k];
	a->agenda = agenda_new(a->base[KINDS]);
	a->is_asking = mem_array(uint8_t, a->base[KINDS] / 8 + 1);
	a->grace = (struct mono){ plan->site->boot_grace * 1000000000 };
}

void
alarms_unbuild(struct alarms *a)
{
	hostwatch_free(a->watch);
	agenda_free(a->agenda);
	free(a->rows);
	free(a->queues);
	free(a->quorums);
	free(a->hosts);
	free(a->by_host);
	free(a->host_first);
	free(a->alternative);
	free(a->quorum);
	free(a->active);
	free(a->asking);
	free(a->is_asking);
}

/* The first verdicts, before anything was observed and anybody listens. */
static void
ignore_row(void *arg, uint32_t check, const struct alarms_view *view)
{
	(void)arg;
	(void)check;
	(void)view;
}

struct alarms *
alarms_new(const struct plan *plan, const struct alarms_ops *ops, void *arg,
    struct instant now)
{
	static const struct alarms_ops none = { .row = ignore_row };
	struct alarms *a = mem_new(struct alarms);

	a->ops = &none;
	a->arg = arg;
	a->seq.next = a->index.next = 1;
	alarms_build(a, plan);
	for (uint32_t i = 0; i < plan->nchecks; i++)
		alarms_judge(a, i, SOURCE_NONE, now);
	a->ops = ops;
	return a;
}

void
alarms_free(struct alarms *a)
{
	if (a == NULL)
		return;
	alarms_unbuild(a);
	free(a);
}

void
alarms_publish(struct alarms *a)
{
	for (uint32_t i = 0; i < a->plan->nchecks; i++)
		alarms_report(a, i);
	for (uint32_t h = 0; h < a->plan->nhosts; h++)
		a->ops->host(a->arg, h, (enum host_state)a->hosts[h].state,
		    (enum severity)a->hosts[h].severity, a->hosts[h].mute_until);
	for (uint32_t i = 0; i < a->nactive; i++)
		a->ops->alarm(a->arg, &a->active[i].row);
}

struct queue_book *
alarms_queue(const struct alarms *a, uint32_t check)
{
	uint32_t low = 0, high = a->nqueues;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (a->queues[mid].check < check)
			low = mid + 1;
		else
			high = mid;
	}
	return low < a->nqueues && a->queues[low].check == check ? &a->queues[low]
	                                                         : NULL;
}
