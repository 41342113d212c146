#include "import/import.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/keymap.h"
#include "catalogue/catalogue_parts.h"
#include "import/import_table.h"
#include "base/mem.h"

char *
import_slug(const char *text, size_t max)
{
	char *slug = mem_calloc(max + 1, 1);
	size_t n = 0;

	for (; *text != '\0' && n < max; text++) {
		unsigned char c = (unsigned char)*text;
		bool mark = c == '.' || c == '_';

		if (c < 0x80 && isalnum(c)) {
			if (n > 0 || isalpha(c))
				slug[n++] = (char)tolower(c);
		} else if (n > 0 && isalnum((unsigned char)slug[n - 1])) {
			slug[n++] = mark ? (char)c : '-';
		}
	}
	while (n > 0 && !isalnum((unsigned char)slug[n - 1]))
		slug[--n] = '\0';
	return slug;
}

/* The separator with which a header has the most columns that are known; 0 when no
 * separator gives one. */
static char
find_separator(const char *file, const char *text, size_t len)
{
	static const char separators[] = { ',', ';', '\t', '|' };
	char best = 0;
	size_t most = 0;

	for (size_t i = 0; i < sizeof(separators); i++) {
		struct diag *unused = diag_new();
		struct csv *table = csv_parse(file, text, len, separators[i], unused);
		struct import_head head;
		size_t known = table != NULL ? import_head_find(table, &head) : 0;

		if (known > most) {
			most = known;
			best = separators[i];
		}
		csv_free(table);
		diag_free(unused);
	}
	return best;
}

static void
clear(struct importer *i)
{
	struct import *im = &i->im;

	for (size_t k = 0; k < im->nroles; k++) {
		free(im->roles[k].name);
		free(im->roles[k].descr);
	}
	for (size_t k = 0; k < im->nfeatures; k++) {
		free(im->features[k].name);
		free(im->features[k].descr);
	}
	for (size_t k = 0; k < im->nservices; k++) {
		struct import_service *s = &im->services[k];

		free(s->section);
		free(s->name);
		free(s->descr);
		free(s->from);
		free(s->to);
		free(s->alternative);
		free(s->application);
		free(s->encryption);
		free(s->executable);
		free(s->feature);
		free(s->note);
	}
	keymap_free(i->names);
	keymap_free(i->roles);
	keymap_free(i->features);
	free(im->roles);
	free(im->features);
	free(im->services);
	free(i->section);
}

/* What the table leaves open, said once. */
static void
report_guesses(const struct importer *i, unsigned line)
{
	if (i->no_from)
		diag_warn(i->d, i->file, line,
		    "rows without a source: whoever connects is called \"client\"");
	if (i->no_to)
		diag_warn(i->d, i->file, line,
		    "rows without a destination: the ports are those of a \"server\", "
		    "or "
		    "outbound those of a \"remote\"");
}

static void
read_table(struct importer *i, const struct csv *table)
{
	unsigned line = table->rows[i->head.row].line;

	import_head_report(i->file, table, &i->head, i->d);
	for (size_t r = i->head.row + 1; r < table->n; r++)
		import_row_read(i, &table->rows[r]);
	report_guesses(i, line);
	if (i->im.nroles > CATALOGUE_PARTS_ROLES_MAX)
		diag_error(i->d, i->file, line,
		    "%zu different sources and destinations, more than %d: a role is "
		    "what a host does, not its address",
		    i->im.nroles, CATALOGUE_PARTS_ROLES_MAX);
	if (i->im.nservices == 0)
		diag_error(i->d, i->file, 0, "no row with a port in this table");
}

size_t
import_csv(const char *file, const char *text, size_t len,
    const struct import_options *o, FILE *out, struct diag *d)
{
	struct importer i = { .file = file,
		.d = d,
		.names = keymap_new(),
		.roles = keymap_new(),
		.features = keymap_new() };
	char separator = csv_named_separator(text, len);
	struct csv *table;
	size_t services;

	if (separator == 0)
		separator = find_separator(file, text, len);
	table = csv_parse(file, text, len, separator != 0 ? separator : ',', d);
	if (table != NULL && import_head_find(table, &i.head) > 0)
		read_table(&i, table);
	else if (table != NULL)
		diag_error(d, file, 0,
		    "no header row with a column for ports (\"Port\") and another that "
		    "is known: see svcport-catalogue(5)");
	services = i.im.nroles <= CATALOGUE_PARTS_ROLES_MAX ? i.im.nservices : 0;
	if (services > 0)
		import_write(&i.im, o, out);
	clear(&i);
	csv_free(table);
	return services;
}
