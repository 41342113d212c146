#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <string.h>

#include "journal/outbox.h"

static struct event
numbered(uint32_t seq)
{
	struct event e;

	memset(&e, 0, sizeof(e));
	e.seq = seq;
	return e;
}

static bool
readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

/* What was done last: the number, negative for one that could not be sent. */
static void
remember(void *arg, const struct event *event)
{
	long *last = arg;

	*last = event->suppressed ? -(long)event->seq : (long)event->seq;
}

static void
keeps_an_event_until_it_is_acknowledged(void **state)
{
	struct outbox *o = outbox_new(2);
	struct event e = numbered(1), out;
	long done = 0;

	(void)state;
	outbox_on_done(o, remember, &done);
	assert_false(outbox_head(o, &out));
	assert_true(outbox_put(o, &e));
	assert_false(outbox_head(o, &out)); /* not shown yet */
	assert_true(outbox_arrived(o, &out));
	assert_int_equal(out.seq, 1);
	assert_false(outbox_arrived(o, &out));
	e = numbered(2);
	assert_true(outbox_put(o, &e));
	e = numbered(3);
	assert_false(outbox_put(o, &e)); /* full: the first still waits */
	assert_true(outbox_head(o, &out));
	assert_int_equal(out.seq, 1);
	outbox_acked(o);
	assert_int_equal(done, 1);
	assert_false(outbox_head(o, &out)); /* 2 has not been shown */
	outbox_acked(o);                    /* nothing to acknowledge: no effect */
	assert_int_equal(done, 1);
	assert_int_equal(outbox_depth(o), 1);
	assert_true(outbox_arrived(o, &out));
	outbox_drop(o);
	assert_int_equal(done, -2);
	assert_int_equal(outbox_depth(o), 0);
	outbox_free(o);
}

static void
shows_but_does_not_keep_what_is_not_to_be_sent(void **state)
{
	struct outbox *o = outbox_new(10);
	struct event e, out;

	(void)state;
	for (uint32_t seq = 1; seq <= 5; seq++) {
		e = numbered(seq);
		e.suppressed = seq == 2 || seq == 5;
		e.sent = seq == 3;
		assert_true(outbox_put(o, &e));
	}
	for (uint32_t seq = 1; seq <= 5; seq++) {
		assert_true(outbox_arrived(o, &out));
		assert_int_equal(out.seq, seq);
	}
	assert_int_equal(outbox_depth(o), 2);
	assert_true(outbox_head(o, &out));
	assert_int_equal(out.seq, 1);
	outbox_acked(o);
	assert_true(outbox_head(o, &out));
	assert_int_equal(out.seq, 4);
	e = numbered(6); /* the tail is right after the last one left */
	assert_true(outbox_put(o, &e));
	outbox_acked(o);
	assert_true(outbox_arrived(o, &out));
	assert_int_equal(out.seq, 6);
	outbox_free(o);
}

static void
descriptor_is_readable_while_something_arrived(void **state)
{
	struct outbox *o = outbox_new(10);
	struct event e = numbered(1), out;

	(void)state;
	assert_false(readable(outbox_fd(o)));
	outbox_put(o, &e);
	outbox_put(o, &e);
	assert_true(readable(outbox_fd(o)));
	assert_true(outbox_arrived(o, &out));
	assert_true(readable(outbox_fd(o)));
	assert_true(outbox_arrived(o, &out));
	assert_false(outbox_arrived(o, &out));
	assert_false(readable(outbox_fd(o)));
	outbox_free(o);
}

#define MANY 20000

static void *
fill(void *arg)
{
	for (uint32_t seq = 1; seq <= MANY; seq++) {
		struct event e = numbered(seq);

		e.suppressed = seq % 3 == 0;
		while (!outbox_put(arg, &e))
			;
	}
	return NULL;
}

static void
count(void *arg, const struct event *event)
{
	uint32_t *last = arg;

	assert_true(event->seq > *last);
	*last = event->seq;
}

static void
hands_over_between_threads_in_order(void **state)
{
	struct outbox *o = outbox_new(100);
	uint32_t last = 0, shown = 0;
	struct event out;
	pthread_t thread;

	(void)state;
	outbox_on_done(o, count, &last);
	assert_int_equal(pthread_create(&thread, NULL, fill, o), 0);
	while (shown < MANY) {
		struct pollfd p = { .fd = outbox_fd(o), .events = POLLIN };

		assert_int_equal(poll(&p, 1, 60000), 1);
		while (outbox_arrived(o, &out))
			assert_int_equal(out.seq, ++shown);
		while (outbox_head(o, &out))
			outbox_acked(o);
	}
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(last, MANY);
	assert_int_equal(outbox_depth(o), 0);
	outbox_free(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_an_event_until_it_is_acknowledged),
		cmocka_unit_test(shows_but_does_not_keep_what_is_not_to_be_sent),
		cmocka_unit_test(descriptor_is_readable_while_something_arrived),
		cmocka_unit_test(hands_over_between_threads_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
