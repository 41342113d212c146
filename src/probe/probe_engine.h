#ifndef SVCPORT_PROBE_ENGINE_H
#define SVCPORT_PROBE_ENGINE_H

/*
 * The inside of the probe engine, shared by its four parts: probe.c (what callers ask
 * for), probe_due.c (which probe starts when), probe_run.c (what happens to one) and
 * probe_slot.c (where it is kept meanwhile).
 * They include probe.h before it; nobody else includes it.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/log.h"
#include "probe/netsock.h"
#include "probe/probe_kind.h"

#define PROBE_METHODS (METHOD_GREETING + 1)
#define PROBE_NO_SLOT UINT16_MAX
#define PROBE_BLOCK   256        /* slots that are allocated at once */
#define PROBE_NONE    UINT32_MAX /* as SCHEDULE_NONE */

enum target_flag {
	TARGET_DISABLED = 1,
	TARGET_WAITING = 2, /* in its host's queue */
	TARGET_AGAIN = 4,   /* to be probed once more when the present probe ends */
	TARGET_ANSWERS = 8, /* UDP: it answered once, so silence counts; TLS: it shook
	                       hands once */
	TARGET_PACED = 16,  /* its turn to send came: not to be held back again */
	TARGET_GREETS = 32, /* TLS: it spoke first, and plainly, the last time */
};

struct target {        /* an endpoint at work */
	uint32_t next; /* in its host's queue */
	uint16_t slot; /* PROBE_NO_SLOT while idle */
	uint8_t flags; /* enum target_flag */
};

struct probe_host {
	struct probe_engine *engine;
	struct resolve_name *name; /* NULL for a literal address */
	struct addr prefer;        /* of several: the one that was open last */
	struct mono udp_next;
	uint32_t first, last; /* queue of targets that wait for the cap or the name */
	uint32_t in_flight;
	bool asking;   /* the name is being resolved */
	bool runnable; /* in engine.runnable */
	TAILQ_ENTRY(probe_host) link;
};

struct probe_engine {
	struct loop *loop;
	struct probe_config config; /* with the defaults filled in */
	struct netsock netsock;
	probe_result_cb *cb;
	void *arg;
	const struct plan *plan;  /* NULL for none */
	struct target *targets;   /* plan->nendpoints */
	struct probe_host *hosts; /* plan->nhosts */
	struct schedule *sched;
	struct deadlines *deadlines;
	struct pollset *pollset;
	struct resolver *resolver;
	struct loop_timer *timer;
	TAILQ_HEAD(, probe_host) runnable; /* have a queue, and may start from it */
	/* Probes in flight, and room for as many as there ever were. */
	struct probe *blocks[(PROBE_NO_SLOT + 1) / PROBE_BLOCK];
	uint32_t nblocks;
	struct probe *free_slots;
	uint32_t budget; /* that stats.limit comes back to after a shortage */
	void *shared[PROBE_METHODS];
	struct mono origin;    /* of the schedule */
	struct mono seen;      /* loop_now() of the last call */
	int64_t slept_ns;      /* that the process did not run, see probe_run_now() */
	struct mono rate_next; /* when the next start is within config.rate */
	struct mono limit_changed;
	struct log_limit log_shortage;
	struct probe_stats stats; /* .limit is in force */
};

static inline struct probe *
probe_slot(const struct probe_engine *e, uint32_t index)
{
	return &e->blocks[index / PROBE_BLOCK][index % PROBE_BLOCK];
}

/* ---- probe_slot.c */

/* A slot for a probe of this target, which is idle; what the target and its host are is
 * filled in, the kind and the addresses are not. */
struct probe *probe_slot_take(struct probe_engine *e, uint32_t endpoint);
/* Ends what the kind has open; the slot stays. */
void probe_slot_close(struct probe *p);
/* The same, and the target is idle again. */
void probe_slot_free(struct probe *p);

/* ---- probe_run.c */

/* The engine's time: the loop's without what was slept. */
struct mono probe_run_now(struct probe_engine *e);
/* The same as of the last turn, without noticing a sleep. */
struct mono probe_run_time(const struct probe_engine *e);

/* Starts the target's probe, or puts it in its host's queue, or settles it at once. */
void probe_run_start(struct probe_engine *e, uint32_t endpoint);
void probe_run_on_ready(void *arg, uint64_t token, unsigned events);
void probe_run_on_name(void *arg);

/* Ends a probe in flight, or takes a waiting target off its queue, without a result. */
void probe_run_cancel(struct probe_engine *e, uint32_t endpoint);

/* Ends what probes of a kind share. */
void probe_run_unshare(struct probe_engine *e);

/* ---- probe_due.c */

/* Starts what is due in the loop's next turn; call it after any change from outside. */
void probe_due_soon(struct probe_engine *e);
void probe_due_on_timer(void *arg);
void probe_due_on_batch(void *arg);

/* A host's queue of targets that wait for the cap or the name. */
void probe_due_enqueue(struct probe_engine *e, struct probe_host *host, uint32_t id);
void probe_due_leave(struct probe_engine *e, struct probe_host *host, uint32_t id);
/* Lists the host as one that may start from its queue, if it may. */
void probe_due_runnable(struct probe_host *host);
/* How much longer than a round the host's UDP endpoints take, since they are paced. */
int64_t probe_due_stretch(const struct probe_engine *e, uint32_t host, struct mono now);
/* The target answered: that cost the host no ICMP message. */
void probe_due_udp_answered(struct probe_host *host);

#endif
