#ifndef SVCPORT_EVENTLOG_H
#define SVCPORT_EVENTLOG_H

/*
 * The last events, for reading: bounded, in the order of their sequence numbers.
 * Belongs to one thread.
 */

#include <stddef.h>
#include <stdint.h>

#include "journal/event.h"

struct eventlog;

/* Keeps `capacity` events, at least one; the one added first goes first. */
struct eventlog *eventlog_new(size_t capacity);
void eventlog_free(struct eventlog *log);

/* Adds a copy; one with the same sequence number is replaced. */
void eventlog_add(struct eventlog *log, const struct event *e);
/* The event with this number was acknowledged; nothing happens when it is gone. */
void eventlog_sent(struct eventlog *log, uint32_t seq);

size_t eventlog_count(const struct eventlog *log);
/* The event of this rank, 0 for the lowest number; valid until the next add. */
const struct event *eventlog_at(const struct eventlog *log, size_t rank);
/* The number added last, 0 without any. */
uint32_t eventlog_last(const struct eventlog *log);
/* Grows whenever an event comes or goes. */
uint64_t eventlog_changes(const struct eventlog *log);

#endif
