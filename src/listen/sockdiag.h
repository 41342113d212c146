#ifndef SVCPORT_SOCKDIAG_H
#define SVCPORT_SOCKDIAG_H

/*
 * Local sockets by netlink: sock_diag(7).  Needs no privilege.  Nothing here waits: a
 * dump is produced by the kernel while it is read.
 */

#include <stdbool.h>
#include <stdint.h>

#include "model/portset.h"
#include "listen/socklist.h"
#include "model/types.h"

struct sockdiag;

/* NULL with errno: the kernel or a sandbox has no NETLINK_SOCK_DIAG for us. */
struct sockdiag *sockdiag_open(void);
void sockdiag_close(struct sockdiag *d);

/* Readable as long as a dump that was begun is not read to its end. */
int sockdiag_fd(const struct sockdiag *d);

/*
 * Begins a dump of TCP sockets in LISTEN or UDP sockets in CLOSE (bound, without peer;
 * the UDP states are TCP's, net/ipv4/udp_diag.c) of AF_INET or AF_INET6 or, TCP only,
 * AF_UNSPEC for both in one walk through the kernel's table; with a port in `ports`,
 * NULL for all of them; else the set is not empty and stays as it is until the
 * dump is over.  A dump that was not read to its end is given up.  Returns 0, or -1
 * with errno.
 */
int sockdiag_begin(
    struct sockdiag *d, enum proto protocol, int family, const struct portset *ports);

/*
 * Reads the next part of the dump into `out`.  Returns 1 when there is more, 0 when it
 * was the last, or -1 with errno: ENOENT where the kernel has no diag module for the
 * protocol, EINTR when the tables changed so that the dump must be repeated.  After
 * EINTR and ENOENT another dump can begin; after any other error close the object.
 */
int sockdiag_read(struct sockdiag *d, struct socklist *out);

/* Both families from begin to end, repeated when interrupted: out is replaced.  Returns
 * 0, or -1 with errno and *out empty. */
int sockdiag_dump(struct sockdiag *d, enum proto protocol, const struct portset *ports,
    struct socklist *out);

/*
 * Those of the sockets in `which` that are still bound, and others with their addresses
 * and ports.  However many sockets there are, none of these is left out: see
 * socklist_missing().  *out is replaced.  Returns 0, or -1 with errno and *out empty.
 */
int sockdiag_confirm(struct sockdiag *d, enum proto protocol,
    const struct socklist *which, struct socklist *out);

#endif
