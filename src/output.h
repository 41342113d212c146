#ifndef SVCPORT_OUTPUT_H
#define SVCPORT_OUTPUT_H

/*
 * Rows for people (table), for scripts (tsv, with a header line) and for programs
 * (json, an array of objects).  Cells are UTF-8; tabs and line ends in them become
 * spaces in tsv and table.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum output_format { OUTPUT_TABLE, OUTPUT_TSV, OUTPUT_JSON };

/* "table", "tsv" or "json"; false for any other text. */
bool output_parse_format(const char *text, enum output_format *out);

struct output_column {
	const char *name; /* the header, and the key in json */
	bool number;      /* right-aligned; unquoted in json */
	uint16_t max;     /* cells are cut to that many columns in a table; 0: not */
};

/* Colours of whole rows in a table on a terminal. */
enum output_colour { OUTPUT_PLAIN, OUTPUT_GOOD, OUTPUT_DIM, OUTPUT_WARN, OUTPUT_BAD };

struct output;

/* Writes to `to`; colours only when it is a terminal and $NO_COLOR is not set. */
struct output *output_new(FILE *to, enum output_format format,
    const struct output_column *columns, size_t ncolumns);
/* One cell for each column; copied. */
void output_row(struct output *o, const char *const *cells, enum output_colour colour);
/* Prints what is left and frees. */
void output_end(struct output *o);

#endif
