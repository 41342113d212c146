#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "judge/strays.h"

static struct told {
	char raised[256], cleared[256];
	uint32_t next;
} told;

static void
on_raise(void *arg, struct stray *s)
{
	char name[LISTENERS_NAME_MAX];

	(void)arg;
	s->alarm = ++told.next;
	strcat(told.raised, listeners_name(&s->listener, name));
	strcat(told.raised, " ");
}

static void
on_clear(void *arg, const struct stray *s)
{
	char name[LISTENERS_NAME_MAX];

	(void)arg;
	assert_int_not_equal(s->alarm, 0);
	strcat(told.cleared, listeners_name(&s->listener, name));
	strcat(told.cleared, " ");
}

static const struct strays_ops ops = { on_raise, on_clear };

static struct listener
tcp(const char *addr, uint16_t port, uint16_t services)
{
	struct listener l = {
		.protocol = PROTO_TCP, .port = port, .services = services
	};

	assert_true(addr_parse(addr, &l.addr));
	return l;
}

/* One look at these listeners, `s` seconds after the start. */
static void
look(struct strays *strays, const struct strays_rule *rule, int s,
    const struct listener *v, uint32_t n)
{
	struct listener *copy = n > 0 ? mem_array(struct listener, n) : NULL;
	struct listener_table *t;

	if (n > 0)
		memcpy(copy, v, n * sizeof(*v));
	t = listeners_new(copy, n);
	strays_look(strays, t, rule, mono_add_s((struct mono){ 0 }, s), 1000 * s);
	listeners_unref(t);
}

static int
setup(void **state)
{
	told = (struct told){ 0 };
	*state = strays_new(&ops, NULL);
	return 0;
}

static int
teardown(void **state)
{
	strays_free(*state);
	return 0;
}

static void
told_after_the_hold_and_once(void **state)
{
	const struct strays_rule rule = { .notify = true, .hold = 15 };
	struct listener v[] = { tcp("0.0.0.0", 8888, 0), tcp("127.0.0.1", 5432, 0),
		tcp("0.0.0.0", 443, 2), tcp("0.0.0.0", 9999, 0) };

	v[3].on_lo = true;
	look(*state, &rule, 0, v, 4);
	look(*state, &rule, 14, v, 4);
	assert_string_equal(told.raised, "");
	assert_int_equal(strays_told(*state), 0);
	look(*state, &rule, 15, v, 4);
	assert_int_equal(strays_told(*state), 1);
	look(*state, &rule, 90, v, 4);
	assert_string_equal(told.raised, "tcp/0.0.0.0:8888 ");
	assert_string_equal(told.cleared, "");
	look(*state, &rule, 100, v + 1, 2);
	assert_string_equal(told.cleared, "tcp/0.0.0.0:8888 ");
	assert_int_equal(strays_count(*state), 0);
}

static void
a_short_restart_is_not_told(void **state)
{
	const struct strays_rule rule = { .notify = true, .hold = 15 };
	const struct listener v[] = { tcp("0.0.0.0", 8888, 0) };

	look(*state, &rule, 0, v, 1);
	look(*state, &rule, 10, v, 0);
	look(*state, &rule, 20, v, 1);
	look(*state, &rule, 30, v, 1);
	assert_string_equal(told.raised, "");
	assert_string_equal(told.cleared, "");
	look(*state, &rule, 35, v, 1);
	assert_string_equal(told.raised, "tcp/0.0.0.0:8888 ");
}

static void
ignore_rules_and_quiet_times(void **state)
{
	struct site_text ignore[] = { { .text = (char *)(uintptr_t) "tcp/8000-8999" },
		{ .text = (char *)(uintptr_t) "udp/all" } };
	struct strays_rule rule = {
		.notify = true, .quiet = true, .ignore = ignore, .nignore = 2
	};
	const struct listener v[] = { tcp("0.0.0.0", 8888, 0), tcp("::", 9000, 0) };

	look(*state, &rule, 0, v, 2);
	look(*state, &rule, 60, v, 2);
	assert_string_equal(told.raised, "");
	rule.quiet = false;
	look(*state, &rule, 61, v, 2);
	assert_string_equal(told.raised, "tcp/[::]:9000 ");
	rule.notify = false;
	look(*state, &rule, 62, v, 2);
	assert_string_equal(told.cleared, "tcp/[::]:9000 ");
}

static void
an_alarm_of_an_earlier_life_is_not_raised_again(void **state)
{
	const struct strays_rule rule = { .notify = true };
	const struct listener v[] = { tcp("0.0.0.0", 8888, 0) };
	struct stray old = { .listener = tcp("0.0.0.0", 8888, 0), .alarm = 77 };

	strays_restore(*state, &old);
	look(*state, &rule, 0, v, 1);
	assert_string_equal(told.raised, "");
	assert_int_equal(strays_at(*state, 0)->alarm, 77);
	look(*state, &rule, 1, v, 0);
	assert_string_equal(told.cleared, "tcp/0.0.0.0:8888 ");
}

/* Of interfaces that are gone nobody knows any more which one it was. */
static void
two_alarms_for_one_listener_are_one_too_many(void **state)
{
	const struct strays_rule rule = { .notify = true };
	const struct listener v[] = { tcp("0.0.0.0", 8888, 0) };
	struct stray old = { .listener = tcp("0.0.0.0", 8888, 0), .alarm = 77 };

	strays_restore(*state, &old);
	old.alarm = 78;
	strays_restore(*state, &old);
	assert_int_equal(strays_told(*state), 2);
	look(*state, &rule, 0, v, 1);
	assert_string_equal(told.cleared, "tcp/0.0.0.0:8888 ");
	assert_int_equal(strays_count(*state), 1);
	assert_int_equal(strays_at(*state, 0)->alarm, 77);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(told_after_the_hold_and_once),
		TEST(a_short_restart_is_not_told),
		TEST(ignore_rules_and_quiet_times),
		TEST(an_alarm_of_an_earlier_life_is_not_raised_again),
		TEST(two_alarms_for_one_listener_are_one_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
