#ifndef SVCPORT_SOCKDIAG_H
#define SVCPORT_SOCKDIAG_H

/*
 * Local sockets by netlink: sock_diag(7).  Needs no privilege.  Nothing here waits: a
 * dump is produced by the kernel while it is read, and events are read as they lie.
 */

#include <stdbool.h>
#include <stdint.h>

#include "portset.h"
#include "socklist.h"
#include "types.h"

/* ---- dumps */

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

/* ---- events */

struct sockdiag_events;

/*
 * Joins the groups that tell of every destroyed socket of the protocol, filtered in the
 * kernel as portfilter_events() says.  NULL with errno.  Dump after this call, so that
 * nothing is lost in between.
 */
struct sockdiag_events *sockdiag_events_open(
    enum proto protocol, const struct portset *ports);
void sockdiag_events_close(struct sockdiag_events *e);
int sockdiag_events_fd(const struct sockdiag_events *e);
/* Replaces the filter.  Returns 0, or -1 with errno, the old filter being kept. */
int sockdiag_events_filter(struct sockdiag_events *e, const struct portset *ports);

/*
 * Reads what has arrived: adds the ports, of those watched, whose sockets ended to
 * *ended and counts them in *count.  Returns 0, or -1 with errno: ENOBUFS when events
 * were lost (what could still be read is in *ended).
 */
int sockdiag_events_read(
    struct sockdiag_events *e, struct portset *ended, uint64_t *count);

#endif
