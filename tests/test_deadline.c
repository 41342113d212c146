#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/deadline.h"

static struct mono
at(int64_t ms)
{
	return mono_add_ms((struct mono){ 0 }, ms);
}

static void
the_earliest_comes_first(void **state)
{
	struct deadlines *d = deadline_new();
	struct deadline e[3];

	(void)state;
	for (int i = 0; i < 3; i++)
		deadline_init(&e[i]);
	assert_true(mono_is_never(deadline_next(d)));
	assert_null(deadline_pop(d, at(1000000)));
	deadline_set(d, &e[0], at(0), 4000);
	deadline_set(d, &e[1], at(100), 1000);
	deadline_set(d, &e[2], at(200), 1000);
	assert_true(deadline_next(d).ns == at(1100).ns);
	assert_null(deadline_pop(d, at(1099)));
	assert_ptr_equal(deadline_pop(d, at(1100)), &e[1]);
	assert_true(mono_is_never(e[1].when));
	deadline_set(d, &e[2], at(1150), 4000); /* moved behind the first */
	assert_ptr_equal(deadline_pop(d, at(9000)), &e[0]);
	deadline_clear(d, &e[2]);
	deadline_clear(d, &e[2]);
	assert_null(deadline_pop(d, at(9000)));
	deadline_free(d);
	deadline_free(NULL);
}

/* Against a plain array, over random sets, clears and pops. */
static void
agrees_with_an_array(void **state)
{
	enum { N = 100 };
	static const uint32_t durations[] = { 1, 50, 250, 1000, 4000 };
	struct deadlines *d = deadline_new();
	struct deadline e[N];
	int64_t when[N];
	int64_t now = 0;
	unsigned seed = 1;

	(void)state;
	for (int i = 0; i < N; i++) {
		deadline_init(&e[i]);
		when[i] = -1;
	}
	for (int step = 0; step < 50000; step++) {
		int i = rand_r(&seed) % N;
		uint32_t ms = durations[rand_r(&seed) % 5];
		struct deadline *popped;
		int64_t least = INT64_MAX;

		now += rand_r(&seed) % 20;
		if (rand_r(&seed) % 3 == 0) {
			deadline_clear(d, &e[i]);
			when[i] = -1;
		} else {
			deadline_set(d, &e[i], at(now), ms);
			when[i] = now + ms;
		}
		for (int k = 0; k < N; k++)
			least = when[k] >= 0 && when[k] < least ? when[k] : least;
		if (least == INT64_MAX)
			assert_true(mono_is_never(deadline_next(d)));
		else
			assert_true(deadline_next(d).ns == at(least).ns);
		popped = deadline_pop(d, at(now));
		assert_true((popped != NULL) == (least <= now));
		if (popped != NULL) {
			assert_true(when[popped - e] == least);
			when[popped - e] = -1;
		}
	}
	deadline_free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_earliest_comes_first),
		cmocka_unit_test(agrees_with_an_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
