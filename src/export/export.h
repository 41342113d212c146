#ifndef SVCPORT_EXPORT_H
#define SVCPORT_EXPORT_H

/*
 * Importer files for managers, made of the MIB's text and, where a file is about this
 * installation, of its plan: what a manager imports cannot disagree with what the agent
 * serves.  A kind is one const struct export_kind at the end of its export_KIND.c and
 * one line in export.c's table.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "export/exportcontext.h"

#define EXPORT_PLAN  1u /* needs the plan */
#define EXPORT_FLOWS 2u /* needs one that knows who talks to whom, see flows.h */

struct export_file {
	const char *name; /* what the manager, or its people, call the file */
	const char *what; /* one line of help */
	/* One of the two. */
	bool (*write)(const struct export_context *x, FILE *out);
	const char *template;                        /* its words: exportwords.c */
	void (*escape)(const char *text, FILE *out); /* of the template's values */
};

struct export_kind {
	const char *name;
	const char *what;
	unsigned needs;                  /* EXPORT_* */
	const struct export_file *files; /* the first is what people want to see */
	size_t nfiles;
};

/* In the order of the documentation; NULL behind the last. */
const struct export_kind *export_at(size_t i);
/* NULL when there is none. */
const struct export_kind *export_find(const char *name);
const struct export_file *export_find_file(
    const struct export_kind *kind, const char *name);

/* False, with a message in err[size], when the file cannot be made; errors of `out` are
 * the caller's to find. */
bool export_write(const struct export_file *file, const struct export_context *x,
    FILE *out, char *err, size_t size);

#endif
