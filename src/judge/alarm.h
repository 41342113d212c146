#ifndef SVCPORT_ALARM_H
#define SVCPORT_ALARM_H

/*
 * The alarm of one object, whatever the object is: from the first deviating observation
 * over hold and hysteresis to one raise and one clear.  Pure: the owner feeds it, and
 * does what the returned step says.
 *
 *   none --deviates--> pending --often and long enough--> raised | masked | muted
 *   pending --fine--> none            masked | muted --the block ends--> raised
 *   raised | masked | muted --fine often enough--> none
 *
 * An alarm is *active* when raised, masked or muted, and *told* when its raise was
 * handed out to be sent.  A told alarm stays raised under any block, and only a told
 * one has a clear that must be sent.  A blind observation stops everything that is on
 * its way to be raised and changes nothing else.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/mono.h"
#include "model/types.h"

struct alarm {
	struct mono start; /* the hold began; once told: when it was last told */
	wall_t since;      /* when the deviation began */
	uint32_t slot;     /* the owner's own, untouched here */
	uint8_t stage;     /* enum alarm_stage */
	uint8_t type;      /* enum alarm_type */
	uint8_t count;     /* observations in a row */
	uint8_t flags;     /* alarm.c's own */
};

enum alarm_block {
	ALARM_FREE,
	ALARM_MASK, /* its host is reported down */
	ALARM_MUTE,
};

struct alarm_rules {
	uint32_t hold;          /* seconds from the first deviation to the raise */
	uint32_t renotify;      /* seconds between two tellings, 0: once only */
	struct mono not_before; /* no raise before */
	uint8_t raise_after;    /* deviating observations in a row, at least 1 */
	uint8_t clear_after;    /* others in a row, at least 1 */
	uint8_t block;          /* enum alarm_block */
	bool gated;             /* it is not known yet whether to raise: wait */
	bool asking;            /* the same, and it is being found out */
	bool sampled;           /* looked at now and then only: the deviation must be
	                           seen once more when the hold is over */
	bool doubtful; /* seen once more, but not well enough to be told by it */
	bool quiet;    /* nobody is to be told of anything */
};

/* What the owner has to do, in this order. */
struct alarm_step {
	bool cleared;         /* an alarm ended */
	uint8_t cleared_type; /* enum alarm_type */
	bool cleared_told;    /* its clear is to be sent */
	bool raised;          /* an alarm became active */
	bool told;            /* its raise is to be sent */
	bool repeated;        /* its raise is to be sent once more */
	bool moved;           /* the stage changed */
};

void alarm_init(struct alarm *a);

/* The object was seen to deviate by `type`, or with ALARM_NONE to be fine. */
struct alarm_step alarm_observe(struct alarm *a, const struct alarm_rules *rules,
    enum alarm_type type, struct instant now);
/* It could not be seen. */
void alarm_blind(struct alarm *a);
/* Time passed, or gate, block or quiet changed. */
struct alarm_step alarm_poll(
    struct alarm *a, const struct alarm_rules *rules, struct mono now);
/* When alarm_poll() is wanted; MONO_NEVER when only an observation or a change of the
 * rules can matter. */
struct mono alarm_deadline(const struct alarm *a, const struct alarm_rules *rules);

/* Is not watched any more: over at once. */
struct alarm_step alarm_drop(struct alarm *a);
/* What was observed says nothing any more (the host was down).  An alarm that was told
 * stays; an active one needs new observations and a new hold before it is told; one
 * that is pending is forgotten. */
struct alarm_step alarm_recheck(struct alarm *a);
/* An active alarm of an earlier process; as after alarm_recheck(). */
void alarm_restore(struct alarm *a, enum alarm_type type, enum alarm_stage stage,
    bool told, wall_t since, struct mono now);

bool alarm_active(const struct alarm *a);
bool alarm_told(const struct alarm *a);
/* When the hold ends of an alarm that wants one observation more then; MONO_NEVER for
 * any other. */
struct mono alarm_hold_end(const struct alarm *a, const struct alarm_rules *rules);
/* When the object should be looked at again, ahead of its schedule, since one more
 * observation may change the stage: at `now` for as soon as may be; MONO_NEVER when the
 * schedule is enough. */
struct mono alarm_look(
    const struct alarm *a, const struct alarm_rules *rules, struct mono now);

#endif
