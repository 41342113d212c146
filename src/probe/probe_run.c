#include <netinet/in.h>
#include <string.h>

#include "plan/plan.h"
#include "probe/probe.h"
#include "probe/probe_engine.h"
#include "probe/resolve.h"
#include "base/schedule.h"

#define GAP_NS    INT64_C(1500000000) /* longer without a heartbeat: we slept */
#define SECOND_NS INT64_C(1000000000)

static const struct probe_ops *const kinds[PROBE_METHODS] = {
	[METHOD_CONNECT] = &probe_tcp_ops,
	[METHOD_UDP] = &probe_udp_ops,
	[METHOD_ICMP] = &probe_icmp_ops,
	[METHOD_SYN] = &probe_syn_ops,
	[METHOD_TLS] = &probe_tls_ops,
	[METHOD_GREETING] = &probe_greeting_ops,
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

/* ---- ending one without a result */

void
probe_run_cancel(struct probe_engine *e, uint32_t id)
{
	struct target *t = &e->targets[id];

	if (t->slot != PROBE_NO_SLOT) {
		probe_slot_free(probe_slot(e, t->slot));
		e->stats.cancelled++;
	}
	if ((t->flags & TARGET_WAITING) != 0)
		probe_due_leave(e, &e->hosts[e->plan->endpoints[id].host], id);
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
	probe_slot_free(p);
	schedule_urgent(e->sched, id, schedule_due(e->sched, id));
	return true;
}

static int
worth(const struct probe_result *r)
{
	return r->answered ? 2 : r->state != CONNECT_PROBE_ERROR ? 1 : 0;
}

/* Of several addresses that all fail, the one that gave a sign of life says most, and
 * one that could not even be looked at says nothing: IPv6 on a host that has IPv4 only.
 */
static void
keep_best(struct probe *p)
{
	if (p->next_addr == 1 || worth(&p->result) > worth(&p->best))
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
		probe_slot_close(p);
		start_next_addr(p);
		return;
	}
	result = o.state == CONNECT_OPEN ? p->result : p->best;
	result.late = p->late;
	if (p->greeted)
		e->targets[result.endpoint].flags |= TARGET_GREETS;
	if (o.state == CONNECT_OPEN && p->naddrs > 1)
		e->hosts[e->plan->endpoints[result.endpoint].host].prefer = p->addr;
	probe_slot_free(p);
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
		probe_due_udp_answered(&e->hosts[ep->host]);
	}
	if (r->reason == REASON_TLS_OK) {
		t->flags |= TARGET_ANSWERS;
		t->flags &= (uint8_t)~TARGET_GREETS;
	} else if (r->reason == REASON_TLS_PLAIN) {
		t->flags &= (uint8_t)~TARGET_ANSWERS;
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
	struct probe *p = probe_slot_take(e, id);

	p->ops = kinds[p->spec->method];
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
void
probe_run_start(struct probe_engine *e, uint32_t id)
{
	uint16_t h = e->plan->endpoints[id].host;
	struct probe_host *host = &e->hosts[h];
	const struct resolve_answer *answer;
	struct addr own[2];

	if (refuse(e, id))
		return;
	if (host->in_flight >= e->config.per_host || host->asking) {
		probe_due_enqueue(e, host, id);
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
		probe_due_enqueue(e, host, id);
		break;
	}
}

void
probe_run_on_name(void *arg)
{
	struct probe_host *host = arg;

	host->asking = false;
	probe_due_runnable(host);
	probe_due_soon(host->engine);
}

void
probe_run_on_ready(void *arg, uint64_t token, unsigned events)
{
	struct probe_engine *e = arg;
	uint16_t index = (uint16_t)token;
	uint32_t high = (uint32_t)(token >> 32);
	struct probe *p;

	probe_run_now(e);
	if (index == PROBE_NO_SLOT) {
		kinds[high]->shared_ready(
		    e->shared[high], (unsigned)(token >> 16 & 0xffff), events);
		return;
	}
	p = probe_find(e, index, high);
	if (p != NULL)
		p->ops->ready(p, events);
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

void *
probe_shared(const struct probe *p)
{
	struct probe_engine *e = p->engine;

	if (e->shared[p->spec->method] == NULL)
		e->shared[p->spec->method] = p->ops->share(e);
	return e->shared[p->spec->method];
}
