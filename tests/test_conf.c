#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf.h"
#include "config/conf_list.h"
#include "config/conf_word.h"
#include "said.h"

static struct conf *
parse(const char *text, struct diag *d)
{
	return conf_parse("x.cfg", text, strlen(text), d);
}

static void
is_text(char *have, const char *want)
{
	assert_string_equal(have, want);
	free(have);
}

static void
reads_every_type(void **state)
{
	static const struct conf_word words[] = { { "one", 1 }, { "two", 2 },
		{ NULL, 0 } };
	struct diag *d = diag_new();
	struct conf *c = parse(
	    "i = 5; t = true; s = \"Gr\xc3\xbc\xc3\x9f"
	    "e\"; w = \"two\"; o = \"\\x01\"; e = \"\"; a = [\"p\", \"q\"];\n"
	    "l = ( { x = 1; }, { x = 2; } ); g = { y = 3; }; n = [1, 2]; z = []; none "
	    "= ();",
	    d);
	struct conf_group g = conf_root(c, "the file");
	struct conf_group sub;
	struct diag_pos pos;
	bool array;
	long *v;
	size_t n;

	(void)state;
	assert_int_equal(conf_int(&g, "i", 1, 5, 9), 5);
	assert_int_equal(conf_int(&g, "absent", 1, 5, 9), 9);
	assert_true(conf_bool(&g, "t", false));
	assert_true(conf_bool(&g, "absent", true));
	assert_int_equal(conf_tristate(&g, "t"), 1);
	assert_int_equal(conf_tristate(&g, "absent"), -1);
	is_text(conf_text(&g, "s", 8, ""), "Gr\xc3\xbc\xc3\x9f"
					   "e");
	is_text(conf_text(&g, "absent", 8, "dflt"), "dflt");
	is_text(conf_octets(&g, "o", 8), "\x01");
	assert_int_equal(conf_word(&g, "w", words, 0), 2);
	assert_int_equal(conf_word(&g, "e", words, 0), 0);
	assert_int_equal(conf_list_texts(&g, "a"), 2);
	is_text(conf_list_text(&g, "a", 1, 8, &pos), "q");
	assert_int_equal(pos.line, 1);
	assert_int_equal(conf_list_groups(&g, "l"), 2);
	assert_true(conf_list_group(&g, "l", 1, "an l", &sub));
	assert_int_equal(conf_int(&sub, "x", 0, 9, 0), 2);
	conf_end(&sub);
	assert_true(conf_open(&g, "g", &sub));
	assert_int_equal(conf_int(&sub, "y", 0, 9, 0), 3);
	conf_end(&sub);
	assert_true(conf_list_ints(&g, "n", &v, &n, &array));
	assert_int_equal(n, 2);
	assert_true(array);
	free(v);
	assert_true(conf_list_ints(&g, "i", &v, &n, &array));
	assert_int_equal(n, 1);
	assert_false(array);
	free(v);
	assert_true(conf_list_ints(&g, "z", &v, &n, &array));
	assert_int_equal(n, 0);
	assert_non_null(v);
	free(v);
	assert_int_equal(conf_list_groups(&g, "none") + conf_list_texts(&g, "none"), 0);
	assert_int_equal(conf_list_groups(&g, "z") + conf_list_texts(&g, "z"), 0);
	conf_end(&g);
	conf_free(c);
	said_nothing(d);
}

static void
says_what_type_is_wanted(void **state)
{
	static const struct conf_word words[] = { { "one", 1 }, { "two", 2 },
		{ NULL, 0 } };
	struct diag *d = diag_new();
	struct conf *c = parse("i = \"5\";\nt = 1;\ns = 5;\nw = \"twoo\";\na = \"x\";\n"
			       "l = [1];\ng = 5;\nn = [\"x\"];\nb = 1.5;\nm = (1, 2);\n"
			       "r = 10;\nlong = \"123456\";\nlatin = \"\\xfc\";\n"
			       "tab = \"a\\tb\";\nwide = 9999999999;\nk = [1, 2];\n",
	    d);
	struct conf_group g = conf_root(c, "the file");
	struct conf_group sub;
	struct diag_pos pos;
	bool array;
	long *v;
	size_t n;

	(void)state;
	assert_int_equal(conf_int(&g, "i", 1, 5, 9), 9);
	assert_false(conf_bool(&g, "t", false));
	is_text(conf_text(&g, "s", 8, "d"), "d");
	assert_int_equal(conf_word(&g, "w", words, 7), 7);
	assert_int_equal(conf_list_texts(&g, "a"), 0);
	assert_int_equal(conf_list_groups(&g, "l"), 0);
	assert_false(conf_open(&g, "g", &sub));
	assert_false(conf_list_ints(&g, "n", &v, &n, &array));
	assert_int_equal(conf_int(&g, "b", 1, 5, 9), 9);
	assert_int_equal(conf_list_groups(&g, "m"), 2);
	assert_false(conf_list_group(&g, "m", 0, "an m", &sub));
	assert_int_equal(conf_int(&g, "r", 1, 5, 9), 9);
	is_text(conf_text(&g, "long", 5, ""), "");
	is_text(conf_text(&g, "latin", 5, ""), "");
	is_text(conf_text(&g, "tab", 5, ""), "");
	assert_int_equal(conf_int(&g, "wide", 1, 5, 9), 9);
	assert_int_equal(conf_list_texts(&g, "k"), 2);
	assert_null(conf_list_text(&g, "k", 0, 8, &pos));
	conf_free(c);
	SAID(d, "x.cfg:1: \"i\" must be a whole number without quotes",
	    "x.cfg:2: \"t\" must be true or false, without quotes",
	    "x.cfg:3: \"s\" must be text in double quotes",
	    "x.cfg:4: \"w\": \"twoo\" is not one of one, two (did you mean \"two\"?)",
	    "x.cfg:5: \"a\" must be a list of texts: [\"one\", \"two\"]",
	    "x.cfg:6: \"l\" must be a list of groups: ( { ... }, { ... } )",
	    "x.cfg:7: \"g\" must be a group: { key = value; ... }",
	    "x.cfg:8: \"n\" must be a whole number or an array of them: [1, 2, 5]",
	    "x.cfg:9: \"b\" must be a whole number without quotes",
	    "x.cfg:10: \"m\" must be a list of groups: ( { ... }, { ... } )",
	    "x.cfg:11: \"r\" is 10: it must be 1 to 5",
	    "x.cfg:12: \"long\" has 6 octets: at most 5 fit",
	    "x.cfg:13: \"latin\" is not UTF-8: save the file in that encoding",
	    "x.cfg:14: \"tab\" has a control character or line break: take it out",
	    "x.cfg:15: 9999999999 does not fit into 32 bits: write a smaller number",
	    "x.cfg:16: \"k\" must be text in double quotes");
}

static void
reports_unknown_and_missing_keys(void **state)
{
	struct diag *d = diag_new();
	struct conf *c = parse(
	    "interval = 1;\nintervall = 2;\ncolour = 3;\nempty = \"\";\n"
	    "g = {\n  hodl = 1;\n};\n",
	    d);
	struct conf_group g = conf_root(c, "the file");
	struct conf_group sub;

	(void)state;
	assert_true(conf_has(&g, "interval"));
	assert_true(conf_need(&g, "interval"));
	assert_false(conf_need(&g, "empty"));
	assert_false(conf_need(&g, "number"));
	assert_true(conf_open(&g, "g", &sub));
	assert_false(conf_has(&sub, "hold"));
	conf_end(&sub);
	conf_end(&g);
	conf_free(c);
	SAID(d, "x.cfg:1: the file has no \"number\": add it",
	    "x.cfg:2: unknown key \"intervall\" in the file (did you mean "
	    "\"interval\"?)",
	    "x.cfg:3: unknown key \"colour\" in the file; known here: interval, empty, "
	    "number, g",
	    "x.cfg:4: \"empty\" is empty",
	    "x.cfg:6: unknown key \"hodl\" in g (did you mean \"hold\"?)");
}

static void
fails(const char *text, const char *message)
{
	struct diag *d = diag_new();

	assert_null(parse(text, d));
	SAID(d, message);
}

static void
says_that_the_rest_was_not_checked(void **state)
{
	(void)state;
	fails("a = 1;\nb = ;\nc = 3;\n",
	    "x.cfg:2: syntax error at or before \"b = ;\"; the rest was not checked");
	fails("a = 1;\nb = 2;\na = 3;\nd = = 4;\n",
	    "x.cfg:3: a key is used twice in the same group, the second time here: "
	    "\"a = 3;\"; the rest was not checked");
	fails("g = {\n  x = 1;\n\n  x = 2; };\n",
	    "x.cfg:4: a key is used twice in the same group, the second time here: "
	    "\"x = 2; };\"; the rest was not checked");
	fails("a = [1, \"x\"];\n", "x.cfg:1: mismatched element type in array at or "
				   "before \"a = [1, \"x\"];\"; "
				   "the rest was not checked");
}

static void
names_the_included_file(void **state)
{
	const char *main_file;
	struct diag *d = diag_new();
	struct conf *c;
	struct conf_group g;
	char want[2][256];

	(void)state;
	said_file("part.cfg", "\nhold = \"x\";\n");
	said_file("wrong.cfg", "\n\nhold = ;\n");
	main_file = said_file("good.cfg", "a = 1;\n@include \"part.cfg\"\nbb = 2;\n");
	c = conf_read(main_file, d);
	g = conf_root(c, "the file");
	conf_int(&g, "a", 0, 9, 0);
	conf_int(&g, "hold", 0, 9, 0);
	conf_end(&g);
	conf_free(c);
	snprintf(want[0], sizeof(want[0]), "%.*s/part.cfg:2: %s",
	    (int)(strrchr(main_file, '/') - main_file), main_file,
	    "\"hold\" must be a whole number without quotes");
	snprintf(want[1], sizeof(want[1]), "%s:3: %s", main_file,
	    "unknown key \"bb\" in the file; known here: a, hold");
	SAID(d, want[0], want[1]);

	d = diag_new();
	main_file = said_file("bad.cfg", "a = 1;\n@include \"wrong.cfg\"\n");
	assert_null(conf_read(main_file, d));
	snprintf(want[0], sizeof(want[0]), "%.*s/wrong.cfg:3: %s",
	    (int)(strrchr(main_file, '/') - main_file), main_file,
	    "syntax error at or before \"hold = ;\"; the rest was not checked");
	SAID(d, want[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_type),
		cmocka_unit_test(says_what_type_is_wanted),
		cmocka_unit_test(reports_unknown_and_missing_keys),
		cmocka_unit_test(says_that_the_rest_was_not_checked),
		cmocka_unit_test(names_the_included_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
