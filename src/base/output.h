#ifndef SVCPORT_OUTPUT_H
#define SVCPORT_OUTPUT_H

/*
 * Rows for people (table), for scripts (tsv, with a header line) and for programs
 * (json, an array of objects).  Cells are UTF-8; control characters
 * in them become spaces in tsv and table.
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
	uint16_t max;     /* in a table cells are cut to that many columns; 0: never */
	/* Of a table that is too wide for its terminal the column with the largest
	 * number goes first; 0: it stays. */
	uint8_t drop;
};

/* Colours of whole rows in a table on a terminal. */
enum output_colour { OUTPUT_PLAIN, OUTPUT_GOOD, OUTPUT_DIM, OUTPUT_WARN, OUTPUT_BAD };
#define OUTPUT_MARKED 0x10 /* added to a colour: the row stands out */

struct output_style {
	enum output_format format;
	bool whole;   /* a table's cells are not cut */
	bool colours; /* in a table */
	/* Columns are left out and cells are cut further until a table fits; 0: as it
	 * comes. */
	unsigned width;
};

/* What suits `to`: the width and colours of a terminal, colours only when $NO_COLOR is
 * not set; neither anywhere else. */
struct output_style output_style(FILE *to, enum output_format format, bool whole);

struct output;

/* The columns are borrowed until output_end(). */
struct output *output_new(FILE *to, const struct output_style *style,
    const struct output_column *columns, size_t ncolumns);
/* One cell for each column; copied.  The colour is an enum output_colour. */
void output_row(struct output *o, const char *const *cells, unsigned colour);
/* Prints what is left and frees.  Returns 0, or -1 with errno when anything could not
 * be written. */
int output_end(struct output *o);

#endif
