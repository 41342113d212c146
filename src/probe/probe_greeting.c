#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "probe/goodbye.h"
#include "base/mem.h"
#include "probe/probe_connect.h"

/*
 * TCP to a server that speaks first: connect, wait for its greeting, take leave as its
 * protocol wants, wait for it to hang up.
 */

#define GREETING_SIZE 1400
#define LEAVE_MS      1000 /* to wait for the server to hang up */

enum stage { CONNECTING, LISTENING, LEAVING };

struct talk {
	enum goodbye_kind kind;
	unsigned round;
	size_t len;
	uint8_t bytes[GREETING_SIZE];
};

static void
greeted(struct probe *p)
{
	probe_done(p, probe_connect_open(REASON_GREETING, 0));
}

/* Answers the server's message; ends the probe when all is said. */
static void
say(struct probe *p)
{
	struct talk *t = p->state;
	uint8_t buf[GOODBYE_SIZE];
	size_t len = goodbye_build(t->kind, t->round++, t->bytes, t->len, buf);

	t->len = 0;
	if (len == 0 && p->stage == LISTENING) {
		greeted(p);
		return;
	}
	if (len > 0 &&
	    send(p->fd, buf, len, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)len) {
		greeted(p);
		return;
	}
	if (p->stage == LISTENING)
		probe_deadline(p, LEAVE_MS);
	p->stage = LEAVING;
}

static void
listened(struct probe *p)
{
	struct talk *t = p->state;

	if (p->stage == LISTENING) {
		t->kind = goodbye_recognise(t->bytes, t->len);
		if (t->kind == GOODBYE_INCOMPLETE && t->len < sizeof(t->bytes))
			return;
	}
	say(p);
}

/* The server hung up, in whatever manner. */
static void
hung_up(struct probe *p, int error)
{
	const struct talk *t = p->state;

	if (p->stage == LEAVING || t->len > 0)
		greeted(p);
	else
		probe_done(p, probe_connect_open(REASON_NO_GREETING, error));
}

static void
read_some(struct probe *p)
{
	struct talk *t = p->state;
	ssize_t n = recv(
	    p->fd, t->bytes + t->len, sizeof(t->bytes) - t->len, MSG_DONTWAIT);

	if (n > 0) {
		t->len += (size_t)n;
		listened(p);
	} else if (n == 0) {
		hung_up(p, 0);
	} else if (errno != EAGAIN && errno != EINTR) {
		hung_up(p, errno);
	}
}

static void
listen_to(struct probe *p)
{
	p->stage = LISTENING;
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
	if (p->stage != CONNECTING)
		read_some(p);
	else if (probe_connect_finish(p, events))
		listen_to(p);
}

static void
expired(struct probe *p)
{
	const struct talk *t = p->state;

	if (p->stage == CONNECTING)
		probe_connect_expired(p);
	else if (p->stage == LEAVING || t->len > 0)
		greeted(p);
	else
		probe_done(p, probe_connect_open(REASON_NO_GREETING, ETIMEDOUT));
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
