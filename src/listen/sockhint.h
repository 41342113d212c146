#ifndef SVCPORT_SOCKHINT_H
#define SVCPORT_SOCKHINT_H

/*
 * The kernel's destroy events of one protocol as paced hints: which watched ports to
 * look at again.  Hints that arrive together are handed on together, the first at once,
 * then at least SOCKHINT_GAP_MS apart and, in a storm, SOCKHINT_STORM a second.
 *
 * While somebody listens to these events the kernel makes one of every socket that is
 * destroyed, watched or not, which costs it some microseconds each before any filter is
 * asked (sock_diag_broadcast_destroy() in net/core/sock_diag.c).  Where more than
 * SOCKHINT_FLOOD sockets end a second for some seconds that would be noticed: then
 * nobody listens for SOCKHINT_REST_MS at a time, and looks have to do.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "model/portset.h"
#include "model/types.h"

#define SOCKHINT_GAP_MS 2
#define SOCKHINT_STORM  20

#define SOCKHINT_FLOOD   2000
#define SOCKHINT_REST_MS 10000

struct sockhint;

/*
 * `ports` are to be looked at again, NULL: all that are watched, since events were lost
 * or a rest begins or ends.  Valid for the time of the call, which may call anything
 * below but sockhint_free().
 */
typedef void sockhint_cb(void *arg, const struct portset *ports);

struct sockhint *sockhint_new(
    struct loop *loop, enum proto protocol, sockhint_cb *cb, void *arg);
void sockhint_free(struct sockhint *h);

/*
 * Watches these ports from now on, none when the set is empty; look at them after this
 * call.  When events cannot be had that is logged once, and sockhint_retry() tries
 * again.
 */
void sockhint_watch(struct sockhint *h, const struct portset *ports);
void sockhint_retry(struct sockhint *h);

/* Whether nobody listens because too many sockets end: looks should come more often. */
bool sockhint_rests(const struct sockhint *h);

/* Drops what waits to be handed on: everything was just looked at. */
void sockhint_forget(struct sockhint *h);

/* Destroyed sockets told of so far, and times that some were lost. */
uint64_t sockhint_count(const struct sockhint *h);
uint64_t sockhint_overflows(const struct sockhint *h);

#endif
