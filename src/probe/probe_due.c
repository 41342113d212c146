#include <stddef.h>

#include "plan/plan.h"
#include "base/pollset.h"
#include "probe/probe.h"
#include "probe/probe_engine.h"
#include "base/schedule.h"

/* Which probe starts when: the queues of hosts, the caps, the timer. */

#define STARTS_A_TURN 32 /* bounds how long the loop's other descriptors wait */
#define ENDS_A_TURN   64
#define HEARTBEAT_MS  500
#define UDP_SPACE_NS  INT64_C(1000000000) /* between datagrams to one host... */
#define UDP_BURST     5                   /* ...after this many at once */
#define SECOND_NS     INT64_C(1000000000)

/* ---- hosts' queues */

void
probe_due_runnable(struct probe_host *host)
{
	struct probe_engine *e = host->engine;

	if (host->runnable || host->first == PROBE_NONE || host->asking ||
	    host->in_flight >= e->config.per_host)
		return;
	host->runnable = true;
	TAILQ_INSERT_TAIL(&e->runnable, host, link);
}

void
probe_due_enqueue(struct probe_engine *e, struct probe_host *host, uint32_t id)
{
	struct target *t = &e->targets[id];

	t->flags |= TARGET_WAITING;
	t->next = PROBE_NONE;
	if (host->first != PROBE_NONE)
		e->targets[host->last].next = id;
	else
		host->first = id;
	host->last = id;
	e->stats.waiting++;
}

static uint32_t
dequeue(struct probe_engine *e, struct probe_host *host)
{
	uint32_t id = host->first;

	host->first = e->targets[id].next;
	e->targets[id].flags &= (uint8_t)~TARGET_WAITING;
	e->stats.waiting--;
	return id;
}

void
probe_due_leave(struct probe_engine *e, struct probe_host *host, uint32_t id)
{
	uint32_t first = host->first, n = PROBE_NONE;

	host->first = PROBE_NONE;
	for (; first != PROBE_NONE; first = n) {
		n = e->targets[first].next;
		e->stats.waiting--;
		e->targets[first].flags &= (uint8_t)~TARGET_WAITING;
		if (first != id)
			probe_due_enqueue(e, host, first);
	}
}

/* ---- what is due */

/* A host answers for closed UDP ports with one ICMP message a second; what comes faster
 * would look filtered.  True when the target was put off. */
static bool
pace_udp(struct probe_engine *e, uint32_t id, struct mono now)
{
	const struct endpoint *ep = &e->plan->endpoints[id];
	struct probe_host *host = &e->hosts[ep->host];
	struct target *t = &e->targets[id];
	struct mono turn;

	if (e->plan->specs[ep->spec].method != METHOD_UDP ||
	    (t->flags & TARGET_PACED) != 0)
		return false;
	if (mono_before(host->udp_next, now))
		host->udp_next = now;
	turn = mono_add_ns(host->udp_next, -(UDP_BURST - 1) * UDP_SPACE_NS);
	host->udp_next = mono_add_ns(host->udp_next, UDP_SPACE_NS);
	if (!mono_before(now, turn))
		return false;
	t->flags |= TARGET_PACED;
	schedule_urgent(e->sched, id, turn);
	return true;
}

int64_t
probe_due_stretch(const struct probe_engine *e, uint32_t host, struct mono now)
{
	const struct plan_host *h = &e->plan->hosts[host];
	int64_t turns = mono_diff_ns(e->hosts[host].udp_next, now) -
	                UDP_BURST * UDP_SPACE_NS;

	if (h->nendpoints == 0 || turns <= 0)
		return 0;
	return turns - e->plan->endpoints[h->first_endpoint].interval * SECOND_NS;
}

void
probe_due_udp_answered(struct probe_host *host)
{
	host->udp_next = mono_add_ns(host->udp_next, -UDP_SPACE_NS);
}

/* When the rate allows the next start: `now` or before means at once. */
static struct mono
rate_turn(const struct probe_engine *e)
{
	int64_t space, burst;

	if (e->config.rate == 0)
		return (struct mono){ 0 };
	space = SECOND_NS / e->config.rate;
	burst = (int64_t)e->config.rate * SCHEDULE_TICK_MS / 1000 * space;
	return mono_add_ns(e->rate_next, -burst);
}

static void
rate_count(struct probe_engine *e, struct mono now)
{
	if (e->config.rate == 0)
		return;
	if (mono_before(e->rate_next, now))
		e->rate_next = now;
	e->rate_next = mono_add_ns(e->rate_next, SECOND_NS / e->config.rate);
}

/* After a shortage of descriptors: an eighth more each second. */
static void
raise_limit(struct probe_engine *e, struct mono now)
{
	uint32_t limit = e->stats.limit;

	if (limit >= e->budget || mono_diff_ns(now, e->limit_changed) < SECOND_NS)
		return;
	limit += limit / 8 + 1;
	e->stats.limit = limit < e->budget ? limit : e->budget;
	e->limit_changed = now;
}

/* From the queue of a host that may start one more, PROBE_NONE without any. */
static uint32_t
next_waiting(struct probe_engine *e)
{
	struct probe_host *host;
	uint32_t id;

	while ((host = TAILQ_FIRST(&e->runnable)) != NULL) {
		TAILQ_REMOVE(&e->runnable, host, link);
		host->runnable = false;
		if (host->first == PROBE_NONE || host->in_flight >= e->config.per_host)
			continue;
		id = dequeue(e, host);
		if (host->in_flight + 1 < e->config.per_host)
			probe_due_runnable(host);
		return id;
	}
	return PROBE_NONE;
}

/* The next target that may start now, PROBE_NONE without any. */
static uint32_t
next_target(struct probe_engine *e, struct mono now)
{
	uint32_t id = next_waiting(e);
	struct mono due;

	if (id != PROBE_NONE)
		return id;
	while ((id = schedule_pop(e->sched, now, &due)) != SCHEDULE_NONE) {
		if (!pace_udp(e, id, now))
			return id;
	}
	return PROBE_NONE;
}

enum stop { STOP_NOTHING_DUE, STOP_CAP, STOP_RATE, STOP_TURN };

static enum stop
start_due(struct probe_engine *e, struct mono now)
{
	for (int i = 0; i < STARTS_A_TURN; i++) {
		uint32_t id;

		if (e->stats.in_flight >= e->stats.limit)
			return STOP_CAP;
		if (mono_before(now, rate_turn(e)))
			return STOP_RATE;
		id = next_target(e, now);
		if (id == PROBE_NONE)
			return STOP_NOTHING_DUE;
		rate_count(e, now);
		probe_run_start(e, id);
	}
	return STOP_TURN;
}

static void
set_timer(struct probe_engine *e, enum stop stop, struct mono now)
{
	struct mono start = MONO_NEVER;
	struct mono next = schedule_next(e->sched);

	if (stop == STOP_TURN)
		start = mono_add_ns(now, 1); /* after the loop's other descriptors */
	else if (stop == STOP_RATE)
		start = rate_turn(e);
	else if (stop == STOP_NOTHING_DUE)
		start = next;
	if (e->stats.in_flight == 0 && mono_is_never(start)) {
		loop_timer_stop(e->timer);
		return;
	}
	start = mono_min(start, deadline_next(e->deadlines));
	start = mono_min(start, mono_add_ms(now, HEARTBEAT_MS));
	if (mono_before(start, now))
		start = mono_add_ns(now, 1);
	loop_timer_set(e->timer, mono_add_ns(start, e->slept_ns));
}

static void
run(struct probe_engine *e)
{
	struct mono now = probe_run_time(e);
	enum stop stop;

	raise_limit(e, now);
	stop = start_due(e, now);
	pollset_hurry(e->pollset, stop == STOP_CAP);
	set_timer(e, stop, now);
}

void
probe_due_soon(struct probe_engine *e)
{
	loop_timer_set(e->timer, mono_add_ns(loop_now(e->loop), 1));
}

void
probe_due_on_timer(void *arg)
{
	struct probe_engine *e = arg;
	struct mono now = probe_run_now(e);
	struct deadline *d;

	for (int i = 0; i < ENDS_A_TURN; i++) {
		struct probe *p;

		d = deadline_pop(e->deadlines, now);
		if (d == NULL)
			break;
		p = (struct probe *)((char *)d - offsetof(struct probe, deadline));
		p->ops->expired(p);
	}
	run(e);
}

void
probe_due_on_batch(void *arg)
{
	run(arg);
}
