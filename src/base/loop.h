#ifndef SVCPORT_LOOP_H
#define SVCPORT_LOOP_H

/*
 * One epoll(7) loop a thread: file descriptors, timers and deferred calls.  A loop and
 * everything registered in it belong to the thread that runs it; only loop_stop() may
 * be called from elsewhere (another thread or a signal handler).
 *
 * A registration is a handle.  After loop_fd_del()/loop_timer_del() its callback is not
 * called again, not even for an event that was already fetched.  Callbacks may add and
 * delete anything, themselves included.
 *
 * Time: loop_now() is read once per wake-up and is what every callback of that turn
 * works with.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/mono.h"

struct loop;
struct loop_fd;
struct loop_timer;

/* NULL with errno when epoll_create1(2) fails. */
struct loop *loop_new(void);
/* Frees the loop and every registration left in it; closes no descriptor of the
 * caller's. */
void loop_free(struct loop *loop);

/* Runs until loop_stop().  Returns 0, or -1 with errno when epoll_wait(2) fails. */
int loop_run(struct loop *loop);
/* One turn: waits at most until the next timer or `max_ms` (-1: no bound), calls what
 * is due.  Returns as loop_run(). */
int loop_turn(struct loop *loop, int max_ms);
/* Makes loop_run() return after the current turn; async-signal-safe, thread-safe. */
void loop_stop(struct loop *loop);

/* The time of this turn. */
struct mono loop_now(const struct loop *loop);

#define LOOP_READ  1u
#define LOOP_WRITE 2u
/* Also reported, without being asked for, together with what was asked for. */
#define LOOP_ERROR 4u /* EPOLLERR or EPOLLHUP: ask SO_ERROR */

/* The same as epoll(7) has them. */
uint32_t loop_to_epoll(unsigned events);
unsigned loop_from_epoll(uint32_t events);

typedef void loop_fd_cb(void *arg, int fd, unsigned events);
typedef void loop_timer_cb(void *arg);

/* Watches `fd` for `events`.  NULL with errno when epoll_ctl(2) fails. */
struct loop_fd *loop_fd_add(
    struct loop *loop, int fd, unsigned events, loop_fd_cb *cb, void *arg);
int loop_fd_mod(struct loop_fd *h, unsigned events);
/* Ends the watch; call it before close(2) of the descriptor.  NULL is fine. */
void loop_fd_del(struct loop_fd *h);

/*
 * A timer that is idle until it is set; setting it again moves it.  It fires at most
 * once a turn: what a timer's callback sets for now or before comes with the next turn,
 * after the descriptors, unless it was to come with this one anyway.  Cost O(log n).
 */
struct loop_timer *loop_timer_add(struct loop *loop, loop_timer_cb *cb, void *arg);
void loop_timer_set(struct loop_timer *t, struct mono when);
void loop_timer_stop(struct loop_timer *t);
bool loop_timer_is_set(const struct loop_timer *t);
void loop_timer_del(struct loop_timer *t);

#endif
