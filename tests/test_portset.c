#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "model/portset.h"

static void
roundtrip(const char *in, const char *out)
{
	struct portset set;
	char buf[128];

	assert_true(portset_parse(in, &set));
	assert_string_equal(portset_format(&set, buf, sizeof(buf)), out);
	portset_clear(&set);
}

static void
parses_and_merges(void **state)
{
	(void)state;
	roundtrip("443", "443");
	roundtrip("7000-7999", "7000-7999");
	roundtrip("3,1,2", "1-3");
	roundtrip("1-3,5,7-9,4", "1-5,7-9");
	roundtrip(" 11702 - 11703 , 11706", "11702-11703,11706");
	roundtrip("1-65535,80", "1-65535");
}

static void
rejects_and_leaves_output(void **state)
{
	static const char *const bad[] = { "", "0", "65536", "1-", "-1", "5-4", "1,,2",
		"1,", "a", "1 2", "99999999999" };
	struct portset set = { 0 };

	(void)state;
	portset_add(&set, 7, 7);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(portset_parse(bad[i], &set));
		assert_true(portset_has(&set, 7));
		assert_int_equal(portset_size(&set), 1);
	}
}

static void
format_cuts_after_a_whole_element(void **state)
{
	struct portset set;
	char buf[16];

	(void)state;
	assert_true(portset_parse("7001,7003-7007,9000,9002", &set));
	assert_string_equal(portset_format(&set, buf, 15), "7001...");
	assert_string_equal(portset_format(&set, buf, sizeof(buf)), "7001...");
	portset_clear(&set);
}

/* Against a plain bitmap, over random adds. */
static void
agrees_with_a_bitmap(void **state)
{
	static uint8_t bits[65536];
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct portset set = { 0 };
		struct portset back;
		char text[4096];
		uint32_t n = 0;

		memset(bits, 0, sizeof(bits));
		for (int i = 0; i < 30; i++) {
			uint16_t low = (uint16_t)(1 + rand_r(&seed) % 300);
			uint16_t high = (uint16_t)(low + rand_r(&seed) % 9);

			portset_add(&set, low, high);
			memset(bits + low, 1, (size_t)(high - low) + 1);
		}
		for (unsigned p = 1; p < 400; p++) {
			assert_int_equal(portset_has(&set, (uint16_t)p), bits[p]);
			n += bits[p];
		}
		assert_int_equal(portset_size(&set), n);
		assert_true(
		    portset_parse(portset_format(&set, text, sizeof(text)), &back));
		assert_true(portset_equal(&set, &back));
		assert_true(portset_overlaps(&set, &back));
		portset_clear(&set);
		portset_clear(&back);
	}
}

static void
common_ports(void **state)
{
	static const char *const cases[][3] = {
		{ "1-5,7,9-20", "4-10,20-30", "4-5,7,9-10,20" },
		{ "443", "443", "443" },
		{ "443", "1-442,444-65535", "" },
		{ "1-65535", "65535", "65535" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct portset a, b, both = { 0 };
		char text[64];

		assert_true(portset_parse(cases[i][0], &a));
		assert_true(portset_parse(cases[i][1], &b));
		portset_common(&both, &a, &b);
		assert_string_equal(
		    portset_format(&both, text, sizeof(text)), cases[i][2]);
		portset_clear(&a);
		portset_clear(&b);
		portset_clear(&both);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_and_merges),
		cmocka_unit_test(rejects_and_leaves_output),
		cmocka_unit_test(format_cuts_after_a_whole_element),
		cmocka_unit_test(common_ports),
		cmocka_unit_test(agrees_with_a_bitmap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
