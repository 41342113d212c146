#ifndef SVCPORT_TESTS_FIXTURE_H
#define SVCPORT_TESTS_FIXTURE_H

/*
 * A plan and a store without files, sockets or time: for tests of whatever reads them.
 * Rows differ in every field; catalogue, service and host numbers have gaps, and some
 * combinations are missing.
 */

#include <stdbool.h>
#include <stdint.h>

#include "journal/event.h"
#include "plan/plan.h"
#include "publish/row.h"

struct fixture_size {
	uint32_t cats, services, hosts;
	uint32_t skip; /* every n-th combination has no check; 0: all have one */
};

/* The caller owns one reference. */
struct plan *fixture_plan(const struct fixture_size *size);

/* Row i of a plan, as it is at the fixture's round n: the same for the same numbers.
 * The caller owns the reference of its detail. */
struct row fixture_row(const struct plan *p, uint32_t check, uint32_t round);
struct host_row fixture_host(const struct plan *p, uint32_t host, uint32_t round);
struct alarm_row fixture_alarm(const struct plan *p, uint32_t index);
struct system_row fixture_system(void);
/* n listeners of all kinds of address; the caller owns one reference. */
struct listener_table *fixture_listeners(uint32_t n);

/* An event of this kind and number, about row 0 where it is about one. */
struct event fixture_event(
    const struct plan *p, enum event_number number, uint32_t seq);

/* Everything above in a store at `now`. */
struct store;

void fixture_store(struct store *s, const struct fixture_size *size, uint32_t alarms,
    uint32_t listeners, int64_t now_ns);

#endif
