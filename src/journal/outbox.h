#ifndef SVCPORT_OUTBOX_H
#define SVCPORT_OUTBOX_H

/*
 * The bounded FIFO of notifications between the thread that makes them and the thread
 * that sends them.  An event stays in it until the master agent has acknowledged it.
 * Thread-safe; no call waits.
 *
 * Every event goes through it, also one that is not to be sent (`suppressed`) or that
 * was sent in an earlier life (`sent`): the sending thread shows it in
 * svcPortEventTable and lets it go.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/event.h"

struct outbox;

/* `capacity` counts events that wait to be acknowledged or shown. */
struct outbox *outbox_new(size_t capacity);
void outbox_free(struct outbox *o);

/*
 * Called by the sending thread, without a lock held, for each event that is not to be
 * sent any more: the master has acknowledged it or, when it is `suppressed` now, it
 * could not be sent.  To be set before that thread starts.
 */
typedef void outbox_done_cb(void *arg, const struct event *event);
void outbox_on_done(struct outbox *o, outbox_done_cb *cb, void *arg);

/* ---- the thread that makes events */

/*
 * Appends a copy and wakes the sender.  False when the outbox is full: the caller
 * counts what it drops and tells of it with EVENT_OVERFLOW as soon as there is room.
 */
bool outbox_put(struct outbox *o, const struct event *event);

/* Events in it; those of them that are to be sent; those that outbox_arrived() has not
 * shown yet. */
size_t outbox_depth(struct outbox *o);
size_t outbox_waiting(struct outbox *o);
size_t outbox_unseen(struct outbox *o);

/* ---- the thread that sends them */

/* Readable when events arrived since outbox_arrived() last found none; an eventfd(2),
 * never closed by the caller. */
int outbox_fd(const struct outbox *o);

/*
 * Copies out the next event that arrived, each one once, oldest first; false when there
 * is none.  One that is not to be sent leaves the outbox with this call.
 */
bool outbox_arrived(struct outbox *o, struct event *out);

/* Copies out the oldest event that arrived and waits to be sent or acknowledged. */
bool outbox_head(struct outbox *o, struct event *out);

/* The head was acknowledged: removes it and reports it to outbox_on_done(). */
void outbox_acked(struct outbox *o);

/* The head cannot be sent (the master calls it malformed): removes it and reports it as
 * suppressed. */
void outbox_drop(struct outbox *o);

#endif
