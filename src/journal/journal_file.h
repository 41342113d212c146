#ifndef SVCPORT_JOURNAL_FILE_H
#define SVCPORT_JOURNAL_FILE_H

/*
 * The files behind the journal (journal.h): reading them back, appending, rewriting.
 * Used by one thread at a time; knows nothing of threads or time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/event.h"
#include "journal/eventring.h"
#include "base/keymap.h"

#define JOURNAL_STATE  "state"
#define JOURNAL_EVENTS "events"
#define JOURNAL_ACKED  "acked"

/* Keys of the snapshot's own. */
#define JOURNAL_LAST_SEQ   "last/seq"
#define JOURNAL_LAST_ALARM "last/alarm"

struct journal_file {
	char *dir;
	int dirfd; /* -1: nothing is written */
	int logfd;
	int ackfd; /* journal_file_mark() writes it, whatever thread calls */
	struct keymap *keys;
	struct event_ring ring;
	uint64_t number;              /* of the last record */
	uint64_t log_size, log_floor; /* octets now, and after the last rewrite */
	bool dirty;                   /* appended since the last sync */
	int error; /* errno of the last failed write, 0 when the last one went well */
	bool gap;  /* something is not in the files: they are to be written anew */
	/* The largest numbers given so far, 0 for none. */
	uint32_t last_seq, last_alarm;
	/* The records of a group, which are written at once. */
	bool grouping;
	uint8_t *group;
	size_t group_len, group_cap;
};

/* Reads the directory (made when missing) into *f.  Returns 0 also when nothing can be
 * read or written: what cannot be used is set aside or ignored, with a line in the log.
 * -1 with errno EBUSY, and nothing to close, when another process has it open. */
int journal_file_open(
    struct journal_file *f, const char *dir, uint32_t history, size_t queue);
void journal_file_close(struct journal_file *f);

/* Each appends one record and updates what is kept in memory. */
void journal_file_event(struct journal_file *f, const struct event *e);
void journal_file_ack(struct journal_file *f, uint32_t seq);
/* It was not sent and never will be. */
void journal_file_refused(struct journal_file *f, uint32_t seq);
void journal_file_set(
    struct journal_file *f, const char *key, const void *value, size_t len);
void journal_file_del(struct journal_file *f, const char *key);

/* What is appended from begin to commit is read back whole or not at all. */
void journal_file_begin(struct journal_file *f);
void journal_file_commit(struct journal_file *f);

/*
 * Notes in place that the events up to `seq` are acknowledged; `alarm` is the largest
 * alarm number among them.  One small write(2) that needs no room on the disk: the
 * thread that sends makes it before it sends the next one, so that kill -9 leaves one
 * event at most of which it is not known whether it arrived.
 */
void journal_file_mark(const struct journal_file *f, uint32_t seq, uint32_t alarm);

/* The later of two numbers that count on from 4294967295 to 1; 0 is earlier than any.
 */
uint32_t journal_file_later(uint32_t a, uint32_t b);

/* fdatasync(2) when anything was appended since the last one. */
void journal_file_sync(struct journal_file *f);
/* What came of a sync that was made elsewhere: 0, or an error number. */
void journal_file_synced(struct journal_file *f, int error);

/* ---- journal_rewrite.c */

/* Replaces the snapshot, durably. */
void journal_file_snapshot(struct journal_file *f);
/* Snapshot, then the event file anew with what is kept: when it has grown enough, or
 * `now`. */
void journal_file_trim(struct journal_file *f, bool now);

/* ---- journal_load.c */

/* Reads both files into the ring and the keys and opens the event file for appending.
 */
void journal_file_load(struct journal_file *f);

/* ---- what these files share */

/* All of it; 0, or -1 with errno. */
int journal_file_write(int fd, const uint8_t *p, size_t len);
/* Says a failure once, and once more when it is over (error 0). */
void journal_file_outcome(struct journal_file *f, const char *what, int error);
/* The payload of a RECORD_SET or RECORD_DEL in buf[RECORD_PAYLOAD_MAX]; returns its
 * length, 0 when it is too long. */
size_t journal_file_key(const char *key, const void *value, size_t len, uint8_t *buf);

#endif
