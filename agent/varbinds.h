#ifndef SVCPORT_VARBINDS_H
#define SVCPORT_VARBINDS_H

/*
 * The OBJECTS of each notification, as data, in the MIB's order.  The values are the
 * event's own: what held when it happened.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/event.h"
#include "value.h"

#define VARBINDS_NAME_MAX (5 + EVENT_INDEX_MAX)

struct varbind {
	const char *name;  /* the object's, in the MIB */
	uint8_t object[5]; /* its OID below the root */
	uint8_t object_len;
	bool indexed; /* the instance is the event's index, else 0 */
	enum value_type type;
	void (*get)(const struct event *e, struct value *out);
};

/* The varbinds of a kind of event behind snmpTrapOID; *n is how many. */
const struct varbind *varbinds_of(enum event_kind kind, size_t *n);

/* The name of the varbind's instance below the root; returns its length. */
size_t varbinds_name(
    const struct varbind *vb, const struct event *e, uint32_t out[VARBINDS_NAME_MAX]);

#endif
