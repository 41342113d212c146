#ifndef SVCPORT_VALUE_H
#define SVCPORT_VALUE_H

/*
 * One value of a MIB object, between the row it comes from and the encoder it goes to.
 * A getter fills it with exactly one of the setters below.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/addr.h"
#include "base/mono.h"

/* The numbers are those of BER (RFC 3416) and of AgentX (RFC 2741, 5.4) alike. */
enum value_type {
	VALUE_INTEGER = 2,
	VALUE_STRING = 4,
	VALUE_OID = 6,
	VALUE_COUNTER = 65,
	VALUE_GAUGE = 66,
	VALUE_TICKS = 67,
};

#define VALUE_TEXT_MAX 255 /* SnmpAdminString, RFC 3411 */
#define VALUE_OID_MAX  128 /* RFC 2578, 3.5 */

struct value {
	enum value_type type;
	uint32_t number;   /* INTEGER as two's complement */
	const void *bytes; /* STRING: borrowed from the row, or `room` */
	size_t len;        /* octets of a STRING, sub-identifiers of an OID */
	union {
		char text[VALUE_TEXT_MAX + 1];
		uint8_t octets[VALUE_TEXT_MAX + 1];
		uint32_t oid[VALUE_OID_MAX]; /* OID: the value itself */
	} room;
};

void value_integer(struct value *v, int32_t number); /* and every enumeration */
void value_counter(struct value *v, uint32_t number);
void value_gauge(struct value *v, uint32_t number); /* Gauge32 and Unsigned32 */
void value_ticks(struct value *v, uint32_t centiseconds);
void value_truth(struct value *v, bool truth); /* TruthValue: 1 or 2 */

/* `text` must outlive the value; of more than VALUE_TEXT_MAX octets the rest is cut on
 * a UTF-8 boundary. */
void value_text(struct value *v, const char *text);
void value_bytes(struct value *v, const void *bytes, size_t len);

/* DateAndTime (RFC 2579) in local time with its offset from UTC, always 11 octets;
 * "never" is the date 0000-00-00. */
void value_date(struct value *v, wall_t when);

/* InetAddressType and InetAddress (RFC 4001): unknown(0) and no octets for none. */
void value_address_type(struct value *v, const struct addr *a);
void value_address(struct value *v, const struct addr *a);

/* root, then `tail`; what exceeds VALUE_OID_MAX is left out. */
void value_oid(struct value *v, const uint32_t *root, size_t root_len,
    const uint32_t *tail, size_t tail_len);

#endif
