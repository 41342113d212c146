#ifndef SVCPORT_CMD_H
#define SVCPORT_CMD_H

/*
 * What the verbs of svcport(1) share: the options for files and format, and loading.
 * Each verb is one cmd_VERB.c with `int cmd_VERB(int argc, char **argv)`, argv[0] being
 * the verb; it returns the exit status.
 */

#include <stdbool.h>
#include <stddef.h>

#include "output.h"

#define CMD_USAGE 2 /* usage or configuration error, except for `check`: 3 */

struct plan;

struct cmd_options {
	const char *site; /* NULL: as config_load() */
	char **dirs;      /* -C: instead of the site's catalogue-path */
	size_t ndirs;
	enum output_format format;
	bool long_form;
	int first; /* index in argv of the first operand */
};

#define CMD_FORMAT 1u /* --format table|tsv|json */
#define CMD_SITE   2u /* --site FILE, -C DIR */
#define CMD_LONG   4u /* --long */

/* Parses the options that `takes` lists.  Returns -1 to go on, else the exit status
 * (0 after --help); `usage` is one line behind the verb. */
int cmd_options(
    struct cmd_options *o, int argc, char **argv, unsigned takes, const char *usage);
void cmd_options_clear(struct cmd_options *o);

/* The plan, with every message on stderr; NULL after an error. */
struct plan *cmd_plan_load(const struct cmd_options *o);

int cmd_catalogues(int argc, char **argv);
int cmd_services(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_check(int argc, char **argv);

#endif
