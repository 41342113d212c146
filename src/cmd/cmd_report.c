/* svcport report: one look, as a page for people who were not there. */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "base/log.h"
#include "base/loop.h"
#include "monitor/monitor.h"
#include "plan/plan.h"
#include "cmd/report.h"

static const struct row *
row_of(void *arg, unsigned check)
{
	return monitor_row(arg, check);
}

/* Takes "--html FILE" or "--html=FILE" out of the arguments; NULL when it is not there.
 */
static const char *
take_html(int *argc, char **argv)
{
	const char *file = NULL;
	int n = 0;

	for (int i = 0; i < *argc; i++) {
		if (strcmp(argv[i], "--html") == 0 && i + 1 < *argc)
			file = argv[++i];
		else if (strncmp(argv[i], "--html=", 7) == 0)
			file = argv[i] + 7;
		else
			argv[n++] = argv[i];
	}
	*argc = n;
	argv[n] = NULL;
	return file;
}

static int
write_page(const char *file, const struct plan *plan, struct monitor *m)
{
	FILE *to = strcmp(file, "-") == 0 ? stdout : fopen(file, "w");

	if (to != NULL) {
		report_html(to, plan, row_of, m, wall_now());
		if (fflush(to) == 0 && ferror(to) == 0 &&
		    (to == stdout || fclose(to) == 0))
			return 0;
	}
	fprintf(stderr, "svcport: %s: %s\n", file, strerror(errno));
	return CMD_FAILED;
}

int
cmd_report(int argc, char **argv)
{
	static const char usage[] = "--html FILE [--site FILE] [-C DIR]";
	const char *file = take_html(&argc, argv);
	struct cmd_options o;
	struct monitor *m;
	struct loop *loop;
	struct plan *plan;
	int status = cmd_options(&o, argc, argv, CMD_SITE, usage);

	if (status >= 0)
		return status;
	if (file == NULL || o.noperands > 0) {
		fprintf(stderr, "usage: svcport report %s\n", usage);
		cmd_options_clear(&o);
		return CMD_USAGE;
	}
	log_open("svcport", true);
	plan = cmd_plan_load(&o);
	cmd_options_clear(&o);
	if (plan == NULL)
		return CMD_USAGE;
	loop = loop_new();
	m = loop != NULL ? cmd_look(loop, plan, NULL) : NULL;
	if (m == NULL) {
		fprintf(stderr, "svcport: cannot check: %s\n", strerror(errno));
		status = CMD_FAILED;
	} else {
		status = write_page(file, plan, m);
	}
	monitor_free(m);
	loop_free(loop);
	plan_unref(plan);
	return status;
}
