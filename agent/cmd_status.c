/* svcport status: one table for a whole fleet, worst first. */

#include "cmd_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fleet.h"

#define AT_ONCE 64

static const struct output_column columns[] = { { "agent", false, 24, 0 },
	{ "name", false, 0, 0 }, { "ports", false, 24, 0 }, { "expected", false, 0, 3 },
	{ "seen", false, 0, 2 }, { "verdict", false, 0, 0 }, { "alarm", false, 0, 4 },
	{ "severity", false, 0, 5 }, { "for", true, 0, 1 },
	{ "reason", false, 90, 0 } };

#define NCOLUMNS (sizeof(columns) / sizeof(columns[0]))

static enum output_colour
colour_of(enum verdict v)
{
	if (v >= VERDICT_OPEN_FORBIDDEN)
		return OUTPUT_BAD;
	if (v >= VERDICT_UNKNOWN)
		return OUTPUT_WARN;
	return v == VERDICT_COMPLIANT ? OUTPUT_GOOD : OUTPUT_DIM;
}

static void
print_row(struct output *out, const struct fleet_row *fr, enum output_format format,
    size_t first)
{
	const struct manager_row *r = fr->row;
	char ports[160];
	char age[24];
	const char *cells[] = { fr->agent->peer, r->name, ports,
		types_expected((enum expected)r->expected), fleet_seen(r),
		types_verdict((enum verdict)r->verdict),
		types_stage((enum alarm_stage)r->stage),
		types_severity((enum severity)r->severity), age, r->reason };

	snprintf(ports, sizeof(ports), "%s%s%s", types_proto((enum proto)r->protocol),
	    r->ports[0] != '\0' ? "/" : "", r->ports);
	if (format == OUTPUT_TABLE)
		fleet_age(r->age, age);
	else
		snprintf(age, sizeof(age), "%u", r->age);
	output_row(out, cells + first, colour_of((enum verdict)r->verdict));
}

/* A line for each agent: the sum of it, or why there is none. */
static int
print_agents(const struct fleet_options *o)
{
	int status = 0;

	for (size_t i = 0; i < o->nagents; i++) {
		const struct manager_agent *a = &o->agents[i];
		uint32_t by[VERDICT_MAX + 1] = { 0 };

		for (size_t k = 0; k < a->nrows; k++) {
			if (a->rows[k].verdict <= VERDICT_MAX)
				by[a->rows[k].verdict]++;
		}
		fprintf(stderr, "%s: ", a->peer);
		if (a->error != NULL) {
			fprintf(stderr, "%s\n", a->error);
			status = 3;
			continue;
		}
		if (a->nrows == 0) {
			fprintf(stderr,
			    "answers, but has no rows: is svcportd connected to "
			    "it, and its OID root in the view?\n");
			status = 3;
			continue;
		}
		fprintf(stderr, "%zu checks", a->nrows);
		for (int v = VERDICT_MAX; v >= VERDICT_COMPLIANT; v--) {
			if (by[v] > 0)
				fprintf(stderr, ", %u %s", by[v],
				    types_verdict((enum verdict)v));
		}
		putc('\n', stderr);
	}
	return status;
}

static void
progress(void *arg, size_t done, size_t all)
{
	size_t *last = arg;

	if (done == *last)
		return;
	*last = done;
	fprintf(stderr, "\r%zu of %zu agents read%s", done, all,
	    done == all ? "\r\033[K" : "");
}

int
cmd_status(int argc, char **argv)
{
	struct fleet_options o;
	struct fleet_row *rows;
	struct output_style style;
	struct output *out;
	size_t last = 0;
	size_t first; /* for people no column for the agent where there is but one */
	size_t n;
	int status = fleet_options(&o, argc, argv,
	    "[SNMP OPTIONS] [--catalogue GLOB] [--host GLOB] [--worse-than VERDICT] "
	    "[--root OID] [--format table|tsv|json] [AGENT...]");

	if (status >= 0)
		return status;
	manager_read(&o.session, o.root, o.root_len, o.agents, o.nagents, AT_ONCE,
	    o.nagents > 4 && isatty(STDERR_FILENO) ? progress : NULL, &last);
	rows = fleet_rows(&o, &n);
	style = output_style(stdout, o.format, false);
	first = o.format == OUTPUT_TABLE && o.nagents == 1;
	out = output_new(stdout, &style, columns + first, NCOLUMNS - first);
	for (size_t i = 0; i < n; i++)
		print_row(out, &rows[i], o.format, first);
	(void)output_end(out);
	fflush(stdout);
	status = print_agents(&o);
	free(rows);
	fleet_options_clear(&o);
	return status;
}
