#ifndef SVCPORT_PROBE_H
#define SVCPORT_PROBE_H

/*
 * The probe engine: looks at the endpoints of a plan from here, each once in its
 * interval, and tells what it found.  It belongs to one loop and never blocks.
 *
 * Caps: probes in flight in all and per host, starts a second, descriptors.  A probe
 * that must wait for a cap is late, never lost; probe_engine_lag() says how late.
 * UDP is paced per host as well, since a host answers for closed ports with one ICMP
 * message a second only (icmp_ratelimit in the kernel's ip-sysctl document).
 *
 * Time that the process did not run (suspend, SIGSTOP) does not count: schedules and
 * timeouts resume where they were.
 */

#include <stdbool.h>
#include <stdint.h>

#include "model/addr.h"
#include "base/loop.h"
#include "base/mono.h"
#include "probe/probe_result.h"

struct plan;
struct probe_engine;
struct resolve_config;

struct probe_config {          /* zeros are defaults */
	uint32_t concurrency;  /* probes in flight, at most 65535; 0: what
	                          workload_concurrency() says of the plan */
	uint32_t per_host;     /* of them to one host; 16 */
	uint32_t rate;         /* starts a second; 0: no cap */
	uint32_t fd_budget;    /* descriptors in use at once; 0: as many as there are
	                          probes in flight */
	struct addr source;    /* bound where the target is of its family */
	const char *interface; /* SO_BINDTODEVICE; NULL or "": none.  Copied. */
	uint64_t seed;         /* of the jitter */
	const struct resolve_config *resolve; /* NULL: as the system is configured */
};

/*
 * Called exactly once for each probe that was started and not cancelled.  The result
 * and its strings are valid during the call.  It may call any function of the engine
 * except probe_engine_free().
 */
typedef void probe_result_cb(void *arg, const struct probe_result *result);

/* NULL with errno when descriptors for epoll are lacking or c-ares cannot start. */
struct probe_engine *probe_engine_new(struct loop *loop,
    const struct probe_config *config, probe_result_cb *cb, void *arg);
/* Probes in flight end without a call.  NULL is fine. */
void probe_engine_free(struct probe_engine *e);

/*
 * Works on `plan` from now on; it is borrowed until the next call or
 * probe_engine_free().  An endpoint that equals one of the plan before (host number and
 * address, protocol, port, method) keeps its place in the schedule, what is remembered
 * of it, and whether it is enabled; others begin enabled.  Probes in flight end without
 * a call and are started again soon.  The first look at new endpoints is spread: 200 a
 * second, or over one interval if that is faster.  NULL: nothing to probe.
 */
void probe_engine_set_plan(struct probe_engine *e, const struct plan *plan);

/* Disabling ends a probe in flight without a call; enabling looks soon. */
void probe_engine_enable(struct probe_engine *e, uint32_t endpoint, bool enable);
bool probe_engine_enabled(const struct probe_engine *e, uint32_t endpoint);

/* UDP: it is known to answer or not, so that its silence counts from now on (unless it
 * never does).  The engine itself concludes so from an answer.  Nothing for others. */
void probe_engine_answers(struct probe_engine *e, uint32_t endpoint, bool does);

/* Look now, as far as the caps allow, ahead of everything scheduled; the schedule is
 * not changed.  One in flight is repeated.  Disabled endpoints are left out. */
void probe_engine_now(struct probe_engine *e, uint32_t endpoint);
void probe_engine_all_now(struct probe_engine *e);
/* As probe_engine_now(), after `delay_ms`, unless it is being looked at or due before.
 */
void probe_engine_retry_soon(
    struct probe_engine *e, uint32_t endpoint, uint32_t delay_ms);

/* How far probing is behind its schedule, in seconds: the age of the start that is
 * overdue longest (svcPortSystemProbeLag). */
uint32_t probe_engine_lag(const struct probe_engine *e);

struct probe_stats {
	uint64_t started, finished, cancelled;
	uint32_t in_flight;
	uint32_t waiting;   /* for their host's cap or name */
	uint32_t limit;     /* of probes in flight, as descriptors allow at present */
	uint64_t shortages; /* how often descriptors ran out */
};
void probe_engine_stats(const struct probe_engine *e, struct probe_stats *out);

#endif
