#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <time.h>

#include "base/rfc3339.h"

static void
is(const char *text, wall_t want)
{
	wall_t t = -1;

	if (!rfc3339_parse(text, &t))
		fail_msg("%s refused", text);
	assert_int_equal(t, want);
}

static void
reads_times(void **state)
{
	(void)state;
	is("1970-01-01T00:00:00Z", 0);
	is("1970-01-01T01:00:00+01:00", 0);
	is("2026-12-01T06:00:00+01:00", 1796101200000);
	is("2026-12-01T06:00:00-05:30", 1796124600000);
	is("2024-02-29t12:34:56.789z", 1709210096789);
	is("2024-02-29T12:34:56.7Z", 1709210096700);
	is("2024-02-29T12:34:56.7899999Z", 1709210096789);
	is("2016-12-31T23:59:60Z", 1483228800000);
	is("9999-12-31T23:59:59Z", 253402300799000);
}

static void
refuses_the_rest(void **state)
{
	static const char *const bad[] = { "", "tomorrow", "2026-12-01",
		"2026-12-01T06:00:00", "2026-12-01 06:00:00Z", "2026-13-01T06:00:00Z",
		"2026-00-01T06:00:00Z", "2026-02-29T06:00:00Z", "2026-12-00T06:00:00Z",
		"2026-12-01T24:00:00Z", "2026-12-01T06:60:00Z", "2026-12-01T06:00:61Z",
		"2026-12-01T06:00Z", "2026-12-01T06:00:00.Z",
		"2026-12-01T06:00:00+0100", "2026-12-01T06:00:00+01:60",
		"2026-12-01T06:00:00+24:00", "2026-12-01T06:00:00Z ",
		"1969-12-31T23:59:59Z", "1970-01-01T00:00:00+01:00",
		"26-12-01T06:00:00Z", "2026-1-01T06:00:00Z" };
	wall_t t = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (rfc3339_parse(bad[i], &t))
			fail_msg("%s accepted", bad[i]);
		assert_int_equal(t, 42);
	}
}

/* Every day of 440 years against the C library. */
static void
agrees_with_gmtime(void **state)
{
	(void)state;
	for (int64_t day = 0; day < 160710; day++) {
		time_t s = (time_t)(day * 86400 + day % 86400);
		char text[64];
		struct tm tm;
		wall_t t;

		gmtime_r(&s, &tm);
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
		if (!rfc3339_parse(text, &t) || t != (wall_t)s * 1000)
			fail_msg("%s", text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_times),
		cmocka_unit_test(refuses_the_rest),
		cmocka_unit_test(agrees_with_gmtime),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
