#ifndef SVCPORT_STRAYS_H
#define SVCPORT_STRAYS_H

/*
 * Listeners that no loaded document mentions and that other hosts can reach: which of
 * them have been there for long enough to be told of, and which of those are gone.
 * Pure: it reads no clock, does no I/O, and asks its owner to tell.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "listen/listeners.h"
#include "base/mono.h"
#include "site/site.h"

struct strays;

struct stray {
	struct listener listener;
	struct mono since; /* first seen */
	wall_t since_wall;
	uint32_t alarm; /* svcPortAlarmIndex, 0 while it was not told of */
	uint32_t seq;   /* of the raising notification */
	bool present;   /* in the last look */
	/* Of the raise; the owner's to fill in.  The name may be another when the
	 * alarm is cleared: an interface in it may be gone. */
	char name[LISTENERS_NAME_MAX], text[256];
};

/* The owner tells; `raise` gives the stray its alarm number, sequence and texts. */
struct strays_ops {
	void (*raise)(void *arg, struct stray *s);
	void (*clear)(void *arg, const struct stray *s);
};

struct strays *strays_new(const struct strays_ops *ops, void *arg);
void strays_free(struct strays *s);

/* An alarm of an earlier life: neither raised again nor forgotten; of two for what
 * looks like one listener now, the later one is cleared. */
void strays_restore(struct strays *s, const struct stray *stray);

struct strays_rule {
	bool notify;   /* false: whatever was told of is cleared, nothing is raised */
	bool quiet;    /* raise nothing now: a mute, or notifications are off */
	uint32_t hold; /* seconds that a listener must be there */
	const struct site_text *ignore; /* "tcp/111", "udp/32768-60999", "udp/all" */
	size_t nignore;
};

/* A complete look at all listeners, `services` filled in. */
void strays_look(struct strays *s, const struct listener_table *t,
    const struct strays_rule *rule, struct mono now, wall_t wall);

/* Whether other hosts can reach it and no document or ignore rule mentions it. */
bool strays_counts(const struct listener *l, const struct strays_rule *rule);

/* How many were told of and are not cleared: the alarms there are. */
size_t strays_told(const struct strays *s);

/* All that are known, told of or not, in no particular order: position i of the count.
 */
size_t strays_count(const struct strays *s);
const struct stray *strays_at(const struct strays *s, size_t i);

#endif
