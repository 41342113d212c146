#include <sys/socket.h>

#include "probe/probe_connect.h"

/*
 * TCP connect and nothing else.  Per check of an open port: socket, one option,
 * connect, one epoll_ctl, one getsockopt, close.
 */

static void
connected(struct probe *p, unsigned events)
{
	char sink[4096];

	/* close(2) with unread data resets the connection, which a server may log. */
	if ((events & LOOP_READ) != 0)
		(void)recv(p->fd, sink, sizeof(sink), MSG_DONTWAIT);
	probe_done(p, probe_connect_open(REASON_CONNECTED, 0));
}

static void
start(struct probe *p)
{
	bool at_once;

	if (probe_connect_start(p, LOOP_READ, true, &at_once) && at_once)
		connected(p, 0);
}

static void
ready(struct probe *p, unsigned events)
{
	if (probe_connect_finish(p, events))
		connected(p, events);
}

const struct probe_ops probe_tcp_ops = {
	.name = "connect",
	.start = start,
	.ready = ready,
	.expired = probe_connect_expired,
};
