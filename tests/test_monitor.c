/* The watching thread's heart on real loopback sockets, a real journal and feed. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge/alarms.h"
#include "base/log.h"
#include "listen/listeners.h"
#include "monitor/alarmsave.h"
#include "monitor/monitor.h"
#include "monitor/monitor_priv.h"
#include "monitor_rig.h"
#include "planfix.h"
#include "base/utf8.h"

#define UNTIL MONITOR_RIG_UNTIL

/* One service on the rig's port, on this host. */
static struct plan *
local_plan(const struct monitor_rig *r, const char *more)
{
	char services[256];
	char site[512];

	snprintf(services, sizeof(services), "1 web tcp %u client server", r->port);
	snprintf(site, sizeof(site),
	    "%sboot-grace = 0; hosts = ( { name = 'here'; local = true; "
	    "roles = ['app:server']; } ); %s",
	    strstr(more, "hold =") != NULL ? "" : "hold = 0; ", more);
	return planfix(services, site);
}

/* ---- tests */

static void
a_close_raises_and_an_opening_clears(void **state)
{
	struct monitor_rig *r = *state;
	char reason[256];

	monitor_rig_watch(r, local_plan(r, ""));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
	assert_int_equal(r->store.rows[0].listen, LISTEN_LISTENING);
	assert_string_equal(r->store.rows[0].detail->addrs, "0.0.0.0");
	assert_int_equal(r->nevents, 0);

	close(r->listener);
	UNTIL(r, r->nevents == 1);
	assert_int_equal(r->events[0].number, EVENT_REQUIRED_CLOSED);
	assert_string_equal(r->events[0].object, "app/web@here");
	assert_int_equal(r->events[0].listen, LISTEN_NOT);
	assert_int_equal(r->events[0].verdict, VERDICT_CLOSED_REQUIRED);
	assert_int_equal(r->events[0].index_len, 3);
	assert_memory_equal(
	    r->events[0].message, "RAISE closedRequired app/web@here tcp/", 38);
	UNTIL(r, r->store.nalarms == 1);
	assert_int_equal(r->store.alarms[0].notify_seq, r->events[0].seq);
	assert_string_equal(r->store.alarms[0].text, r->events[0].message);
	assert_int_equal(r->store.rows[0].stage, STAGE_RAISED);
	assert_non_null(
	    strstr(store_reason(&r->store, 0, reason, sizeof(reason)), "line 1]"));

	r->listener = monitor_rig_listen(&r->port);
	UNTIL(r, r->nevents == 2);
	assert_int_equal(r->events[1].number, EVENT_REQUIRED_RESTORED);
	assert_int_equal(r->events[1].alarm_index, r->events[0].alarm_index);
	assert_int_equal(r->events[1].seq, r->events[0].seq + 1);
	assert_int_equal(r->events[1].severity, SEVERITY_CLEARED);
	UNTIL(r, r->store.nalarms == 0);
	assert_int_equal(r->store.rows[0].transitions, 2);
}

static void
an_alarm_outlives_a_restart_and_is_cleared_once(void **state)
{
	struct monitor_rig *r = *state;

	close(r->listener);
	r->listener = -1;
	monitor_rig_watch(r, local_plan(r, ""));
	UNTIL(r, r->nevents == 1);
	monitor_rig_unwatch(r);
	r->nevents = 0;
	store_clear(&r->store);

	monitor_rig_watch(r, local_plan(r, ""));
	UNTIL(r, r->store.nalarms == 1 &&
		     monitor_rig_verdict_is(r, VERDICT_CLOSED_REQUIRED) &&
		     r->nevents == 1);
	/* The event of the earlier life waits to be acknowledged; no second raise. */
	assert_int_equal(r->events[0].number, EVENT_REQUIRED_CLOSED);
	r->listener = monitor_rig_listen(&r->port);
	UNTIL(r, r->nevents == 2);
	assert_int_equal(r->events[1].number, EVENT_REQUIRED_RESTORED);
	assert_int_equal(r->events[1].alarm_index, r->events[0].alarm_index);
	assert_int_equal(r->events[1].seq, r->events[0].seq + 1);
	UNTIL(r, r->store.nalarms == 0);
}

static void
another_plan_keeps_what_stays_and_clears_what_goes(void **state)
{
	struct monitor_rig *r = *state;
	struct plan *next;
	char services[256];
	uint32_t alarm;

	close(r->listener);
	r->listener = -1;
	monitor_rig_watch(r, local_plan(r, ""));
	UNTIL(r, r->nevents == 1 && r->store.nalarms == 1);
	alarm = r->store.alarms[0].index;

	snprintf(services, sizeof(services),
	    "1 web tcp %u client server\n"
	    "2 more tcp %u client server expect = 'optional';",
	    r->port, r->port);
	next = planfix(services, "hold = 0; boot-grace = 0; hosts = ( { name = 'here'; "
				 "local = true; roles = ['app:server']; } );");
	monitor_set_plan(r->monitor, next);
	UNTIL(r, r->store.plan == next && r->store.nalarms == 1);
	assert_int_equal(r->store.alarms[0].index, alarm);
	assert_int_equal(r->store.rows[0].stage, STAGE_RAISED);
	plan_unref(next);

	next = planfix("2 more udp 9 client server expect = 'optional';",
	    "hold = 0; hosts = ( { name = 'here'; local = true; roles = "
	    "['app:server']; } );");
	monitor_set_plan(r->monitor, next);
	plan_unref(next);
	UNTIL(r, r->store.nalarms == 0);
	UNTIL(r, r->nevents >= 2 && r->events[1].number == EVENT_REQUIRED_RESTORED);
	assert_int_equal(r->events[1].alarm_index, alarm);
	assert_non_null(strstr(
	    r->events[1].message, "no longer checked [The Document, Section, line 1]"));
}

static uint32_t
inventories(const struct monitor_rig *r)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < r->nevents; i++)
		n += r->events[i].number == EVENT_INVENTORY;
	return n;
}

static void
the_inventory_is_told_once_in_a_minute(void **state)
{
	struct monitor_rig *r = *state;

	monitor_rig_watch(r, local_plan(r, ""));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
	monitor_config_status(r->monitor, CONFIG_FAILED, "x.cfg:1: wrong");
	UNTIL(r, r->nevents == 1);
	assert_int_equal(r->events[0].number, EVENT_INVENTORY);
	assert_int_equal(r->events[0].config_status, CONFIG_FAILED);
	assert_non_null(strstr(r->events[0].message, "x.cfg:1: wrong"));
	for (int i = 0; i < 3; i++) {
		monitor_config_status(r->monitor, CONFIG_FAILED, "x.cfg:1: wrong");
		UNTIL(r, r->store.sys.config_status == CONFIG_FAILED);
	}
	assert_int_equal(inventories(r), 1);
}

/* What the reader of the file says may have names in it that are cut here. */
static void
a_long_refusal_is_cut_between_characters(void **state)
{
	struct monitor_rig *r = *state;
	char text[256];

	monitor_rig_watch(r, local_plan(r, ""));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
	snprintf(text, sizeof(text), "x.cfg:1: %140s\xc3\xa4%90s\xc3\xa4...", "", "");
	monitor_config_status(r->monitor, CONFIG_FAILED, text);
	UNTIL(r, r->nevents == 1);
	assert_true(utf8_valid(r->events[0].message));
	assert_non_null(strstr(r->events[0].message, "x.cfg:1: "));
}

/* Managers discover again when rows come or go, not whenever a mute is added. */
static void
a_reload_without_other_rows_is_no_change_of_the_inventory(void **state)
{
	struct monitor_rig *r = *state;
	struct plan *again = local_plan(r, "interval = 30;");
	struct mono since, end;

	monitor_rig_watch(r, local_plan(r, ""));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
	since = r->store.table_change;
	monitor_set_plan(r->monitor, again);
	monitor_config_status(r->monitor, CONFIG_OK, "");
	UNTIL(r, r->store.plan == again);
	plan_unref(again);
	end = mono_add_s(mono_now(), 3);
	while (mono_before(mono_now(), end))
		monitor_rig_turn(r);
	assert_int_equal(inventories(r), 0);
	assert_int_equal(r->store.table_change.ns, since.ns);

	again = planfix("2 more udp 9 client server expect = 'optional';",
	    "hosts = ( { name = 'here'; local = true; roles = ['app:server']; } );");
	monitor_set_plan(r->monitor, again);
	monitor_config_status(r->monitor, CONFIG_OK, "");
	UNTIL(r, r->store.plan == again && inventories(r) == 1);
	plan_unref(again);
	assert_true(mono_before(since, r->store.table_change));
}

static const struct event *
heartbeat(const struct monitor_rig *r)
{
	for (uint32_t i = 0; i < r->nevents; i++) {
		if (r->events[i].number == EVENT_HEARTBEAT)
			return &r->events[i];
	}
	return NULL;
}

/* A site that is told of undocumented listeners, but of no other one of this machine,
 * of which there may be more than the rig has room for. */
static struct plan *
stray_plan(const struct monitor_rig *r, uint16_t port, const char *more)
{
	char site[256];

	snprintf(site, sizeof(site),
	    "undocumented = { notify = true; ignore = ['tcp/1-%u', 'tcp/%u-65535', "
	    "'udp/all']; }; %s",
	    port - 1, port + 1, more);
	return local_plan(r, site);
}

/* The alarms of listeners that no document mentions are alarms. */
static void
a_heartbeat_counts_all_alarms(void **state)
{
	struct monitor_rig *r = *state;
	struct command beat = { COMMAND_HEARTBEAT, 1, 0, 0, 0 };
	uint16_t port = 0;
	int fd = monitor_rig_listen(&port);

	monitor_rig_watch(r, stray_plan(r, port, "listener-interval = 1;"));
	UNTIL(r, r->store.nalarms == 1);
	assert_int_equal(r->store.alarms[0].type, ALARM_UNDOCUMENTED);
	assert_true(feed_command(r->feed, &beat));
	UNTIL(r, heartbeat(r) != NULL);
	assert_int_equal(heartbeat(r)->alarms, 1);
	assert_int_equal(heartbeat(r)->worst_severity, SEVERITY_WARNING);
	close(fd);
}

/* A listener whose hold is not over is in no table of alarms. */
static void
a_heartbeat_counts_no_alarm_that_is_held(void **state)
{
	struct monitor_rig *r = *state;
	struct command beat = { COMMAND_HEARTBEAT, 1, 0, 0, 0 };
	uint16_t port = 0;
	int fd = monitor_rig_listen(&port);

	monitor_rig_watch(r, stray_plan(r, port, "listener-interval = 1; hold = 100;"));
	UNTIL(r, r->store.sys.undocumented >= 1);
	assert_true(feed_command(r->feed, &beat));
	UNTIL(r, heartbeat(r) != NULL);
	assert_int_equal(r->store.nalarms, 0);
	assert_int_equal(heartbeat(r)->alarms, 0);
	assert_int_equal(heartbeat(r)->worst_severity, SEVERITY_CLEARED);
	close(fd);
}

/* Runs `n` notifications through the monitor; the log's lines of them. */
static void
record_many(const struct monitor_rig *r, uint32_t n, char *log, size_t size)
{
	struct event ev = { .number = EVENT_HEARTBEAT, .message = "by the test" };
	FILE *f = tmpfile();
	int stderr_fd = dup(STDERR_FILENO);
	size_t len;

	assert_non_null(f);
	fflush(stderr);
	assert_true(dup2(fileno(f), STDERR_FILENO) >= 0);
	for (ev.seq = 1000; ev.seq < 1000 + n; ev.seq++)
		monitor_record(r->monitor, &ev);
	assert_true(dup2(stderr_fd, STDERR_FILENO) >= 0);
	close(stderr_fd);
	rewind(f);
	len = fread(log, 1, size - 1, f);
	log[len] = '\0';
	fclose(f);
}

/* The rig's queue has room for 50. */
static void
the_log_says_what_a_full_queue_does_not_send(void **state)
{
	struct monitor_rig *r = *state;
	char log[8192];

	monitor_rig_watch(r, local_plan(r, ""));
	record_many(r, 50, log, sizeof(log));
	assert_non_null(strstr(log, "alarm: by the test"));
	assert_null(strstr(log, "not sent"));
	record_many(r, 1, log, sizeof(log));
	assert_non_null(strstr(log, "alarm: (not sent) by the test"));
}

static void
mutes_and_admin_status_come_by_command(void **state)
{
	struct monitor_rig *r = *state;
	struct command mute = { COMMAND_MUTE, (uint32_t)(wall_now() / 1000) + 3600, 7,
		1, 1 };
	struct command off = { COMMAND_ADMIN, 0, 7, 1, 1 };

	monitor_rig_watch(r, local_plan(r, ""));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
	assert_true(feed_command(r->feed, &mute));
	UNTIL(r, (r->store.rows[0].flags & ROW_MUTED) != 0);
	assert_int_equal(r->store.rows[0].mute_until, mute.value);
	close(r->listener);
	r->listener = -1;
	UNTIL(r, r->store.rows[0].stage == STAGE_MUTED && r->nevents == 1);
	assert_true(r->events[0].suppressed);

	mute.value = 0;
	assert_true(feed_command(r->feed, &mute));
	UNTIL(r, r->store.rows[0].stage == STAGE_RAISED && r->nevents == 2);
	assert_false(r->events[1].suppressed);

	assert_true(feed_command(r->feed, &off));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_NOT_EVALUATED) && r->nevents == 3);
	assert_int_equal(r->events[2].number, EVENT_REQUIRED_RESTORED);
	assert_false(r->events[2].suppressed);
}

/* What the file no longer says ends; what SNMP set does not. */
static void
a_mute_ends_with_its_line_in_the_file(void **state)
{
	struct monitor_rig *r = *state;
	const char *line = "mutes = ( { host = 'here'; service = 'app/*'; "
			   "until = '2100-01-01T00:00:00Z'; } );";
	struct command mute = { COMMAND_MUTE, (uint32_t)(wall_now() / 1000) + 3600, 7,
		1, 1 };
	struct plan *plan;

	monitor_rig_watch(r, local_plan(r, line));
	UNTIL(r, r->store.plan != NULL && (r->store.rows[0].flags & ROW_MUTED) != 0);
	plan = local_plan(r, "");
	monitor_set_plan(r->monitor, plan);
	UNTIL(r, r->store.plan == plan && (r->store.rows[0].flags & ROW_MUTED) == 0);
	plan_unref(plan);

	plan = local_plan(r, line);
	monitor_set_plan(r->monitor, plan);
	UNTIL(r, r->store.plan == plan && (r->store.rows[0].flags & ROW_MUTED) != 0);
	plan_unref(plan);
	monitor_rig_unwatch(r);
	store_clear(&r->store);
	monitor_rig_watch(r, local_plan(r, ""));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
	assert_int_equal(r->store.rows[0].flags & ROW_MUTED, 0);

	plan = local_plan(r, line);
	monitor_set_plan(r->monitor, plan);
	plan_unref(plan);
	UNTIL(r, (r->store.rows[0].flags & ROW_MUTED) != 0);
	assert_true(feed_command(r->feed, &mute));
	UNTIL(r, r->store.rows[0].mute_until == mute.value);
	plan = local_plan(r, "");
	monitor_set_plan(r->monitor, plan);
	UNTIL(r, r->store.plan == plan);
	plan_unref(plan);
	assert_int_equal(r->store.rows[0].mute_until, mute.value);
}

/* Seconds since 1970 in 32 bits end in 2106. */
static void
a_mute_may_end_in_the_far_future(void **state)
{
	struct monitor_rig *r = *state;

	monitor_rig_watch(
	    r, local_plan(r, "mutes = ( { host = 'here'; service = 'app/*'; until = "
			     "'2150-01-01T00:00:00Z'; } );"));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
	assert_int_equal(r->store.rows[0].flags & ROW_MUTED, ROW_MUTED);
	assert_int_equal(r->store.rows[0].mute_until, UINT32_MAX);
}

/* Openings are seen by a look, and looks may be rare: before an alarm there is one
 * more. */
static void
a_restart_between_two_looks_pages_nobody(void **state)
{
	struct monitor_rig *r = *state;
	struct mono end;

	monitor_rig_watch(r, local_plan(r, "listen-interval = 60; hold = 2;"));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
	close(r->listener);
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_CLOSED_REQUIRED));
	r->listener = monitor_rig_listen(&r->port);
	end = mono_add_s(mono_now(), 4);
	while (mono_before(mono_now(), end))
		monitor_rig_turn(r);
	assert_int_equal(r->nevents, 0);
	assert_true(monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
	/* One that stays away is told. */
	close(r->listener);
	r->listener = -1;
	UNTIL(r, r->nevents == 1);
}

static void
a_reload_changes_how_often_is_looked(void **state)
{
	struct monitor_rig *r = *state;
	struct plan *often = local_plan(r, "listen-interval = 1; hold = 100;");

	close(r->listener);
	monitor_rig_watch(r, local_plan(r, "listen-interval = 3600; hold = 100;"));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_CLOSED_REQUIRED));
	monitor_set_plan(r->monitor, often);
	UNTIL(r, r->store.plan == often);
	plan_unref(often);
	monitor_rig_turn(r);
	r->listener = monitor_rig_listen(&r->port);
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
}

/* One port of a local range listens on every address, the other does not listen. */
/* The listener on this port as it was handed out last, NULL for none. */
static const struct listener *
listener_on(const struct monitor_rig *r, uint16_t port)
{
	const struct listener_table *t = r->store.listeners;
	uint32_t at = t != NULL ? listeners_find(t, PROTO_TCP, port) : 0;

	return t != NULL && at < t->n && t->v[at].port == port ? &t->v[at] : NULL;
}

/* Not with the next look at all ports, which may be hours away. */
static void
a_reload_names_listeners_anew(void **state)
{
	struct monitor_rig *r = *state;
	char services[256];
	struct plan *next;

	monitor_rig_watch(r, local_plan(r, "listener-interval = 3600;"));
	UNTIL(r, listener_on(r, r->port) != NULL);
	assert_int_equal(listener_on(r, r->port)->service, 1);
	snprintf(services, sizeof(services),
	    "1 other tcp %u client server expect = 'optional';\n"
	    "2 web tcp %u client server",
	    r->port == 1 ? 2 : 1, r->port);
	next = planfix(services, "listener-interval = 3600; hosts = ( { name = 'here'; "
				 "local = true; roles = ['app:server']; } );");
	monitor_set_plan(r->monitor, next);
	UNTIL(r, r->store.plan == next);
	plan_unref(next);
	UNTIL(r, listener_on(r, r->port)->service == 2);
}

/* The interface of a link-local address may be gone with the listener; the alarm is
 * cleared under the name that it was raised with all the same. */
static void
an_alarm_outlives_its_interface(void **state)
{
	static const char name[] = "tcp/[fe80::1%gone0]:443";
	struct monitor_rig *r = *state;
	struct alarm_saved a = { .index = 4242,
		.notify_seq = 7,
		.since = 1790000000000,
		.type = ALARM_UNDOCUMENTED,
		.severity = SEVERITY_WARNING,
		.stage = STAGE_RAISED,
		.notified = 1,
		.protocol = PROTO_TCP };

	strcpy(a.ports, name);
	strcpy(a.text, "RAISE undocumented x on here: y (owner nobody-here.service)");
	monitor_rig_watch(r, local_plan(r, ""));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
	alarmsave_put(r->journal, &a);
	monitor_rig_unwatch(r);
	store_clear(&r->store);
	monitor_rig_watch(r, local_plan(r, ""));
	UNTIL(r, r->nevents == 1);
	assert_int_equal(r->events[0].number, EVENT_UNDOCUMENTED_GONE);
	assert_string_equal(r->events[0].object, name);
	assert_string_equal(r->events[0].owner, "nobody-here.service");
	assert_non_null(strstr(r->events[0].message, "(owner nobody-here.service)"));
	assert_int_equal(r->events[0].alarm_index, 4242);
	assert_false(r->events[0].suppressed);
}

/* Of sockets that could not be read nobody knows whether they are gone. */
static void
a_look_that_failed_ends_no_alarm_of_a_listener(void **state)
{
	struct monitor_rig *r = *state;
	struct listen_report failed = {
		.scan = LISTEN_SCAN_ALL, .tcp_error = EMFILE, .udp_error = EMFILE
	};
	uint16_t port = 0;
	int fd = monitor_rig_listen(&port);

	monitor_rig_watch(r, stray_plan(r, port, "listener-interval = 3600;"));
	UNTIL(r,
	    listener_on(r, port) != NULL && r->store.nalarms == 1 && r->nevents == 1);
	failed.table = listeners_new(NULL, 0);
	failed.now = loop_now(r->loop);
	monitor_listened(r->monitor, &failed);
	listeners_unref(failed.table);
	for (int i = 0; i < 10; i++)
		monitor_rig_turn(r);
	assert_int_equal(r->store.nalarms, 1);
	assert_int_equal(r->nevents, 1);
	close(fd);
}

/* What the file says anew holds; what it says as before does not undo what was set by
 * SNMP, which only a restart does. */
static void
a_reload_changes_what_is_told(void **state)
{
	struct monitor_rig *r = *state;
	struct command beat = { COMMAND_HEARTBEAT, 120, 0, 0, 0 };
	struct command off = { COMMAND_NOTIFY_ENABLE, 0, 0, 0, 0 };
	static const struct step {
		const char *site;
		uint32_t heartbeat;
		bool notify;
	} steps[] = {
		{ "", 120, false },
		{ "heartbeat = 60; notify-enable = false;", 60, false },
		{ "heartbeat = 60; notify-enable = true;", 60, true },
		{ "notify-enable = false;", 0, false },
	};

	monitor_rig_watch(r, local_plan(r, ""));
	assert_true(feed_command(r->feed, &beat));
	assert_true(feed_command(r->feed, &off));
	UNTIL(r, r->store.sys.heartbeat == 120 && !r->store.sys.notify_enable);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct plan *next = local_plan(r, steps[i].site);

		monitor_set_plan(r->monitor, next);
		monitor_config_status(r->monitor, CONFIG_OK, "");
		UNTIL(r, r->store.plan == next);
		plan_unref(next);
		assert_int_equal(r->store.sys.heartbeat, steps[i].heartbeat);
		assert_int_equal(r->store.sys.notify_enable, steps[i].notify);
	}
	close(r->listener);
	r->listener = -1;
	UNTIL(r, r->nevents == 1);
	assert_true(r->events[0].suppressed);
}

static void
a_local_range_that_is_partly_exposed_is_forbidden(void **state)
{
	struct monitor_rig *r = *state;
	char services[256];

	snprintf(services, sizeof(services),
	    "1 web tcp %u-%u client server scope = 'local'; policy = 'every';", r->port,
	    r->port + 1);
	monitor_rig_watch(
	    r, planfix(services, "hold = 0; boot-grace = 0; hosts = ( { name = 'here'; "
				 "local = true; roles = ['app:server']; } );"));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_OPEN_FORBIDDEN));
	UNTIL(r, r->nevents == 1);
	assert_int_equal(r->events[0].number, EVENT_FORBIDDEN_OPEN);
}

static void
a_remote_port_is_probed_and_judged(void **state)
{
	struct monitor_rig *r = *state;
	char services[256];

	snprintf(services, sizeof(services), "1 web tcp %u client server", r->port);
	monitor_rig_watch(
	    r, planfix(services,
		   "hold = 0; interval = 2; timeout-ms = 500; hosts = ( { name = "
		   "'here'; local = true; "
		   "roles = ['app:client']; }, { name = 'far'; id = 2; address = "
		   "'127.0.0.1'; roles = ['app:server']; } );"));
	UNTIL(r, monitor_rig_verdict_is(r, VERDICT_COMPLIANT));
	assert_int_equal(r->store.rows[0].connect, CONNECT_OPEN);
	assert_int_equal(r->store.rows[0].listen, LISTEN_NA);
	UNTIL(r, r->store.hosts[1].state == HOST_REACHABLE);
	close(r->listener);
	r->listener = -1;
	UNTIL(r, r->nevents == 1);
	assert_int_equal(r->events[0].connect, CONNECT_CLOSED);
	assert_int_equal(r->store.rows[0].connect, CONNECT_CLOSED);
	assert_true(r->store.rows[0].failures >= 2);
	r->listener = monitor_rig_listen(&r->port);
	UNTIL(r, r->nevents == 2);
	assert_int_equal(r->events[1].number, EVENT_REQUIRED_RESTORED);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, monitor_rig_setup, monitor_rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_close_raises_and_an_opening_clears),
		TEST(an_alarm_outlives_a_restart_and_is_cleared_once),
		TEST(another_plan_keeps_what_stays_and_clears_what_goes),
		TEST(the_inventory_is_told_once_in_a_minute),
		TEST(a_long_refusal_is_cut_between_characters),
		TEST(a_reload_without_other_rows_is_no_change_of_the_inventory),
		TEST(a_heartbeat_counts_all_alarms),
		TEST(a_heartbeat_counts_no_alarm_that_is_held),
		TEST(the_log_says_what_a_full_queue_does_not_send),
		TEST(mutes_and_admin_status_come_by_command),
		TEST(a_mute_ends_with_its_line_in_the_file),
		TEST(a_mute_may_end_in_the_far_future),
		TEST(a_restart_between_two_looks_pages_nobody),
		TEST(a_reload_changes_how_often_is_looked),
		TEST(a_reload_names_listeners_anew),
		TEST(an_alarm_outlives_its_interface),
		TEST(a_look_that_failed_ends_no_alarm_of_a_listener),
		TEST(a_reload_changes_what_is_told),
		TEST(a_local_range_that_is_partly_exposed_is_forbidden),
		TEST(a_remote_port_is_probed_and_judged),
	};

	log_open("test_monitor", true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
