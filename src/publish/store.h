#ifndef SVCPORT_STORE_H
#define SVCPORT_STORE_H

/*
 * The publishing side's own copy of everything: rows in the order of their index, the
 * sums over them, the active alarms.  Belongs to one thread; written by feed_drain()
 * only. `svcport check` fills one directly.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "publish/row.h"

struct plan;
struct listener_table;

/* Rows by verdict; deviations, worst and compliance follow. */
struct tally {
	uint32_t checks;
	uint32_t open; /* seen listening or open */
	uint32_t by_verdict[VERDICT_MAX + 1];
};

struct store {
	struct plan *plan;      /* NULL before the first feed_plan() */
	struct row *rows;       /* plan->nchecks, details referenced */
	struct host_row *hosts; /* plan->nhosts */
	struct tally total;
	struct tally *cats;        /* plan->ncats */
	struct tally *hosts_tally; /* plan->nhosts */
	struct tally *services;    /* all services of all cats, see store_service() */
	uint32_t *service_base;    /* plan->ncats: first service of a catalogue */
	uint32_t nservices;
	struct alarm_row *alarms; /* ascending index */
	uint32_t nalarms, alarms_cap;
	uint32_t ndropped; /* of them, until store_settle() */
	struct system_row sys;
	struct listener_table *listeners; /* NULL before the first */
	struct mono table_change;         /* rows came or went */
	struct mono alarm_change;
};

void store_init(struct store *s);
void store_clear(struct store *s);

/* ---- writers (feed_drain and `svcport check`) */

/* Takes a reference on the plan and the rows' details. */
void store_set_plan(struct store *s, struct plan *plan, const struct row *rows,
    const struct host_row *hosts, struct mono now);
/* Takes over the reference that `row->detail` holds. */
void store_set_row(struct store *s, uint32_t check, const struct row *row);
void store_set_host(struct store *s, uint32_t host, const struct host_row *row);
void store_set_alarm(struct store *s, const struct alarm_row *alarm, struct mono now);
/* It is gone with the next store_settle(). */
void store_drop_alarm(struct store *s, uint32_t index, struct mono now);
/* Once after a batch of these, before anybody reads. */
void store_settle(struct store *s);

/* ---- readers */

const struct tally *store_service(
    const struct store *s, uint32_t cat, uint32_t service);
uint32_t store_tally_deviations(const struct tally *t);
/* VERDICT_NOT_EVALUATED when there is no row. */
enum verdict store_tally_worst(const struct tally *t);
/* Compliant per thousand evaluated rows, 1000 when none was. */
uint32_t store_tally_compliance(const struct tally *t);
/* The largest severity of the active alarms, SEVERITY_CLEARED without any. */
enum severity store_worst_severity(const struct store *s);
uint32_t store_hosts_down(const struct store *s);
/* Position of the alarm with this index, or of the first one above it. */
uint32_t store_alarm_at_least(const struct store *s, uint32_t index);

/*
 * svcPortCheckReason: the words for the row's reason with its facts, and the citation:
 * "no socket listens on udp/2055 [TITLE, SECTION, line 1]".  At most size - 1 octets,
 * cut on a UTF-8 boundary.  Returns buf.
 */
const char *store_reason(const struct store *s, uint32_t check, char *buf, size_t size);

#endif
