#ifndef SVCPORT_REMOTE_H
#define SVCPORT_REMOTE_H

/*
 * What a manager asks an agent for, and what it makes of the answers.  Texts are as
 * agents send them but for what could steer a terminal: control characters become
 * spaces, octets that are not UTF-8 question marks.
 */

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One row of an agent's svcPortCheckTable; texts are owned. */
struct remote_row {
	uint32_t index[3]; /* catalogue, service, host */
	char *name;
	char *catalogue;
	char *host;
	char *ports;
	char *reason;
	uint8_t protocol, expected, listen, connect, verdict, severity, stage;
	uint32_t age; /* seconds since the verdict changed */
};

struct remote_rows {
	struct remote_row *v; /* ascending index */
	size_t n, cap;
};

/* What an agent says of itself; texts are owned. */
struct remote_self {
	char *version;      /* svcPortSystemVersion */
	char *name;         /* what its configuration calls the host it runs on */
	char *complaint;    /* svcPortSystemConfigText, "" when all is well */
	bool config_failed; /* the configuration in use is an older one */
	uint32_t scan_age;  /* seconds since it looked at its own sockets */
	uint32_t probe_lag; /* seconds that its probes are late */
	uint32_t checks;    /* svcPortSummaryChecks: so many rows it has, at least */
};

/* A GET of what an agent says of itself. */
netsnmp_pdu *remote_self_request(const oid *root, size_t root_len);
/* Takes the response to it.  False when the agent has nothing below root to show. */
bool remote_self_take(struct remote_self *self, const netsnmp_pdu *pdu);
void remote_self_clear(struct remote_self *self);

/* A GETBULK of the rows behind the last of `rows`, of the first ones when it has none.
 */
netsnmp_pdu *remote_rows_request(
    const struct remote_rows *rows, const oid *root, size_t root_len);

enum remote_take { REMOTE_MORE, REMOTE_END, REMOTE_DISORDER };

/* Adds the rows of a response, but for a last one that it has only a part of.
 * REMOTE_DISORDER when they are not behind those that are there: such an agent would
 * keep a manager busy for ever. */
enum remote_take remote_rows_take(
    struct remote_rows *rows, const netsnmp_pdu *pdu, const oid *root, size_t root_len);
void remote_rows_clear(struct remote_rows *rows);

#endif
