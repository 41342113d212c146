#include "listen/sockevents.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "base/mem.h"
#include "listen/portfilter.h"

/* Events are small, but for the INET_DIAG_INFO that TCP adds. */
#define EVENT_SIZE 4096

struct sockevents {
	struct mnl_socket *nl;
	struct portset ports;
	struct portfilter cover; /* of the ports, in the kernel */
	uint64_t ended;
};

static unsigned
groups_of(enum proto protocol)
{
	if (protocol == PROTO_TCP)
		return 1u << (SKNLGRP_INET_TCP_DESTROY - 1) |
		       1u << (SKNLGRP_INET6_TCP_DESTROY - 1);
	return 1u << (SKNLGRP_INET_UDP_DESTROY - 1) |
	       1u << (SKNLGRP_INET6_UDP_DESTROY - 1);
}

static int
attach(struct sockevents *e, const struct portset *ports)
{
	struct sock_filter code[PORTFILTER_EVENTS_MAX];
	struct portfilter cover;
	struct sock_fprog prog = { .filter = code };

	portfilter_cover(&cover, ports);
	prog.len = portfilter_events(&cover, code);
	if (setsockopt(mnl_socket_get_fd(e->nl), SOL_SOCKET, SO_ATTACH_FILTER, &prog,
		sizeof(prog)) == -1)
		return -1;
	e->cover = cover;
	return 0;
}

struct sockevents *
sockevents_open(enum proto protocol, const struct portset *ports)
{
	struct sockevents *e = mem_new(struct sockevents);

	portset_copy(&e->ports, ports);
	e->nl = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (e->nl == NULL || attach(e, ports) == -1 ||
	    mnl_socket_bind(e->nl, groups_of(protocol), MNL_SOCKET_AUTOPID) == -1) {
		sockevents_close(e);
		return NULL;
	}
	return e;
}

void
sockevents_close(struct sockevents *e)
{
	int error = errno;

	if (e == NULL)
		return;
	if (e->nl != NULL)
		mnl_socket_close(e->nl);
	portset_clear(&e->ports);
	free(e);
	errno = error;
}

int
sockevents_fd(const struct sockevents *e)
{
	return mnl_socket_get_fd(e->nl);
}

int
sockevents_filter(struct sockevents *e, const struct portset *ports)
{
	if (attach(e, ports) == -1)
		return -1;
	portset_clear(&e->ports);
	portset_copy(&e->ports, ports);
	return 0;
}

uint64_t
sockevents_ended(const struct sockevents *e)
{
	return e->ended;
}

static void
parse_events(struct sockevents *e, const char *buf, int len, struct portset *ended,
    uint64_t *count)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)buf;
	const struct inet_diag_msg *m;

	for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		uint16_t port;

		if (nlh->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
		    mnl_nlmsg_get_payload_len(nlh) < sizeof(*m))
			continue;
		m = mnl_nlmsg_get_payload(nlh);
		port = ntohs(m->id.idiag_sport);
		if (m->id.idiag_dport != 0 || !portfilter_covers(&e->cover, port)) {
			e->ended += PORTFILTER_SAMPLE;
			continue;
		}
		e->ended++;
		if (!portset_has(&e->ports, port))
			continue;
		++*count;
		if (!portset_has(ended, port))
			portset_add(ended, port, port);
	}
}

int
sockevents_read(struct sockevents *e, struct portset *ended, uint64_t *count)
{
	char buf[EVENT_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	int error = 0;

	for (;;) {
		ssize_t n = mnl_socket_recvfrom(e->nl, buf, sizeof(buf));

		if (n >= 0)
			parse_events(e, buf, (int)n, ended, count);
		else if (errno == EAGAIN)
			break;
		else if (errno == ENOBUFS || errno == ENOSPC)
			error = ENOBUFS; /* lost some, or part of one: read on */
		else if (errno != EINTR)
			return -1;
	}
	errno = error;
	return error != 0 ? -1 : 0;
}
