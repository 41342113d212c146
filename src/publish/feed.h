#ifndef SVCPORT_FEED_H
#define SVCPORT_FEED_H

/*
 * The one channel from the watching thread to the publishing one, and the command queue
 * back.  Bounded by construction: a row that changes again before it was fetched
 * replaces its older version, so that a reader that stands still costs at most one
 * pending copy of each row.  Neither side ever waits for the other: the lock is held
 * for a copy only.
 */

#include <stdbool.h>
#include <stdint.h>

#include "publish/row.h"

struct feed;
struct plan;
struct store;
struct listener_table; /* listeners.h */

struct feed *feed_new(void);
void feed_free(struct feed *f);

/* ---- the watching thread */

/*
 * A new plan with all its rows and hosts; replaces everything pending of the old one.
 * Takes a reference of its own on the plan; `rows` and `hosts` are copied.
 */
void feed_plan(struct feed *f, struct plan *plan, const struct row *rows,
    const struct host_row *hosts);
/* The row's detail is referenced once more for the reader. */
void feed_row(struct feed *f, uint32_t check, const struct row *row);
void feed_host(struct feed *f, uint32_t host, const struct host_row *row);
/* Adds an alarm or replaces the one with its index. */
void feed_alarm(struct feed *f, const struct alarm_row *alarm);
void feed_alarm_gone(struct feed *f, uint32_t index);
void feed_system(struct feed *f, const struct system_row *sys);
/* All local listeners; takes a reference. */
void feed_listeners(struct feed *f, struct listener_table *table);
/* Wakes the reader; call it once after a batch of the calls above. */
void feed_flush(struct feed *f);

/* ---- the publishing thread */

/* Readable when something is pending; an eventfd(2), never closed by the caller. */
int feed_fd(const struct feed *f);
/* Applies everything pending to the store.  Returns true when there was anything. */
bool feed_drain(struct feed *f, struct store *store, struct mono now);

/* ---- commands, from the publishing to the watching thread */

enum command_kind {
	COMMAND_NOTIFY_ENABLE, /* value: 0 or 1 */
	COMMAND_MUTE, /* value: until, seconds since 1970, 0 ends; host and check below
	               */
	COMMAND_HEARTBEAT, /* value: seconds */
	COMMAND_PROBE_NOW,
	COMMAND_ADMIN, /* value: 1 enabled, 0 disabled; check below */
};

struct command {
	enum command_kind kind;
	uint32_t value;
	/* COMMAND_MUTE: all zero for the agent; host only; or all three for a check. */
	uint16_t catalogue, service,
	    host; /* numbers, so that a reload cannot mislead */
};

#define FEED_COMMANDS_MAX 1024

/* False when FEED_COMMANDS_MAX are waiting. */
bool feed_command(struct feed *f, const struct command *c);
/* Readable when a command waits. */
int feed_command_fd(const struct feed *f);
bool feed_command_next(struct feed *f, struct command *out);

#endif
