#ifndef SVCPORT_FLEET_H
#define SVCPORT_FLEET_H

/* What `svcport status` and `svcport watch` share: their options, and the rows of all
 * agents in one list, filtered and sorted. */

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include <stdbool.h>
#include <stddef.h>

#include "manager.h"
#include "base/output.h"
#include "model/types.h"

struct fleet_options {
	netsnmp_session session;
	uint32_t root[64];
	size_t root_len;
	enum output_format format;
	const char *catalogue; /* globs, NULL for all */
	const char *host;
	enum verdict worse_than; /* rows with a larger verdict; 0: all */
	long interval;           /* seconds, for watch */
	struct manager_agent *agents;
	size_t nagents;
};

/* Parses net-snmp's usual options and ours.  -1 to go on, else the exit status. */
int fleet_options(struct fleet_options *o, int argc, char **argv, const char *usage);
void fleet_options_clear(struct fleet_options *o);

/* A row and the agent that has it. */
struct fleet_row {
	const struct manager_agent *agent;
	const struct manager_row *row;
};

/* The rows that the filters leave, worst first, then longest; the caller frees the
 * array.  Valid until the agents are read again. */
struct fleet_row *fleet_rows(const struct fleet_options *o, size_t *n);

/* "3d 04:05:06", "04:05:06" */
const char *fleet_age(uint32_t seconds, char buf[24]);
/* What was observed in one word: "listening", "open", "closed", ... */
const char *fleet_seen(const struct manager_row *row);

#endif
