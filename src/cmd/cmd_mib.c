#include "cmd/cmd_mib.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "export/mibtext.h"
#include "plan/load.h"
#include "site/site.h"

static const char usage_text[] = "usage: svcport mib [--root OID] [--site FILE]\n";

enum { OPT_ROOT = 256, OPT_SITE, OPT_HELP };

static const struct option long_options[] = {
	{ "root", required_argument, NULL, OPT_ROOT },
	{ "site", required_argument, NULL, OPT_SITE },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

/* The root that the site's agent has, "" for the one compiled in; NULL after an error.
 * The caller frees. */
static char *
root_of_site(const char *file)
{
	struct diag *d = diag_new();
	struct site *site = load_site_file(file, d);
	char *root = site != NULL ? mem_strdup(site->mib_root) : NULL;

	if (root == NULL)
		cmd_complain(d);
	site_free(site);
	diag_free(d);
	return root;
}

static int
print_mib(const char *root)
{
	char *text = mibtext_render(root);

	if (text == NULL) {
		fprintf(stderr,
		    "svcport: %s: not an OID for the MIB: use dotted numbers below "
		    "1.3.6.1\n",
		    root);
		return CMD_USAGE;
	}
	fputs(text, stdout);
	free(text);
	return 0;
}

int
cmd_mib(int argc, char **argv)
{
	const char *file = NULL;
	char *root = NULL;
	int status;
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (c == OPT_ROOT) {
			free(root);
			root = mem_strdup(optarg);
		} else if (c == OPT_SITE) {
			file = optarg;
		} else {
			free(root);
			fputs(usage_text, c == OPT_HELP ? stdout : stderr);
			return c == OPT_HELP ? 0 : CMD_USAGE;
		}
	}
	if (optind < argc) {
		free(root);
		fputs(usage_text, stderr);
		return CMD_USAGE;
	}
	if (root == NULL)
		root = root_of_site(file);
	status = root != NULL ? print_mib(root) : CMD_USAGE;
	free(root);
	return status;
}
