#ifndef SVCPORT_NETSOCK_H
#define SVCPORT_NETSOCK_H

/* Opens the sockets that probes go out of. */

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/addr.h"

struct netsock {
	struct addr source;       /* to bind, where the target has its family */
	char interface[IFNAMSIZ]; /* SO_BINDTODEVICE (a VRF's name too); "" for none */
};

/*
 * A non-blocking, close-on-exec socket for `target`, which reports ICMP messages in its
 * error queue.  Source and interface are left out for loopback targets, which they
 * could not reach.  -1 with errno; EADDRNOTAVAIL when the source is not configured,
 * ENODEV when there is no such interface.
 */
int netsock_open(
    const struct netsock *config, const struct addr *target, int type, int protocol);

/* Which of NETSOCK_CLASSES differently configured sockets a target needs, for sockets
 * that serve many targets: by family, and loopback or not. */
#define NETSOCK_CLASSES 4
unsigned netsock_class(const struct addr *target);

/* A send on a socket that serves many targets failed: whether that is more than this
 * one's bad luck, so that it must be opened anew; the interface that it is bound to may
 * have gone. */
bool netsock_stale(int fd, int error);

/*
 * When a datagram came in, as the kernel saw it: the loop's clock is too coarse when
 * starts and answers come in batches.  netsock_stamp() switches the stamps on,
 * netsock_clock() is the clock that they are of, netsock_recv() is recvfrom(2) with a
 * stamp, 0 when there is none.
 */
void netsock_stamp(int fd);
int64_t netsock_clock(void);
ssize_t netsock_recv(
    int fd, void *buf, size_t size, struct addr *from, int64_t *stamp_ns);

#endif
