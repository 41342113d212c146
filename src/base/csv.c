#include "base/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/utf8.h"

struct reader {
	const char *file;
	const char *p, *end;
	char separator;
	char newline; /* LF, or CR where there is no LF at all */
	unsigned line;
	struct diag *d;
	struct csv *out;
	size_t cap;
	/* the row and the cell being read */
	struct csv_row row;
	size_t cells_cap;
	char *cell;
	size_t len, cell_cap;
};

static void
put(struct reader *r, char c)
{
	mem_grow(r->cell, r->len, r->cell_cap);
	r->cell[r->len++] = c;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* U+00A0, which spreadsheets like, is no better than a space. */
static size_t
blank_at(const char *p, size_t left)
{
	if (left >= 1 && is_blank(*p))
		return 1;
	return left >= 2 && memcmp(p, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

static char *
trimmed(const char *text, size_t len)
{
	size_t n;

	while ((n = blank_at(text, len)) > 0) {
		text += n;
		len -= n;
	}
	while (len > 0 && (is_blank(text[len - 1]) ||
			      (len >= 2 && blank_at(text + len - 2, 2) == 2)))
		len -= is_blank(text[len - 1]) ? 1 : 2;
	return mem_strndup(text, len);
}

static void
end_cell(struct reader *r)
{
	char *cell = trimmed(r->cell != NULL ? r->cell : "", r->len);

	if (!utf8_valid(cell)) {
		diag_error(r->d, r->file, r->line,
		    "text that is not UTF-8: save the file as \"CSV UTF-8\"");
		cell[0] = '\0';
	}
	mem_grow(r->row.cells, r->row.n, r->cells_cap);
	r->row.cells[r->row.n++] = cell;
	r->len = 0;
}

static void
free_row(struct csv_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		free(row->cells[i]);
	free(row->cells);
}

static void
end_row(struct reader *r)
{
	bool empty = true;

	end_cell(r);
	for (size_t i = 0; i < r->row.n; i++)
		empty = empty && r->row.cells[i][0] == '\0';
	if (empty) {
		free_row(&r->row);
	} else {
		mem_grow(r->out->rows, r->out->n, r->cap);
		r->out->rows[r->out->n++] = r->row;
	}
	r->row = (struct csv_row){ 0 };
	r->cells_cap = 0;
}

/* What stands between quotes; r->p is behind the first one. */
static void
quoted(struct reader *r)
{
	unsigned line = r->line;

	for (; r->p < r->end; r->p++) {
		if (*r->p == '"' && r->p + 1 < r->end && r->p[1] == '"') {
			r->p++;
		} else if (*r->p == '"') {
			r->p++;
			return;
		}
		r->line += *r->p == r->newline;
		put(r, *r->p);
	}
	diag_error(r->d, r->file, line, "an unterminated quote");
}

/* What follows a closing quote up to the separator: RFC 4180 allows nothing. */
static void
behind_quote(struct reader *r)
{
	bool told = false;

	while (r->p < r->end && *r->p != r->separator && *r->p != r->newline) {
		if (!is_blank(*r->p) && !told)
			diag_error(r->d, r->file, r->line,
			    "\"%c\" after a closing quote: inside quotes a quote is "
			    "written twice",
			    *r->p);
		told = told || !is_blank(*r->p);
		put(r, *r->p++);
	}
}

static void
read_cell(struct reader *r)
{
	const char *p = r->p;

	while (p < r->end && *p == ' ')
		p++;
	if (p < r->end && *p == '"') {
		r->p = p + 1;
		quoted(r);
		behind_quote(r);
		return;
	}
	while (r->p < r->end && *r->p != r->separator && *r->p != r->newline)
		put(r, *r->p++);
}

static void
read_rows(struct reader *r)
{
	while (r->p < r->end) {
		r->row.line = r->line;
		read_cell(r);
		while (r->p < r->end && *r->p == r->separator) {
			end_cell(r);
			r->p++;
			read_cell(r);
		}
		end_row(r);
		r->line++;
		r->p++;
	}
}

static bool
is_text(const char *file, const char *text, size_t len, struct diag *d)
{
	if (len >= 2 &&
	    (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0)) {
		diag_error(d, file, 1, "UTF-16: save the file as \"CSV UTF-8\"");
		return false;
	}
	if (memchr(text, '\0', len) != NULL) {
		diag_error(
		    d, file, 0, "not a text: export the spreadsheet as \"CSV UTF-8\"");
		return false;
	}
	return true;
}

static size_t
mark(const char *text, size_t len)
{
	return len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

char
csv_named_separator(const char *text, size_t len)
{
	size_t skip = mark(text, len);

	text += skip;
	len -= skip;
	if (len > 5 && strncasecmp(text, "sep=", 4) == 0 &&
	    (text[5] == '\n' || text[5] == '\r'))
		return text[4];
	return 0;
}

struct csv *
csv_parse(
    const char *file, const char *text, size_t len, char separator, struct diag *d)
{
	struct reader r = { .file = file, .separator = separator, .line = 1, .d = d };

	if (!is_text(file, text, len, d))
		return NULL;
	r.p = text + mark(text, len);
	r.end = text + len;
	r.newline = memchr(text, '\n', len) != NULL ? '\n' : '\r';
	r.out = mem_new(struct csv);
	if (csv_named_separator(text, len) != 0) {
		r.p = memchr(r.p, r.newline, (size_t)(r.end - r.p));
		r.p = r.p != NULL ? r.p + 1 : r.end;
		r.line = 2;
	}
	read_rows(&r);
	free(r.cell);
	return r.out;
}

void
csv_free(struct csv *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n; i++)
		free_row(&c->rows[i]);
	free(c->rows);
	free(c);
}
