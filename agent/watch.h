#ifndef SVCPORT_WATCH_H
#define SVCPORT_WATCH_H

/* The state of `svcport watch`, and its parts: what changed (watch_changes.c), what is
 * shown (watch_draw.c), what keys do (watch_keys.c). */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "fleet.h"
#include "base/keymap.h"
#include "base/mono.h"

#define WATCH_FILTER  64
#define WATCH_FRESH_S 30 /* a change stands out for so long */

enum watch_sort { WATCH_WORST, WATCH_NAME, WATCH_LATEST, WATCH_SORTS };
enum watch_least { WATCH_ALL, WATCH_UNKNOWN, WATCH_DEVIATIONS, WATCH_LEASTS };

struct watch {
	struct fleet_options *o;
	struct keymap *seen; /* see watch_changes.c */
	enum watch_sort sort;
	enum watch_least least;
	bool changed_only;
	bool typing; /* keys go to the filter */
	char filter[WATCH_FILTER];
	unsigned width, height;
	size_t top;       /* the first row shown */
	size_t page;      /* rows that fit; set by watch_draw() */
	size_t unread;    /* agents that have neither answered nor failed yet */
	struct mono *due; /* when each agent is read again */
	bool quit;
	struct mono now;
};

/* ---- what changed */

/* What is remembered of a row. */
struct watch_change {
	enum verdict verdict;
	enum verdict before; /* 0: it has not changed since the start */
	struct mono when;
};

/* Compares the rows of an agent, just read, with what they were. */
void watch_changes_note(struct watch *w, const struct manager_agent *agent);
/* False when the row was never read. */
bool watch_changes_get(
    const struct watch *w, const struct fleet_row *fr, struct watch_change *out);

/* ---- what is shown */

/* Writes the whole screen. */
void watch_draw(struct watch *w, FILE *to);

/* ---- what keys do */

void watch_keys(struct watch *w, const char *keys, size_t n);

#endif
