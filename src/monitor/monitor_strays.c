#include "monitor/monitor.h"
#include "monitor/monitor_priv.h"

#include <stdio.h>
#include <string.h>

#include "monitor/alarmsave.h"
#include "publish/feed.h"
#include "journal/journal.h"
#include "listen/owner.h"
#include "publish/rowindex.h"
#include "base/utf8.h"

/* One that was gone before it was seen again in this life: what the raise said. */
static void
said_owner(const struct stray *s, char *buf, size_t size)
{
	const char *said = strstr(s->text, "(owner ");

	if (said == NULL)
		return;
	snprintf(buf, size, "%s", said + strlen("(owner "));
	buf[strcspn(buf, ")")] = '\0';
}

static struct event
stray_event(struct monitor *m, const struct stray *s, bool raise)
{
	struct event ev = {
		.seq = alarms_take_seq(m->alarms),
		.time = monitor_now(m).wall,
		.number = raise ? EVENT_UNDOCUMENTED_OPEN : EVENT_UNDOCUMENTED_GONE,
		.severity = raise ? SEVERITY_WARNING : SEVERITY_CLEARED,
		.suppressed = !alarms_notifying(m->alarms),
		.alarm_index = s->alarm,
		.scope = addr_is_any(&s->listener.addr)
		             ? 1
		             : 2, /* anyAddress, oneAddress */
	};
	char room[OWNER_MAX];
	char text[640];

	snprintf(ev.object, sizeof(ev.object), "%s", s->name);
	ev.index_len = (uint8_t)rowindex_listener(&s->listener, ev.index);
	if (s->listener.sockets == 0)
		said_owner(s, ev.owner, sizeof(ev.owner));
	else
		snprintf(ev.owner, sizeof(ev.owner), "%s",
		    owner_name(m->owner, s->listener.cgroup, s->listener.uid, room));
	snprintf(text, sizeof(text), "%s undocumented %s on %s: %s (owner %s)",
	    raise ? "RAISE" : "CLEAR", ev.object, m->plan->local_name,
	    raise ? "no loaded document mentions this listener"
		  : "it no longer listens",
	    ev.owner);
	memcpy(ev.message, text, utf8_cut(text, sizeof(ev.message) - 1));
	return ev;
}

static struct alarm_row
stray_row(const struct stray *s)
{
	struct alarm_row row = { .index = s->alarm,
		.type = ALARM_UNDOCUMENTED,
		.severity = SEVERITY_WARNING,
		.stage = STAGE_RAISED,
		.listener = s->listener,
		.notify_seq = s->seq,
		.since = s->since_wall };

	memcpy(row.text, s->text, sizeof(row.text));
	return row;
}

static void
on_raise(void *arg, struct stray *s)
{
	struct monitor *m = arg;
	struct alarm_row row;
	struct event ev;

	s->alarm = alarms_take_index(m->alarms);
	listeners_name(&s->listener, s->name);
	ev = stray_event(m, s, true);
	s->seq = ev.seq;
	memcpy(s->text, ev.message, sizeof(s->text));
	journal_hold(m->cfg.journal);
	monitor_record(m, &ev);
	row = stray_row(s);
	alarmsave_put_stray(m->cfg.journal, s);
	journal_release(m->cfg.journal);
	feed_alarm(m->cfg.feed, &row);
}

static void
on_clear(void *arg, const struct stray *s)
{
	struct monitor *m = arg;
	struct event ev = stray_event(m, s, false);

	journal_hold(m->cfg.journal);
	monitor_record(m, &ev);
	alarmsave_drop(m->cfg.journal, s->alarm);
	journal_release(m->cfg.journal);
	feed_alarm_gone(m->cfg.feed, s->alarm);
}

const struct strays_ops monitor_stray_ops = { .raise = on_raise, .clear = on_clear };

void
monitor_strays(struct monitor *m, const struct listener_table *t, struct instant now)
{
	const struct site *site = m->plan->site;
	struct strays_rule rule = {
		/* Without roles nothing says what this host documents. */
		.notify = site->undocumented.notify && m->plan->roles_here,
		.quiet = alarms_agent_mute(m->alarms) != 0 ||
		         !alarms_notifying(m->alarms) || m->hosts[0].mute_until != 0,
		.hold = (uint32_t)site->hold,
		.ignore = site->undocumented.ignore,
		.nignore = site->undocumented.nignore,
	};
	uint32_t n = 0;

	/* What is counted does not depend on whether it is told. */
	for (uint32_t i = 0; i < t->n; i++)
		n += t->v[i].services == 0;
	m->sys.undocumented = n;
	if (m->cfg.journal != NULL)
		strays_look(m->strays, t, &rule, now.mono, now.wall);
}

/* The table of alarms is made anew with a new plan. */
void
monitor_strays_publish(struct monitor *m)
{
	for (size_t i = 0; i < strays_count(m->strays); i++) {
		struct alarm_row row = stray_row(strays_at(m->strays, i));

		if (row.index != 0)
			feed_alarm(m->cfg.feed, &row);
	}
}
