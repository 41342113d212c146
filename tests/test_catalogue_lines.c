/*
 * The shipped catalogues against their documents: tests/data/PRODUCT.tsv holds what the
 * document prints (section, line, protocol, ports; a row a port), taken from it once,
 * and conf/catalogues/PRODUCT.cfg must say the same, line by line.
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "base/diag.h"
#include "catalogue/formula.h"
#include "base/mem.h"
#include "model/portset.h"

/* A printed line's ports of one protocol. */
struct printed {
	unsigned line;
	char *section;
	char *protocol;
	struct portset ports;
};

struct document {
	const char *name;
	struct printed *rows; /* one for each line and protocol */
	size_t nrows;
	unsigned misses; /* found so far, each told on stderr */
	bool quiet;
};

static void miss(struct document *doc, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
miss(struct document *doc, unsigned line, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	doc->misses++;
	if (!doc->quiet)
		print_error("%s: line %u: %s\n", doc->name, line, text);
}

static void
add_ports(struct portset *to, const struct portset *from)
{
	const struct port_range *r = portset_ranges(from);

	for (uint32_t i = 0; i < from->count; i++)
		portset_add(to, r[i].low, r[i].high);
}

static struct printed *
find_row(const struct document *doc, unsigned line, const char *protocol)
{
	for (size_t i = 0; i < doc->nrows; i++) {
		if (doc->rows[i].line == line &&
		    strcmp(doc->rows[i].protocol, protocol) == 0)
			return &doc->rows[i];
	}
	return NULL;
}

static void
add_row(struct document *doc, char *const cell[4])
{
	unsigned line = (unsigned)strtoul(cell[1], NULL, 10);
	struct printed *row = find_row(doc, line, cell[2]);
	struct portset ports = { 0 };

	if (line == 0 || (cell[3][0] != '\0' && !portset_parse(cell[3], &ports)))
		fail_msg("%s.tsv: bad row: %s %s %s %s", doc->name, cell[0], cell[1],
		    cell[2], cell[3]);
	if (row == NULL) {
		doc->rows = mem_resize(doc->rows, doc->nrows + 1, sizeof(*doc->rows));
		row = &doc->rows[doc->nrows++];
		*row = (struct printed){ .line = line,
			.section = mem_strdup(cell[0]),
			.protocol = mem_strdup(cell[2]) };
	}
	assert_string_equal(row->section, cell[0]);
	add_ports(&row->ports, &ports);
	portset_clear(&ports);
}

/* Reads what follows the header line. */
static void
read_rows(struct document *doc, FILE *f)
{
	char text[512];

	assert_non_null(fgets(text, sizeof(text), f));
	assert_string_equal(text, "section\tline\tprotocol\tports\n");
	while (fgets(text, sizeof(text), f) != NULL) {
		char *rest = text;
		char *cell[4];

		text[strcspn(text, "\n")] = '\0';
		for (int i = 0; i < 4; i++) {
			cell[i] = strsep(&rest, "\t");
			assert_non_null(cell[i]);
		}
		add_row(doc, cell);
	}
}

static void
clear_rows(struct document *doc)
{
	for (size_t i = 0; i < doc->nrows; i++) {
		free(doc->rows[i].section);
		free(doc->rows[i].protocol);
		portset_clear(&doc->rows[i].ports);
	}
	free(doc->rows);
}

static const long *
by_default(void *arg, const char *name, size_t *count)
{
	const struct catalogue *c = arg;
	int i = catalogue_parameter(c, name);

	if (i < 0)
		return NULL;
	*count = c->parameters[i].ndefaults;
	return c->parameters[i].defaults;
}

static void
ports_of(struct catalogue *c, const struct service *s, struct portset *out)
{
	char err[160];

	*out = (struct portset){ 0 };
	if (s->ports[0] != '\0' &&
	    !formula_eval(s->ports, by_default, c, out, err, sizeof(err)))
		fail_msg("%s/%s: %s", c->name, s->name, err);
}

/* The same section, or the one with this number: "2.1" is "2.1 Minimum ports". */
static bool
same_section(const char *printed, const char *section)
{
	size_t len = strlen(printed);

	return strncmp(printed, section, len) == 0 &&
	       (section[len] == '\0' || section[len] == ' ');
}

/* What the catalogue says of one printed line and protocol. */
static void
compare_row(struct document *doc, struct catalogue *c, const struct printed *row)
{
	struct portset ports;
	struct portset all = { 0 };
	char want[256];
	char have[256];
	size_t n = 0;

	for (size_t i = 0; i < c->nservices; i++) {
		const struct service *s = &c->services[i];

		if (s->line != row->line ||
		    strcmp(types_proto(s->protocol), row->protocol) != 0)
			continue;
		n++;
		ports_of(c, s, &ports);
		add_ports(&all, &ports);
		portset_clear(&ports);
		if (!same_section(row->section, s->section))
			miss(doc, row->line,
			    "%s is in section \"%s\", printed in \"%s\"", s->name,
			    s->section, row->section);
	}
	if (n == 0)
		miss(doc, row->line, "no service for %s", row->protocol);
	else if (!portset_equal(&all, &row->ports))
		miss(doc, row->line, "%s ports %s, printed %s", row->protocol,
		    portset_format(&all, have, sizeof(have)),
		    portset_format(&row->ports, want, sizeof(want)));
	portset_clear(&all);
}

/* The lines are counted from 1 without a gap, as the catalogue says. */
static void
compare_count(struct document *doc, const struct catalogue *c)
{
	unsigned lines = 0;

	for (size_t i = 0; i < doc->nrows; i++) {
		if (doc->rows[i].line > lines + 1)
			miss(doc, doc->rows[i].line, "follows line %u", lines);
		if (doc->rows[i].line > lines)
			lines = doc->rows[i].line;
	}
	if (lines != c->lines)
		miss(doc, lines, "is the last, but document.lines is %u", c->lines);
}

static void
compare(struct document *doc, struct catalogue *c)
{
	compare_count(doc, c);
	for (size_t i = 0; i < doc->nrows; i++)
		compare_row(doc, c, &doc->rows[i]);
	for (size_t i = 0; i < c->nservices; i++) {
		const struct service *s = &c->services[i];

		if (find_row(doc, s->line, types_proto(s->protocol)) == NULL)
			miss(doc, s->line, "%s is %s, which is not printed", s->name,
			    types_proto(s->protocol));
	}
}

static void
tell(struct diag *d)
{
	char text[512];

	for (size_t i = 0; i < diag_count(d); i++)
		print_error("%s\n", diag_format(diag_get(d, i), text, sizeof(text)));
}

static char *
source_path(const char *folder, const char *name, const char *suffix)
{
	const char *srcdir = getenv("srcdir");

	return mem_printf(
	    "%s/%s/%s%s", srcdir != NULL ? srcdir : ".", folder, name, suffix);
}

static unsigned
compare_product(const char *name)
{
	struct document doc = { .name = name };
	struct diag *d = diag_new();
	char *cfg = source_path("conf/catalogues", name, ".cfg");
	char *tsv = source_path("tests/data", name, ".tsv");
	struct catalogue *c = catalogue_read(cfg, d);
	FILE *f = fopen(tsv, "re");

	tell(d);
	if (c == NULL || f == NULL)
		fail_msg("%s cannot be read", c == NULL ? cfg : tsv);
	assert_int_equal(diag_count(d), 0); /* what we ship gets no warning either */
	assert_string_equal(c->name, name);
	read_rows(&doc, f);
	compare(&doc, c);
	fclose(f);
	clear_rows(&doc);
	catalogue_free(c);
	free(cfg);
	free(tsv);
	diag_free(d);
	return doc.misses;
}

/* A catalogue file without its tsv would go unnoticed otherwise. */
static void
compares_every_product(void **state)
{
	char *pattern = source_path("conf/catalogues", "*", ".cfg");
	unsigned misses = 0;
	glob_t files;

	(void)state;
	assert_int_equal(glob(pattern, 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		const char *base = strrchr(files.gl_pathv[i], '/') + 1;
		char *name = mem_strndup(base, strlen(base) - strlen(".cfg"));

		misses += compare_product(name);
		free(name);
	}
	globfree(&files);
	free(pattern);
	assert_int_equal(misses, 0);
}

/* The printed lines that issue trackers and release notes quote. */
static void
counts_the_documents_lines(void **state)
{
	static const struct {
		const char *name;
		unsigned number, lines;
	} products[] = {
		{ "sevone-nms", 1, 115 },
		{ "prognosis", 2, 115 },
		{ "psm", 3, 48 },
		{ "sesam", 4, 37 },
		{ "flowmon", 5, 22 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
		char *cfg = source_path("conf/catalogues", products[i].name, ".cfg");
		struct diag *d = diag_new();
		struct catalogue *c = catalogue_read(cfg, d);

		tell(d);
		assert_non_null(c);
		assert_int_equal(c->number, products[i].number);
		assert_int_equal(c->lines, products[i].lines);
		catalogue_free(c);
		diag_free(d);
		free(cfg);
	}
}

static const char sample[] =
    "format = 1;\n"
    "catalogue = { number = 9; name = \"sample\";\n"
    " document = { title = \"Sample\"; lines = 2; };\n"
    " roles = ( { name = \"a\"; own = true; } );\n"
    " parameters = ( { name = \"drive\"; default = [1, 2]; min = 1; max = 9; } );\n"
    " services = (\n"
    "  { number = 1; line = 1; section = \"1 First\"; name = \"x\"; descr = \"x\";\n"
    "    protocol = \"tcp\"; ports = \"20\"; from = [\"a\"]; to = [\"a\"];\n"
    "    expect = \"required\"; },\n"
    "  { number = 2; line = 1; section = \"1 First\"; name = \"y\"; descr = \"y\";\n"
    "    protocol = \"tcp\"; ports = \"21\"; from = [\"a\"]; to = [\"a\"];\n"
    "    expect = \"required\"; },\n"
    "  { number = 3; line = 2; section = \"2 Second\"; name = \"z\"; descr = \"z\";\n"
    "    protocol = \"udp\"; ports = \"700+${drive}\"; policy = \"every\";\n"
    "    from = [\"a\"]; to = [\"a\"]; expect = \"required\"; } ); };\n";

#define HEADER "section\tline\tprotocol\tports\n"

static unsigned
misses_of(const char *rows)
{
	struct document doc = { .name = "sample", .quiet = true };
	struct diag *d = diag_new();
	struct catalogue *c = catalogue_parse("sample", sample, sizeof(sample) - 1, d);
	FILE *f = fmemopen((void *)(uintptr_t)rows, strlen(rows), "r");

	tell(d);
	assert_non_null(c);
	assert_non_null(f);
	read_rows(&doc, f);
	compare(&doc, c);
	fclose(f);
	clear_rows(&doc);
	catalogue_free(c);
	diag_free(d);
	return doc.misses;
}

/* That the comparison finds slips of each kind. */
static void
finds_slips(void **state)
{
	(void)state;
	assert_int_equal(misses_of(HEADER "1\t1\ttcp\t20\n1\t1\ttcp\t21\n"
					  "2 Second\t2\tudp\t701-702\n"),
	    0);
	/* a port too few, one too many, another protocol, section, no line */
	assert_int_equal(misses_of(HEADER "1\t1\ttcp\t20\n2\t2\tudp\t701-702\n"), 1);
	assert_int_equal(misses_of(HEADER "1\t1\ttcp\t20-22\n2\t2\tudp\t701-702\n"), 1);
	assert_int_equal(misses_of(HEADER "1\t1\ttcp\t20,21\n2\t2\ttcp\t701-702\n"), 2);
	assert_int_equal(misses_of(HEADER "1\t1\ttcp\t20,21\n3\t2\tudp\t701-702\n"), 1);
	assert_int_equal(misses_of(HEADER "1\t1\ttcp\t20,21\n"), 2);
	assert_int_equal(misses_of(HEADER "1\t1\ttcp\t20,21\n2\t2\tudp\t701-702\n"
					  "2\t3\ticmp\t\n"),
	    2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_slips),
		cmocka_unit_test(compares_every_product),
		cmocka_unit_test(counts_the_documents_lines),
	};

	return cmocka_run_group_tests_name("catalogue_lines", tests, NULL, NULL);
}
