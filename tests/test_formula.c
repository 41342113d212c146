#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "catalogue/formula.h"
#include "model/portset.h"

static const long *
lookup(void *arg, const char *name, size_t *count)
{
	static const long base[] = { 1960 };
	static const long drive[] = { 1, 2, 5 };
	static const long huge[] = { 9223372036854775807L };

	*(int *)arg += 1;
	*count = 1;
	if (strcmp(name, "base") == 0)
		return base;
	if (strcmp(name, "huge") == 0)
		return huge;
	*count = strcmp(name, "drive") == 0 ? 3 : 0;
	return *count != 0 || strcmp(name, "none") == 0 ? drive : NULL;
}

static void
gives(const char *text, const char *want)
{
	struct portset set;
	char err[128] = "";
	char buf[128];
	int calls = 0;

	if (!formula_eval(text, lookup, &calls, &set, err, sizeof(err)))
		fail_msg("%s: %s", text, err);
	assert_string_equal(portset_format(&set, buf, sizeof(buf)), want);
	portset_clear(&set);
}

static void
evaluates(void **state)
{
	(void)state;
	gives("", "");
	gives("  ", "");
	gives("2055", "2055");
	gives(" 7000 - 7999 ", "7000-7999");
	gives("80,443, 8080-8089", "80,443,8080-8089");
	gives("${base}", "1960");
	gives("${base}+4", "1964");
	gives("4 + ${base} + 1", "1965");
	gives("${base}-${base}+6", "1960-1966");
	gives("1+${base}-2000", "1961-2000");
	gives("65535", "65535");
}

static void
several_values_yield_the_set(void **state)
{
	(void)state;
	gives("11701+${drive}", "11702-11703,11706");
	/* the same value in both places: three ranges of two, not all pairs */
	gives("100+${drive}-101+${drive}", "101-103,105-106");
	gives("${base}+${drive}", "1961-1962,1965");
	gives("10+${none}", "");
	gives("10+${none},7", "7");
}

static void
refuses(const char *text, const char *message)
{
	struct portset set = { 0 };
	char err[128] = "";
	int calls = 0;

	portset_add(&set, 7, 7);
	assert_false(formula_eval(text, lookup, &calls, &set, err, sizeof(err)));
	assert_string_equal(err, message);
	assert_true(portset_has(&set, 7));
	assert_int_equal(portset_size(&set), 1);
}

static void
says_what_is_wrong(void **state)
{
	(void)state;
	refuses("0", "\"0\" gives port 0, outside 1..65535");
	refuses("80,65536", "\"65536\" gives port 65536, outside 1..65535");
	refuses("80-", "it ends where a number or ${name} is wanted");
	refuses("80,", "it ends where a number or ${name} is wanted");
	refuses("http", "\"h\" where a number or ${name} is wanted");
	refuses("80 90", "\"9\" where \"+\", \"-\" or \",\" is wanted");
	refuses("90-80", "\"90-80\" runs backwards, from 90 to 80");
	refuses("1-2-3", "\"-\" where \"+\", \"-\" or \",\" is wanted");
	refuses("${bsae}+4", "unknown parameter \"bsae\"");
	refuses("${base", "write a parameter as ${name}");
	refuses("$base", "write a parameter as ${name}");
	refuses("${}", "write a parameter as ${name}");
	refuses("99999999999999999999", "a number is too large for a port");
	refuses("${huge}+${huge}+1",
	    "\"${huge}+${huge}+1\" gives port 9223372036854775807, outside 1..65535");
	refuses("${base}-1", "\"${base}-1\" runs backwards, from 1960 to 1");
}

static void
limits_hold(void **state)
{
	static const char unit[] = "1+";
	char text[4096];
	size_t len = 0;

	(void)state;
	/* plain numbers may be many */
	for (int i = 0; i < 100; i++, len += sizeof(unit) - 1)
		memcpy(text + len, unit, sizeof(unit) - 1);
	strcpy(text + len, "1");
	gives(text, "101");
	len = 0;
	for (int i = 0; i < 9; i++)
		len += (size_t)sprintf(text + len, "%s${drive}", i != 0 ? "+" : "");
	refuses(text, "too many terms");
	refuses("${base}+${drive}+${none}+${huge}+${other}", "more than 4 parameters");
}

static void
count(void *arg, const char *name)
{
	strcat(arg, name);
	strcat(arg, ";");
}

static void
shows_and_lists_parameters(void **state)
{
	char buf[64];
	char names[64] = "";

	(void)state;
	assert_true(formula_has_parameter("11701+${drive}"));
	assert_false(formula_has_parameter("11701+$drive"));
	assert_string_equal(
	    formula_display("11701+${drive}", buf, sizeof(buf)), "11701+drive");
	assert_string_equal(
	    formula_display("7000-7999", buf, sizeof(buf)), "7000-7999");
	assert_string_equal(formula_display("${x", buf, sizeof(buf)), "${x");
	assert_string_equal(formula_display("1+${drive}", buf, 5), "1+dr");
	assert_string_equal(formula_display("12345678", buf, 5), "1234");
	formula_parameters("${a}+${b}-${a}+9", count, names);
	assert_string_equal(names, "a;b;a;");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evaluates),
		cmocka_unit_test(several_values_yield_the_set),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(shows_and_lists_parameters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
