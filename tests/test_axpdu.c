#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "axpdu.h"

/* A Get of RFC 2741's layout, written by hand: 1.3.6.1.2.1.1.3.0, context "abc". */
static const uint8_t get_pdu[] = { 1, 5, 0x18, 0, 0, 0, 0, 7, 0, 0, 0, 8, 0, 0, 0, 9, 0,
	0, 0, 36, 0, 0, 0, 3, 'a', 'b', 'c', 0, 5, 2, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0,
	0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };

static void
reads_what_the_rfc_says(void **state)
{
	static const uint32_t ids[] = { 1, 3, 6, 1, 2, 1, 1, 3, 0 };
	struct axpdu_header h = axpdu_header(get_pdu);
	struct axpdu_reader r;
	struct axpdu_oid oid;
	const uint8_t *text;
	size_t len;

	(void)state;
	assert_int_equal(h.version, 1);
	assert_int_equal(h.type, AXPDU_GET);
	assert_int_equal(h.flags, AXPDU_CONTEXT | AXPDU_NETWORK);
	assert_int_equal(h.session, 7);
	assert_int_equal(h.transaction, 8);
	assert_int_equal(h.packet, 9);
	assert_int_equal(h.payload, sizeof(get_pdu) - AXPDU_HEADER);
	r = axpdu_reader(get_pdu + AXPDU_HEADER, h.payload, true);
	text = axpdu_read_string(&r, &len);
	assert_int_equal(len, 3);
	assert_memory_equal(text, "abc", 3);
	axpdu_read_oid(&r, &oid);
	assert_int_equal(oid.n, 10);
	assert_memory_equal(oid.ids, ids, sizeof(ids));
	assert_true(oid.include);
	axpdu_read_oid(&r, &oid);
	assert_int_equal(oid.n, 0);
	assert_false(r.failed);
	assert_ptr_equal(r.at, r.end);
	axpdu_read_u32(&r);
	assert_true(r.failed);
}

static void
writes_what_it_reads(void **state)
{
	static const uint32_t internet[] = { 1, 3, 6, 1, 4, 1, 9 };
	static const uint32_t other[] = { 2, 999 };

	(void)state;
	for (int network = 0; network < 2; network++) {
		struct axpdu_header in, h = { .version = 1,
			.type = AXPDU_RESPONSE,
			.flags = network ? AXPDU_NETWORK : 0,
			.session = 0x01020304,
			.transaction = 0xfffffffe,
			.packet = 3 };
		uint8_t buf[256];
		struct axpdu_writer w = axpdu_begin(buf, sizeof(buf), &h);
		struct axpdu_reader r;
		struct axpdu_oid oid;
		const uint8_t *text;
		size_t len;

		axpdu_write_u16(&w, 0x0102);
		axpdu_write_u16(&w, 3);
		axpdu_write_u32(&w, 0xdeadbeef);
		axpdu_write_oid(&w, internet, 7, other, 2, true);
		axpdu_write_oid(&w, other, 2, NULL, 0, false);
		axpdu_write_oid(&w, NULL, 0, NULL, 0, false);
		axpdu_write_string(&w, "hello", 5);
		axpdu_write_string(&w, NULL, 0);
		len = axpdu_end(&w);
		assert_int_equal(len % 4, 0);
		in = axpdu_header(buf);
		assert_int_equal(in.payload, len - AXPDU_HEADER);
		assert_int_equal(in.type, h.type);
		assert_int_equal(in.flags, h.flags);
		assert_int_equal(in.session, h.session);
		assert_int_equal(in.transaction, h.transaction);
		assert_int_equal(in.packet, h.packet);
		r = axpdu_reader(buf + AXPDU_HEADER, len - AXPDU_HEADER, network);
		assert_int_equal(axpdu_read_u16(&r), 0x0102);
		assert_int_equal(axpdu_read_u16(&r), 3);
		assert_int_equal(axpdu_read_u32(&r), 0xdeadbeef);
		axpdu_read_oid(&r, &oid);
		assert_int_equal(oid.n, 9);
		assert_memory_equal(oid.ids, internet, sizeof(internet));
		assert_memory_equal(oid.ids + 7, other, sizeof(other));
		assert_true(oid.include);
		axpdu_read_oid(&r, &oid);
		assert_int_equal(oid.n, 2);
		assert_false(oid.include);
		axpdu_read_oid(&r, &oid);
		assert_int_equal(oid.n, 0);
		text = axpdu_read_string(&r, &len);
		assert_int_equal(len, 5);
		assert_memory_equal(text, "hello", 5);
		axpdu_read_string(&r, &len);
		assert_int_equal(len, 0);
		assert_false(r.failed);
		assert_ptr_equal(r.at, r.end);
	}
}

/* Every length cut short fails, and nothing is read behind the end: under a sanitizer
 * the copy of exactly that length says so. */
static void
stops_at_the_end_wherever_it_is(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof(get_pdu) - AXPDU_HEADER; len++) {
		uint8_t *copy = malloc(len + 1);
		struct axpdu_reader r = axpdu_reader(copy + 1, len, true);
		struct axpdu_oid oid;
		size_t n;

		memcpy(copy + 1, get_pdu + AXPDU_HEADER, len);
		axpdu_read_string(&r, &n);
		axpdu_read_oid(&r, &oid);
		axpdu_read_oid(&r, &oid);
		assert_true(r.failed);
		free(copy);
	}
}

static void
refuses_lengths_that_overflow(void **state)
{
	static const uint8_t huge[] = { 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4 };
	static const uint8_t wide[] = { 124, 4, 0, 0 };
	uint8_t many[4 + 4 * 255] = { 124, 4 };
	struct axpdu_reader r = axpdu_reader(huge, sizeof(huge), true);
	struct axpdu_oid oid;
	size_t len;

	(void)state;
	assert_null(axpdu_read_string(&r, &len));
	assert_true(r.failed);
	r = axpdu_reader(wide, sizeof(wide), true);
	axpdu_read_oid(&r, &oid);
	assert_true(r.failed);
	r = axpdu_reader(many, sizeof(many), true); /* 5 + 124 are more than 128 */
	axpdu_read_oid(&r, &oid);
	assert_true(r.failed);
	many[0] = 123;
	r = axpdu_reader(many, sizeof(many), true);
	axpdu_read_oid(&r, &oid);
	assert_false(r.failed);
	assert_int_equal(oid.n, 128);
}

static void
a_full_buffer_is_told_once_at_the_end(void **state)
{
	struct axpdu_header h = { .version = 1 };
	uint8_t buf[64];

	(void)state;
	for (size_t size = 0; size < 56; size++) {
		struct axpdu_writer w = axpdu_begin(buf, size, &h);

		memset(buf, 0xee, sizeof(buf));
		axpdu_write_string(&w, "twelve bytes", 12);
		axpdu_write_oid(&w, (const uint32_t[]){ 1, 2 }, 2, NULL, 0, false);
		axpdu_write_u32(&w, 1);
		axpdu_write_u32(&w, 1);
		assert_int_equal(axpdu_end(&w), 0);
		for (size_t i = size; i < sizeof(buf); i++)
			assert_int_equal(buf[i], 0xee);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_the_rfc_says),
		cmocka_unit_test(writes_what_it_reads),
		cmocka_unit_test(stops_at_the_end_wherever_it_is),
		cmocka_unit_test(refuses_lengths_that_overflow),
		cmocka_unit_test(a_full_buffer_is_told_once_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
