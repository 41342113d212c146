#include "alarmsim.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "judge/alarms_priv.h"
#include "base/mem.h"
#include "planfix.h"

#define STEP_MS    500
#define TIMEOUT_MS 4000
/* A look of those that find nobody takes so long; a sweep that is not finished is given
 * up later than that. */
#define FRESH_MS (TIMEOUT_MS + 1500)
#define SLACK_MS 5000

#define WALL 1700000000000 /* at boot */

struct instant
sim_now(const struct sim *s)
{
	return (struct instant){ { s->ms * 1000000 }, WALL + s->ms };
}

static uint32_t
wall_s(const struct sim *s)
{
	return (uint32_t)(sim_now(s).wall / 1000);
}

/* ---- what the book says is checked as it says it */

static bool
muted(const struct sim *s, uint32_t host, uint32_t check)
{
	wall_t now = sim_now(s).wall;

	return (wall_t)s->mute_agent * 1000 > now ||
	       (wall_t)s->mute_host[host] * 1000 > now ||
	       (check != ALARMS_GONE && (wall_t)s->mute_check[check] * 1000 > now);
}

/* Nobody is told of a port without evidence that it, and not its host, is at fault. */
static void
check_told(const struct sim *s, uint32_t check)
{
	const struct check *c = &s->plan->checks[check];
	bool local = s->plan->hosts[c->host].local;

	assert_false(muted(s, c->host, check) && c->group == 0);
	/* A group's alarm keeps the name that it was raised with. */
	assert_false((s->disabled[check] || s->standby[c->host]) && c->group == 0);
	assert_true(local ? s->seen_local : s->unseen == 0);
	if (local)
		assert_true(s->ms >= s->plan->site->boot_grace * 1000);
	if (!local && s->no_answer[check] && c->group == 0) {
		assert_int_not_equal(alarms_host(s->book, c->host), HOST_UNREACHABLE);
		assert_int_equal(sim_active(s, ALARM_HOST_DOWN, c->host), 0);
		assert_false(alarms_isolated(s->book));
		assert_false(hostwatch_suspects(s->book->watch, c->host));
	}
}

static bool
proved(const struct sim *s, uint32_t check)
{
	return s->confirmed[check] && s->ms - s->bad_since[check] >=
	                                  (int64_t)s->plan->checks[check].hold * 1000;
}

/* A port is blamed after enough looks and the hold, however loud; one that was blamed
 * before must prove itself again when its host was down since. */
static void
check_proof(struct sim *s, const struct alarms_event *e, bool late)
{
	const struct check *c;
	uint32_t i = e->object;

	if (e->number == EVENT_HOST_DOWN || e->number == EVENT_QUEUE_FULL || e->repeat)
		return;
	c = &s->plan->checks[i];
	if (c->alternative != 0 || c->group != 0)
		return;
	assert_false(s->blind[i]);
	assert_true(s->bad_since[i] >= 0);
	if (late && (!s->void_before[i] || e->suppressed))
		return;
	/* Whoever is blamed was seen to be at fault just now. */
	if (!late && e->alarm->stage != STAGE_MASKED &&
	    s->ms - s->last_bad[i] > FRESH_MS)
		fail_msg("after %ld ms, check %u was seen at fault last at %ld",
		    (long)s->ms, i, (long)s->last_bad[i]);
	if (!proved(s, i))
		fail_msg("after %ld ms, too early for check %u: bad for %d looks "
			 "since %ld",
		    (long)s->ms, i, s->bad_looks[i], (long)s->bad_since[i]);
	s->void_before[i] = false;
}

static void
host_told(const struct sim *s, uint32_t host, bool late)
{
	assert_false(muted(s, host, ALARMS_GONE));
	assert_int_equal(s->unseen, 0);
	assert_int_equal(alarms_host(s->book, host), HOST_UNREACHABLE);
	assert_int_equal(s->plan->hosts[host].local, alarms_isolated(s->book));
	if (late)
		return;
	assert_true(s->ms - s->down_since[host] >= s->plan->site->hold * 1000);
	if (s->ms - s->last_silent[host] > FRESH_MS + SLACK_MS)
		fail_msg("after %ld ms, host %u was seen silent last at %ld",
		    (long)s->ms, host, (long)s->last_silent[host]);
}

static void
on_raise(struct sim *s, const struct alarms_event *e, struct sim_alarm *al)
{
	uint32_t index = e->alarm->index;
	bool late = al->raised;

	assert_int_equal(e->number, 2 * e->alarm->type - 1);
	if (!al->raised) {
		assert_int_equal(index, s->last_index + 1);
		s->last_index = index;
		al->raised = true;
		al->type = e->alarm->type;
		al->object = e->object;
		assert_false(e->repeat);
	}
	assert_int_equal(al->type, e->alarm->type);
	assert_int_equal(al->object, e->object);
	assert_int_equal(e->repeat, al->told);
	memset(e->alarm->text, 0, sizeof(e->alarm->text));
	memcpy(e->alarm->text, "why", 3);
	check_proof(s, e, late);
	if (e->suppressed)
		return;
	assert_false(s->quiet);
	if (e->number != EVENT_HOST_DOWN && !e->repeat)
		check_told(s, e->object);
	al->told = true;
	if (e->repeat)
		return;
	if (e->number == EVENT_HOST_DOWN)
		host_told(s, e->object, late);
}

static void
on_event(void *arg, struct alarms_event *e)
{
	struct sim *s = arg;
	struct sim_alarm *al;

	assert_int_equal(e->seq, s->last_seq + 1);
	s->last_seq = e->seq;
	assert_int_equal(e->time, sim_now(s).wall);
	assert_in_range(e->alarm->index, 1, SIM_ALARMS - 1);
	assert_true(s->nevents < SIM_ALARMS);
	s->event[s->nevents++] = (struct sim_event){ e->number, e->alarm->index,
		e->object, e->suppressed, e->repeat, s->ms };
	al = &s->alarm[e->alarm->index];
	assert_false(al->cleared);
	if (e->raise) {
		on_raise(s, e, al);
		return;
	}
	/* The clear of one that was told is always sent, of another never. */
	assert_true(al->raised);
	assert_int_equal(e->number, 2 * e->alarm->type);
	assert_int_equal(e->suppressed, !al->told || s->quiet);
	assert_int_equal(e->alarm->notify_seq != 0, al->told);
	al->cleared = true;
}

static void
on_alarm(void *arg, const struct alarm_row *row)
{
	struct sim *s = arg;
	struct sim_alarm *al = &s->alarm[row->index];

	assert_true(al->raised && !al->cleared);
	assert_in_range(row->stage, STAGE_RAISED, STAGE_MUTED);
	assert_int_equal(row->notify_seq != 0, al->told);
	assert_true(al->seq == 0 || al->seq == row->notify_seq);
	al->seq = row->notify_seq;
	if (al->told)
		assert_int_equal(row->stage, STAGE_RAISED);
	assert_string_equal(row->text, "why");
	assert_in_range(row->severity, SEVERITY_WARNING, SEVERITY_CRITICAL);
	s->listed += !al->listed;
	al->listed = true;
}

static void
on_alarm_gone(void *arg, uint32_t index)
{
	struct sim *s = arg;

	assert_true(s->alarm[index].listed && s->alarm[index].cleared);
	s->alarm[index].listed = false;
	s->listed--;
}

static void
on_row(void *arg, uint32_t check, const struct alarms_view *view)
{
	struct sim *s = arg;

	s->view[check] = *view;
}

/* The host is back: what its ports seemed to be meanwhile says nothing. */
static void
host_back(struct sim *s, uint32_t host)
{
	for (uint32_t i = 0; i < s->plan->nchecks; i++) {
		if (s->plan->checks[i].host != host)
			continue;
		s->bad_since[i] = -1;
		s->bad_looks[i] = 0;
		s->confirmed[i] = false;
		s->void_before[i] = true;
	}
}

static void
on_host(void *arg, uint32_t host, enum host_state state, enum severity severity,
    uint32_t mute_until)
{
	struct sim *s = arg;

	/* The agent's own alarm may be one of an earlier process. */
	bool was = s->host_state[host] == HOST_UNREACHABLE ||
	           (s->host_alarm[host] && host != 0);
	bool is = state == HOST_UNREACHABLE ||
	          (severity != SEVERITY_CLEARED && host != 0);

	(void)mute_until;
	if (state == HOST_UNREACHABLE && s->host_state[host] != HOST_UNREACHABLE)
		s->down_since[host] = s->ms;
	if (was && !is && host != 0)
		host_back(s, host);
	for (uint32_t h = 1; was && !is && host == 0 && h < s->plan->nhosts; h++)
		host_back(s, h);
	s->host_alarm[host] = severity != SEVERITY_CLEARED;
	s->host_state[host] = (uint8_t)state;
	assert_int_equal(
	    severity != SEVERITY_CLEARED, sim_active(s, ALARM_HOST_DOWN, host) != 0);
}

static void
on_reprobe(void *arg, uint32_t host)
{
	struct sim *s = arg;
	const struct plan_host *h = &s->plan->hosts[host];

	s->reprobes++;
	for (uint32_t k = h->first_endpoint; k < h->first_endpoint + h->nendpoints; k++)
		if (alarms_wants_probe(s->book, k))
			s->next[k] = s->ms;
}

static const struct alarms_ops ops = {
	.row = on_row,
	.event = on_event,
	.alarm = on_alarm,
	.alarm_gone = on_alarm_gone,
	.host = on_host,
	.reprobe = on_reprobe,
};

static bool
same_view(const struct alarms_view *a, const struct alarms_view *b)
{
	return a->verdict == b->verdict && a->severity == b->severity &&
	       a->stage == b->stage && a->reason == b->reason && a->error == b->error &&
	       a->flags == b->flags && a->other == b->other;
}

/* Every change was reported: what was said last is what there is. */
static void
assert_nothing_unsaid(const struct sim *s)
{
	uint32_t muted_rows = 0;

	for (uint32_t i = 0; i < s->plan->nchecks; i++) {
		struct alarms_view v;

		alarms_view(s->book, i, &v);
		assert_true(same_view(&v, &s->view[i]));
		assert_int_equal(
		    (v.flags & ROW_MUTED) != 0, muted(s, s->plan->checks[i].host, i));
		assert_int_equal((v.flags & ROW_DISABLED) != 0, s->disabled[i]);
		muted_rows += (v.flags & ROW_MUTED) != 0;
	}
	for (uint32_t h = 0; h < s->plan->nhosts; h++)
		assert_int_equal(s->host_state[h], alarms_host(s->book, h));
	assert_int_equal(s->listed, alarms_count(s->book));
	assert_int_equal(muted_rows, alarms_muted_rows(s->book));
	assert_true(mono_before(sim_now(s).mono, alarms_next(s->book)));
}

/* ---- the watchers */

static struct sight
sight_of(enum truth t)
{
	switch (t) {
	case TRUTH_OPEN:
		return (struct sight){ CONNECT_OPEN, REASON_TLS_OK, 0 };
	case TRUTH_PLAIN:
		return (struct sight){ CONNECT_OPEN, REASON_TLS_PLAIN, 0 };
	case TRUTH_REFUSED:
		return (struct sight){ CONNECT_CLOSED, REASON_REFUSED, ECONNREFUSED };
	case TRUTH_SILENT:
		return (struct sight){ CONNECT_FILTERED, REASON_TIMEOUT, ETIMEDOUT };
	case TRUTH_BLIND:
		break;
	}
	return (struct sight){ CONNECT_NAME_ERROR, REASON_NAME, 0 };
}

static enum truth
look(const struct sim *s, uint32_t endpoint)
{
	enum truth t = s->port[endpoint];

	if (t != TRUTH_BLIND &&
	    (s->cut_off || s->host_down[s->plan->endpoints[endpoint].host]))
		return TRUTH_SILENT;
	return t;
}

/* Keeps the test's own account of what a row was seen to be. */
static void
account(struct sim *s, uint32_t check, bool bad, bool blind, bool no_answer)
{
	bool local = s->plan->hosts[s->plan->checks[check].host].local;

	s->blind[check] = blind;
	if (blind)
		return;
	s->no_answer[check] = no_answer;
	if (!bad) {
		s->bad_since[check] = -1;
		s->bad_looks[check] = 0;
		s->confirmed[check] = false;
		return;
	}
	if (s->bad_since[check] < 0)
		s->bad_since[check] = s->ms;
	s->last_bad[check] = s->ms;
	s->bad_looks[check]++;
	if (s->bad_looks[check] >= (local ? 1 : no_answer ? 5 : 2))
		s->confirmed[check] = true;
}

static bool
wants_closed(const struct check *c)
{
	return c->expected == EXPECTED_CLOSED || c->expected == EXPECTED_LOCAL;
}

static bool
is_bad(const struct check *c, enum truth t)
{
	bool open = t == TRUTH_OPEN || t == TRUTH_PLAIN;

	switch (c->expected) {
	case EXPECTED_REQUIRED:
	case EXPECTED_RECOMMENDED:
		return !open || (t == TRUTH_PLAIN && (c->flags & CHECK_TLS) != 0);
	case EXPECTED_CLOSED:
	case EXPECTED_LOCAL:
		return open;
	default:
		return false;
	}
}

static void
probe_ended(struct sim *s, uint32_t e)
{
	const struct endpoint *ep = &s->plan->endpoints[e];
	enum truth t = s->found[e];
	bool udp = s->plan->specs[ep->spec].protocol == PROTO_UDP;
	struct sight sight = sight_of(t);
	struct mono again = MONO_NEVER;

	if (udp && t == TRUTH_SILENT)
		sight = (struct sight){ CONNECT_OPEN_OR_FILTERED, REASON_SILENT, 0 };
	s->ends[e] = 0;
	if (t == TRUTH_SILENT && !udp)
		s->last_silent[0] = s->last_silent[ep->host] = s->ms;
	alarms_answer(s->book, e,
	    t == TRUTH_BLIND || (udp && t == TRUTH_SILENT) ? ANSWER_BLIND
	    : t == TRUTH_SILENT                            ? ANSWER_NO
							   : ANSWER_YES,
	    sim_now(s));
	for (uint32_t k = 0; k < ep->nchecks; k++) {
		uint32_t i = s->plan->probe_checks[ep->first_check + k];
		const struct check *c = &s->plan->checks[i];

		if (s->disabled[i])
			continue;
		/* Of an open port that must be closed one silence says nothing. */
		bool vague = t == TRUTH_SILENT && wants_closed(c) &&
		             s->view[i].stage >= STAGE_RAISED;

		account(s, i, is_bad(c, t) && !(udp && t == TRUTH_SILENT),
		    t == TRUTH_BLIND || vague || alarms_isolated(s->book),
		    t == TRUTH_SILENT);
		alarms_connect(s->book, i, sight, sim_now(s));
		if (vague && s->view[i].stage == STAGE_NONE)
			account(s, i, false, false, true);
		again = mono_min(again, alarms_look(s->book, i, sim_now(s).mono));
	}
	s->next[e] = s->ms + (int64_t)ep->interval * 1000;
	if (!mono_is_never(again) && again.ns / 1000000 < s->next[e])
		s->next[e] = again.ns / 1000000 > s->ms + 1000 ? again.ns / 1000000
		                                               : s->ms + 1000;
	if (!s->looked[e]) {
		s->looked[e] = true;
		if (--s->unseen == 0)
			alarms_first_remote(s->book, sim_now(s));
	}
}

static void
probe(struct sim *s)
{
	for (uint32_t e = 0; e < s->plan->nendpoints; e++) {
		if (s->ends[e] == 0 && s->ms >= s->next[e]) {
			s->found[e] = look(s, e);
			s->ends[e] = s->ms +
			             (s->found[e] == TRUTH_SILENT ? TIMEOUT_MS : 1);
		}
		if (s->ends[e] != 0 && s->ms + 1 >= s->ends[e])
			probe_ended(s, e);
	}
}

static bool
listen_bad(const struct check *c, enum listen_state l)
{
	if (c->expected == EXPECTED_LOCAL)
		return l == LISTEN_LISTENING ||
		       ((c->flags & CHECK_LOCAL_REQUIRED) != 0 && l == LISTEN_NOT);
	if (c->expected == EXPECTED_CLOSED)
		return l != LISTEN_NOT;
	return (c->expected == EXPECTED_REQUIRED ||
		   c->expected == EXPECTED_RECOMMENDED) &&
	       l != LISTEN_LISTENING;
}

static void
dump(struct sim *s)
{
	for (uint32_t i = 0; i < s->plan->nchecks; i++) {
		const struct check *c = &s->plan->checks[i];
		enum listen_state l = s->no_netlink ? LISTEN_UNKNOWN
		                                    : (enum listen_state)s->listen[i];
		struct sight sight = { (uint8_t)l, REASON_LISTENING, 0 };

		if ((c->flags & CHECK_LISTEN) == 0)
			continue;
		if (!s->disabled[i])
			account(s, i, listen_bad(c, l), l == LISTEN_UNKNOWN, false);
		alarms_listen(
		    s->book, i, sight, s->full[i] && l == LISTEN_LISTENING, sim_now(s));
	}
	if (!s->seen_local) {
		s->seen_local = true;
		alarms_first_local(s->book, sim_now(s));
	}
}

static void
tick(struct sim *s)
{
	alarms_tick(s->book, sim_now(s));
	for (uint32_t i = 0; i < s->plan->nchecks; i++)
		s->void_before[i] = s->void_before[i] && !proved(s, i);
}

void
sim_step(struct sim *s)
{
	s->ms += STEP_MS;
	tick(s);
	probe(s);
	if (s->ms >= s->next_dump) {
		s->next_dump = s->ms + 1000;
		dump(s);
	}
	tick(s);
	assert_nothing_unsaid(s);
}

void
sim_run(struct sim *s, int seconds)
{
	for (int i = 0; i < seconds * 1000 / STEP_MS; i++)
		sim_step(s);
}

/* ---- the world */

static uint8_t
right_listen(const struct check *c)
{
	switch (c->expected) {
	case EXPECTED_LOCAL:
		return LISTEN_LOOPBACK;
	case EXPECTED_CLOSED:
		return LISTEN_NOT;
	default:
		return LISTEN_LISTENING;
	}
}

static enum truth
right_port(const struct sim *s, uint32_t endpoint)
{
	const struct endpoint *ep = &s->plan->endpoints[endpoint];
	uint32_t i = s->plan->probe_checks[ep->first_check];
	const struct check *c = &s->plan->checks[i];

	return wants_closed(c) ? TRUTH_REFUSED : TRUTH_OPEN;
}

static void
mute_rest(struct sim *s)
{
	s->mute_agent = 0;
	alarms_mute_agent(s->book, 0, sim_now(s));
	for (uint32_t h = 0; h < s->plan->nhosts; h++) {
		s->mute_host[h] = 0;
		alarms_mute_host(s->book, h, 0, sim_now(s));
		s->standby[h] = false;
		alarms_standby(s->book, h, false, sim_now(s));
	}
	for (uint32_t i = 0; i < s->plan->nchecks; i++) {
		s->mute_check[i] = 0;
		alarms_mute_check(s->book, i, 0, sim_now(s));
		s->disabled[i] = false;
		alarms_disable(s->book, i, false, sim_now(s));
	}
	s->quiet = false;
	alarms_notify(s->book, true, sim_now(s));
}

void
sim_heal(struct sim *s)
{
	for (uint32_t e = 0; e < s->plan->nendpoints; e++)
		s->port[e] = right_port(s, e);
	for (uint32_t i = 0; i < s->plan->nchecks; i++) {
		s->listen[i] = right_listen(&s->plan->checks[i]);
		s->full[i] = false;
	}
	memset(s->host_down, 0, sizeof(s->host_down));
	s->cut_off = s->no_netlink = false;
	mute_rest(s);
}

static uint32_t
dice(struct sim *s, uint32_t n)
{
	return (uint32_t)rand_r(&s->seed) % n;
}

static void
forget(struct sim *s, uint32_t check)
{
	s->bad_since[check] = -1;
	s->bad_looks[check] = 0;
	s->confirmed[check] = false;
	s->blind[check] = true;
}

static void
disturb_orders(struct sim *s)
{
	uint32_t until = dice(s, 3) == 0 ? 0 : wall_s(s) + dice(s, 60);
	uint32_t h = dice(s, s->plan->nhosts);
	uint32_t i = dice(s, s->plan->nchecks);

	switch (dice(s, 8)) {
	case 0:
		s->mute_agent = until;
		alarms_mute_agent(s->book, until, sim_now(s));
		break;
	case 1:
	case 2:
		s->mute_host[h] = until;
		alarms_mute_host(s->book, h, until, sim_now(s));
		break;
	case 3:
	case 4:
		s->mute_check[i] = until;
		alarms_mute_check(s->book, i, until, sim_now(s));
		break;
	case 5:
		s->quiet = !s->quiet;
		alarms_notify(s->book, !s->quiet, sim_now(s));
		break;
	case 6:
		s->disabled[i] = !s->disabled[i];
		forget(s, i);
		alarms_disable(s->book, i, s->disabled[i], sim_now(s));
		break;
	default:
		s->standby[h] = !s->standby[h];
		for (uint32_t k = 0; k < s->plan->nchecks; k++)
			if (s->plan->checks[k].host == h)
				forget(s, k);
		alarms_standby(s->book, h, s->standby[h], sim_now(s));
		break;
	}
}

void
sim_disturb(struct sim *s)
{
	static const enum truth truths[] = { TRUTH_OPEN, TRUTH_OPEN, TRUTH_OPEN,
		TRUTH_REFUSED, TRUTH_REFUSED, TRUTH_SILENT, TRUTH_BLIND, TRUTH_PLAIN };
	static const uint8_t listens[] = { LISTEN_LISTENING, LISTEN_LISTENING,
		LISTEN_NOT, LISTEN_NOT, LISTEN_LOOPBACK };
	uint32_t i = dice(s, s->plan->nchecks);

	switch (dice(s, 40)) {
	case 0:
	case 1:
		s->port[dice(s, s->plan->nendpoints)] = truths[dice(s, 8)];
		break;
	case 2:
	case 3:
		s->listen[i] = listens[dice(s, 5)];
		break;
	case 4:
		s->full[i] = !s->full[i];
		break;
	case 5:
		i = dice(s, s->plan->nhosts);
		s->host_down[i] = i != 0 && !s->host_down[i];
		break;
	case 6:
		s->cut_off = dice(s, 3) == 0;
		break;
	case 7:
		s->no_netlink = dice(s, 3) == 0;
		break;
	case 8:
		disturb_orders(s);
		break;
	default:
		break;
	}
}

/* ---- life */

static void
start(struct sim *s)
{
	s->unseen = s->plan->nendpoints;
	s->seen_local = false;
	memset(s->looked, 0, sizeof(s->looked));
}

struct sim *
sim_new(const char *services, const char *site, unsigned seed)
{
	struct sim *s = mem_new(struct sim);

	s->plan = planfix(services, site);
	assert_true(s->plan->nchecks <= SIM_MAX && s->plan->nendpoints <= SIM_MAX);
	s->seed = seed;
	s->book = alarms_new(s->plan, &ops, s, sim_now(s));
	alarms_publish(s->book);
	for (uint32_t i = 0; i < SIM_MAX; i++)
		forget(s, i);
	for (uint32_t e = 0; e < s->plan->nendpoints; e++)
		s->next[e] = dice(s, 10000);
	start(s);
	sim_heal(s);
	return s;
}

void
sim_free(struct sim *s)
{
	alarms_free(s->book);
	plan_unref(s->plan);
	free(s);
}

void
sim_restart(struct sim *s)
{
	uint32_t n = alarms_count(s->book);
	struct alarm_saved *v = mem_array(struct alarm_saved, n);
	struct mute_saved *mutes;
	uint32_t nmutes = alarms_export_mutes(s->book, &mutes);
	uint32_t seq = alarms_seq_next(s->book), index = alarms_index_next(s->book);

	for (uint32_t i = 0; i < n; i++)
		alarms_export(s->book, i, &v[i]);
	alarms_free(s->book);
	s->book = alarms_new(s->plan, &ops, s, sim_now(s));
	alarms_reserve_seq(s->book, seq, 100);
	alarms_reserve_index(s->book, index, 100);
	start(s);
	/* What SET changed is lost. */
	memset(s->disabled, 0, sizeof(s->disabled));
	memset(s->standby, 0, sizeof(s->standby));
	s->quiet = false;
	for (uint32_t i = 0; i < SIM_MAX; i++) {
		forget(s, i);
		s->void_before[i] = true;
	}
	alarms_import(s->book, v, n, mutes, nmutes, sim_now(s));
	alarms_publish(s->book);
	free(v);
	free(mutes);
}

void
sim_reload(struct sim *s, const char *services, const char *site)
{
	struct plan *old = s->plan;

	s->plan = planfix(services, site);
	alarms_replan(s->book, s->plan, sim_now(s));
	plan_unref(old);
}

uint32_t
sim_check(const struct sim *s, const char *name)
{
	long i = plan_find_name(s->plan, name);

	if (i < 0)
		fail_msg("no check %s", name);
	return (uint32_t)i;
}

uint32_t
sim_host(const struct sim *s, const char *name)
{
	for (uint32_t h = 0; h < s->plan->nhosts; h++)
		if (strcmp(s->plan->hosts[h].name, name) == 0)
			return h;
	fail_msg("no host %s", name);
	return 0;
}

void
sim_port(struct sim *s, const char *check, enum truth truth)
{
	const struct check *c = &s->plan->checks[sim_check(s, check)];

	assert_true(c->nprobes > 0);
	s->port[s->plan->check_probes[c->first_probe]] = truth;
}

unsigned
sim_count(const struct sim *s, uint32_t from, enum event_number number, uint32_t object)
{
	unsigned n = 0;

	for (uint32_t i = from; i < s->nevents; i++)
		n += s->event[i].number == number && s->event[i].object == object &&
		     !s->event[i].suppressed;
	return n;
}

uint32_t
sim_active(const struct sim *s, enum alarm_type type, uint32_t object)
{
	for (uint32_t i = 1; i <= s->last_index; i++)
		if (s->alarm[i].raised && !s->alarm[i].cleared &&
		    s->alarm[i].type == type && s->alarm[i].object == object)
			return i;
	return 0;
}
