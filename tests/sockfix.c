#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "model/addr.h"
#include "sockfix.h"

static int
bound(const char *addr, uint16_t port, unsigned flags, int type)
{
	struct sockaddr_storage sa;
	struct addr a;
	socklen_t len;
	int error;
	int one = 1;
	int only = (flags & SOCKFIX_V6ONLY) != 0;
	int fd;

	assert_true(addr_parse(addr, &a));
	len = addr_sockaddr(&a, port, &sa);
	fd = socket(a.family, type | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	if ((flags & SOCKFIX_REUSE) != 0)
		assert_int_equal(
		    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)), 0);
	if ((flags & (SOCKFIX_V6ONLY | SOCKFIX_DUAL)) != 0)
		assert_int_equal(
		    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only)), 0);
	if (bind(fd, (struct sockaddr *)&sa, len) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/*
 * Ports that no other test uses: one that was closed must not be taken by a neighbour
 * while this one waits to see it closed.  A process claims a block of them by the name
 * of an abstract socket, which like ports belongs to the network namespace.
 */
#define BLOCK_SIZE  1000
#define BLOCK_FIRST 10000
#define BLOCKS      20

static unsigned
claim_block(void)
{
	for (unsigned i = 0; i < BLOCKS; i++) {
		struct sockaddr_un un = { .sun_family = AF_UNIX };
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		int n = snprintf(un.sun_path + 1, sizeof(un.sun_path) - 1,
		    "svcport-test-ports-%u", i);

		assert_true(fd >= 0);
		if (bind(fd, (struct sockaddr *)&un,
			(socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
				    (size_t)n)) == 0)
			return BLOCK_FIRST + i * BLOCK_SIZE; /* held until the end */
		close(fd);
	}
	fail_msg("every block of test ports is taken");
	return 0;
}

/* Bound to the next port of the block that is free. */
static int
bound_in_block(const char *addr, unsigned flags, int type)
{
	static unsigned block;
	static unsigned next;

	if (block == 0)
		block = claim_block();
	for (int i = 0; i < BLOCK_SIZE; i++) {
		uint16_t port = (uint16_t)(block + next++ % BLOCK_SIZE);
		int fd = bound(addr, port, flags, type);

		if (fd >= 0)
			return fd;
		assert_int_equal(errno, EADDRINUSE);
	}
	fail_msg("no free port");
	return -1;
}

int
sockfix_listen(const char *addr, uint16_t port, unsigned flags, int backlog)
{
	int fd = port != 0 ? bound(addr, port, flags, SOCK_STREAM)
	                   : bound_in_block(addr, flags, SOCK_STREAM);

	assert_true(fd >= 0);
	assert_int_equal(listen(fd, backlog), 0);
	return fd;
}

int
sockfix_udp(const char *addr, uint16_t port, unsigned flags)
{
	int fd = port != 0 ? bound(addr, port, flags, SOCK_DGRAM)
	                   : bound_in_block(addr, flags, SOCK_DGRAM);

	assert_true(fd >= 0);
	return fd;
}

int
sockfix_udp_client(const char *addr)
{
	int fd = bound(addr, 0, 0, SOCK_DGRAM);

	assert_true(fd >= 0);
	return fd;
}

int
sockfix_connect(const char *addr, uint16_t port, int type)
{
	struct sockaddr_storage sa;
	struct addr a;
	socklen_t len;
	int fd;

	assert_true(addr_parse(addr, &a));
	len = addr_sockaddr(&a, port, &sa);
	fd = socket(a.family, type | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&sa, len), 0);
	return fd;
}

uint16_t
sockfix_port(int fd)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof(sa);

	assert_int_equal(getsockname(fd, (struct sockaddr *)&sa, &len), 0);
	/* sin_port and sin6_port stand at the same place */
	return ntohs(((struct sockaddr_in *)&sa)->sin_port);
}

ino_t
sockfix_inode(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_ino;
}

bool
sockfix_have_ipv6(void)
{
	int fd = bound("::1", 0, 0, SOCK_DGRAM);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}
