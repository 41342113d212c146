#ifndef SVCPORT_MANAGER_H
#define SVCPORT_MANAGER_H

/*
 * The small manager behind `svcport status` and `svcport watch`: reads the check tables
 * of running agents by SNMP, many at once, row-wise (several columns a GETBULK, RFC
 * 3416 section 4.2.3), without ever blocking on one of them.
 *
 *     m = manager_new(&query, agents, n);
 *     manager_ask(m, i);
 *     while (manager_pending(m) > 0)
 *             manager_wait(m, -1, 1000);
 *     manager_free(m);
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "remote.h"
#include "base/mono.h"

struct snmp_session;

/* An agent and the last reading of it that succeeded. */
struct manager_agent {
	char *peer; /* as the user named it; the caller's */
	struct remote_self self;
	struct remote_rows rows;
	bool fresh;       /* set when they were read; the caller may clear it */
	struct mono read; /* for the caller: when that was */
	char *error;      /* why the last reading failed; NULL when it did not */
};

struct manager_query {
	const struct snmp_session *session; /* version, user, timeout, retries */
	const uint32_t *root;               /* the module's OID */
	size_t root_len;
	size_t at_once; /* so many agents are read at the same time */
};

struct manager;

/* Query and agents are borrowed until manager_free(). */
struct manager *manager_new(
    const struct manager_query *query, struct manager_agent *agents, size_t n);

/* Has agent i read, when its turn comes; nothing while it is being read. */
void manager_ask(struct manager *m, size_t i);

/* Whether agent i was asked for and is not read yet, and how many such there are. */
bool manager_busy(const struct manager *m, size_t i);
size_t manager_pending(const struct manager *m);

/* Waits for answers, `ms` at most, and for what can be read from `fd` (-1: nothing);
 * returns whether there is something. */
bool manager_wait(struct manager *m, int fd, int ms);

/* Agents that were not read yet keep what they had. */
void manager_free(struct manager *m);

/* Frees what an agent holds, but for `peer`. */
void manager_clear(struct manager_agent *agent);

#endif
