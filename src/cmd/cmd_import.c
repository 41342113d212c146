/* svcport import: a first catalogue from a spreadsheet. */

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "catalogue/confkeys.h"
#include "base/diag.h"
#include "import/import.h"
#include "base/mem.h"
#include "base/slurp.h"
#include "base/utf8.h"

#define FILE_MAX       (16 * 1024 * 1024)
#define TEXT_MAX_SHORT 64    /* vendor and product */
#define TEXT_MAX_ANY   255   /* title */
#define NAME_MAX_CAT   32    /* of a catalogue */
#define FIRST_OWN      10000 /* smaller numbers are those of shipped catalogues */

static const char usage_text[] =
    "usage: svcport import --csv FILE [--name NAME] [--number NUMBER] "
    "[--vendor VENDOR]\n"
    "                      [--product PRODUCT] [--title TITLE]\n"
    "  writes a catalogue to standard output; FILE \"-\" is standard input\n";

struct arguments {
	const char *csv, *name, *number, *vendor, *product, *title;
};

static const struct option long_options[] = {
	{ "csv", required_argument, NULL, 'c' },
	{ "name", required_argument, NULL, 'n' },
	{ "number", required_argument, NULL, 'N' },
	{ "vendor", required_argument, NULL, 'v' },
	{ "product", required_argument, NULL, 'p' },
	{ "title", required_argument, NULL, 't' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* -1 to go on, else the exit status. */
static int
parse(struct arguments *a, int argc, char **argv)
{
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		const char **into = c == 'c'   ? &a->csv
		                    : c == 'n' ? &a->name
		                    : c == 'N' ? &a->number
		                    : c == 'v' ? &a->vendor
		                    : c == 'p' ? &a->product
		                    : c == 't' ? &a->title
		                               : NULL;

		if (c == 'h') {
			fputs(usage_text, stdout);
			return 0;
		}
		if (into == NULL) {
			fputs(usage_text, stderr);
			return CMD_USAGE;
		}
		*into = optarg;
	}
	if (a->csv == NULL || optind != argc) {
		fputs(usage_text, stderr);
		return CMD_USAGE;
	}
	return -1;
}

/* "Acme Ports v2.csv" -> "acme-ports-v2" */
static char *
name_of(const char *file)
{
	const char *base = strrchr(file, '/') != NULL ? strrchr(file, '/') + 1 : file;
	const char *dot = strrchr(base, '.');
	char *stem = mem_strndup(
	    base, dot != NULL ? (size_t)(dot - base) : strlen(base));
	char *name = import_slug(stem, NAME_MAX_CAT);

	free(stem);
	if (name[0] == '\0') {
		free(name);
		name = mem_strdup("imported");
	}
	return name;
}

/* What lint would refuse in the catalogue is refused here. */
static bool
is_fit(const char *option, const char *text, size_t max)
{
	if (strlen(text) <= max && utf8_valid(text) && !utf8_has_control(text))
		return true;
	fprintf(stderr,
	    "svcport: %s is a line of UTF-8, at most %zu octets, not \"%.80s\"\n",
	    option, max, text);
	return false;
}

static bool
fill(struct import_options *o, const struct arguments *a, const char *name)
{
	char *end = NULL;
	unsigned long n = a->number != NULL ? strtoul(a->number, &end, 10) : FIRST_OWN;

	if ((end != NULL && *end != '\0') || n < 1 || n > UINT16_MAX) {
		fprintf(
		    stderr, "svcport: --number is 1 to 65535, not \"%s\"\n", a->number);
		return false;
	}
	if (!confkeys_is_name(name) || strlen(name) > NAME_MAX_CAT) {
		fprintf(stderr,
		    "svcport: --name has letters, digits, '.', '_' and '-', at most "
		    "%d, "
		    "not \"%s\"\n",
		    NAME_MAX_CAT, name);
		return false;
	}
	*o = (struct import_options){ .name = name,
		.number = (unsigned)n,
		.vendor = a->vendor != NULL ? a->vendor : "",
		.product = a->product != NULL ? a->product : name,
		.title = a->title != NULL ? a->title : a->csv };
	return is_fit("--vendor", o->vendor, TEXT_MAX_SHORT) &&
	       is_fit("--product", o->product, TEXT_MAX_SHORT) &&
	       is_fit("--title", o->title, TEXT_MAX_ANY);
}

/* A catalogue with rows left out is written, too, and the status says so. */
static int
convert(const struct arguments *a, const struct import_options *o)
{
	struct diag *d = diag_new();
	const char *why;
	const char *path = strcmp(a->csv, "-") == 0 ? "/dev/stdin" : a->csv;
	size_t len;
	char *text = slurp(path, FILE_MAX, &len, &why);
	int status = CMD_USAGE;

	if (text == NULL)
		diag_error(d, a->csv, 0, "cannot read it: %s", why);
	else if (import_csv(a->csv, text, len, o, stdout, d) > 0)
		status = diag_errors(d) > 0 ? CMD_FAILED : 0;
	cmd_complain(d);
	diag_free(d);
	free(text);
	return status;
}

int
cmd_import(int argc, char **argv)
{
	struct arguments a = { 0 };
	struct import_options o;
	int status = parse(&a, argc, argv);
	char *name;

	if (status >= 0)
		return status;
	name = a.name != NULL ? mem_strdup(a.name) : name_of(a.csv);
	status = fill(&o, &a, name) ? convert(&a, &o) : CMD_USAGE;
	free(name);
	return status;
}
