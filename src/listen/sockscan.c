#include "listen/sockscan.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "listen/sockdiag.h"

/* What the kernel is asked for, one after the other. */
static const struct step {
	enum proto protocol;
	int family;
} steps[] = {
	{ PROTO_TCP, AF_UNSPEC },
	{ PROTO_UDP, AF_INET },
	{ PROTO_UDP, AF_INET6 },
};
#define STEPS (sizeof(steps) / sizeof(steps[0]))

#define TRIES 3

struct sockscan {
	struct loop *loop;
	sockscan_cb *cb;
	void *arg;
	struct sockdiag *nl; /* NULL when it could not be opened or failed */
	struct loop_fd *handle;
	bool running;
	size_t step;
	int tries;
	uint32_t mark; /* length of the list when the step began */
	struct socklist tcp, udp;
	int tcp_error, udp_error;
};

static void on_readable(void *arg, int fd, unsigned events);

struct sockscan *
sockscan_new(struct loop *loop, sockscan_cb *cb, void *arg)
{
	struct sockscan *s = mem_new(struct sockscan);

	s->loop = loop;
	s->cb = cb;
	s->arg = arg;
	return s;
}

static void
close_netlink(struct sockscan *s)
{
	loop_fd_del(s->handle);
	sockdiag_close(s->nl);
	s->handle = NULL;
	s->nl = NULL;
}

void
sockscan_free(struct sockscan *s)
{
	if (s == NULL)
		return;
	close_netlink(s);
	socklist_clear(&s->tcp);
	socklist_clear(&s->udp);
	free(s);
}

static struct socklist *
list_of(struct sockscan *s)
{
	return steps[s->step].protocol == PROTO_TCP ? &s->tcp : &s->udp;
}

static int
open_netlink(struct sockscan *s)
{
	if (s->nl != NULL)
		return 0;
	s->nl = sockdiag_open();
	if (s->nl == NULL)
		return -1;
	s->handle = loop_fd_add(s->loop, sockdiag_fd(s->nl), LOOP_READ, on_readable, s);
	if (s->handle != NULL)
		return 0;
	close_netlink(s);
	return -1;
}

static void
finish(struct sockscan *s)
{
	s->running = false;
	s->cb(s->arg, &s->tcp, s->tcp_error, &s->udp, s->udp_error);
	/* A burst of sockets must not be paid for ever after. */
	socklist_clear(&s->tcp);
	socklist_clear(&s->udp);
}

/* The protocol of this step cannot be read: on to the next protocol. */
static void
skip_protocol(struct sockscan *s, int error)
{
	enum proto protocol = steps[s->step].protocol;

	socklist_reset(list_of(s));
	*(protocol == PROTO_TCP ? &s->tcp_error : &s->udp_error) = error;
	while (s->step < STEPS && steps[s->step].protocol == protocol)
		s->step++;
	s->tries = 0;
	if (error != ENOENT)
		close_netlink(s);
}

/* Begins the step that s->step names, or the next one that can be begun. */
static void
begin(struct sockscan *s)
{
	while (s->step < STEPS) {
		const struct step *step = &steps[s->step];

		s->mark = list_of(s)->n;
		if (open_netlink(s) == 0 &&
		    sockdiag_begin(s->nl, step->protocol, step->family, NULL) == 0)
			return;
		skip_protocol(s, errno);
	}
	finish(s);
}

static void
on_readable(void *arg, int fd, unsigned events)
{
	struct sockscan *s = arg;
	struct socklist *list;
	int more;

	(void)fd;
	(void)events;
	if (!s->running) {
		/* Nothing is due: a socket that went wrong while idle. */
		close_netlink(s);
		return;
	}
	list = list_of(s);
	more = sockdiag_read(s->nl, list);
	if (more == 1)
		return;
	if (more == 0) {
		s->step++;
		s->tries = 0;
	} else if (errno == EINTR && ++s->tries < TRIES) {
		list->n = s->mark;
	} else {
		skip_protocol(s, errno);
	}
	begin(s);
}

void
sockscan_start(struct sockscan *s)
{
	if (s->running)
		return;
	s->running = true;
	s->step = 0;
	s->tries = 0;
	s->tcp_error = s->udp_error = 0;
	socklist_reset(&s->tcp);
	socklist_reset(&s->udp);
	begin(s);
}
