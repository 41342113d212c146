#include "journal/orders.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"

struct orders {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	/* under the lock */
	struct order *first, **last;
	bool stopping;
	/* the watching thread's own */
	bool holding;
	struct order *held, **held_last;
};

/* A clock that nobody sets: what is due in 100 ms must not wait for the hour that the
 * wall clock was put back. */
struct orders *
orders_new(void)
{
	struct orders *q = mem_new(struct orders);
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&q->wake, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_init(&q->lock, NULL);
	q->last = &q->first;
	q->held_last = &q->held;
	return q;
}

void
orders_free_one(struct order *o)
{
	free(o->event);
	free(o->key);
	free(o->value);
	free(o);
}

static void
free_list(struct order *o)
{
	while (o != NULL) {
		struct order *next = o->next;

		orders_free_one(o);
		o = next;
	}
}

void
orders_free(struct orders *q)
{
	if (q == NULL)
		return;
	free_list(q->first);
	free_list(q->held);
	pthread_cond_destroy(&q->wake);
	pthread_mutex_destroy(&q->lock);
	free(q);
}

/* Appends the list that ends at *end. */
static void
append(struct orders *q, struct order *list, struct order **end)
{
	pthread_mutex_lock(&q->lock);
	*q->last = list;
	q->last = end;
	pthread_cond_signal(&q->wake);
	pthread_mutex_unlock(&q->lock);
}

void
orders_put(struct orders *q, struct order *o)
{
	append(q, o, &o->next);
}

void
orders_put_or_hold(struct orders *q, struct order *o)
{
	if (!q->holding) {
		orders_put(q, o);
		return;
	}
	*q->held_last = o;
	q->held_last = &o->next;
}

void
orders_hold(struct orders *q)
{
	q->holding = true;
}

void
orders_release(struct orders *q)
{
	q->holding = false;
	if (q->held == NULL)
		return;
	for (struct order *o = q->held; o->next != NULL; o = o->next)
		o->more = true;
	append(q, q->held, q->held_last);
	q->held = NULL;
	q->held_last = &q->held;
}

void
orders_stop(struct orders *q)
{
	pthread_mutex_lock(&q->lock);
	q->stopping = true;
	pthread_cond_signal(&q->wake);
	pthread_mutex_unlock(&q->lock);
}

static struct timespec
in_ms(int64_t ms)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec += (time_t)(ms / 1000);
	ts.tv_nsec += (long)(ms % 1000) * 1000000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_nsec -= 1000000000;
		ts.tv_sec++;
	}
	return ts;
}

struct order *
orders_take(struct orders *q, int64_t wait_ms, bool *stopping)
{
	struct timespec until = in_ms(wait_ms > 0 ? wait_ms : 0);
	struct order *o;
	int error = 0;

	pthread_mutex_lock(&q->lock);
	while (q->first == NULL && !q->stopping && error != ETIMEDOUT) {
		if (wait_ms < 0)
			pthread_cond_wait(&q->wake, &q->lock);
		else
			error = pthread_cond_timedwait(&q->wake, &q->lock, &until);
	}
	o = q->first;
	q->first = NULL;
	q->last = &q->first;
	*stopping = q->stopping;
	pthread_mutex_unlock(&q->lock);
	return o;
}
