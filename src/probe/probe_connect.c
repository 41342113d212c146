#include "probe/probe_connect.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/socket.h>

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
failed(struct probe *p, int error)
{
	struct neterr_icmp icmp = { 0 };

	/* Also a refusal may be an ICMP message, and of somebody else: a firewall that
	 * stands before a host says nothing about the host. */
	while (neterr_read(p->fd, &icmp) && !icmp.present)
		;
	if (error == ECONNREFUSED)
		p->result.rtt_us = probe_elapsed_us(p);
	probe_done(p, neterr_classify(error, false, &p->addr, &icmp));
}

/*
 * A connect to a port of our own that nobody listens on can meet itself: the kernel may
 * choose that very port as the source, and TCP's simultaneous open (RFC 9293 section
 * 3.5) then makes a connection of one socket.  Nobody listens there all the same.
 */
static bool
met_itself(const struct probe *p)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof(sa);
	struct addr own;

	if (!p->host_local && !addr_is_loopback(&p->addr))
		return false;
	if (getsockname(p->fd, (struct sockaddr *)&sa, &len) != 0 ||
	    ntohs(((struct sockaddr_in *)&sa)->sin_port) != p->port)
		return false;
	own = addr_from_sockaddr((struct sockaddr *)&sa);
	return addr_equal(&own, &p->addr);
}

/* The connection stands; false when it is none. */
static bool
established(struct probe *p)
{
	if (met_itself(p)) {
		probe_done(p, neterr_classify(ECONNREFUSED, false, &p->addr, NULL));
		return false;
	}
	p->result.rtt_us = handshake_us(p);
	return true;
}

bool
probe_connect_start(struct probe *p, unsigned events, bool we_speak, bool *at_once)
{
	static const int off = 0;
	struct sockaddr_storage sa;
	socklen_t len = addr_sockaddr(&p->addr, p->port, &sa);

	*at_once = false;
	if (probe_open(p, SOCK_STREAM, IPPROTO_TCP) != 0)
		goto fail;
	/* The handshake's last ACK then travels with what we send next, data or the end
	 * of the connection (tcp(7)): a packet less each way, a fifth of the CPU. */
	if (we_speak)
		(void)setsockopt(p->fd, IPPROTO_TCP, TCP_QUICKACK, &off, sizeof(off));
	if (connect(p->fd, (struct sockaddr *)&sa, len) == 0) {
		*at_once = true;
		return established(p);
	}
	if (errno == EINPROGRESS && probe_watch(p, events | LOOP_WRITE) == 0)
		return true;
fail:
	probe_fail(p, errno);
	return false;
}

bool
probe_connect_finish(struct probe *p, unsigned events)
{
	socklen_t len = sizeof(int);
	int error = 0;

	/* SO_ERROR is asked only when there is one: most connections just stand. */
	if ((events & LOOP_ERROR) != 0 &&
	    getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		error = errno;
	/* Reset after the handshake: the port was open (tcp_reset() in the kernel gives
	 * ECONNREFUSED only before it). */
	if (error != 0 && error != ECONNRESET && error != EPIPE) {
		failed(p, error);
		return false;
	}
	return established(p);
}

void
probe_connect_expired(struct probe *p)
{
	probe_done(p, neterr_classify(ETIMEDOUT, false, &p->addr, NULL));
}

struct neterr_outcome
probe_connect_open(enum reason reason, int error)
{
	return (struct neterr_outcome){ CONNECT_OPEN, reason, error, true };
}
