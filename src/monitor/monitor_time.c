#include "monitor/monitor.h"
#include "monitor/monitor_priv.h"

#include "base/log.h"
#include "base/mem.h"
#include "journal/journal.h"

/* The monitor's clocks and timers. */

#define GAP_NS       INT64_C(2500000000) /* longer without a turn: we slept */
#define JUMP_NS      INT64_C(500000000)
#define LOCAL_AGE_MS 1000
#define LAG_TOLD_S   5

struct instant
monitor_now(struct monitor *m)
{
	struct mono now = loop_now(m->cfg.loop);

	/* on_second() comes once a second. */
	if (mono_diff_ns(now, m->seen) > GAP_NS)
		m->slept_ns += mono_diff_ns(now, m->seen);
	m->seen = now;
	return (struct instant){ mono_add_ns(now, -m->slept_ns), wall_now() };
}

void
monitor_set_tick(struct monitor *m)
{
	loop_timer_set(m->tick, mono_add_ns(alarms_next(m->alarms), m->slept_ns));
}

void
monitor_on_tick(void *arg)
{
	struct monitor *m = arg;

	/* Something local may be about to be told that was seen a while ago. */
	if (m->nlocal > 0)
		listen_look(m->listen, LOCAL_AGE_MS);
	alarms_tick(m->alarms, monitor_now(m));
	monitor_set_tick(m);
}

/* ---- once a second */

static void
heartbeat_due(struct monitor *m, struct mono now)
{
	if (m->sys.heartbeat == 0 ||
	    mono_before(now, mono_add_s(m->last_heartbeat, m->sys.heartbeat)))
		return;
	m->last_heartbeat = now;
	monitor_heartbeat(m);
}

/* Mutes end by the wall clock, which may be set, and is not what the judge counts by.
 */
static void
follow_clocks(struct monitor *m)
{
	struct instant now = monitor_now(m);
	int64_t lead = now.wall * 1000000 - now.mono.ns;
	int64_t jump = lead - m->clocks_ns;

	if (jump < JUMP_NS && jump > -JUMP_NS)
		return;
	m->clocks_ns = lead;
	alarms_clock_set(m->alarms, now);
	monitor_set_tick(m);
}

/* Said once, and once more when it is over. */
static void
tell_lag(struct monitor *m, uint32_t lag, struct mono now)
{
	struct probe_stats stats;
	unsigned skipped;

	if (lag == 0 && m->lagging) {
		m->lagging = false;
		log_info("probe", "probing keeps up with its schedule again");
	}
	if (lag < LAG_TOLD_S || m->lagging ||
	    !log_allow(&m->lag_limit, 1, now.ns / 1000000000, &skipped))
		return;
	m->lagging = true;
	probe_engine_stats(m->probes, &stats);
	log_warn("probe",
	    "probing is %u s behind its schedule: %u of at most %u probes are under "
	    "way, "
	    "%u wait for their host's turn or name",
	    lag, stats.in_flight, stats.limit, stats.waiting);
}

/* What has no event of its own: lag, mutes that ended, the queue that has room again.
 */
void
monitor_on_second(void *arg)
{
	struct monitor *m = arg;
	struct mono now = loop_now(m->cfg.loop);
	uint32_t muted = alarms_muted_rows(m->alarms);
	uint32_t lag = probe_engine_lag(m->probes);
	uint32_t agent_mute = alarms_agent_mute(m->alarms);

	loop_timer_set(m->second, mono_add_s(now, 1));
	follow_clocks(m);
	monitor_open_addresses(m);
	if (m->cfg.journal == NULL)
		return;
	heartbeat_due(m, now);
	if (m->inventory_due)
		monitor_inventory(m);
	if (m->dropped > 0 && journal_room(m->cfg.journal))
		monitor_overflow(m);
	m->sys.muted = muted;
	/* Making a plan and its first round leave much behind. */
	if (!m->settled && monitor_complete(m)) {
		m->settled = true;
		mem_trim();
	}
	m->sys.probe_lag = lag;
	tell_lag(m, lag, now);
	m->sys.mute_until = agent_mute;
	monitor_system_changed(m);
}
