#include "listen/sockdiag.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "listen/portfilter.h"

/* The kernel fills buffers of up to 32 KiB for a reader that offers as much
 * (netlink_dump() in net/netlink/af_netlink.c). */
#define PART_SIZE 32768

/* Of every network namespace (net/core/net_namespace.c). */
#define LOOPBACK_IFINDEX 1

/* How often a dump that the kernel called inconsistent is repeated. */
#define TRIES 3

/* Two headers, the request, and the larger of the programs that select sockets. */
#define REQUEST_SIZE (128 + PORTFILTER_ENDS_MAX)
_Static_assert(
    PORTFILTER_DUMP_MAX * sizeof(struct inet_diag_bc_op) <= PORTFILTER_ENDS_MAX,
    "REQUEST_SIZE is large enough for both programs");

struct sockdiag {
	struct mnl_socket *nl;
	unsigned portid;
	uint32_t seq;
	uint8_t protocol;
	bool running;                /* begun, and its end not yet read */
	bool interrupted;            /* NLM_F_DUMP_INTR was set */
	bool part;                   /* sockets were read already */
	const struct portset *ports; /* of the running dump */
	char buf[PART_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
};

struct sockdiag *
sockdiag_open(void)
{
	struct sockdiag *d = mem_new(struct sockdiag);

	d->nl = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (d->nl == NULL || mnl_socket_bind(d->nl, 0, MNL_SOCKET_AUTOPID) == -1) {
		sockdiag_close(d);
		return NULL;
	}
	d->portid = mnl_socket_get_portid(d->nl);
	return d;
}

void
sockdiag_close(struct sockdiag *d)
{
	int error = errno;

	if (d == NULL)
		return;
	if (d->nl != NULL)
		mnl_socket_close(d->nl);
	free(d);
	errno = error;
}

int
sockdiag_fd(const struct sockdiag *d)
{
	return mnl_socket_get_fd(d->nl);
}

/* ---- one socket of a dump */

static struct addr
address(const struct inet_diag_msg *m)
{
	struct addr a = { .family = m->idiag_family };

	memcpy(a.bytes, m->id.idiag_src, a.family == AF_INET ? 4 : 16);
	if (a.family == AF_INET6 && a.bytes[0] == 0xfe && (a.bytes[1] & 0xc0) == 0x80)
		a.scope = m->id.idiag_if;
	return a;
}

static int
attribute(const struct nlattr *attr, void *arg)
{
	struct listener *l = arg;
	uint16_t type = mnl_attr_get_type(attr);
	uint16_t len = mnl_attr_get_payload_len(attr);

	if (type == INET_DIAG_SKV6ONLY && len >= sizeof(uint8_t))
		l->dual = mnl_attr_get_u8(attr) == 0 && addr_is_any(&l->addr);
	else if (type == INET_DIAG_CGROUP_ID && len >= sizeof(uint64_t))
		l->cgroup = mnl_attr_get_u64(attr);
	return MNL_CB_OK;
}

static void
add_socket(const struct sockdiag *d, const struct nlmsghdr *nlh, struct socklist *out)
{
	const struct inet_diag_msg *m = mnl_nlmsg_get_payload(nlh);
	struct sock *s;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*m) ||
	    (d->ports != NULL && !portset_has(d->ports, ntohs(m->id.idiag_sport))))
		return;
	s = socklist_add(out);
	s->inode = m->idiag_inode;
	s->l.protocol = d->protocol;
	s->l.port = ntohs(m->id.idiag_sport);
	s->l.addr = address(m);
	s->l.on_lo = m->id.idiag_if == LOOPBACK_IFINDEX;
	s->l.uid = m->idiag_uid;
	if (d->protocol == PROTO_TCP) {
		s->l.queue = m->idiag_rqueue;
		s->l.queue_limit = m->idiag_wqueue;
	}
	mnl_attr_parse(nlh, sizeof(*m), attribute, &s->l);
}

/* ---- dumps */

/* The errno in an NLMSG_ERROR, or in the NLMSG_DONE of a dump that failed midway. */
static int
message_error(const struct nlmsghdr *nlh)
{
	int32_t error = 0;

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(error))
		memcpy(&error, mnl_nlmsg_get_payload(nlh), sizeof(error));
	if (error == 0 && nlh->nlmsg_type == NLMSG_ERROR)
		return EPROTO;
	return error < -4095 || error > 0 ? EPROTO : -error; /* MAX_ERRNO */
}

/* Returns 1 when the dump goes on, 0 at its end, -1 with errno. */
static int
parse(struct sockdiag *d, int len, struct socklist *out)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)d->buf;
	bool some = false;

	for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		if (!mnl_nlmsg_seq_ok(nlh, d->seq) ||
		    !mnl_nlmsg_portid_ok(nlh, d->portid))
			continue;
		if ((nlh->nlmsg_flags & NLM_F_DUMP_INTR) != 0)
			d->interrupted = true;
		if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR) {
			d->running = false;
			errno = message_error(nlh);
			return errno != 0 ? -1 : 0;
		}
		if (out != NULL) {
			add_socket(d, nlh, out);
			some = true;
		}
	}
	if (some && d->part && out != NULL)
		out->split = true;
	d->part |= some;
	return 1;
}

int
sockdiag_read(struct sockdiag *d, struct socklist *out)
{
	ssize_t n = mnl_socket_recvfrom(d->nl, d->buf, sizeof(d->buf));
	int more;

	if (n < 0)
		return -1;
	more = parse(d, (int)n, out);
	if (more == 0 && d->interrupted) {
		errno = EINTR;
		return -1;
	}
	return more;
}

/* The kernel answers a new request with EBUSY as long as a dump is in progress. */
static void
abandon(struct sockdiag *d)
{
	while (d->running) {
		ssize_t n = mnl_socket_recvfrom(d->nl, d->buf, sizeof(d->buf));
		if (n < 0)
			break;
		parse(d, (int)n, NULL);
	}
	d->running = false;
}

/*
 * SOCK_DIAG_BY_FAMILY walks the whole table for one family.  The older TCPDIAG_GETSOCK,
 * which knows TCP only, walks it once for both (inet_diag_dump_compat()).
 */
static void
put_request(struct nlmsghdr *nlh, enum proto protocol, int family)
{
	uint32_t states = 1u << (protocol == PROTO_TCP ? TCP_LISTEN : TCP_CLOSE);

	if (family == AF_UNSPEC) {
		struct inet_diag_req *old = mnl_nlmsg_put_extra_header(
		    nlh, sizeof(*old));

		nlh->nlmsg_type = TCPDIAG_GETSOCK;
		old->idiag_states = states;
	} else {
		struct inet_diag_req_v2 *req = mnl_nlmsg_put_extra_header(
		    nlh, sizeof(*req));

		nlh->nlmsg_type = SOCK_DIAG_BY_FAMILY;
		req->sdiag_family = (uint8_t)family;
		req->sdiag_protocol = (uint8_t)protocol;
		req->idiag_states = states;
	}
}

/* `program` selects sockets; with a length of 0 all are. */
static int
begin(struct sockdiag *d, enum proto protocol, int family, const void *program,
    size_t len)
{
	char buf[REQUEST_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	abandon(d);
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = ++d->seq;
	put_request(nlh, protocol, family);
	if (len != 0)
		mnl_attr_put(nlh, INET_DIAG_REQ_BYTECODE, len, program);
	d->ports = NULL;
	d->protocol = (uint8_t)protocol;
	d->interrupted = false;
	d->part = false;
	if (mnl_socket_sendto(d->nl, nlh, nlh->nlmsg_len) == -1)
		return -1;
	d->running = true;
	return 0;
}

int
sockdiag_begin(
    struct sockdiag *d, enum proto protocol, int family, const struct portset *ports)
{
	struct inet_diag_bc_op op[PORTFILTER_DUMP_MAX];
	struct portfilter f;
	uint32_t n = 0;

	if (ports != NULL) {
		portfilter_cover(&f, ports);
		n = portfilter_dump(&f, op);
	}
	if (begin(d, protocol, family, op, n * sizeof(op[0])) == -1)
		return -1;
	d->ports = ports;
	return 0;
}

/* What a dump selects. */
struct choice {
	const struct portset *ports; /* or, when NULL, a program */
	const void *program;
	size_t len;
};

static int
dump_family(struct sockdiag *d, enum proto protocol, int family,
    const struct choice *choice, struct socklist *out)
{
	uint32_t mark = out->n;
	int more;

	for (int i = 0; i < TRIES; i++) {
		out->n = mark;
		more = choice->ports != NULL
		           ? sockdiag_begin(d, protocol, family, choice->ports)
		           : begin(d, protocol, family, choice->program, choice->len);
		if (more == -1)
			return -1;
		do
			more = sockdiag_read(d, out);
		while (more == 1);
		if (more == 0 || errno != EINTR)
			return more;
	}
	return -1;
}

static int
dump(struct sockdiag *d, enum proto protocol, const struct choice *choice,
    struct socklist *out)
{
	if (protocol == PROTO_TCP)
		return dump_family(d, protocol, AF_UNSPEC, choice, out);
	if (dump_family(d, protocol, AF_INET, choice, out) == -1)
		return -1;
	return dump_family(d, protocol, AF_INET6, choice, out);
}

int
sockdiag_dump(struct sockdiag *d, enum proto protocol, const struct portset *ports,
    struct socklist *out)
{
	struct choice choice = { .ports = ports };

	socklist_reset(out);
	if (ports != NULL && ports->count == 0)
		return 0;
	if (dump(d, protocol, &choice, out) == 0)
		return 0;
	socklist_reset(out);
	return -1;
}

int
sockdiag_confirm(struct sockdiag *d, enum proto protocol, const struct socklist *which,
    struct socklist *out)
{
	struct portfilter_end ends[PORTFILTER_ENDS];
	unsigned char program[PORTFILTER_ENDS_MAX];
	struct choice choice = { .program = program };
	uint32_t n;

	socklist_reset(out);
	for (uint32_t i = 0; i < which->n; i += n) {
		for (n = 0; n < PORTFILTER_ENDS && i + n < which->n; n++) {
			const struct listener *l = &which->v[i + n].l;

			ends[n] = (struct portfilter_end){ l->addr, l->port };
		}
		choice.len = portfilter_ends(ends, n, program);
		if (dump(d, protocol, &choice, out) == -1) {
			socklist_reset(out);
			return -1;
		}
	}
	return 0;
}
