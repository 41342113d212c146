#ifndef SVCPORT_EVENTRING_H
#define SVCPORT_EVENTRING_H

/*
 * The last events in their encoded form, oldest first: the newest `history`, and before
 * them those that still wait to be acknowledged.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/event.h"

struct event_kept {
	uint32_t seq;
	bool done;    /* acknowledged, or never to be sent */
	bool refused; /* done, although it was to be sent: the master did not take it */
	uint16_t len;
	uint8_t *bytes; /* event_encode() */
};

struct event_ring {
	struct event_kept *v;
	uint32_t first, count, cap;
	uint32_t history;
};

/* Room for `history` events and `waiting` more that are not done. */
void eventring_init(struct event_ring *r, uint32_t history, size_t waiting);
void eventring_clear(struct event_ring *r);

/* Appends a copy.  What lies behind the history and does not wait goes. */
void eventring_add(
    struct event_ring *r, uint32_t seq, bool done, const uint8_t *bytes, size_t len);
/* Marks the event done; one that is not there is no error. */
void eventring_done(struct event_ring *r, uint32_t seq);
/* The same, of one that could not be sent. */
void eventring_refused(struct event_ring *r, uint32_t seq);
/* The event and all before it are done, whether it is there itself or not. */
void eventring_done_until(struct event_ring *r, uint32_t seq);
/* Event i, 0 the oldest. */
const struct event_kept *eventring_at(const struct event_ring *r, uint32_t i);
/* Decodes event i; false when it cannot be read. */
bool eventring_get(const struct event_ring *r, uint32_t i, struct event *out);

#endif
