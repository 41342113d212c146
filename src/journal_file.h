#ifndef SVCPORT_JOURNAL_FILE_H
#define SVCPORT_JOURNAL_FILE_H

/*
 * The files behind the journal (journal.h): reading them back, appending, rewriting.
 * Used by one thread at a time; knows nothing of threads or time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "eventring.h"
#include "keymap.h"

#define JOURNAL_STATE  "state"
#define JOURNAL_EVENTS "events"

struct journal_file {
	char *dir;
	int dirfd; /* -1: nothing is written */
	int logfd;
	struct keymap *keys;
	struct event_ring ring;
	uint64_t number;              /* of the last record */
	uint64_t log_size, log_floor; /* octets now, and after the last rewrite */
	bool dirty;                   /* appended since the last sync */
	int error; /* errno of the last failed write, 0 when the last one went well */
};

/* Reads the directory (made when missing) into *f.  Never fails: what cannot be used is
 * set aside or ignored, with a line in the log. */
void journal_file_open(
    struct journal_file *f, const char *dir, uint32_t history, size_t queue);
void journal_file_close(struct journal_file *f);

/* Each appends one record and updates what is kept in memory. */
void journal_file_event(struct journal_file *f, const struct event *e);
void journal_file_ack(struct journal_file *f, uint32_t seq);
void journal_file_set(
    struct journal_file *f, const char *key, const void *value, size_t len);
void journal_file_del(struct journal_file *f, const char *key);

/* fdatasync(2) when anything was appended since the last one. */
void journal_file_sync(struct journal_file *f);
/* Replaces the snapshot, durably. */
void journal_file_snapshot(struct journal_file *f);
/* Snapshot, then the event file anew with what is kept: when it has grown enough, or
 * `now`. */
void journal_file_trim(struct journal_file *f, bool now);

/* ---- journal_load.c */

/* Reads both files into the ring and the keys and opens the event file for appending.
 */
void journal_file_load(struct journal_file *f);

#endif
