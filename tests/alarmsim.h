#ifndef SVCPORT_TESTS_ALARMSIM_H
#define SVCPORT_TESTS_ALARMSIM_H

/*
 * A world on a simulated clock for the book of alarms: local sockets that open and
 * close, remote ports that are open, refused or silent, hosts that go down, a network
 * that breaks, name servers that fail; looked at as the real watchers do.  Everything
 * that the book says is checked against what it was told, on the spot.
 */

#include <stdbool.h>
#include <stdint.h>

#include "alarms.h"
#include "plan.h"

enum truth { TRUTH_OPEN, TRUTH_REFUSED, TRUTH_SILENT, TRUTH_BLIND, TRUTH_PLAIN };

#define SIM_MAX    64    /* checks, endpoints, hosts at most */
#define SIM_ALARMS 20000 /* alarm numbers and events of one life at most */

struct sim_event {
	uint32_t number, alarm, object;
	bool suppressed, repeat;
	int64_t ms;
};

struct sim_alarm {
	bool raised, told, cleared, listed;
	uint8_t type;
	uint32_t object;
};

struct sim {
	struct plan *plan;
	struct alarms *book;
	unsigned seed;
	int64_t ms; /* since boot */

	/* the world */
	enum truth port[SIM_MAX]; /* by endpoint */
	uint8_t listen[SIM_MAX];  /* by check: enum listen_state */
	bool full[SIM_MAX];       /* accept queues */
	bool host_down[SIM_MAX], cut_off, no_netlink;

	/* the watchers */
	int64_t next[SIM_MAX], ends[SIM_MAX]; /* by endpoint; ends 0: not in flight */
	enum truth found[SIM_MAX];
	bool looked[SIM_MAX];
	uint32_t unseen;
	bool seen_local;
	int64_t next_dump;

	/* what the book was told */
	bool disabled[SIM_MAX], standby[SIM_MAX], quiet;
	uint32_t mute_check[SIM_MAX], mute_host[SIM_MAX], mute_agent;
	int64_t
	    bad_since[SIM_MAX]; /* by check: first of a row of bad looks, -1: none */
	int bad_looks[SIM_MAX];
	bool confirmed[SIM_MAX]; /* seen often enough */
	bool blind[SIM_MAX], no_answer[SIM_MAX];
	bool void_before[SIM_MAX];   /* by check: its host was down, looks count anew */
	int64_t down_since[SIM_MAX]; /* by host */

	/* what the book said */
	struct alarms_view view[SIM_MAX];
	uint8_t host_state[SIM_MAX];
	bool host_alarm[SIM_MAX];
	uint32_t last_seq, last_index, listed, reprobes;
	struct sim_alarm alarm[SIM_ALARMS];
	struct sim_event event[SIM_ALARMS];
	uint32_t nevents;
};

/* The caller frees it with sim_free(). */
struct sim *sim_new(const char *services, const char *site, unsigned seed);
void sim_free(struct sim *s);

struct instant sim_now(const struct sim *s);
/* Half a second passes: probes end, sockets are dumped, timers fire, all is checked. */
void sim_step(struct sim *s);
void sim_run(struct sim *s, int seconds);
/* Everything is as it should be, and nobody interferes. */
void sim_heal(struct sim *s);
/* Something changes, perhaps. */
void sim_disturb(struct sim *s);

/* Another process takes over what was saved. */
void sim_restart(struct sim *s);
/* Reloads an equal plan. */
void sim_reload(struct sim *s, const char *services, const char *site);

/* By name; they fail when there is none. */
uint32_t sim_check(const struct sim *s, const char *name);
uint32_t sim_host(const struct sim *s, const char *name);
void sim_port(struct sim *s, const char *check, enum truth truth);
/* Events with this notification number about this object since `from`; sent ones. */
unsigned sim_count(
    const struct sim *s, uint32_t from, enum event_number number, uint32_t object);
/* The active alarm of this type on the object, 0 for none. */
uint32_t sim_active(const struct sim *s, enum alarm_type type, uint32_t object);

#endif
