#ifndef SVCPORT_CMD_H
#define SVCPORT_CMD_H

/*
 * What the verbs of svcport(1) share: the options for files and format, loading, and
 * which rows are meant.  Each verb is `int cmd_VERB(int argc, char **argv)` in a
 * cmd_*.c, argv[0] being "svcport VERB"; it returns the exit status.  That
 * standard output could be written is checked at the end of main().
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/output.h"

#define CMD_FAILED 1 /* anything else went wrong, writing for one */
#define CMD_USAGE  2 /* usage or configuration error, except for `check`: 3 */

struct check;
struct diag;
struct loop;
struct monitor;
struct plan;

struct cmd_options {
	const char *site; /* NULL: as load_plan() */
	char **dirs;      /* -C: instead of the site's catalogue-path */
	size_t ndirs;
	enum output_format format;
	bool long_form;
	bool plugin;
	char **operands; /* within argv */
	size_t noperands;
};

#define CMD_FORMAT 1u  /* --format table|tsv|json */
#define CMD_SITE   2u  /* --site FILE, -C DIR */
#define CMD_LONG   4u  /* --long */
#define CMD_PLUGIN 8u  /* --plugin */
#define CMD_DIRS   16u /* -C DIR alone */

/* Parses the options that `takes` lists.  Returns -1 to go on, else the exit status
 * (0 after --help); `usage` is one line behind the verb. */
int cmd_options(
    struct cmd_options *o, int argc, char **argv, unsigned takes, const char *usage);
void cmd_options_clear(struct cmd_options *o);

/* The plan, with every message on stderr; NULL after an error. */
struct plan *cmd_plan_load(const struct cmd_options *o);

/* An output for the options' format on standard output; the columns are borrowed. */
struct output *cmd_output(
    const struct cmd_options *o, const struct output_column *columns, size_t ncolumns);
/* output_end(), with a message when it failed: 0 or CMD_FAILED. */
int cmd_output_end(struct output *out);

/* Every message, a line each, on stderr; returns whether there was an error. */
bool cmd_complain(struct diag *d);

/*
 * Whether the operands ask for this service (of this host, NULL where hosts do not
 * matter); without operands they ask for everything.  An operand is a glob on
 * "CATALOGUE/SERVICE@HOST", with "CATALOGUE/SERVICE" or "@HOST" left out if you like; a
 * word with neither '/' nor '@' is a catalogue or a host.
 */
bool cmd_selected(const struct cmd_options *o, const char *catalogue,
    const char *service, const char *host);

/* "tcp/443", "icmp", "udp/7000-7999"; the caller frees. */
char *cmd_ports(const struct plan *p, const struct check *c);

/* Looks once at every row, until each was looked at: a probe ends by its own timeout.
 * `only` as in monitor.h.  NULL with errno when nothing can be watched; the caller
 * frees.
 */
struct monitor *cmd_look(struct loop *loop, struct plan *plan, const bool *only);

int cmd_catalogues(int argc, char **argv);
int cmd_features(int argc, char **argv);
int cmd_parameters(int argc, char **argv);
int cmd_roles(int argc, char **argv);
int cmd_services(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_export(int argc, char **argv);

#endif
