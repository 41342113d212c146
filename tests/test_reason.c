#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "model/reason.h"
#include "base/utf8.h"

static void
every_code_has_its_own_words(void **state)
{
	static char text[REASON_MAX][128];

	(void)state;
	for (int r = 0; r < REASON_MAX; r++) {
		reason_text((enum reason)r, 0, text[r], sizeof(text[r]));
		assert_in_range(strlen(text[r]), 4, 80);
		assert_string_not_equal(text[r], "(null)");
		assert_true(utf8_valid(text[r]));
		assert_false(utf8_has_control(text[r]));
		/* They stand after "NAME ...: " and before " [TITLE": no full stop. */
		assert_true(text[r][strlen(text[r]) - 1] != '.');
		for (int other = 0; other < r; other++)
			assert_string_not_equal(text[r], text[other]);
	}
}

static void
errno_is_said_where_it_tells_something(void **state)
{
	char buf[128];

	(void)state;
	assert_string_equal(reason_text(REASON_NO_ROUTE, ENETUNREACH, buf, sizeof(buf)),
	    "this agent cannot send there: Network is unreachable");
	assert_string_equal(reason_text(REASON_SCAN_FAILED, EPERM, buf, sizeof(buf)),
	    "the local sockets could not be read: Operation not permitted");
	assert_string_equal(reason_text(REASON_REFUSED, ECONNREFUSED, buf, sizeof(buf)),
	    "connection refused");
}

static void
unknown_codes_and_small_buffers_are_harmless(void **state)
{
	char buf[8];

	(void)state;
	assert_string_equal(
	    reason_text((enum reason)REASON_MAX, 0, buf, sizeof(buf)), "no reas");
	assert_string_equal(
	    reason_text((enum reason) - 1, 0, buf, sizeof(buf)), "no reas");
	assert_string_equal(reason_text(REASON_REFUSED, 0, buf, 1), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_its_own_words),
		cmocka_unit_test(errno_is_said_where_it_tells_something),
		cmocka_unit_test(unknown_codes_and_small_buffers_are_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
