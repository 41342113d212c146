#include "monitor/monitor.h"
#include "monitor/monitor_priv.h"

#include <fnmatch.h>
#include <stdio.h>
#include <time.h>

#include "monitor/alarmsave.h"
#include "publish/feed.h"
#include "base/log.h"

/* The index of a host by its number, -1 when there is none. */
static long
find_host(const struct plan *p, unsigned number)
{
	for (uint32_t i = 0; i < p->nhosts; i++) {
		if (p->hosts[i].number == number)
			return (long)i;
	}
	return -1;
}

/* Applies a mute; false when its row is not in the plan. */
static bool
apply_mute(struct monitor *m, const struct mute_saved *mute)
{
	struct instant now = monitor_now(m);
	long i;

	if (mute->host == 0) {
		alarms_mute_agent(m->alarms, mute->until, now);
		m->sys.mute_until = alarms_agent_mute(m->alarms);
	} else if (mute->catalogue == 0) {
		i = find_host(m->plan, mute->host);
		if (i < 0)
			return false;
		alarms_mute_host(m->alarms, (uint32_t)i, mute->until, now);
	} else {
		i = plan_find(m->plan, mute->catalogue, mute->service, mute->host);
		if (i < 0)
			return false;
		alarms_mute_check(m->alarms, (uint32_t)i, mute->until, now);
	}
	return true;
}

/* Applies it and keeps it for the next life. */
static void
mute(struct monitor *m, const struct mute_saved *mute)
{
	if (apply_mute(m, mute) && m->cfg.journal != NULL)
		alarmsave_mute(m->cfg.journal, mute);
}

static void
admin(struct monitor *m, const struct command *c)
{
	long i = plan_find(m->plan, c->catalogue, c->service, c->host);

	if (i < 0)
		return;
	alarms_disable(m->alarms, (uint32_t)i, c->value == 0, monitor_now(m));
	monitor_enable_probes(m, (uint32_t)i);
}

/* What a command is about, as the alarms' lines name it. */
static void
name_object(const struct plan *p, const struct command *c, char *out, size_t size)
{
	char name[PLAN_NAME_MAX];
	long host = find_host(p, c->host);
	long i = plan_find(p, c->catalogue, c->service, c->host);

	if (c->host == 0)
		snprintf(out, size, "the whole agent");
	else if (c->catalogue == 0 && host >= 0)
		snprintf(out, size, "host %s", p->hosts[host].name);
	else if (i >= 0)
		snprintf(out, size, "%s", plan_check_name(p, &p->checks[i], name));
	else
		snprintf(out, size, "%u.%u.%u, which is gone", c->catalogue, c->service,
		    c->host);
}

static void
log_mute(const char *object, uint32_t until)
{
	char when[sizeof("2106-02-07T06:28:15Z")];
	time_t t = until;
	struct tm tm;

	if (until == 0) {
		log_info("command", "by SNMP: %s: not muted any more", object);
		return;
	}
	gmtime_r(&t, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	log_info("command", "by SNMP: %s: muted until %s", object, when);
}

/* Who reads the log wants to know what somebody has changed, not which number was set.
 */
static void
log_command(const struct plan *p, const struct command *c)
{
	char object[PLAN_NAME_MAX + 64];

	name_object(p, c, object, sizeof(object));
	switch (c->kind) {
	case COMMAND_NOTIFY_ENABLE:
		log_info("command", "by SNMP: notifications are %s",
		    c->value != 0 ? "sent" : "not sent any more");
		break;
	case COMMAND_MUTE:
		log_mute(object, c->value);
		break;
	case COMMAND_HEARTBEAT:
		if (c->value == 0)
			log_info("command", "by SNMP: no heartbeat");
		else
			log_info(
			    "command", "by SNMP: a heartbeat every %u s", c->value);
		break;
	case COMMAND_PROBE_NOW:
		log_info("command", "by SNMP: everything is looked at now");
		break;
	case COMMAND_ADMIN:
		log_info("command", "by SNMP: %s: %s", object,
		    c->value != 0 ? "enabled" : "disabled");
		break;
	}
}

static void
carry_out(struct monitor *m, const struct command *c)
{
	struct mute_saved saved = { c->catalogue, c->service, c->host, c->value };

	log_command(m->plan, c);
	switch (c->kind) {
	case COMMAND_NOTIFY_ENABLE:
		m->sys.notify_enable = c->value != 0;
		alarms_notify(m->alarms, c->value != 0, monitor_now(m));
		break;
	case COMMAND_MUTE:
		mute(m, &saved);
		break;
	case COMMAND_HEARTBEAT:
		m->sys.heartbeat = c->value;
		break;
	case COMMAND_PROBE_NOW:
		probe_engine_all_now(m->probes);
		listen_rescan(m->listen);
		break;
	case COMMAND_ADMIN:
		admin(m, c);
		break;
	}
	monitor_system_changed(m);
}

void
monitor_command(void *monitor, int fd, unsigned events)
{
	struct monitor *m = monitor;
	struct command c;

	(void)fd;
	(void)events;
	while (feed_command_next(m->cfg.feed, &c))
		carry_out(m, &c);
	monitor_set_tick(m);
}

/* ---- mutes that the site file states */

/* Seconds since 1970; what lies beyond 32 bits of them, in 2106, never comes. */
static uint32_t
to_seconds(wall_t t)
{
	return t / 1000 < UINT32_MAX ? (uint32_t)(t / 1000) : UINT32_MAX;
}

/* Until when, 0 for no mute: of the check, or of the host where there is none; the last
 * one that matches counts. */
static uint32_t
stated(const struct site *site, const struct plan *p, uint32_t host,
    const struct check *c, wall_t now)
{
	char name[PLAN_NAME_MAX] = "";
	uint32_t until = 0;

	if (c != NULL)
		snprintf(name, sizeof(name), "%s/%s", p->cats[c->cat].name,
		    plan_service(p, c)->name);
	for (size_t k = 0; k < site->nmutes; k++) {
		const struct site_mute *sm = &site->mutes[k];

		if (sm->until > now && (sm->service[0] != '\0') == (c != NULL) &&
		    (c == NULL || fnmatch(sm->service, name, 0) == 0) &&
		    fnmatch(sm->host, p->hosts[host].name, 0) == 0)
			until = to_seconds(sm->until);
	}
	return until;
}

/* Applies what the file states, which is not kept: the next life reads the file.  Or
 * ends what only the file before stated; what was set by SNMP stays. */
static void
follow(struct monitor *m, const struct site *old, uint32_t host, const struct check *c,
    uint32_t have)
{
	const struct plan *p = m->plan;
	wall_t now = monitor_now(m).wall;
	struct mute_saved saved = { 0, 0, p->hosts[host].number,
		stated(p->site, p, host, c, now) };

	if (c != NULL) {
		saved.catalogue = p->cats[c->cat].number;
		saved.service = plan_service(p, c)->number;
	}
	if (old == NULL && saved.until != 0)
		(void)apply_mute(m, &saved);
	else if (old != NULL && saved.until == 0 && have != 0 &&
		 have == stated(old, p, host, c, now))
		mute(m, &saved);
}

static void
follow_all(struct monitor *m, const struct site *old)
{
	const struct plan *p = m->plan;

	for (uint32_t i = 0; i < p->nchecks; i++)
		follow(m, old, p->checks[i].host, &p->checks[i],
		    alarms_check_mute(m->alarms, i));
	for (uint32_t i = 0; i < p->nhosts; i++)
		follow(m, old, i, NULL, m->hosts[i].mute_until);
}

/* First those that begin: a row that is muted before and after stays so. */
void
monitor_site_mutes(struct monitor *m, const struct site *old)
{
	if (m->plan->site->nmutes > 0)
		follow_all(m, NULL);
	if (old != NULL && old->nmutes > 0)
		follow_all(m, old);
}
