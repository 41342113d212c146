#ifndef SVCPORT_ALARMS_H
#define SVCPORT_ALARMS_H

/*
 * The judging side of a whole plan: takes observations, keeps every check's verdict and
 * alarm, every host's state, the mutes and the numbers, and says what changed through
 * callbacks.  It reads no clock, does no I/O and belongs to one thread.
 *
 * What it keeps: one alarm per check, one for a full accept queue per local check, one
 * per host, one per quorum group; in an alternative group the carrier has the alarm.
 *
 * Cost: an observation is O(1) (times the members of the check's group); a host that
 * changes state is O(its checks); becoming or ceasing to be isolated is O(checks).
 *
 * Callbacks run inside the call that caused them; they must not call back into the
 * book, except for the queries.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/event.h"
#include "judge/group.h"
#include "judge/hostwatch.h"
#include "base/mono.h"
#include "publish/row.h"
#include "model/types.h"
#include "judge/verdict.h"

struct alarms;
struct plan;
struct plan_group;

/* What the book knows of a row: the fields of struct row with these names. */
struct alarms_view {
	uint8_t verdict;
	uint8_t severity; /* SEVERITY_CLEARED in the stages none and pending */
	uint8_t stage;
	uint8_t reason;
	uint8_t error;
	uint8_t flags; /* enum row_flag */
	uint32_t other;
};

/*
 * An alarm in a form that outlives plan and process: numbers instead of positions, and
 * the names that a clearing notification needs when the row is no more.
 */
struct alarm_saved {
	uint32_t index; /* svcPortAlarmIndex */
	uint32_t notify_seq;
	wall_t since;
	uint16_t catalogue, service, host; /* numbers; catalogue 0: the host's own */
	uint8_t type;                      /* enum alarm_type */
	uint8_t severity;
	uint8_t stage;    /* raised, masked or muted */
	uint8_t notified; /* a raise was handed out to be sent */
	uint8_t protocol, expected;
	char catalogue_name[33], service_name[65], host_name[65], ports[129];
	char text[256];
};

struct mute_saved {
	uint16_t catalogue, service,
	    host;       /* numbers; 0 0 N: a host; 0 0 0: the agent */
	uint32_t until; /* seconds since 1970 */
};

#define ALARMS_GONE UINT32_MAX

struct alarms_event {
	enum event_number number;
	uint32_t seq;
	wall_t time;
	bool raise;      /* else it clears */
	bool repeat;     /* raised before, said again (renotify) */
	bool suppressed; /* to be recorded, not sent */
	/* Check index, host index (number 7 and 8), or ALARMS_GONE: the row is not in
	 * the plan any more and `gone` says what it was. */
	uint32_t object;
	const struct alarm_saved *gone; /* NULL unless ALARMS_GONE */
	/* The alarm is a quorum group's: how it stands.  `object` is the lowest of its
	 * closed members when it was raised. */
	const struct plan_group *group; /* NULL for none */
	struct group_state quorum;
	/* The alarm; in a clear still as it was.  A raise must fill alarm->text, the
	 * notification's message: it is kept and comes with every later put. */
	struct alarm_row *alarm;
};

/* All are called with `arg`; none may be NULL. */
struct alarms_ops {
	/* Verdict, alarm stage, reason or flags of a row changed. */
	void (*row)(void *arg, uint32_t check, const struct alarms_view *view);
	/* A notification is wanted.  Comes before `alarm` of a raise and before
	 * `alarm_gone` of a clear. */
	void (*event)(void *arg, struct alarms_event *e);
	/* The active alarm table: put one (new or changed), drop one. */
	void (*alarm)(void *arg, const struct alarm_row *alarm);
	void (*alarm_gone)(void *arg, uint32_t index);
	/* State, severity or mute of a host changed. */
	void (*host)(void *arg, uint32_t host, enum host_state state,
	    enum severity severity, uint32_t mute_until);
	/* Please probe at once every endpoint of the host for which
	 * alarms_wants_probe() holds when its turn comes. */
	void (*reprobe)(void *arg, uint32_t host);
};

/*
 * The plan is borrowed until alarms_free() or the end of alarms_replan().  Timing,
 * severities, boot grace and renotify are taken from it and from its site (mutes are
 * not: order them).
 * Nothing is called back: fetch the initial views with alarms_publish().  `now.mono`
 * counts from the system's boot (as mono_now() does), for boot-grace.
 */
struct alarms *alarms_new(const struct plan *plan, const struct alarms_ops *ops,
    void *arg, struct instant now);
void alarms_free(struct alarms *a);

/*
 * Moves everything that stays onto a new plan: states, verdicts, alarms, counts, mutes.
 * Alarms of rows that go are cleared (notified ones with their notification, whose
 * object is ALARMS_GONE).  The old plan must still be there.  Rows are reported for
 * what changed only; call alarms_publish() when the rows were made anew.
 */
void alarms_replan(struct alarms *a, const struct plan *plan, struct instant now);

/* Calls row() for every check, host() for every host, alarm() for every alarm. */
void alarms_publish(struct alarms *a);

/* ---- what was observed */

/* The sockets of a local check.  `queue_full`: its accept queue stands at its limit. */
void alarms_listen(struct alarms *a, uint32_t check, struct sight sight,
    bool queue_full, struct instant now);
/* A probe of a check ended (all its ports, for a range). */
void alarms_connect(
    struct alarms *a, uint32_t check, struct sight sight, struct instant now);

/* Did the *host* answer a probe (hostwatch.h)?  Tell it of every probe that ended, and
 * before the alarms_connect() of its checks. */
void alarms_answer(
    struct alarms *a, uint32_t endpoint, enum answer answer, struct instant now);

/* The first complete look at the local sockets, or the first complete round of
 * probes, is over: before it, nothing of that kind is raised. */
void alarms_first_local(struct alarms *a, struct instant now);
void alarms_first_remote(struct alarms *a, struct instant now);

/* ---- what was ordered */

void alarms_disable(struct alarms *a, uint32_t check, bool disable, struct instant now);
/* The host's active-when address is (not) here. */
void alarms_standby(struct alarms *a, uint32_t host, bool standby, struct instant now);
/* `until`: seconds since 1970; 0, or a time that has passed, ends the mute. */
void alarms_mute_agent(struct alarms *a, uint32_t until, struct instant now);
void alarms_mute_host(
    struct alarms *a, uint32_t host, uint32_t until, struct instant now);
void alarms_mute_check(
    struct alarms *a, uint32_t check, uint32_t until, struct instant now);
/* svcPortNotifyEnable: while off, every event is suppressed.  Alarms that nobody was
 * told of are notified when it comes on again. */
void alarms_notify(struct alarms *a, bool enable, struct instant now);

/* ---- time */

/* When alarms_tick() is wanted next; MONO_NEVER for not at all. */
struct mono alarms_next(const struct alarms *a);
void alarms_tick(struct alarms *a, struct instant now);
/* The wall clock was set, or now.mono stood still: mutes, which end by the former, end
 * when they should. */
void alarms_clock_set(struct alarms *a, struct instant now);

/* ---- numbers: 1 to 4294967295, then 1 again */

/* From here on hand out first, first + 1, ...; `count` of them are safe on disk.  To
 * extend a reservation give the same `first` as *_next() says. */
void alarms_reserve_seq(struct alarms *a, uint32_t first, uint32_t count);
void alarms_reserve_index(struct alarms *a, uint32_t first, uint32_t count);
uint32_t alarms_seq_next(const struct alarms *a);
uint32_t alarms_index_next(const struct alarms *a);
/* How many of the reservation are left.  Numbers go on when none is: after a power loss
 * only could one repeat, and nothing ever waits for the disk. */
uint32_t alarms_seq_left(const struct alarms *a);
uint32_t alarms_index_left(const struct alarms *a);
/* For notifications that the book does not know of: heartbeat, inventory, overflow,
 * undocumented listeners; and for the alarms of the last. */
uint32_t alarms_take_seq(struct alarms *a);
uint32_t alarms_take_index(struct alarms *a);

/* ---- queries */

void alarms_view(const struct alarms *a, uint32_t check, struct alarms_view *out);
enum host_state alarms_host(const struct alarms *a, uint32_t host);
/* A probe of this endpoint helps to decide about its host now. */
bool alarms_wants_probe(const struct alarms *a, uint32_t endpoint);
/* When a probe of the row is wanted ahead of the schedule, since it may decide about an
 * alarm: `now` for as soon as may be, MONO_NEVER for not at all. */
struct mono alarms_look(const struct alarms *a, uint32_t check, struct mono now);
bool alarms_isolated(const struct alarms *a);
uint32_t alarms_count(const struct alarms *a);      /* active alarms */
uint32_t alarms_muted_rows(const struct alarms *a); /* svcPortSummaryMuted */
uint32_t alarms_agent_mute(const struct alarms *a); /* until, 0 for none */
uint32_t alarms_check_mute(const struct alarms *a, uint32_t check); /* its own */
bool alarms_notifying(const struct alarms *a);

/* ---- across a restart */

/* What outlives the plan of an alarm on one of its rows. */
struct alarm_saved alarms_save(const struct plan *plan, const struct alarm_row *row);
/* Alarm `i` of alarms_count(), in no particular order. */
void alarms_export(const struct alarms *a, uint32_t i, struct alarm_saved *out);
/* All mutes into an array that the caller frees; returns how many. */
uint32_t alarms_export_mutes(const struct alarms *a, struct mute_saved **out);
/*
 * To be called after alarms_new() and the reservation of numbers, before the first
 * observation.  Alarms come back with their numbers: they are neither raised again nor
 * forgotten; those whose row is gone are cleared now, the others when they are seen to
 * be over.
 */
void alarms_import(struct alarms *a, const struct alarm_saved *v, size_t n,
    const struct mute_saved *mutes, size_t nmutes, struct instant now);

#endif
