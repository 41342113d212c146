#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "said.h"
#include "config/source.h"

static struct source *
from(const char *text, struct diag *d)
{
	return source_from_text("x.cfg", text, strlen(text), d);
}

static void
is_at(const struct source *s, unsigned line, const char *file_end, unsigned want)
{
	struct diag_pos pos = source_pos(s, line);
	size_t len = strlen(pos.file);

	assert_true(len >= strlen(file_end));
	assert_string_equal(pos.file + len - strlen(file_end), file_end);
	assert_int_equal(pos.line, want);
}

static void
keeps_text_and_lines(void **state)
{
	static const char text[] =
	    "a = 1;\n# @include \"none\"\nb = \"x\n\";\n/* @include\n"
	    "@include \"none\" */ c = 3;\n";
	struct diag *d = diag_new();
	struct source *s = from(text, d);

	(void)state;
	assert_non_null(s);
	assert_string_equal(source_text(s), text);
	for (unsigned i = 1; i <= 6; i++)
		is_at(s, i, "x.cfg", i);
	source_free(s);
	said_nothing(d);
}

static void
puts_included_files_in_place(void **state)
{
	const char *main_file;
	struct diag *d = diag_new();
	struct source *s;
	char excerpt[32];

	(void)state;
	said_file("leaf.cfg", "leaf1 = 1;\nleaf2 = 2;"); /* no newline at the end */
	said_file("mid.cfg", "mid1 = 1;\n\t@include  \"leaf.cfg\" # why\nmid3 = 3;\n");
	said_file("empty.cfg", "");
	main_file = said_file("main.cfg", "m1 = 1;\n@include \"mid.cfg\"\nm3 = "
					  "3;\n@include \"empty.cfg\"\nm5 = 5;\n");
	s = source_read(main_file, d);
	assert_non_null(s);
	assert_string_equal(source_text(s), "m1 = 1;\nmid1 = 1;\nleaf1 = 1;\nleaf2 = "
					    "2;\n # why\nmid3 = 3;\n\n\nm3 = 3;\n"
					    "\n\nm5 = 5;\n");
	is_at(s, 1, "main.cfg", 1);
	is_at(s, 2, "mid.cfg", 1);
	is_at(s, 3, "leaf.cfg", 1);
	is_at(s, 4, "leaf.cfg", 2);
	is_at(s, 5, "mid.cfg", 2);
	is_at(s, 6, "mid.cfg", 3);
	is_at(s, 9, "main.cfg", 3);
	is_at(s, 12, "main.cfg", 5);
	assert_string_equal(
	    source_excerpt(s, 3, excerpt, sizeof(excerpt)), "leaf1 = 1;");
	assert_string_equal(source_excerpt(s, 5, excerpt, 3), "# ");
	assert_string_equal(source_excerpt(s, 99, excerpt, sizeof(excerpt)), "");
	source_free(s);
	said_nothing(d);
}

static void
file_names_outlive_it(void **state)
{
	struct diag *d = diag_new();
	struct source *s = from("a = 1;\n", d);
	struct diag_pos pos = source_pos(s, 1);
	size_t n;
	char **files = source_take_files(s, &n);

	(void)state;
	source_free(s);
	assert_string_equal(pos.file, "x.cfg");
	assert_int_equal(n, 1);
	free(files[0]);
	free(files);
	said_nothing(d);
}

static void
sees_integers_beyond_32_bits(void **state)
{
	struct diag *d = diag_new();
	struct source *s = from("a = 2147483647; b = -2147483648; c = 0x7FFFFFFF;\n"
				"d = 2147483648;\n"
				"e = -2147483649;\n"
				"f = 0xFFFFFFFF;\n"
				"g = 5000000000L; # 6000000000\n"
				"h = \"99999999999\"; i99999999999 = 1; j = 1.5e99;\n"
				"k = [1, 18446744073709551617];\n",
	    d);

	(void)state;
	assert_non_null(s);
	assert_false(source_is_wide(s, 1));
	assert_true(source_is_wide(s, 2));
	assert_false(source_is_wide(s, 6));
	source_free(s);
	SAID(d, "x.cfg:2: 2147483648 does not fit into 32 bits: write a smaller number",
	    "x.cfg:3: -2147483649 does not fit into 32 bits: write a smaller number",
	    "x.cfg:4: 0xFFFFFFFF does not fit into 32 bits: write a smaller number",
	    "x.cfg:5: 5000000000L does not fit into 32 bits: write a smaller number",
	    "x.cfg:7: 18446744073709551617 does not fit into 32 bits: write a smaller "
	    "number");
}

static void
stops_at_what_has_no_end(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	assert_null(from("a = 1;\nb = \"x;\nc = 2;\n", d));
	assert_null(from("a = 1; /* b = 2;\nc = 3;\n", d));
	assert_null(from("\n\nb = \"x\\", d));
	assert_null(source_from_text("x.cfg", "a = 1;\0b = 2;", 13, d));
	SAID(d, "x.cfg: this is not a text file: it has a NUL byte",
	    "x.cfg:1: the comment that begins here has no end; the rest was not "
	    "checked",
	    "x.cfg:2: the string that begins here has no end; the rest was not checked",
	    "x.cfg:3: the string that begins here has no end; the rest was not "
	    "checked");
}

static void
stops_at_a_wrong_include(void **state)
{
	const char *circle = said_file(
	    "circle.cfg", "a = 1;\n@include \"circle.cfg\"\n");
	struct diag *d = diag_new();
	char want[3][256];

	(void)state;
	assert_null(source_read(circle, d));
	assert_null(source_read("/nonexistent/x.cfg", d));
	assert_null(source_read("/", d));
	assert_null(from("@include none.cfg\n", d));
	assert_null(from("\n@include \"\n\"\n", d));
	assert_null(from("\n\n@include \"/nonexistent/y.cfg\"\n", d));
	assert_null(from("\n\n\n@include \"/\"\n", d));
	snprintf(want[0], sizeof(want[0]),
	    "%s:2: files include each other more than 10 deep: does one include "
	    "itself?",
	    circle);
	SAID(d, want[0],
	    "/nonexistent/x.cfg: cannot read it: No such file or directory",
	    "/: cannot read it: Is a directory",
	    "x.cfg:1: write @include \"FILE\"; the rest was not checked",
	    "x.cfg:2: write @include \"FILE\"; the rest was not checked",
	    "x.cfg:3: cannot read \"/nonexistent/y.cfg\": No such file or directory; "
	    "the "
	    "rest was not checked",
	    "x.cfg:4: cannot read \"/\": Is a directory; the rest was not checked");
}

/* Nine files of nine includes each would be 400 million lines. */
static void
bounds_what_is_included(void **state)
{
	struct diag *d = diag_new();
	const char *file = NULL;
	char name[] = "0.cfg";
	char *text = malloc(10000);
	char want[256];

	(void)state;
	memset(text, '#', 9999);
	text[9999] = '\0';
	for (int level = 0; level < 9; level++) {
		name[0] = (char)('0' + level);
		file = said_file(name, text);
		text[0] = '\0';
		for (int i = 0; i < 9; i++)
			snprintf(text + strlen(text), 10000 - strlen(text),
			    "@include \"%s\"\n", file);
	}
	assert_null(source_read(file, d));
	snprintf(want, sizeof(want),
	    "%.*s0.cfg: files included up to here have more than 64 MiB together: "
	    "include fewer",
	    (int)(strlen(file) - strlen("8.cfg")), file);
	SAID(d, want);
	free(text);
}

static void
forgives_what_editors_do(void **state)
{
	struct diag *d = diag_new();
	struct source *s = from("\xef\xbb\xbf"
				"a = 1;\r\n",
	    d);
	char excerpt[32];

	(void)state;
	assert_string_equal(source_text(s), "a = 1;\r\n");
	assert_string_equal(source_excerpt(s, 1, excerpt, sizeof(excerpt)), "a = 1;");
	source_free(s);
	s = from("", d);
	assert_string_equal(source_text(s), "");
	is_at(s, 1, "x.cfg", 1);
	source_free(s);
	said_nothing(d);
}

static void
refuses_a_nul_in_a_string(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	source_free(from("a = \"x\\x00y\";\nb = \"\\\\x00\";\n", d));
	SAID(d, "x.cfg:1: \\x00 ends a string too early: leave it out");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_text_and_lines),
		cmocka_unit_test(puts_included_files_in_place),
		cmocka_unit_test(file_names_outlive_it),
		cmocka_unit_test(sees_integers_beyond_32_bits),
		cmocka_unit_test(stops_at_what_has_no_end),
		cmocka_unit_test(stops_at_a_wrong_include),
		cmocka_unit_test(bounds_what_is_included),
		cmocka_unit_test(forgives_what_editors_do),
		cmocka_unit_test(refuses_a_nul_in_a_string),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
