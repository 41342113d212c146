#include "journal/record.h"

#include <string.h>

#define MAGIC     0x53565052u /* "SVPR" */
#define BODY_HEAD 9

void
record_put32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

uint32_t
record_get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Bit by bit: a few records a second need no table. */
static uint32_t
crc32(const uint8_t *p, size_t len)
{
	uint32_t crc = 0xffffffffu;

	while (len-- > 0) {
		crc ^= *p++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1u)));
	}
	return ~crc;
}

size_t
record_encode(const struct record *r, uint8_t *buf)
{
	uint8_t *body = buf + RECORD_HEADER;

	if (r->len > RECORD_PAYLOAD_MAX)
		return 0;
	body[0] = (uint8_t)r->kind;
	record_put32(body + 1, (uint32_t)(r->number >> 32));
	record_put32(body + 5, (uint32_t)r->number);
	if (r->len > 0)
		memcpy(body + BODY_HEAD, r->payload, r->len);
	record_put32(buf, MAGIC);
	record_put32(buf + 4, (uint32_t)(BODY_HEAD + r->len));
	record_put32(buf + 8, crc32(body, BODY_HEAD + r->len));
	return RECORD_HEADER + BODY_HEAD + r->len;
}

enum record_result
record_decode(const uint8_t *buf, size_t len, struct record *out, size_t *used)
{
	const uint8_t *body = buf + RECORD_HEADER;
	uint32_t size;

	if (len < RECORD_HEADER)
		return RECORD_SHORT;
	size = record_get32(buf + 4);
	if (record_get32(buf) != MAGIC || size < BODY_HEAD ||
	    size > BODY_HEAD + RECORD_PAYLOAD_MAX)
		return RECORD_BAD;
	if (len - RECORD_HEADER < size)
		return RECORD_SHORT;
	if (record_get32(buf + 8) != crc32(body, size) || body[0] < RECORD_EVENT ||
	    body[0] > RECORD_REFUSED)
		return RECORD_BAD;
	out->kind = (enum record_kind)body[0];
	out->number = (uint64_t)record_get32(body + 1) << 32 | record_get32(body + 5);
	out->payload = body + BODY_HEAD;
	out->len = size - BODY_HEAD;
	*used = RECORD_HEADER + size;
	return RECORD_OK;
}

bool
record_key(
    const struct record *r, const char **key, const uint8_t **value, size_t *value_len)
{
	const uint8_t *nul = memchr(r->payload, '\0', r->len);

	if (nul == NULL)
		return false;
	*key = (const char *)r->payload;
	*value = nul + 1;
	*value_len = r->len - (size_t)(nul + 1 - r->payload);
	return true;
}
