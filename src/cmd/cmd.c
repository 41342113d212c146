#include "cmd/cmd.h"

#include <fnmatch.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/load.h"
#include "base/diag.h"
#include "base/mem.h"
#include "plan/plan.h"

enum { OPT_FORMAT = 256, OPT_SITE, OPT_LONG, OPT_PLUGIN, OPT_HELP };

static const struct option long_options[] = {
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "site", required_argument, NULL, OPT_SITE },
	{ "long", no_argument, NULL, OPT_LONG },
	{ "plugin", no_argument, NULL, OPT_PLUGIN },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static unsigned
needs(int c)
{
	switch (c) {
	case OPT_FORMAT:
		return CMD_FORMAT;
	case OPT_SITE:
		return CMD_SITE;
	case 'C':
		return CMD_SITE | CMD_DIRS;
	case OPT_LONG:
		return CMD_LONG;
	case OPT_PLUGIN:
		return CMD_PLUGIN;
	default:
		return 0;
	}
}

static bool
take(struct cmd_options *o, int c)
{
	switch (c) {
	case OPT_FORMAT:
		if (output_parse_format(optarg, &o->format))
			return true;
		fprintf(stderr, "svcport: --format is table, tsv or json, not \"%s\"\n",
		    optarg);
		return false;
	case OPT_SITE:
		o->site = optarg;
		return true;
	case 'C':
		o->dirs = mem_resize(o->dirs, o->ndirs + 1, sizeof(*o->dirs));
		o->dirs[o->ndirs++] = optarg;
		return true;
	case OPT_LONG:
		o->long_form = true;
		return true;
	case OPT_PLUGIN:
		o->plugin = true;
		return true;
	default:
		return false;
	}
}

int
cmd_options(
    struct cmd_options *o, int argc, char **argv, unsigned takes, const char *usage)
{
	int c;

	*o = (struct cmd_options){ .format = OUTPUT_TABLE };
	optind = 1;
	while ((c = getopt_long(argc, argv, "C:", long_options, NULL)) != -1) {
		if (c == OPT_HELP) {
			printf("usage: %s %s\n", argv[0], usage);
			cmd_options_clear(o);
			return 0;
		}
		if (c == '?' || (needs(c) & takes) == 0 || !take(o, c)) {
			fprintf(stderr, "usage: %s %s\n", argv[0], usage);
			cmd_options_clear(o);
			return CMD_USAGE;
		}
	}
	o->operands = argv + optind;
	o->noperands = (size_t)(argc - optind);
	return -1;
}

void
cmd_options_clear(struct cmd_options *o)
{
	free(o->dirs);
	o->dirs = NULL;
}

struct output *
cmd_output(
    const struct cmd_options *o, const struct output_column *columns, size_t ncolumns)
{
	struct output_style style = output_style(stdout, o->format, o->long_form);

	return output_new(stdout, &style, columns, ncolumns);
}

int
cmd_output_end(struct output *out)
{
	if (output_end(out) == 0)
		return 0;
	perror("svcport: standard output");
	return CMD_FAILED;
}

bool
cmd_complain(struct diag *d)
{
	char line[1400];

	for (size_t i = 0; i < diag_count(d); i++)
		fprintf(
		    stderr, "%s\n", diag_format(diag_get(d, i), line, sizeof(line)));
	return diag_errors(d) > 0;
}

struct plan *
cmd_plan_load(const struct cmd_options *o)
{
	struct load_request request = {
		.file = o->site, .dirs = o->dirs, .ndirs = o->ndirs
	};
	struct diag *d = diag_new();
	struct plan *plan = load_plan(&request, d);

	cmd_complain(d);
	diag_free(d);
	return plan;
}

/* ---- which rows are meant */

static bool
operand_meant(
    const char *operand, const char *catalogue, const char *service, const char *host)
{
	const char *at = strchr(operand, '@');
	char name[PLAN_NAME_MAX];
	char glob[512];

	if (at == NULL && strchr(operand, '/') == NULL)
		return fnmatch(operand, catalogue, 0) == 0 ||
		       (host != NULL && fnmatch(operand, host, 0) == 0);
	snprintf(glob, sizeof(glob), "%s%s%s", at == operand ? "*" : "", operand,
	    at == NULL ? "@*" : "");
	snprintf(name, sizeof(name), "%s/%s@%s", catalogue, service,
	    host != NULL ? host : "");
	return fnmatch(glob, name, 0) == 0;
}

bool
cmd_selected(const struct cmd_options *o, const char *catalogue, const char *service,
    const char *host)
{
	for (size_t i = 0; i < o->noperands; i++) {
		if (operand_meant(o->operands[i], catalogue, service, host))
			return true;
	}
	return o->noperands == 0;
}

/* ---- texts */

char *
cmd_ports(const struct plan *p, const struct check *c)
{
	char *ports = portset_text(&c->ports);
	char *text = mem_printf("%s%s%s", types_proto(plan_service(p, c)->protocol),
	    c->ports.count > 0 ? "/" : "", ports);

	free(ports);
	return text;
}
