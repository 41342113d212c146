#include "probe/dnsloop.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "base/mem.h"

/* A socket of c-ares', watched. */
struct watch {
	LIST_ENTRY(watch) link;
	struct dnsloop *owner;
	struct loop_fd *handle;
	int fd;
};

struct dnsloop {
	struct loop *loop;
	ares_channel channel;
	struct loop_timer *timeout; /* c-ares' own */
	LIST_HEAD(, watch) watches;
};

void
dnsloop_asked(struct dnsloop *d)
{
	struct timeval tv;

	if (ares_timeout(d->channel, NULL, &tv) == NULL) {
		loop_timer_stop(d->timeout);
		return;
	}
	loop_timer_set(d->timeout,
	    mono_add_ns(loop_now(d->loop), (int64_t)tv.tv_sec * 1000000000 +
					       (int64_t)tv.tv_usec * 1000 + 1000000));
}

static void
on_timeout(void *arg)
{
	struct dnsloop *d = arg;

	ares_process_fd(d->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	dnsloop_asked(d);
}

static void
on_socket(void *arg, int fd, unsigned events)
{
	struct watch *w = arg;
	struct dnsloop *d = w->owner;
	bool read = (events & (LOOP_READ | LOOP_ERROR)) != 0;
	bool write = (events & (LOOP_WRITE | LOOP_ERROR)) != 0;

	ares_process_fd(
	    d->channel, read ? fd : ARES_SOCKET_BAD, write ? fd : ARES_SOCKET_BAD);
	dnsloop_asked(d);
}

static struct watch *
find_watch(struct dnsloop *d, int fd)
{
	struct watch *w;

	for (w = LIST_FIRST(&d->watches); w != NULL; w = LIST_NEXT(w, link)) {
		if (w->fd == fd)
			return w;
	}
	return NULL;
}

static void
drop_watch(struct watch *w)
{
	loop_fd_del(w->handle);
	LIST_REMOVE(w, link);
	free(w);
}

/* c-ares tells what it wants to know of a socket; neither means it is about to close.
 */
static void
on_socket_state(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct dnsloop *d = arg;
	struct watch *w = find_watch(d, fd);
	unsigned events = (readable ? LOOP_READ : 0u) | (writable ? LOOP_WRITE : 0u);

	if (events == 0) {
		if (w != NULL)
			drop_watch(w);
		return;
	}
	if (w != NULL) {
		(void)loop_fd_mod(w->handle, events);
		return;
	}
	w = mem_new(struct watch);
	w->owner = d;
	w->fd = fd;
	w->handle = loop_fd_add(d->loop, fd, events, on_socket, w);
	if (w->handle == NULL) { /* c-ares' own timeout ends the question */
		free(w);
		return;
	}
	LIST_INSERT_HEAD(&d->watches, w, link);
}

struct dnsloop *
dnsloop_new(struct loop *loop, struct ares_options *options, int mask)
{
	struct dnsloop *d = mem_new(struct dnsloop);

	d->loop = loop;
	LIST_INIT(&d->watches);
	options->sock_state_cb = on_socket_state;
	options->sock_state_cb_data = d;
	if (ares_init_options(&d->channel, options, mask | ARES_OPT_SOCK_STATE_CB) !=
	    ARES_SUCCESS) {
		free(d);
		return NULL;
	}
	d->timeout = loop_timer_add(loop, on_timeout, d);
	return d;
}

void
dnsloop_free(struct dnsloop *d)
{
	if (d == NULL)
		return;
	ares_destroy(d->channel);
	while (!LIST_EMPTY(&d->watches))
		drop_watch(LIST_FIRST(&d->watches));
	loop_timer_del(d->timeout);
	free(d);
}

ares_channel
dnsloop_channel(const struct dnsloop *d)
{
	return d->channel;
}
