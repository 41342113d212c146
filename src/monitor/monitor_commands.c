#include "monitor/monitor.h"
#include "monitor/monitor_priv.h"

#include <fnmatch.h>
#include <stdio.h>

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

/* Applies a mute and keeps it; false when its row is not in the plan. */
static bool
mute(struct monitor *m, const struct mute_saved *mute)
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
	if (m->cfg.journal != NULL)
		alarmsave_mute(m->cfg.journal, mute);
	return true;
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

static void
carry_out(struct monitor *m, const struct command *c)
{
	struct mute_saved saved = { c->catalogue, c->service, c->host, c->value };

	log_info("command", "by SNMP: %s, value %u, row %u.%u.%u",
	    (const char *const[]){ "notify enable", "mute", "heartbeat interval",
		"probe now", "admin status" }[c->kind],
	    c->value, c->catalogue, c->service, c->host);
	switch (c->kind) {
	case COMMAND_NOTIFY_ENABLE:
		m->sys.notify_enable = c->value != 0;
		alarms_notify(m->alarms, c->value != 0, monitor_now(m));
		break;
	case COMMAND_MUTE:
		(void)mute(m, &saved);
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

static void
mute_host(struct monitor *m, uint32_t host, uint32_t until)
{
	struct mute_saved saved = { 0, 0, m->plan->hosts[host].number, until };

	(void)mute(m, &saved);
}

static void
mute_checks(struct monitor *m, const struct site_mute *sm, uint32_t until)
{
	const struct plan *p = m->plan;
	char name[PLAN_NAME_MAX];

	for (uint32_t i = 0; i < p->nchecks; i++) {
		const struct check *c = &p->checks[i];
		struct mute_saved saved = { p->cats[c->cat].number,
			plan_service(p, c)->number, p->hosts[c->host].number, until };

		snprintf(name, sizeof(name), "%s/%s", p->cats[c->cat].name,
		    plan_service(p, c)->name);
		if (fnmatch(sm->service, name, 0) == 0 &&
		    fnmatch(sm->host, p->hosts[c->host].name, 0) == 0)
			(void)mute(m, &saved);
	}
}

void
monitor_site_mutes(struct monitor *m)
{
	const struct site *site = m->plan->site;
	wall_t now = monitor_now(m).wall;

	for (size_t k = 0; k < site->nmutes; k++) {
		const struct site_mute *sm = &site->mutes[k];
		uint32_t until = (uint32_t)(sm->until / 1000);

		if (sm->until <= now)
			continue;
		if (sm->service[0] != '\0') {
			mute_checks(m, sm, until);
			continue;
		}
		for (uint32_t i = 0; i < m->plan->nhosts; i++) {
			if (fnmatch(sm->host, m->plan->hosts[i].name, 0) == 0)
				mute_host(m, i, until);
		}
	}
}
