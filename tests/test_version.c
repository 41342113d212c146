#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "catalogue/version.h"

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

static void
compares_number_by_number(void **state)
{
	static const struct {
		const char *a, *b;
		int want;
	} cases[] = {
		{ "5.4", "5.4", 0 },
		{ "5.4", "5.10", -1 },
		{ "10", "9.9.9", 1 },
		{ "5.4", "5.4.0", 0 },
		{ "5.4", "5.4.0.0", 0 },
		{ "5.4", "5.4.1", -1 },
		{ "1.6.0", "1.6", 0 },
		{ "05.04", "5.4", 0 },
		{ "5.4-rc1", "5.4", 0 },
		{ "5.4-rc1", "5.4.1", -1 },
		{ "5.4 build 7", "5.4 build 9", 0 },
		{ "", "", 0 },
		{ "", "0", 0 },
		{ "", "1", -1 },
		{ "12.2.1", "12.2", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int got = sign(version_compare(cases[i].a, cases[i].b));
		int back = sign(version_compare(cases[i].b, cases[i].a));

		if (got != cases[i].want || back != -cases[i].want)
			fail_msg("\"%s\" to \"%s\": %d, and back %d, want %d",
			    cases[i].a, cases[i].b, got, back, cases[i].want);
	}
}

static void
limits_hold_or_not(void **state)
{
	static const struct {
		const char *limits;
		const char *in, *out; /* a version within and one without; NULL: none */
	} cases[] = {
		{ "<= 1.6.0", "1.6.0", "1.6.1" },
		{ "<=1.6.0", "1.5.9", "1.7" },
		{ "< 6", "5.99", "6" },
		{ "< 6", "5", "6.0.0" },
		{ ">= 5.4", "5.4", "5.3.9" },
		{ "> 4.2", "4.2.1", "4.2" },
		{ "> 4.2", "4.3", "4.2.0" },
		{ "= 7.1", "7.1.0", "7.1.1" },
		{ "7.1", "7.1", "7.2" },
		{ ">= 5.4, < 6", "5.9", "6.1" },
		{ ">= 5.4,<6", "5.4", "5.3" },
		{ "", "5.4", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool readable = false;

		if (!version_within(cases[i].in, cases[i].limits, &readable))
			fail_msg(
			    "%s is not within \"%s\"", cases[i].in, cases[i].limits);
		assert_true(readable);
		if (cases[i].out != NULL &&
		    version_within(cases[i].out, cases[i].limits, NULL))
			fail_msg("%s is within \"%s\"", cases[i].out, cases[i].limits);
	}
}

/* It excludes nothing; lint asks whether all of them could be read. */
static void
unreadable_limits(void **state)
{
	static const char *const limits[] = { "up to 1.6", "=", "<", ">= x", ",",
		"5.4, newer", ">= 5.0 < 6", "5.4 or 5.5", "<= 5.3.x", "5.4 and later",
		"5.4-", "5.4." };
	bool readable;

	(void)state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		readable = true;
		assert_true(version_within("5.4", limits[i], &readable));
		if (readable)
			fail_msg("\"%s\" passes as a limit", limits[i]);
	}
	/* What can be read beside it still holds. */
	readable = true;
	assert_false(version_within("5.4", "newer, < 5", &readable));
	assert_false(readable);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares_number_by_number),
		cmocka_unit_test(limits_hold_or_not),
		cmocka_unit_test(unreadable_limits),
	};

	return cmocka_run_group_tests_name("version", tests, NULL, NULL);
}
