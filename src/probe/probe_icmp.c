#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "probe/probe_kind.h"

/*
 * ICMP echo by a ping socket, which needs no privilege where the sysctl
 * net.ipv4.ping_group_range includes the group (icmp(7)); by a raw socket where
 * CAP_NET_RAW is granted.  One socket serves all probes of a family: the sequence
 * number is the probe's index.
 */

#define ATTEMPTS      3
#define BATCH         64
#define IPV4_HEAD_MIN 20
#define FILTER_TYPES  1 /* ICMP_FILTER of linux/icmp.h, which clashes with libc's */

struct echo {
	uint8_t type, code;
	uint16_t checksum;
	uint16_t id, sequence;
	uint8_t word[8]; /* for whoever looks at a capture */
	uint64_t cookie; /* of this engine */
	uint32_t generation;
	uint8_t fill[36]; /* 56 octets of data in all, as ping(8) sends */
};

static const uint8_t word[8] = { 's', 'v', 'c', 'p', 'o', 'r', 't', 0 };

struct pinger {
	int fd; /* -1 while closed */
	bool raw;
};

struct pingers {
	struct probe_engine *engine;
	uint64_t cookie;
	uint16_t id; /* of raw sockets; ping sockets have the kernel's */
	struct pinger sockets[NETSOCK_CLASSES];
};

static void *
open_shared(struct probe_engine *e)
{
	struct pingers *all = mem_new(struct pingers);

	all->engine = e;
	(void)!getrandom(&all->cookie, sizeof(all->cookie), 0);
	all->id = (uint16_t)all->cookie;
	for (unsigned i = 0; i < NETSOCK_CLASSES; i++)
		all->sockets[i].fd = -1;
	return all;
}

static void
close_shared(void *shared)
{
	struct pingers *all = shared;

	for (unsigned i = 0; i < NETSOCK_CLASSES; i++) {
		if (all->sockets[i].fd >= 0)
			close(all->sockets[i].fd);
	}
	free(all);
}

/* ---- the socket */

/* A raw socket sees every ICMP message of the host: the kernel drops all but echo
 * replies. */
static void
filter_raw(int fd, int family)
{
	uint32_t v4 = ~(1u << ICMP_ECHOREPLY);
	struct icmp6_filter v6;

	ICMP6_FILTER_SETBLOCKALL(&v6);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &v6);
	if (family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &v6, sizeof(v6));
	else
		(void)setsockopt(fd, SOL_RAW, FILTER_TYPES, &v4, sizeof(v4));
}

static int
open_pinger(struct pingers *all, unsigned nth, const struct addr *target)
{
	const struct netsock *config = probe_netsock(all->engine);
	int protocol = target->family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	struct pinger *s = &all->sockets[nth];

	s->raw = false;
	s->fd = netsock_open(config, target, SOCK_DGRAM, protocol);
	if (s->fd < 0 && (errno == EACCES || errno == EPERM)) {
		s->raw = true;
		s->fd = netsock_open(config, target, SOCK_RAW, protocol);
	}
	if (s->fd < 0)
		return -1;
	if (s->raw)
		filter_raw(s->fd, target->family);
	netsock_stamp(s->fd);
	return probe_watch_shared(all->engine, METHOD_ICMP, nth, s->fd);
}

static void
close_pinger(struct pinger *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

/* Errors of other targets wait on the shared socket and would be taken for ours.  Each
 * ends its probe, or makes it ask the next address, which may take errors, too. */
static void
take_errors(struct pingers *all, const struct pinger *s)
{
	struct neterr_icmp icmp;
	struct probe *p;
	int error;
	socklen_t len = sizeof(error);

	for (int i = 0; i < BATCH && s->fd >= 0 && neterr_read(s->fd, &icmp); i++) {
		uint16_t sequence;

		if (!icmp.present || icmp.len < offsetof(struct echo, word))
			continue;
		memcpy(&sequence, icmp.payload + offsetof(struct echo, sequence), 2);
		p = probe_find(all->engine, ntohs(sequence), 0);
		if (p == NULL || p->spec->method != METHOD_ICMP ||
		    !addr_equal(&icmp.dest, &p->addr))
			continue;
		probe_done(p, neterr_classify(icmp.error, false, &p->addr, &icmp));
	}
	(void)getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len);
}

/* ---- asking */

/* RFC 1071; the kernel fills it in for ping sockets and for ICMPv6. */
static uint16_t
checksum(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t sum = 0;

	for (; len > 1; p += 2, len -= 2)
		sum += (uint32_t)(p[0] << 8 | p[1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static ssize_t
send_echo(struct probe *p, struct pingers *all, const struct pinger *s)
{
	bool v6 = p->addr.family == AF_INET6;
	struct echo echo = { .type = v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO,
		.id = all->id,
		.sequence = htons(p->index),
		.cookie = all->cookie,
		.generation = p->generation };
	struct sockaddr_storage sa;
	socklen_t len = addr_sockaddr(&p->addr, 0, &sa);

	p->sent_ns = netsock_clock();
	memcpy(echo.word, word, sizeof(word));
	if (s->raw && !v6)
		echo.checksum = checksum(&echo, sizeof(echo));
	return sendto(s->fd, &echo, sizeof(echo), MSG_DONTWAIT | MSG_NOSIGNAL,
	    (struct sockaddr *)&sa, len);
}

static void
refused(struct probe *p)
{
	p->result.detail = "neither net.ipv4.ping_group_range includes our group nor "
			   "is CAP_NET_RAW granted";
	probe_done(p, (struct neterr_outcome){
			  CONNECT_PROBE_ERROR, REASON_NO_PERMISSION, EACCES, false });
}

static void
ask(struct probe *p)
{
	struct pingers *all = probe_shared(p);
	unsigned nth = netsock_class(&p->addr);
	struct pinger *s = &all->sockets[nth];
	uint64_t question = probe_question(p);
	int error;

	if (s->fd < 0 && open_pinger(all, nth, &p->addr) != 0) {
		error = errno;
		close_pinger(s);
		if (error == EACCES || error == EPERM)
			refused(p);
		else
			probe_fail(p, error);
		return;
	}
	if (send_echo(p, all, s) < 0) {
		take_errors(all, s);
		if (probe_question(p) != question)
			return;
		if (send_echo(p, all, s) < 0) {
			error = errno;
			/* The answers to others come to it. */
			if (netsock_stale(s->fd, error))
				close_pinger(s);
			probe_fail(p, error);
			return;
		}
	}
	error = (int)p->spec->timeout_ms / (p->attempt + 1 < ATTEMPTS ? 4 : 2);
	probe_deadline(p, error > 0 ? (uint32_t)error : 1);
}

static void
expired(struct probe *p)
{
	p->attempt++;
	if (p->attempt < ATTEMPTS)
		ask(p);
	else
		probe_done(p, neterr_classify(ETIMEDOUT, false, &p->addr, NULL));
}

/* ---- answers */

static void
take_answer(struct pingers *all, const struct pinger *s, const uint8_t *bytes,
    size_t len, const struct addr *from, int64_t came_ns)
{
	struct echo echo;
	struct probe *p;
	size_t head = 0;

	if (s->raw && from->family == AF_INET && len >= IPV4_HEAD_MIN)
		head = (size_t)(bytes[0] & 0xf) * 4;
	if (len < head + sizeof(echo))
		return;
	memcpy(&echo, bytes + head, sizeof(echo));
	if (echo.cookie != all->cookie || echo.generation == 0 ||
	    (echo.type != ICMP_ECHOREPLY && echo.type != ICMP6_ECHO_REPLY))
		return;
	p = probe_find(all->engine, ntohs(echo.sequence), echo.generation);
	if (p == NULL || !addr_equal(from, &p->addr))
		return;
	p->result.rtt_us = probe_span_us(p, came_ns);
	probe_done(
	    p, (struct neterr_outcome){ CONNECT_OPEN, REASON_ANSWERED, 0, true });
}

static void
shared_ready(void *shared, unsigned nth, unsigned events)
{
	struct pingers *all = shared;
	struct pinger *s = &all->sockets[nth];
	uint8_t bytes[256];
	struct addr from;
	int64_t came_ns;
	ssize_t n;

	if ((events & LOOP_ERROR) != 0 && s->fd >= 0)
		take_errors(all, s);
	for (int i = 0; i < BATCH && s->fd >= 0; i++) {
		n = netsock_recv(s->fd, bytes, sizeof(bytes), &from, &came_ns);
		if (n < 0)
			break;
		take_answer(all, s, bytes, (size_t)n, &from, came_ns);
	}
}

const struct probe_ops probe_icmp_ops = {
	.name = "icmp",
	.start = ask,
	.expired = expired,
	.share = open_shared,
	.unshare = close_shared,
	.shared_ready = shared_ready,
};
