#include "judge/alarms_priv.h"

static const struct after by_rules = { 1, 1, true }; /* hosts have their own counts */

#define SWEEP_HOSTS 3    /* asked whether the agent is still cut off */
#define SWEEP_MS    1000 /* between the end of a sweep and the next one */

void
alarms_host_report(struct alarms *a, uint32_t host)
{
	struct host_book *h = &a->hosts[host];
	enum host_state state = hostwatch_state(a->watch, host);
	enum severity severity =
	    alarm_active(&h->alarm)
		? (enum severity)a->active[h->alarm.slot].row.severity
		: SEVERITY_CLEARED;

	if (h->state == state && h->severity == severity &&
	    h->reported_mute == h->mute_until)
		return;
	h->state = (uint8_t)state;
	h->severity = (uint8_t)severity;
	h->reported_mute = h->mute_until;
	a->ops->host(a->arg, host, state, severity, h->mute_until);
}

/* What was seen while the host was silent says nothing about its ports. */
static void
recheck_rows(struct alarms *a, uint32_t host, struct instant now)
{
	for (uint32_t k = a->host_first[host]; k < a->host_first[host + 1]; k++) {
		uint32_t i = a->by_host[k];
		uint32_t group = a->plan->checks[i].group;
		bool moved = alarms_recheck(a, alarms_id(a, KIND_CHECK, i), now);

		if (group != 0 &&
		    alarms_recheck(a, alarms_id(a, KIND_QUORUM, group - 1), now))
			alarms_report_missing(a, group - 1);
		if (moved)
			alarms_report(a, i);
	}
}

void
alarms_host_moved(struct alarms *a, uint32_t host, struct instant now)
{
	struct host_book *h = &a->hosts[host];
	bool silent = hostwatch_state(a->watch, host) == HOST_UNREACHABLE;
	bool down = !a->plan->hosts[host].local && (silent || alarms_masks(a, host));

	/* Not known to be down any more, which is no proof that it is up. */
	if (!silent)
		(void)alarms_feed_blind(a, alarms_id(a, KIND_HOST, host), now);
	if (h->down && !down)
		recheck_rows(a, host, now);
	h->down = down;
	alarms_host_report(a, host);
	for (uint32_t k = a->host_first[host]; k < a->host_first[host + 1]; k++)
		alarms_judge(a, a->by_host[k], SOURCE_NONE, now);
}

static bool
feed_host(struct alarms *a, uint32_t host, enum alarm_type type, struct instant now)
{
	return alarms_feed(a, alarms_id(a, KIND_HOST, host), type, by_rules, now);
}

static void
arm_watch(struct alarms *a, uint32_t host)
{
	agenda_set(a->agenda, alarms_id(a, KIND_WATCH, host),
	    hostwatch_deadline(a->watch, host));
}

/*
 * While the alarm is held nobody probes the host ahead of its schedule; when the hold
 * is over, one sweep more shows whether it is still silent.
 */
struct mono
alarms_host_due(const struct alarms *a, uint32_t host)
{
	const struct host_book *h = &a->hosts[host];
	struct alarm_rules r = alarms_rules(
	    a, alarms_id(a, KIND_HOST, host), (struct after){ 0 });
	struct mono end = alarm_hold_end(&h->alarm, &r);
	struct mono next = mono_add_ms(h->asked, a->plan->site->timeout_ms + SWEEP_MS);

	return mono_before(end, next) ? next : end;
}

void
alarms_host_sweep(struct alarms *a, uint32_t host, struct mono now)
{
	uint32_t hosts[SWEEP_HOSTS] = { host }, n = 1;

	a->hosts[host].asked = now;
	if (a->plan->hosts[host].local)
		n = hostwatch_canvass(a->watch, hosts, SWEEP_HOSTS);
	for (uint32_t i = 0; i < n; i++)
		a->ops->reprobe(a->arg, hosts[i]);
}

/* ---- isolation */

static void
cut_off(struct alarms *a, struct instant now)
{
	for (uint32_t h = 1; h < a->plan->nhosts; h++) {
		uint32_t id = alarms_id(a, KIND_HOST, h);

		/* It was on its way to be blamed for what is the agent's. */
		if (a->hosts[h].alarm.stage == STAGE_PENDING)
			(void)alarms_end(a, id, now);
		arm_watch(a, h);
		alarms_host_moved(a, h, now);
	}
	(void)feed_host(a, 0, ALARM_HOST_DOWN, now);
	alarms_host_report(a, 0);
}

/* A silence that was seen meanwhile is forgotten. */
static void
forget_silence(struct alarms *a, uint32_t host, struct instant now)
{
	for (uint32_t k = a->host_first[host]; k < a->host_first[host + 1]; k++) {
		struct sight *s = &a->rows[a->by_host[k]].seen.connect;

		if (s->state == CONNECT_FILTERED || s->state == CONNECT_UNREACHABLE)
			*s = (struct sight){ CONNECT_UNKNOWN, REASON_NOT_YET, 0 };
	}
	recheck_rows(a, host, now);
}

static void
connected_again(struct alarms *a, struct instant now)
{
	(void)feed_host(a, 0, ALARM_NONE, now);
	alarms_host_report(a, 0);
	for (uint32_t h = 1; h < a->plan->nhosts; h++) {
		forget_silence(a, h, now);
		arm_watch(a, h);
		if (hostwatch_suspects(a->watch, h))
			a->ops->reprobe(a->arg, h);
		alarms_host_moved(a, h, now);
	}
}

/* ---- one host */

static bool
host_answered(struct alarms *a, uint32_t host, struct instant now)
{
	bool active = alarm_active(&a->hosts[host].alarm);
	bool moved = feed_host(a, host, ALARM_NONE, now);

	/* One answer more ends the alarm: do not wait for the schedule. */
	if (active && !moved)
		a->ops->reprobe(a->arg, host);
	if (a->hosts[0].alarm.stage != STAGE_NONE && !hostwatch_isolated(a->watch) &&
	    feed_host(a, 0, ALARM_NONE, now))
		alarms_host_report(a, 0);
	return moved;
}

void
alarms_host_step(
    struct alarms *a, uint32_t host, struct hostwatch_step step, struct instant now)
{
	bool moved = false;

	if (step.reprobe)
		a->ops->reprobe(a->arg, host);
	if (step.isolation) {
		if (hostwatch_isolated(a->watch))
			cut_off(a, now);
		else
			connected_again(a, now);
	}
	if (step.answered)
		moved = host_answered(a, host, now);
	else if (step.silent && !hostwatch_isolated(a->watch))
		moved = feed_host(a, host, ALARM_HOST_DOWN, now);
	else if (step.swept && hostwatch_isolated(a->watch) &&
		 feed_host(a, 0, ALARM_HOST_DOWN, now))
		alarms_host_report(a, 0);
	arm_watch(a, host);
	if (moved || step.decided)
		alarms_host_moved(a, host, now);
	if (step.answered || step.isolation)
		alarms_wake(a, now);
}
