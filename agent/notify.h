#ifndef SVCPORT_NOTIFY_H
#define SVCPORT_NOTIFY_H

/*
 * Sends the outbox's events as AgentX Notify PDUs (RFC 2741, 6.2.10), one at a time:
 * the next goes when the master has acknowledged the one before.  An event is sent
 * again only when the session was lost with its acknowledgement outstanding, never
 * because the master is slow: what lies in the stream will be read.
 *
 * Publishing thread only.
 */

#include <stdint.h>

#include "base/mono.h"

struct eventlog;
struct notify;
struct outbox;
struct snmp_session;

struct notify_config {
	struct outbox *outbox;
	struct eventlog *log; /* gets every event that arrives, and which were sent */
	const uint32_t *root; /* the module's OID; outlives the handle */
	size_t root_len;
	const char *context; /* "" for the default one; outlives the handle */
	uint32_t rate;       /* a second, 0 for no limit */
	uint32_t burst;
};

struct notify *notify_new(const struct notify_config *config, struct mono now);
void notify_free(struct notify *n);

/* A session is open, or was lost. */
void notify_up(struct notify *n, struct snmp_session *s);
void notify_down(struct notify *n);

void notify_set_rate(struct notify *n, uint32_t rate, uint32_t burst, struct mono now);

/* Shows new events in the log and sends what may be sent now.  Returns the milliseconds
 * after which to call it again at the latest, -1 for when something happens. */
int64_t notify_run(struct notify *n, struct mono now);

#endif
