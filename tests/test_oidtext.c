#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/oidtext.h"

static void
parses_dotted_numbers(void **state)
{
	uint32_t ids[OIDTEXT_MAX];
	size_t len = 0;

	(void)state;
	assert_true(oidtext_parse(".1.3.6.1.4.1.4294967295", ids, &len));
	assert_int_equal(len, 7);
	assert_int_equal(ids[0], 1);
	assert_int_equal(ids[6], 4294967295u);
	assert_true(oidtext_parse("2.999", ids, &len));
	assert_int_equal(len, 2);
	assert_true(oidtext_parse("0.0", ids, &len));
}

static void
rejects_anything_else(void **state)
{
	static const char *const bad[] = { "", ".", "1", "1.", "1..3", "..1.3", "1.3.",
		"3.1", "1.40", "1.3.x", "1.3.-1", "1.3.4294967296", "1.3.01", "1.3 ",
		"1.3.99999999999999999999" };
	uint32_t ids[OIDTEXT_MAX] = { 7 };
	char longest[4 * OIDTEXT_MAX] = "1.3";
	size_t len = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(oidtext_parse(bad[i], ids, &len));
		assert_int_equal(ids[0], 7);
		assert_int_equal(len, 42);
	}
	for (int i = 2; i < OIDTEXT_MAX; i++)
		strcat(longest, ".1");
	assert_true(oidtext_parse(longest, ids, &len));
	assert_int_equal(len, OIDTEXT_MAX);
	strcat(longest, ".1");
	assert_false(oidtext_parse(longest, ids, &len));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_dotted_numbers),
		cmocka_unit_test(rejects_anything_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
