/* svcport status: one table for a whole fleet, worst first. */

#include "cmd_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fleet.h"
#include "base/mem.h"

#define TURN_MS 200 /* how often the progress is shown at least */

/* ---- reading */

static void
read_agents(const struct fleet_options *o)
{
	struct manager_query query = fleet_query(o);
	struct manager *m = manager_new(&query, o->agents, o->nagents);
	bool progress = o->nagents > 4 && isatty(STDERR_FILENO) != 0;
	size_t left = o->nagents;

	for (size_t i = 0; i < o->nagents; i++)
		manager_ask(m, i);
	while (manager_pending(m) > 0) {
		manager_wait(m, -1, TURN_MS);
		if (!progress || manager_pending(m) == left)
			continue;
		left = manager_pending(m);
		fprintf(
		    stderr, "\r%zu of %zu agents read", o->nagents - left, o->nagents);
	}
	if (progress)
		fputs("\r\033[K", stderr);
	manager_free(m);
}

/* ---- rows */

static int
print_rows(const struct fleet_options *o, const struct fleet_row *rows, size_t n)
{
	struct output *out = fleet_output(
	    o, stdout, output_style(stdout, o->format, o->whole));

	for (size_t i = 0; i < n; i++)
		fleet_output_row(out, o, &rows[i], NULL, false);
	return output_end(out);
}

/* ---- hosts */

struct host {
	const struct manager_agent *agent;
	const char *name;
	struct tally sum;
	enum verdict worst;
	uint32_t age; /* of its latest change to the worst verdict */
};

static int
by_agent_and_host(const void *pa, const void *pb)
{
	const struct fleet_row *a = pa;
	const struct fleet_row *b = pb;

	if (a->agent != b->agent)
		return a->agent < b->agent ? -1 : 1;
	return strcmp(a->row->host, b->row->host);
}

static int
worst_host_first(const void *pa, const void *pb)
{
	const struct host *a = pa;
	const struct host *b = pb;
	int order;

	if (a->worst != b->worst)
		return a->worst > b->worst ? -1 : 1;
	order = strcmp(a->name, b->name);
	return order != 0 ? order : strcmp(a->agent->peer, b->agent->peer);
}

/* Rows are sorted by agent and host. */
static size_t
gather_hosts(const struct fleet_row *rows, size_t n, struct host *hosts)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct remote_row *r = rows[i].row;
		struct host *h;

		if (i == 0 || by_agent_and_host(&rows[i - 1], &rows[i]) != 0)
			hosts[count++] = (struct host){ .agent = rows[i].agent,
				.name = r->host };
		h = &hosts[count - 1];
		tally_add(&h->sum, (enum verdict)r->verdict);
		if (r->verdict > h->worst ||
		    (r->verdict == h->worst && r->age < h->age)) {
			h->worst = (enum verdict)r->verdict;
			h->age = r->age;
		}
	}
	return count;
}

static void
print_host(struct output *out, const struct fleet_options *o, const struct host *h)
{
	const uint32_t *by = h->sum.by_verdict;
	uint32_t deviations = 0;
	char figures[5][16];
	char age[FLEET_AGE];
	const char *const cells[] = { h->agent->peer, h->name, figures[0], figures[1],
		figures[2], figures[3], figures[4], types_verdict(h->worst), age };

	for (int v = VERDICT_CLOSED_RECOMMENDED; v <= VERDICT_MAX; v++)
		deviations += by[v];
	snprintf(figures[0], sizeof(figures[0]), "%u", h->sum.rows);
	snprintf(figures[1], sizeof(figures[1]), "%u", by[VERDICT_COMPLIANT]);
	snprintf(figures[2], sizeof(figures[2]), "%u", deviations);
	snprintf(figures[3], sizeof(figures[3]), "%u", by[VERDICT_UNKNOWN]);
	snprintf(figures[4], sizeof(figures[4]), "%u", by[VERDICT_NOT_EVALUATED]);
	if (o->format == OUTPUT_TABLE)
		fleet_age(h->age, age);
	else
		snprintf(age, sizeof(age), "%u", h->age);
	output_row(out, cells, tally_colour(h->worst));
}

static int
print_hosts(const struct fleet_options *o, struct fleet_row *rows, size_t n)
{
	static const struct output_column columns[] = { { "agent", false, 24, 1 },
		{ "host", false, 0, 0 }, { "checks", true, 0, 0 },
		{ "compliant", true, 0, 2 }, { "deviations", true, 0, 0 },
		{ "unknown", true, 0, 0 }, { "notEvaluated", true, 0, 3 },
		{ "worst", false, 0, 0 }, { "for", true, 0, 0 } };
	struct output_style style = output_style(stdout, o->format, o->whole);
	struct host *hosts = mem_array(struct host, n + 1);
	struct output *out;
	size_t count;

	out = output_new(stdout, &style, columns, sizeof(columns) / sizeof(columns[0]));
	if (n > 0)
		qsort(rows, n, sizeof(*rows), by_agent_and_host);
	count = gather_hosts(rows, n, hosts);
	if (count > 0)
		qsort(hosts, count, sizeof(*hosts), worst_host_first);
	for (size_t i = 0; i < count; i++)
		print_host(out, o, &hosts[i]);
	free(hosts);
	return output_end(out);
}

/* ---- agents */

/* A line for each agent: the sum of it, for people, and what is wrong with it. */
static void
print_agent(const struct fleet_options *o, const struct manager_agent *a)
{
	struct tally sum = fleet_tally(a);
	char text[TALLY_TEXT];
	char trouble[FLEET_TROUBLE];

	if (a->error != NULL) {
		fprintf(stderr, "%s: %s\n", a->peer, a->error);
		return;
	}
	if (o->format == OUTPUT_TABLE)
		printf("%s: %s, %s, %s\n", a->peer,
		    a->self.name[0] != '\0' ? a->self.name : "no host",
		    tally_text(&sum, text), a->self.version);
	fflush(stdout);
	if (fleet_trouble(a, trouble)[0] != '\0')
		fprintf(stderr, "%s: %s\n", a->peer, trouble);
}

static int
exit_status(const struct fleet_options *o, const struct fleet_row *rows, size_t n)
{
	struct tally sum = { .status = TALLY_OK };

	for (size_t i = 0; i < n; i++)
		tally_add(&sum, (enum verdict)rows[i].row->verdict);
	for (size_t i = 0; i < o->nagents; i++) {
		if (o->agents[i].error != NULL)
			sum.status = tally_worse(sum.status, TALLY_UNKNOWN);
	}
	/* A name with a slip in it must not look like all is well. */
	if (n == 0 && (o->catalogue != NULL || o->host != NULL) &&
	    !fleet_any_named(o)) {
		fputs("svcport: no row is of this --catalogue and --host\n", stderr);
		sum.status = tally_worse(sum.status, TALLY_UNKNOWN);
	}
	return sum.status;
}

static int
print_all(const struct fleet_options *o, struct fleet_row *rows, size_t n)
{
	int status;

	if (o->format == OUTPUT_TABLE && n == 0)
		return 0; /* what is to be said of agents follows */
	status = o->hosts ? print_hosts(o, rows, n) : print_rows(o, rows, n);
	if (o->format == OUTPUT_TABLE)
		putchar('\n');
	return status;
}

int
cmd_status(int argc, char **argv)
{
	struct fleet_options o;
	struct fleet_row *rows;
	size_t n;
	int status = fleet_options(&o, argc, argv,
	    "[SNMP OPTIONS] [--catalogue GLOB] [--host GLOB] [--worse-than VERDICT] "
	    "[--hosts] [--root OID] [--format table|tsv|json] [--long] [AGENT...]");

	if (status >= 0)
		return status;
	read_agents(&o);
	rows = fleet_rows(&o, &n);
	status = exit_status(&o, rows, n);
	if (print_all(&o, rows, n) != 0) {
		perror("svcport: standard output");
		status = TALLY_UNKNOWN;
	}
	fflush(stdout);
	for (size_t i = 0; i < o.nagents; i++)
		print_agent(&o, &o.agents[i]);
	free(rows);
	fleet_options_clear(&o);
	return status;
}
