#include "cmd_lint.h"

#include <stdio.h>

#include "catalogue.h"
#include "diag.h"

/* Prints what was found in the files so far; returns the number of errors. */
static size_t
print(struct diag *d)
{
	char line[1400];

	for (size_t i = 0; i < diag_count(d); i++)
		puts(diag_format(diag_get(d, i), line, sizeof(line)));
	return diag_errors(d);
}

int
cmd_lint(int argc, char **argv)
{
	struct catalogue_list catalogues = { 0 };
	struct diag *d = diag_new();
	size_t errors;

	if (argc < 2) {
		fprintf(stderr, "usage: svcport lint FILE...\n");
		diag_free(d);
		return 2;
	}
	for (int i = 1; i < argc; i++) {
		struct catalogue *c = catalogue_read(argv[i], d);

		if (c != NULL)
			catalogue_list_add(&catalogues, c, d);
	}
	errors = print(d);
	for (size_t i = 0; i < catalogues.n; i++)
		printf("%s: catalogue %u \"%s\": %zu services on %u lines\n",
		    catalogues.v[i]->file, catalogues.v[i]->number,
		    catalogues.v[i]->name, catalogues.v[i]->nservices,
		    catalogues.v[i]->lines);
	catalogue_list_clear(&catalogues);
	diag_free(d);
	return errors != 0 ? 2 : 0;
}
