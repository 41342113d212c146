/* The book, look by look: no world, no watchers, only what it is told here. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "judge/alarms.h"
#include "alarmsim.h"
#include "planfix.h"

#define TAPE  64
#define QUICK "hold = 0; boot-grace = 0; "
#define PAIR  "hosts = (" SIM_ME "," SIM_HOST("s2", "2", "server") ");"
#define DBS                \
	"hosts = (" SIM_ME \
	"," SIM_HOST("d4", "4", "db") "," SIM_HOST("d5", "5", "db") ");"

struct tape {
	struct plan *plan;
	struct alarms *book;
	int64_t ms;
	struct {
		uint32_t number, index, object;
		bool suppressed;
		const struct plan_group *group;
		struct group_state quorum;
	} event[TAPE];
	uint32_t n;
};

static void
on_row(void *arg, uint32_t check, const struct alarms_view *view)
{
	(void)arg;
	(void)check;
	(void)view;
}

static void
on_event(void *arg, struct alarms_event *e)
{
	struct tape *t = arg;

	assert_true(t->n < TAPE);
	t->event[t->n].number = e->number;
	t->event[t->n].index = e->alarm->index;
	t->event[t->n].object = e->object;
	t->event[t->n].suppressed = e->suppressed;
	t->event[t->n].group = e->group;
	t->event[t->n++].quorum = e->quorum;
}

static void
on_alarm(void *arg, const struct alarm_row *alarm)
{
	(void)arg;
	(void)alarm;
}

static void
on_alarm_gone(void *arg, uint32_t index)
{
	(void)arg;
	(void)index;
}

static void
on_host(void *arg, uint32_t host, enum host_state state, enum severity severity,
    uint32_t mute_until)
{
	(void)arg;
	(void)host;
	(void)state;
	(void)severity;
	(void)mute_until;
}

static void
on_reprobe(void *arg, uint32_t host)
{
	(void)arg;
	(void)host;
}

static const struct alarms_ops ops = {
	.row = on_row,
	.event = on_event,
	.alarm = on_alarm,
	.alarm_gone = on_alarm_gone,
	.host = on_host,
	.reprobe = on_reprobe,
};

static struct instant
now(const struct tape *t)
{
	return (struct instant){ { t->ms * 1000000 }, 1700000000000 + t->ms };
}

static struct tape
begin(const char *services, const char *site)
{
	struct tape t = { .plan = planfix(services, site), .ms = 1000 };

	t.book = alarms_new(t.plan, &ops, NULL, now(&t));
	return t;
}

/* The book calls back with the tape's address, which is known only now. */
static void
ready(struct tape *t)
{
	alarms_free(t->book);
	t->book = alarms_new(t->plan, &ops, t, now(t));
	alarms_first_local(t->book, now(t));
	alarms_first_remote(t->book, now(t));
}

static void
end(struct tape *t)
{
	alarms_free(t->book);
	plan_unref(t->plan);
}

static uint32_t
find(const struct tape *t, const char *name)
{
	return (uint32_t)(planfix_check(t->plan, name) - t->plan->checks);
}

static void
listens(struct tape *t, const char *name, enum listen_state state)
{
	struct sight s = { (uint8_t)state, REASON_LISTENING, 0 };

	t->ms += 1000;
	alarms_listen(t->book, find(t, name), s, false, now(t));
}

static void
connects(struct tape *t, const char *name, enum connect_state state, enum reason reason,
    int times)
{
	struct sight s = { (uint8_t)state, (uint8_t)reason, 0 };

	for (int i = 0; i < times; i++) {
		t->ms += 1000;
		alarms_connect(t->book, find(t, name), s, now(t));
	}
}
#define REFUSED(t, name, n) connects((t), (name), CONNECT_CLOSED, REASON_REFUSED, (n))
#define OPENED(t, name, n)  connects((t), (name), CONNECT_OPEN, REASON_CONNECTED, (n))
#define SILENT(t, name, n)  connects((t), (name), CONNECT_FILTERED, REASON_TIMEOUT, (n))

static struct alarms_view
view(const struct tape *t, const char *name)
{
	struct alarms_view v;

	alarms_view(t->book, find(t, name), &v);
	return v;
}

/* ---- how many looks it takes */

static void
looks_by_kind(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK PAIR);

	(void)state;
	ready(&t);
	listens(&t, "app/web@me", LISTEN_NOT);
	assert_int_equal(t.n, 1);
	REFUSED(&t, "app/web@s2", 1);
	assert_int_equal(t.n, 1);
	REFUSED(&t, "app/web@s2", 1);
	assert_int_equal(t.n, 2);
	/* A firewall that says no is a refusal, not a silence. */
	connects(&t, "app/ssh@s2", CONNECT_FILTERED, REASON_PROHIBITED, 2);
	assert_int_equal(t.n, 3);
	SILENT(&t, "app/rec@s2", 4);
	assert_int_equal(t.n, 3);
	SILENT(&t, "app/rec@s2", 1);
	assert_int_equal(t.n, 4);
	/* Cleared by one look at the sockets, by two probes. */
	listens(&t, "app/web@me", LISTEN_LISTENING);
	assert_int_equal(t.n, 5);
	OPENED(&t, "app/web@s2", 1);
	assert_int_equal(t.n, 5);
	OPENED(&t, "app/web@s2", 1);
	assert_int_equal(t.n, 6);
	end(&t);
}

static void
looks_by_override(void **state)
{
	struct tape t = begin(SIM_SERVICES,
	    QUICK PAIR "overrides = ({ service = 'app/web'; raise-after = 3; "
		       "clear-after = 4; });");

	(void)state;
	ready(&t);
	REFUSED(&t, "app/web@s2", 2);
	assert_int_equal(t.n, 0);
	REFUSED(&t, "app/web@s2", 1);
	assert_int_equal(t.n, 1);
	OPENED(&t, "app/web@s2", 3);
	assert_int_equal(t.n, 1);
	OPENED(&t, "app/web@s2", 1);
	assert_int_equal(t.n, 2);
	end(&t);
}

/* With both sources only the one that decides counts. */
static void
a_probe_is_not_confirmed_by_the_sockets(void **state)
{
	struct tape t = begin("1 web tcp 443 client server\n",
	    QUICK PAIR "overrides = ({ service = 'app/web'; observe = 'either'; });");

	(void)state;
	ready(&t);
	listens(&t, "app/web@me", LISTEN_NOT);
	assert_int_equal(view(&t, "app/web@me").verdict, VERDICT_UNKNOWN);
	REFUSED(&t, "app/web@me", 1);
	assert_int_equal(view(&t, "app/web@me").verdict, VERDICT_CLOSED_REQUIRED);
	for (int i = 0; i < 10; i++)
		listens(&t, "app/web@me", LISTEN_NOT);
	assert_int_equal(t.n, 0);
	REFUSED(&t, "app/web@me", 1);
	assert_int_equal(t.n, 1);
	/* That something listens is proof enough by itself. */
	listens(&t, "app/web@me", LISTEN_LISTENING);
	assert_int_equal(t.n, 2);
	end(&t);
}

/* This host's own address is not known: the probe goes to a loopback address. */
static void
a_probe_on_the_inside_is_no_reachability(void **state)
{
	struct tape t = begin("1 web tcp 443 client server\n",
	    QUICK PAIR "overrides = ({ service = 'app/web'; connect = true; });");

	(void)state;
	ready(&t);
	listens(&t, "app/web@me", LISTEN_LOOPBACK);
	OPENED(&t, "app/web@me", 1);
	assert_int_equal(view(&t, "app/web@me").verdict, VERDICT_CLOSED_REQUIRED);
	assert_int_equal(t.n, 1);
	listens(&t, "app/web@me", LISTEN_LISTENING);
	OPENED(&t, "app/web@me", 2);
	assert_int_equal(view(&t, "app/web@me").verdict, VERDICT_COMPLIANT);
	assert_int_equal(t.n, 2);
	end(&t);
}

static void
queue_takes_three_full_and_two_others(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK PAIR);
	struct sight on = { LISTEN_LISTENING, REASON_LISTENING, 0 };
	struct sight blind = { LISTEN_UNKNOWN, REASON_SCAN_FAILED, EPERM };
	uint32_t web;

	(void)state;
	ready(&t);
	web = find(&t, "app/web@me");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(t.n, 0);
		alarms_listen(t.book, web, on, true, now(&t));
	}
	assert_int_equal(t.n, 1);
	assert_int_equal(t.event[0].number, EVENT_QUEUE_FULL);
	for (int i = 0; i < 5; i++)
		alarms_listen(t.book, web, blind, false, now(&t));
	alarms_listen(t.book, web, on, false, now(&t));
	assert_int_equal(t.n, 1);
	alarms_listen(t.book, web, on, false, now(&t));
	assert_int_equal(t.n, 2);
	assert_int_equal(t.event[1].number, EVENT_QUEUE_DRAINED);
	end(&t);
}

/* ---- groups */

static void
an_alternative_is_missed_by_rounds(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK PAIR);

	(void)state;
	ready(&t);
	REFUSED(&t, "app/ldap@s2", 9);
	OPENED(&t, "app/ldaps@s2", 9);
	REFUSED(&t, "app/ldaps@s2", 1);
	assert_int_equal(view(&t, "app/ldap@s2").stage, STAGE_PENDING);
	/* However often the one is looked at, the other was seen closed only once. */
	REFUSED(&t, "app/ldap@s2", 9);
	assert_int_equal(t.n, 0);
	REFUSED(&t, "app/ldaps@s2", 1);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.event[0].object, find(&t, "app/ldap@s2"));
	/* The one that is open proves it alone. */
	OPENED(&t, "app/ldaps@s2", 1);
	assert_int_equal(t.n, 1);
	OPENED(&t, "app/ldaps@s2", 1);
	assert_int_equal(t.n, 2);
	end(&t);
}

static void
a_silent_alternative_takes_the_looks_of_a_silence(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK PAIR);

	(void)state;
	ready(&t);
	for (int round = 1; round <= 5; round++) {
		assert_int_equal(t.n, 0);
		SILENT(&t, "app/ldaps@s2", 1);
		REFUSED(&t, "app/ldap@s2", 1);
	}
	SILENT(&t, "app/ldaps@s2", 1);
	assert_int_equal(t.n, 1);
	end(&t);
}

static void
a_quorum_is_missed_by_rounds(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK DBS SIM_GROUP);
	uint32_t d4, d5;

	(void)state;
	ready(&t);
	d4 = find(&t, "app/sql@d4");
	d5 = find(&t, "app/sql@d5");
	OPENED(&t, "app/sql@d5", 1);
	REFUSED(&t, "app/sql@d4", 9);
	REFUSED(&t, "app/sql@d5", 1);
	REFUSED(&t, "app/sql@d4", 9);
	assert_int_equal(t.n, 0);
	REFUSED(&t, "app/sql@d5", 1);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.event[0].object, d4);
	assert_non_null(t.event[0].group);
	assert_string_equal(t.event[0].group->name, "sql");
	assert_int_equal(t.event[0].quorum.open, 0);
	assert_int_equal(t.event[0].quorum.need, 1);
	assert_int_equal(t.event[0].quorum.part, 2);
	/* Nobody left to miss: over at once. */
	alarms_disable(t.book, d4, true, now(&t));
	assert_int_equal(t.n, 1);
	alarms_disable(t.book, d5, true, now(&t));
	assert_int_equal(t.n, 2);
	assert_int_equal(t.event[1].number, EVENT_REQUIRED_RESTORED);
	assert_int_equal(t.event[1].object, d4);
	end(&t);
}

static void
a_quorum_takes_the_looks_of_its_silent_member(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK DBS SIM_GROUP);

	(void)state;
	ready(&t);
	for (int round = 1; round <= 5; round++) {
		assert_int_equal(t.n, 0);
		SILENT(&t, "app/sql@d5", 1);
		REFUSED(&t, "app/sql@d4", 1);
	}
	SILENT(&t, "app/sql@d5", 1);
	assert_int_equal(t.n, 1);
	OPENED(&t, "app/sql@d5", 1);
	assert_int_equal(t.n, 1);
	OPENED(&t, "app/sql@d5", 1);
	assert_int_equal(t.n, 2);
	end(&t);
}

/* It is no more too few when the missing one is not asked for any more. */
static void
a_pending_quorum_is_forgotten(void **state)
{
	struct tape t = begin(SIM_SERVICES,
	    SIM_TIMES DBS "groups = ({ name = 'sql'; hosts = ['d4', 'd5']; "
			  "services = ['app/sql']; need = 2; });");

	(void)state;
	ready(&t);
	OPENED(&t, "app/sql@d4", 1);
	REFUSED(&t, "app/sql@d5", 2);
	assert_int_equal(view(&t, "app/sql@d5").stage, STAGE_PENDING);
	alarms_disable(t.book, find(&t, "app/sql@d5"), true, now(&t));
	t.ms += 60000;
	alarms_tick(t.book, now(&t));
	assert_int_equal(t.n, 0);
	assert_true(mono_is_never(alarms_next(t.book)));
	end(&t);
}

/* ---- switches */

static void
enabled_rows_are_looked_at_anew(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK PAIR);
	uint32_t web;

	(void)state;
	ready(&t);
	web = find(&t, "app/web@me");
	listens(&t, "app/web@me", LISTEN_NOT);
	alarms_disable(t.book, web, true, now(&t));
	assert_int_equal(t.n, 2);
	assert_int_equal(view(&t, "app/web@me").reason, REASON_DISABLED);
	assert_int_equal(view(&t, "app/web@me").flags, ROW_DISABLED);
	listens(&t, "app/web@me", LISTEN_NOT);
	alarms_disable(t.book, web, false, now(&t));
	assert_int_equal(view(&t, "app/web@me").verdict, VERDICT_UNKNOWN);
	assert_int_equal(view(&t, "app/web@me").reason, REASON_NOT_YET);
	alarms_standby(t.book, 0, true, now(&t));
	listens(&t, "app/web@me", LISTEN_NOT);
	assert_int_equal(view(&t, "app/web@me").reason, REASON_STANDBY);
	alarms_standby(t.book, 0, false, now(&t));
	assert_int_equal(view(&t, "app/web@me").reason, REASON_NOT_YET);
	assert_int_equal(t.n, 2);
	end(&t);
}

/* ---- another plan */

static void
replan(struct tape *t, const char *services, const char *site)
{
	struct plan *old = t->plan;

	t->plan = planfix(services, site);
	alarms_replan(t->book, t->plan, now(t));
	plan_unref(old);
}

static void
what_is_pending_is_not_raised_for_another_reason(void **state)
{
	struct tape t = begin("1 web tcp 443 client server\n", SIM_TIMES PAIR);

	(void)state;
	ready(&t);
	listens(&t, "app/web@me", LISTEN_NOT);
	assert_int_equal(view(&t, "app/web@me").stage, STAGE_PENDING);
	replan(&t, "1 web tcp 443 client server expect = 'recommended';\n",
	    SIM_TIMES PAIR);
	assert_int_equal(view(&t, "app/web@me").verdict, VERDICT_CLOSED_RECOMMENDED);
	t.ms += 60000;
	alarms_tick(t.book, now(&t));
	assert_int_equal(t.n, 0);
	listens(&t, "app/web@me", LISTEN_NOT);
	t.ms += 10000;
	alarms_tick(t.book, now(&t));
	assert_int_equal(t.n, 1);
	assert_int_equal(t.event[0].number, EVENT_RECOMMENDED_CLOSED);
	end(&t);
}

static void
another_port_was_not_looked_at(void **state)
{
	struct tape t = begin("1 web tcp 443 client server\n", QUICK PAIR);

	(void)state;
	ready(&t);
	listens(&t, "app/web@me", LISTEN_LISTENING);
	replan(&t, "1 web tcp 443 client server\n", QUICK PAIR);
	assert_int_equal(view(&t, "app/web@me").verdict, VERDICT_COMPLIANT);
	replan(&t, "1 web tcp 444 client server\n", QUICK PAIR);
	assert_int_equal(view(&t, "app/web@me").reason, REASON_NOT_YET);
	end(&t);
}

static void
a_host_without_probes_comes_up(void **state)
{
	static const char two[] = "1 web tcp 443 client server\n"
				  "2 ssh tcp 22 client server\n";
	struct tape t = begin(two, QUICK PAIR);

	(void)state;
	ready(&t);
	for (uint32_t k = 0; k < 2; k++)
		alarms_answer(t.book, k, ANSWER_YES, now(&t));
	for (int sweep = 0; sweep < 3; sweep++)
		for (uint32_t k = 0; k < 2; k++)
			alarms_answer(t.book, k, ANSWER_NO, now(&t));
	assert_int_equal(t.n, 1);
	assert_int_equal(t.event[0].number, EVENT_HOST_DOWN);
	replan(&t, "3 other tcp 22 server client\n", QUICK PAIR);
	assert_int_equal(t.plan->nendpoints, 0);
	assert_int_equal(t.n, 2);
	assert_int_equal(t.event[1].number, EVENT_HOST_UP);
	end(&t);
}

/* Nor does one whose rows are all disabled: it could never come up again. */
static void
a_host_whose_rows_are_disabled_comes_up(void **state)
{
	static const char two[] = "1 web tcp 443 client server\n"
				  "2 ssh tcp 22 client server\n";
	struct tape t = begin(two, QUICK PAIR);

	(void)state;
	ready(&t);
	for (uint32_t k = 0; k < 2; k++)
		alarms_answer(t.book, k, ANSWER_YES, now(&t));
	for (int sweep = 0; sweep < 3; sweep++)
		for (uint32_t k = 0; k < 2; k++)
			alarms_answer(t.book, k, ANSWER_NO, now(&t));
	assert_int_equal(t.n, 1);
	alarms_disable(t.book, find(&t, "app/web@s2"), true, now(&t));
	assert_int_equal(t.n, 1);
	alarms_disable(t.book, find(&t, "app/ssh@s2"), true, now(&t));
	assert_int_equal(t.n, 2);
	assert_int_equal(t.event[1].number, EVENT_HOST_UP);
	assert_false(t.event[1].suppressed);
	assert_int_equal(alarms_host(t.book, t.event[1].object), HOST_UNKNOWN);
	end(&t);
}

/* ---- numbers and what was saved */

static struct alarm_saved
saved(uint32_t index, uint8_t type, uint16_t service, uint16_t host)
{
	struct alarm_saved s = { .index = index,
		.notify_seq = 1,
		.type = type,
		.severity = SEVERITY_MAJOR,
		.stage = STAGE_RAISED,
		.notified = 1,
		.catalogue = service != 0 ? 7 : 0,
		.service = service,
		.host = host };

	return s;
}

static void
a_number_in_use_is_left_out(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK PAIR);
	struct alarm_saved s = saved(2, ALARM_REQUIRED_CLOSED, 1, 1);

	(void)state;
	ready(&t);
	alarms_reserve_index(t.book, UINT32_MAX, 5);
	alarms_import(t.book, &s, 1, NULL, 0, now(&t));
	listens(&t, "app/ssh@me", LISTEN_NOT);
	listens(&t, "app/rec@me", LISTEN_NOT);
	listens(&t, "app/imaps@me", LISTEN_NOT);
	assert_int_equal(t.event[0].index, UINT32_MAX);
	assert_int_equal(t.event[1].index, 1);
	assert_int_equal(t.event[2].index, 3);
	assert_int_equal(alarms_index_left(t.book), 1);
	end(&t);
}

/* Even when the number was reserved too low, and across a reload. */
static void
a_number_ahead_is_left_out(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK PAIR);
	struct alarm_saved s = saved(2, ALARM_REQUIRED_CLOSED, 1, 1);

	(void)state;
	ready(&t);
	alarms_import(t.book, &s, 1, NULL, 0, now(&t));
	replan(&t, SIM_SERVICES, QUICK PAIR);
	listens(&t, "app/ssh@me", LISTEN_NOT);
	listens(&t, "app/rec@me", LISTEN_NOT);
	assert_int_equal(t.event[0].index, 1);
	assert_int_equal(t.event[1].index, 3);
	end(&t);
}

static void
sequence_wraps_to_one(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK PAIR);

	(void)state;
	alarms_reserve_seq(t.book, UINT32_MAX, 3);
	assert_int_equal(alarms_take_seq(t.book), UINT32_MAX);
	assert_int_equal(alarms_seq_next(t.book), 1);
	assert_int_equal(alarms_take_seq(t.book), 1);
	assert_int_equal(alarms_seq_left(t.book), 1);
	assert_int_equal(alarms_take_seq(t.book), 2);
	assert_int_equal(alarms_seq_left(t.book), 0);
	/* Nothing waits for a reservation. */
	assert_int_equal(alarms_take_seq(t.book), 3);
	assert_int_equal(alarms_seq_left(t.book), 0);
	alarms_reserve_seq(t.book, 0, 1);
	assert_int_equal(alarms_take_seq(t.book), 1);
	end(&t);
}

static void
nonsense_is_not_imported(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK PAIR);
	struct alarm_saved s[5] = { saved(0, ALARM_REQUIRED_CLOSED, 1, 1),
		saved(1, ALARM_NONE, 1, 1), saved(1, 200, 1, 1),
		saved(1, ALARM_UNDOCUMENTED, 1, 1),
		saved(1, ALARM_REQUIRED_CLOSED, 1, 1) };

	(void)state;
	ready(&t);
	s[4].stage = STAGE_PENDING;
	alarms_import(t.book, s, 5, NULL, 0, now(&t));
	assert_int_equal(alarms_count(t.book), 0);
	assert_int_equal(t.n, 0);
	end(&t);
}

static void
what_cannot_be_any_more_is_cleared_at_once(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK PAIR);
	struct alarm_saved s[] = {
		saved(1, ALARM_REQUIRED_CLOSED, 1, 1),
		saved(2, ALARM_REQUIRED_CLOSED, 1, 1),  /* twice */
		saved(3, ALARM_REQUIRED_CLOSED, 99, 1), /* no such row */
		saved(4, ALARM_QUEUE_FULL, 9, 1),       /* not judged */
		saved(5, ALARM_HOST_DOWN, 0, 77),       /* no such host */
		saved(6, ALARM_HOST_DOWN, 0, 1), /* cut off: too few hosts to tell */
		saved(7, ALARM_REQUIRED_CLOSED, 9, 1), /* is optional now */
	};
	uint32_t gone = 0;

	(void)state;
	s[2].notified = 0;
	ready(&t);
	alarms_import(t.book, s, sizeof(s) / sizeof(s[0]), NULL, 0, now(&t));
	assert_int_equal(alarms_count(t.book), 1);
	assert_int_equal(t.n, 6);
	for (uint32_t i = 0; i < t.n; i++) {
		assert_int_not_equal(t.event[i].index, 1);
		assert_int_equal(t.event[i].number % 2, 0);
		assert_int_equal(t.event[i].suppressed, t.event[i].index == 3);
		gone += t.event[i].object == ALARMS_GONE;
	}
	assert_int_equal(gone, 2);
	end(&t);
}

static void
saved_alarms_say_what_they_were(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK PAIR);
	struct alarm_saved s;

	(void)state;
	ready(&t);
	listens(&t, "app/web@me", LISTEN_NOT);
	alarms_export(t.book, 0, &s);
	assert_int_equal(s.index, 1);
	assert_int_equal(s.catalogue, 7);
	assert_int_equal(s.service, 1);
	assert_int_equal(s.host, 1);
	assert_int_equal(s.notified, 1);
	assert_int_equal(s.protocol, PROTO_TCP);
	assert_int_equal(s.expected, EXPECTED_REQUIRED);
	assert_string_equal(s.catalogue_name, "app");
	assert_string_equal(s.service_name, "web");
	assert_string_equal(s.host_name, "me");
	assert_string_equal(s.ports, "443");
	end(&t);
}

static void
mutes_are_saved(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK PAIR);
	uint32_t until = (uint32_t)(now(&t).wall / 1000) + 100;
	struct mute_saved *v;

	(void)state;
	ready(&t);
	assert_int_equal(alarms_export_mutes(t.book, &v), 0);
	assert_null(v);
	alarms_mute_agent(t.book, until, now(&t));
	alarms_mute_host(t.book, 1, until + 1, now(&t));
	alarms_mute_check(t.book, find(&t, "app/ssh@s2"), until + 2, now(&t));
	/* One that has passed is none. */
	alarms_mute_host(t.book, 0, until - 200, now(&t));
	assert_int_equal(alarms_export_mutes(t.book, &v), 3);
	assert_int_equal(v[0].until, until);
	assert_int_equal(v[0].host, 0);
	assert_int_equal(v[1].until, until + 1);
	assert_int_equal(v[1].host, 2);
	assert_int_equal(v[1].catalogue, 0);
	assert_int_equal(v[2].until, until + 2);
	assert_int_equal(v[2].catalogue, 7);
	assert_int_equal(v[2].service, 2);
	assert_int_equal(v[2].host, 2);
	ready(&t);
	alarms_import(t.book, NULL, 0, v, 3, now(&t));
	assert_int_equal(alarms_agent_mute(t.book), until);
	assert_int_equal(alarms_check_mute(t.book, find(&t, "app/ssh@s2")), until + 2);
	free(v);
	end(&t);
}

/* A mute ends by the wall clock: also when that is set, in either direction. */
static void
mutes_follow_the_wall_clock(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK PAIR);
	uint32_t until = (uint32_t)(now(&t).wall / 1000) + 100;
	struct instant later = { { 0 }, (wall_t)until * 1000 + 1 };
	struct instant earlier = { { 0 }, (wall_t)until * 1000 - 500000 };
	uint32_t web;

	(void)state;
	ready(&t);
	web = find(&t, "app/web@me");
	alarms_mute_agent(t.book, until, now(&t));
	alarms_mute_host(t.book, 0, until, now(&t));
	alarms_mute_check(t.book, web, until, now(&t));
	listens(&t, "app/web@me", LISTEN_NOT);
	assert_int_equal(t.n, 1);
	assert_true(t.event[0].suppressed);
	/* Set back: the end is further away than it was. */
	earlier.mono = now(&t).mono;
	alarms_clock_set(t.book, earlier);
	assert_int_equal(alarms_next(t.book).ns, mono_add_s(earlier.mono, 500).ns);
	assert_int_equal(alarms_check_mute(t.book, web), until);
	/* Set forward: it is over at once, and what was kept back is told. */
	later.mono = now(&t).mono;
	alarms_clock_set(t.book, later);
	assert_int_equal(alarms_agent_mute(t.book), 0);
	assert_int_equal(alarms_check_mute(t.book, web), 0);
	assert_int_equal(t.n, 2);
	assert_false(t.event[1].suppressed);
	assert_int_equal(t.event[1].number, EVENT_REQUIRED_CLOSED);
	end(&t);
}

/* The port is closed; that its rejections get lost now and then is no recovery. */
static void
nothing_heard_is_no_recovery(void **state)
{
	struct tape t = begin(SIM_SERVICES, QUICK PAIR);

	(void)state;
	ready(&t);
	REFUSED(&t, "app/log@s2", 2);
	assert_int_equal(t.n, 1);
	for (int i = 0; i < 3; i++) {
		connects(&t, "app/log@s2", CONNECT_OPEN_OR_FILTERED, REASON_SILENT, 4);
		REFUSED(&t, "app/log@s2", 1);
	}
	assert_int_equal(t.n, 1);
	/* One that is back and does not answer is never heard of again. */
	connects(&t, "app/log@s2", CONNECT_OPEN_OR_FILTERED, REASON_SILENT, 5);
	assert_int_equal(t.n, 2);
	REFUSED(&t, "app/log@s2", 2);
	OPENED(&t, "app/log@s2", 2);
	assert_int_equal(t.n, 4);
	end(&t);
}

/* Every port of a dead host is silent: that ends no alarm about one that must be
 * closed, and when the host is back it takes as many silences as a raise would. */
static void
a_silent_host_has_closed_nothing(void **state)
{
	struct tape t = begin("1 web tcp 443 client server\n"
			      "2 telnet tcp 23 client server expect = 'closed';\n",
	    QUICK PAIR);

	(void)state;
	ready(&t);
	for (uint32_t k = 0; k < 2; k++)
		alarms_answer(t.book, k, ANSWER_YES, now(&t));
	OPENED(&t, "app/telnet@s2", 2);
	assert_int_equal(t.n, 1);
	assert_int_equal(t.event[0].number, EVENT_FORBIDDEN_OPEN);
	/* It is being found out whether the host is down. */
	alarms_answer(t.book, 1, ANSWER_NO, now(&t));
	SILENT(&t, "app/telnet@s2", 9);
	for (int sweep = 0; sweep < 3; sweep++)
		for (uint32_t k = 0; k < 2; k++)
			alarms_answer(t.book, k, ANSWER_NO, now(&t));
	SILENT(&t, "app/telnet@s2", 9);
	assert_int_equal(t.n, 2);
	assert_int_equal(t.event[1].number, EVENT_HOST_DOWN);
	assert_int_equal(view(&t, "app/telnet@s2").stage, STAGE_RAISED);
	for (int i = 0; i < 2; i++)
		alarms_answer(t.book, 0, ANSWER_YES, now(&t));
	assert_int_equal(t.n, 3);
	assert_int_equal(t.event[2].number, EVENT_HOST_UP);
	SILENT(&t, "app/telnet@s2", 4);
	OPENED(&t, "app/telnet@s2", 1);
	SILENT(&t, "app/telnet@s2", 4);
	assert_int_equal(t.n, 3);
	SILENT(&t, "app/telnet@s2", 1);
	assert_int_equal(t.n, 4);
	assert_int_equal(t.event[3].number, EVENT_FORBIDDEN_RESTORED);
	end(&t);
}

/* A rejection that gets lost looks like silence: what is told is what was said. */
static void
what_is_told_is_the_rejection_and_not_its_loss(void **state)
{
	struct tape t = begin(SIM_SERVICES, "hold = 4; boot-grace = 0; " PAIR);

	(void)state;
	ready(&t);
	OPENED(&t, "app/web@s2", 1);
	REFUSED(&t, "app/web@s2", 3);
	SILENT(&t, "app/web@s2", 2); /* the hold is over */
	assert_int_equal(t.n, 0);
	REFUSED(&t, "app/web@s2", 1);
	assert_int_equal(t.n, 1);
	OPENED(&t, "app/web@s2", 2);
	assert_int_equal(t.n, 2);
	/* Three times silent it is that. */
	REFUSED(&t, "app/web@s2", 3);
	SILENT(&t, "app/web@s2", 2);
	assert_int_equal(t.n, 2);
	SILENT(&t, "app/web@s2", 1);
	assert_int_equal(t.n, 3);
	end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looks_by_kind),
		cmocka_unit_test(looks_by_override),
		cmocka_unit_test(a_probe_is_not_confirmed_by_the_sockets),
		cmocka_unit_test(a_probe_on_the_inside_is_no_reachability),
		cmocka_unit_test(queue_takes_three_full_and_two_others),
		cmocka_unit_test(an_alternative_is_missed_by_rounds),
		cmocka_unit_test(a_silent_alternative_takes_the_looks_of_a_silence),
		cmocka_unit_test(a_quorum_is_missed_by_rounds),
		cmocka_unit_test(a_quorum_takes_the_looks_of_its_silent_member),
		cmocka_unit_test(a_pending_quorum_is_forgotten),
		cmocka_unit_test(enabled_rows_are_looked_at_anew),
		cmocka_unit_test(what_is_pending_is_not_raised_for_another_reason),
		cmocka_unit_test(another_port_was_not_looked_at),
		cmocka_unit_test(a_host_without_probes_comes_up),
		cmocka_unit_test(a_host_whose_rows_are_disabled_comes_up),
		cmocka_unit_test(a_number_in_use_is_left_out),
		cmocka_unit_test(a_number_ahead_is_left_out),
		cmocka_unit_test(sequence_wraps_to_one),
		cmocka_unit_test(nonsense_is_not_imported),
		cmocka_unit_test(what_cannot_be_any_more_is_cleared_at_once),
		cmocka_unit_test(saved_alarms_say_what_they_were),
		cmocka_unit_test(mutes_are_saved),
		cmocka_unit_test(nothing_heard_is_no_recovery),
		cmocka_unit_test(a_silent_host_has_closed_nothing),
		cmocka_unit_test(what_is_told_is_the_rejection_and_not_its_loss),
		cmocka_unit_test(mutes_follow_the_wall_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
