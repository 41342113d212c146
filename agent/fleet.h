#ifndef SVCPORT_FLEET_H
#define SVCPORT_FLEET_H

/* What `svcport status` and `svcport watch` share: their options, and the rows of all
 * agents in one list, filtered, sorted and printed. */

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include <stdbool.h>
#include <stddef.h>

#include "manager.h"
#include "base/output.h"
#include "cmd/tally.h"
#include "model/types.h"

#define FLEET_USAGE_ERROR 3 /* as monitoring plugins have it: unknown */

struct fleet_options {
	netsnmp_session session;
	uint32_t root[64];
	size_t root_len;
	enum output_format format;
	bool whole;            /* --long: nothing is cut or left out */
	bool hosts;            /* --hosts: a line for each host, not for each row */
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
/* How to read them all; borrows the options. */
struct manager_query fleet_query(const struct fleet_options *o);

/* A row and the agent that has it. */
struct fleet_row {
	const struct manager_agent *agent;
	const struct remote_row *row;
};

/* The rows that the filters leave, worst first, then by name; the caller frees the
 * array.  Valid until the agents are read again. */
struct fleet_row *fleet_rows(const struct fleet_options *o, size_t *n);
/* Whether any row of the agents, whatever its verdict, is of the catalogue and host
 * that were asked for. */
bool fleet_any_named(const struct fleet_options *o);

/*
 * A table (or what the options' format is) of rows.  In a table the agent has a column
 * only when there are several, ages are short, and what does not fit the style's width
 * is left out, the reason last.
 */
struct output *fleet_output(
    const struct fleet_options *o, FILE *to, struct output_style style);
/* `before`: added to the reason, and the row stands out; NULL for neither. */
void fleet_output_row(struct output *out, const struct fleet_options *o,
    const struct fleet_row *fr, const char *before, bool marked);

/* "42s", "4m05s", "3h20m", "12d04h" */
#define FLEET_AGE 24
const char *fleet_age(uint32_t seconds, char buf[FLEET_AGE]);

/* All rows of an agent, whatever the filters are. */
struct tally fleet_tally(const struct manager_agent *agent);

/* What is not in order with the agent itself, so that its rows may be old: late probes,
 * a configuration that was not loaded.  "" when all is well; returns buf. */
#define FLEET_TROUBLE 400
const char *fleet_trouble(const struct manager_agent *agent, char buf[FLEET_TROUBLE]);

#endif
