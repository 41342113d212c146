#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/pollset.h"

#define N 8

static struct {
	struct loop *loop;
	struct pollset *ps;
	int fds[N];
	unsigned calls[N];
	unsigned batches;
	unsigned total;
} t;

static void
on_ready(void *arg, uint64_t token, unsigned events)
{
	uint64_t count;

	assert_ptr_equal(arg, &t);
	assert_true(token < N);
	assert_true((events & LOOP_READ) != 0);
	(void)!read(t.fds[token], &count, sizeof(count));
	t.calls[token]++;
	t.total++;
}

static void
on_done(void *arg)
{
	assert_ptr_equal(arg, &t);
	t.batches++;
}

static int
setup(void **state)
{
	(void)state;
	memset(&t, 0, sizeof(t));
	t.loop = loop_new();
	t.ps = pollset_new(t.loop, on_ready, on_done, &t);
	assert_non_null(t.ps);
	for (uint64_t i = 0; i < N; i++) {
		t.fds[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		assert_int_equal(pollset_add(t.ps, t.fds[i], LOOP_READ, i), 0);
	}
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (int i = 0; i < N; i++) {
		if (t.fds[i] >= 0)
			close(t.fds[i]);
	}
	pollset_free(t.ps);
	pollset_free(NULL);
	loop_free(t.loop);
	return 0;
}

static void
ring(int i)
{
	static const uint64_t one = 1;

	assert_int_equal(write(t.fds[i], &one, sizeof(one)), sizeof(one));
}

static void
until(unsigned total)
{
	struct mono end = mono_add_s(mono_now(), 5);

	while (t.total < total && mono_before(mono_now(), end))
		assert_int_equal(loop_turn(t.loop, 100), 0);
	assert_int_equal(t.total, total);
}

static void
ready_descriptors_come_in_a_batch(void **state)
{
	(void)state;
	for (int i = 0; i < N; i++)
		ring(i);
	until(N);
	assert_int_equal(t.batches, 1);
	for (int i = 0; i < N; i++)
		assert_int_equal(t.calls[i], 1);
	assert_int_equal(loop_turn(t.loop, 0), 0);
	assert_int_equal(t.batches, 1);
}

/* One event after the other, for 200 ms: they cost one batch a pause, not one each, and
 * none is lost when they stop. */
static void
thick_events_are_polled(void **state)
{
	struct mono end = mono_add_ms(mono_now(), 200);
	unsigned rung = 0;

	(void)state;
	while (mono_before(mono_now(), end)) {
		if (rung == t.total) /* the one before was seen */
			ring((int)(rung++ % N));
		assert_int_equal(loop_turn(t.loop, 1), 0);
	}
	until(rung);
	assert_true(t.batches <= 2 * 200 / POLLSET_QUIET_MS);
	/* and after a silence the first is seen again */
	assert_int_equal(loop_turn(t.loop, 4 * POLLSET_QUIET_MS), 0);
	ring(0);
	until(rung + 1);
}

/* Somebody waits for a free place: no pauses, whatever the density. */
static void
in_a_hurry_nothing_waits(void **state)
{
	(void)state;
	pollset_hurry(t.ps, true);
	for (unsigned i = 1; i <= 1000; i++) {
		ring((int)(i % N));
		assert_int_equal(loop_turn(t.loop, 1000), 0);
		assert_int_equal(t.total, i);
	}
}

static void
a_closed_descriptor_is_gone(void **state)
{
	int fd = t.fds[3];

	(void)state;
	ring(3);
	close(fd);
	t.fds[3] = -1;
	ring(4);
	until(1);
	assert_int_equal(t.calls[3], 0);
	assert_int_equal(pollset_add(t.ps, fd, LOOP_READ, 3), -1);
	assert_int_equal(errno, EBADF);
}

static void
interest_can_change(void **state)
{
	(void)state;
	assert_int_equal(pollset_mod(t.ps, t.fds[0], 0, 0), 0);
	ring(0);
	ring(1);
	until(1);
	assert_int_equal(t.calls[0], 0);
	assert_int_equal(pollset_mod(t.ps, t.fds[0], LOOP_READ, 0), 0);
	until(2);
	assert_int_equal(t.calls[0], 1);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(ready_descriptors_come_in_a_batch),
		TEST(thick_events_are_polled),
		TEST(in_a_hurry_nothing_waits),
		TEST(a_closed_descriptor_is_gone),
		TEST(interest_can_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
