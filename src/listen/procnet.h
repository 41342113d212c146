#ifndef SVCPORT_PROCNET_H
#define SVCPORT_PROCNET_H

/*
 * Local sockets by /proc/net/{tcp,tcp6,udp,udp6}, where netlink is not to be had
 * (Documentation/networking/proc_net_tcp.rst).  Costlier, since every connection is
 * listed too, and poorer: no cgroup, no queue limit, no interface, and IPV6_V6ONLY is
 * guessed: [::] is taken to accept IPv4 when /proc/sys/net/ipv6/bindv6only is 0 and no
 * socket is bound to 0.0.0.0 with that port.
 */

#include <stdbool.h>

#include "model/portset.h"
#include "listen/socklist.h"
#include "model/types.h"

/*
 * The sockets that sockdiag_dump() would list, with a port in `ports` (NULL: all); *out
 * is replaced.  A missing IPv6 file is no error.  Returns 0, or -1 with errno and *out
 * empty.
 */
int procnet_read(
    enum proto protocol, const struct portset *ports, struct socklist *out);

/*
 * One line of such a file.  False when it is no socket that waits for traffic; *out is
 * then untouched.
 */
bool procnet_line(const char *line, enum proto protocol, int family, struct sock *out);

#endif
