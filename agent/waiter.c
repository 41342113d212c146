#include "waiter.h"

#include <limits.h>
#include <poll.h>

#include "transport.h"

#define WAIT_MAX_US 86400000000

void
waiter_init(struct waiter *w, const int own[WAITER_OWN])
{
	for (size_t i = 0; i < WAITER_OWN; i++)
		w->own[i] = own[i];
	netsnmp_large_fd_set_init(&w->readable, FD_SETSIZE);
	netsnmp_large_fd_set_init(&w->writable, FD_SETSIZE);
}

void
waiter_clear(struct waiter *w)
{
	netsnmp_large_fd_set_cleanup(&w->readable);
	netsnmp_large_fd_set_cleanup(&w->writable);
}

bool
waiter_readable(struct waiter *w, int fd)
{
	return NETSNMP_LARGE_FD_ISSET(fd, &w->readable);
}

/* Waits for whatever comes first; *deadline is when there is something to do anyway,
 * and becomes the library's if that is earlier. */
static void
wait_for_any(struct waiter *w, bool library, struct mono *deadline)
{
	int64_t us = mono_diff_ns(*deadline, mono_now()) / 1000;
	struct timeval timeout;
	int highest = 0, block = 0;

	us = us < 0 ? 0 : us > WAIT_MAX_US ? WAIT_MAX_US : us;
	timeout = (struct timeval){ us / 1000000, us % 1000000 };
	NETSNMP_LARGE_FD_ZERO(&w->readable);
	NETSNMP_LARGE_FD_ZERO(&w->writable);
	if (library)
		snmp_select_info2(&highest, &w->readable, &timeout, &block);
	*deadline = mono_add_ns(mono_now(),
	    (int64_t)timeout.tv_sec * 1000000000 + (int64_t)timeout.tv_usec * 1000);
	for (size_t i = 0; i < WAITER_OWN; i++) {
		NETSNMP_LARGE_FD_SET(w->own[i], &w->readable);
		if (w->own[i] >= highest)
			highest = w->own[i] + 1;
	}
	if (!transport_flush())
		NETSNMP_LARGE_FD_SET(transport_fd(), &w->writable);
	/* after a time-out or a signal nothing is known to be readable */
	if (netsnmp_large_fd_set_select(
		highest, &w->readable, &w->writable, NULL, &timeout) <= 0)
		NETSNMP_LARGE_FD_ZERO(&w->readable);
}

/* Milliseconds to `deadline`, 0 when it has come. */
static int
time_left(struct mono deadline)
{
	int64_t ns = mono_diff_ns(deadline, mono_now());

	return ns <= 0                   ? 0
	       : ns / 1000000 >= INT_MAX ? INT_MAX
	                                 : (int)(ns / 1000000) + 1;
}

/*
 * As long as there are only requests that the fast path answers, the library has
 * nothing to do: this serves them at three system calls each.  A walk does not hold up
 * what is due.
 */
static void
serve_fast(struct waiter *w, struct mono deadline)
{
	struct pollfd p[WAITER_OWN + 1];
	int agentx = transport_fd();
	bool others = false;
	int left;

	for (size_t i = 0; i < WAITER_OWN; i++)
		p[i] = (struct pollfd){ .fd = w->own[i], .events = POLLIN };
	p[WAITER_OWN] = (struct pollfd){ .fd = agentx, .events = POLLIN };
	while (agentx != -1 && !others && transport_pump() && transport_flush()) {
		NETSNMP_LARGE_FD_CLR(agentx, &w->readable);
		left = time_left(deadline);
		if (left == 0 || poll(p, WAITER_OWN + 1, left) <= 0)
			return;
		for (size_t i = 0; i < WAITER_OWN; i++) {
			if (p[i].revents == 0)
				continue;
			NETSNMP_LARGE_FD_SET(p[i].fd, &w->readable);
			others = true;
		}
		if (p[WAITER_OWN].revents != 0)
			NETSNMP_LARGE_FD_SET(agentx, &w->readable);
		else
			agentx = -1;
	}
}

void
waiter_wait(struct waiter *w, bool library, bool fast, int64_t max_ms)
{
	struct mono deadline = MONO_NEVER;
	int agentx = transport_fd();

	if (max_ms >= 0)
		deadline = mono_add_ms(mono_now(), max_ms);
	wait_for_any(w, library, &deadline);
	if (fast && agentx != -1 && waiter_readable(w, agentx))
		serve_fast(w, deadline);
}
