#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/socket.h>

#include "probe_kind.h"

/*
 * TCP connect.  Per check of an open port: socket, one option, connect, one epoll_ctl,
 * one getsockopt, close.  SO_ERROR is asked only when epoll reports an error.
 */

/* The kernel measured the handshake; the loop's clock is too coarse when starts and
 * answers come in batches. */
static uint32_t
handshake_us(const struct probe *p)
{
	struct tcp_info info;
	socklen_t len = offsetof(struct tcp_info, tcpi_rtt) + sizeof(info.tcpi_rtt);

	if (getsockopt(p->fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 &&
	    len >= offsetof(struct tcp_info, tcpi_rtt) + sizeof(info.tcpi_rtt) &&
	    info.tcpi_rtt != 0)
		return info.tcpi_rtt;
	return probe_elapsed_us(p);
}

static void
connected(struct probe *p, unsigned events)
{
	static const struct neterr_outcome open = { CONNECT_OPEN, REASON_CONNECTED, 0,
		true };
	char sink[4096];

	p->result.rtt_us = handshake_us(p);
	/* close(2) with unread data resets the connection, which a server may log. */
	if ((events & LOOP_READ) != 0)
		(void)recv(p->fd, sink, sizeof(sink), MSG_DONTWAIT);
	probe_done(p, open);
}

static void
failed(struct probe *p, int error)
{
	struct neterr_icmp icmp = { 0 };

	/* A refusal needs no explanation; everything else may have one. */
	if (error != ECONNREFUSED) {
		while (neterr_read(p->fd, &icmp) && !icmp.present)
			;
	} else {
		p->result.rtt_us = probe_elapsed_us(p);
	}
	probe_done(p, neterr_classify(error, false, &p->addr, &icmp));
}

static void
start(struct probe *p)
{
	struct sockaddr_storage sa;
	socklen_t len = addr_sockaddr(&p->addr, p->port, &sa);

	if (probe_open(p, SOCK_STREAM, IPPROTO_TCP) != 0) {
		probe_fail(p, errno);
		return;
	}
	if (connect(p->fd, (struct sockaddr *)&sa, len) == 0) {
		connected(p, 0);
		return;
	}
	if (errno != EINPROGRESS || probe_watch(p, LOOP_READ | LOOP_WRITE) != 0)
		probe_fail(p, errno);
}

static void
ready(struct probe *p, unsigned events)
{
	socklen_t len = sizeof(int);
	int error = 0;

	if ((events & LOOP_ERROR) != 0 &&
	    getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		error = errno;
	/* Reset after the handshake: the port was open (tcp_reset() in the kernel gives
	 * ECONNREFUSED only before it). */
	if (error == 0 || error == ECONNRESET || error == EPIPE)
		connected(p, events);
	else
		failed(p, error);
}

static void
expired(struct probe *p)
{
	probe_done(p, neterr_classify(ETIMEDOUT, false, &p->addr, NULL));
}

const struct probe_ops probe_tcp_ops = {
	.name = "connect",
	.start = start,
	.ready = ready,
	.expired = expired,
};
