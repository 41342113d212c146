#ifndef SVCPORT_ORDERS_H
#define SVCPORT_ORDERS_H

/*
 * What the other threads want written, in the order in which they want it: the queue in
 * front of the journal's thread.  Thread-safe but for hold and release; nobody waits
 * but the reader.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/event.h"
#include "journal/record.h"

/* One order; what it points to is owned. */
struct order {
	enum record_kind kind;
	struct event *event; /* RECORD_EVENT */
	uint32_t seq;        /* RECORD_ACK, RECORD_REFUSED */
	char *key;           /* RECORD_SET, RECORD_DEL */
	void *value;
	size_t len;
	bool more; /* the next one belongs to it: all count, or none */
	struct order *next;
};

struct orders;

struct orders *orders_new(void);
/* NULL is fine; what was not taken is freed. */
void orders_free(struct orders *q);

void orders_free_one(struct order *o);

/* ---- any thread; takes the order over */

void orders_put(struct orders *q, struct order *o);

/* ---- the watching thread */

/* What it orders from hold to release is taken at once, and belongs together.  A second
 * hold, or a release without one, does nothing. */
void orders_put_or_hold(struct orders *q, struct order *o);
void orders_hold(struct orders *q);
void orders_release(struct orders *q);

/* Wakes the reader for the last time. */
void orders_stop(struct orders *q);

/* ---- the reader */

/* Everything ordered so far, the caller's now; NULL after wait_ms without any (-1: no
 * bound), or at the end, when *stopping is set. */
struct order *orders_take(struct orders *q, int64_t wait_ms, bool *stopping);

#endif
