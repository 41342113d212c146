#include "probe_engine.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "plan.h"
#include "pollset.h"
#include "resolve.h"
#include "schedule.h"

#define STARTS_A_TURN 32 /* bounds how long the loop's other descriptors wait */
#define HEARTBEAT_MS  500
#define GAP_NS        INT64_C(1500000000) /* longer without a heartbeat: we slept */
#define UDP_SPACE_NS  INT64_C(1000000000) /* between datagrams to one host... */
#define UDP_BURST     5                   /* ...after this many at once */
#define SECOND_NS     INT64_C(1000000000)

static const struct probe_ops *const kinds[PROBE_METHODS] = {
	[METHOD_CONNECT] = &probe_tcp_ops,
};

static void settle(struct probe_engine *e, uint32_t id, struct probe_result *r);

/* ---- time */

struct mono
probe_run_time(const struct probe_engine *e)
{
	return mono_add_ns(e->seen, -e->slept_ns);
}

/*
 * While anything is scheduled the timer comes every HEARTBEAT_MS.  When it did not, the
 * process was stopped or the machine suspended: timeouts that passed meanwhile say
 * nothing about the targets, and starts that fell due meanwhile must not come at once.
 */
struct mono
probe_run_now(struct probe_engine *e)
{
	struct mono now = loop_now(e->loop);
	int64_t gap = mono_diff_ns(now, e->seen);

	if (gap > GAP_NS) {
		e->slept_ns += gap;
		log_debug("probe", "did not run for %lld ms", (long long)gap / 1000000);
	}
	e->seen = now;
	return probe_run_time(e);
}

/* ---- slots */

static struct probe *
take_slot(struct probe_engine *e, uint32_t id)
{
	struct probe *p = e->free_slots;
	const struct endpoint *ep = &e->plan->endpoints[id];
	struct probe_host *host = &e->hosts[ep->host];
	struct deadline unset;

	e->free_slots = p->next_free;
	deadline_init(&unset);
	*p = (struct probe){
		.engine = e,
		.spec = &e->plan->specs[ep->spec],
		.host_name = host->name != NULL ? e->plan->hosts[ep->host].address : "",
		.port = ep->port,
		.index = p->index,
		.generation = p->generation + 1,
		.fd = -1,
		.busy = true,
		.deadline = unset,
		.result = { .endpoint = id, .tls_version = "", .detail = "" },
	};
	p->ops = kinds[p->spec->method];
	p->silence_counts = p->spec->expect_reply ||
	                    (e->targets[id].flags & TARGET_ANSWERS) != 0;
	e->targets[id].slot = p->index;
	host->in_flight++;
	e->stats.in_flight++;
	return p;
}

/* Ends what the kind has open; the slot stays. */
static void
close_probe(struct probe *p)
{
	if (p->state != NULL && p->ops->release != NULL)
		p->ops->release(p);
	p->state = NULL;
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	p->watched = false;
	deadline_clear(p->engine->deadlines, &p->deadline);
}

static void
make_runnable(struct probe_host *host)
{
	struct probe_engine *e = host->engine;

	if (host->runnable || host->first == PROBE_NONE || host->asking ||
	    host->in_flight >= e->config.per_host)
		return;
	host->runnable = true;
	TAILQ_INSERT_TAIL(&e->runnable, host, link);
}

static void
free_slot(struct probe *p)
{
	struct probe_engine *e = p->engine;
	uint32_t id = p->result.endpoint;
	struct probe_host *host = &e->hosts[e->plan->endpoints[id].host];

	close_probe(p);
	p->busy = false;
	p->next_free = e->free_slots;
	e->free_slots = p;
	e->targets[id].slot = PROBE_NO_SLOT;
	e->stats.in_flight--;
	host->in_flight--;
	make_runnable(host);
}

struct probe *
probe_find(struct probe_engine *e, uint16_t index, uint32_t generation)
{
	struct probe *p;

	if (index >= e->config.concurrency)
		return NULL;
	p = &e->slots[index];
	return p->busy && p->generation == generation ? p : NULL;
}

/* ---- hosts' queues */

static void
enqueue(struct probe_engine *e, struct probe_host *host, uint32_t id)
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

static void
leave_queue(struct probe_engine *e, struct probe_host *host, uint32_t id)
{
	uint32_t first = host->first, n = PROBE_NONE;

	host->first = PROBE_NONE;
	for (; first != PROBE_NONE; first = n) {
		n = e->targets[first].next;
		e->stats.waiting--;
		e->targets[first].flags &= (uint8_t)~TARGET_WAITING;
		if (first != id)
			enqueue(e, host, first);
	}
}

void
probe_run_cancel(struct probe_engine *e, uint32_t id)
{
	struct target *t = &e->targets[id];

	if (t->slot != PROBE_NO_SLOT) {
		free_slot(&e->slots[t->slot]);
		e->stats.cancelled++;
	}
	if ((t->flags & TARGET_WAITING) != 0)
		leave_queue(e, &e->hosts[e->plan->endpoints[id].host], id);
	t->flags &= (uint8_t) ~(TARGET_AGAIN | TARGET_PACED);
}

/* ---- outcomes */

/*
 * No result, and no fault of the target's: come back when one of the probes in flight
 * has given up its descriptor.  Alone in flight there is nothing to wait for.
 */
static bool
put_back(struct probe *p)
{
	struct probe_engine *e = p->engine;
	struct mono now = probe_run_time(e);
	uint32_t id = p->result.endpoint;
	unsigned skipped;

	e->stats.shortages++;
	if (e->stats.in_flight <= 1)
		return false;
	e->stats.limit = e->stats.in_flight - 1;
	e->limit_changed = now;
	if (log_allow(&e->log_shortage, 1, now.ns / SECOND_NS, &skipped))
		log_warn("probe",
		    "out of descriptors: at most %u probes at once for now",
		    e->stats.limit);
	free_slot(p);
	schedule_urgent(e->sched, id, schedule_due(e->sched, id));
	return true;
}

/* Of several addresses that all fail, the one that gave a sign of life says most. */
static void
keep_best(struct probe *p)
{
	if (p->next_addr == 1 || (p->result.answered && !p->best.answered))
		p->best = p->result;
}

static void
start_next_addr(struct probe *p)
{
	struct probe_result fresh = {
		.endpoint = p->result.endpoint, .tls_version = "", .detail = ""
	};

	p->result = fresh;
	p->stage = 0;
	p->attempt = 0;
	p->addr = p->addrs[p->next_addr++];
	p->result.addr = p->addr;
	p->started = probe_run_time(p->engine);
	probe_deadline(p, p->spec->timeout_ms);
	p->ops->start(p);
}

void
probe_done(struct probe *p, struct neterr_outcome o)
{
	struct probe_engine *e = p->engine;
	struct probe_result result;

	if (o.reason == REASON_FD_LIMIT && put_back(p))
		return;
	p->result.state = o.state;
	p->result.reason = o.reason;
	p->result.error = o.error;
	p->result.answered = o.answered;
	keep_best(p);
	if (o.state != CONNECT_OPEN && p->next_addr < p->naddrs) {
		close_probe(p);
		start_next_addr(p);
		return;
	}
	result = o.state == CONNECT_OPEN ? p->result : p->best;
	if (o.state == CONNECT_OPEN && p->naddrs > 1)
		e->hosts[e->plan->endpoints[result.endpoint].host].prefer = p->addr;
	free_slot(p);
	settle(e, result.endpoint, &result);
}

void
probe_fail(struct probe *p, int error)
{
	probe_done(p, neterr_classify(error, true, &p->addr, NULL));
}

/* Every result, of whatever kind, passes here, and here only is the caller told. */
static void
settle(struct probe_engine *e, uint32_t id, struct probe_result *r)
{
	struct target *t = &e->targets[id];
	const struct endpoint *ep = &e->plan->endpoints[id];
	struct mono now = probe_run_time(e);

	r->endpoint = id;
	e->stats.finished++;
	if (r->reason == REASON_ANSWERED && ep->port != 0) {
		t->flags |= TARGET_ANSWERS;
		/* An answer cost the host no ICMP message. */
		e->hosts[ep->host].udp_next = mono_add_ns(
		    e->hosts[ep->host].udp_next, -UDP_SPACE_NS);
	}
	schedule_again(e->sched, id, now);
	if ((t->flags & TARGET_AGAIN) != 0)
		schedule_urgent(e->sched, id, now);
	t->flags &= (uint8_t) ~(TARGET_AGAIN | TARGET_PACED);
	e->cb(e->arg, r);
}

/* ---- starting one */

static size_t
loopback_addrs(struct addr addrs[2])
{
	addrs[0] = (struct addr){ .family = AF_INET, .bytes = { 127, 0, 0, 1 } };
	addrs[1] = (struct addr){ .family = AF_INET6, .bytes = { [15] = 1 } };
	return 2;
}

/* The address that was open last comes first, so that a dead one of a pair does not
 * cost a timeout in every round. */
static void
prefer_first(struct probe *p, const struct addr *prefer)
{
	for (size_t i = 1; i < p->naddrs; i++) {
		if (addr_equal(&p->addrs[i], prefer)) {
			p->addrs[i] = p->addrs[0];
			p->addrs[0] = *prefer;
			return;
		}
	}
}

static void
launch(struct probe_engine *e, uint32_t id, const struct addr *addrs, size_t naddrs)
{
	struct probe *p = take_slot(e, id);

	memcpy(p->addrs, addrs, naddrs * sizeof(*addrs));
	p->naddrs = (uint8_t)naddrs;
	if (naddrs > 1)
		prefer_first(p, &e->hosts[e->plan->endpoints[id].host].prefer);
	e->stats.started++;
	start_next_addr(p);
}

static void
fail_name(struct probe_engine *e, uint32_t id, const struct resolve_answer *answer)
{
	struct probe_result r = { .state = CONNECT_NAME_ERROR,
		.reason = REASON_NAME,
		.error = answer->error,
		.detail = answer->text,
		.tls_version = "" };

	e->stats.started++;
	settle(e, id, &r);
}

/* Not something that a probe could find out. */
static bool
refuse(struct probe_engine *e, uint32_t id)
{
	const struct probe_spec *spec = &e->plan->specs[e->plan->endpoints[id].spec];
	struct probe_result r = { .tls_version = "", .detail = "" };

	if (spec->method == METHOD_UDP && spec->payload.kind == PAYLOAD_OFF) {
		r.state = CONNECT_UNKNOWN;
		r.reason = REASON_PAYLOAD_OFF;
	} else if (spec->method >= PROBE_METHODS || kinds[spec->method] == NULL) {
		r.state = CONNECT_PROBE_ERROR;
		r.reason = REASON_PROTOCOL;
	} else {
		return false;
	}
	e->stats.started++;
	settle(e, id, &r);
	return true;
}

/* Starts it, or puts it in the host's queue to wait for the cap or the name. */
static void
start_or_wait(struct probe_engine *e, uint32_t id)
{
	uint16_t h = e->plan->endpoints[id].host;
	struct probe_host *host = &e->hosts[h];
	const struct resolve_answer *answer;
	struct addr own[2];

	if (host->in_flight >= e->config.per_host || host->asking) {
		enqueue(e, host, id);
		return;
	}
	if (host->name == NULL) {
		if (e->plan->hosts[h].addr.family != 0)
			launch(e, id, &e->plan->hosts[h].addr, 1);
		else
			launch(e, id, own, loopback_addrs(own));
		return;
	}
	switch (resolve_get(host->name, loop_now(e->loop), &answer)) {
	case RESOLVE_READY:
		launch(e, id, answer->addrs, answer->n);
		break;
	case RESOLVE_FAILED:
		fail_name(e, id, answer);
		break;
	case RESOLVE_PENDING:
		host->asking = true;
		enqueue(e, host, id);
		break;
	}
}

void
probe_run_on_name(void *arg)
{
	struct probe_host *host = arg;

	host->asking = false;
	make_runnable(host);
	probe_run_soon(host->engine);
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

	if (limit >= e->config.fd_budget ||
	    mono_diff_ns(now, e->limit_changed) < SECOND_NS)
		return;
	limit += limit / 8 + 1;
	e->stats.limit = limit < e->config.fd_budget ? limit : e->config.fd_budget;
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
			make_runnable(host);
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
		if (!refuse(e, id))
			start_or_wait(e, id);
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
probe_run_soon(struct probe_engine *e)
{
	loop_timer_set(e->timer, mono_add_ns(loop_now(e->loop), 1));
}

void
probe_run_on_timer(void *arg)
{
	struct probe_engine *e = arg;
	struct mono now = probe_run_now(e);
	struct deadline *d;

	while ((d = deadline_pop(e->deadlines, now)) != NULL) {
		struct probe *p = (struct probe *)((char *)d -
						   offsetof(struct probe, deadline));

		p->ops->expired(p);
	}
	run(e);
}

void
probe_run_on_ready(void *arg, uint64_t token, unsigned events)
{
	struct probe_engine *e = arg;
	struct probe *p = probe_find(e, (uint16_t)token, (uint32_t)(token >> 32));

	probe_run_now(e);
	if (p != NULL)
		p->ops->ready(p, events);
}

void
probe_run_on_batch(void *arg)
{
	run(arg);
}

/* ---- for the kinds */

int
probe_open(struct probe *p, int type, int protocol)
{
	p->fd = netsock_open(&p->engine->netsock, &p->addr, type, protocol);
	return p->fd >= 0 ? 0 : -1;
}

int
probe_watch(struct probe *p, unsigned events)
{
	uint64_t token = (uint64_t)p->generation << 32 | p->index;
	int result = p->watched ? pollset_mod(p->engine->pollset, p->fd, events, token)
	                        : pollset_add(p->engine->pollset, p->fd, events, token);

	p->watched = p->watched || result == 0;
	return result;
}

void
probe_deadline(struct probe *p, uint32_t ms)
{
	deadline_set(p->engine->deadlines, &p->deadline, probe_run_time(p->engine), ms);
}

uint32_t
probe_elapsed_us(const struct probe *p)
{
	int64_t us = mono_diff_ns(probe_run_time(p->engine), p->started) / 1000;

	return us > 0 ? (uint32_t)us : 1;
}

void *
probe_shared(const struct probe *p)
{
	struct probe_engine *e = p->engine;

	if (e->shared[p->spec->method] == NULL)
		e->shared[p->spec->method] = p->ops->share(e);
	return e->shared[p->spec->method];
}

struct loop *
probe_loop(struct probe_engine *e)
{
	return e->loop;
}

const struct netsock *
probe_netsock(const struct probe_engine *e)
{
	return &e->netsock;
}

void
probe_run_unshare(struct probe_engine *e)
{
	for (unsigned i = 0; i < PROBE_METHODS; i++) {
		if (e->shared[i] != NULL)
			kinds[i]->unshare(e->shared[i]);
		e->shared[i] = NULL;
	}
}
