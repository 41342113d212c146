#ifndef SVCPORT_AXPDU_H
#define SVCPORT_AXPDU_H

/*
 * AgentX PDUs (RFC 2741, 5 and 6.1) on the wire: bounded reading, bounded writing, both
 * byte orders.  A reader or writer that meets its end stays failed; ask once, at the
 * end.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "value.h"

#define AXPDU_HEADER 20

enum axpdu_type {
	AXPDU_OPEN = 1,
	AXPDU_CLOSE = 2,
	AXPDU_REGISTER = 3,
	AXPDU_GET = 5,
	AXPDU_GETNEXT = 6,
	AXPDU_NOTIFY = 12,
	AXPDU_RESPONSE = 18,
};

enum axpdu_flag {
	AXPDU_CONTEXT = 0x08, /* NON_DEFAULT_CONTEXT */
	AXPDU_NETWORK = 0x10, /* NETWORK_BYTE_ORDER */
};

/* Error numbers of RFC 2741, 6.2.16, in a Response. */
enum axpdu_error {
	AXPDU_NOT_OPEN = 257,
	AXPDU_UNSUPPORTED_CONTEXT = 262,
	AXPDU_DUPLICATE_REGISTRATION = 263,
	AXPDU_PARSE_ERROR = 266,
	AXPDU_REQUEST_DENIED = 267,
	AXPDU_PROCESSING_ERROR = 268,
};

/* Types of a varbind without a value. */
enum axpdu_exception {
	AXPDU_NO_SUCH_OBJECT = 128,
	AXPDU_NO_SUCH_INSTANCE = 129,
	AXPDU_END_OF_MIB_VIEW = 130,
};

struct axpdu_header {
	uint8_t version, type, flags;
	uint32_t session, transaction, packet;
	uint32_t payload; /* octets behind the header */
};

struct axpdu_oid {
	uint32_t ids[VALUE_OID_MAX];
	size_t n;
	bool include;
};

struct axpdu_reader {
	const uint8_t *at, *end;
	bool network, failed;
};

struct axpdu_writer {
	uint8_t *buf;
	size_t len, size;
	bool network, failed;
};

/* The header of a PDU of which at least AXPDU_HEADER octets are there. */
struct axpdu_header axpdu_header(const uint8_t pdu[AXPDU_HEADER]);

struct axpdu_reader axpdu_reader(const uint8_t *from, size_t len, bool network);
uint16_t axpdu_read_u16(struct axpdu_reader *r);
uint32_t axpdu_read_u32(struct axpdu_reader *r);
/* An octet string; NULL when it does not fit.  The padding is skipped. */
const uint8_t *axpdu_read_string(struct axpdu_reader *r, size_t *len);
void axpdu_read_oid(struct axpdu_reader *r, struct axpdu_oid *out);

/* Begins a PDU in buf[size] with h->payload still to be known. */
struct axpdu_writer axpdu_begin(
    uint8_t *buf, size_t size, const struct axpdu_header *h);
void axpdu_write_u16(struct axpdu_writer *w, uint16_t v);
void axpdu_write_u32(struct axpdu_writer *w, uint32_t v);
void axpdu_write_string(struct axpdu_writer *w, const void *bytes, size_t len);
/* `head` and then `tail` as one object identifier. */
void axpdu_write_oid(struct axpdu_writer *w, const uint32_t *head, size_t head_len,
    const uint32_t *tail, size_t tail_len, bool include);
/* A varbind's value, type and name written by the caller. */
void axpdu_write_value(struct axpdu_writer *w, const struct value *v);
/* Fills in the payload's length; returns the PDU's, 0 when it did not fit. */
size_t axpdu_end(struct axpdu_writer *w);

#endif
