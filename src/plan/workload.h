#ifndef SVCPORT_WORKLOAD_H
#define SVCPORT_WORKLOAD_H

/*
 * What probing a plan takes, and whether the site's caps allow it.  A probe of what
 * answers is over at once; one of what is silent is under way for its whole timeout.
 */

#include <stdint.h>

struct diag;
struct plan;

/* Probes under way at once that keep up without any waiting for another's end... */
#define WORKLOAD_LEAST 512
#define WORKLOAD_MOST  10000

struct workload {
	uint32_t starts;  /* a second */
	uint32_t usual;   /* ...when one endpoint in ten is silent */
	uint32_t at_most; /* ...when all are */
};

struct workload workload_of(const struct plan *p);

/* The cap to work with where the site states none: at_most, within LEAST and MOST. */
uint32_t workload_concurrency(const struct workload *w);

/* Warns, in `d`, of caps in the site file that are too low for the usual. */
void workload_check(const struct plan *p, struct diag *d);

#endif
