/* What the engine does for the kinds of probes. */

#include "base/pollset.h"
#include "probe/probe.h"
#include "probe/probe_engine.h"
#include "probe/probe_kind.h"

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

uint32_t
probe_span_us(const struct probe *p, int64_t came_ns)
{
	int64_t us = (came_ns - p->sent_ns) / 1000;

	if (p->sent_ns == 0 || came_ns == 0 || us < 0 ||
	    us > (int64_t)p->spec->timeout_ms * 1000)
		return probe_elapsed_us(p);
	return us > 0 ? (uint32_t)us : 1;
}

int
probe_watch_shared(
    struct probe_engine *e, enum probe_method method, unsigned nth, int fd)
{
	uint64_t token = (uint64_t)method << 32 | nth << 16 | PROBE_NO_SLOT;

	return pollset_add(e->pollset, fd, LOOP_READ, token);
}

const struct netsock *
probe_netsock(const struct probe_engine *e)
{
	return &e->netsock;
}

struct probe *
probe_find(struct probe_engine *e, uint16_t index, uint32_t generation)
{
	struct probe *p;

	if (index >= e->nblocks * PROBE_BLOCK)
		return NULL;
	p = probe_slot(e, index);
	if (!p->busy || (generation != 0 && p->generation != generation))
		return NULL;
	return p;
}
