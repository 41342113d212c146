/* svcport roles, features, parameters: the words that a site file may use. */

#include <stdio.h>
#include <stdlib.h>

#include "cmd/cmd.h"
#include "base/mem.h"
#include "plan/plan.h"

#define WORD_MAX 160 /* "CATALOGUE:WORD" */

struct listing {
	const struct output_column *columns;
	size_t ncolumns;
	void (*rows)(struct output *out, const struct plan_catalogue *pc);
};

static const char *
number_text(size_t n, char buf[24])
{
	snprintf(buf, 24, "%zu", n);
	return buf;
}

static bool
has_role(const uint16_t *roles, size_t n, size_t role)
{
	for (size_t i = 0; i < n; i++) {
		if (roles[i] == role)
			return true;
	}
	return false;
}

static void
role_rows(struct output *out, const struct plan_catalogue *pc)
{
	const struct catalogue *c = pc->cat;

	for (size_t r = 0; r < c->nroles; r++) {
		size_t listens = 0;
		size_t connects = 0;
		char word[WORD_MAX], to[24], from[24];
		const char *cells[] = { word, c->roles[r].own ? "product" : "around it",
			to, from, c->roles[r].descr };

		for (size_t i = 0; i < c->nservices; i++) {
			const struct service *s = &c->services[i];

			listens += has_role(s->to, s->nto, r);
			connects += has_role(s->from, s->nfrom, r);
		}
		snprintf(word, sizeof(word), "%s:%s", pc->name, c->roles[r].name);
		number_text(listens, to);
		number_text(connects, from);
		output_row(out, cells, OUTPUT_PLAIN);
	}
}

static void
feature_rows(struct output *out, const struct plan_catalogue *pc)
{
	const struct catalogue *c = pc->cat;

	for (size_t f = 0; f < c->nfeatures; f++) {
		size_t services = 0;
		char word[WORD_MAX], count[24];
		const char *cells[] = { word, count, c->features[f].descr };

		for (size_t i = 0; i < c->nservices; i++)
			services += c->services[i].feature == (int)f;
		snprintf(word, sizeof(word), "%s:%s", pc->name, c->features[f].name);
		number_text(services, count);
		output_row(out, cells, OUTPUT_PLAIN);
	}
}

/* "1960", "[1, 2]"; the caller frees. */
static char *
default_text(const struct parameter *p)
{
	char *text;
	size_t size;
	FILE *to = mem_stream(&text, &size);

	fputs(p->several ? "[" : "", to);
	for (size_t i = 0; i < p->ndefaults; i++)
		fprintf(to, "%s%ld", i > 0 ? ", " : "", p->defaults[i]);
	fputs(p->several ? "]" : "", to);
	mem_stream_end(to);
	return text;
}

static void
parameter_rows(struct output *out, const struct plan_catalogue *pc)
{
	const struct catalogue *c = pc->cat;

	for (size_t i = 0; i < c->nparameters; i++) {
		const struct parameter *p = &c->parameters[i];
		char *values = default_text(p);
		char min[24], max[24];
		const char *cells[] = { pc->name, p->name, values, min, max, p->descr };

		snprintf(min, sizeof(min), "%ld", p->min);
		snprintf(max, sizeof(max), "%ld", p->max);
		output_row(out, cells, OUTPUT_PLAIN);
		free(values);
	}
}

static int
list(int argc, char **argv, const struct listing *l)
{
	struct cmd_options o;
	struct output *out;
	struct plan *plan;
	bool any = false;
	int status = cmd_options(&o, argc, argv, CMD_FORMAT | CMD_SITE | CMD_LONG,
	    "[--format table|tsv|json] [--long] [--site FILE] [-C DIR] [CATALOGUE...]");

	if (status >= 0)
		return status;
	plan = cmd_plan_load(&o);
	if (plan == NULL) {
		cmd_options_clear(&o);
		return CMD_USAGE;
	}
	out = cmd_output(&o, l->columns, l->ncolumns);
	for (uint32_t i = 0; i < plan->ncats; i++) {
		if (!cmd_selected(&o, plan->cats[i].name, "", NULL))
			continue;
		any = true;
		l->rows(out, &plan->cats[i]);
	}
	status = cmd_output_end(out);
	if (!any && o.noperands > 0) {
		fprintf(stderr,
		    "svcport: no catalogue of that name: see `svcport catalogues`\n");
		status = CMD_USAGE;
	}
	plan_unref(plan);
	cmd_options_clear(&o);
	return status;
}

int
cmd_roles(int argc, char **argv)
{
	static const struct output_column columns[] = { { "role", false, 0, 0 },
		{ "part", false, 0, 2 }, { "listens", true, 0, 1 },
		{ "connects", true, 0, 1 }, { "descr", false, 80, 0 } };

	return list(argc, argv, &(struct listing){ columns, 5, role_rows });
}

int
cmd_features(int argc, char **argv)
{
	static const struct output_column columns[] = { { "feature", false, 0, 0 },
		{ "services", true, 0, 1 }, { "descr", false, 100, 0 } };

	return list(argc, argv, &(struct listing){ columns, 3, feature_rows });
}

int
cmd_parameters(int argc, char **argv)
{
	static const struct output_column columns[] = { { "catalogue", false, 0, 0 },
		{ "parameter", false, 0, 0 }, { "default", false, 24, 0 },
		{ "min", true, 0, 1 }, { "max", true, 0, 1 },
		{ "descr", false, 80, 0 } };

	return list(argc, argv, &(struct listing){ columns, 6, parameter_rows });
}
