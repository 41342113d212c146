#ifndef SVCPORT_JOURNAL_H
#define SVCPORT_JOURNAL_H

/*
 * The state directory, and the thread that alone writes it.
 *
 *   state   a snapshot: keys and values (active alarms, host numbers, mutes, numbers
 *           reserved); replaced by rename(2)
 *   events  what happened since: events, their acknowledgements, keys set and deleted;
 *           appended to, bounded by being rewritten
 *   acked   the number of the last event that the master acknowledged, in place
 *
 * An event is written before it is handed to the outbox, so kill -9 loses none.  It
 * does not wait for the disk: fdatasync(2) follows within JOURNAL_SYNC_MS, in a thread
 * of its own (syncer.h), and a power failure costs at most what the last one had not
 * reached.  Sequence and alarm numbers are reserved on disk in blocks before an event
 * with such a number is written: after a power failure they jump forward and never
 * repeat.
 *
 * Nothing damaged is trusted or fatal: it is set aside (NAME.damaged) and said in the
 * log.  What cannot be written is said in the log too; everything then works from
 * memory, and is written as soon as that can be done.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/event.h"

struct journal;
struct outbox;

#define JOURNAL_SYNC_MS 100

struct journal_config {
	const char *dir;
	uint32_t history;      /* events kept */
	size_t queue;          /* events that may wait for acknowledgement */
	struct outbox *outbox; /* for at least history + queue + 1 events */
};

/*
 * Reads the directory.  No thread runs yet.  *next_seq and *next_alarm are the numbers
 * to go on with.  NULL with errno EBUSY when another process has the directory open.
 */
struct journal *journal_open(
    const struct journal_config *cfg, uint32_t *next_seq, uint32_t *next_alarm);

/* Calls `each` for every key that begins with `prefix`, in the order of strcmp(3). Only
 * before journal_start(). */
typedef void journal_each_cb(
    void *arg, const char *key, const uint8_t *value, size_t len);
void journal_each(
    struct journal *j, const char *prefix, journal_each_cb *each, void *arg);

/* Hands the kept events to the outbox (those that were not acknowledged are sent again)
 * and starts the thread.  Returns 0, or an error number. */
int journal_start(struct journal *j);

/* Writes what is left, a last snapshot, ends the thread and frees.  NULL is fine. */
void journal_stop(struct journal *j);

/* ---- the watching thread; never blocks on the disk */

/*
 * Records an event and then sends it (unless it is suppressed).  When as many events as
 * `queue` wait already the event is recorded as suppressed and false is returned: the
 * caller counts it and tells of it with EVENT_OVERFLOW when journal_room() says so.
 */
bool journal_event(struct journal *j, const struct event *e);
/*
 * What the watching thread orders from hold to release is kept whole or, after kill -9,
 * not at all: an event and what it changes about its alarm.  A second hold, or a
 * release without one, does nothing.  Acknowledgements do not wait for it.
 */
void journal_hold(struct journal *j);
void journal_release(struct journal *j);
/* True when at least a tenth of the queue is free. */
bool journal_room(struct journal *j);
/* Sets or deletes a key; keys are at most 255 octets, values RECORD_PAYLOAD_MAX - 256.
 */
void journal_set(struct journal *j, const char *key, const void *value, size_t len);
void journal_del(struct journal *j, const char *key);

/* ---- the sending thread */

/* An event has left the outbox: not to be sent again.  Fits outbox_on_done() with the
 * journal as argument. */
void journal_done(void *journal, const struct event *e);

#endif
