#ifndef SVCPORT_SUBAGENT_H
#define SVCPORT_SUBAGENT_H

/*
 * The publishing thread: the only one that calls net-snmp.  It keeps a copy of the rows
 * (store.h) that the feed brings up to date, answers the master agent from it, and
 * sends what the outbox holds.  A master that is absent, slow or stopped stalls this
 * thread at most, nobody else.
 */

#include <stdbool.h>
#include <stdint.h>

struct feed;
struct outbox;
struct subagent;

struct subagent_config {
	/* "/var/agentx/master", "unix:PATH", or "tcp:ADDRESS:PORT", which is answered
	 * with a warning: AgentX knows no authentication. */
	const char *agentx;
	const char *mib_root;   /* dotted numbers, "" for the one compiled in */
	const char *context;    /* SNMP context, "" for the default one */
	bool allow_set;         /* false: every SET is answered notWritable */
	bool fast_path;         /* answer Get and GetNext without the library */
	uint32_t notify_rate;   /* notifications a second, 0 for no limit */
	uint32_t notify_burst;  /* that may go at once */
	uint32_t event_history; /* rows of svcPortEventTable */
};

/*
 * Starts the thread.  It sets environment variables for the library, so no other thread
 * may run yet that reads the environment.  The texts of `config` are copied; `feed` and
 * `outbox` must outlive the handle.  One subagent a process: the library's state is
 * global.  NULL with errno: EINVAL for an address or root that is none (logged), or
 * what pthread_create(3), eventfd(2) gave.
 */
struct subagent *subagent_start(
    const struct subagent_config *config, struct feed *feed, struct outbox *outbox);

/* After a reload: these take effect at once.  The other fields need a restart. */
void subagent_set_rate(struct subagent *s, uint32_t rate, uint32_t burst);

void subagent_set_fast_path(struct subagent *s, bool on);

/* True while a session with the master is open; for status lines and tests. */
bool subagent_connected(const struct subagent *s);

/*
 * Closes the session and ends the thread, within about two seconds whatever the master
 * does.  NULL is fine.
 */
void subagent_stop(struct subagent *s);

#endif
