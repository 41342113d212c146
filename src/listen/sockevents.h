#ifndef SVCPORT_SOCKEVENTS_H
#define SVCPORT_SOCKEVENTS_H

/*
 * The kernel's word of destroyed sockets, by netlink: the SKNLGRP_*_DESTROY groups of
 * sock_diag(7) (sock_diag_broadcast_destroy() in net/core/sock_diag.c).  Needs no
 * privilege, and waits for nothing: events are read as they lie.
 */

#include <stdint.h>

#include "model/portset.h"
#include "model/types.h"

struct sockevents;

/*
 * Joins the groups that tell of every destroyed socket of the protocol, filtered in the
 * kernel as portfilter_events() says.  NULL with errno.  Dump after this call, so that
 * nothing is lost in between.
 */
struct sockevents *sockevents_open(enum proto protocol, const struct portset *ports);
void sockevents_close(struct sockevents *e);
int sockevents_fd(const struct sockevents *e);
/* Replaces the filter.  Returns 0, or -1 with errno, the old filter being kept. */
int sockevents_filter(struct sockevents *e, const struct portset *ports);

/* How many sockets of the protocol have ended since it was opened, watched or not: an
 * estimate, good to within a few hundred. */
uint64_t sockevents_ended(const struct sockevents *e);

/*
 * Reads what has arrived: adds the ports, of those watched, whose sockets ended to
 * *ended and counts them in *count.  Returns 0, or -1 with errno: ENOBUFS when events
 * were lost (what could still be read is in *ended).
 */
int sockevents_read(struct sockevents *e, struct portset *ended, uint64_t *count);

#endif
