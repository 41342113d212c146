#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/diag.h"
#include "base/utf8.h"
#include "plan/load.h"

static const char *
line(struct diag *d, size_t i)
{
	static char buf[1200];

	return diag_format(diag_get(d, i), buf, sizeof(buf));
}

static void
sorts_by_file_as_seen_then_line(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	diag_error(d, "b.cfg", 9, "nine");
	diag_warn(d, "a.cfg", 1, "one");
	diag_error(d, "b.cfg", 2, "two %d", 2);
	diag_error(d, "b.cfg", 9, "nine again");
	diag_error(d, "", 0, "nowhere");
	diag_error(d, "c.cfg", 0, "cannot open");
	assert_int_equal(diag_count(d), 6);
	assert_int_equal(diag_errors(d), 5);
	assert_string_equal(line(d, 0), "b.cfg:2: two 2");
	assert_string_equal(line(d, 1), "b.cfg:9: nine");
	assert_string_equal(line(d, 2), "b.cfg:9: nine again");
	assert_string_equal(line(d, 3), "a.cfg:1: warning: one");
	assert_string_equal(line(d, 4), "nowhere");
	assert_string_equal(line(d, 5), "c.cfg: cannot open");
	diag_free(d);
}

static void
goes_on_after_a_get(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	diag_error(d, "x", 5, "five");
	assert_string_equal(line(d, 0), "x:5: five");
	diag_error(d, "x", 4, "four");
	assert_string_equal(line(d, 0), "x:4: four");
	assert_string_equal(line(d, 1), "x:5: five");
	diag_free(d);
	diag_free(NULL);
}

static void
lets_no_control_character_through(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	diag_error(d, "x", 1, "key \"%s\"", "a\nb\x1b[2J");
	assert_string_equal(line(d, 0), "x:1: key \"a?b?[2J\"");
	diag_free(d);
}

static void
the_first_message_is_cut_between_characters(void **state)
{
	struct diag *d = diag_new();
	char first[16];

	(void)state;
	diag_error(d, "x", 1, "\"nnnnn\xc3\xa4mmm\"");
	for (size_t size = 8; size < sizeof(first); size++)
		assert_true(utf8_valid(load_log(d, first, size)));
	diag_free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts_by_file_as_seen_then_line),
		cmocka_unit_test(goes_on_after_a_get),
		cmocka_unit_test(lets_no_control_character_through),
		cmocka_unit_test(the_first_message_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
