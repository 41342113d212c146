#include "probe/payload_snmp.h"

#include <string.h>

#include "catalogue/catalogue.h"

/* Just enough BER (X.690) for one fixed message each way. */

#define BER_INTEGER  0x02
#define BER_OCTETS   0x04
#define BER_SEQUENCE 0x30
#define PDU_GET      0xa0
#define PDU_RESPONSE 0xa2

/* The message id: 31 bits, never starting with a zero byte, so that the length of the
 * encoding is fixed. */
static void
message_id(const uint8_t nonce[4], uint8_t id[4])
{
	memcpy(id, nonce, 4);
	id[0] = (id[0] & 0x7f) | 0x40;
}

/* RFC 3414 section 4: a request without engine, user and objects; the engine reports
 * who it is. */
static size_t
build_v3(const uint8_t nonce[4], uint8_t *buf)
{
	static const uint8_t message[] = { BER_SEQUENCE, 0x3e, /* SNMPv3Message */
		BER_INTEGER, 1, 3,                             /* version */
		BER_SEQUENCE, 0x11,                            /* msgGlobalData */
		BER_INTEGER, 4, 0, 0, 0, 0,                    /* 9: msgID */
		BER_INTEGER, 3, 0x00, 0xff, 0xe3,              /* msgMaxSize */
		BER_OCTETS, 1, 0x04,                           /* reportable */
		BER_INTEGER, 1, 3,                             /* USM */
		BER_OCTETS, 0x10, BER_SEQUENCE, 0x0e,          /* USM parameters */
		BER_OCTETS, 0, BER_INTEGER, 1, 0, BER_INTEGER, 1, 0, BER_OCTETS, 0,
		BER_OCTETS, 0, BER_OCTETS, 0,              /* all empty or zero */
		BER_SEQUENCE, 0x14,                        /* ScopedPDU */
		BER_OCTETS, 0, BER_OCTETS, 0,              /* context */
		PDU_GET, 0x0e, BER_INTEGER, 4, 0, 0, 0, 0, /* 52: request-id */
		BER_INTEGER, 1, 0, BER_INTEGER, 1, 0, BER_SEQUENCE, 0 };

	memcpy(buf, message, sizeof(message));
	message_id(nonce, buf + 9);
	message_id(nonce, buf + 52);
	return sizeof(message);
}

/* RFC 3416 GetRequest for sysUpTime.0. */
static size_t
build_v2c(const char *text, const uint8_t nonce[4], uint8_t *buf)
{
	static const uint8_t pdu[] = { PDU_GET, 0x1c, BER_INTEGER, 4, 0, 0, 0, 0,
		BER_INTEGER, 1, 0, BER_INTEGER, 1, 0, BER_SEQUENCE, 0x0e, BER_SEQUENCE,
		0x0c, 0x06, 8, 0x2b, 6, 1, 2, 1, 1, 3, 0, 0x05, 0 };
	size_t community = strlen(text);
	size_t n = 0;

	if (community > PAYLOAD_COMMUNITY_MAX)
		return 0;
	buf[n++] = BER_SEQUENCE;
	buf[n++] = (uint8_t)(3 + 2 + community + sizeof(pdu));
	memcpy(buf + n, (const uint8_t[]){ BER_INTEGER, 1, 1, BER_OCTETS }, 4);
	n += 4;
	buf[n++] = (uint8_t)community;
	memcpy(buf + n, text, community);
	n += community;
	memcpy(buf + n, pdu, sizeof(pdu));
	message_id(nonce, buf + n + 4);
	return n + sizeof(pdu);
}

struct ber {
	const uint8_t *at, *end;
};

/* Takes one element off the front; its contents in *out. */
static bool
ber_take(struct ber *b, uint8_t tag, struct ber *out)
{
	size_t len, octets;

	if (b->end - b->at < 2 || b->at[0] != tag)
		return false;
	len = b->at[1];
	b->at += 2;
	if (len >= 0x80) {
		octets = len & 0x7f;
		if (octets == 0 || octets > 4 || (size_t)(b->end - b->at) < octets)
			return false;
		for (len = 0; octets > 0; octets--)
			len = len << 8 | *b->at++;
	}
	if ((size_t)(b->end - b->at) < len)
		return false;
	out->at = b->at;
	out->end = b->at + len;
	b->at += len;
	return true;
}

static bool
ber_is(const struct ber *b, const uint8_t *bytes, size_t len)
{
	return (size_t)(b->end - b->at) == len && memcmp(b->at, bytes, len) == 0;
}

static bool
is_v3(struct ber message, const uint8_t id[4])
{
	struct ber global, field;

	return ber_take(&message, BER_SEQUENCE, &global) &&
	       ber_take(&global, BER_INTEGER, &field) && ber_is(&field, id, 4);
}

static bool
is_v2c(struct ber message, const uint8_t id[4])
{
	struct ber pdu, field;

	return ber_take(&message, BER_OCTETS, &field) &&
	       ber_take(&message, PDU_RESPONSE, &pdu) &&
	       ber_take(&pdu, BER_INTEGER, &field) && ber_is(&field, id, 4);
}

bool
payload_snmp_is_answer(const uint8_t nonce[4], const uint8_t *answer, size_t len)
{
	struct ber all = { answer, answer + len };
	struct ber message, version;
	uint8_t id[4];

	message_id(nonce, id);
	if (!ber_take(&all, BER_SEQUENCE, &message) ||
	    !ber_take(&message, BER_INTEGER, &version) || version.end - version.at != 1)
		return false;
	return *version.at == 3 ? is_v3(message, id) : is_v2c(message, id);
}

size_t
payload_snmp_build(const char *community, const uint8_t nonce[4], uint8_t *buf)
{
	return community[0] != '\0' ? build_v2c(community, nonce, buf)
	                            : build_v3(nonce, buf);
}
