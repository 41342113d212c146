#ifndef SVCPORT_MONITOR_H
#define SVCPORT_MONITOR_H

/*
 * The watching thread's heart: takes what the socket watcher and the probe engine see,
 * keeps the rows, lets the alarm book judge, and hands rows to the feed, events and
 * alarms to the journal.  Never blocks, never writes to disk, knows no SNMP.
 */

#include <stdbool.h>

#include "base/loop.h"
#include "base/mono.h"
#include "publish/row.h"

struct feed;
struct journal;
struct plan;

struct monitor;

struct monitor_config {
	struct loop *loop; /* of the thread that calls */
	struct feed *feed;
	struct journal *journal;       /* opened; the monitor reads the saved alarms */
	uint32_t next_seq, next_alarm; /* as journal_open() said */
	bool once; /* look once, for `svcport check`: no alarms, no schedule */
	/* By check: probe for these, and for what is judged with them; NULL: for all.
	 * Borrowed for the monitor's life. */
	const bool *only;
};

/*
 * Starts to watch `plan`, of which it takes a reference; the site's interval, source
 * address and so on come from the plan's site.  Returns NULL with errno when the loop
 * cannot be extended.
 */
struct monitor *monitor_new(const struct monitor_config *cfg, struct plan *plan);
/* Ends all work in flight.  Alarms stay in the journal. */
void monitor_free(struct monitor *m);

/* Changes to another plan: counters, states and alarms of rows that stay are kept,
 * alarms of rows that go are cleared. */
void monitor_set_plan(struct monitor *m, struct plan *plan);

/* The outcome of the last attempt to load the configuration, for svcPortSystem and the
 * inventory notification. */
void monitor_config_status(
    struct monitor *m, enum config_status status, const char *text);

/* True when every row has been looked at (or cannot be); for `once`. */
bool monitor_complete(const struct monitor *m);
const struct row *monitor_row(const struct monitor *m, uint32_t check);

#endif
