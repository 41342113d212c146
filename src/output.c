#include "output.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "utf8.h"

struct line {
	char **cells;
	enum output_colour colour;
};

struct output {
	FILE *to;
	enum output_format format;
	const struct output_column *columns;
	size_t ncolumns;
	bool colours;
	struct line *lines; /* a table is printed when its widths are known */
	size_t nlines, cap;
	size_t nrows;
};

bool
output_parse_format(const char *text, enum output_format *out)
{
	static const char *const words[] = { "table", "tsv", "json" };

	for (size_t i = 0; i < 3; i++) {
		if (strcmp(text, words[i]) == 0) {
			*out = (enum output_format)i;
			return true;
		}
	}
	return false;
}

/* ---- tsv and json: a row at once */

static void
tsv_cell(FILE *to, const char *text)
{
	for (; *text != '\0'; text++)
		putc(*text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text, to);
}

static void
tsv_header(struct output *o)
{
	for (size_t i = 0; i < o->ncolumns; i++)
		fprintf(o->to, "%s%s", i != 0 ? "\t" : "", o->columns[i].name);
	putc('\n', o->to);
}

static void
tsv_row(struct output *o, const char *const *cells)
{
	for (size_t i = 0; i < o->ncolumns; i++) {
		if (i != 0)
			putc('\t', o->to);
		tsv_cell(o->to, cells[i]);
	}
	putc('\n', o->to);
}

/* RFC 8259 section 7 */
static void
json_text(FILE *to, const char *text)
{
	putc('"', to);
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			fprintf(to, "\\%c", c);
		else if (c < 0x20)
			fprintf(to, "\\u%04x", c);
		else
			putc(c, to);
	}
	putc('"', to);
}

static void
json_row(struct output *o, const char *const *cells)
{
	fputs(o->nrows == 0 ? "[\n  {" : ",\n  {", o->to);
	for (size_t i = 0; i < o->ncolumns; i++) {
		if (i != 0)
			fputs(", ", o->to);
		json_text(o->to, o->columns[i].name);
		fputs(": ", o->to);
		if (o->columns[i].number && cells[i][0] != '\0')
			fputs(cells[i], o->to);
		else if (o->columns[i].number)
			fputs("null", o->to);
		else
			json_text(o->to, cells[i]);
	}
	putc('}', o->to);
}

/* ---- the table */

/* Characters, not octets; wide ones are not expected in names. */
static size_t
width(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static char *
table_cell(const char *text, size_t max)
{
	char *cell = mem_strdup(text);

	for (char *p = cell; *p != '\0'; p++) {
		if (*p == '\t' || *p == '\n' || *p == '\r')
			*p = ' ';
	}
	if (max != 0 && width(cell) > max) {
		size_t cut = utf8_cut(cell, max - 3);

		strcpy(cell + cut, "...");
	}
	return cell;
}

static void
table_row(struct output *o, const char *const *cells, enum output_colour colour)
{
	struct line *line;

	mem_grow(o->lines, o->nlines, o->cap);
	line = &o->lines[o->nlines++];
	line->colour = colour;
	line->cells = mem_array(char *, o->ncolumns);
	for (size_t i = 0; i < o->ncolumns; i++)
		line->cells[i] = table_cell(cells[i], o->columns[i].max);
}

static void
table_line(const struct output *o, const size_t *widths, char *const *cells)
{
	for (size_t i = 0; i < o->ncolumns; i++) {
		int pad = (int)(widths[i] - width(cells[i]));

		if (o->columns[i].number)
			fprintf(o->to, "%*s%s", pad, "", cells[i]);
		else if (i + 1 < o->ncolumns)
			fprintf(o->to, "%s%*s", cells[i], pad, "");
		else
			fputs(cells[i], o->to);
		if (i + 1 < o->ncolumns)
			fputs("  ", o->to);
	}
}

static void
table_print(const struct output *o)
{
	static const char *const on[] = { "", "\033[32m", "\033[2m", "\033[33m",
		"\033[1;31m" };
	size_t *widths = mem_array(size_t, o->ncolumns);
	char **header = mem_array(char *, o->ncolumns);

	for (size_t i = 0; i < o->ncolumns; i++) {
		header[i] = mem_strdup(o->columns[i].name);
		widths[i] = width(header[i]);
		for (size_t k = 0; k < o->nlines; k++) {
			size_t w = width(o->lines[k].cells[i]);

			widths[i] = w > widths[i] ? w : widths[i];
		}
	}
	fputs(o->colours ? "\033[1m" : "", o->to);
	table_line(o, widths, header);
	fputs(o->colours ? "\033[0m\n" : "\n", o->to);
	for (size_t k = 0; k < o->nlines; k++) {
		bool coloured = o->colours && o->lines[k].colour != OUTPUT_PLAIN;

		fputs(coloured ? on[o->lines[k].colour] : "", o->to);
		table_line(o, widths, o->lines[k].cells);
		fputs(coloured ? "\033[0m\n" : "\n", o->to);
	}
	for (size_t i = 0; i < o->ncolumns; i++)
		free(header[i]);
	free(header);
	free(widths);
}

/* ---- all */

struct output *
output_new(FILE *to, enum output_format format, const struct output_column *columns,
    size_t ncolumns)
{
	struct output *o = mem_new(struct output);

	o->to = to;
	o->format = format;
	o->columns = columns;
	o->ncolumns = ncolumns;
	o->colours = isatty(fileno(to)) && getenv("NO_COLOR") == NULL;
	if (format == OUTPUT_TSV)
		tsv_header(o);
	return o;
}

void
output_row(struct output *o, const char *const *cells, enum output_colour colour)
{
	switch (o->format) {
	case OUTPUT_TABLE:
		table_row(o, cells, colour);
		break;
	case OUTPUT_TSV:
		tsv_row(o, cells);
		break;
	case OUTPUT_JSON:
		json_row(o, cells);
		break;
	}
	o->nrows++;
}

void
output_end(struct output *o)
{
	if (o->format == OUTPUT_JSON)
		fputs(o->nrows == 0 ? "[]\n" : "\n]\n", o->to);
	if (o->format == OUTPUT_TABLE)
		table_print(o);
	for (size_t k = 0; k < o->nlines; k++) {
		for (size_t i = 0; i < o->ncolumns; i++)
			free(o->lines[k].cells[i]);
		free(o->lines[k].cells);
	}
	free(o->lines);
	free(o);
}
