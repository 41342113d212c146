#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/suggest.h"

static const char *
nearest(const char *word)
{
	static const char *const all[] = { "interval", "listen-interval", "hold",
		"hosts", "PAS", "collector", "a" };
	static char buf[SUGGEST_TEXT];
	struct suggest s = SUGGEST(word);

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		suggest_offer(&s, all[i]);
	return suggest_text(&s, buf);
}

static void
finds_the_slip(void **state)
{
	(void)state;
	assert_string_equal(nearest("intervall"), " (did you mean \"interval\"?)");
	assert_string_equal(
	    nearest("listen_interval"), " (did you mean \"listen-interval\"?)");
	assert_string_equal(nearest("host"), " (did you mean \"hosts\"?)");
	assert_string_equal(nearest("hodl"), " (did you mean \"hold\"?)");
	assert_string_equal(nearest("pas"), " (did you mean \"PAS\"?)");
	assert_string_equal(nearest("COLECTOR"), " (did you mean \"collector\"?)");
}

static void
says_nothing_for_anything_else(void **state)
{
	static const char long_word[] =
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

	(void)state;
	assert_string_equal(nearest("colour"), "");
	assert_string_equal(nearest("b"), "");
	assert_string_equal(nearest(""), "");
	assert_string_equal(nearest(long_word), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_slip),
		cmocka_unit_test(says_nothing_for_anything_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
