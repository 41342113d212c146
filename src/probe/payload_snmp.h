#ifndef SVCPORT_PAYLOAD_SNMP_H
#define SVCPORT_PAYLOAD_SNMP_H

/* The SNMP question of a UDP probe: version 3 engine discovery, or version 2c by
 * community; pure functions on bytes. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAYLOAD_SNMP_SIZE 128

/* Writes it into buf[PAYLOAD_SNMP_SIZE]; its length, 0 when the community is longer
 * than 64 octets.  "" asks by version 3.  `nonce` makes the message's id. */
size_t payload_snmp_build(const char *community, const uint8_t nonce[4], uint8_t *buf);
/* True for an answer to that message. */
bool payload_snmp_is_answer(const uint8_t nonce[4], const uint8_t *answer, size_t len);

#endif
