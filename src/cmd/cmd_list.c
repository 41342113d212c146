/* svcport catalogues, services: what is documented. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "catalogue/catfield.h"
#include "catalogue/formula.h"
#include "base/mem.h"
#include "plan/plan.h"

#define FORMULA_ROOM 128 /* its display form has 64 octets */

/* ---- catalogues */

int
cmd_catalogues(int argc, char **argv)
{
	static const struct output_column columns[] = { { "number", true, 0, 0 },
		{ "name", false, 0, 0 }, { "product", false, 0, 0 },
		{ "version", false, 24, 1 }, { "document", false, 60, 0 },
		{ "lines", true, 0, 0 }, { "services", true, 0, 0 } };
	struct cmd_options o;
	struct output *out;
	struct plan *plan;
	bool any = false;
	int status = cmd_options(&o, argc, argv, CMD_FORMAT | CMD_SITE | CMD_LONG,
	    "[--format table|tsv|json] [--long] [--site FILE] [-C DIR] [CATALOGUE...]");

	if (status >= 0)
		return status;
	plan = cmd_plan_load(&o);
	cmd_options_clear(&o);
	if (plan == NULL)
		return CMD_USAGE;
	out = cmd_output(&o, columns, 7);
	for (uint32_t i = 0; i < plan->ncats; i++) {
		const struct catalogue *c = plan->cats[i].cat;
		char number[16];
		char lines[16];
		char services[16];
		const char *cells[] = { number, plan->cats[i].name, c->product,
			c->version, c->title, lines, services };

		if (!cmd_selected(&o, plan->cats[i].name, "", NULL))
			continue;
		snprintf(number, sizeof(number), "%u", plan->cats[i].number);
		snprintf(lines, sizeof(lines), "%u", c->lines);
		snprintf(services, sizeof(services), "%zu", c->nservices);
		output_row(out, cells, OUTPUT_PLAIN);
		any = true;
	}
	status = cmd_output_end(out);
	plan_unref(plan);
	if (!any && o.noperands > 0) {
		fprintf(stderr, "svcport: no catalogue of that name: without one all "
				"are listed\n");
		return CMD_USAGE;
	}
	return status;
}

/* ---- services */

static const long *
default_of(void *arg, const char *name, size_t *count)
{
	const struct catalogue *c = arg;
	int i = catalogue_parameter(c, name);

	if (i < 0)
		return NULL;
	*count = c->parameters[i].ndefaults;
	return c->parameters[i].defaults;
}

/* The ports with the parameters' defaults; the formula itself when there is no default
 * ("11701+drive"); "echo" for ICMP.  The caller frees. */
static char *
ports_text(const struct catalogue *c, const struct service *s)
{
	struct portset set = { 0 };
	char formula[FORMULA_ROOM];
	char error[128];
	char *text;

	if (s->protocol == PROTO_ICMP || s->protocol == PROTO_ICMPV6)
		return mem_strdup("echo");
	if (formula_eval(s->ports, default_of, (void *)(uintptr_t)c, &set, error,
		sizeof(error)) &&
	    set.count > 0)
		text = portset_text(&set);
	else
		text = mem_strdup(formula_display(s->ports, formula, sizeof(formula)));
	portset_clear(&set);
	return text;
}

static void
service_row(
    struct output *out, const struct plan_catalogue *pc, const struct service *s)
{
	char number[16];
	char line[16];
	char *ports = ports_text(pc->cat, s);
	char from[CATFIELD_TEXT_MAX];
	char to[CATFIELD_TEXT_MAX];
	char formula[FORMULA_ROOM];
	char note[512];
	const char *cells[15];

	snprintf(number, sizeof(number), "%u", s->number);
	snprintf(line, sizeof(line), "%u", s->line);
	cells[0] = pc->name;
	cells[1] = number;
	cells[2] = s->name;
	cells[3] = types_proto(s->protocol);
	cells[4] = ports;
	cells[5] = catalogue_roles_text(pc->cat, s, false, from, sizeof(from));
	cells[6] = catalogue_roles_text(pc->cat, s, true, to, sizeof(to));
	cells[7] = types_expected(catalogue_expected(s));
	cells[8] = s->encryption;
	cells[9] = s->section;
	cells[10] = line;
	cells[11] = s->feature >= 0 ? pc->cat->features[s->feature].name : "";
	cells[12] = s->descr;
	cells[13] = formula_display(s->ports, formula, sizeof(formula));
	cells[14] = catalogue_note(s, note, sizeof(note));
	output_row(out, cells, OUTPUT_PLAIN);
	free(ports);
}

int
cmd_services(int argc, char **argv)
{
	static const struct output_column columns[] = { { "catalogue", false, 0, 2 },
		{ "index", true, 0, 6 }, { "name", false, 0, 0 },
		{ "protocol", false, 0, 0 }, { "ports", false, 24, 0 },
		{ "from", false, 28, 0 }, { "to", false, 28, 0 },
		{ "expected", false, 0, 1 }, { "encryption", false, 16, 7 },
		{ "section", false, 32, 8 }, { "line", true, 0, 5 },
		{ "feature", false, 0, 9 }, { "descr", false, 60, 4 },
		{ "formula", false, 0, 0 }, { "note", false, 0, 0 } };
	struct cmd_options o;
	struct output *out;
	struct plan *plan;
	size_t rows = 0;
	int status = cmd_options(&o, argc, argv, CMD_FORMAT | CMD_SITE | CMD_LONG,
	    "[--long] [--format table|tsv|json] [--site FILE] [-C DIR] [CATALOGUE...]");

	if (status >= 0)
		return status;
	plan = cmd_plan_load(&o);
	cmd_options_clear(&o);
	if (plan == NULL)
		return CMD_USAGE;
	out = cmd_output(&o, columns, o.long_form ? 15 : 13);
	for (uint32_t i = 0; i < plan->ncats; i++) {
		const struct plan_catalogue *pc = &plan->cats[i];

		for (size_t k = 0; k < pc->cat->nservices; k++) {
			const struct service *s = &pc->cat->services[k];

			if (!cmd_selected(&o, pc->name, s->name, NULL))
				continue;
			service_row(out, pc, s);
			rows++;
		}
	}
	status = cmd_output_end(out);
	plan_unref(plan);
	if (rows == 0 && o.noperands > 0) {
		fprintf(stderr, "svcport: no service of that name: see `svcport "
				"catalogues`\n");
		return CMD_USAGE;
	}
	return status;
}
