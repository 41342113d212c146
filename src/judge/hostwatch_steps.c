#include "judge/hostwatch_priv.h"

#define PAUSE_MS 1000 /* between two quick sweeps */
#define SLACK_MS 5000 /* a sweep may take that much longer than its timeouts */

/* ---- hosts by class */

bool
hostwatch_tallied(const struct hostwatch_host *h)
{
	return !h->left_out && h->counting > 0;
}

void
hostwatch_set_class(struct hostwatch *hw, struct hostwatch_host *h, enum class class)
{
	if (hostwatch_tallied(h)) {
		hw->tally[h->class]--;
		hw->tally[class]++;
	}
	h->class = (uint8_t) class;
}

void
hostwatch_set_counting(
    struct hostwatch *hw, struct hostwatch_host *h, uint32_t counting)
{
	if (hostwatch_tallied(h))
		hw->tally[h->class]--;
	h->counting = counting;
	if (hostwatch_tallied(h))
		hw->tally[h->class]++;
}

static struct mono
sweep_end(const struct hostwatch *hw, const struct hostwatch_host *h, struct mono now)
{
	int64_t turns = 1 + h->counting / hw->per_host;

	return mono_add_ms(now, turns * hw->timeout_ms + SLACK_MS);
}

void
hostwatch_open_sweep(struct hostwatch *hw, struct hostwatch_host *h)
{
	h->sweeping = true;
	h->awaited = h->silent = 0;
	for (uint32_t i = h->first; i < h->first + h->n; i++) {
		struct hostwatch_look *l = &hw->looks[i];

		l->flags &= (uint8_t)~AWAITED;
		if ((l->flags & (COUNTS | OFF)) == COUNTS) {
			l->flags |= AWAITED;
			h->awaited++;
		}
	}
}

static void
close_sweep(struct hostwatch_host *h)
{
	h->sweeping = h->suspect = h->pausing = h->down = false;
	h->sweeps = 0;
	h->deadline = MONO_NEVER;
}

static void
suspect(const struct hostwatch *hw, struct hostwatch_host *h, struct mono now)
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
		struct hostwatch_host *h = &hw->hosts[i];

		if (h->left_out || h->class != SILENT)
			continue;
		close_sweep(h);
		hostwatch_set_class(hw, h, UNSEEN);
		hostwatch_open_sweep(hw, h);
		if (h->ever && h->counting > 1)
			suspect(hw, h, now);
	}
}

static void
update_isolation(struct hostwatch *hw, struct mono now, struct hostwatch_step *step)
{
	uint32_t silent = hw->tally[SILENT];
	uint32_t unseen = hw->tally[UNSEEN];
	bool isolated;

	/* Hosts that are new, or looked at anew, do not end it: an answer does. */
	if (hw->isolated)
		isolated = silent + unseen >= HOSTS_TO_TELL;
	else
		isolated = silent >= HOSTS_TO_TELL && unseen == 0;
	isolated = isolated && hw->tally[ANSWERING] == 0;
	if (isolated == hw->isolated)
		return;
	hw->isolated = isolated;
	step->isolation = true;
	if (!isolated)
		forget_silence(hw, now);
}

/* ---- one host */

static void
answered(struct hostwatch *hw, struct hostwatch_host *h, uint32_t endpoint,
    struct mono now, struct hostwatch_step *step)
{
	step->answered = true;
	step->decided = h->suspect || h->down || h->class != ANSWERING;
	close_sweep(h);
	h->ever = true;
	h->answers++;
	h->last_yes = endpoint;
	hw->last_answer = now;
	hostwatch_set_class(hw, h, ANSWERING);
	update_isolation(hw, now, step);
}

/* The sweep is over and nothing answered. */
static void
decide(struct hostwatch *hw, struct hostwatch_host *h, struct mono now,
    struct hostwatch_step *step)
{
	bool was_down = h->down;

	step->swept = h->silent > 0;
	step->silent = h->ever && h->silent >= 2;
	if (step->silent)
		h->down = true;
	else if (h->silent == 0)
		h->down = false;
	step->decided = h->suspect || h->down != was_down || h->class == ANSWERING;
	hostwatch_set_class(hw, h, h->silent > 0 ? SILENT : BLINDED);
	h->suspect = h->pausing = false;
	h->deadline = MONO_NEVER;
	if (step->silent && h->sweeps < UINT8_MAX)
		h->sweeps++;
	if (step->silent && h->sweeps < QUICK_SWEEPS) {
		h->pausing = true;
		h->deadline = mono_add_ms(now, PAUSE_MS);
	}
	hostwatch_open_sweep(hw, h);
	update_isolation(hw, now, step);
}

static void
missing(struct hostwatch *hw, struct hostwatch_host *h, struct hostwatch_look *l,
    enum answer answer, struct mono now, struct hostwatch_step *step)
{
	/* A port that never answers must not make its host suspect again and again: it
	 * did not answer the last time either, and the host has answered since. */
	bool known = l->last == answer && l->answers != h->answers;

	l->last = (uint8_t)answer;
	l->answers = h->answers;
	if (!h->sweeping) {
		if (known)
			return;
		hostwatch_open_sweep(hw, h);
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
	struct hostwatch_host *h = &hw->hosts[hw->host_of[endpoint]];
	struct hostwatch_look *l = &hw->looks[endpoint];

	if (h->left_out || (l->flags & OFF) != 0)
		return step;
	if (answer == ANSWER_NO && (l->flags & COUNTS) == 0) {
		/* Its prober has learnt that it answers. */
		l->flags |= COUNTS;
		hostwatch_set_counting(hw, h, h->counting + 1);
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
	struct hostwatch_host *h = &hw->hosts[hw->host_of[endpoint]];
	struct hostwatch_look *l = &hw->looks[endpoint];

	if (((l->flags & OFF) == 0) == enable)
		return step;
	l->flags ^= OFF;
	if ((l->flags & COUNTS) == 0)
		return step;
	hostwatch_set_counting(hw, h, enable ? h->counting + 1 : h->counting - 1);
	if (enable && h->sweeping) {
		l->flags |= AWAITED;
		h->awaited++;
	}
	if (!enable && (l->flags & AWAITED) != 0) {
		l->flags &= (uint8_t)~AWAITED;
		h->awaited--;
	}
	if (!h->left_out && h->sweeping && h->awaited == 0)
		decide(hw, h, now, &step);
	else
		update_isolation(hw, now, &step);
	return step;
}

struct hostwatch_step
hostwatch_standby(struct hostwatch *hw, uint32_t host, bool standby, struct mono now)
{
	struct hostwatch_step step = { 0 };
	struct hostwatch_host *h = &hw->hosts[host];

	if (host == 0 || h->left_out == standby)
		return step;
	step.decided = true;
	if (hostwatch_tallied(h))
		hw->tally[h->class]--;
	h->left_out = standby;
	h->class = UNSEEN;
	close_sweep(h);
	hostwatch_open_sweep(hw, h);
	if (hostwatch_tallied(h))
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
	struct hostwatch_host *h = &hw->hosts[host];

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

struct hostwatch_step
hostwatch_review(struct hostwatch *hw, struct mono now)
{
	struct hostwatch_step step = { 0 };

	update_isolation(hw, now, &step);
	return step;
}
