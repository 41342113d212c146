#ifndef SVCPORT_IMPORT_H
#define SVCPORT_IMPORT_H

/*
 * A first catalogue from a spreadsheet: a table with a header row, its columns known by
 * the names that people give them, in any order.  What cannot be read is reported with
 * its line and left out; what had to be guessed is reported as a warning.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct diag;

struct import_options {
	const char *name; /* of the catalogue; never NULL */
	unsigned number;
	const char *vendor, *product, *title; /* "" for none; the title is needed */
};

/*
 * Writes the catalogue of a table to `out`: a file that svcport lint accepts.  Returns
 * how many services it has; 0, with nothing written and the reason in `d`, when no
 * table or no usable row is found.
 */
size_t import_csv(const char *file, const char *text, size_t len,
    const struct import_options *o, FILE *out, struct diag *d);

/* The text as a name: lower-case, [a-z0-9._-] only, beginning with a letter, at most
 * `max` octets; "" when nothing is left.  The caller frees. */
char *import_slug(const char *text, size_t max);

#endif
