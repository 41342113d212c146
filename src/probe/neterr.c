#include "probe/neterr.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/errqueue.h>

static bool
is_prohibited(const struct neterr_icmp *icmp, uint8_t family)
{
	if (family == AF_INET6) /* RFC 4443 section 3.1: prohibited, policy, reject */
		return icmp->type == ICMP6_DST_UNREACH &&
		       (icmp->code == ICMP6_DST_UNREACH_ADMIN || icmp->code == 5 ||
			   icmp->code == 6);
	return icmp->type == ICMP_DEST_UNREACH && /* RFC 1812 section 5.2.7.1 */
	       (icmp->code == ICMP_NET_ANO || icmp->code == ICMP_HOST_ANO ||
		   icmp->code == ICMP_PKT_FILTERED);
}

static struct neterr_outcome
outcome(enum connect_state state, enum reason reason, int error, bool answered)
{
	return (struct neterr_outcome){ state, reason, error, answered };
}

/* The system refused to send: it says nothing about the port. */
static struct neterr_outcome
classify_local(int error)
{
	switch (error) {
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENETDOWN:
	case EADDRNOTAVAIL:
	case ENODEV:
		return outcome(CONNECT_PROBE_ERROR, REASON_NO_ROUTE, error, false);
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		return outcome(CONNECT_PROBE_ERROR, REASON_FD_LIMIT, error, false);
	default:
		return outcome(CONNECT_PROBE_ERROR, REASON_LOCAL_ERROR, error, false);
	}
}

struct neterr_outcome
neterr_classify(
    int error, bool local, const struct addr *target, const struct neterr_icmp *icmp)
{
	bool has_icmp = icmp != NULL && icmp->present;
	/* A refusal is the host's own word unless an ICMP message says otherwise. */
	bool own = has_icmp ? addr_equal(&icmp->sender, target) : true;

	if (error == ECONNREFUSED)
		return outcome(CONNECT_CLOSED, REASON_REFUSED, error, own);
	if (local)
		return classify_local(error);
	if (has_icmp && is_prohibited(icmp, target->family))
		return outcome(CONNECT_FILTERED, REASON_PROHIBITED, error, own);
	own = own && has_icmp;
	switch (error) {
	case ETIMEDOUT:
		return outcome(CONNECT_FILTERED, REASON_TIMEOUT, error, false);
	case EACCES: /* ICMPv6 says so without the queue */
		return outcome(CONNECT_FILTERED, REASON_PROHIBITED, error, own);
	case ENOPROTOOPT: /* ICMP protocol unreachable */
		return outcome(CONNECT_CLOSED, REASON_REFUSED, error, true);
	case ENETUNREACH:
	case EHOSTUNREACH:
	case EHOSTDOWN:
	case ENONET:
		return outcome(CONNECT_UNREACHABLE, REASON_UNREACHABLE, error, own);
	case ENETDOWN:
	case EADDRNOTAVAIL:
		return outcome(CONNECT_PROBE_ERROR, REASON_NO_ROUTE, error, false);
	default:
		return outcome(CONNECT_PROBE_ERROR, REASON_LOCAL_ERROR, error, false);
	}
}

/* struct sock_extended_err with what SO_EE_OFFENDER() points to. */
struct extended {
	struct sock_extended_err ee;
	struct sockaddr_in6 sender;
};

static void
take_extended(const struct extended *x, struct neterr_icmp *out)
{
	if (x->ee.ee_origin != SO_EE_ORIGIN_ICMP &&
	    x->ee.ee_origin != SO_EE_ORIGIN_ICMP6)
		return;
	out->present = true;
	out->type = x->ee.ee_type;
	out->code = x->ee.ee_code;
	out->error = (int)x->ee.ee_errno;
	out->sender = addr_from_sockaddr((const struct sockaddr *)&x->sender);
}

static bool
is_recverr(const struct cmsghdr *c)
{
	return (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
	       (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR);
}

bool
neterr_read(int fd, struct neterr_icmp *out)
{
	union {
		struct cmsghdr align;
		char room[512];
	} control;
	struct sockaddr_storage dest = { 0 };
	struct iovec iov = { .iov_base = out->payload,
		.iov_len = sizeof(out->payload) };
	struct msghdr m = { .msg_name = &dest,
		.msg_namelen = sizeof(dest),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control) };
	ssize_t n;

	memset(out, 0, sizeof(*out));
	n = recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT);
	if (n < 0)
		return false;
	out->len = (uint16_t)n;
	out->dest = addr_from_sockaddr((struct sockaddr *)&dest);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c != NULL; c = CMSG_NXTHDR(&m, c)) {
		struct extended x = { 0 };
		size_t len = c->cmsg_len - CMSG_LEN(0);

		if (!is_recverr(c) || len < sizeof(x.ee))
			continue;
		memcpy(&x, CMSG_DATA(c), len < sizeof(x) ? len : sizeof(x));
		take_extended(&x, out);
	}
	return true;
}
