#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/loop.h"
#include "base/mem.h"

struct fixture {
	struct loop *loop;
	int pair[2][2];
	struct loop_fd *h[2];
	int calls[2];
	unsigned events;
	int order[64];
	int norder;
};

static int
setup(void **state)
{
	struct fixture *f = mem_new(struct fixture);

	f->loop = loop_new();
	assert_non_null(f->loop);
	for (int i = 0; i < 2; i++)
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, f->pair[i]), 0);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	loop_free(f->loop);
	for (int i = 0; i < 2; i++) {
		close(f->pair[i][0]);
		close(f->pair[i][1]);
	}
	free(f);
	return 0;
}

/* Both descriptors are readable in the same turn; whichever is called first deletes the
 * other, whose callback must then stay silent. */
static void
delete_other(void *arg, int fd, unsigned events)
{
	struct fixture *f = arg;
	int me = fd == f->pair[0][0] ? 0 : 1;

	f->calls[me]++;
	f->events = events;
	loop_fd_del(f->h[1 - me]);
	f->h[1 - me] = NULL;
}

static void
deleted_handle_is_not_called(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 2; i++) {
		f->h[i] = loop_fd_add(
		    f->loop, f->pair[i][0], LOOP_READ, delete_other, f);
		assert_int_equal(write(f->pair[i][1], "x", 1), 1);
	}
	assert_int_equal(loop_turn(f->loop, 1000), 0);
	assert_int_equal(f->calls[0] + f->calls[1], 1);
	assert_int_equal(f->events, LOOP_READ);
}

static void
peer_close_is_an_error_event(void **state)
{
	struct fixture *f = *state;

	f->h[0] = loop_fd_add(f->loop, f->pair[0][0], 0, delete_other, f);
	shutdown(f->pair[0][1], SHUT_RDWR);
	shutdown(f->pair[0][0], SHUT_RDWR);
	assert_int_equal(loop_turn(f->loop, 1000), 0);
	assert_int_equal(f->calls[0], 1);
	assert_true((f->events & LOOP_ERROR) != 0);
}

struct shot {
	struct fixture *f;
	struct loop_timer *t;
	int id;
};

static void
record(void *arg)
{
	struct shot *s = arg;

	s->f->order[s->f->norder++] = s->id;
}

/* Random sets, moves and stops; what remains fires once, in order of time. */
static void
timers_fire_in_order(void **state)
{
	struct fixture *f = *state;
	struct mono base = loop_now(f->loop);
	struct shot shots[64];
	struct mono when[64];
	unsigned seed = 7;
	int expected = 0;

	for (int i = 0; i < 64; i++) {
		shots[i] = (struct shot){ f, NULL, i };
		shots[i].t = loop_timer_add(f->loop, record, &shots[i]);
		loop_timer_set(shots[i].t, mono_add_s(base, rand_r(&seed) % 1000));
	}
	for (int i = 0; i < 64; i++) {
		when[i] = mono_add_ns(base, -(rand_r(&seed) % 1000000));
		loop_timer_set(shots[i].t, when[i]);
		if (i % 3 == 0)
			loop_timer_stop(shots[i].t);
		else
			expected++;
		assert_int_equal(loop_timer_is_set(shots[i].t), i % 3 != 0);
	}
	assert_int_equal(loop_turn(f->loop, 0), 0);
	assert_int_equal(f->norder, expected);
	for (int i = 1; i < f->norder; i++)
		assert_false(mono_before(when[f->order[i]], when[f->order[i - 1]]));
	assert_int_equal(loop_turn(f->loop, 0), 0);
	assert_int_equal(f->norder, expected);
}

static void
set_again(void *arg)
{
	struct shot *s = arg;

	record(s);
	loop_timer_set(s->t, loop_now(s->f->loop));
}

static void
a_timer_that_is_always_due_lets_others_run(void **state)
{
	struct fixture *f = *state;
	struct shot s[2] = { { f, NULL, 1 }, { f, NULL, 2 } };

	for (int i = 0; i < 2; i++) {
		s[i].t = loop_timer_add(f->loop, set_again, &s[i]);
		loop_timer_set(s[i].t, loop_now(f->loop));
	}
	for (int i = 0; i < 5; i++)
		assert_int_equal(loop_turn(f->loop, 1000), 0);
	assert_int_equal(f->norder, 10);
}

static void
set_both(void *arg)
{
	struct shot *s = arg;

	record(s);
	for (int i = 0; i < 2; i++)
		loop_timer_set(s[i].t, loop_now(s->f->loop));
}

/* Nor does it put off another by setting it anew each time. */
static void
a_timer_that_is_always_due_puts_off_none(void **state)
{
	struct fixture *f = *state;
	struct shot s[2] = { { f, NULL, 1 }, { f, NULL, 2 } };
	int others = 0;

	s[0].t = loop_timer_add(f->loop, set_both, s);
	s[1].t = loop_timer_add(f->loop, record, &s[1]);
	loop_timer_set(s[0].t, mono_add_ns(loop_now(f->loop), -1));
	loop_timer_set(s[1].t, loop_now(f->loop));
	for (int i = 0; i < 10; i++)
		assert_int_equal(loop_turn(f->loop, 1000), 0);
	for (int i = 0; i < f->norder; i++)
		others += f->order[i] == 2;
	assert_int_equal(f->norder - others, 10);
	assert_true(others >= 5); /* set in one turn, it comes with the next */
}

static void *
stop_it(void *arg)
{
	loop_stop(arg);
	return NULL;
}

static void
stops_from_another_thread(void **state)
{
	struct fixture *f = *state;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, stop_it, f->loop), 0);
	assert_int_equal(loop_run(f->loop), 0);
	pthread_join(thread, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    deleted_handle_is_not_called, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    peer_close_is_an_error_event, setup, teardown),
		cmocka_unit_test_setup_teardown(timers_fire_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_timer_that_is_always_due_lets_others_run, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_timer_that_is_always_due_puts_off_none, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    stops_from_another_thread, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
