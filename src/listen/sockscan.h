#ifndef SVCPORT_SOCKSCAN_H
#define SVCPORT_SOCKSCAN_H

/*
 * A look at all local sockets in slices: each turn of the loop reads one part of at
 * most 32 KiB, so that a machine with very many sockets does not hold up what else the
 * loop does.  The result is a picture taken over several turns: an inventory, not
 * something to judge a port by.
 */

#include <stdbool.h>

#include "base/loop.h"
#include "listen/socklist.h"

struct sockscan;

/*
 * The lists are the receiver's to change, and are void after the call.  An error is an
 * errno, 0 for none: these sockets must be read in another way.
 */
typedef void sockscan_cb(void *arg, struct socklist *tcp, int tcp_error,
    struct socklist *udp, int udp_error);

struct sockscan *sockscan_new(struct loop *loop, sockscan_cb *cb, void *arg);
/* Not from within the callback. */
void sockscan_free(struct sockscan *s);

/* Begins a scan unless one is under way; the callback comes from a later turn, or from
 * this call when netlink cannot be used at all. */
void sockscan_start(struct sockscan *s);

#endif
