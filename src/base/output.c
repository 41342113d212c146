#include "base/output.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"

struct line {
	char **cells;
	unsigned colour;
};

struct output {
	FILE *to;
	struct output_style style;
	const struct output_column *columns;
	size_t ncolumns;
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

/* What peers send may end in a cell: it must neither break a line nor steer a terminal.
 */
static bool
is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

/* ---- tsv and json: a row at once */

static void
tsv_cell(FILE *to, const char *text)
{
	for (; *text != '\0'; text++)
		putc(is_control(*text) ? ' ' : *text, to);
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
table_cell(const char *text)
{
	char *cell = mem_strdup(text);

	for (char *p = cell; *p != '\0'; p++) {
		if (is_control(*p))
			*p = ' ';
	}
	return cell;
}

static void
table_row(struct output *o, const char *const *cells, unsigned colour)
{
	struct line *line;

	mem_grow(o->lines, o->nlines, o->cap);
	line = &o->lines[o->nlines++];
	line->colour = colour;
	line->cells = mem_array(char *, o->ncolumns);
	for (size_t i = 0; i < o->ncolumns; i++)
		line->cells[i] = table_cell(cells[i]);
}

/* The octets of the first n characters. */
static size_t
octets(const char *text, size_t n)
{
	const char *p = text;

	while (*p != '\0') {
		if (((unsigned char)*p & 0xc0) != 0x80 && n-- == 0)
			break;
		p++;
	}
	return (size_t)(p - text);
}

static void
cut(char *cell, size_t max)
{
	if (width(cell) > max)
		memcpy(cell + octets(cell, max - 3), "...", 4);
}

#define COMFORTABLE 16 /* columns are left out rather than cut to less */
#define NARROWEST   10 /* a cut column is of no use below that */
#define GONE        SIZE_MAX

/* What a line takes when cells that may be cut are cut to `most`. */
static size_t
table_total(const struct output *o, const size_t *widths, size_t most)
{
	size_t total = 0;

	for (size_t i = 0; i < o->ncolumns; i++) {
		bool cuttable = o->columns[i].max != 0 && widths[i] > most;

		if (widths[i] != GONE)
			total += (total > 0 ? 2 : 0) + (cuttable ? most : widths[i]);
	}
	return total;
}

/* Leaves columns out while what stays would be cut too much. */
static void
table_drop(const struct output *o, size_t *widths)
{
	while (table_total(o, widths, COMFORTABLE) > o->style.width) {
		size_t first = o->ncolumns;

		for (size_t i = 0; i < o->ncolumns; i++) {
			if (o->columns[i].drop != 0 && widths[i] != GONE &&
			    (first == o->ncolumns ||
				o->columns[i].drop > o->columns[first].drop))
				first = i;
		}
		if (first == o->ncolumns)
			return;
		widths[first] = GONE;
	}
}

/* Takes from the widest column that may be cut until the line fits. */
static void
table_fit(const struct output *o, size_t *widths)
{
	while (table_total(o, widths, SIZE_MAX) > o->style.width) {
		size_t widest = o->ncolumns;

		for (size_t i = 0; i < o->ncolumns; i++) {
			if (o->columns[i].max != 0 && widths[i] != GONE &&
			    widths[i] > NARROWEST &&
			    (widest == o->ncolumns || widths[i] > widths[widest]))
				widest = i;
		}
		if (widest == o->ncolumns)
			return;
		widths[widest]--;
	}
}

static size_t *
table_widths(const struct output *o)
{
	size_t *widths = mem_array(size_t, o->ncolumns);

	for (size_t i = 0; i < o->ncolumns; i++) {
		widths[i] = width(o->columns[i].name);
		for (size_t k = 0; k < o->nlines; k++) {
			size_t w = width(o->lines[k].cells[i]);

			widths[i] = w > widths[i] ? w : widths[i];
		}
		if (!o->style.whole && o->columns[i].max != 0 &&
		    widths[i] > o->columns[i].max)
			widths[i] = o->columns[i].max;
	}
	if (!o->style.whole && o->style.width != 0) {
		table_drop(o, widths);
		table_fit(o, widths);
	}
	return widths;
}

static void
table_line(const struct output *o, const size_t *widths, char *const *cells)
{
	size_t left = 0; /* what the columns so far did not fill */

	for (size_t i = 0; i < o->ncolumns; i++) {
		size_t pad;

		if (widths[i] == GONE)
			continue;
		pad = widths[i] - width(cells[i]);
		fprintf(o->to, "%*s%s", (int)(left + (o->columns[i].number ? pad : 0)),
		    "", cells[i]);
		left = 2 + (o->columns[i].number ? 0 : pad);
	}
}

static void
table_coloured(const struct output *o, const size_t *widths, const struct line *line)
{
	static const char *const on[] = { "", "\033[32m", "\033[2m", "\033[33m",
		"\033[1;31m" };
	bool coloured = o->style.colours && line->colour != OUTPUT_PLAIN;

	if (coloured)
		fprintf(o->to, "%s%s", on[line->colour & ~(unsigned)OUTPUT_MARKED],
		    line->colour & OUTPUT_MARKED ? "\033[7m" : "");
	table_line(o, widths, line->cells);
	fputs(coloured ? "\033[0m\n" : "\n", o->to);
}

static void
table_print(const struct output *o)
{
	size_t *widths = table_widths(o);
	char **header = mem_array(char *, o->ncolumns);

	for (size_t i = 0; i < o->ncolumns; i++) {
		header[i] = mem_strdup(o->columns[i].name);
		for (size_t k = 0; k < o->nlines; k++)
			cut(o->lines[k].cells[i], widths[i]);
	}
	fputs(o->style.colours ? "\033[1m" : "", o->to);
	table_line(o, widths, header);
	fputs(o->style.colours ? "\033[0m\n" : "\n", o->to);
	for (size_t k = 0; k < o->nlines; k++)
		table_coloured(o, widths, &o->lines[k]);
	for (size_t i = 0; i < o->ncolumns; i++)
		free(header[i]);
	free(header);
	free(widths);
}

/* ---- all */

struct output_style
output_style(FILE *to, enum output_format format, bool whole)
{
	struct output_style style = { .format = format, .whole = whole };
	struct winsize size;

	if (!isatty(fileno(to)))
		return style;
	style.colours = getenv("NO_COLOR") == NULL;
	if (ioctl(fileno(to), TIOCGWINSZ, &size) == 0)
		style.width = size.ws_col;
	return style;
}

struct output *
output_new(FILE *to, const struct output_style *style,
    const struct output_column *columns, size_t ncolumns)
{
	struct output *o = mem_new(struct output);

	o->to = to;
	o->style = *style;
	o->columns = columns;
	o->ncolumns = ncolumns;
	if (style->format == OUTPUT_TSV)
		tsv_header(o);
	return o;
}

void
output_row(struct output *o, const char *const *cells, unsigned colour)
{
	switch (o->style.format) {
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

int
output_end(struct output *o)
{
	int status;

	if (o->style.format == OUTPUT_JSON)
		fputs(o->nrows == 0 ? "[]\n" : "\n]\n", o->to);
	if (o->style.format == OUTPUT_TABLE)
		table_print(o);
	status = fflush(o->to) != 0 || ferror(o->to) ? -1 : 0;
	for (size_t k = 0; k < o->nlines; k++) {
		for (size_t i = 0; i < o->ncolumns; i++)
			free(o->lines[k].cells[i]);
		free(o->lines[k].cells);
	}
	free(o->lines);
	free(o);
	return status;
}
