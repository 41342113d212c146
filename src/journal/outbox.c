#include "journal/outbox.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"

struct node {
	struct node *next;
	struct event event;
};

struct outbox {
	pthread_mutex_t lock;
	struct node *head, **tail;
	struct node *
	    *arrived; /* link to the first that outbox_arrived() has not shown */
	size_t depth, waiting, unseen, capacity;
	int fd;
	outbox_done_cb *done;
	void *arg;
};

struct outbox *
outbox_new(size_t capacity)
{
	struct outbox *o = mem_new(struct outbox);

	o->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (o->fd == -1) {
		free(o);
		return NULL;
	}
	pthread_mutex_init(&o->lock, NULL);
	o->tail = o->arrived = &o->head;
	o->capacity = capacity;
	return o;
}

void
outbox_free(struct outbox *o)
{
	struct node *node;

	if (o == NULL)
		return;
	while ((node = o->head) != NULL) {
		o->head = node->next;
		free(node);
	}
	close(o->fd);
	pthread_mutex_destroy(&o->lock);
	free(o);
}

void
outbox_on_done(struct outbox *o, outbox_done_cb *cb, void *arg)
{
	o->done = cb;
	o->arg = arg;
}

static bool
is_to_be_sent(const struct event *e)
{
	return e->suppressed == 0 && e->sent == 0;
}

bool
outbox_put(struct outbox *o, const struct event *event)
{
	struct node *node = mem_new(struct node);
	bool room;

	node->event = *event;
	pthread_mutex_lock(&o->lock);
	room = o->depth < o->capacity;
	if (room) {
		*o->tail = node;
		o->tail = &node->next;
		o->depth++;
		o->waiting += is_to_be_sent(event);
		o->unseen++;
	}
	pthread_mutex_unlock(&o->lock);
	if (!room) {
		free(node);
		return false;
	}
	eventfd_write(o->fd, 1);
	return true;
}

static size_t
count(struct outbox *o, const size_t *which)
{
	size_t n;

	pthread_mutex_lock(&o->lock);
	n = *which;
	pthread_mutex_unlock(&o->lock);
	return n;
}

size_t
outbox_depth(struct outbox *o)
{
	return count(o, &o->depth);
}

size_t
outbox_waiting(struct outbox *o)
{
	return count(o, &o->waiting);
}

size_t
outbox_unseen(struct outbox *o)
{
	return count(o, &o->unseen);
}

int
outbox_fd(const struct outbox *o)
{
	return o->fd;
}

/* Takes the node that *link points to out of the list; the caller holds the lock. */
static struct node *
unlink_node(struct outbox *o, struct node **link)
{
	struct node *node = *link;

	*link = node->next;
	if (o->tail == &node->next)
		o->tail = link;
	if (o->arrived == &node->next)
		o->arrived = link;
	o->depth--;
	o->waiting -= is_to_be_sent(&node->event);
	return node;
}

bool
outbox_arrived(struct outbox *o, struct event *out)
{
	struct node *node, *done = NULL;
	eventfd_t wakes;

	pthread_mutex_lock(&o->lock);
	node = *o->arrived;
	if (node == NULL) {
		eventfd_read(o->fd, &wakes);
	} else {
		*out = node->event;
		o->unseen--;
		if (is_to_be_sent(out))
			o->arrived = &node->next;
		else
			done = unlink_node(o, o->arrived);
	}
	pthread_mutex_unlock(&o->lock);
	free(done);
	return node != NULL;
}

bool
outbox_head(struct outbox *o, struct event *out)
{
	bool any;

	pthread_mutex_lock(&o->lock);
	any = o->arrived != &o->head;
	if (any)
		*out = o->head->event;
	pthread_mutex_unlock(&o->lock);
	return any;
}

/* Removes the head, which must have arrived; NULL when there is none. */
static struct node *
take_head(struct outbox *o)
{
	struct node *node = NULL;

	pthread_mutex_lock(&o->lock);
	if (o->arrived != &o->head)
		node = unlink_node(o, &o->head);
	pthread_mutex_unlock(&o->lock);
	return node;
}

static void
leave(struct outbox *o, bool sent)
{
	struct node *node = take_head(o);

	if (node == NULL)
		return;
	node->event.suppressed = !sent;
	if (o->done != NULL)
		o->done(o->arg, &node->event);
	free(node);
}

void
outbox_acked(struct outbox *o)
{
	leave(o, true);
}

void
outbox_drop(struct outbox *o)
{
	leave(o, false);
}
