#ifndef SVCPORT_CSV_H
#define SVCPORT_CSV_H

/*
 * Comma-separated values as RFC 4180 has them and spreadsheets write them: quoted
 * cells with separators, line ends and doubled quotes in them, CR LF or LF, a byte
 * order mark, another separator.
 */

#include <stdbool.h>
#include <stddef.h>

struct diag;

struct csv_row {
	unsigned line; /* of the file, on which the row begins */
	char **cells;  /* without white space at their ends */
	size_t n;
};

struct csv {
	struct csv_row *rows; /* those that are not empty */
	size_t n;
};

/*
 * Reads the rows of a text, cells divided by `separator`.  Errors go to `d` with file
 * and line: an unterminated quote, text behind one, text that is not UTF-8.  Returns
 * the rows that could be read, also then; the caller frees.  NULL when nothing can be
 * read: UTF-16, or an octet 0.
 */
struct csv *csv_parse(
    const char *file, const char *text, size_t len, char separator, struct diag *d);
void csv_free(struct csv *c);

/* The separator that a first line "sep=;" names, as some spreadsheets write; 0 for
 * none. */
char csv_named_separator(const char *text, size_t len);

#endif
