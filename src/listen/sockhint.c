#include "listen/sockhint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "listen/sockevents.h"

#define NS_PER_S INT64_C(1000000000)

/* Seconds' worth of SOCKHINT_FLOOD that may end at once, and how much of that is left
 * after a rest. */
#define FLOOD_DEPTH 5
#define FLOOD_AGAIN 1

struct sockhint {
	struct loop *loop;
	enum proto protocol;
	sockhint_cb *cb;
	void *arg;
	struct portset ports;      /* watched */
	struct sockevents *events; /* NULL: none to be had, or nothing watched */
	struct loop_fd *handle;
	bool complained; /* that there are none */

	struct portset hinted; /* waiting to be handed on */
	bool all;
	struct loop_timer *timer; /* set while they have to wait */
	struct mono last;         /* time of the last hand-over */
	struct mono storm;        /* see next_time() */
	struct mono flood;        /* the same for sockets that end, see flooded() */
	uint64_t ended;           /* of them, counted in it */
	bool rests;
	struct loop_timer *rest;
	struct log_limit limit;
	uint64_t count, overflows;
};

static void on_timer(void *arg);
static void on_rested(void *arg);

struct sockhint *
sockhint_new(struct loop *loop, enum proto protocol, sockhint_cb *cb, void *arg)
{
	struct sockhint *h = mem_new(struct sockhint);

	h->loop = loop;
	h->protocol = protocol;
	h->cb = cb;
	h->arg = arg;
	h->timer = loop_timer_add(loop, on_timer, h);
	h->rest = loop_timer_add(loop, on_rested, h);
	return h;
}

static void
close_events(struct sockhint *h)
{
	int error = errno;

	loop_fd_del(h->handle);
	sockevents_close(h->events);
	h->handle = NULL;
	h->events = NULL;
	errno = error;
}

void
sockhint_free(struct sockhint *h)
{
	if (h == NULL)
		return;
	close_events(h);
	loop_timer_del(h->timer);
	loop_timer_del(h->rest);
	portset_clear(&h->ports);
	portset_clear(&h->hinted);
	free(h);
}

void
sockhint_forget(struct sockhint *h)
{
	portset_clear(&h->hinted);
	h->all = false;
	loop_timer_stop(h->timer);
}

/* ---- pacing */

/*
 * When hints may be handed on next.  `storm` is the time that SOCKHINT_STORM hand-overs
 * a second would have come to; it may run one second ahead (the generic cell rate
 * algorithm), so that only what lasts is slowed down.
 */
static struct mono
next_time(const struct sockhint *h)
{
	struct mono gap = mono_add_ms(h->last, SOCKHINT_GAP_MS);
	struct mono rate = mono_add_ns(h->storm, -NS_PER_S);

	return mono_before(gap, rate) ? rate : gap;
}

static void
hand_over(struct sockhint *h)
{
	struct mono now = loop_now(h->loop);
	struct portset ports = h->hinted;
	bool all = h->all;

	h->hinted = (struct portset){ 0 };
	h->all = false;
	h->last = now;
	h->storm = mono_add_ns(
	    mono_before(h->storm, now) ? now : h->storm, NS_PER_S / SOCKHINT_STORM);
	h->cb(h->arg, all ? NULL : &ports);
	portset_clear(&ports);
}

static void
on_timer(void *arg)
{
	hand_over(arg);
}

/* Hands on what is there, or sees that it will be. */
static void
hand_over_soon(struct sockhint *h)
{
	struct mono at = next_time(h);

	if ((!h->all && h->hinted.count == 0) || loop_timer_is_set(h->timer))
		return;
	if (mono_before(loop_now(h->loop), at))
		loop_timer_set(h->timer, at);
	else
		hand_over(h);
}

/* ---- floods */

/* Counts what ended meanwhile; true when that was too much for FLOOD_DEPTH. */
static bool
flooded(struct sockhint *h)
{
	struct mono now = loop_now(h->loop);
	uint64_t ended = sockevents_ended(h->events);
	int64_t ns = (int64_t)(ended - h->ended) * (NS_PER_S / SOCKHINT_FLOOD);

	h->ended = ended;
	h->flood = mono_add_ns(mono_before(h->flood, now) ? now : h->flood, ns);
	return mono_diff_ns(h->flood, now) > FLOOD_DEPTH * NS_PER_S;
}

static void
begin_rest(struct sockhint *h)
{
	struct mono now = loop_now(h->loop);
	unsigned skipped;

	if (log_allow(&h->limit, 1, now.ns / NS_PER_S, &skipped))
		log_info("listen",
		    "%s sockets: more than %u end a second: a closed port is noticed "
		    "at the next scan only, and scans run more often",
		    types_proto(h->protocol), SOCKHINT_FLOOD);
	close_events(h);
	h->rests = true;
	h->all = true;
	loop_timer_set(h->rest, mono_add_ms(now, SOCKHINT_REST_MS));
}

static void
on_rested(void *arg)
{
	struct sockhint *h = arg;

	h->rests = false;
	h->flood = mono_add_ns(
	    loop_now(h->loop), (FLOOD_DEPTH - FLOOD_AGAIN) * NS_PER_S);
	sockhint_retry(h);
	h->all = true;
	hand_over_soon(h);
}

static void
on_events(void *arg, int fd, unsigned events)
{
	struct sockhint *h = arg;

	(void)fd;
	(void)events;
	if (sockevents_read(h->events, &h->hinted, &h->count) == -1) {
		log_debug("listen", "%s socket events: %s: looking at all ports",
		    types_proto(h->protocol), strerror(errno));
		h->overflows++;
		h->all = true;
		if (errno != ENOBUFS)
			close_events(h); /* sockhint_retry() opens them again */
	}
	if (h->events != NULL && flooded(h))
		begin_rest(h);
	hand_over_soon(h);
}

/* ---- what is watched */

static int
open_events(struct sockhint *h)
{
	h->events = sockevents_open(h->protocol, &h->ports);
	h->ended = 0;
	if (h->events == NULL)
		return -1;
	h->handle = loop_fd_add(
	    h->loop, sockevents_fd(h->events), LOOP_READ, on_events, h);
	if (h->handle != NULL)
		return 0;
	close_events(h);
	return -1;
}

void
sockhint_retry(struct sockhint *h)
{
	const char *name = types_proto(h->protocol);

	if (h->events != NULL || h->ports.count == 0 || h->rests)
		return;
	if (open_events(h) == 0) {
		if (h->complained)
			log_info("listen", "%s sockets: events work again", name);
		h->complained = false;
		return;
	}
	if (!h->complained)
		log_warn("listen",
		    "%s sockets: no events (%s): a closed port is noticed at the next "
		    "scan only",
		    name, strerror(errno));
	h->complained = true;
}

void
sockhint_watch(struct sockhint *h, const struct portset *ports)
{
	portset_clear(&h->ports);
	portset_copy(&h->ports, ports);
	if (h->events != NULL &&
	    (ports->count == 0 || sockevents_filter(h->events, ports) == -1))
		close_events(h);
	sockhint_retry(h);
}

bool
sockhint_rests(const struct sockhint *h)
{
	return h->rests;
}

uint64_t
sockhint_count(const struct sockhint *h)
{
	return h->count;
}

uint64_t
sockhint_overflows(const struct sockhint *h)
{
	return h->overflows;
}
