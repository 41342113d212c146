#include "hostwatch.h"

#include <stdlib.h>

#include "mem.h"
#include "plan.h"

#define HOSTS_TO_TELL                                                                  \
	3                 /* fewer silent hosts do not prove that the agent is cut off \
	                   */
#define QUICK_SWEEPS 3    /* silent sweeps in quick succession before the schedule's */
#define PAUSE_MS     1000 /* between them */
#define SLACK_MS     5000 /* a sweep may take that much longer than its timeouts */

enum class {
	UNSEEN, /* not all of its endpoints have been looked at */
	ANSWERING,
	SILENT,  /* no answer to the last whole sweep */
	BLINDED, /* no endpoint could be looked at */
	CLASSES,
};

enum endpoint_flag {
	COUNTS = 1, /* its silence means something */
	OFF = 2,    /* not probed */
	AWAITED = 4 /* of the open sweep */
};

struct look {
	uint8_t last;     /* enum answer; of the last look */
	uint8_t flags;    /* enum endpoint_flag */
	uint16_t answers; /* the host's count of answers at that time */
};

/* A sweep is open whenever the host is not ANSWERING, and during suspicion. */
struct host {
	uint32_t first, n;        /* endpoints */
	uint32_t counting;        /* endpoints that count and are probed */
	uint32_t awaited, silent; /* of the open sweep */
	uint32_t last_yes;        /* endpoint that answered last */
	uint16_t answers;         /* wraps */
	uint8_t class;
	uint8_t sweeps; /* silent ones in a row */
	bool sweeping, suspect, pausing;
	bool ever, down;
	bool left_out; /* local or standby */
	struct mono deadline;
};

struct hostwatch {
	struct host *hosts;
	uint32_t nhosts;
	struct look *looks;
	uint32_t *host_of; /* by endpoint */
	uint32_t tally[CLASSES];
	uint32_t cursor; /* of the canvass */
	uint32_t per_host, timeout_ms;
	bool isolated;
	struct mono last_answer;
};

/* ---- hosts by class */

static bool
tallied(const struct host *h)
{
	return !h->left_out && h->counting > 0;
}

static void
set_class(struct hostwatch *hw, struct host *h, enum class class)
{
	if (tallied(h)) {
		hw->tally[h->class]--;
		hw->tally[class]++;
	}
	h->class = (uint8_t) class;
}

static void
set_counting(struct hostwatch *hw, struct host *h, uint32_t counting)
{
	if (tallied(h))
		hw->tally[h->class]--;
	h->counting = counting;
	if (tallied(h))
		hw->tally[h->class]++;
}

static struct mono
sweep_end(const struct hostwatch *hw, const struct host *h, struct mono now)
{
	int64_t turns = 1 + h->counting / hw->per_host;

	return mono_add_ms(now, turns * hw->timeout_ms + SLACK_MS);
}

static void
open_sweep(struct hostwatch *hw, struct host *h)
{
	h->sweeping = true;
	h->awaited = h->silent = 0;
	for (uint32_t i = h->first; i < h->first + h->n; i++) {
		struct look *l = &hw->looks[i];

		l->flags &= (uint8_t)~AWAITED;
		if ((l->flags & (COUNTS | OFF)) == COUNTS) {
			l->flags |= AWAITED;
			h->awaited++;
		}
	}
}

static void
close_sweep(struct host *h)
{
	h->sweeping = h->suspect = h->pausing = h->down = false;
	h->sweeps = 0;
	h->deadline = MONO_NEVER;
}

static void
suspect(const struct hostwatch *hw, struct host *h, struct mono now)
{
	h->suspect = true;
	h->pausing = false;
	h->deadline = sweep_end(hw, h, now);
}

/* What the time in isolation showed of the other hosts is void. */
static void
forget_silence(struct hostwatch *hw, struct mono now)
{
	for (uint32_t i = 0; i < hw->nhosts; i++) {
		struct host *h = &hw->hosts[i];

		if (h->left_out || h->class != SILENT)
			continue;
		close_sweep(h);
		set_class(hw, h, UNSEEN);
		open_sweep(hw, h);
		if (h->ever && h->counting > 1)
			suspect(hw, h, now);
	}
}

static void
update_isolation(struct hostwatch *hw, struct mono now, struct hostwatch_step *step)
{
	bool isolated = hw->tally[ANSWERING] == 0 && hw->tally[UNSEEN] == 0 &&
	                hw->tally[SILENT] >= HOSTS_TO_TELL;

	if (isolated == hw->isolated)
		return;
	hw->isolated = isolated;
	step->isolation = true;
	if (!isolated)
		forget_silence(hw, now);
}

/* ---- one host */

static void
answered(struct hostwatch *hw, struct host *h, uint32_t endpoint, struct mono now,
    struct hostwatch_step *step)
{
	step->answered = true;
	step->decided = h->suspect || h->down || h->class != ANSWERING;
	close_sweep(h);
	h->ever = true;
	h->answers++;
	h->last_yes = endpoint;
	hw->last_answer = now;
	set_class(hw, h, ANSWERING);
	update_isolation(hw, now, step);
}

/* The sweep is over and nothing answered. */
static void
decide(
    struct hostwatch *hw, struct host *h, struct mono now, struct hostwatch_step *step)
{
	bool was_down = h->down;

	step->silent = h->ever && h->silent >= 2;
	if (step->silent)
		h->down = true;
	else if (h->silent == 0)
		h->down = false;
	step->decided = h->suspect || h->down != was_down || h->class == ANSWERING;
	set_class(hw, h, h->silent > 0 ? SILENT : BLINDED);
	h->suspect = h->pausing = false;
	h->deadline = MONO_NEVER;
	if (step->silent && h->sweeps < UINT8_MAX)
		h->sweeps++;
	if (step->silent && h->sweeps < QUICK_SWEEPS) {
		h->pausing = true;
		h->deadline = mono_add_ms(now, PAUSE_MS);
	}
	open_sweep(hw, h);
	update_isolation(hw, now, step);
}

static void
missing(struct hostwatch *hw, struct host *h, struct look *l, enum answer answer,
    struct mono now, struct hostwatch_step *step)
{
	/* A port that never answers must not make its host suspect again and again: it
	 * did not answer the last time either, and the host has answered since. */
	bool known = l->last == answer && l->answers != h->answers;

	l->last = (uint8_t)answer;
	l->answers = h->answers;
	if (!h->sweeping) {
		if (known)
			return;
		open_sweep(hw, h);
	}
	if (answer == ANSWER_NO && h->class == ANSWERING && !h->suspect &&
	    h->counting > 1) {
		suspect(hw, h, now);
		step->reprobe = true;
	}
	if ((l->flags & AWAITED) == 0)
		return;
	l->flags &= (uint8_t)~AWAITED;
	h->awaited--;
	h->silent += answer == ANSWER_NO;
	if (h->awaited == 0)
		decide(hw, h, now, step);
}

struct hostwatch_step
hostwatch_answer(
    struct hostwatch *hw, uint32_t endpoint, enum answer answer, struct mono now)
{
	struct hostwatch_step step = { 0 };
	struct host *h = &hw->hosts[hw->host_of[endpoint]];
	struct look *l = &hw->looks[endpoint];

	if (h->left_out || (l->flags & OFF) != 0)
		return step;
	if (answer == ANSWER_NO && (l->flags & COUNTS) == 0) {
		/* Its prober has learnt that it answers. */
		l->flags |= COUNTS;
		set_counting(hw, h, h->counting + 1);
	}
	if (answer == ANSWER_YES) {
		l->last = ANSWER_YES;
		answered(hw, h, endpoint, now, &step);
	} else if ((l->flags & COUNTS) != 0) {
		missing(hw, h, l, answer, now, &step);
	}
	return step;
}

struct hostwatch_step
hostwatch_enable(struct hostwatch *hw, uint32_t endpoint, bool enable, struct mono now)
{
	struct hostwatch_step step = { 0 };
	struct host *h = &hw->hosts[hw->host_of[endpoint]];
	struct look *l = &hw->looks[endpoint];

	if (((l->flags & OFF) == 0) == enable)
		return step;
	l->flags ^= OFF;
	if ((l->flags & COUNTS) == 0)
		return step;
	set_counting(hw, h, enable ? h->counting + 1 : h->counting - 1);
	if (enable && h->sweeping) {
		l->flags |= AWAITED;
		h->awaited++;
	}
	if (!enable && (l->flags & AWAITED) != 0) {
		l->flags &= (uint8_t)~AWAITED;
		h->awaited--;
	}
	if (h->sweeping && h->awaited == 0 && (h->suspect || h->counting > 0))
		decide(hw, h, now, &step);
	else
		update_isolation(hw, now, &step);
	return step;
}

struct hostwatch_step
hostwatch_standby(struct hostwatch *hw, uint32_t host, bool standby, struct mono now)
{
	struct hostwatch_step step = { 0 };
	struct host *h = &hw->hosts[host];

	if (host == 0 || h->left_out == standby)
		return step;
	step.decided = true;
	if (tallied(h))
		hw->tally[h->class]--;
	h->left_out = standby;
	h->class = UNSEEN;
	close_sweep(h);
	open_sweep(hw, h);
	if (tallied(h))
		hw->tally[h->class]++;
	update_isolation(hw, now, &step);
	return step;
}

struct mono
hostwatch_deadline(const struct hostwatch *hw, uint32_t host)
{
	return hw->hosts[host].deadline;
}

struct hostwatch_step
hostwatch_tick(struct hostwatch *hw, uint32_t host, struct mono now)
{
	struct hostwatch_step step = { 0 };
	struct host *h = &hw->hosts[host];

	if (mono_before(now, h->deadline))
		return step;
	h->deadline = MONO_NEVER;
	if (h->pausing) {
		h->pausing = false;
		h->deadline = sweep_end(hw, h, now);
		step.reprobe = true;
	} else if (h->silent >= 2) {
		/* The others were not probed in time: go by those that were. */
		decide(hw, h, now, &step);
	} else {
		step.decided = h->suspect;
		h->suspect = false;
	}
	return step;
}

/* ---- what is known */

enum host_state
hostwatch_state(const struct hostwatch *hw, uint32_t host)
{
	const struct host *h = &hw->hosts[host];

	if (host == 0)
		return hw->isolated ? HOST_UNREACHABLE : HOST_REACHABLE;
	if (hw->isolated || h->left_out)
		return HOST_UNKNOWN;
	if (h->down)
		return HOST_UNREACHABLE;
	return h->class == ANSWERING ? HOST_REACHABLE : HOST_UNKNOWN;
}

bool
hostwatch_suspects(const struct hostwatch *hw, uint32_t host)
{
	return hw->hosts[host].suspect;
}

bool
hostwatch_ever(const struct hostwatch *hw, uint32_t host)
{
	return host == 0 || hw->hosts[host].ever;
}

bool
hostwatch_wants(const struct hostwatch *hw, uint32_t endpoint)
{
	const struct host *h = &hw->hosts[hw->host_of[endpoint]];
	const struct look *l = &hw->looks[endpoint];

	if (h->left_out || (l->flags & OFF) != 0)
		return false;
	return h->sweeping ? (l->flags & AWAITED) != 0 : endpoint == h->last_yes;
}

bool
hostwatch_isolated(const struct hostwatch *hw)
{
	return hw->isolated;
}

bool
hostwatch_network(const struct hostwatch *hw, struct mono since)
{
	const uint32_t *t = hw->tally;

	if (!mono_before(hw->last_answer, since))
		return true;
	return t[ANSWERING] + t[UNSEEN] == 0 ||
	       t[ANSWERING] + t[UNSEEN] + t[SILENT] < HOSTS_TO_TELL;
}

uint32_t
hostwatch_canvass(struct hostwatch *hw, uint32_t *hosts, uint32_t max)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < hw->nhosts && n < max; i++) {
		const struct host *h;

		hw->cursor = (hw->cursor + 1) % hw->nhosts;
		h = &hw->hosts[hw->cursor];
		if (tallied(h) && h->class == ANSWERING && !h->suspect)
			hosts[n++] = hw->cursor;
	}
	return n;
}

/* ---- life */

static bool
counts(const struct probe_spec *s)
{
	return s->protocol != PROTO_UDP || s->expect_reply;
}

struct hostwatch *
hostwatch_new(const struct plan *plan)
{
	struct hostwatch *hw = mem_new(struct hostwatch);

	hw->nhosts = plan->nhosts;
	hw->hosts = mem_array(struct host, plan->nhosts);
	hw->looks = mem_array(struct look, plan->nendpoints);
	hw->host_of = mem_array(uint32_t, plan->nendpoints);
	hw->per_host = plan->site->probe.per_host > 0
	                   ? (uint32_t)plan->site->probe.per_host
	                   : 1;
	hw->last_answer.ns = INT64_MIN;
	for (uint32_t i = 0; i < plan->nspecs; i++) {
		if (plan->specs[i].timeout_ms > hw->timeout_ms)
			hw->timeout_ms = plan->specs[i].timeout_ms;
	}
	for (uint32_t i = 0; i < plan->nhosts; i++) {
		const struct plan_host *ph = &plan->hosts[i];
		struct host *h = &hw->hosts[i];

		h->first = ph->first_endpoint;
		h->n = ph->nendpoints;
		h->last_yes = UINT32_MAX;
		h->left_out = ph->local;
		h->deadline = MONO_NEVER;
		for (uint32_t k = h->first; k < h->first + h->n; k++) {
			hw->host_of[k] = i;
			hw->looks[k].last = ANSWER_YES;
			if (counts(&plan->specs[plan->endpoints[k].spec])) {
				hw->looks[k].flags = COUNTS;
				h->counting++;
			}
		}
		hw->tally[UNSEEN] += tallied(h);
		open_sweep(hw, h);
	}
	return hw;
}

void
hostwatch_free(struct hostwatch *hw)
{
	if (hw == NULL)
		return;
	free(hw->hosts);
	free(hw->looks);
	free(hw->host_of);
	free(hw);
}

void
hostwatch_restore_down(struct hostwatch *hw, uint32_t host)
{
	struct host *h = &hw->hosts[host];

	if (host != 0) {
		h->ever = h->down = true;
		h->sweeps = QUICK_SWEEPS;
	}
}

void
hostwatch_carry(
    struct hostwatch *hw, uint32_t host, const struct hostwatch *old, uint32_t old_host)
{
	struct host *h = &hw->hosts[host];
	const struct host *o = &old->hosts[old_host];

	hw->isolated = old->isolated;
	hw->last_answer = old->last_answer;
	if (h->left_out || o->left_out)
		return;
	h->ever = o->ever;
	h->down = o->down;
	h->sweeps = o->sweeps;
	if (o->class == ANSWERING || o->class == SILENT)
		set_class(hw, h, (enum class)o->class);
	if (o->class == ANSWERING)
		h->sweeping = false;
}
