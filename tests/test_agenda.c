#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/agenda.h"

#define IDS 50

static void
without_any_nothing_is_due(void **state)
{
	struct agenda *d = agenda_new(3);
	uint32_t id = 7;

	(void)state;
	assert_true(mono_is_never(agenda_next(d)));
	assert_false(agenda_due(d, (struct mono){ INT64_MAX - 1 }, &id));
	assert_int_equal(id, 7);
	agenda_set(d, 2, MONO_NEVER);
	assert_true(mono_is_never(agenda_get(d, 2)));
	agenda_free(d);
	agenda_free(NULL);
}

static int64_t
least(const int64_t when[IDS])
{
	int64_t best = INT64_MAX;

	for (int i = 0; i < IDS; i++)
		if (when[i] < best)
			best = when[i];
	return best;
}

/* Against a plain array. */
static void
agrees_with_an_array(void **state)
{
	struct agenda *d = agenda_new(IDS);
	int64_t when[IDS];
	unsigned seed = 1;
	uint32_t id;

	(void)state;
	for (int i = 0; i < IDS; i++)
		when[i] = INT64_MAX;
	for (int round = 0; round < 200000; round++) {
		int64_t now = rand_r(&seed) % 1000;

		id = (uint32_t)rand_r(&seed) % IDS;
		if (rand_r(&seed) % 3 != 0) {
			when[id] = rand_r(&seed) % 5 == 0 ? INT64_MAX
			                                  : rand_r(&seed) % 1000;
			agenda_set(d, id, (struct mono){ when[id] });
		} else if (agenda_due(d, (struct mono){ now }, &id)) {
			assert_true(when[id] <= now);
			assert_int_equal(when[id], least(when));
			for (uint32_t i = 0; i < id; i++)
				assert_int_not_equal(when[i], when[id]);
			when[id] = INT64_MAX;
		} else {
			assert_true(least(when) > now);
		}
		assert_int_equal(agenda_next(d).ns, least(when));
		assert_int_equal(agenda_get(d, id).ns, when[id]);
	}
	agenda_free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_any_nothing_is_due),
		cmocka_unit_test(agrees_with_an_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
