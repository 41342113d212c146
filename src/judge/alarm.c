#include "judge/alarm.h"

enum flag {
	TOLD = 1,      /* the raise was handed out to be sent */
	BLIND = 2,     /* not seen lately: not to be raised now */
	CONFIRMED = 4, /* deviated often enough */
	CLEARING = 8,  /* active, and `count` counts towards the clear */
	RECHECK = 16,  /* active, but must be confirmed anew before it is told */
	HELD = 32,     /* the deviation was seen when the hold was over, or needs not */
};

/* While it is held it is looked at so often: who comes back meanwhile is noticed. */
#define LOOKS_A_HOLD 8

void
alarm_init(struct alarm *a)
{
	*a = (struct alarm){ .start = MONO_NEVER, .stage = STAGE_NONE };
}

bool
alarm_active(const struct alarm *a)
{
	return a->stage >= STAGE_RAISED;
}

bool
alarm_told(const struct alarm *a)
{
	return (a->flags & TOLD) != 0;
}

static void
begin(struct alarm *a, enum alarm_type type, struct instant now)
{
	a->stage = STAGE_PENDING;
	a->type = (uint8_t)type;
	a->start = now.mono;
	a->since = now.wall;
	a->count = 0;
	a->flags = 0;
}

static void
end(struct alarm *a)
{
	uint32_t slot = a->slot;

	alarm_init(a);
	a->slot = slot;
}

static struct alarm_step
clear(struct alarm *a)
{
	struct alarm_step step = { .cleared = true,
		.cleared_type = a->type,
		.cleared_told = alarm_told(a),
		.moved = true };

	end(a);
	return step;
}

static bool
gated(const struct alarm_rules *rules)
{
	return rules->gated || rules->asking;
}

/* Nothing but the clock and the gate stands before the raise. */
static bool
due(const struct alarm *a)
{
	return (a->flags & (CONFIRMED | HELD | BLIND | CLEARING)) == (CONFIRMED | HELD);
}

static struct mono
due_time(const struct alarm *a, const struct alarm_rules *rules)
{
	struct mono held = mono_add_s(a->start, rules->hold);

	return mono_before(held, rules->not_before) ? rules->not_before : held;
}

static bool
may_raise(const struct alarm *a, const struct alarm_rules *rules, struct mono now)
{
	return due(a) && !gated(rules) && !mono_before(now, due_time(a, rules));
}

static void
move(struct alarm *a, enum alarm_stage stage, struct alarm_step *step)
{
	if (a->stage != stage) {
		a->stage = (uint8_t)stage;
		step->moved = true;
	}
}

/* Active and not told: follow the block, and tell when there is none. */
static void
settle(struct alarm *a, const struct alarm_rules *rules, struct mono now,
    struct alarm_step *step)
{
	if (rules->block != ALARM_FREE) {
		move(a, rules->block == ALARM_MASK ? STAGE_MASKED : STAGE_MUTED, step);
		return;
	}
	if ((a->flags & RECHECK) != 0 && !may_raise(a, rules, now))
		return;
	if (gated(rules) || (a->flags & (BLIND | CLEARING)) != 0)
		return;
	a->flags &= (uint8_t)~RECHECK;
	move(a, STAGE_RAISED, step);
	if (!rules->quiet) {
		a->flags |= TOLD;
		a->start = now;
		step->told = true;
	}
}

static void
repeat(struct alarm *a, const struct alarm_rules *rules, struct mono now,
    struct alarm_step *step)
{
	if (rules->renotify == 0 ||
	    mono_before(now, mono_add_s(a->start, rules->renotify)))
		return;
	a->start = now;
	step->repeated = rules->block == ALARM_FREE && !rules->quiet;
}

static void
advance(struct alarm *a, const struct alarm_rules *rules, struct mono now,
    struct alarm_step *step)
{
	if (a->stage == STAGE_PENDING && may_raise(a, rules, now)) {
		step->raised = step->moved = true;
		a->stage = STAGE_RAISED;
	}
	if (!alarm_active(a))
		return;
	if (alarm_told(a))
		repeat(a, rules, now, step);
	else
		settle(a, rules, now, step);
}

static void
count(struct alarm *a)
{
	if (a->count < UINT8_MAX)
		a->count++;
}

static void
deviates(struct alarm *a, const struct alarm_rules *rules, struct mono now)
{
	if ((a->flags & CLEARING) != 0)
		a->count = 0;
	a->flags &= (uint8_t) ~(CLEARING | BLIND);
	count(a);
	if ((a->flags & RECHECK) != 0 && a->count == 1)
		a->start = now;
	if (a->count >= rules->raise_after)
		a->flags |= CONFIRMED;
	if (!rules->sampled || (!rules->doubtful && !gated(rules) &&
				   !mono_before(now, due_time(a, rules))))
		a->flags |= HELD;
}

/* An active alarm's deviation was not seen. */
static struct alarm_step
recovers(struct alarm *a, const struct alarm_rules *rules)
{
	if ((a->flags & CLEARING) == 0)
		a->count = 0;
	a->flags = (uint8_t)((a->flags | CLEARING) & ~CONFIRMED);
	count(a);
	if (a->count >= rules->clear_after)
		return clear(a);
	return (struct alarm_step){ 0 };
}

struct alarm_step
alarm_observe(struct alarm *a, const struct alarm_rules *rules, enum alarm_type type,
    struct instant now)
{
	struct alarm_step step = { 0 };

	if (alarm_active(a) && a->type != type) {
		step = recovers(a, rules);
		if (!step.cleared)
			return step;
	}
	if (type == ALARM_NONE) {
		if (a->stage == STAGE_PENDING) {
			end(a);
			step.moved = true;
		}
		return step;
	}
	if (!alarm_active(a) && (a->stage == STAGE_NONE || a->type != type)) {
		begin(a, type, now);
		step.moved = true;
	}
	deviates(a, rules, now.mono);
	advance(a, rules, now.mono, &step);
	return step;
}

void
alarm_blind(struct alarm *a)
{
	if (a->stage != STAGE_NONE)
		a->flags |= BLIND;
}

struct alarm_step
alarm_poll(struct alarm *a, const struct alarm_rules *rules, struct mono now)
{
	struct alarm_step step = { 0 };

	advance(a, rules, now, &step);
	return step;
}

/* It is on its way to be told. */
static bool
waits(const struct alarm *a, const struct alarm_rules *rules)
{
	return a->stage == STAGE_PENDING ||
	       ((a->flags & RECHECK) != 0 && rules->block == ALARM_FREE);
}

struct mono
alarm_deadline(const struct alarm *a, const struct alarm_rules *rules)
{
	if (alarm_active(a) && alarm_told(a))
		return rules->renotify != 0 ? mono_add_s(a->start, rules->renotify)
		                            : MONO_NEVER;
	if (waits(a, rules))
		return due(a) && !gated(rules) ? due_time(a, rules) : MONO_NEVER;
	return MONO_NEVER;
}

struct mono
alarm_hold_end(const struct alarm *a, const struct alarm_rules *rules)
{
	unsigned all = CONFIRMED | HELD | BLIND | CLEARING;

	return waits(a, rules) && (a->flags & all) == CONFIRMED ? due_time(a, rules)
	                                                        : MONO_NEVER;
}

struct mono
alarm_look(const struct alarm *a, const struct alarm_rules *rules, struct mono now)
{
	struct mono end = alarm_hold_end(a, rules);
	struct mono next = mono_add_ms(now, (int64_t)rules->hold * 1000 / LOOKS_A_HOLD);

	if ((a->flags & BLIND) != 0)
		return MONO_NEVER;
	if (alarm_active(a) && (a->flags & CLEARING) != 0)
		return now;
	if (waits(a, rules) && (a->flags & CONFIRMED) == 0)
		return now;
	if (mono_is_never(end))
		return MONO_NEVER;
	if (gated(rules))
		return next;
	return mono_before(end, now) ? now : mono_min(end, next);
}

struct alarm_step
alarm_drop(struct alarm *a)
{
	struct alarm_step step = { .moved = a->stage != STAGE_NONE };

	if (alarm_active(a))
		return clear(a);
	end(a);
	return step;
}

struct alarm_step
alarm_recheck(struct alarm *a)
{
	if (a->stage == STAGE_NONE || alarm_told(a))
		return (struct alarm_step){ 0 };
	if (!alarm_active(a))
		return alarm_drop(a);
	a->flags = RECHECK | BLIND;
	a->count = 0;
	return (struct alarm_step){ 0 };
}

void
alarm_restore(struct alarm *a, enum alarm_type type, enum alarm_stage stage, bool told,
    wall_t since, struct mono now)
{
	a->stage = (uint8_t)stage;
	a->type = (uint8_t)type;
	a->start = now;
	a->since = since;
	a->count = 0;
	a->flags = told ? TOLD : RECHECK | BLIND;
}
