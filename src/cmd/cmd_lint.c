#include "cmd/cmd_lint.h"

#include <stdio.h>
#include <stdlib.h>

#include "catalogue/catalogue.h"
#include "cmd/cmd.h"
#include "config/conf.h"
#include "config/source.h"
#include "base/diag.h"
#include "base/slurp.h"
#include "plan/load.h"
#include "plan/plan.h"

/* By the key that only catalogues have.  What is wrong with the file is told by the
 * reader proper. */
static bool
is_catalogue(const char *file, const char *text, size_t len)
{
	struct diag *unused = diag_new();
	struct conf *conf = conf_parse(file, text, len, unused);
	bool found = false;

	if (conf != NULL) {
		struct conf_group root = conf_root(conf, "");

		found = conf_has(&root, "catalogue");
	}
	conf_free(conf);
	diag_free(unused);
	return found;
}

/* A site is right when a plan can be made of it. */
static void
lint_site(const struct cmd_options *o, const char *file, const char *text, size_t len,
    struct diag *d)
{
	struct load_request r = { .file = file,
		.text = text,
		.len = len,
		.dirs = o->dirs,
		.ndirs = o->ndirs };

	plan_unref(load_plan(&r, d));
}

/* Catalogues named together are checked against each other. */
static void
lint_catalogue(struct catalogue_list *list, const char *file, const char *text,
    size_t len, struct diag *d)
{
	struct catalogue *c = catalogue_parse(file, text, len, d);

	if (c != NULL)
		catalogue_list_add(list, c, d);
}

/* Read once: it may be a pipe. */
static void
lint_file(const struct cmd_options *o, struct catalogue_list *list, const char *file,
    struct diag *d)
{
	const char *why;
	size_t len;
	char *text = slurp(file, SOURCE_FILE_MAX, &len, &why);

	if (text == NULL)
		diag_error(d, file, 0, "cannot read it: %s", why);
	else if (is_catalogue(file, text, len))
		lint_catalogue(list, file, text, len, d);
	else
		lint_site(o, file, text, len, d);
	free(text);
}

static void
print(struct diag *d)
{
	char line[1400];

	for (size_t i = 0; i < diag_count(d); i++)
		puts(diag_format(diag_get(d, i), line, sizeof(line)));
}

static int
lint(const struct cmd_options *o)
{
	struct catalogue_list list = { 0 };
	struct diag *d = diag_new();
	int status;

	for (size_t i = 0; i < o->noperands; i++)
		lint_file(o, &list, o->operands[i], d);
	print(d);
	status = diag_errors(d) != 0 ? CMD_USAGE : 0;
	catalogue_list_clear(&list);
	diag_free(d);
	return status;
}

int
cmd_lint(int argc, char **argv)
{
	static const char usage[] = "[-C DIR]... FILE...";
	struct cmd_options o;
	int status = cmd_options(&o, argc, argv, CMD_DIRS, usage);

	if (status >= 0)
		return status;
	if (o.noperands == 0) {
		fprintf(stderr, "usage: %s %s\n", argv[0], usage);
		status = CMD_USAGE;
	} else {
		status = lint(&o);
	}
	cmd_options_clear(&o);
	return status;
}
