#include "monitor/monitor.h"
#include "monitor/monitor_priv.h"

#include "base/schedule.h"
#include "monitor/learnt.h"

/* What the probe engine found becomes rows. */

#define RETRY_MS 1000 /* a port that may have failed is looked at again */

/* The endpoint was looked at, or will not be: the first round does not wait for it. */
static void
first_look(struct monitor *m, uint32_t endpoint)
{
	if (m->sightings[endpoint].looked)
		return;
	m->sightings[endpoint].looked = true;
	if (--m->unseen == 0)
		alarms_first_remote(m->alarms, monitor_now(m));
}

static bool
any_asked(const struct monitor *m, const uint32_t *members, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++) {
		if (m->cfg.only[members[k]])
			return true;
	}
	return false;
}

/* Nobody is bothered for a row that nobody wants to see. */
static bool
is_asked(const struct monitor *m, uint32_t check)
{
	const struct plan *p = m->plan;
	const struct check *c = &p->checks[check];

	if (m->cfg.only == NULL || m->cfg.only[check])
		return true;
	return (c->alternative != 0 &&
		   any_asked(m, p->alternatives[c->alternative - 1].members,
		       p->alternatives[c->alternative - 1].n)) ||
	       (c->group != 0 && any_asked(m, p->groups[c->group - 1].members,
				     p->groups[c->group - 1].n));
}

void
monitor_enable_probes(struct monitor *m, uint32_t check)
{
	const struct check *c = &m->plan->checks[check];

	for (uint32_t k = 0; k < c->nprobes; k++) {
		uint32_t e = m->plan->check_probes[c->first_probe + k];
		const struct endpoint *ep = &m->plan->endpoints[e];
		bool wanted = false;

		/* Another row may want the same endpoint. */
		for (uint32_t i = 0; i < ep->nchecks && !wanted; i++) {
			uint32_t other = m->plan->probe_checks[ep->first_check + i];
			const struct check *oc = &m->plan->checks[other];

			wanted = is_asked(m, other) &&
			         (m->rows[other].flags & ROW_DISABLED) == 0 &&
			         (!m->plan->hosts[oc->host].local ||
				     verdict_wants_probe(oc->flags,
					 (enum listen_state)m->rows[other].listen));
		}
		probe_engine_enable(m->probes, e, wanted);
		if (!wanted)
			first_look(m, e);
	}
}

/* Whether one open port of a range makes all of it open: what is to be reached from
 * nowhere, or from nowhere else, is exposed by one. */
static bool
one_is_enough(const struct check *c)
{
	return monitor_policy(c) == POLICY_ANY || c->expected == EXPECTED_LOCAL;
}

/* What a port that is not open says of the range, the strongest first: that it is
 * closed where all are wanted; where one is enough, what it might be, could it be seen.
 */
static int
weight(enum connect_state state, bool one)
{
	switch (state) {
	case CONNECT_CLOSED:
		return one ? 1 : 5;
	case CONNECT_FILTERED:
		return one ? 2 : 4;
	case CONNECT_UNREACHABLE:
		return 3;
	case CONNECT_OPEN_OR_FILTERED:
		return one ? 4 : 1;
	default:
		return one ? 5 : 2;
	}
}

static bool
is_closed(enum connect_state state)
{
	return state == CONNECT_CLOSED || state == CONNECT_FILTERED ||
	       state == CONNECT_UNREACHABLE;
}

/* What the probes of a check amount to, by the range's policy; its state is 0 when not
 * all of them have ended yet. */
static struct sight
combine(const struct monitor *m, const struct check *c, struct portset *open)
{
	const uint32_t *probes = m->plan->check_probes + c->first_probe;
	const struct sighting *is_open = NULL, *other = NULL, *tells;
	bool one = one_is_enough(c);

	for (uint32_t k = 0; k < c->nprobes; k++) {
		const struct sighting *s = &m->sightings[probes[k]];
		uint16_t port = m->plan->endpoints[probes[k]].port;

		if (s->state == 0)
			return (struct sight){ 0 };
		if (s->state == CONNECT_OPEN) {
			is_open = s;
			if (port != 0)
				portset_add(open, port, port);
		} else if (other == NULL ||
			   weight((enum connect_state)s->state, one) >=
			       weight((enum connect_state)other->state, one)) {
			other = s;
		}
	}
	if (is_open != NULL && other != NULL && !one &&
	    is_closed((enum connect_state)other->state))
		return (struct sight){ CONNECT_PARTIAL, REASON_PARTIAL, 0 };
	tells = is_open != NULL && (one || other == NULL) ? is_open : other;
	if (tells == NULL) /* nothing is probed */
		return (struct sight){ 0 };
	return (struct sight){ tells->state, tells->reason, tells->error };
}

/* What went wrong, also where the port is open; of a range what the whole is told by.
 */
static const char *
probe_words(const struct check *c, const struct probe_result *r, struct sight sight,
    char *buf, size_t size)
{
	if (c->nprobes == 1 && r->detail[0] != '\0')
		return r->detail;
	if (sight.state == CONNECT_OPEN && sight.reason != REASON_TLS_REFUSED &&
	    sight.reason != REASON_TLS_PLAIN)
		return "";
	return reason_text((enum reason)sight.reason, sight.error, buf, size);
}

static void
update_connect(struct monitor *m, uint32_t i, const struct probe_result *r,
    struct sight sight, const struct portset *open, wall_t now)
{
	const struct check *c = &m->plan->checks[i];
	struct row *row = &m->rows[i];
	char ports[MONITOR_OPEN_PORTS];
	char words[160];

	row->connect = sight.state;
	row->flags = (uint8_t)(r->late ? row->flags | ROW_LATE
				       : row->flags & ~ROW_LATE);
	row->last_probe = now;
	row->attempts++;
	if (r->rtt_us != 0)
		row->rtt_us = r->rtt_us;
	if (sight.state == CONNECT_OPEN) {
		row->failures_row = 0;
		row->last_open = now;
	} else {
		row->failures++;
		row->failures_row++;
	}
	if ((c->flags & CHECK_LISTEN) == 0 || row->listen == LISTEN_NOT) {
		row->open_ports = portset_size(open);
		/* Most rows are one port that is open: no text is kept for them. */
		if (row->open_ports == portset_size(&c->ports))
			ports[0] = '\0';
		else
			portset_format(open, ports, sizeof(ports));
		(void)monitor_set_detail(row, ports, NULL, NULL, NULL);
	}
	(void)monitor_set_detail(
	    row, NULL, NULL, NULL, probe_words(c, r, sight, words, sizeof(words)));
	if (r->tls_version[0] != '\0')
		(void)monitor_set_tls(row, r->tls_version, r->cert_expiry);
	monitor_row_changed(m, i);
}

/* Ahead of the schedule, but not without a pause. */
static void
look_again(struct monitor *m, const struct check *c, struct mono when, struct mono now)
{
	/* Rather a little late, by a tick of the schedule, than before it counts. */
	int64_t ms = mono_diff_ms(when, now) + 1 + SCHEDULE_TICK_MS;

	for (uint32_t k = 0; k < c->nprobes && !mono_is_never(when); k++)
		probe_engine_retry_soon(m->probes,
		    m->plan->check_probes[c->first_probe + k],
		    (uint32_t)(ms > RETRY_MS ? ms : RETRY_MS));
}

static void
probed_check(
    struct monitor *m, uint32_t i, const struct probe_result *r, struct instant now)
{
	const struct check *c = &m->plan->checks[i];
	uint32_t last = m->plan->check_probes[c->first_probe + c->nprobes - 1];
	struct portset open = { 0 };
	struct sight sight;

	/* A range has one observation a round, when its last port was looked at; in the
	 * first round whichever is looked at last. */
	if ((r->endpoint != last && m->sightings[r->endpoint].looked) ||
	    (m->rows[i].flags & ROW_DISABLED) != 0)
		return;
	sight = combine(m, c, &open);
	if (sight.state != 0)
		update_connect(m, i, r, sight, &open, now.wall);
	portset_clear(&open);
	if (sight.state == 0)
		return;
	alarms_connect(m->alarms, i, sight, now);
	look_again(m, c, alarms_look(m->alarms, i, now.mono), now.mono);
}

static enum answer
answer_of(const struct probe_result *r)
{
	if (r->answered)
		return ANSWER_YES;
	switch (r->state) {
	case CONNECT_NAME_ERROR:
	case CONNECT_PROBE_ERROR:
	case CONNECT_UNKNOWN:
	case CONNECT_OPEN_OR_FILTERED:
		return ANSWER_BLIND;
	default:
		return ANSWER_NO;
	}
}

void
monitor_probed(void *monitor, const struct probe_result *r)
{
	struct monitor *m = monitor;
	const struct endpoint *ep = &m->plan->endpoints[r->endpoint];
	struct sighting *s = &m->sightings[r->endpoint];
	struct host_row *host = &m->hosts[ep->host];
	struct instant now = monitor_now(m);

	s->state = (uint8_t)r->state;
	s->reason = (uint8_t)r->reason;
	s->error = (uint8_t)r->error;
	if (r->addr.family != 0 && !addr_equal(&r->addr, &host->addr)) {
		host->addr = r->addr;
		monitor_host_changed(m, ep->host);
	}
	if (r->reason == REASON_ANSWERED)
		learnt_add(m->learnt, m->plan, r->endpoint);
	alarms_answer(m->alarms, r->endpoint, answer_of(r), now);
	for (uint32_t k = 0; k < ep->nchecks; k++)
		probed_check(m, m->plan->probe_checks[ep->first_check + k], r, now);
	first_look(m, r->endpoint);
	monitor_set_tick(m);
}
