#include "cmd_lint.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "catalogue.h"
#include "conf.h"
#include "diag.h"
#include "mem.h"
#include "site.h"

#define EXIT_ERRORS 2

struct lint {
	struct diag *d;
	struct catalogue_list
	    catalogues; /* given by name: checked against each other */
	char **dirs;    /* instead of a site's catalogue-path */
	size_t ndirs;
};

/* By the key that only catalogues have.  What is wrong with the file is told by the
 * reader proper. */
static bool
is_catalogue(const char *file)
{
	struct diag *unused = diag_new();
	struct conf *conf = conf_read(file, unused);
	bool found = false;

	if (conf != NULL) {
		struct conf_group root = conf_root(conf, "");

		found = conf_has(&root, "catalogue");
	}
	conf_free(conf);
	diag_free(unused);
	return found;
}

static void
lint_site(struct lint *l, const char *file)
{
	struct catalogue_list catalogues;
	struct site *s = site_read(file, l->d);

	if (s == NULL)
		return;
	if (l->ndirs > 0)
		site_set_catalogue_path(s, l->dirs, l->ndirs);
	site_catalogues(s, &catalogues, l->d);
	site_check(s, &catalogues, l->d);
	catalogue_list_clear(&catalogues);
	site_free(s);
}

static void
lint_file(struct lint *l, const char *file)
{
	struct catalogue *c;

	if (!is_catalogue(file)) {
		lint_site(l, file);
		return;
	}
	c = catalogue_read(file, l->d);
	if (c != NULL)
		catalogue_list_add(&l->catalogues, c, l->d);
}

static void
print(struct diag *d)
{
	char line[1400];

	for (size_t i = 0; i < diag_count(d); i++)
		puts(diag_format(diag_get(d, i), line, sizeof(line)));
}

static int
usage(void)
{
	fprintf(stderr,
	    "usage: svcport lint [-C DIRECTORY]... FILE...\n"
	    "  -C DIRECTORY  where site files find catalogues, instead of their "
	    "catalogue-path\n");
	return EXIT_ERRORS;
}

static int
run(struct lint *l, int argc, char **argv)
{
	int opt;

	optind = 1;
	while ((opt = getopt(argc, argv, "C:")) != -1) {
		if (opt != 'C')
			return usage();
		l->dirs[l->ndirs++] = optarg;
	}
	if (optind == argc)
		return usage();
	for (int i = optind; i < argc; i++)
		lint_file(l, argv[i]);
	print(l->d);
	return diag_errors(l->d) != 0 ? EXIT_ERRORS : 0;
}

int
cmd_lint(int argc, char **argv)
{
	struct lint l = { .d = diag_new(), .dirs = mem_array(char *, (size_t)argc) };
	int status = run(&l, argc, argv);

	catalogue_list_clear(&l.catalogues);
	free(l.dirs);
	diag_free(l.d);
	return status;
}
