#include "cmd.h"

#include <getopt.h>
#include <stdlib.h>

#include "config.h"
#include "diag.h"
#include "mem.h"

enum { OPT_FORMAT = 256, OPT_SITE, OPT_LONG, OPT_HELP };

static const struct option long_options[] = {
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "site", required_argument, NULL, OPT_SITE },
	{ "long", no_argument, NULL, OPT_LONG },
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
	case 'C':
		return CMD_SITE;
	case OPT_LONG:
		return CMD_LONG;
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
			printf("usage: svcport %s %s\n", argv[0], usage);
			cmd_options_clear(o);
			return 0;
		}
		if (c == '?' || (needs(c) & takes) == 0 || !take(o, c)) {
			fprintf(stderr, "usage: svcport %s %s\n", argv[0], usage);
			cmd_options_clear(o);
			return CMD_USAGE;
		}
	}
	o->first = optind;
	return -1;
}

void
cmd_options_clear(struct cmd_options *o)
{
	free(o->dirs);
	o->dirs = NULL;
}

struct plan *
cmd_plan_load(const struct cmd_options *o)
{
	struct config_request request = {
		.file = o->site, .dirs = o->dirs, .ndirs = o->ndirs
	};
	struct diag *d = diag_new();
	struct plan *plan = config_load(&request, d);
	char line[1400];

	for (size_t i = 0; i < diag_count(d); i++)
		fprintf(
		    stderr, "%s\n", diag_format(diag_get(d, i), line, sizeof(line)));
	diag_free(d);
	return plan;
}
