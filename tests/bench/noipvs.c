/*
 * Lets keepalived's health checkers run where the kernel has no IPVS: LD_PRELOAD this.
 * Where generic netlink does not know IPVS keepalived falls back to getsockopt(2) and
 * setsockopt(2) with the IP_VS_SO_* options of linux/ip_vs.h, and ends when they fail.
 * Here they succeed and do nothing, which costs keepalived less than a real IPVS would.
 */

#include <linux/ip_vs.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool
is_ipvs(int level, int name)
{
	return level == IPPROTO_IP && name >= IP_VS_BASE_CTL &&
	       name <= IP_VS_SO_SET_MAX;
}

int
getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
	if (!is_ipvs(level, name))
		return (int)syscall(SYS_getsockopt, fd, level, name, value, len);
	memset(value, 0, *len);
	return 0;
}

int
setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	if (!is_ipvs(level, name))
		return (int)syscall(SYS_setsockopt, fd, level, name, value, len);
	return 0;
}
