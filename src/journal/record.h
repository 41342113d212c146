#ifndef SVCPORT_RECORD_H
#define SVCPORT_RECORD_H

/*
 * The records of the state directory's files.  Each is framed with a magic number, its
 * length and the CRC-32 of its body, all big-endian, so that a torn or damaged one is
 * recognised and never believed.
 *
 *   magic 4 | length of body 4 | CRC-32 of body 4 | body: kind 1, number 8, payload
 *
 * CRC-32: the polynomial of IEEE 802.3, as in zlib.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum record_kind {
	RECORD_EVENT = 1, /* payload: event_encode() */
	RECORD_ACK = 2,   /* payload: sequence number, 4 octets */
	RECORD_SET = 3,   /* payload: key, NUL, value */
	RECORD_DEL = 4,   /* payload: key, NUL */
	RECORD_END = 5,   /* the last one of a snapshot; payload: count of records, 4 */
	RECORD_GROUP = 6, /* payload: octets of the records that follow and belong
	                   * together, 4: all of them count, or none */
	RECORD_REFUSED = 7, /* as RECORD_ACK, of an event that could not be sent */
};

#define RECORD_HEADER      12
#define RECORD_PAYLOAD_MAX 4096
#define RECORD_MAX         (RECORD_HEADER + 9 + RECORD_PAYLOAD_MAX)

struct record {
	enum record_kind kind;
	uint64_t number; /* rises by one a record; tells what a snapshot contains */
	const uint8_t *payload;
	size_t len;
};

/* Writes the framed record into buf[RECORD_MAX]; returns its length, 0 when the payload
 * is longer than RECORD_PAYLOAD_MAX. */
size_t record_encode(const struct record *r, uint8_t *buf);

enum record_result {
	RECORD_OK,
	RECORD_SHORT, /* the buffer ends within it */
	RECORD_BAD,   /* no record, or a damaged one */
};

/*
 * Reads the record at the start of buf.  On RECORD_OK, *out points into buf and *used
 * is its framed length.
 */
enum record_result record_decode(
    const uint8_t *buf, size_t len, struct record *out, size_t *used);

/* Key and value of a RECORD_SET or RECORD_DEL; false when there is no NUL. */
bool record_key(
    const struct record *r, const char **key, const uint8_t **value, size_t *value_len);

void record_put32(uint8_t *p, uint32_t v);
uint32_t record_get32(const uint8_t *p);

#endif
