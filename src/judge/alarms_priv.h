#ifndef SVCPORT_ALARMS_PRIV_H
#define SVCPORT_ALARMS_PRIV_H

/* What the parts of the book share. */

#include "base/agenda.h"
#include "judge/alarm.h"
#include "judge/alarms.h"
#include "plan/plan.h"

enum row_bit {
	BIT_DISABLED = 1,
	BIT_MUTED = 2,     /* as last reported */
	BIT_NO_ANSWER = 4, /* it deviates because nothing answered */
	/* Observed since the alarm of its alternative or quorum group last counted:
	 * that counts a round when every member was looked at. */
	BIT_FRESH_ALT = 8,
	BIT_FRESH_QUORUM = 16,
	/* A number in two bits: so many silences do not undo what was said before. */
	BIT_DOUBTS = 32,
	BITS_DOUBTS = 96,
};

/* One check; there may be 100,000 of them. */
struct row_book {
	struct alarm alarm;
	uint32_t mute_until; /* seconds since 1970 */
	struct observed seen;
	uint8_t verdict, reason, error;
	uint8_t other; /* member of its alternative group that the reason names */
	uint8_t bits;  /* enum row_bit */
};

/* The accept queue of a local check. */
struct queue_book {
	uint32_t check;
	struct alarm alarm;
};

struct quorum_book {
	struct alarm alarm;
	struct group_state state;
	uint32_t object; /* the lowest of those that were missing last */
};

struct host_book {
	struct alarm alarm;
	uint32_t mute_until;
	bool standby;
	bool down; /* unreachable or reported down, as its rows were last told */
	struct mono asked; /* that it be swept, since its alarm is due */
	uint8_t state;     /* as last reported, like: */
	uint8_t severity;
	uint32_t reported_mute;
};

/* Everything that has an alarm or a deadline, numbered through. */
enum kind {
	KIND_CHECK,
	KIND_QUEUE,
	KIND_QUORUM,
	KIND_HOST,
	KIND_WATCH, /* of hostwatch, by host */
	KIND_AGENT,
	KINDS,
};

struct thing {
	enum kind kind;
	uint32_t index; /* among its kind */
};

struct active {
	struct alarm_row row;
	uint32_t id; /* of the thing */
};

struct numbers {
	uint32_t next, left;
};

struct alarms {
	const struct plan *plan;
	const struct alarms_ops *ops;
	void *arg;
	struct hostwatch *watch;
	struct agenda *agenda;
	uint32_t base[KINDS + 1]; /* first id of each kind */

	struct row_book *rows;       /* by check */
	struct queue_book *queues;   /* ascending check */
	struct quorum_book *quorums; /* by plan group */
	struct host_book *hosts;
	uint32_t nqueues;
	uint32_t *by_host;                /* check indexes, by host */
	uint32_t *host_first;             /* into by_host; one more than hosts */
	struct group_member *alternative; /* room for the largest group */
	struct group_member *quorum;

	struct active *active; /* alarm.slot is the position */
	uint32_t nactive, cap;
	struct numbers seq, index;
	bool crowded; /* a new index may be that of an active alarm */

	uint32_t mute_until; /* the agent's */
	uint32_t muted_rows;
	bool quiet;                     /* notifications are off */
	bool first_local, first_remote; /* the first round is over */
	struct mono grace;              /* no local raise before */
	struct mono canvassed;
	/* What would be raised, were it known that the network works. */
	uint32_t *asking;
	uint32_t nasking, asking_cap;
	uint8_t *is_asking; /* a bit by id */
};

static inline bool
alarms_local(const struct alarms *a, uint32_t check)
{
	return a->plan->hosts[a->plan->checks[check].host].local;
}

/* ---- alarms_build.c */

/* Memory for a plan; nothing of what is known is touched. */
void alarms_build(struct alarms *a, const struct plan *plan);
void alarms_unbuild(struct alarms *a);
struct queue_book *alarms_queue(const struct alarms *a, uint32_t check);

/* ---- alarms_order.c */

/* Probed or not: the check was disabled or enabled. */
void alarms_enable_endpoints(struct alarms *a, uint32_t check, struct instant now);
/* Lets every alarm follow what changed for all. */
void alarms_refresh_all(struct alarms *a, struct instant now);
bool alarms_mute_over(uint32_t until, struct instant now);

/* ---- alarms_rules.c: what holds for an alarm now */

struct thing alarms_thing(const struct alarms *a, uint32_t id);
struct alarm *alarms_alarm(const struct alarms *a, uint32_t id);
static inline uint32_t
alarms_id(const struct alarms *a, enum kind kind, uint32_t index)
{
	return a->base[kind] + index;
}

/* How many observations it takes; 0 where none is at hand. */
struct after {
	uint8_t raise, clear;
	bool sampled; /* they are looks now and then, see alarm.h */
};

/* They are `asking` while the network was not seen to work since. */
struct alarm_rules alarms_rules(
    const struct alarms *a, uint32_t id, struct after after);
bool alarms_muted(const struct alarms *a, uint32_t check);
bool alarms_masks(const struct alarms *a, uint32_t host);
/* The member of a quorum group is among those that are missing. */
bool alarms_missing(const struct alarms *a, uint32_t check);
enum severity alarms_severity(
    const struct alarms *a, struct thing t, enum alarm_type type);

/* ---- alarms_run.c: from the step of an alarm to what the caller hears; all return
 * whether the stage moved */

bool alarms_feed(struct alarms *a, uint32_t id, enum alarm_type type,
    struct after after, struct instant now);
bool alarms_feed_blind(struct alarms *a, uint32_t id, struct instant now);
bool alarms_poll(struct alarms *a, uint32_t id, struct instant now);
bool alarms_end(struct alarms *a, uint32_t id, struct instant now);
bool alarms_recheck(struct alarms *a, uint32_t id, struct instant now);
void alarms_arm(struct alarms *a, uint32_t id, struct instant now);
/* The network works: raises what waited for that. */
void alarms_wake(struct alarms *a, struct instant now);
/* Enters an alarm that has its number already; returns its slot. */
uint32_t alarms_adopt(struct alarms *a, uint32_t id, const struct alarm_row *row);
/* Ends an alarm that belongs to nothing here; `object` is a check or host index, or
 * ALARMS_GONE. */
void alarms_orphan(struct alarms *a, const struct alarm_saved *saved, uint32_t object,
    struct instant now);

/* ---- alarms_look.c */

/* The thing's time has come, or it is to be looked at for another reason. */
void alarms_visit(struct alarms *a, uint32_t id, struct instant now);

/* ---- alarms_judge.c: rows */

enum source { SOURCE_NONE, SOURCE_LISTEN, SOURCE_CONNECT };

/* One row judged by itself, and how often that must be seen. */
struct own {
	struct judgement j;
	struct after after;
};
struct own alarms_judge_own(const struct alarms *a, uint32_t check);
/* Whether a look is evidence for or against the judgement: what the sockets say once a
 * second does not confirm what a probe found. */
bool alarms_evidence(const struct judgement *j, enum source source);
/* Takes over a judgement; true when the row shows anything new. */
bool alarms_show(
    struct alarms *a, uint32_t check, const struct judgement *j, uint32_t other);
/* Feeds the row's own alarm: an observation, or nothing but the judgement.  True when
 * its stage moved. */
bool alarms_feed_row(struct alarms *a, uint32_t check, const struct own *own,
    bool observed, struct instant now);

/* Judges the row and those that depend on it anew: something was observed, or (with
 * SOURCE_NONE) the host, a switch or the plan changed. */
void alarms_judge(
    struct alarms *a, uint32_t check, enum source source, struct instant now);
/* Mutes or masks changed: lets the row's alarms follow. */
void alarms_refresh(struct alarms *a, uint32_t check, struct instant now);
void alarms_report(struct alarms *a, uint32_t check);

/* ---- alarms_group.c: rows that are judged together */

void alarms_judge_alternative(
    struct alarms *a, uint32_t check, enum source source, struct instant now);
/* `check` is the member that was looked at, ALARMS_GONE for none. */
void alarms_judge_quorum(
    struct alarms *a, uint32_t quorum, uint32_t check, struct instant now);
void alarms_poll_quorum(struct alarms *a, uint32_t quorum, struct instant now);
/* Reports the members whose row the group's alarm speaks for. */
void alarms_report_missing(struct alarms *a, uint32_t group);
/* The id whose alarm speaks for the row: its own, or its group's. */
uint32_t alarms_speaker(const struct alarms *a, uint32_t check);

/* ---- alarms_host.c */

void alarms_host_step(
    struct alarms *a, uint32_t host, struct hostwatch_step step, struct instant now);
/* The host's state, or whether it is reported down, may be another. */
void alarms_host_moved(struct alarms *a, uint32_t host, struct instant now);
void alarms_host_report(struct alarms *a, uint32_t host);
/* When the host's alarm, which only a sweep can decide, wants one; MONO_NEVER for not
 * at all.  alarms_host_sweep() orders it. */
struct mono alarms_host_due(const struct alarms *a, uint32_t host);
void alarms_host_sweep(struct alarms *a, uint32_t host, struct mono now);

#endif
