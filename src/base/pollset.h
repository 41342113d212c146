#ifndef SVCPORT_POLLSET_H
#define SVCPORT_POLLSET_H

/*
 * Readiness of many short-lived descriptors, cheaper than one registration each in the
 * loop: an epoll(7) set of its own, watched by the loop.  A descriptor costs one
 * epoll_ctl(2) in its life; close(2) ends the watch.
 *
 * As network drivers do with interrupts, the set is polled on a timer while answers
 * come thick, and wakes the loop for each only while they come thin: so answers that
 * trickle in cost 1000 / POLLSET_QUIET_MS wake-ups a second at most.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"

#define POLLSET_QUIET_MS 5

struct pollset;

/* `events` are LOOP_READ, LOOP_WRITE, LOOP_ERROR.  A token may be of a descriptor that
 * was closed in the same turn: the receiver must know. */
typedef void pollset_cb(void *arg, uint64_t token, unsigned events);
/* Called after a batch of pollset_cb() calls. */
typedef void pollset_done_cb(void *arg);

/* NULL with errno when epoll_create1(2) or the loop's registration fails. */
struct pollset *pollset_new(
    struct loop *loop, pollset_cb *cb, pollset_done_cb *done, void *arg);
void pollset_free(struct pollset *ps);

/* -1 with errno when epoll_ctl(2) fails. */
int pollset_add(struct pollset *ps, int fd, unsigned events, uint64_t token);
int pollset_mod(struct pollset *ps, int fd, unsigned events, uint64_t token);

/* True while somebody waits for a descriptor to finish, so that no answer may lie
 * around: no pauses then. */
void pollset_hurry(struct pollset *ps, bool hurry);

#endif
