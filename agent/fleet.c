#include "fleet.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define OLD_SCAN_S 30 /* sockets are read each second, or each few */

/* ---- rows */

static bool
named(const struct fleet_options *o, const struct remote_row *row)
{
	return (o->catalogue == NULL ||
		   fnmatch(o->catalogue, row->catalogue, 0) == 0) &&
	       (o->host == NULL || fnmatch(o->host, row->host, 0) == 0);
}

static bool
wanted(const struct fleet_options *o, const struct remote_row *row)
{
	return named(o, row) && row->verdict > (uint8_t)o->worse_than;
}

static int
worst_first(const void *pa, const void *pb)
{
	const struct fleet_row *a = pa;
	const struct fleet_row *b = pb;
	int order;

	if (a->row->verdict != b->row->verdict)
		return a->row->verdict > b->row->verdict ? -1 : 1;
	order = strcmp(a->row->name, b->row->name);
	return order != 0 ? order : strcmp(a->agent->peer, b->agent->peer);
}

struct fleet_row *
fleet_rows(const struct fleet_options *o, size_t *n)
{
	struct fleet_row *v = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t i = 0; i < o->nagents; i++) {
		const struct manager_agent *a = &o->agents[i];

		for (size_t k = 0; k < a->rows.n; k++) {
			if (!wanted(o, &a->rows.v[k]))
				continue;
			mem_grow(v, *n, cap);
			v[(*n)++] = (struct fleet_row){ a, &a->rows.v[k] };
		}
	}
	if (*n > 0)
		qsort(v, *n, sizeof(*v), worst_first);
	return v;
}

bool
fleet_any_named(const struct fleet_options *o)
{
	for (size_t i = 0; i < o->nagents; i++) {
		const struct manager_agent *a = &o->agents[i];

		for (size_t k = 0; k < a->rows.n; k++) {
			if (named(o, &a->rows.v[k]))
				return true;
		}
	}
	return false;
}

/* ---- printed */

const char *
fleet_age(uint32_t seconds, char buf[FLEET_AGE])
{
	uint32_t minutes = seconds / 60;
	uint32_t hours = minutes / 60;

	if (minutes == 0)
		snprintf(buf, FLEET_AGE, "%us", seconds);
	else if (hours == 0)
		snprintf(buf, FLEET_AGE, "%um%02us", minutes, seconds % 60);
	else if (hours < 24)
		snprintf(buf, FLEET_AGE, "%uh%02um", hours, minutes % 60);
	else
		snprintf(buf, FLEET_AGE, "%ud%02uh", hours / 24, hours % 24);
	return buf;
}

static const char *
seen(const struct remote_row *row)
{
	if (row->listen != LISTEN_NA)
		return types_listen((enum listen_state)row->listen);
	return types_connect((enum connect_state)row->connect);
}

enum { AGENT, NAME, PORTS, EXPECTED, SEEN, VERDICT, ALARM, SEVERITY, FOR, REASON };

static const struct output_column columns[] = { [AGENT] = { "agent", false, 24, 1 },
	[NAME] = { "name", false, 0, 0 },
	[PORTS] = { "ports", false, 24, 0 },
	[EXPECTED] = { "expected", false, 0, 4 },
	[SEEN] = { "seen", false, 0, 2 },
	[VERDICT] = { "verdict", false, 0, 0 },
	[ALARM] = { "alarm", false, 0, 3 },
	[SEVERITY] = { "severity", false, 0, 5 },
	[FOR] = { "for", true, 0, 0 },
	[REASON] = { "reason", false, 90, 0 } };
#define NCOLUMNS (sizeof(columns) / sizeof(columns[0]))

/* The first column is the agent's. */
static size_t
first_column(const struct fleet_options *o)
{
	return o->format == OUTPUT_TABLE && o->nagents < 2 ? NAME : AGENT;
}

struct output *
fleet_output(const struct fleet_options *o, FILE *to, struct output_style style)
{
	size_t first = first_column(o);

	return output_new(to, &style, columns + first, NCOLUMNS - first);
}

void
fleet_output_row(struct output *out, const struct fleet_options *o,
    const struct fleet_row *fr, const char *before, bool marked)
{
	const struct remote_row *r = fr->row;
	char ports[160];
	char reason[512];
	char age[FLEET_AGE];
	const char *const cells[NCOLUMNS] = { [AGENT] = fr->agent->peer,
		[NAME] = r->name,
		[PORTS] = ports,
		[EXPECTED] = types_expected((enum expected)r->expected),
		[SEEN] = seen(r),
		[VERDICT] = types_verdict((enum verdict)r->verdict),
		[ALARM] = types_stage((enum alarm_stage)r->stage),
		[SEVERITY] = types_severity((enum severity)r->severity),
		[FOR] = age,
		[REASON] = reason };

	snprintf(ports, sizeof(ports), "%s%s%s", types_proto((enum proto)r->protocol),
	    r->ports[0] != '\0' ? "/" : "", r->ports);
	snprintf(
	    reason, sizeof(reason), "%s%s", before != NULL ? before : "", r->reason);
	if (o->format == OUTPUT_TABLE)
		fleet_age(r->age, age);
	else
		snprintf(age, sizeof(age), "%u", r->age);
	output_row(out, cells + first_column(o),
	    tally_colour((enum verdict)r->verdict) | (marked ? OUTPUT_MARKED : 0));
}

/* ---- agents */

struct tally
fleet_tally(const struct manager_agent *agent)
{
	struct tally t = { .status = TALLY_OK };

	for (size_t i = 0; i < agent->rows.n; i++)
		tally_add(&t, (enum verdict)agent->rows.v[i].verdict);
	return t;
}

const char *
fleet_trouble(const struct manager_agent *agent, char buf[FLEET_TROUBLE])
{
	const struct remote_self *s = &agent->self;
	char age[FLEET_AGE];
	size_t len = 0;

	buf[0] = '\0';
	if (s->scan_age > OLD_SCAN_S)
		len = (size_t)snprintf(buf, FLEET_TROUBLE,
		    "its sockets were last read %s ago", fleet_age(s->scan_age, age));
	if (s->probe_lag > 0)
		len += (size_t)snprintf(buf + len, FLEET_TROUBLE - len,
		    "%sits probes are %s late", len > 0 ? "; " : "",
		    fleet_age(s->probe_lag, age));
	if (s->config_failed)
		snprintf(buf + len, FLEET_TROUBLE - len,
		    "%sits configuration was not loaded: %s", len > 0 ? "; " : "",
		    s->complaint);
	return buf;
}
