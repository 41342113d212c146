/* The slots of the probes in flight: as many as were ever in use at once, and used
 * again. */

#include <unistd.h>

#include "base/mem.h"
#include "plan/plan.h"
#include "probe/probe.h"
#include "probe/probe_engine.h"
#include "base/schedule.h"

#define LATE_MS 1000 /* after its turn */

/* One more block of them: there are never more slots than were in use at once. */
static void
add_slots(struct probe_engine *e)
{
	uint32_t first = e->nblocks * PROBE_BLOCK;

	e->blocks[e->nblocks++] = mem_array(struct probe, PROBE_BLOCK);
	for (uint32_t i = first + PROBE_BLOCK; i-- > first;) {
		struct probe *p = probe_slot(e, i);

		p->index = (uint16_t)i;
		p->fd = -1;
		p->next_free = e->free_slots;
		e->free_slots = p;
	}
}

struct probe *
probe_slot_take(struct probe_engine *e, uint32_t id)
{
	const struct endpoint *ep = &e->plan->endpoints[id];
	struct probe_host *host = &e->hosts[ep->host];
	struct deadline unset;
	struct probe *p;

	if (e->free_slots == NULL)
		add_slots(e);
	p = e->free_slots;
	e->free_slots = p->next_free;
	deadline_init(&unset);
	*p = (struct probe){
		.engine = e,
		.spec = &e->plan->specs[ep->spec],
		.host_name = host->name != NULL ? e->plan->hosts[ep->host].address : "",
		.host_local = e->plan->hosts[ep->host].local,
		.port = ep->port,
		.index = p->index,
		.generation = p->generation + 1 != 0 ? p->generation + 1 : 1,
		.fd = -1,
		.busy = true,
		.late = mono_diff_ms(probe_run_time(e), schedule_due(e->sched, id)) >=
		        LATE_MS,
		.deadline = unset,
		.result = { .endpoint = id, .tls_version = "", .detail = "" },
	};
	p->answered_before = (e->targets[id].flags & TARGET_ANSWERS) != 0;
	p->greeted_before = (e->targets[id].flags & TARGET_GREETS) != 0;
	p->silence_counts = p->spec->expect_reply ||
	                    (!p->spec->silence_fine && p->answered_before);
	e->targets[id].slot = p->index;
	host->in_flight++;
	e->stats.in_flight++;
	return p;
}

void
probe_slot_close(struct probe *p)
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

void
probe_slot_free(struct probe *p)
{
	struct probe_engine *e = p->engine;
	uint32_t id = p->result.endpoint;
	struct probe_host *host = &e->hosts[e->plan->endpoints[id].host];

	probe_slot_close(p);
	p->busy = false;
	p->next_free = e->free_slots;
	e->free_slots = p;
	e->targets[id].slot = PROBE_NO_SLOT;
	e->stats.in_flight--;
	host->in_flight--;
	probe_due_runnable(host);
}
