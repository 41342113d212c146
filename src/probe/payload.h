#ifndef SVCPORT_PAYLOAD_H
#define SVCPORT_PAYLOAD_H

/*
 * What a UDP probe says, and whether an answer is one: pure functions on bytes.  Each
 * question is one that the service answers to anybody (RADIUS: to holders of the
 * secret), changes nothing there and is small.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/addr.h"
#include "catalogue/catalogue.h"

#define PAYLOAD_SIZE 1400 /* of the largest question */

/* What a question is made from. */
struct payload_args {
	const struct payload *payload; /* kind is never PAYLOAD_DEFAULT */
	const char *community;         /* SNMP: "" asks by version 3 discovery */
	const char *secret;            /* RADIUS: shared secret */
	const char *reply;             /* an answer must contain it; "" for any.
	                                  "hex:0a1b" for bytes, else text */
	uint8_t nonce[16]; /* with id: unpredictable, ties the answer to it */
	uint8_t id[2];
	struct addr local, target; /* SIP names both */
	uint16_t local_port, port;
};

/*
 * Writes the question into buf[PAYLOAD_SIZE] and its length to *len (0 for
 * PAYLOAD_NONE).  False when it cannot be made: PAYLOAD_OFF, a RADIUS question without
 * secret or without MD5 (FIPS), bytes that are too long.
 */
bool payload_build(const struct payload_args *args, uint8_t *buf, size_t *len);

/* True when these bytes answer that question. */
bool payload_is_answer(
    const struct payload_args *args, const uint8_t *answer, size_t len);

/* True when the service answers from another port than it was asked on (TFTP, RFC 1350
 * section 4), so that the socket must not be connected. */
bool payload_moves_port(enum payload_kind kind);

#endif
