#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "journal/eventlog.h"

static void
add(struct eventlog *log, uint32_t seq)
{
	struct event e = { .seq = seq };

	eventlog_add(log, &e);
}

static void
keeps_the_last_in_order(void **state)
{
	struct eventlog *log = eventlog_new(3);

	(void)state;
	assert_int_equal(eventlog_last(log), 0);
	for (uint32_t seq = 1; seq <= 10; seq++) {
		add(log, seq);
		assert_int_equal(eventlog_last(log), seq);
	}
	assert_int_equal(eventlog_count(log), 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(eventlog_at(log, i)->seq, 8 + i);
	eventlog_free(log);
}

static void
stays_sorted_when_numbers_wrap_or_come_back(void **state)
{
	static const uint32_t seqs[] = { 4294967294u, 4294967295u, 1, 2, 1 };
	struct eventlog *log = eventlog_new(4);

	(void)state;
	for (size_t i = 0; i < 5; i++)
		add(log, seqs[i]);
	assert_int_equal(eventlog_count(log), 4);
	assert_int_equal(eventlog_at(log, 0)->seq, 1);
	assert_int_equal(eventlog_at(log, 1)->seq, 2);
	assert_int_equal(eventlog_at(log, 2)->seq, 4294967294u);
	assert_int_equal(eventlog_at(log, 3)->seq, 4294967295u);
	add(log, 3); /* the oldest goes, wherever it stands */
	assert_int_equal(eventlog_at(log, 2)->seq, 3);
	assert_int_equal(eventlog_at(log, 3)->seq, 4294967295u);
	eventlog_free(log);
}

static void
marks_what_was_sent(void **state)
{
	struct eventlog *log = eventlog_new(2);
	uint64_t changes;

	(void)state;
	add(log, 5);
	changes = eventlog_changes(log);
	eventlog_sent(log, 4);
	assert_int_equal(eventlog_at(log, 0)->sent, 0);
	eventlog_sent(log, 5);
	assert_int_equal(eventlog_at(log, 0)->sent, 1);
	assert_int_equal(eventlog_changes(log), changes);
	add(log, 6);
	assert_true(eventlog_changes(log) > changes);
	eventlog_free(log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_last_in_order),
		cmocka_unit_test(stays_sorted_when_numbers_wrap_or_come_back),
		cmocka_unit_test(marks_what_was_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
