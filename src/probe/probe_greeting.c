#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "probe/probe_connect.h"
#include "probe/talk.h"

/*
 * TCP to a server that speaks first: connect, wait for its greeting, take leave as its
 * protocol wants, wait for it to hang up.
 */

enum stage { CONNECTING, TALKING };

static void
over(struct probe *p, int error)
{
	if (talk_heard(p->state))
		probe_done(p, probe_connect_open(REASON_GREETING, 0));
	else
		probe_done(p, probe_connect_open(REASON_NO_GREETING, error));
}

static void
talk(struct probe *p)
{
	int error;

	switch (talk_turn(p->state, p->fd, &error)) {
	case TALK_WAITS:
		break;
	case TALK_LEAVES:
		probe_deadline(p, TALK_LEAVE_MS);
		break;
	case TALK_OVER:
		over(p, error);
		break;
	}
}

static void
listen_to(struct probe *p)
{
	p->stage = TALKING;
	p->state = mem_new(struct talk);
	if (probe_watch(p, LOOP_READ) != 0)
		probe_fail(p, errno);
}

static void
start(struct probe *p)
{
	bool at_once;

	if (probe_connect_start(p, 0, false, &at_once) && at_once)
		listen_to(p);
}

static void
ready(struct probe *p, unsigned events)
{
	if (p->stage == TALKING)
		talk(p);
	else if (probe_connect_finish(p, events))
		listen_to(p);
}

static void
expired(struct probe *p)
{
	if (p->stage == CONNECTING)
		probe_connect_expired(p);
	else
		over(p, ETIMEDOUT);
}

static void
release(struct probe *p)
{
	free(p->state);
}

const struct probe_ops probe_greeting_ops = {
	.name = "greeting",
	.start = start,
	.ready = ready,
	.expired = expired,
	.release = release,
};
