#include "monitor/monitor.h"
#include "monitor/monitor_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "publish/feed.h"
#include "base/mem.h"

/* Rows that stay keep what they are: states, times, counters. */
static void
carry_rows(const struct monitor *m, const struct plan *plan, struct row *rows,
    struct host_row *hosts)
{
	const struct plan *old = m->plan;

	for (uint32_t i = 0; i < plan->nchecks; i++) {
		const struct check *c = &plan->checks[i];
		long k = plan_find(old, plan->cats[c->cat].number,
		    plan_service(plan, c)->number, plan->hosts[c->host].number);
		uint8_t listen = rows[i].listen;
		uint8_t connect = rows[i].connect;

		if (k < 0)
			continue;
		rows[i] = m->rows[k];
		row_detail_ref(rows[i].detail);
		/* A source that came or went does not keep the other's state. */
		if (listen == LISTEN_NA || rows[i].listen == LISTEN_NA)
			rows[i].listen = listen;
		if (connect == CONNECT_NA || rows[i].connect == CONNECT_NA)
			rows[i].connect = connect;
	}
	for (uint32_t i = 0; i < plan->nhosts; i++) {
		for (uint32_t k = 0; k < old->nhosts; k++) {
			if (old->hosts[k].number == plan->hosts[i].number) {
				struct addr addr = hosts[i].addr;

				hosts[i] = m->hosts[k];
				if (addr.family != 0)
					hosts[i].addr = addr;
			}
		}
	}
}

static bool
probes_differ(const struct site *a, const struct site *b)
{
	return a->probe.concurrency != b->probe.concurrency ||
	       a->probe.per_host != b->probe.per_host ||
	       a->probe.rate != b->probe.rate ||
	       strcmp(a->probe.source, b->probe.source) != 0 ||
	       strcmp(a->probe.interface, b->probe.interface) != 0;
}

/* What is set when a watcher is made: it is made anew.  That costs what it has learnt,
 * and a first round. */
static void
reopen(struct monitor *m, const struct site *old)
{
	const struct site *site = m->plan->site;
	int error = 0;

	if (probes_differ(old, site))
		error = monitor_open_probes(m);
	if (error == 0 && (old->listen_interval != site->listen_interval ||
			      old->listener_interval != site->listener_interval))
		error = monitor_open_listen(m);
	if (error != 0)
		log_error(
		    "watch", "the new settings are not in force: %s", strerror(errno));
}

/* What the file says as before leaves what was set by SNMP. */
static void
follow_site(struct monitor *m, const struct site *old)
{
	const struct site *site = m->plan->site;

	if (site->heartbeat != old->heartbeat)
		m->sys.heartbeat = (uint32_t)site->heartbeat;
	if (site->notify_enable == old->notify_enable)
		return;
	m->sys.notify_enable = site->notify_enable;
	alarms_notify(m->alarms, site->notify_enable, monitor_now(m));
}

void
monitor_set_plan(struct monitor *m, struct plan *plan)
{
	struct row *rows = mem_array(struct row, plan->nchecks);
	struct row *old_rows = m->rows;
	struct plan *old = m->plan;
	struct host_row *hosts = monitor_hosts_new(m, plan);

	if (!plan_same_rows(old, plan))
		m->inventory_due = m->rows_changed = true;
	monitor_rows_new(m, plan, rows);
	carry_rows(m, plan, rows, hosts);
	free(m->hosts);
	free(m->sums);
	free(m->sightings);
	m->sums = monitor_sums_new(plan, rows);
	m->rows = rows;
	m->hosts = hosts;
	m->plan = plan_ref(plan);
	reopen(m, old->site);
	probe_engine_set_plan(m->probes, plan);
	feed_plan(m->cfg.feed, plan, rows, hosts);
	alarms_replan(m->alarms, plan, monitor_now(m));
	alarms_publish(m->alarms);
	monitor_strays_publish(m);
	monitor_start_plan(m);
	/* Which services name a listener is said by the plan that was. */
	listen_rescan(m->listen);
	monitor_site_mutes(m, old->site);
	follow_site(m, old->site);
	for (uint32_t i = 0; i < old->nchecks; i++)
		row_detail_unref(old_rows[i].detail);
	free(old_rows);
	plan_unref(old);
	monitor_set_tick(m);
}
