#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/diag.h"
#include "said.h"

/* "LINE:cell|cell" of each row */
static void
reads_len(
    const char *text, size_t len, char separator, const char *want, struct diag *d)
{
	struct csv *c = csv_parse("t.csv", text, len, separator, d);
	char *got;
	size_t got_len;
	FILE *f = open_memstream(&got, &got_len);

	assert_non_null(c);
	for (size_t i = 0; i < c->n; i++) {
		fprintf(f, "%u:", c->rows[i].line);
		for (size_t k = 0; k < c->rows[i].n; k++)
			fprintf(f, "%s%s", k != 0 ? "|" : "", c->rows[i].cells[k]);
		putc('\n', f);
	}
	fclose(f);
	assert_string_equal(got, want);
	free(got);
	csv_free(c);
}

static void
reads(const char *text, char separator, const char *want)
{
	struct diag *d = diag_new();

	reads_len(text, strlen(text), separator, want, d);
	said_nothing(d);
}

static void
rows_and_cells(void **state)
{
	(void)state;
	reads("", ',', "");
	reads("a", ',', "1:a\n");
	reads("a,b\nc,d\n", ',', "1:a|b\n2:c|d\n");
	reads("a,b\r\nc,d\r\n", ',', "1:a|b\n2:c|d\n");
	reads("a,b\rc,d\r", ',', "1:a|b\n2:c|d\n");
	reads("a;b,c\n", ';', "1:a|b,c\n");
	reads("a\tb c\n", '\t', "1:a|b c\n");
	/* empty cells count, empty rows do not */
	reads(",a,\n", ',', "1:|a|\n");
	reads("a\n\n,,\n \nb\n", ',', "1:a\n5:b\n");
	/* white space at the ends, a no-break space too */
	reads("  a b ,\xc2\xa0"
	      "c\xc2\xa0\n",
	    ',', "1:a b|c\n");
}

static void
quotes(void **state)
{
	(void)state;
	reads("\"a\",\"b\"\n", ',', "1:a|b\n");
	reads("\"a,b\",c\n", ',', "1:a,b|c\n");
	reads("\"say \"\"yes\"\"\",c\n", ',', "1:say \"yes\"|c\n");
	reads("\"\",\"\"\"\"\n", ',', "1:|\"\n");
	/* a line end inside; the rows after it keep their lines */
	reads("\"a\nb\",c\nd,e\n", ',', "1:a\nb|c\n3:d|e\n");
	reads("\"a\r\nb\"\r\nd\r\n", ',', "1:a\r\nb\n3:d\n");
	/* spaces around quotes, as people type them */
	reads("a, \"b,c\" ,d\n", ',', "1:a|b,c|d\n");
	/* a quote within a cell is a quote */
	reads("5\" disk,b\n", ',', "1:5\" disk|b\n");
}

static void
marks_of_spreadsheets(void **state)
{
	(void)state;
	reads("\xef\xbb\xbfport,b\n", ',', "1:port|b\n");
	reads("sep=;\r\na;b\r\n", ';', "2:a|b\n");
	reads("\xef\xbb\xbfsep=;\na;b\n", ';', "2:a|b\n");
	assert_int_equal(csv_named_separator("sep=;\na", 7), ';');
	assert_int_equal(csv_named_separator("SEP=\t\r\n", 7), '\t');
	assert_int_equal(csv_named_separator("\xef\xbb\xbfsep=,\n", 9), ',');
	assert_int_equal(csv_named_separator("sep=ab\n", 7), 0);
	assert_int_equal(csv_named_separator("sep=;", 5), 0);
	assert_int_equal(csv_named_separator("a;b\n", 4), 0);
}

static void
what_is_wrong(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	reads_len("a\n\"b,c\nd", 8, ',', "1:a\n2:b,c\nd\n", d);
	SAID(d, "t.csv:2: an unterminated quote");
	d = diag_new();
	reads_len("a\n\"b\" c \"d\",e\n", 14, ',', "1:a\n2:b c \"d\"|e\n", d);
	SAID(d, "t.csv:2: \"c\" after a closing quote: inside quotes a quote is "
		"written twice");
	d = diag_new();
	reads_len("a,b\nGer\xe4t,c\n", 12, ',', "1:a|b\n2:|c\n", d);
	SAID(d, "t.csv:2: text that is not UTF-8: save the file as \"CSV UTF-8\"");
	d = diag_new();
	assert_null(csv_parse("t.csv", "\xff\xfep\0o\0", 6, ',', d));
	SAID(d, "t.csv:1: UTF-16: save the file as \"CSV UTF-8\"");
	d = diag_new();
	assert_null(csv_parse("t.csv", "PK\3\4\0\0", 6, ',', d));
	SAID(d, "t.csv: not a text: export the spreadsheet as \"CSV UTF-8\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_and_cells),
		cmocka_unit_test(quotes),
		cmocka_unit_test(marks_of_spreadsheets),
		cmocka_unit_test(what_is_wrong),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
