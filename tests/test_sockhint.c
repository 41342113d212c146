#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listen/sockhint.h"
#include "sockfix.h"

#define DEADLINE_MS 30000

struct rig {
	struct loop *loop;
	struct sockhint *h;
	struct portset ports; /* watched */
	unsigned some, all;   /* hints, by what is to be looked at */
};

static void
on_hint(void *arg, const struct portset *ports)
{
	struct rig *r = arg;

	if (ports == NULL)
		r->all++;
	else
		r->some++;
}

static void
rig_open(struct rig *r, int fd)
{
	*r = (struct rig){ .loop = loop_new() };
	assert_non_null(r->loop);
	portset_add(&r->ports, sockfix_port(fd), sockfix_port(fd));
	r->h = sockhint_new(r->loop, PROTO_TCP, on_hint, r);
	sockhint_watch(r->h, &r->ports);
}

static void
rig_close(struct rig *r)
{
	sockhint_free(r->h);
	loop_free(r->loop);
	portset_clear(&r->ports);
}

/* Turns the loop until `*what` is `want`. */
#define AWAIT(r, what, want)                                            \
	do {                                                            \
		struct mono end = mono_add_ms(mono_now(), DEADLINE_MS); \
		while ((what) != (want)) {                              \
			assert_int_equal(loop_turn((r)->loop, 100), 0); \
			assert_true(mono_before(mono_now(), end));      \
		}                                                       \
	} while (0)

/* The kernel tells of sockets that were never bound, too. */
static void
sockets_end(unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		assert_true(fd >= 0);
		close(fd);
	}
}

static void
a_close_is_a_hint(void **state)
{
	int fd = sockfix_listen("127.0.0.1", 0, 0, 5);
	struct rig r;

	(void)state;
	rig_open(&r, fd);
	close(fd);
	AWAIT(&r, r.some, 1);
	assert_int_equal(r.all, 0);
	assert_int_equal(sockhint_count(r.h), 1);
	rig_close(&r);
}

/* As many as one process may leave behind. */
static void
a_burst_is_no_flood(void **state)
{
	int fd = sockfix_listen("127.0.0.1", 0, 0, 5);
	struct rig r;

	(void)state;
	rig_open(&r, fd);
	sockets_end(SOCKHINT_FLOOD);
	close(fd);
	AWAIT(&r, r.some, 1);
	assert_false(sockhint_rests(r.h));
	rig_close(&r);
}

/* Too many: everything is to be looked at when nobody listens any more, and again when
 * somebody does; what was closed between is not told of, what is closed later is. */
static void
a_flood_brings_a_rest(void **state)
{
	int early = sockfix_listen("127.0.0.1", 0, 0, 5);
	int late = sockfix_listen("127.0.0.1", 0, 0, 5);
	struct rig r;

	(void)state;
	rig_open(&r, early);
	portset_add(&r.ports, sockfix_port(late), sockfix_port(late));
	sockhint_watch(r.h, &r.ports);
	sockets_end(15 * SOCKHINT_FLOOD);
	AWAIT(&r, sockhint_rests(r.h), true);
	AWAIT(&r, r.all, 1);
	close(early);
	sockhint_retry(r.h);
	assert_true(sockhint_rests(r.h));
	AWAIT(&r, sockhint_rests(r.h), false);
	AWAIT(&r, r.all, 2);
	assert_int_equal(r.some, 0);
	close(late);
	AWAIT(&r, r.some, 1);
	assert_int_equal(sockhint_count(r.h), 1);
	rig_close(&r);
}

/* Other tests' sockets are theirs: in a namespace of its own, where that is to be had.
 */
static int
alone(void **state)
{
	(void)state;
	if (unshare(CLONE_NEWNET) == -1)
		(void)!unshare(CLONE_NEWUSER | CLONE_NEWNET);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_close_is_a_hint),
		cmocka_unit_test(a_burst_is_no_flood),
		cmocka_unit_test(a_flood_brings_a_rest),
	};

	return cmocka_run_group_tests(tests, alone, NULL);
}
