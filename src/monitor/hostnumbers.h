#ifndef SVCPORT_HOSTNUMBERS_H
#define SVCPORT_HOSTNUMBERS_H

/*
 * The numbers of hosts that the site file gives none: chosen once, kept in the journal,
 * not given to another host while it can be avoided (svcPortHostIndex).
 */

#include "plan/plan.h"

struct hostnumbers;
struct journal;

/* Reads the stored ones; before journal_start(). */
struct hostnumbers *hostnumbers_new(struct journal *j);
void hostnumbers_free(struct hostnumbers *h);

/* For plan_new(); valid as long as `h`. */
struct host_numbers hostnumbers_of(struct hostnumbers *h);

#endif
