#include "monitor/monitor.h"
#include "monitor/monitor_priv.h"

#include <stdio.h>
#include <string.h>

#include "monitor/alarmsave.h"
#include "publish/feed.h"
#include "journal/journal.h"
#include "base/log.h"
#include "publish/rowtext.h"
#include "base/utf8.h"

#define INVENTORY_GAP_S 60 /* at most one inventory notification in that time */

static void
copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from);
}

/* ---- what an event says */

static void
fill_message(const struct monitor *m, struct event *ev, const char *verb,
    const char *reason, const struct plan_catalogue *pc, const struct service *s)
{
	char endpoint[160];
	struct event_words w = {
		.verb = verb,
		.what = types_alarm_verdict((enum alarm_type)((ev->number + 1) / 2)),
		.name = ev->object,
		.endpoint = endpoint,
		.host = ev->host,
		.observer = m->plan->local_name,
		.reason = reason,
		.title = pc->cat->title,
		.section = s->section,
		.line = s->line,
	};

	snprintf(endpoint, sizeof(endpoint), "%s%s%s",
	    types_proto((enum proto)ev->protocol), ev->ports[0] != '\0' ? "/" : "",
	    ev->ports);
	event_message(&w, ev->message);
}

/* Whether it listens is not what an event about its queue is about. */
static void
queue_reason(const struct row *row, bool full, char *buf, size_t size)
{
	if (full)
		snprintf(buf, size,
		    "a socket listens on it, but its accept queue stays full "
		    "(%u wait, limit %u)",
		    row->queue, row->queue_limit);
	else
		snprintf(buf, size, "its accept queue is no longer full");
}

static void
fill_check(const struct monitor *m, struct event *ev, uint32_t check, const char *verb)
{
	const struct plan *p = m->plan;
	const struct check *c = &p->checks[check];
	const struct plan_catalogue *pc = &p->cats[c->cat];
	const struct service *s = plan_service(p, c);
	struct row row = m->rows[check];
	struct alarms_view view;
	char reason[512];

	/* The book is ahead of the row: it calls for the event first. */
	alarms_view(m->alarms, check, &view);
	row.verdict = view.verdict;
	row.reason = view.reason;
	row.error = view.error;
	row.other = view.other;
	ev->index_len = 3;
	ev->index[0] = pc->number;
	ev->index[1] = s->number;
	ev->index[2] = p->hosts[c->host].number;
	plan_check_name(p, c, ev->object);
	copy(ev->catalogue, sizeof(ev->catalogue), pc->name);
	copy(ev->service, sizeof(ev->service), s->name);
	copy(ev->host, sizeof(ev->host), p->hosts[c->host].name);
	portset_format(&c->ports, ev->ports, sizeof(ev->ports));
	ev->protocol = (uint8_t)s->protocol;
	ev->expected = c->expected;
	ev->listen = row.listen;
	ev->connect = row.connect;
	ev->verdict = row.verdict;
	ev->last_change = m->rows[check].verdict == row.verdict ? row.last_change
	                                                        : ev->time;
	if (ev->number == EVENT_QUEUE_FULL || ev->number == EVENT_QUEUE_DRAINED)
		queue_reason(
		    &row, ev->number == EVENT_QUEUE_FULL, reason, sizeof(reason));
	else
		rowtext_why(p, check, &row, reason, sizeof(reason));
	fill_message(m, ev, verb, reason, pc, s);
}

/* The row is no more: what was saved of it speaks. */
static void
fill_gone(const struct monitor *m, struct event *ev, const struct alarm_saved *gone,
    const char *verb)
{
	const char *cited;
	char text[1024];

	copy(ev->catalogue, sizeof(ev->catalogue), gone->catalogue_name);
	copy(ev->service, sizeof(ev->service), gone->service_name);
	copy(ev->host, sizeof(ev->host), gone->host_name);
	copy(ev->ports, sizeof(ev->ports), gone->ports);
	ev->last_change = ev->time;
	if (gone->catalogue == 0) {
		copy(ev->object, sizeof(ev->object), gone->host_name);
		ev->index_len = 1;
		ev->index[0] = gone->host;
		ev->host_state = HOST_UNKNOWN;
		snprintf(ev->message, sizeof(ev->message),
		    "%s hostDown %s seen from %s: no longer checked", verb,
		    gone->host_name, m->plan->local_name);
		return;
	}
	snprintf(ev->object, sizeof(ev->object), "%s/%s@%s", gone->catalogue_name,
	    gone->service_name, gone->host_name);
	ev->index_len = 3;
	ev->index[0] = gone->catalogue;
	ev->index[1] = gone->service;
	ev->index[2] = gone->host;
	ev->protocol = gone->protocol;
	ev->expected = gone->expected;
	ev->listen = LISTEN_NA;
	ev->connect = CONNECT_NA;
	ev->verdict = VERDICT_NOT_EVALUATED;
	/* The document may be gone as well: the raise has cited it. */
	cited = strrchr(gone->text, '[');
	snprintf(text, sizeof(text),
	    "%s %s %s %s%s%s on %s seen from %s: no longer checked%s%s", verb,
	    types_alarm_verdict((enum alarm_type)gone->type), ev->object,
	    types_proto((enum proto)ev->protocol), ev->ports[0] != '\0' ? "/" : "",
	    ev->ports, ev->host, m->plan->local_name, cited != NULL ? " " : "",
	    cited != NULL ? cited : "");
	memcpy(ev->message, text, utf8_cut(text, sizeof(ev->message) - 1));
}

static void
fill_host(const struct monitor *m, struct event *ev, uint32_t host, bool raise)
{
	const struct plan_host *h = &m->plan->hosts[host];
	const char *why = "answers again";

	if (raise)
		why = h->local ? "this agent is cut off: no host answers it"
		               : "no probe of it is answered; its ports are masked";
	else if (h->local)
		why = "this agent reaches hosts again";
	copy(ev->object, sizeof(ev->object), h->name);
	copy(ev->host, sizeof(ev->host), h->name);
	ev->index_len = 1;
	ev->index[0] = h->number;
	addr_format(&m->hosts[host].addr, ev->addr_text);
	ev->host_state = (uint8_t)alarms_host(m->alarms, host);
	ev->checks = m->sums[host].checks;
	ev->deviations = m->sums[host].deviations;
	ev->last_change = m->hosts[host].state == ev->host_state
	                      ? m->hosts[host].last_change
	                      : ev->time;
	snprintf(ev->message, sizeof(ev->message),
	    "%s hostDown %s%s%s seen from %s: %s", raise ? "RAISE" : "CLEAR", h->name,
	    ev->addr_text[0] != '\0' ? " " : "", ev->addr_text, m->plan->local_name,
	    why);
}

void
monitor_record(struct monitor *m, const struct event *ev)
{
	bool room;

	if (m->cfg.journal == NULL) /* one look tells no one */
		return;
	room = journal_event(m->cfg.journal, ev);
	if (!room)
		m->dropped++;
	log_info(
	    "alarm", "%s%s", ev->suppressed || !room ? "(not sent) " : "", ev->message);
}

/* ---- what the book calls */

static void
on_event(void *arg, struct alarms_event *e)
{
	struct monitor *m = arg;
	const char *verb = e->raise ? "RAISE" : "CLEAR";
	struct event ev = {
		.seq = e->seq,
		.time = e->time,
		.number = (uint8_t)e->number,
		.suppressed = e->suppressed,
		.alarm_index = e->alarm->index,
		.severity = e->raise ? e->alarm->severity : SEVERITY_CLEARED,
	};

	if (e->object == ALARMS_GONE)
		fill_gone(m, &ev, e->gone, verb);
	else if (event_kind(e->number) == EVENT_KIND_HOST)
		fill_host(m, &ev, e->object, e->raise);
	else
		fill_check(m, &ev, e->object, verb);
	if (e->raise)
		copy(e->alarm->text, sizeof(e->alarm->text), ev.message);
	/* Kept together with what becomes of the alarm, which comes next. */
	if (m->cfg.journal != NULL)
		journal_hold(m->cfg.journal);
	monitor_record(m, &ev);
}

static uint32_t
deviates(uint8_t verdict)
{
	return types_alarm_of((enum verdict)verdict) != ALARM_NONE;
}

static void
on_row(void *arg, uint32_t check, const struct alarms_view *view)
{
	struct monitor *m = arg;
	struct row *row = &m->rows[check];

	if (row->verdict != view->verdict) {
		struct host_sum *sum = &m->sums[m->plan->checks[check].host];

		sum->deviations -= deviates(row->verdict);
		sum->deviations += deviates(view->verdict);
		/* The first verdict of a row is no change of it. */
		if (row->reason != REASON_NOT_YET) {
			row->transitions++;
			row->last_change = monitor_now(m).wall;
		}
		row->verdict = view->verdict;
	}
	row->severity = view->severity;
	row->stage = view->stage;
	row->reason = view->reason;
	row->error = view->error;
	row->flags = (uint8_t)((row->flags & ROW_LATE) | view->flags);
	row->other = view->other;
	row->mute_until = alarms_check_mute(m->alarms, check);
	monitor_row_changed(m, check);
}

static void
on_alarm(void *arg, const struct alarm_row *alarm)
{
	struct monitor *m = arg;
	struct alarm_saved saved;

	if (m->cfg.feed == NULL)
		return;
	saved = alarms_save(m->plan, alarm);
	alarmsave_put(m->cfg.journal, &saved);
	journal_release(m->cfg.journal);
	feed_alarm(m->cfg.feed, alarm);
	loop_timer_set(m->flush, loop_now(m->cfg.loop));
}

static void
on_alarm_gone(void *arg, uint32_t index)
{
	struct monitor *m = arg;

	if (m->cfg.feed == NULL)
		return;
	alarmsave_drop(m->cfg.journal, index);
	journal_release(m->cfg.journal);
	feed_alarm_gone(m->cfg.feed, index);
	loop_timer_set(m->flush, loop_now(m->cfg.loop));
}

static void
on_host(void *arg, uint32_t host, enum host_state state, enum severity severity,
    uint32_t mute_until)
{
	struct monitor *m = arg;
	struct host_row *row = &m->hosts[host];

	if (row->state != state) {
		row->state = (uint8_t)state;
		row->last_change = monitor_now(m).wall;
	}
	row->severity = (uint8_t)severity;
	row->mute_until = mute_until;
	monitor_host_changed(m, host);
}

static void
on_reprobe(void *arg, uint32_t host)
{
	struct monitor *m = arg;
	const struct plan_host *h = &m->plan->hosts[host];

	for (uint32_t k = 0; k < h->nendpoints; k++) {
		if (alarms_wants_probe(m->alarms, h->first_endpoint + k))
			probe_engine_now(m->probes, h->first_endpoint + k);
	}
}

const struct alarms_ops monitor_alarm_ops = {
	.row = on_row,
	.event = on_event,
	.alarm = on_alarm,
	.alarm_gone = on_alarm_gone,
	.host = on_host,
	.reprobe = on_reprobe,
};

/* ---- events of the agent itself */

static struct event
agent_event(struct monitor *m, enum event_number number)
{
	size_t strays = strays_told(m->strays);
	struct event ev = {
		.seq = alarms_take_seq(m->alarms),
		.time = monitor_now(m).wall,
		.number = (uint8_t)number,
		.severity = SEVERITY_CLEARED,
		.suppressed = !alarms_notifying(m->alarms),
		.checks = m->plan->nchecks,
		.alarms = alarms_count(m->alarms) + (uint32_t)strays,
		.worst_severity = strays > 0 ? SEVERITY_WARNING : SEVERITY_CLEARED,
		.config_status = m->sys.config_status,
	};

	for (uint32_t i = 0; i < m->plan->nchecks; i++) {
		if (m->rows[i].severity > ev.worst_severity)
			ev.worst_severity = m->rows[i].severity;
		ev.closed_required += m->rows[i].verdict == VERDICT_CLOSED_REQUIRED;
	}
	for (uint32_t i = 0; i < m->plan->nhosts; i++) {
		if (m->hosts[i].severity > ev.worst_severity)
			ev.worst_severity = m->hosts[i].severity;
	}
	return ev;
}

void
monitor_heartbeat(struct monitor *m)
{
	struct event ev = agent_event(m, EVENT_HEARTBEAT);

	snprintf(ev.message, sizeof(ev.message),
	    "HEARTBEAT %s: %u checks, %u required ports closed, %u alarms",
	    m->plan->local_name, ev.checks, ev.closed_required, ev.alarms);
	monitor_record(m, &ev);
}

void
monitor_overflow(struct monitor *m)
{
	struct event ev = agent_event(m, EVENT_OVERFLOW);

	ev.severity = SEVERITY_MAJOR;
	ev.dropped = m->dropped;
	m->dropped = 0;
	snprintf(ev.message, sizeof(ev.message),
	    "OVERFLOW %s: %u notifications were not sent, the queue was full; walk "
	    "svcPortAlarmTable",
	    m->plan->local_name, ev.dropped);
	monitor_record(m, &ev);
}

void
monitor_inventory(struct monitor *m)
{
	struct mono now = loop_now(m->cfg.loop);
	struct event ev;

	if (m->last_inventory.ns != 0 &&
	    mono_before(now, mono_add_s(m->last_inventory, INVENTORY_GAP_S)))
		return;
	m->last_inventory = now;
	ev = agent_event(m, EVENT_INVENTORY);
	if (m->sys.config_status == CONFIG_FAILED)
		snprintf(ev.message, sizeof(ev.message),
		    "CONFIGURATION of %s not loaded, the one before stays in use: "
		    "%.*s",
		    m->plan->local_name, (int)utf8_cut(m->sys.config_text, 150),
		    m->sys.config_text);
	else
		snprintf(ev.message, sizeof(ev.message),
		    "%s of %s %s: %u checks on %u hosts",
		    m->rows_changed ? "INVENTORY" : "CONFIGURATION",
		    m->plan->local_name, m->rows_changed ? "changed" : "loaded again",
		    ev.checks, m->plan->nhosts);
	m->inventory_due = m->rows_changed = false;
	m->refusal_told = m->sys.config_status == CONFIG_FAILED;
	monitor_record(m, &ev);
}
