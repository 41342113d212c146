#include "base/pollset.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/mem.h"

/* Events a turn: bounds how long the loop's other descriptors wait. */
#define BATCH 64

struct pollset {
	struct loop *loop;
	pollset_cb *cb;
	pollset_done_cb *done;
	void *arg;
	int epfd;
	struct loop_fd *watch;
	struct loop_timer *pause;
	struct mono last; /* batch */
	bool hurry;
	bool paused;
};

static void
resume(struct pollset *ps)
{
	if (!ps->paused)
		return;
	ps->paused = false;
	loop_timer_stop(ps->pause);
	(void)loop_fd_mod(ps->watch, LOOP_READ);
}

static void
pause_watch(struct pollset *ps)
{
	if (ps->paused || loop_fd_mod(ps->watch, 0) != 0)
		return;
	ps->paused = true;
}

/* Returns how many events there were. */
static int
run_batch(struct pollset *ps)
{
	struct epoll_event events[BATCH];
	int n = epoll_wait(ps->epfd, events, BATCH, 0);

	for (int i = 0; i < n; i++)
		ps->cb(ps->arg, events[i].data.u64, loop_from_epoll(events[i].events));
	if (n > 0)
		ps->done(ps->arg);
	return n;
}

static void
on_ready(void *arg, int fd, unsigned events)
{
	struct pollset *ps = arg;
	struct mono now = loop_now(ps->loop);
	bool thick = mono_diff_ms(now, ps->last) < POLLSET_QUIET_MS;
	int n;

	(void)fd;
	(void)events;
	ps->last = now;
	n = run_batch(ps);
	if (!thick || ps->hurry || n == BATCH)
		return;
	pause_watch(ps);
	if (ps->paused)
		loop_timer_set(ps->pause, mono_add_ms(now, POLLSET_QUIET_MS));
}

static void
on_pause_over(void *arg)
{
	struct pollset *ps = arg;
	struct mono now = loop_now(ps->loop);
	int n = run_batch(ps);

	ps->last = now;
	if (n <= 0 || ps->hurry)
		resume(ps);
	else
		loop_timer_set(ps->pause,
		    mono_add_ns(now, n == BATCH ? 1 : POLLSET_QUIET_MS * 1000000));
}

struct pollset *
pollset_new(struct loop *loop, pollset_cb *cb, pollset_done_cb *done, void *arg)
{
	struct pollset *ps = mem_new(struct pollset);

	ps->loop = loop;
	ps->cb = cb;
	ps->done = done;
	ps->arg = arg;
	ps->epfd = epoll_create1(EPOLL_CLOEXEC);
	if (ps->epfd < 0)
		goto fail;
	ps->watch = loop_fd_add(loop, ps->epfd, LOOP_READ, on_ready, ps);
	if (ps->watch == NULL)
		goto fail;
	ps->pause = loop_timer_add(loop, on_pause_over, ps);
	return ps;
fail:
	pollset_free(ps);
	return NULL;
}

void
pollset_free(struct pollset *ps)
{
	int error = errno;

	if (ps == NULL)
		return;
	loop_timer_del(ps->pause);
	loop_fd_del(ps->watch);
	if (ps->epfd >= 0)
		close(ps->epfd);
	free(ps);
	errno = error;
}

static int
control(struct pollset *ps, int op, int fd, unsigned events, uint64_t token)
{
	struct epoll_event ev = { .events = loop_to_epoll(events), .data.u64 = token };

	return epoll_ctl(ps->epfd, op, fd, &ev);
}

int
pollset_add(struct pollset *ps, int fd, unsigned events, uint64_t token)
{
	return control(ps, EPOLL_CTL_ADD, fd, events, token);
}

int
pollset_mod(struct pollset *ps, int fd, unsigned events, uint64_t token)
{
	return control(ps, EPOLL_CTL_MOD, fd, events, token);
}

void
pollset_hurry(struct pollset *ps, bool hurry)
{
	ps->hurry = hurry;
	if (hurry)
		resume(ps);
}
