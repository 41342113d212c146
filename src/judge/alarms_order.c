#include "judge/alarms_priv.h"

void
alarms_refresh_all(struct alarms *a, struct instant now)
{
	for (uint32_t h = 0; h < a->plan->nhosts; h++) {
		if (alarms_poll(a, alarms_id(a, KIND_HOST, h), now))
			alarms_host_moved(a, h, now);
	}
	for (uint32_t i = 0; i < a->plan->nchecks; i++)
		alarms_refresh(a, i, now);
}

/* An endpoint is probed while one of its checks is enabled. */
static void
enable_endpoint(struct alarms *a, uint32_t endpoint, struct instant now)
{
	const struct endpoint *ep = &a->plan->endpoints[endpoint];
	bool enabled = false;

	for (uint32_t k = 0; k < ep->nchecks; k++) {
		uint32_t i = a->plan->probe_checks[ep->first_check + k];

		enabled = enabled || (a->rows[i].bits & BIT_DISABLED) == 0;
	}
	alarms_host_step(
	    a, ep->host, hostwatch_enable(a->watch, endpoint, enabled, now.mono), now);
	/* With nothing to be probed by it can neither be down nor come up. */
	if (!enabled && !a->plan->hosts[ep->host].local &&
	    !hostwatch_probed(a->watch, ep->host) &&
	    alarms_end(a, alarms_id(a, KIND_HOST, ep->host), now))
		alarms_host_moved(a, ep->host, now);
}

void
alarms_enable_endpoints(struct alarms *a, uint32_t check, struct instant now)
{
	const struct check *c = &a->plan->checks[check];

	for (uint32_t k = 0; k < c->nprobes; k++)
		enable_endpoint(a, a->plan->check_probes[c->first_probe + k], now);
}

void
alarms_disable(struct alarms *a, uint32_t check, bool disable, struct instant now)
{
	const struct check *c = &a->plan->checks[check];
	struct row_book *r = &a->rows[check];

	if (((r->bits & BIT_DISABLED) != 0) == disable)
		return;
	r->bits ^= BIT_DISABLED;
	r->seen = verdict_unseen(c->flags);
	alarms_judge(a, check, SOURCE_NONE, now);
	alarms_report(a, check);
	alarms_enable_endpoints(a, check, now);
}

void
alarms_standby(struct alarms *a, uint32_t host, bool standby, struct instant now)
{
	struct host_book *h = &a->hosts[host];

	if (h->standby == standby)
		return;
	h->standby = standby;
	for (uint32_t k = a->host_first[host]; k < a->host_first[host + 1]; k++) {
		uint32_t i = a->by_host[k];

		a->rows[i].seen = verdict_unseen(a->plan->checks[i].flags);
	}
	if (!a->plan->hosts[host].local)
		(void)alarms_end(a, alarms_id(a, KIND_HOST, host), now);
	alarms_host_step(
	    a, host, hostwatch_standby(a->watch, host, standby, now.mono), now);
	alarms_host_moved(a, host, now);
}

static uint32_t
still_ahead(uint32_t until, struct instant now)
{
	return (wall_t)until * 1000 > now.wall ? until : 0;
}

void
alarms_mute_agent(struct alarms *a, uint32_t until, struct instant now)
{
	a->mute_until = still_ahead(until, now);
	alarms_arm(a, alarms_id(a, KIND_AGENT, 0), now);
	alarms_refresh_all(a, now);
}

void
alarms_mute_host(struct alarms *a, uint32_t host, uint32_t until, struct instant now)
{
	uint32_t id = alarms_id(a, KIND_HOST, host);

	a->hosts[host].mute_until = still_ahead(until, now);
	if (alarms_poll(a, id, now))
		alarms_host_moved(a, host, now);
	alarms_arm(a, id, now);
	alarms_host_report(a, host);
	for (uint32_t k = a->host_first[host]; k < a->host_first[host + 1]; k++)
		alarms_refresh(a, a->by_host[k], now);
}

void
alarms_mute_check(struct alarms *a, uint32_t check, uint32_t until, struct instant now)
{
	a->rows[check].mute_until = still_ahead(until, now);
	alarms_refresh(a, check, now);
	alarms_arm(a, alarms_id(a, KIND_CHECK, check), now);
	alarms_report(a, check);
}

void
alarms_notify(struct alarms *a, bool enable, struct instant now)
{
	if (a->quiet == !enable)
		return;
	a->quiet = !enable;
	alarms_refresh_all(a, now);
}

void
alarms_clock_set(struct alarms *a, struct instant now)
{
	if (a->mute_until != 0)
		alarms_visit(a, alarms_id(a, KIND_AGENT, 0), now);
	for (uint32_t h = 0; h < a->plan->nhosts; h++) {
		if (a->hosts[h].mute_until != 0)
			alarms_visit(a, alarms_id(a, KIND_HOST, h), now);
	}
	for (uint32_t i = 0; i < a->plan->nchecks; i++) {
		if (a->rows[i].mute_until != 0)
			alarms_visit(a, alarms_id(a, KIND_CHECK, i), now);
	}
}

bool
alarms_mute_over(uint32_t until, struct instant now)
{
	return until != 0 && still_ahead(until, now) == 0;
}
