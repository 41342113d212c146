#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>

#include "journal/eventlog.h"
#include "publish/feed.h"
#include "fixture.h"
#include "mibview.h"
#include "mibwalk.h"
#include "settx.h"
#include "publish/store.h"

#define WALL_S 1790000000u

static const uint32_t root[] = { 1, 3 };
static const uint32_t notify_enable[] = { 1, 3, 1, 0 };
static const uint32_t mute[] = { 1, 3, 2, 0 };
static const uint32_t heartbeat[] = { 1, 3, 3, 0 };
static const uint32_t probe_now[] = { 1, 3, 4, 0 };
static const uint32_t host_mute[] = { 1, 3, 5, 1, 1, 6 };
static const uint32_t check_admin[] = { 1, 3, 6, 1, 1, 4, 3, 6 };
static const uint32_t check_mute[] = { 1, 3, 6, 1, 2, 4, 3, 6 };
#define NAME(n) (n), sizeof(n) / sizeof((n)[0])

struct rig {
	struct store store;
	struct eventlog *events;
	struct mibview view;
	struct feed *feed;
	struct settx *set;
};

static int
make(void **state)
{
	static const struct fixture_size some = { 3, 9, 4, 0 };
	static struct rig r;

	fixture_store(&r.store, &some, 0, 0, 1);
	r.store.sys.mute_until = WALL_S + 7;
	r.events = eventlog_new(1);
	mibview_init(&r.view, &r.store, r.events, root, 2);
	mibview_refresh(&r.view);
	r.view.now = (struct mono){ 1000000000 };
	r.view.wall = (wall_t)WALL_S * 1000;
	r.feed = feed_new();
	r.set = settx_new(&r.view, r.feed);
	*state = &r;
	return 0;
}

static int
discard(void **state)
{
	struct rig *r = *state;

	settx_free(r->set);
	feed_free(r->feed);
	mibview_clear(&r->view);
	eventlog_free(r->events);
	store_clear(&r->store);
	return 0;
}

static void
expect_command(struct rig *r, enum command_kind kind, uint32_t value, unsigned cat,
    unsigned service, unsigned host)
{
	struct command c;

	assert_true(feed_command_next(r->feed, &c));
	assert_int_equal(c.kind, kind);
	assert_int_equal(c.value, value);
	assert_int_equal(c.catalogue, cat);
	assert_int_equal(c.service, service);
	assert_int_equal(c.host, host);
}

static void
expect_nothing(struct rig *r)
{
	struct command c;

	assert_false(feed_command_next(r->feed, &c));
}

static void
reserve_judges_name_type_and_value(void **state)
{
	static const uint32_t read_only[] = { 1, 1, 1, 0 };
	static const uint32_t no_object[] = { 1, 3, 9, 0 };
	static const uint32_t no_row[] = { 1, 3, 6, 1, 1, 4, 3, 7 };
	const struct {
		const uint32_t *name;
		size_t len;
		int type;
		int64_t value;
		enum settx_error want;
	} cases[] = {
		{ NAME(notify_enable), VALUE_INTEGER, 1, SETTX_OK },
		{ NAME(notify_enable), VALUE_INTEGER, 2, SETTX_OK },
		{ NAME(notify_enable), VALUE_INTEGER, 0, SETTX_WRONG_VALUE },
		{ NAME(notify_enable), VALUE_INTEGER, 3, SETTX_WRONG_VALUE },
		{ NAME(notify_enable), VALUE_GAUGE, 1, SETTX_WRONG_TYPE },
		{ NAME(mute), VALUE_GAUGE, 0, SETTX_OK },
		{ NAME(mute), VALUE_GAUGE, 2592000, SETTX_OK },
		{ NAME(mute), VALUE_GAUGE, 2592001, SETTX_WRONG_VALUE },
		{ NAME(mute), VALUE_INTEGER, 5, SETTX_WRONG_TYPE },
		{ NAME(mute), VALUE_STRING, -1, SETTX_WRONG_TYPE },
		{ NAME(heartbeat), VALUE_GAUGE, 0, SETTX_OK },
		{ NAME(heartbeat), VALUE_GAUGE, 59, SETTX_WRONG_VALUE },
		{ NAME(heartbeat), VALUE_GAUGE, 60, SETTX_OK },
		{ NAME(heartbeat), VALUE_GAUGE, 86400, SETTX_OK },
		{ NAME(heartbeat), VALUE_GAUGE, 86401, SETTX_WRONG_VALUE },
		{ NAME(probe_now), VALUE_INTEGER, 1, SETTX_OK },
		{ NAME(probe_now), VALUE_INTEGER, 2, SETTX_OK },
		{ NAME(probe_now), VALUE_INTEGER, 3, SETTX_WRONG_VALUE },
		{ NAME(host_mute), VALUE_GAUGE, 60, SETTX_OK },
		{ NAME(check_admin), VALUE_INTEGER, 2, SETTX_OK },
		{ NAME(check_admin), VALUE_INTEGER, 0, SETTX_WRONG_VALUE },
		{ NAME(check_mute), VALUE_GAUGE, 60, SETTX_OK },
		{ NAME(read_only), VALUE_STRING, 0, SETTX_NOT_WRITABLE },
		{ NAME(no_object), VALUE_INTEGER, 0, SETTX_NOT_WRITABLE },
		{ NAME(no_row), VALUE_INTEGER, 1, SETTX_NO_CREATION },
	};
	struct rig *r = *state;

	settx_begin(r->set, 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(settx_reserve(r->set, cases[i].name, cases[i].len,
				     cases[i].type, cases[i].value),
		    cases[i].want);
	expect_nothing(r);
}

static void
action_sends_commands(void **state)
{
	struct rig *r = *state;
	struct settx *t = r->set;

	settx_begin(t, 7);
	assert_int_equal(settx_action(t, 7, NAME(notify_enable), 2), SETTX_OK);
	assert_int_equal(settx_action(t, 7, NAME(mute), 60), SETTX_OK);
	assert_int_equal(settx_action(t, 7, NAME(heartbeat), 300), SETTX_OK);
	assert_int_equal(settx_action(t, 7, NAME(probe_now), 2), SETTX_OK);
	assert_int_equal(settx_action(t, 7, NAME(probe_now), 1), SETTX_OK);
	assert_int_equal(settx_action(t, 7, NAME(host_mute), 0), SETTX_OK);
	assert_int_equal(settx_action(t, 7, NAME(check_admin), 2), SETTX_OK);
	assert_int_equal(settx_action(t, 7, NAME(check_mute), 1), SETTX_OK);
	settx_end(t, 7);
	settx_undo(t, 7); /* too late */
	expect_command(r, COMMAND_NOTIFY_ENABLE, 0, 0, 0, 0);
	expect_command(r, COMMAND_MUTE, WALL_S + 60, 0, 0, 0);
	expect_command(r, COMMAND_HEARTBEAT, 300, 0, 0, 0);
	expect_command(r, COMMAND_PROBE_NOW, 2, 0, 0, 0);
	expect_command(r, COMMAND_MUTE, 0, 0, 0, 6);
	expect_command(r, COMMAND_ADMIN, 0, 4, 3, 6);
	expect_command(r, COMMAND_MUTE, WALL_S + 1, 4, 3, 6);
	expect_nothing(r);
}

static void
undo_restores_in_reverse_and_once(void **state)
{
	struct rig *r = *state;
	struct settx *t = r->set;
	long row = plan_find(r->store.plan, 4, 3, 6);
	uint32_t admin = (r->store.rows[row].flags & ROW_DISABLED) == 0;

	settx_begin(t, 8);
	assert_int_equal(settx_action(t, 8, NAME(mute), 60), SETTX_OK);
	assert_int_equal(settx_action(t, 8, NAME(check_admin), 2), SETTX_OK);
	assert_int_equal(settx_action(t, 8, NAME(notify_enable), 2), SETTX_OK);
	for (int i = 0; i < 3; i++)
		assert_true(feed_command_next(r->feed, &(struct command){ 0 }));
	settx_undo(t, 9); /* of another one */
	expect_nothing(r);
	settx_undo(t, 8);
	expect_command(r, COMMAND_NOTIFY_ENABLE, 1, 0, 0, 0);
	expect_command(r, COMMAND_ADMIN, admin, 4, 3, 6);
	expect_command(r, COMMAND_MUTE, WALL_S + 7, 0, 0, 0);
	settx_undo(t, 8);
	expect_nothing(r);
}

static void
a_lost_master_ends_the_transaction(void **state)
{
	struct rig *r = *state;

	settx_begin(r->set, 8);
	assert_int_equal(settx_action(r->set, 8, NAME(mute), 60), SETTX_OK);
	settx_begin(r->set, -1);
	settx_undo(r->set, 8);
	assert_int_equal(settx_action(r->set, 8, NAME(mute), 60), SETTX_COMMIT_FAILED);
	expect_command(r, COMMAND_MUTE, WALL_S + 60, 0, 0, 0);
	expect_nothing(r);
}

static void
a_full_queue_is_refused(void **state)
{
	struct rig *r = *state;

	settx_begin(r->set, 1);
	for (int i = 0; i < FEED_COMMANDS_MAX; i++)
		assert_true(feed_command(r->feed, &(struct command){ 0 }));
	assert_int_equal(
	    settx_action(r->set, 1, NAME(heartbeat), 60), SETTX_COMMIT_FAILED);
}

static void
what_cannot_be_taken_back_is_told(void **state)
{
	struct rig *r = *state;

	settx_begin(r->set, 1);
	for (int i = 1; i < FEED_COMMANDS_MAX; i++)
		assert_true(feed_command(r->feed, &(struct command){ 0 }));
	assert_int_equal(settx_action(r->set, 1, NAME(mute), 60), SETTX_OK);
	assert_int_equal(
	    settx_action(r->set, 1, NAME(heartbeat), 60), SETTX_COMMIT_FAILED);
	assert_int_equal(settx_undo(r->set, 1), SETTX_UNDO_FAILED);
	assert_int_equal(settx_undo(r->set, 1), SETTX_OK);
}

static void
probing_now_has_a_pause(void **state)
{
	struct rig *r = *state;
	struct settx *t = r->set;

	settx_begin(t, 1);
	assert_int_equal(settx_action(t, 1, NAME(probe_now), 2), SETTX_OK);
	settx_end(t, 1);
	r->view.now = mono_add_ms(r->view.now, 9999);
	assert_int_equal(
	    settx_reserve(t, NAME(probe_now), VALUE_INTEGER, 2), SETTX_UNAVAILABLE);
	assert_int_equal(settx_reserve(t, NAME(probe_now), VALUE_INTEGER, 1), SETTX_OK);
	r->view.now = mono_add_ms(r->view.now, 1);
	assert_int_equal(settx_reserve(t, NAME(probe_now), VALUE_INTEGER, 2), SETTX_OK);
}

static void
a_row_that_went_is_not_written(void **state)
{
	static const struct fixture_size less = { 1, 1, 1, 0 };
	struct rig *r = *state;
	struct plan *p = fixture_plan(&less);
	struct row row = fixture_row(p, 0, 0);
	struct host_row host = fixture_host(p, 0, 0);

	settx_begin(r->set, 1);
	assert_int_equal(
	    settx_reserve(r->set, NAME(check_mute), VALUE_GAUGE, 60), SETTX_OK);
	store_set_plan(&r->store, p, &row, &host, r->view.now);
	mibview_refresh(&r->view);
	assert_int_equal(
	    settx_action(r->set, 1, NAME(check_mute), 60), SETTX_COMMIT_FAILED);
	expect_nothing(r);
	row_detail_unref(row.detail);
	plan_unref(p);
}

/* A mute of the site file may be longer than SvcPortMuteSeconds has numbers for. */
static void
reading_stays_in_the_range(void **state)
{
	struct rig *r = *state;
	struct mibwalk_place place;
	struct value value;

	r->store.sys.mute_until = WALL_S + 2592000 + 60;
	assert_int_equal(mibwalk_find(&r->view, NAME(mute), &place), MIBWALK_FOUND);
	place.column->get(&r->view, place.row, &value);
	assert_int_equal(value.number, 2592000);
	r->view.wall += 120 * 1000;
	place.column->get(&r->view, place.row, &value);
	assert_int_equal(value.number, 2592000 - 60);
}

int
main(void)
{
#define RIG(test) cmocka_unit_test_setup_teardown(test, make, discard)
	const struct CMUnitTest tests[] = {
		RIG(reserve_judges_name_type_and_value),
		RIG(action_sends_commands),
		RIG(undo_restores_in_reverse_and_once),
		RIG(a_lost_master_ends_the_transaction),
		RIG(a_full_queue_is_refused),
		RIG(what_cannot_be_taken_back_is_told),
		RIG(probing_now_has_a_pause),
		RIG(a_row_that_went_is_not_written),
		RIG(reading_stays_in_the_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
