#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/bucket.h"

static void
lets_a_burst_go_then_the_rate(void **state)
{
	struct mono now = { 5000000000 };
	struct bucket b;

	(void)state;
	bucket_init(&b, 10, 3, now);
	for (int i = 0; i < 3; i++)
		assert_int_equal(bucket_take(&b, now), 0);
	for (int i = 0; i < 50; i++) {
		int64_t wait = bucket_take(&b, now);

		assert_in_range(wait, 100, 101); /* one in a tenth of a second */
		now = mono_add_ms(now, wait);
		assert_int_equal(bucket_take(&b, now), 0);
	}
}

static void
never_holds_more_than_the_burst(void **state)
{
	struct mono now = { 1 };
	struct bucket b;

	(void)state;
	bucket_init(&b, 4000000000u, 2, now);
	now = mono_add_s(now, 1000000000);
	assert_int_equal(bucket_take(&b, now), 0);
	assert_int_equal(bucket_take(&b, now), 0);
	assert_int_not_equal(bucket_take(&b, now), 0);
}

static void
without_a_rate_there_is_no_limit(void **state)
{
	struct mono now = { 1 };
	struct bucket b;

	(void)state;
	bucket_init(&b, 0, 0, now);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(bucket_take(&b, now), 0);
}

/* Whatever the schedule: in t seconds at most burst + rate * t. */
static void
keeps_the_rate_on_random_schedules(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 200; round++) {
		uint32_t rate = 1 + (uint32_t)rand_r(&seed) % 1000;
		uint32_t burst = 1 + (uint32_t)rand_r(&seed) % 50;
		struct mono start = { rand_r(&seed) }, now = start;
		int64_t taken = 0;
		struct bucket b;

		bucket_init(&b, rate, burst, now);
		for (int i = 0; i < 2000; i++) {
			taken += bucket_take(&b, now) == 0;
			assert_true(taken <= burst + mono_diff_ns(now, start) * rate /
							 1000000000);
			now = mono_add_ns(now, rand_r(&seed) % 10000000);
		}
		assert_true(taken >= burst);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lets_a_burst_go_then_the_rate),
		cmocka_unit_test(never_holds_more_than_the_burst),
		cmocka_unit_test(without_a_rate_there_is_no_limit),
		cmocka_unit_test(keeps_the_rate_on_random_schedules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
