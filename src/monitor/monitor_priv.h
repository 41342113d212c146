#ifndef SVCPORT_MONITOR_PRIV_H
#define SVCPORT_MONITOR_PRIV_H

/* What the files of the monitor share; they include monitor.h before it, nobody else
 * includes it. */

#include "base/log.h"
#include "listen/addrwatch.h"
#include "judge/alarms.h"
#include "listen/listen.h"
#include "plan/plan.h"
#include "probe/probe.h"
#include "judge/strays.h"

/* The last result of an endpoint. */
struct sighting {
	uint8_t state; /* enum connect_state */
	uint8_t reason;
	uint8_t error;
	bool looked; /* at least once under this plan */
};

/* Kept while rows change: a notification of a host says both. */
struct host_sum {
	uint32_t checks, deviations;
};

struct monitor {
	struct monitor_config cfg;
	struct plan *plan;
	struct row *rows;
	struct host_row *hosts;
	struct host_sum *sums;      /* by host */
	struct sighting *sightings; /* by endpoint */
	uint32_t *local;            /* checks with CHECK_LISTEN */
	uint32_t nlocal;
	uint32_t unseen; /* endpoints not looked at yet */
	bool seen_local; /* the first complete look at the sockets is over */
	struct alarms *alarms;
	struct listen *listen;
	struct addrwatch *addrs; /* NULL when not wanted, or not to be had */
	bool wants_addrs,
	    addrs_lost; /* some host has active-when; they are not to be had */
	struct probe_engine *probes;
	struct owner *owner;
	struct strays *strays;
	struct learnt *learnt;
	struct loop_timer *tick;   /* alarms_next() */
	struct loop_timer *second; /* once a second: what has no event */
	struct mono seen;          /* loop_now() as monitor_now() saw it last */
	int64_t slept_ns;          /* that the process did not run */
	int64_t clocks_ns;         /* the wall clock's lead over the judge's time */
	struct loop_timer *flush;  /* the batch of this turn */
	struct loop_fd *commands;
	struct system_row sys;
	struct listener_table *listeners; /* the last look at all ports */
	struct mono last_heartbeat, last_inventory, last_probe_now;
	bool inventory_due;
	bool rows_changed; /* since svcPortInventoryChange was sent */
	bool refusal_told; /* and no load after it was */
	bool settled; /* the first round of the plan is over, and was tidied up after */
	bool lagging; /* that probing is behind was said */
	struct log_limit lag_limit;
	uint32_t dropped; /* events since the queue was full */
};

/* ---- monitor.c: what monitor_replan.c needs as well */

/* Hosts as they are before anything is known of them. */
struct host_row *monitor_hosts_new(struct monitor *m, const struct plan *plan);
struct host_sum *monitor_sums_new(const struct plan *plan, const struct row *rows);
/* The socket watcher and the probe engine as m->plan's site wants them; 0, or -1 with
 * errno and those that there were. */
int monitor_open_listen(struct monitor *m);
int monitor_open_probes(struct monitor *m);
/* Sockets, probes and addresses of m->plan, which the probe engine has already. */
void monitor_start_plan(struct monitor *m);
/* Follows active-when, if any host has it and it is not being followed. */
void monitor_open_addresses(struct monitor *m);

/* ---- monitor_time.c */

/* The judge's time, which stands still while the process does not run (suspend,
 * SIGSTOP): no hold passes while nobody looks. */
struct instant monitor_now(struct monitor *m);
void monitor_set_tick(struct monitor *m);
/* Timers, with the monitor as argument: when the judge wants it, and once a second. */
void monitor_on_tick(void *monitor);
void monitor_on_second(void *monitor);

/* ---- monitor_rows.c: observations become rows */

#define MONITOR_OPEN_PORTS 256 /* octets of a list of ports */
/* A forbidden range is open when any of its ports is, whatever its policy. */
enum range_policy monitor_policy(const struct check *c);

void monitor_rows_new(struct monitor *m, const struct plan *plan, struct row *rows);
void monitor_listened(void *monitor, const struct listen_report *report);
/* Hands the row to the feed, and sees that the feed is flushed. */
void monitor_row_changed(struct monitor *m, uint32_t check);
void monitor_host_changed(struct monitor *m, uint32_t host);
void monitor_system_changed(struct monitor *m);

/* ---- monitor_probes.c */

void monitor_probed(void *monitor, const struct probe_result *result);
/* Enables the endpoints of a check as its flags and sockets want. */
void monitor_enable_probes(struct monitor *m, uint32_t check);

/* ---- monitor_texts.c: the texts of a row */

/* Sets the row's texts where they differ; NULL leaves one as it is.  Returns whether
 * anything changed. */
bool monitor_set_detail(struct row *row, const char *ports, const char *addrs,
    const char *owner, const char *error);
bool monitor_set_tls(struct row *row, const char *version, wall_t expiry);

/* ---- monitor_events.c: what the alarm book says becomes events */

extern const struct alarms_ops monitor_alarm_ops;
/* To the journal, and from there to the master. */
void monitor_record(struct monitor *m, const struct event *ev);
void monitor_overflow(struct monitor *m);
void monitor_heartbeat(struct monitor *m);
void monitor_inventory(struct monitor *m);

/* ---- monitor_strays.c: undocumented listeners */

extern const struct strays_ops monitor_stray_ops;
void monitor_strays(
    struct monitor *m, const struct listener_table *t, struct instant now);
void monitor_strays_publish(struct monitor *m);

/* ---- monitor_commands.c: orders by SNMP, mutes of the site */

void monitor_command(void *monitor, int fd, unsigned events);
/* `old`: the site before, NULL for none. */
void monitor_site_mutes(struct monitor *m, const struct site *old);

#endif
