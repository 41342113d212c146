#include "listen/addrwatch.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"

#define BUF_SIZE 32768

/* How often a dump is begun anew because addresses changed meanwhile. */
#define TRIES 5

struct addrwatch {
	struct loop *loop;
	addrwatch_cb *cb;
	void *arg;
	struct mnl_socket *nl; /* NULL when it failed for good */
	struct loop_fd *handle;
	uint32_t seq;
	struct addr *v; /* scope: the interface, whatever the address */
	size_t n, cap;
	bool stale; /* events were lost */
	char buf[BUF_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
};

/* ---- the set */

static size_t
position(const struct addrwatch *w, const struct addr *a)
{
	size_t i = 0;

	while (i < w->n && !addr_equal(&w->v[i], a))
		i++;
	return i;
}

/* Returns whether that changed anything. */
static bool
put(struct addrwatch *w, const struct addr *a, bool present)
{
	size_t i = position(w, a);

	if ((i < w->n) == present)
		return false;
	if (present) {
		mem_grow(w->v, w->n, w->cap);
		w->v[w->n++] = *a;
	} else {
		w->v[i] = w->v[--w->n];
	}
	return true;
}

bool
addrwatch_has(const struct addrwatch *w, const struct addr *a)
{
	for (size_t i = 0; i < w->n; i++) {
		struct addr b = w->v[i];

		if (a->scope == 0)
			b.scope = 0;
		if (addr_equal(&b, a))
			return true;
	}
	return false;
}

/* ---- messages */

struct parsed {
	uint8_t family;
	const void *local, *address;
	uint32_t flags;
};

static int
attribute(const struct nlattr *attr, void *arg)
{
	struct parsed *p = arg;
	uint16_t len = mnl_attr_get_payload_len(attr);
	uint16_t want = p->family == AF_INET ? 4 : 16;

	switch (mnl_attr_get_type(attr)) {
	case IFA_LOCAL:
		p->local = len >= want ? mnl_attr_get_payload(attr) : NULL;
		break;
	case IFA_ADDRESS:
		p->address = len >= want ? mnl_attr_get_payload(attr) : NULL;
		break;
	case IFA_FLAGS:
		if (len >= sizeof(uint32_t))
			p->flags = mnl_attr_get_u32(attr);
		break;
	}
	return MNL_CB_OK;
}

static bool
usable(uint32_t flags)
{
	if ((flags & IFA_F_DADFAILED) != 0)
		return false;
	return (flags & IFA_F_TENTATIVE) == 0 || (flags & IFA_F_OPTIMISTIC) != 0;
}

/* Returns whether the set has changed. */
static bool
apply(struct addrwatch *w, const struct nlmsghdr *nlh)
{
	const struct ifaddrmsg *m = mnl_nlmsg_get_payload(nlh);
	struct parsed p = { 0 };
	struct addr a = { 0 };

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*m) ||
	    (m->ifa_family != AF_INET && m->ifa_family != AF_INET6))
		return false;
	p.family = m->ifa_family;
	p.flags = m->ifa_flags;
	mnl_attr_parse(nlh, sizeof(*m), attribute, &p);
	/* On a point-to-point link IFA_ADDRESS is the peer's. */
	if (p.local == NULL)
		p.local = p.address;
	if (p.local == NULL)
		return false;
	a.family = p.family;
	a.scope = m->ifa_index;
	memcpy(a.bytes, p.local, p.family == AF_INET ? 4 : 16);
	return put(w, &a, nlh->nlmsg_type == RTM_NEWADDR && usable(p.flags));
}

enum part { PART_MORE, PART_DONE, PART_FAILED };

/* Applies what one read brought; the end of the running dump is PART_DONE. */
static enum part
parse(struct addrwatch *w, int len, bool *changed)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)w->buf;
	enum part part = PART_MORE;

	for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		if ((nlh->nlmsg_flags & NLM_F_DUMP_INTR) != 0)
			w->stale = true;
		if (nlh->nlmsg_type == RTM_NEWADDR || nlh->nlmsg_type == RTM_DELADDR)
			*changed |= apply(w, nlh);
		else if (nlh->nlmsg_type == NLMSG_ERROR)
			part = PART_FAILED;
		else if (nlh->nlmsg_type == NLMSG_DONE && nlh->nlmsg_seq == w->seq)
			part = PART_DONE;
	}
	return part;
}

/* ---- reading all addresses */

static int
request(struct addrwatch *w)
{
	char buf[256] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifaddrmsg *m;

	nlh->nlmsg_type = RTM_GETADDR;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = ++w->seq;
	m = mnl_nlmsg_put_extra_header(nlh, sizeof(*m));
	m->ifa_family = AF_UNSPEC;
	return mnl_socket_sendto(w->nl, nlh, nlh->nlmsg_len) == -1 ? -1 : 0;
}

/* One dump, with the events that lie before and behind it.  Returns 0, also when it
 * is to be repeated since w->stale was set; or -1 with errno. */
static int
dump(struct addrwatch *w)
{
	enum part part = PART_MORE;
	bool changed = false;

	w->stale = false;
	w->n = 0;
	if (request(w) == -1)
		return -1;
	while (part == PART_MORE) {
		ssize_t n = mnl_socket_recvfrom(w->nl, w->buf, sizeof(w->buf));

		if (n >= 0)
			part = parse(w, (int)n, &changed);
		else if (errno == ENOBUFS)
			w->stale = true;
		else
			return -1;
	}
	errno = EPROTO;
	return part == PART_DONE ? 0 : -1;
}

/* Reads all of them, or leaves the set as it was. */
static int
resync(struct addrwatch *w)
{
	struct addr *known = w->v;
	size_t n = w->n, cap = w->cap;
	int tries = 0, result, error;

	w->v = NULL;
	w->n = w->cap = 0;
	do
		result = dump(w);
	while (result == 0 && w->stale && ++tries < TRIES);
	if (result == 0) {
		free(known);
		return 0;
	}
	error = errno;
	free(w->v);
	w->v = known;
	w->n = n;
	w->cap = cap;
	errno = error;
	return -1;
}

/* ---- life */

static void
close_netlink(struct addrwatch *w)
{
	loop_fd_del(w->handle);
	if (w->nl != NULL)
		mnl_socket_close(w->nl);
	w->handle = NULL;
	w->nl = NULL;
}

/* Returns whether the set has changed, or may have. */
static bool
read_events(struct addrwatch *w)
{
	bool changed = false;

	for (;;) {
		ssize_t n = mnl_socket_recvfrom(w->nl, w->buf, sizeof(w->buf));

		if (n >= 0) {
			parse(w, (int)n, &changed);
		} else if (errno == ENOBUFS) {
			w->stale = true;
		} else if (errno == EAGAIN) {
			break;
		} else if (errno != EINTR) {
			log_error("listen",
			    "local addresses: rtnetlink: %s: changes are no longer "
			    "noticed",
			    strerror(errno));
			close_netlink(w);
			return changed;
		}
	}
	return changed;
}

static void
on_readable(void *arg, int fd, unsigned events)
{
	struct addrwatch *w = arg;
	bool changed = read_events(w);

	(void)fd;
	(void)events;
	if (w->stale && w->nl != NULL) {
		changed = true;
		if (resync(w) == -1) {
			log_error("listen",
			    "local addresses: rtnetlink: %s: changes are no longer "
			    "noticed",
			    strerror(errno));
			close_netlink(w);
		}
	}
	if (changed)
		w->cb(w->arg);
}

static int
start(struct addrwatch *w)
{
	w->nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (w->nl == NULL ||
	    mnl_socket_bind(w->nl, RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
		MNL_SOCKET_AUTOPID) == -1 ||
	    resync(w) == -1)
		return -1;
	w->handle = loop_fd_add(
	    w->loop, mnl_socket_get_fd(w->nl), LOOP_READ, on_readable, w);
	return w->handle != NULL ? 0 : -1;
}

struct addrwatch *
addrwatch_new(struct loop *loop, addrwatch_cb *cb, void *arg)
{
	struct addrwatch *w = mem_new(struct addrwatch);
	int error;

	w->loop = loop;
	w->cb = cb;
	w->arg = arg;
	if (start(w) == 0)
		return w;
	error = errno;
	addrwatch_free(w);
	errno = error;
	return NULL;
}

void
addrwatch_free(struct addrwatch *w)
{
	if (w == NULL)
		return;
	close_netlink(w);
	free(w->v);
	free(w);
}

bool
addrwatch_works(const struct addrwatch *w)
{
	return w->nl != NULL;
}
