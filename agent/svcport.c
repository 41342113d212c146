/* svcport(1): one command with verbs. */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/cmd_lint.h"
#include "cmd/cmd_mib.h"
#include "cmd_status.h"
#include "base/stdfds.h"
#include "base/suggest.h"

#define EXIT_USAGE 2

struct verb {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is "svcport VERB" */
	const char *arguments;
	const char *help;
};

static const struct verb verbs[] = {
	{ "catalogues", cmd_catalogues, "", "the documents that are loaded" },
	{ "services", cmd_services, "[CATALOGUE...]", "every documented port" },
	{ "roles", cmd_roles, "[CATALOGUE...]",
	    "what a host can be: words for the site file" },
	{ "features", cmd_features, "[CATALOGUE...]",
	    "what makes an optional port needed" },
	{ "parameters", cmd_parameters, "[CATALOGUE...]",
	    "ports and numbers that are the customer's" },
	{ "plan", cmd_plan, "[NAME...]", "what this site checks, how and why" },
	{ "check", cmd_check, "[NAME...]", "look now, without daemon or snmpd" },
	{ "report", cmd_report, "--html FILE", "the same look, as a page for audit" },
	{ "status", cmd_status, "[AGENT...]",
	    "running agents, read by SNMP, worst first" },
	{ "watch", cmd_watch, "[AGENT...]",
	    "the same, again and again, with what changed" },
	{ "export", cmd_export, "KIND [FILE]",
	    "files to import into a manager or firewall" },
	{ "diff", cmd_diff, "OLD NEW", "what changed between two editions" },
	{ "import", cmd_import, "--csv FILE", "a first catalogue from a spreadsheet" },
	{ "lint", cmd_lint, "[-C DIR] FILE...",
	    "every error of catalogue and site files" },
	{ "mib", cmd_mib, "", "SVCPORT-MIB below the root in use" },
};

#define NVERBS (sizeof(verbs) / sizeof(verbs[0]))

static void
usage(FILE *to)
{
	fprintf(to, "usage: svcport VERB [ARGUMENT...]\n\n");
	for (size_t i = 0; i < NVERBS; i++)
		fprintf(to, "  %-12s %-16s %s\n", verbs[i].name, verbs[i].arguments,
		    verbs[i].help);
	fprintf(
	    to, "\n`svcport help VERB` has the options, svcport(1) all the rest.\n");
}

static int
unknown_verb(const char *name)
{
	struct suggest near = SUGGEST(name);
	char hint[SUGGEST_TEXT];

	for (size_t i = 0; i < NVERBS; i++)
		suggest_offer(&near, verbs[i].name);
	fprintf(stderr, "svcport: unknown verb \"%s\"%s\n", name,
	    suggest_text(&near, hint));
	return EXIT_USAGE;
}

static const struct verb *
find_verb(const char *name)
{
	for (size_t i = 0; i < NVERBS; i++) {
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	}
	return NULL;
}

static bool
is_help(const char *word)
{
	return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 ||
	       strcmp(word, "-h") == 0;
}

/* argv[0] becomes "svcport VERB", as getopt(3) and usage lines begin. */
static int
run(const char *name, int argc, char **argv)
{
	const struct verb *v = find_verb(name);
	static char program[64];

	if (v == NULL)
		return unknown_verb(name);
	snprintf(program, sizeof(program), "svcport %s", v->name);
	argv[0] = program;
	return v->run(argc, argv);
}

static int
help_of(const char *name)
{
	char *argv[] = { NULL, (char *)(uintptr_t) "--help", NULL };

	return run(name, 2, argv);
}

static int
dispatch(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (argc < 2) {
		usage(stderr);
		return EXIT_USAGE;
	}
	if (is_help(name)) {
		if (argc > 2)
			return help_of(argv[2]);
		usage(stdout);
		return 0;
	}
	if (strcmp(name, "-V") == 0 || strcmp(name, "--version") == 0) {
		puts("svcport " SVCPORT_VERSION);
		return 0;
	}
	return run(name, argc - 1, argv + 1);
}

int
main(int argc, char **argv)
{
	int status;

	stdfds_open();
	status = dispatch(argc, argv);
	/* What said so itself did not end with 0. */
	if (status == 0 && (fflush(stdout) != 0 || ferror(stdout) != 0)) {
		perror("svcport: standard output");
		status = CMD_FAILED;
	}
	return status;
}
