#include "monitor/monitor.h"
#include "monitor/monitor_priv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "monitor/alarmsave.h"
#include "monitor/learnt.h"
#include "publish/feed.h"
#include "journal/journal.h"
#include "listen/listeners.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/fdlimit.h"
#include "plan/workload.h"
#include "listen/owner.h"

#define FDS_RESERVED 128 /* for all that is no probe */

/* The end of a turn in which something changed. */
static void
on_flush(void *arg)
{
	struct monitor *m = arg;

	feed_flush(m->cfg.feed);
}

/* ---- watching a plan */

static void
add_range(struct portset *set, const struct portset *add)
{
	const struct port_range *r = portset_ranges(add);

	for (uint32_t i = 0; i < add->count; i++)
		portset_add(set, r[i].low, r[i].high);
}

static void
watch_ports(struct monitor *m)
{
	struct portset tcp = { 0 };
	struct portset udp = { 0 };

	free(m->local);
	m->local = mem_array(uint32_t, m->plan->nchecks);
	m->nlocal = 0;
	for (uint32_t i = 0; i < m->plan->nchecks; i++) {
		const struct check *c = &m->plan->checks[i];

		if ((c->flags & CHECK_LISTEN) == 0)
			continue;
		m->local[m->nlocal++] = i;
		add_range(plan_service(m->plan, c)->protocol == PROTO_TCP ? &tcp : &udp,
		    &c->ports);
	}
	listen_set_ports(m->listen, &tcp, &udp);
	portset_clear(&tcp);
	portset_clear(&udp);
}

static void
on_address(void *arg)
{
	struct monitor *m = arg;

	for (uint32_t i = 0; i < m->plan->nhosts; i++) {
		const struct plan_host *h = &m->plan->hosts[i];

		if (h->active_when.family != 0)
			alarms_standby(m->alarms, i,
			    m->addrs == NULL ||
				!addrwatch_has(m->addrs, &h->active_when),
			    monitor_now(m));
	}
	monitor_set_tick(m);
}

/* Without rtnetlink nobody knows whether the addresses are here: their hosts are taken
 * for standby, which pages nobody, until it works again. */
void
monitor_open_addresses(struct monitor *m)
{
	if (!m->wants_addrs || (m->addrs != NULL && addrwatch_works(m->addrs)))
		return;
	addrwatch_free(m->addrs);
	m->addrs = addrwatch_new(m->cfg.loop, on_address, m);
	if (m->addrs == NULL && !m->addrs_lost)
		log_error("watch",
		    "active-when: the local addresses cannot be read (%s): hosts that "
		    "have it are treated as standby",
		    strerror(errno));
	else if (m->addrs != NULL && m->addrs_lost)
		log_info("watch", "active-when: the local addresses can be read again");
	m->addrs_lost = m->addrs == NULL;
	on_address(m);
}

static void
watch_addresses(struct monitor *m)
{
	m->wants_addrs = false;
	for (uint32_t i = 0; i < m->plan->nhosts; i++)
		m->wants_addrs = m->wants_addrs ||
		                 m->plan->hosts[i].active_when.family != 0;
	if (!m->wants_addrs) {
		addrwatch_free(m->addrs);
		m->addrs = NULL;
		return;
	}
	monitor_open_addresses(m);
	on_address(m);
}

/* ---- starting */

/* Not all are: those of local rows that are probed only while nothing listens, those of
 * rows that were disabled. */
static void
enable_all(struct monitor *m)
{
	m->unseen = m->plan->nendpoints;
	for (uint32_t i = 0; i < m->plan->nchecks; i++) {
		if (m->plan->checks[i].nprobes > 0)
			monitor_enable_probes(m, i);
	}
}

static void
recall(struct monitor *m)
{
	learnt_keep(m->learnt, m->plan);
	for (uint32_t e = 0; e < m->plan->nendpoints; e++)
		probe_engine_answers(m->probes, e, learnt_has(m->learnt, m->plan, e));
}

/* What the site file asks for itself its reader has judged. */
static void
check_descriptors(const struct monitor *m)
{
	struct workload w = workload_of(m->plan);
	struct probe_stats stats;

	probe_engine_stats(m->probes, &stats);
	if (m->plan->site->probe.concurrency == 0 && stats.limit < w.usual)
		log_warn("probe",
		    "descriptors are enough for %u probes at once, and %u endpoints "
		    "want %u when one in ten is silent: rounds will take longer than "
		    "the interval",
		    stats.limit, m->plan->nendpoints, w.usual);
}

void
monitor_start_plan(struct monitor *m)
{
	m->sightings = mem_array(struct sighting, m->plan->nendpoints);
	m->seen_local = false;
	m->settled = false;
	watch_ports(m);
	recall(m);
	enable_all(m);
	check_descriptors(m);
	if (m->cfg.once) /* nobody waits for a first round that is spread */
		probe_engine_all_now(m->probes);
	watch_addresses(m);
	if (m->plan->nendpoints == 0)
		alarms_first_remote(m->alarms, monitor_now(m));
}

/* Hosts as they are before anything is known of them. */
struct host_row *
monitor_hosts_new(struct monitor *m, const struct plan *plan)
{
	struct host_row *v = mem_array(struct host_row, plan->nhosts);

	for (uint32_t i = 0; i < plan->nhosts; i++)
		v[i] = (struct host_row){ .state = HOST_UNKNOWN,
			.severity = SEVERITY_CLEARED,
			.last_change = monitor_now(m).wall,
			.addr = plan->hosts[i].addr };
	return v;
}

struct host_sum *
monitor_sums_new(const struct plan *plan, const struct row *rows)
{
	struct host_sum *v = mem_array(struct host_sum, plan->nhosts);

	for (uint32_t i = 0; i < plan->nchecks; i++) {
		struct host_sum *sum = &v[plan->checks[i].host];

		sum->checks++;
		sum->deviations += types_alarm_of((enum verdict)rows[i].verdict) !=
		                   ALARM_NONE;
	}
	return v;
}

/* Takes the alarms of undocumented listeners out of what was saved. */
static void
restore_strays(struct monitor *m, struct alarmsave *saved)
{
	struct stray stray;
	size_t kept = 0;

	for (size_t i = 0; i < saved->nalarms; i++) {
		if (saved->alarms[i].type != ALARM_UNDOCUMENTED)
			saved->alarms[kept++] = saved->alarms[i];
		else if (alarmsave_stray(&saved->alarms[i], &stray))
			strays_restore(m->strays, &stray);
	}
	saved->nalarms = kept;
}

static struct alarms *
restore_alarms(struct monitor *m)
{
	struct instant now = monitor_now(m);
	struct alarmsave saved;
	struct alarms *a = alarms_new(m->plan, &monitor_alarm_ops, m, now);

	if (m->cfg.journal == NULL)
		return a;
	/* The journal makes numbers safe before it writes an event that has one. */
	alarms_reserve_seq(a, m->cfg.next_seq, UINT32_MAX);
	alarms_reserve_index(a, m->cfg.next_alarm, UINT32_MAX);
	m->alarms = a;
	alarmsave_load(m->cfg.journal, &saved);
	restore_strays(m, &saved);
	alarms_import(a, saved.alarms, saved.nalarms, saved.mutes, saved.nmutes, now);
	free(saved.alarms);
	free(saved.mutes);
	return a;
}

int
monitor_open_listen(struct monitor *m)
{
	const struct site *site = m->plan->site;
	struct listen_config config = { .interval_ms = site->listen_interval * 1000,
		.full_ms = m->cfg.once ? 0 : site->listener_interval * 1000,
		.udp_age_ms = 60000 };
	struct listen *w = listen_new(m->cfg.loop, &config, monitor_listened, m);

	if (w == NULL)
		return -1;
	listen_free(m->listen);
	m->listen = w;
	return 0;
}

/* Descriptors for probes: all but what the rest of the program may want. */
static uint32_t
fds_for_probes(void)
{
	uint32_t limit = fdlimit_raise(WORKLOAD_MOST + FDS_RESERVED);

	return limit > 2 * FDS_RESERVED ? limit - FDS_RESERVED : limit / 2;
}

int
monitor_open_probes(struct monitor *m)
{
	const struct site *site = m->plan->site;
	struct probe_config config = { .concurrency = (uint32_t)site->probe.concurrency,
		.per_host = (uint32_t)site->probe.per_host,
		.rate = (uint32_t)site->probe.rate,
		.fd_budget = fds_for_probes(),
		.interface = site->probe.interface,
		.seed = (uint64_t)mono_now().ns };
	struct probe_engine *e;

	(void)addr_parse(site->probe.source, &config.source);
	e = probe_engine_new(m->cfg.loop, &config, monitor_probed, m);
	if (e == NULL)
		return -1;
	probe_engine_free(m->probes);
	m->probes = e;
	return 0;
}

struct monitor *
monitor_new(const struct monitor_config *cfg, struct plan *plan)
{
	struct monitor *m = mem_new(struct monitor);
	int error;

	m->cfg = *cfg;
	m->plan = plan_ref(plan);
	m->seen = loop_now(cfg->loop);
	m->tick = loop_timer_add(cfg->loop, monitor_on_tick, m);
	m->second = loop_timer_add(cfg->loop, monitor_on_second, m);
	m->flush = loop_timer_add(cfg->loop, on_flush, m);
	m->sys.config_status = CONFIG_OK;
	m->sys.start_time = m->sys.config_time = wall_now();
	m->sys.notify_enable = plan->site->notify_enable;
	m->sys.heartbeat = (uint32_t)plan->site->heartbeat;
	m->rows = mem_array(struct row, plan->nchecks);
	monitor_rows_new(m, plan, m->rows);
	m->hosts = monitor_hosts_new(m, plan);
	m->sums = monitor_sums_new(plan, m->rows);
	if (cfg->feed != NULL)
		feed_plan(cfg->feed, plan, m->rows, m->hosts);
	m->strays = strays_new(&monitor_stray_ops, m);
	m->alarms = restore_alarms(m);
	m->learnt = learnt_new(cfg->journal);
	m->owner = owner_new(NULL, NULL);
	if (monitor_open_listen(m) != 0 || monitor_open_probes(m) != 0)
		goto fail;
	if (cfg->feed != NULL) {
		m->commands = loop_fd_add(cfg->loop, feed_command_fd(cfg->feed),
		    LOOP_READ, monitor_command, m);
		if (m->commands == NULL)
			goto fail;
	}
	if (!m->sys.notify_enable)
		alarms_notify(m->alarms, false, monitor_now(m));
	alarms_publish(m->alarms);
	monitor_strays_publish(m);
	probe_engine_set_plan(m->probes, m->plan);
	monitor_start_plan(m);
	monitor_site_mutes(m, NULL);
	m->last_heartbeat = loop_now(cfg->loop);
	loop_timer_set(m->second, loop_now(cfg->loop));
	monitor_set_tick(m);
	return m;
fail:
	error = errno;
	monitor_free(m);
	errno = error;
	return NULL;
}

void
monitor_free(struct monitor *m)
{
	if (m == NULL)
		return;
	loop_fd_del(m->commands);
	probe_engine_free(m->probes);
	listen_free(m->listen);
	addrwatch_free(m->addrs);
	owner_free(m->owner);
	strays_free(m->strays);
	learnt_free(m->learnt);
	alarms_free(m->alarms);
	loop_timer_del(m->tick);
	loop_timer_del(m->second);
	loop_timer_del(m->flush);
	for (uint32_t i = 0; i < m->plan->nchecks; i++)
		row_detail_unref(m->rows[i].detail);
	listeners_unref(m->listeners);
	free(m->rows);
	free(m->hosts);
	free(m->sums);
	free(m->sightings);
	free(m->local);
	plan_unref(m->plan);
	free(m);
}

void
monitor_config_status(struct monitor *m, enum config_status status, const char *text)
{
	m->sys.config_status = (uint8_t)status;
	snprintf(m->sys.config_text, sizeof(m->sys.config_text), "%s", text);
	/* A refusal that was told of is taken back; one that was not is over. */
	m->inventory_due = status == CONFIG_FAILED || m->rows_changed ||
	                   m->refusal_told;
	if (status != CONFIG_FAILED)
		m->sys.config_time = wall_now();
	monitor_system_changed(m);
}

/* ---- one look */

bool
monitor_complete(const struct monitor *m)
{
	return m->unseen == 0 && (m->seen_local || m->nlocal == 0);
}

const struct row *
monitor_row(const struct monitor *m, uint32_t check)
{
	return &m->rows[check];
}
