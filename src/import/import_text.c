#include "import/import_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/utf8.h"

const char *
import_text_cell(
    const struct importer *i, const struct import_entry *e, enum import_column c)
{
	return import_head_cell(&i->head, e->row, c);
}

char *
import_text_clean(
    struct importer *i, unsigned line, const char *what, const char *text, size_t max)
{
	size_t n = utf8_cut(text, max);
	char *copy = mem_strndup(text, n);

	if (text[n] != '\0')
		diag_warn(i->d, i->file, line, "%s is cut after %zu octets", what, n);
	for (char *p = copy; *p != '\0'; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
	}
	if (utf8_has_control(copy)) {
		diag_warn(i->d, i->file, line,
		    "%s has control characters: it is left out", what);
		copy[0] = '\0';
	}
	return copy;
}

char *
import_text(struct importer *i, const struct import_entry *e, enum import_column c,
    const char *what, size_t max)
{
	return import_text_clean(i, e->row->line, what, import_text_cell(i, e, c), max);
}
