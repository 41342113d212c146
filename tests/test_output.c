#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/output.h"

static const struct output_column columns[] = { { "name", false, 0, 0 },
	{ "rtt", true, 0, 0 }, { "why", false, 16, 0 } };

/* What comes out of these rows (NULL: the end); the caller frees. */
static char *
printed(const struct output_style *style, const char *const (*rows)[3],
    const unsigned *colours)
{
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	struct output *o = output_new(f, style, columns, 3);

	for (size_t i = 0; rows[i][0] != NULL; i++)
		output_row(o, rows[i], colours != NULL ? colours[i] : OUTPUT_PLAIN);
	assert_int_equal(output_end(o), 0);
	assert_int_equal(fclose(f), 0);
	return text;
}

static void
prints(const struct output_style *style, const char *const (*rows)[3], const char *want)
{
	char *got = printed(style, rows, NULL);

	assert_string_equal(got, want);
	free(got);
}

static const char *const two[][3] = { { "alpha", "7", "first" },
	{ "b", "", "second reason that is long" }, { NULL, NULL, NULL } };
static const char *const none[][3] = { { NULL, NULL, NULL } };

static void
formats_by_word(void **state)
{
	enum output_format f = OUTPUT_JSON;

	(void)state;
	assert_true(output_parse_format("table", &f));
	assert_int_equal(f, OUTPUT_TABLE);
	assert_true(output_parse_format("tsv", &f));
	assert_int_equal(f, OUTPUT_TSV);
	assert_true(output_parse_format("json", &f));
	assert_int_equal(f, OUTPUT_JSON);
	assert_false(output_parse_format("csv", &f));
	assert_false(output_parse_format("", &f));
	assert_false(output_parse_format("JSON", &f));
	assert_int_equal(f, OUTPUT_JSON);
}

static void
table(void **state)
{
	const struct output_style style = { .format = OUTPUT_TABLE };
	const struct output_style whole = { .format = OUTPUT_TABLE, .whole = true };

	(void)state;
	prints(&style, two,
	    "name   rtt  why\n"
	    "alpha    7  first\n"
	    "b           second reason...\n");
	prints(&whole, two,
	    "name   rtt  why\n"
	    "alpha    7  first\n"
	    "b           second reason that is long\n");
	prints(&style, none, "name  rtt  why\n");
}

/* Only cells that may be cut are, and not to nothing. */
static void
table_fits_a_terminal(void **state)
{
	const struct output_style fits = { .format = OUTPUT_TABLE, .width = 28 };
	const struct output_style narrow = { .format = OUTPUT_TABLE, .width = 26 };
	const struct output_style tiny = { .format = OUTPUT_TABLE, .width = 3 };
	const struct output_style whole = {
		.format = OUTPUT_TABLE, .width = 3, .whole = true
	};

	(void)state;
	prints(&fits, two,
	    "name   rtt  why\n"
	    "alpha    7  first\n"
	    "b           second reason...\n");
	prints(&narrow, two,
	    "name   rtt  why\n"
	    "alpha    7  first\n"
	    "b           second reas...\n");
	prints(&tiny, two,
	    "name   rtt  why\n"
	    "alpha    7  first\n"
	    "b           second ...\n");
	prints(&whole, two,
	    "name   rtt  why\n"
	    "alpha    7  first\n"
	    "b           second reason that is long\n");
}

/* The least important columns go before texts are cut to what tells nothing. */
static void
table_leaves_columns_out(void **state)
{
	static const struct output_column four[] = { { "name", false, 0, 0 },
		{ "rtt", true, 0, 2 }, { "state", false, 0, 1 },
		{ "why", false, 60, 0 } };
	static const char *const cells[] = { "alpha", "7", "open",
		"a reason that takes more than twenty" };
	static const struct {
		unsigned width;
		const char *want;
	} at[] = {
		{ 60, "name   rtt  state  why\n"
		      "alpha    7  open   a reason that takes more than twenty\n" },
		{ 40, "name   rtt  state  why\n"
		      "alpha    7  open   a reason that take...\n" },
		{ 34, "name   state  why\n"
		      "alpha  open   a reason that tak...\n" },
		{ 28, "name   why\n"
		      "alpha  a reason that take...\n" },
		{ 20, "name   why\n"
		      "alpha  a reason t...\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		struct output_style style = { .format = OUTPUT_TABLE,
			.width = at[i].width };
		char *text;
		size_t len;
		FILE *f = open_memstream(&text, &len);
		struct output *o = output_new(f, &style, four, 4);

		output_row(o, cells, OUTPUT_PLAIN);
		assert_int_equal(output_end(o), 0);
		assert_int_equal(fclose(f), 0);
		assert_string_equal(text, at[i].want);
		free(text);
	}
}

/* Columns are characters: a cut leaves whole ones. */
static void
table_counts_characters(void **state)
{
	const struct output_style style = { .format = OUTPUT_TABLE };
	const char *const rows[][3] = { { "Zürich", "1", "äöüäöüäöüäöüäöüäö" },
		{ "Bern", "2", "äöüäöüäöüäöüäöüä" }, { NULL, NULL, NULL } };

	(void)state;
	prints(&style, rows,
	    "name    rtt  why\n"
	    "Zürich    1  äöüäöüäöüäöüä...\n"
	    "Bern      2  äöüäöüäöüäöüäöüä\n");
}

static void
table_colours(void **state)
{
	const struct output_style style = { .format = OUTPUT_TABLE, .colours = true };
	const unsigned colours[] = { OUTPUT_BAD, OUTPUT_PLAIN };
	const unsigned marked[] = { OUTPUT_WARN | OUTPUT_MARKED, OUTPUT_PLAIN };
	char *got = printed(&style, two, colours);

	(void)state;
	assert_string_equal(got, "\033[1mname   rtt  why\033[0m\n"
				 "\033[1;31malpha    7  first\033[0m\n"
				 "b           second reason...\n");
	free(got);
	got = printed(&style, two, marked);
	assert_string_equal(got, "\033[1mname   rtt  why\033[0m\n"
				 "\033[33m\033[7malpha    7  first\033[0m\n"
				 "b           second reason...\n");
	free(got);
}

static void
tsv(void **state)
{
	const struct output_style style = {
		.format = OUTPUT_TSV, .colours = true, .width = 3
	};

	(void)state;
	prints(&style, two,
	    "name\trtt\twhy\n"
	    "alpha\t7\tfirst\n"
	    "b\t\tsecond reason that is long\n");
	prints(&style, none, "name\trtt\twhy\n");
}

static void
json(void **state)
{
	const struct output_style style = { .format = OUTPUT_JSON, .colours = true };
	const char *const odd[][3] = { { "a\"b\\c", "3", "tab\there\x01é" },
		{ NULL, NULL, NULL } };

	(void)state;
	prints(&style, two,
	    "[\n"
	    "  {\"name\": \"alpha\", \"rtt\": 7, \"why\": \"first\"},\n"
	    "  {\"name\": \"b\", \"rtt\": null, "
	    "\"why\": \"second reason that is long\"}\n"
	    "]\n");
	prints(&style, odd,
	    "[\n"
	    "  {\"name\": \"a\\\"b\\\\c\", \"rtt\": 3, "
	    "\"why\": \"tab\\u0009here\\u0001é\"}\n"
	    "]\n");
	prints(&style, none, "[]\n");
}

/* A reason may quote what a peer sent. */
static void
control_characters(void **state)
{
	const struct output_style as_tsv = { .format = OUTPUT_TSV };
	const struct output_style as_table = { .format = OUTPUT_TABLE };
	const char *const rows[][3] = { { "a\tb", "1", "x\033[2J\r\ny\x7f" },
		{ NULL, NULL, NULL } };

	(void)state;
	prints(&as_tsv, rows, "name\trtt\twhy\na b\t1\tx [2J  y \n");
	prints(&as_table, rows, "name  rtt  why\na b     1  x [2J  y \n");
}

static void
style_of_a_file(void **state)
{
	FILE *f = tmpfile();
	struct output_style style;

	(void)state;
	assert_non_null(f);
	style = output_style(f, OUTPUT_TSV, true);
	assert_int_equal(style.format, OUTPUT_TSV);
	assert_true(style.whole);
	assert_false(style.colours);
	assert_int_equal(style.width, 0);
	fclose(f);
}

/* `svcport plan >/dev/full` must not look like an empty plan. */
static void
full_disk_is_told(void **state)
{
	const struct output_style style = { .format = OUTPUT_TSV };
	FILE *f = fopen("/dev/full", "w");
	struct output *o;

	(void)state;
	assert_non_null(f);
	o = output_new(f, &style, columns, 3);
	output_row(o, two[0], OUTPUT_PLAIN);
	assert_int_equal(output_end(o), -1);
	fclose(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_by_word),
		cmocka_unit_test(table),
		cmocka_unit_test(table_fits_a_terminal),
		cmocka_unit_test(table_leaves_columns_out),
		cmocka_unit_test(table_counts_characters),
		cmocka_unit_test(table_colours),
		cmocka_unit_test(tsv),
		cmocka_unit_test(json),
		cmocka_unit_test(control_characters),
		cmocka_unit_test(style_of_a_file),
		cmocka_unit_test(full_disk_is_told),
	};

	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
