#ifndef SVCPORT_MANAGER_H
#define SVCPORT_MANAGER_H

/*
 * The small manager behind `svcport status`: reads the check tables of running agents
 * by SNMP, many at once, row-wise (several columns a GETBULK, RFC 3416 section 4.2.3).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct snmp_session;

/* One row of an agent's svcPortCheckTable; texts are owned. */
struct manager_row {
	uint32_t index[3]; /* catalogue, service, host */
	char *name;
	char *catalogue;
	char *host;
	char *ports;
	char *reason;
	uint8_t protocol, expected, listen, connect, verdict, severity, stage;
	uint32_t age; /* seconds since the verdict changed */
};

struct manager_agent {
	char *peer;               /* as the user named it */
	struct manager_row *rows; /* as the agent lists them: ascending index */
	size_t nrows, cap;
	char *error; /* why it could not be read (whole); NULL when it was */
};

/* Called as agents are done, for a line of progress. */
typedef void manager_progress(void *arg, size_t done, size_t all);

/*
 * Reads all agents.  `session` says how (version, community or user, timeout, retries);
 * each agent's `peer` is put into a copy of it.  `root` is the module's OID.  At most
 * `at_once` agents are read at the same time.
 */
void manager_read(const struct snmp_session *session, const uint32_t *root,
    size_t root_len, struct manager_agent *agents, size_t n, size_t at_once,
    manager_progress *progress, void *arg);

void manager_clear(struct manager_agent *agent);

#endif
