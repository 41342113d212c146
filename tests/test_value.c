#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "value.h"

static void
in_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static void
date_is_eleven_octets_in_local_time(void **state)
{
	/* 2026-03-01 12:34:56.7 UTC */
	static const wall_t when = 1772368496789;
	static const uint8_t utc[] = { 0x07, 0xea, 3, 1, 12, 34, 56, 7, '+', 0, 0 };
	static const uint8_t east[] = { 0x07, 0xea, 3, 1, 18, 4, 56, 7, '+', 5, 30 };
	static const uint8_t west[] = { 0x07, 0xea, 3, 1, 9, 4, 56, 7, '-', 3, 30 };
	static const uint8_t never[] = { 0, 0, 0, 0, 0, 0, 0, 0, '+', 0, 0 };
	struct value v;

	(void)state;
	in_zone("UTC0");
	value_date(&v, when);
	assert_int_equal(v.type, VALUE_STRING);
	assert_int_equal(v.len, 11);
	assert_memory_equal(v.bytes, utc, 11);
	in_zone("EAST-5:30");
	value_date(&v, when);
	assert_memory_equal(v.bytes, east, 11);
	in_zone("WEST3:30");
	value_date(&v, when);
	assert_int_equal(v.len, 11);
	assert_memory_equal(v.bytes, west, 11);
	value_date(&v, 0);
	assert_int_equal(v.len, 11);
	assert_memory_equal(v.bytes, never, 11);
}

static void
text_is_cut_on_a_utf8_boundary(void **state)
{
	char text[300];
	struct value v;

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text + 253, "\xe2\x82\xac", 3); /* ends at octet 256 */
	text[299] = '\0';
	value_text(&v, text);
	assert_int_equal(v.len, 253);
	text[255] = 'a';
	memcpy(text + 252, "\xe2\x82\xac", 3); /* ends at octet 255 */
	value_text(&v, text);
	assert_int_equal(v.len, 255);
	value_text(&v, "");
	assert_int_equal(v.len, 0);
}

static void
addresses_are_those_of_rfc_4001(void **state)
{
	static const struct {
		const char *text;
		uint32_t scope, type;
		size_t len;
	} cases[] = { { "192.0.2.1", 0, 1, 4 }, { "2001:db8::1", 0, 2, 16 },
		{ "fe80::1", 3, 4, 20 }, { "", 0, 0, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct addr a = { 0 };
		struct value v;

		if (cases[i].len > 0)
			assert_true(addr_parse(cases[i].text, &a));
		a.scope = cases[i].scope;
		value_address_type(&v, &a);
		assert_int_equal(v.number, cases[i].type);
		value_address(&v, &a);
		assert_int_equal(v.len, cases[i].len);
		if (cases[i].scope != 0)
			assert_memory_equal((const char *)v.bytes + 16, "\0\0\0\3", 4);
	}
}

static void
numbers_keep_their_type(void **state)
{
	struct value v;

	(void)state;
	value_integer(&v, -1);
	assert_int_equal(v.type, VALUE_INTEGER);
	assert_int_equal((int32_t)v.number, -1);
	value_counter(&v, 4294967295u);
	assert_int_equal(v.type, VALUE_COUNTER);
	assert_int_equal(v.number, 4294967295u);
	value_gauge(&v, 5);
	assert_int_equal(v.type, VALUE_GAUGE);
	value_ticks(&v, 6);
	assert_int_equal(v.type, VALUE_TICKS);
	value_truth(&v, true);
	assert_int_equal(v.number, 1);
	value_truth(&v, false);
	assert_int_equal(v.number, 2);
}

static void
oid_is_bounded(void **state)
{
	uint32_t tail[200] = { 7 };
	struct value v;

	(void)state;
	value_oid(&v, (const uint32_t[]){ 1, 3 }, 2, tail, 3);
	assert_int_equal(v.type, VALUE_OID);
	assert_int_equal(v.len, 5);
	assert_int_equal(v.room.oid[2], 7);
	value_oid(&v, (const uint32_t[]){ 1, 3 }, 2, tail, 200);
	assert_int_equal(v.len, 128);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(date_is_eleven_octets_in_local_time),
		cmocka_unit_test(text_is_cut_on_a_utf8_boundary),
		cmocka_unit_test(addresses_are_those_of_rfc_4001),
		cmocka_unit_test(numbers_keep_their_type),
		cmocka_unit_test(oid_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
