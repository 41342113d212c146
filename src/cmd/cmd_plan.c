/* svcport plan: what follows here from what is documented. */

#include <stdio.h>
#include <stdlib.h>

#include "cmd/cmd.h"
#include "plan/plan.h"
#include "model/reason.h"

/* How a row is observed: "listen", "tcpConnect/60s", "listen+tcpConnect/60s", "none".
 */
static const char *
observed_text(const struct check *c, char *buf, size_t size)
{
	const char *listen = (c->flags & CHECK_LISTEN) != 0 ? "listen" : "";

	if (c->nprobes > 0)
		snprintf(buf, size, "%s%s%s/%us", listen, listen[0] != '\0' ? "+" : "",
		    types_method((enum probe_method)c->method), c->interval);
	else
		snprintf(buf, size, "%s", listen[0] != '\0' ? listen : "none");
	return buf;
}

static enum reason
unjudged_reason(const struct check *c, const struct service *s)
{
	if (c->idle != REASON_NONE)
		return (enum reason)c->idle;
	return s->on_demand ? REASON_ON_DEMAND : REASON_POOL;
}

/* Whether the row can deviate: "yes", "yes: one of ldap", or why it cannot. */
static const char *
judged_text(const struct plan *p, const struct check *c, char *buf, size_t size)
{
	const struct service *s = plan_service(p, c);
	const struct catalogue *cat = p->cats[c->cat].cat;

	if ((c->flags & CHECK_NO_ROLE) != 0)
		return "no: no role";
	if ((c->flags & CHECK_UNJUDGED) != 0 ||
	    ((c->flags & CHECK_LISTEN) == 0 && c->nprobes == 0)) {
		snprintf(buf, size, "no: ");
		reason_text(unjudged_reason(c, s), 0, buf + 4, size - 4);
	} else if ((c->flags & CHECK_VERSION_OFF) != 0) {
		snprintf(buf, size, "no: version is not %s", s->versions);
	} else if ((c->flags & CHECK_FEATURE_OFF) != 0) {
		snprintf(buf, size, "no: without feature %s",
		    cat->features[s->feature].name);
	} else if (c->expected == EXPECTED_OPTIONAL ||
		   c->expected == EXPECTED_UNSPECIFIED) {
		return "no";
	} else if (c->group != 0) {
		snprintf(buf, size, "yes: group %s", p->groups[c->group - 1].name);
	} else if (c->alternative != 0) {
		snprintf(buf, size, "yes: one of %s", s->alternative_name);
	} else {
		return "yes";
	}
	return buf;
}

static void
plan_row(struct output *out, const struct plan *p, const struct check *c)
{
	const struct service *s = plan_service(p, c);
	char name[PLAN_NAME_MAX];
	char index[32];
	char *ports = cmd_ports(p, c);
	char observed[64];
	char judged[128];
	char why[600];
	char line[16];
	const char *cells[] = { index, plan_check_name(p, c, name), ports,
		observed_text(c, observed, sizeof(observed)),
		types_expected((enum expected)c->expected),
		judged_text(p, c, judged, sizeof(judged)),
		plan_why(p, c, why, sizeof(why)), s->section, line, s->encryption,
		p->cats[c->cat].cat->title };

	snprintf(index, sizeof(index), "%u.%u.%u", p->cats[c->cat].number, s->number,
	    p->hosts[c->host].number);
	snprintf(line, sizeof(line), "%u", s->line);
	output_row(out, cells, OUTPUT_PLAIN);
	free(ports);
}

/* Returns the exit status. */
static int
plan_rows(const struct plan *p, const struct cmd_options *o)
{
	static const struct output_column columns[] = { { "index", false, 0, 4 },
		{ "name", false, 0, 0 }, { "ports", false, 32, 0 },
		{ "observed", false, 0, 1 }, { "expected", false, 0, 3 },
		{ "judged", false, 44, 0 }, { "why", false, 64, 2 },
		{ "section", false, 44, 6 }, { "line", true, 0, 5 },
		{ "encryption", false, 0, 0 }, { "document", false, 0, 0 } };
	bool more = o->format != OUTPUT_TABLE || o->long_form;
	struct output *out = cmd_output(o, columns, more ? 11 : 9);
	size_t rows = 0;

	for (uint32_t i = 0; i < p->nchecks; i++) {
		const struct check *c = &p->checks[i];

		if (!cmd_selected(o, p->cats[c->cat].name, plan_service(p, c)->name,
			p->hosts[c->host].name))
			continue;
		plan_row(out, p, c);
		rows++;
	}
	if (rows == 0 && o->noperands > 0) {
		fprintf(stderr, "svcport: no check of that name: see `svcport plan`\n");
		cmd_output_end(out);
		return CMD_USAGE;
	}
	if (o->format == OUTPUT_TABLE)
		fprintf(stderr, "%zu checks on %u host%s, %u probe%s\n", rows,
		    p->nhosts, p->nhosts == 1 ? "" : "s", p->nendpoints,
		    p->nendpoints == 1 ? "" : "s");
	return cmd_output_end(out);
}

int
cmd_plan(int argc, char **argv)
{
	struct cmd_options o;
	struct plan *plan;
	int status = cmd_options(&o, argc, argv, CMD_FORMAT | CMD_SITE | CMD_LONG,
	    "[--format table|tsv|json] [--long] [--site FILE] [-C DIR] [NAME...]");

	if (status >= 0)
		return status;
	plan = cmd_plan_load(&o);
	cmd_options_clear(&o);
	if (plan == NULL)
		return CMD_USAGE;
	status = plan_rows(plan, &o);
	plan_unref(plan);
	return status;
}
