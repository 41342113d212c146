#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/utf8.h"

static void
knows_utf8(void **state)
{
	static const char *const good[] = { "", "plain", "Gr\xc3\xbc\xc3\x9f",
		"\xe2\x82\xac", "\xf0\x9f\x94\x8c", "\xf4\x8f\xbf\xbf",
		"\xed\x9f\xbf" };
	static const char *const bad[] = { "\x80", "\xc3", "\xc3(", "\xc0\xaf",
		"\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff",
		"\xf8\x88\x80", "a\xe2\x82", "Gr\xfc\xdf" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(utf8_valid(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(utf8_valid(bad[i]));
}

static void
knows_control_characters(void **state)
{
	(void)state;
	assert_false(utf8_has_control("Gr\xc3\xbc\xc3\x9f"));
	assert_true(utf8_has_control("a\tb"));
	assert_true(utf8_has_control("a\x7f"));
	assert_true(utf8_has_control("a\xc2\x85"));
	assert_true(utf8_has_control("a\xe2\x80\xa8"));
	assert_false(utf8_has_control("\xc2\xa0"));
}

static void
cuts_on_a_boundary(void **state)
{
	(void)state;
	assert_int_equal(utf8_cut("abc", 3), 3);
	assert_int_equal(utf8_cut("abc", 2), 2);
	assert_int_equal(utf8_cut("\xc3\xbc\xc3\xbc", 3), 2);
	assert_int_equal(utf8_cut("\xf0\x9f\x94\x8c", 3), 0);
	assert_int_equal(utf8_cut("\xf0\x9f\x94\x8c", 4), 4);
	assert_int_equal(utf8_cut("", 0), 0);
}

static void
cleans_what_cannot_be_printed(void **state)
{
	static const char *const pairs[][2] = { { "plain", "plain" },
		{ "a\n\tb\x1b", "a??b?" },
		{ "Gr\xc3\xbc\xc3\x9f", "Gr\xc3\xbc\xc3\x9f" },
		{ "a\xc2\x9b"
		  "31m",
		    "a?31m" },
		{ "\xe2\x80\xa8", "?" }, { "Gr\xfc\xdf", "Gr??" },
		{ "cut\xe2\x82", "cut??" }, { "", "" } };

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		char text[32];

		strcpy(text, pairs[i][0]);
		utf8_clean(text, '?');
		assert_string_equal(text, pairs[i][1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_utf8),
		cmocka_unit_test(knows_control_characters),
		cmocka_unit_test(cuts_on_a_boundary),
		cmocka_unit_test(cleans_what_cannot_be_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
