#ifndef SVCPORT_EVENT_H
#define SVCPORT_EVENT_H

/*
 * One notification, complete: everything its varbinds say, copied when it happened, so
 * that it can be written to disk, sent later, and sent again after a restart.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/mono.h"
#include "model/types.h"

enum event_number { /* the notification's number under svcPortNotifications */
	EVENT_REQUIRED_CLOSED = 1,
	EVENT_REQUIRED_RESTORED = 2,
	EVENT_RECOMMENDED_CLOSED = 3,
	EVENT_RECOMMENDED_RESTORED = 4,
	EVENT_FORBIDDEN_OPEN = 5,
	EVENT_FORBIDDEN_RESTORED = 6,
	EVENT_HOST_DOWN = 7,
	EVENT_HOST_UP = 8,
	EVENT_HEARTBEAT = 9,
	EVENT_INVENTORY = 11,
	EVENT_OVERFLOW = 13,
	EVENT_QUEUE_FULL = 15,
	EVENT_QUEUE_DRAINED = 16,
	EVENT_UNDOCUMENTED_OPEN = 17,
	EVENT_UNDOCUMENTED_GONE = 18,
	EVENT_NOT_ENCRYPTED = 19,
	EVENT_ENCRYPTION_RESTORED = 20,
};

enum event_kind { /* which varbinds it has */
	EVENT_KIND_CHECK,
	EVENT_KIND_HOST,
	EVENT_KIND_LISTENER,
	EVENT_KIND_HEARTBEAT,
	EVENT_KIND_INVENTORY,
	EVENT_KIND_OVERFLOW,
};

/* An OID index longer than a listener's 24 sub-identifiers does not occur. */
#define EVENT_INDEX_MAX 24

struct event {
	uint32_t seq;       /* svcPortNotifySeq */
	wall_t time;        /* svcPortNotifyTime */
	uint8_t number;     /* enum event_number */
	uint8_t severity;   /* of the raise; SEVERITY_CLEARED in a clear */
	uint8_t suppressed; /* not to be sent: muted, masked, notifications off */
	uint8_t sent;       /* the master acknowledged it */
	uint32_t alarm_index;
	char object[225];  /* svcPortEventObject: check, host or listener name */
	char message[256]; /* svcPortNotifyMessage */
	uint8_t index_len;
	uint32_t index[EVENT_INDEX_MAX]; /* of the row, for the varbinds' instances */
	/* EVENT_KIND_CHECK */
	char catalogue[33], service[65], host[65], ports[129];
	uint8_t protocol, expected, listen, connect, verdict;
	wall_t last_change; /* of the check or host */
	/* EVENT_KIND_HOST: `host` and */
	char addr_text[65];
	uint8_t host_state;
	uint32_t checks, deviations; /* of the host; `checks` in all for agent events */
	/* EVENT_KIND_LISTENER: `object` and */
	uint8_t scope;
	char owner[129];
	/* events of the agent itself */
	uint32_t alarms; /* svcPortAlarmActive */
	uint8_t worst_severity;
	uint32_t closed_required;
	uint8_t config_status;
	uint32_t dropped; /* svcPortNotifySuppressed */
};

enum event_kind event_kind(enum event_number number);
/* The MIB's name: "svcPortRequiredClosed"; "?" for no such notification. */
const char *event_name(enum event_number number);

/*
 * Builds svcPortNotifyMessage of a check's event into out[256]:
 * "RAISE|CLEAR closedRequired NAME tcp/9092 on HOST seen from OBSERVER: REASON
 * [TITLE, SECTION, line N]", at most 255 octets: the title is cut first, then the
 * reason, on a UTF-8 boundary.
 */
struct event_words {
	const char *verb; /* "RAISE", "CLEAR" */
	const char *what; /* types_alarm_verdict() */
	const char *name;
	const char *endpoint; /* "tcp/9092" */
	const char *host;
	const char *observer;
	const char *reason;
	const char *title, *section;
	unsigned line;
};
void event_message(const struct event_words *w, char out[256]);

/*
 * The compact form on disk: versioned, independent of byte order.  event_encode()
 * returns the length, 0 when `size` is too small (EVENT_ENCODED_MAX always fits).
 * event_decode() returns 0, or -1 (*out undefined) for anything but a whole record.
 */
#define EVENT_ENCODED_MAX 1400
size_t event_encode(const struct event *e, uint8_t *buf, size_t size);
int event_decode(const uint8_t *buf, size_t len, struct event *out);

#endif
