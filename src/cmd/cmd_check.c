/* svcport check: one look, now, without daemon or snmpd. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/tally.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/mem.h"
#include "monitor/monitor.h"
#include "plan/plan.h"
#include "publish/rowtext.h"

/* A column of its own for each way to look or, for people, one for the way that counts:
 * the sockets of this host, the answers of others. */
static const struct output_column all_columns[] = { { "name", false, 0, 0 },
	{ "ports", false, 32, 0 }, { "expected", false, 0, 2 },
	{ "listen", false, 0, 3 }, { "connect", false, 0, 4 }, { "rtt_us", true, 0, 5 },
	{ "verdict", false, 0, 0 }, { "reason", false, 100, 0 } };
static const struct output_column few_columns[] = { { "name", false, 0, 0 },
	{ "ports", false, 32, 0 }, { "expected", false, 0, 2 }, { "seen", false, 0, 1 },
	{ "verdict", false, 0, 0 }, { "reason", false, 100, 0 } };

static bool
in_few(const struct cmd_options *o)
{
	return o->format == OUTPUT_TABLE && !o->long_form;
}

static void
print_row(struct output *out, const struct plan *p, uint32_t i, const struct row *row,
    bool few)
{
	const struct check *c = &p->checks[i];
	const char *cells[8];
	char name[PLAN_NAME_MAX];
	char *ports = cmd_ports(p, c);
	char reason[512];
	char rtt[16] = "";
	size_t n = 0;

	if (row->rtt_us != 0)
		snprintf(rtt, sizeof(rtt), "%u", row->rtt_us);
	cells[n++] = plan_check_name(p, c, name);
	cells[n++] = ports;
	cells[n++] = types_expected((enum expected)c->expected);
	if (!few || row->listen != LISTEN_NA)
		cells[n++] = types_listen((enum listen_state)row->listen);
	if (!few || row->listen == LISTEN_NA)
		cells[n++] = types_connect((enum connect_state)row->connect);
	if (!few)
		cells[n++] = rtt;
	cells[n++] = types_verdict((enum verdict)row->verdict);
	rowtext_reason(p, i, row, reason, sizeof(reason));
	cells[n++] = reason;
	output_row(out, cells, tally_colour((enum verdict)row->verdict));
	free(ports);
}

static bool
is_meant(const struct plan *p, const struct cmd_options *o, uint32_t i)
{
	const struct check *c = &p->checks[i];

	return cmd_selected(
	    o, p->cats[c->cat].name, plan_service(p, c)->name, p->hosts[c->host].name);
}

static void
count(const struct monitor *m, const struct plan *p, const struct cmd_options *o,
    struct tally *n)
{
	for (uint32_t i = 0; i < p->nchecks; i++) {
		enum verdict v = (enum verdict)monitor_row(m, i)->verdict;

		if (is_meant(p, o, i))
			tally_add(n, v);
	}
}

/* For people the worst first, for programs by index. */
static int
print_rows(const struct monitor *m, const struct plan *p, const struct cmd_options *o)
{
	struct output *out = in_few(o) ? cmd_output(o, few_columns, 6)
	                               : cmd_output(o, all_columns, 8);
	bool sorted = o->format == OUTPUT_TABLE;

	for (int v = sorted ? VERDICT_MAX : 0; v >= 0; v--) {
		for (uint32_t i = 0; i < p->nchecks; i++) {
			const struct row *row = monitor_row(m, i);

			if ((!sorted || row->verdict == v) && is_meant(p, o, i))
				print_row(out, p, i, row, in_few(o));
		}
	}
	return cmd_output_end(out);
}

static void
print_summary(const struct tally *n, FILE *to)
{
	char text[TALLY_TEXT];

	fprintf(to, "%s: %s\n", tally_word(n->status), tally_text(n, text));
}

/* ---- --plugin: on standard output alone, with figures, and only what deviates */

/* "LABEL=VALUE;WARN;CRIT;MIN;MAX": any row of these verdicts is outside its range. */
static const char *
range_of(enum verdict v)
{
	switch (tally_status_of(v)) {
	case TALLY_CRITICAL:
		return ";;0";
	case TALLY_WARNING:
		return ";0;";
	default:
		return ";;";
	}
}

static void
plugin_line(const struct tally *n)
{
	printf("SVCPORT %s - %u of %u ports as documented", tally_word(n->status),
	    n->by_verdict[VERDICT_COMPLIANT],
	    n->rows - n->by_verdict[VERDICT_NOT_EVALUATED]);
	for (int v = VERDICT_MAX; v >= VERDICT_UNKNOWN; v--) {
		if (n->by_verdict[v] > 0)
			printf(", %u %s", n->by_verdict[v],
			    types_verdict((enum verdict)v));
	}
	fputs(" |", stdout);
	for (int v = VERDICT_COMPLIANT; v <= VERDICT_MAX; v++)
		printf(" %s=%u%s;0;%u", types_verdict((enum verdict)v),
		    n->by_verdict[v], range_of((enum verdict)v), n->rows);
	putchar('\n');
}

static void
plugin_row(const struct plan *p, uint32_t i, const struct row *row)
{
	const struct check *c = &p->checks[i];
	char name[PLAN_NAME_MAX];
	char *ports = cmd_ports(p, c);
	char reason[512];

	plan_check_name(p, c, name);
	rowtext_reason(p, i, row, reason, sizeof(reason));
	/* behind a bar a plugin's figures begin */
	for (char *bar = reason; (bar = strchr(bar, '|')) != NULL; *bar = '/')
		continue;
	printf("%s %s %s: %s\n", types_verdict((enum verdict)row->verdict), name, ports,
	    reason);
	free(ports);
}

static int
plugin_report(const struct monitor *m, const struct plan *p,
    const struct cmd_options *o, const struct tally *n)
{
	plugin_line(n);
	for (int v = VERDICT_MAX; v >= VERDICT_UNKNOWN; v--) {
		for (uint32_t i = 0; i < p->nchecks; i++) {
			const struct row *row = monitor_row(m, i);

			if (row->verdict == v && is_meant(p, o, i))
				plugin_row(p, i, row);
		}
	}
	return fflush(stdout) == 0 ? n->status : TALLY_UNKNOWN;
}

/* Says why there is nothing to say; what starts plugins shows no standard error. */
static int
gives_up(const struct cmd_options *o, const char *why)
{
	if (o->plugin)
		printf("SVCPORT UNKNOWN - %s\n", why);
	else
		fprintf(stderr, "svcport: %s\n", why);
	return TALLY_UNKNOWN;
}

/* A monitoring system takes the first line for the result, a person looks at the last
 * one.  Returns the exit status. */
static int
report(const struct monitor *m, const struct plan *p, const struct cmd_options *o)
{
	struct tally n = { .status = TALLY_OK };
	bool person = isatty(STDOUT_FILENO) != 0;

	count(m, p, o, &n);
	if (n.rows == 0 && o->noperands > 0)
		return gives_up(o, "no check of that name: see `svcport plan`");
	if (o->plugin)
		return plugin_report(m, p, o, &n);
	if (o->format == OUTPUT_TABLE && !person)
		print_summary(&n, stdout);
	if (print_rows(m, p, o) != 0)
		return TALLY_UNKNOWN;
	if (o->format == OUTPUT_TABLE && person)
		print_summary(&n, stdout);
	return n.status;
}

struct monitor *
cmd_look(struct loop *loop, struct plan *plan, const bool *only)
{
	struct monitor_config mc = { .loop = loop, .once = true, .only = only };
	struct monitor *m = monitor_new(&mc, plan);

	while (m != NULL && !monitor_complete(m)) {
		if (loop_turn(loop, -1) != 0)
			break;
	}
	return m;
}

static int
look_and_report(struct plan *plan, const struct cmd_options *o)
{
	struct loop *loop = loop_new();
	bool *only = mem_array(bool, plan->nchecks);
	struct monitor *m;
	char why[128];
	int status;

	for (uint32_t i = 0; i < plan->nchecks; i++)
		only[i] = is_meant(plan, o, i);
	m = loop != NULL ? cmd_look(loop, plan, only) : NULL;
	if (m == NULL)
		snprintf(why, sizeof(why), "cannot check: %s", strerror(errno));
	status = m != NULL ? report(m, plan, o) : gives_up(o, why);
	monitor_free(m);
	free(only);
	loop_free(loop);
	return status;
}

int
cmd_check(int argc, char **argv)
{
	struct cmd_options o;
	struct plan *plan;
	int status = cmd_options(&o, argc, argv,
	    CMD_FORMAT | CMD_SITE | CMD_LONG | CMD_PLUGIN,
	    "[--format table|tsv|json] [--long] [--plugin] [--site FILE] [-C DIR] "
	    "[NAME...]");

	if (status >= 0)
		return status == 0 ? 0 : TALLY_UNKNOWN;
	log_open("svcport", true);
	plan = cmd_plan_load(&o);
	status = plan != NULL ? look_and_report(plan, &o) : TALLY_UNKNOWN;
	if (plan == NULL && o.plugin)
		gives_up(&o, "errors in the configuration: see `svcport lint`");
	plan_unref(plan);
	cmd_options_clear(&o);
	return status;
}
