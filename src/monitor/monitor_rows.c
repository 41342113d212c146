#include "monitor/monitor.h"
#include "monitor/monitor_priv.h"

#include <string.h>

#include "publish/feed.h"
#include "listen/owner.h"

void
monitor_row_changed(struct monitor *m, uint32_t check)
{
	if (m->cfg.feed == NULL)
		return;
	feed_row(m->cfg.feed, check, &m->rows[check]);
	loop_timer_set(m->flush, loop_now(m->cfg.loop));
}

void
monitor_host_changed(struct monitor *m, uint32_t host)
{
	if (m->cfg.feed == NULL)
		return;
	feed_host(m->cfg.feed, host, &m->hosts[host]);
	loop_timer_set(m->flush, loop_now(m->cfg.loop));
}

void
monitor_system_changed(struct monitor *m)
{
	if (m->cfg.feed == NULL)
		return;
	feed_system(m->cfg.feed, &m->sys);
	loop_timer_set(m->flush, loop_now(m->cfg.loop));
}

/* Rows before anything was observed. */
void
monitor_rows_new(struct monitor *m, const struct plan *plan, struct row *rows)
{
	wall_t now = monitor_now(m).wall;

	for (uint32_t i = 0; i < plan->nchecks; i++) {
		const struct check *c = &plan->checks[i];
		bool listen = (c->flags & CHECK_LISTEN) != 0;

		rows[i] = (struct row){
			.listen = listen ? LISTEN_UNKNOWN : LISTEN_NA,
			.connect = c->nprobes > 0 ? CONNECT_UNKNOWN : CONNECT_NA,
			.verdict = VERDICT_NOT_EVALUATED,
			.severity = SEVERITY_CLEARED,
			.stage = STAGE_NONE,
			.reason = REASON_NOT_YET,
			.last_change = now,
		};
	}
}

/* ---- the local sockets */

static enum reason
listen_reason(enum listen_state state)
{
	switch (state) {
	case LISTEN_LISTENING:
		return REASON_LISTENING;
	case LISTEN_LOOPBACK:
		return REASON_LOOPBACK_ONLY;
	case LISTEN_PARTIAL:
		return REASON_PARTIAL;
	case LISTEN_NOT:
		return REASON_NOT_LISTENING;
	case LISTEN_UNKNOWN:
	case LISTEN_NA:
		break;
	}
	return REASON_SCAN_FAILED;
}

enum range_policy
monitor_policy(const struct check *c)
{
	return c->expected == EXPECTED_CLOSED ? POLICY_ANY
	                                      : (enum range_policy)c->policy;
}

/* Returns whether the published row changed. */
static bool
update_listen(
    struct monitor *m, struct row *row, const struct listen_view *view, wall_t now)
{
	char ports[MONITOR_OPEN_PORTS];
	char room[OWNER_MAX];
	const char *owner = "";
	bool changed = row->listen != view->state ||
	               row->open_ports != view->open_ports ||
	               row->queue != view->queue ||
	               row->queue_limit != view->queue_limit;

	row->listen = (uint8_t)view->state;
	row->open_ports = view->open_ports;
	row->queue = view->queue;
	row->queue_limit = view->queue_limit;
	if (view->open_ports > 0) {
		row->last_open = now;
		owner = owner_name(m->owner, view->cgroup, view->uid, room);
	}
	portset_format(&view->open, ports, sizeof(ports));
	return monitor_set_detail(row, ports, view->addrs, owner, NULL) || changed;
}

/* A local range is exposed as soon as one of its ports is, though all of them may be
 * wanted: partly bound and partly exposed is exposed. */
static void
view_check(const struct listener_table *table, enum proto protocol,
    const struct check *c, struct listen_view *out)
{
	struct listen_view any;

	listeners_view(table, protocol, &c->ports, monitor_policy(c), out);
	if (c->expected != EXPECTED_LOCAL || out->state != LISTEN_PARTIAL)
		return;
	listeners_view(table, protocol, &c->ports, POLICY_ANY, &any);
	if (any.state == LISTEN_LISTENING)
		out->state = LISTEN_LISTENING;
	portset_clear(&any.open);
}

/* The kernel takes one more than the limit; a single connection that waits is no queue.
 */
static bool
is_full(const struct listen_view *v)
{
	return v->queue_limit > 0 && v->queue >= v->queue_limit && v->queue > 1;
}

static void
listen_check(struct monitor *m, uint32_t i, const struct listener_table *table,
    int error, struct instant now)
{
	const struct check *c = &m->plan->checks[i];
	enum proto protocol = plan_service(m->plan, c)->protocol;
	struct row *row = &m->rows[i];
	struct sight sight = { .error = (uint8_t)error };
	struct listen_view view = { .state = LISTEN_UNKNOWN };
	uint8_t before = row->listen;
	bool changed;

	if (error == 0) {
		view_check(table, protocol, c, &view);
		changed = update_listen(m, row, &view, now.wall);
		portset_clear(&view.open);
	} else {
		changed = row->listen != LISTEN_UNKNOWN;
		row->listen = LISTEN_UNKNOWN;
	}
	sight.state = row->listen;
	sight.reason = (uint8_t)listen_reason((enum listen_state)row->listen);
	if (changed)
		monitor_row_changed(m, i);
	alarms_listen(m->alarms, i, sight, is_full(&view), now);
	if (before != row->listen && (c->flags & CHECK_EITHER) != 0)
		monitor_enable_probes(m, i);
}

/* Which documented services name a listener: those whose `to` role this host plays, or
 * any where no host has a role. */
static void
tag_listeners(const struct monitor *m, struct listener_table *t)
{
	for (uint32_t k = 0; k < m->nlocal; k++) {
		const struct check *c = &m->plan->checks[m->local[k]];
		enum proto protocol = plan_service(m->plan, c)->protocol;
		const struct port_range *r = portset_ranges(&c->ports);

		for (uint32_t i = 0; i < c->ports.count; i++) {
			uint32_t at = listeners_find(t, protocol, r[i].low);

			for (; at < t->n && t->v[at].protocol == protocol &&
			       t->v[at].port <= r[i].high;
			     at++) {
				if (t->v[at].services++ == 0)
					t->v[at].service = m->local[k] + 1;
			}
		}
	}
}

static void
listened_all(struct monitor *m, const struct listen_report *report, struct instant now)
{
	struct listener_table *table = report->table;

	listeners_date(table, m->listeners, now.wall);
	listeners_name_owners(table, m->owner);
	tag_listeners(m, table);
	listeners_unref(m->listeners);
	m->listeners = listeners_ref(table);
	/* Of sockets that could not be read nobody knows whether they are gone. */
	if (report->tcp_error == 0 && report->udp_error == 0)
		monitor_strays(m, table, now);
	monitor_system_changed(m);
	if (m->cfg.feed != NULL)
		feed_listeners(m->cfg.feed, table);
}

void
monitor_listened(void *monitor, const struct listen_report *report)
{
	struct monitor *m = monitor;
	struct instant now = monitor_now(m);

	if (report->scan == LISTEN_SCAN_ALL) {
		listened_all(m, report, now);
		return;
	}
	for (uint32_t k = 0; k < m->nlocal; k++) {
		const struct check *c = &m->plan->checks[m->local[k]];
		enum proto protocol = plan_service(m->plan, c)->protocol;

		if (listen_report_covers(report, protocol, &c->ports))
			listen_check(m, m->local[k], report->table,
			    protocol == PROTO_TCP ? report->tcp_error
						  : report->udp_error,
			    now);
	}
	if (report->tcp_error == 0 && report->udp_error == 0)
		m->sys.last_scan = report->now;
	if (!m->seen_local) {
		m->seen_local = true;
		alarms_first_local(m->alarms, now);
	}
	monitor_set_tick(m);
}
