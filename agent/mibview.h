#ifndef SVCPORT_MIBVIEW_H
#define SVCPORT_MIBVIEW_H

/*
 * What the getters read: the store, the past events, the clock of the request, and the
 * indexes of all row sets, rendered in advance.  Belongs to the publishing thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mibtab.h"
#include "base/mono.h"

struct eventlog;
struct plan;
struct listener_table;
struct store;

/* A service's place in the plan, and the ports that its formula yields with the
 * catalogue's own parameters. */
struct mibview_service {
	uint32_t cat, service;
	uint16_t low, high;
};

struct mibview {
	const struct store *store;
	const struct eventlog *events;
	const uint32_t *root; /* the module's OID */
	size_t root_len;
	struct mono start; /* of the agent */
	struct mono now;
	wall_t wall;
	struct mono epoch; /* when the master's sysUpTime was zero */
	struct mibview_service *services;
	/* private */
	struct mibtab_index index[ROWS_SETS];
	struct plan *plan;                /* that the indexes were made from */
	struct listener_table *listeners; /* likewise */
	struct mono alarm_change;
	uint64_t events_change;
};

/* `store`, `events` and `root` must outlive the view. */
void mibview_init(struct mibview *v, const struct store *store,
    const struct eventlog *events, const uint32_t *root, size_t root_len);
void mibview_clear(struct mibview *v);

/* Brings the indexes up to date; to be called after any change of the store or the
 * events and before the next request. */
void mibview_refresh(struct mibview *v);

static inline const struct mibtab_index *
mibview_index(const struct mibview *v, enum mibtab_rows rows)
{
	return &v->index[rows];
}

/*
 * The part of a whole name below the root: its length, or -1 when the name does not lie
 * there; *before tells that it then sorts before everything that does.
 */
long mibview_below(
    const struct mibview *v, const uint32_t *name, size_t len, bool *before);

/* The master's sysUpTime at `t`, in centiseconds: 0 for any time before it started. */
uint32_t mibview_ticks(const struct mibview *v, struct mono t);
/* Whole seconds since `t`, 0 for the future. */
uint32_t mibview_age(const struct mibview *v, wall_t t);
#define MIBVIEW_MUTE_MAX 2592000 /* SvcPortMuteSeconds */
/* Seconds left of a mute that ends at `until` (seconds since 1970), at most
 * MIBVIEW_MUTE_MAX. */
uint32_t mibview_left(const struct mibview *v, uint32_t until);

#endif
