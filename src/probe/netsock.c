#include "probe/netsock.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int
bind_source(int fd, const struct addr *source, int type)
{
	struct sockaddr_storage sa;
	socklen_t len = addr_sockaddr(source, 0, &sa);
	int on = 1;

	/* The port is chosen by connect(2), when the whole tuple is known: so the same
	 * one serves many targets. */
	if (type == SOCK_STREAM)
		(void)setsockopt(
		    fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	return bind(fd, (struct sockaddr *)&sa, len);
}

static int
configure(int fd, const struct netsock *config, const struct addr *target, int type)
{
	int on = 1;
	int error = target->family == AF_INET6
	                ? setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on))
	                : setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));

	if (error != 0 || addr_is_loopback(target))
		return error;
	if (config->interface[0] != '\0' &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, config->interface,
		(socklen_t)strlen(config->interface)) != 0)
		return -1;
	if (config->source.family == target->family)
		return bind_source(fd, &config->source, type);
	return 0;
}

int
netsock_open(
    const struct netsock *config, const struct addr *target, int type, int protocol)
{
	int fd = socket(target->family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	int error;

	if (fd < 0)
		return -1;
	if (configure(fd, config, target, type) != 0) {
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

bool
netsock_stale(int fd, int error)
{
	char name[IFNAMSIZ];
	socklen_t len = sizeof(name);

	switch (error) {
	case ENETUNREACH:
	case EHOSTUNREACH:
	case EACCES:
	case EPERM:
	case EAGAIN:
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		return getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &len) != 0;
	default:
		return true;
	}
}

unsigned
netsock_class(const struct addr *target)
{
	return (target->family == AF_INET6 ? 2u : 0u) +
	       (addr_is_loopback(target) ? 1u : 0u);
}

void
netsock_stamp(int fd)
{
	int on = 1;

	(void)setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
}

static int64_t
to_ns(const struct timespec *ts)
{
	return (int64_t)ts->tv_sec * 1000000000 + ts->tv_nsec;
}

int64_t
netsock_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return to_ns(&ts);
}

ssize_t
netsock_recv(int fd, void *buf, size_t size, struct addr *from, int64_t *stamp_ns)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(struct timespec)) + 64];
	} control;
	struct sockaddr_storage sa = { 0 };
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr m = { .msg_name = &sa,
		.msg_namelen = sizeof(sa),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &m, MSG_DONTWAIT);
	struct timespec ts;

	*stamp_ns = 0;
	if (n < 0)
		return n;
	*from = addr_from_sockaddr((struct sockaddr *)&sa);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c != NULL; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
			memcpy(&ts, CMSG_DATA(c), sizeof(ts));
			*stamp_ns = to_ns(&ts);
		}
	}
	return n;
}
