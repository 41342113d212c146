#include "netsock.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
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
