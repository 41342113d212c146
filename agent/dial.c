#include "dial.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "model/addr.h"

#define CONNECT_TIMEOUT  1000 /* ms, TCP */
#define KEEPALIVE_IDLE   15   /* seconds, TCP: a dead host gives no end of file */
#define KEEPALIVE_PERIOD 5
#define KEEPALIVE_COUNT  3

int
dial_unix(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(sun.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(sun.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -1;
	if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == -1) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

static void
keep_alive(int fd)
{
	int on = 1, idle = KEEPALIVE_IDLE, period = KEEPALIVE_PERIOD;
	int tries = KEEPALIVE_COUNT;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &period, sizeof(period));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &tries, sizeof(tries));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* Connects to one address, waiting CONNECT_TIMEOUT at most. */
static int
connect_address(const struct sockaddr_storage *sa, socklen_t sa_len)
{
	int fd = socket(sa->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int error = 0;
	socklen_t len = sizeof(error);

	if (fd == -1)
		return -1;
	if (connect(fd, (const struct sockaddr *)sa, sa_len) == -1) {
		error = errno;
		if (error == EINPROGRESS) {
			error = ETIMEDOUT;
			if (poll(&p, 1, CONNECT_TIMEOUT) == 1)
				getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
		}
	}
	if (error != 0) {
		close(fd);
		errno = error;
		return -1;
	}
	keep_alive(fd);
	return fd;
}

int
dial_tcp(const char *text)
{
	struct sockaddr_storage sa;
	struct addr a;
	uint16_t port;

	if (!addr_parse_port(text, &a, &port)) {
		errno = EINVAL;
		return -1;
	}
	return connect_address(&sa, addr_sockaddr(&a, port, &sa));
}
