#include "base/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"

#define EVENTS_PER_TURN 256
#define NOT_SET         UINT32_MAX

struct loop_fd {
	struct loop *loop;
	loop_fd_cb *cb;
	void *arg;
	int fd;
	bool dead;            /* deleted in this turn: its fetched events are void */
	struct loop_fd *next; /* in the list of dead or free ones */
	struct loop_fd *prev_live, *next_live;
};

struct loop_timer {
	struct loop *loop;
	loop_timer_cb *cb;
	void *arg;
	struct mono when;
	uint32_t pos; /* in the heap, NOT_SET when idle */
	struct loop_timer *prev, *next;
};

struct loop {
	int epfd;
	int stopfd;
	bool stopping;
	struct mono now;
	struct mono due; /* while timers run: what is set for then waits a turn */
	struct loop_fd *live;
	struct loop_fd *dead;  /* freed when the turn is over */
	struct loop_fd *spare; /* for the next add: probes come and go by thousands */
	struct loop_timer *timers; /* all, set or not */
	struct loop_timer **heap;  /* the set ones, earliest first */
	uint32_t nheap, heap_cap;
};

/* ---- timers: a binary heap that knows each timer's place */

static void
heap_place(struct loop *loop, uint32_t pos, struct loop_timer *t)
{
	loop->heap[pos] = t;
	t->pos = pos;
}

static void
heap_up(struct loop *loop, uint32_t pos, struct loop_timer *t)
{
	while (pos > 0 && mono_before(t->when, loop->heap[(pos - 1) / 2]->when)) {
		heap_place(loop, pos, loop->heap[(pos - 1) / 2]);
		pos = (pos - 1) / 2;
	}
	heap_place(loop, pos, t);
}

static void
heap_down(struct loop *loop, uint32_t pos, struct loop_timer *t)
{
	uint32_t child;

	while ((child = 2 * pos + 1) < loop->nheap) {
		if (child + 1 < loop->nheap &&
		    mono_before(loop->heap[child + 1]->when, loop->heap[child]->when))
			child++;
		if (!mono_before(loop->heap[child]->when, t->when))
			break;
		heap_place(loop, pos, loop->heap[child]);
		pos = child;
	}
	heap_place(loop, pos, t);
}

void
loop_timer_stop(struct loop_timer *t)
{
	struct loop *loop = t->loop;
	struct loop_timer *last;
	uint32_t pos = t->pos;

	if (pos == NOT_SET)
		return;
	t->pos = NOT_SET;
	last = loop->heap[--loop->nheap];
	if (last == t)
		return;
	if (pos > 0 && mono_before(last->when, loop->heap[(pos - 1) / 2]->when))
		heap_up(loop, pos, last);
	else
		heap_down(loop, pos, last);
}

void
loop_timer_set(struct loop_timer *t, struct mono when)
{
	struct loop *loop = t->loop;

	/* Its turn has come already: another that is always due and sets it each time
	 * must not put it off for ever. */
	if (t->pos != NOT_SET && !mono_before(loop->due, t->when) &&
	    !mono_before(loop->due, when))
		return;
	loop_timer_stop(t);
	if (mono_is_never(when))
		return;
	t->when = mono_before(loop->due, when) ? when : mono_add_ns(loop->due, 1);
	mem_grow(loop->heap, loop->nheap, loop->heap_cap);
	heap_up(loop, loop->nheap++, t);
}

bool
loop_timer_is_set(const struct loop_timer *t)
{
	return t->pos != NOT_SET;
}

struct loop_timer *
loop_timer_add(struct loop *loop, loop_timer_cb *cb, void *arg)
{
	struct loop_timer *t = mem_new(struct loop_timer);

	t->loop = loop;
	t->cb = cb;
	t->arg = arg;
	t->pos = NOT_SET;
	t->next = loop->timers;
	if (t->next != NULL)
		t->next->prev = t;
	loop->timers = t;
	return t;
}

void
loop_timer_del(struct loop_timer *t)
{
	if (t == NULL)
		return;
	loop_timer_stop(t);
	if (t->prev != NULL)
		t->prev->next = t->next;
	else
		t->loop->timers = t->next;
	if (t->next != NULL)
		t->next->prev = t->prev;
	free(t);
}

/* Only those that were due when the turn began, each once: timers that set themselves
 * or each other again for now must not keep descriptors waiting. */
static void
run_timers(struct loop *loop)
{
	loop->due = loop->now;
	while (loop->nheap > 0 && !mono_before(loop->due, loop->heap[0]->when)) {
		struct loop_timer *t = loop->heap[0];

		loop_timer_stop(t);
		t->cb(t->arg);
	}
	loop->due = (struct mono){ INT64_MIN };
}

/* ---- descriptors */

uint32_t
loop_to_epoll(unsigned events)
{
	return ((events & LOOP_READ) != 0 ? (uint32_t)EPOLLIN : 0u) |
	       ((events & LOOP_WRITE) != 0 ? (uint32_t)EPOLLOUT : 0u);
}

unsigned
loop_from_epoll(uint32_t events)
{
	return ((events & EPOLLIN) != 0 ? LOOP_READ : 0u) |
	       ((events & EPOLLOUT) != 0 ? LOOP_WRITE : 0u) |
	       ((events & (EPOLLERR | EPOLLHUP)) != 0 ? LOOP_ERROR : 0u);
}

struct loop_fd *
loop_fd_add(struct loop *loop, int fd, unsigned events, loop_fd_cb *cb, void *arg)
{
	struct loop_fd *h = loop->spare;
	struct epoll_event ev = { .events = loop_to_epoll(events) };

	if (h != NULL)
		loop->spare = h->next;
	else
		h = mem_new(struct loop_fd);
	*h = (struct loop_fd){ .loop = loop, .cb = cb, .arg = arg, .fd = fd };
	ev.data.ptr = h;
	if (epoll_ctl(loop->epfd, EPOLL_CTL_ADD, fd, &ev) != 0) {
		h->next = loop->spare;
		loop->spare = h;
		return NULL;
	}
	h->next_live = loop->live;
	if (h->next_live != NULL)
		h->next_live->prev_live = h;
	loop->live = h;
	return h;
}

int
loop_fd_mod(struct loop_fd *h, unsigned events)
{
	struct epoll_event ev = { .events = loop_to_epoll(events), .data.ptr = h };

	return epoll_ctl(h->loop->epfd, EPOLL_CTL_MOD, h->fd, &ev);
}

void
loop_fd_del(struct loop_fd *h)
{
	if (h == NULL)
		return;
	(void)epoll_ctl(h->loop->epfd, EPOLL_CTL_DEL, h->fd, NULL);
	if (h->prev_live != NULL)
		h->prev_live->next_live = h->next_live;
	else
		h->loop->live = h->next_live;
	if (h->next_live != NULL)
		h->next_live->prev_live = h->prev_live;
	h->dead = true;
	h->next = h->loop->dead;
	h->loop->dead = h;
}

/* ---- the loop */

struct loop *
loop_new(void)
{
	struct loop *loop = mem_new(struct loop);
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = NULL };

	loop->due = (struct mono){ INT64_MIN };
	loop->stopfd = -1;
	loop->epfd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epfd < 0)
		goto fail;
	loop->stopfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->stopfd < 0 ||
	    epoll_ctl(loop->epfd, EPOLL_CTL_ADD, loop->stopfd, &ev) != 0)
		goto fail;
	loop->now = mono_now();
	return loop;
fail:
	loop_free(loop);
	return NULL;
}

static void
free_list(struct loop_fd *h)
{
	while (h != NULL) {
		struct loop_fd *next = h->next;

		free(h);
		h = next;
	}
}

void
loop_free(struct loop *loop)
{
	int error = errno;

	if (loop == NULL)
		return;
	while (loop->live != NULL)
		loop_fd_del(loop->live);
	while (loop->timers != NULL)
		loop_timer_del(loop->timers);
	free_list(loop->dead);
	free_list(loop->spare);
	free(loop->heap);
	if (loop->epfd >= 0)
		close(loop->epfd);
	if (loop->stopfd >= 0)
		close(loop->stopfd);
	free(loop);
	errno = error;
}

struct mono
loop_now(const struct loop *loop)
{
	return loop->now;
}

void
loop_stop(struct loop *loop)
{
	static const uint64_t one = 1;
	int error = errno;

	(void)!write(loop->stopfd, &one, sizeof(one));
	errno = error;
}

/* Milliseconds to wait, rounded up so that a timer is due when the wait is over. */
static int
wait_ms(const struct loop *loop, int max_ms)
{
	int64_t ns;

	if (loop->nheap == 0)
		return max_ms;
	ns = mono_diff_ns(loop->heap[0]->when, mono_now());
	if (ns <= 0)
		return 0;
	ns = (ns + 999999) / 1000000;
	if (max_ms >= 0 && ns > max_ms)
		return max_ms;
	return ns > INT32_MAX ? INT32_MAX : (int)ns;
}

static void
drain_stop(struct loop *loop)
{
	uint64_t count;

	if (read(loop->stopfd, &count, sizeof(count)) == sizeof(count))
		loop->stopping = true;
}

int
loop_turn(struct loop *loop, int max_ms)
{
	struct epoll_event events[EVENTS_PER_TURN];
	struct loop_fd *dead;
	int n;

	n = epoll_wait(loop->epfd, events, EVENTS_PER_TURN, wait_ms(loop, max_ms));
	if (n < 0 && errno != EINTR)
		return -1;
	loop->now = mono_now();
	for (int i = 0; i < n; i++) {
		struct loop_fd *h = events[i].data.ptr;

		if (h == NULL)
			drain_stop(loop);
		else if (!h->dead)
			h->cb(h->arg, h->fd, loop_from_epoll(events[i].events));
	}
	run_timers(loop);
	while ((dead = loop->dead) != NULL) {
		loop->dead = dead->next;
		dead->next = loop->spare;
		loop->spare = dead;
	}
	return 0;
}

int
loop_run(struct loop *loop)
{
	loop->stopping = false;
	while (!loop->stopping) {
		if (loop_turn(loop, -1) != 0)
			return -1;
	}
	return 0;
}
