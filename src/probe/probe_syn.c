#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/filter.h>

#include "base/mem.h"
#include "probe/probe_kind.h"

/*
 * TCP half-open: a SYN from a raw socket.  The port answers SYN-ACK or RST; to the
 * SYN-ACK our kernel, which knows of no connection, says RST, and the service never
 * hears of it.  Wants CAP_NET_RAW.  All probes share one source port, reserved by a
 * socket that never listens; the sequence number says which probe an answer is for.
 */

#define ATTEMPTS      3
#define BATCH         64
#define IPV4_HEAD_MIN 20
#define ICMP_QUOTE    8 /* RFC 792: octets of the offending datagram, at least */

struct syn { /* the TCP header with one option */
	struct tcphdr head;
	uint8_t mss[4];
};

struct sender {
	int raw;     /* -1 while closed */
	int reserve; /* holds the source port */
	uint16_t port;
};

struct senders {
	struct probe_engine *engine;
	uint32_t cookie;
	struct sender v[NETSOCK_CLASSES];
};

static void *
open_shared(struct probe_engine *e)
{
	struct senders *all = mem_new(struct senders);

	all->engine = e;
	(void)!getrandom(&all->cookie, sizeof(all->cookie), 0);
	for (unsigned i = 0; i < NETSOCK_CLASSES; i++)
		all->v[i] = (struct sender){ .raw = -1, .reserve = -1 };
	return all;
}

static void
close_sender(struct sender *s)
{
	if (s->raw >= 0)
		close(s->raw);
	if (s->reserve >= 0)
		close(s->reserve);
	*s = (struct sender){ .raw = -1, .reserve = -1 };
}

static void
close_shared(void *shared)
{
	struct senders *all = shared;

	for (unsigned i = 0; i < NETSOCK_CLASSES; i++)
		close_sender(&all->v[i]);
	free(all);
}

/* ---- the sockets */

/* A raw socket sees all TCP of the host; the kernel drops what is not for our port.
 * IPv4 comes with its header, IPv6 without. */
static int
filter_port(int fd, int family, uint16_t port)
{
	struct sock_filter v4[] = {
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_filter v6[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 2),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = family == AF_INET6 ? (struct sock_fprog){ 4, v6 }
	                                               : (struct sock_fprog){ 5, v4 };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

/* Bound and never listening: nobody else gets the port, and it accepts nothing. */
static int
reserve_port(struct sender *s, int family)
{
	struct sockaddr_storage sa = { .ss_family = (sa_family_t)family };
	socklen_t len = family == AF_INET6 ? sizeof(struct sockaddr_in6)
	                                   : sizeof(struct sockaddr_in);

	s->reserve = socket(family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
	if (s->reserve < 0 || bind(s->reserve, (struct sockaddr *)&sa, len) != 0 ||
	    getsockname(s->reserve, (struct sockaddr *)&sa, &len) != 0)
		return -1;
	s->port = ntohs(((struct sockaddr_in *)&sa)->sin_port);
	return 0;
}

static int
open_sender(struct senders *all, unsigned nth, const struct addr *target)
{
	const struct netsock *config = probe_netsock(all->engine);
	struct sender *s = &all->v[nth];

	s->raw = netsock_open(config, target, SOCK_RAW, IPPROTO_TCP);
	if (s->raw < 0 || reserve_port(s, target->family) != 0 ||
	    filter_port(s->raw, target->family, s->port) != 0)
		return -1;
	netsock_stamp(s->raw);
	return probe_watch_shared(all->engine, METHOD_SYN, nth, s->raw);
}

/* ---- asking */

static uint32_t
sequence_of(const struct probe *p, const struct senders *all)
{
	return ((uint32_t)p->index << 16 | (p->generation & 0xffff)) ^ all->cookie;
}

static uint32_t
add_words(uint32_t sum, const void *data, size_t len)
{
	const uint8_t *p = data;

	for (; len > 1; p += 2, len -= 2)
		sum += (uint32_t)(p[0] << 8 | p[1]);
	return sum;
}

/* RFC 9293 section 3.1, with the pseudo header of either family. */
static uint16_t
checksum(const struct addr *from, const struct addr *to, const struct syn *syn)
{
	size_t len = from->family == AF_INET6 ? 16 : 4;
	uint32_t sum = IPPROTO_TCP + sizeof(*syn);

	sum = add_words(sum, from->bytes, len);
	sum = add_words(sum, to->bytes, len);
	sum = add_words(sum, syn, sizeof(*syn));
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* Which of our addresses a packet to the target will have.  Of a UDP socket, which
 * sends nothing; of a new one each time, since one that was connected before keeps the
 * address that it got then. */
static int
source_for(const struct senders *all, const struct addr *target, struct addr *out)
{
	struct sockaddr_storage sa;
	socklen_t len = addr_sockaddr(target, 9, &sa);
	int fd = netsock_open(
	    probe_netsock(all->engine), target, SOCK_DGRAM, IPPROTO_UDP);
	int error = 0;

	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&sa, len) != 0)
		error = errno;
	len = sizeof(sa);
	if (error == 0 && getsockname(fd, (struct sockaddr *)&sa, &len) != 0)
		error = errno;
	close(fd);
	errno = error;
	if (error != 0)
		return -1;
	*out = addr_from_sockaddr((struct sockaddr *)&sa);
	return 0;
}

static int
send_syn(struct probe *p, const struct senders *all, const struct sender *s)
{
	struct syn syn = { .mss = { TCPOPT_MAXSEG, TCPOLEN_MAXSEG, 1460 >> 8,
			       1460 & 0xff } };
	struct sockaddr_storage sa;
	socklen_t len = addr_sockaddr(&p->addr, 0, &sa);
	struct addr from;

	if (source_for(all, &p->addr, &from) != 0)
		return -1;
	syn.head.th_sport = htons(s->port);
	syn.head.th_dport = htons(p->port);
	syn.head.th_seq = htonl(sequence_of(p, all));
	syn.head.th_off = sizeof(syn) / 4;
	syn.head.th_flags = TH_SYN;
	syn.head.th_win = htons(64240);
	p->sent_ns = netsock_clock();
	syn.head.th_sum = checksum(&from, &p->addr, &syn);
	return sendto(s->raw, &syn, sizeof(syn), MSG_DONTWAIT | MSG_NOSIGNAL,
		   (struct sockaddr *)&sa, len) < 0
	           ? -1
	           : 0;
}

static struct probe *
find(const struct senders *all, uint32_t sequence, const struct addr *target)
{
	uint32_t key = sequence ^ all->cookie;
	struct probe *p = probe_find(all->engine, (uint16_t)(key >> 16), 0);

	if (p == NULL || p->spec->method != METHOD_SYN ||
	    (p->generation & 0xffff) != (key & 0xffff) || !addr_equal(target, &p->addr))
		return NULL;
	return p;
}

/* Errors of other targets wait on the shared socket and would be taken for ours.  Each
 * ends its probe, or makes it ask the next address, which may take errors, too. */
static void
take_errors(struct senders *all, const struct sender *s)
{
	struct neterr_icmp icmp;
	struct probe *p;
	int error;
	socklen_t len = sizeof(error);
	uint32_t sequence;

	for (int i = 0; i < BATCH && s->raw >= 0 && neterr_read(s->raw, &icmp); i++) {
		if (!icmp.present || icmp.len < ICMP_QUOTE)
			continue;
		memcpy(&sequence, icmp.payload + offsetof(struct tcphdr, th_seq), 4);
		p = find(all, ntohl(sequence), &icmp.dest);
		if (p == NULL)
			continue;
		probe_done(p, neterr_classify(icmp.error, false, &p->addr, &icmp));
	}
	(void)getsockopt(s->raw, SOL_SOCKET, SO_ERROR, &error, &len);
}

static void
not_opened(struct probe *p, int error)
{
	if (error != EACCES && error != EPERM) {
		probe_fail(p, error);
		return;
	}
	p->result.detail = "CAP_NET_RAW is not granted";
	probe_done(p, (struct neterr_outcome){
			  CONNECT_PROBE_ERROR, REASON_NO_RAW, error, false });
}

static void
ask(struct probe *p)
{
	struct senders *all = probe_shared(p);
	unsigned nth = netsock_class(&p->addr);
	struct sender *s = &all->v[nth];
	uint32_t ms = p->spec->timeout_ms / (p->attempt + 1 < ATTEMPTS ? 4 : 2);
	uint64_t question = probe_question(p);
	int error;

	if (s->raw < 0 && open_sender(all, nth, &p->addr) != 0) {
		error = errno;
		close_sender(s);
		not_opened(p, error);
		return;
	}
	if (send_syn(p, all, s) != 0) {
		take_errors(all, s);
		if (probe_question(p) != question)
			return;
		if (send_syn(p, all, s) != 0) {
			error = errno;
			/* The answers to others come to it. */
			if (netsock_stale(s->raw, error))
				close_sender(s);
			probe_fail(p, error);
			return;
		}
	}
	probe_deadline(p, ms > 0 ? ms : 1);
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
take_answer(struct senders *all, const uint8_t *bytes, size_t len,
    const struct addr *from, int64_t came_ns)
{
	struct tcphdr head;
	struct probe *p;
	size_t skip = 0;

	if (from->family == AF_INET && len >= IPV4_HEAD_MIN)
		skip = (size_t)(bytes[0] & 0xf) * 4;
	if (len < skip + sizeof(head))
		return;
	memcpy(&head, bytes + skip, sizeof(head));
	if ((head.th_flags & TH_ACK) == 0)
		return;
	p = find(all, ntohl(head.th_ack) - 1, from);
	if (p == NULL || ntohs(head.th_sport) != p->port)
		return;
	p->result.rtt_us = probe_span_us(p, came_ns);
	if ((head.th_flags & TH_RST) != 0)
		probe_done(p, neterr_classify(ECONNREFUSED, false, &p->addr, NULL));
	else if ((head.th_flags & TH_SYN) != 0)
		probe_done(p,
		    (struct neterr_outcome){ CONNECT_OPEN, REASON_CONNECTED, 0, true });
}

static void
shared_ready(void *shared, unsigned nth, unsigned events)
{
	struct senders *all = shared;
	struct sender *s = &all->v[nth];
	uint8_t bytes[256];
	struct addr from;
	int64_t came_ns;
	ssize_t n;

	if ((events & LOOP_ERROR) != 0 && s->raw >= 0)
		take_errors(all, s);
	for (int i = 0; i < BATCH && s->raw >= 0; i++) {
		n = netsock_recv(s->raw, bytes, sizeof(bytes), &from, &came_ns);
		if (n < 0)
			break;
		take_answer(all, bytes, (size_t)n, &from, came_ns);
	}
}

const struct probe_ops probe_syn_ops = {
	.name = "syn",
	.start = ask,
	.expired = expired,
	.share = open_shared,
	.unshare = close_shared,
	.shared_ready = shared_ready,
};
