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

#include "judge/alarms.h"
#include "plan/plan.h"

/* One world for all: roles on both sides, alternatives, a pair, every expectation. */
#define SIM_SERVICES                                            \
	"1 web tcp 443 client server\n"                         \
	"2 ssh tcp 22 client server\n"                          \
	"3 ldap tcp 389 client server alternative = 'ldap';\n"  \
	"4 ldaps tcp 636 client server alternative = 'ldap';\n" \
	"5 rec tcp 80 client server expect = 'recommended';\n"  \
	"6 telnet tcp 23 client server expect = 'closed';\n"    \
	"7 inner tcp 5050 client server scope = 'local';\n"     \
	"8 log udp 514 client server payload = 'none';\n"       \
	"9 maybe tcp 99 client server expect = 'optional';\n"   \
	"10 sql tcp 3306 client db\n"                           \
	"11 imaps tcp 993 client server tls = true;\n"          \
	"12 node tcp 9100 client db\n"                          \
	"13 smtp tcp 25 client mail\n"

#define SIM_TIMES  "interval = 20; hold = 10; boot-grace = 0; "
#define SIM_PAIRED "active-when = '198.51.100.1'; "
#define SIM_HOST(name, id, role)                                                    \
	"{ name = '" name "'; id = " id "; address = '192.0.2." id "'; " SIM_PAIRED \
	"roles = ['app:" role "']; }"
#define SIM_ME                                     \
	"{ name = 'me'; local = true; " SIM_PAIRED \
	"roles = ['app:server', 'app:client']; }"
#define SIM_HOSTS                                                                      \
	"hosts = (" SIM_ME "," SIM_HOST("s2", "2", "server") "," SIM_HOST(             \
	    "s3", "3", "server") "," SIM_HOST("d4", "4", "db") "," SIM_HOST("d5", "5", \
	    "db") "," SIM_HOST("m6", "6", "mail") ");"
#define SIM_GROUP                                                                  \
	"groups = ({ name = 'sql'; hosts = ['d4', 'd5']; services = ['app/sql']; " \
	"need = 1; });"
#define SIM_SITE SIM_TIMES SIM_HOSTS SIM_GROUP

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
	uint32_t object, seq;
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
	int64_t last_bad[SIM_MAX]; /* look */
	bool confirmed[SIM_MAX];   /* seen often enough */
	bool blind[SIM_MAX], no_answer[SIM_MAX];
	bool void_before[SIM_MAX];   /* by check: its host was down, looks count anew */
	int64_t down_since[SIM_MAX]; /* by host */
	int64_t last_silent[SIM_MAX]; /* look at it; of the local host: at any */

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
