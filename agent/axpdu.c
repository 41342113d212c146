#include "axpdu.h"

#include <endian.h>
#include <string.h>

/* One move and at most one swap: most of a PDU is numbers. */
static uint32_t
load32(const uint8_t *p, bool network)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return network ? be32toh(v) : le32toh(v);
}

static void
store32(uint8_t *p, uint32_t v, bool network)
{
	v = network ? htobe32(v) : htole32(v);
	memcpy(p, &v, sizeof(v));
}

struct axpdu_header
axpdu_header(const uint8_t pdu[AXPDU_HEADER])
{
	bool network = (pdu[2] & AXPDU_NETWORK) != 0;

	return (struct axpdu_header){
		.version = pdu[0],
		.type = pdu[1],
		.flags = pdu[2],
		.session = load32(pdu + 4, network),
		.transaction = load32(pdu + 8, network),
		.packet = load32(pdu + 12, network),
		.payload = load32(pdu + 16, network),
	};
}

struct axpdu_reader
axpdu_reader(const uint8_t *from, size_t len, bool network)
{
	return (struct axpdu_reader){ from, from + len, network, false };
}

/* The next n octets, NULL when there are not so many. */
static const uint8_t *
take(struct axpdu_reader *r, size_t n)
{
	const uint8_t *at = r->at;

	if (r->failed || (size_t)(r->end - at) < n) {
		r->failed = true;
		return NULL;
	}
	r->at += n;
	return at;
}

uint16_t
axpdu_read_u16(struct axpdu_reader *r)
{
	const uint8_t *p = take(r, 2);

	if (p == NULL)
		return 0;
	return (uint16_t)(r->network ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}

uint32_t
axpdu_read_u32(struct axpdu_reader *r)
{
	const uint8_t *p = take(r, 4);

	return p != NULL ? load32(p, r->network) : 0;
}

const uint8_t *
axpdu_read_string(struct axpdu_reader *r, size_t *len)
{
	*len = axpdu_read_u32(r);
	if (*len > (size_t)(r->end - r->at)) /* also against the padding's overflow */
		r->failed = true;
	return take(r, (*len + 3) / 4 * 4);
}

void
axpdu_read_oid(struct axpdu_reader *r, struct axpdu_oid *out)
{
	static const uint32_t internet[] = { 1, 3, 6, 1 };
	const uint8_t *head = take(r, 4);
	const uint8_t *ids;
	size_t n;

	out->n = 0;
	out->include = false;
	if (head == NULL)
		return;
	n = head[0];
	ids = take(r, 4 * n);
	if (ids == NULL)
		return;
	if (head[1] != 0) {
		memcpy(out->ids, internet, sizeof(internet));
		out->ids[4] = head[1];
		out->n = 5;
	}
	if (out->n + n > VALUE_OID_MAX) {
		r->failed = true;
		return;
	}
	for (size_t i = 0; i < n; i++)
		out->ids[out->n++] = load32(ids + 4 * i, r->network);
	out->include = head[2] != 0;
}

/* Room for n more octets, NULL when there is none. */
static uint8_t *
room(struct axpdu_writer *w, size_t n)
{
	uint8_t *at = w->buf + w->len;

	if (w->failed || w->size - w->len < n) {
		w->failed = true;
		return NULL;
	}
	w->len += n;
	return at;
}

struct axpdu_writer
axpdu_begin(uint8_t *buf, size_t size, const struct axpdu_header *h)
{
	struct axpdu_writer w = {
		.buf = buf, .size = size, .network = (h->flags & AXPDU_NETWORK) != 0
	};
	uint8_t *p = room(&w, 4);

	if (p != NULL) {
		p[0] = h->version;
		p[1] = h->type;
		p[2] = h->flags;
		p[3] = 0;
	}
	axpdu_write_u32(&w, h->session);
	axpdu_write_u32(&w, h->transaction);
	axpdu_write_u32(&w, h->packet);
	axpdu_write_u32(&w, 0);
	return w;
}

void
axpdu_write_u16(struct axpdu_writer *w, uint16_t v)
{
	uint8_t *p = room(w, 2);

	if (p == NULL)
		return;
	p[w->network ? 0 : 1] = (uint8_t)(v >> 8);
	p[w->network ? 1 : 0] = (uint8_t)v;
}

void
axpdu_write_u32(struct axpdu_writer *w, uint32_t v)
{
	uint8_t *p = room(w, 4);

	if (p != NULL)
		store32(p, v, w->network);
}

void
axpdu_write_string(struct axpdu_writer *w, const void *bytes, size_t len)
{
	size_t padded = (len + 3) / 4 * 4;
	uint8_t *p;

	axpdu_write_u32(w, (uint32_t)len);
	p = room(w, padded);
	if (p == NULL || len == 0)
		return;
	memcpy(p, bytes, len);
	memset(p + len, 0, padded - len);
}

void
axpdu_write_oid(struct axpdu_writer *w, const uint32_t *head, size_t head_len,
    const uint32_t *tail, size_t tail_len, bool include)
{
	size_t skip = 0;
	uint8_t *p;

	if (head_len >= 5 && head[0] == 1 && head[1] == 3 && head[2] == 6 &&
	    head[3] == 1 && head[4] > 0 && head[4] < 256)
		skip = 5;
	p = room(w, 4 + 4 * (head_len - skip + tail_len));
	if (p == NULL)
		return;
	p[0] = (uint8_t)(head_len - skip + tail_len);
	p[1] = skip > 0 ? (uint8_t)head[4] : 0;
	p[2] = include;
	p[3] = 0;
	p += 4;
	for (size_t i = skip; i < head_len; i++, p += 4)
		store32(p, head[i], w->network);
	for (size_t i = 0; i < tail_len; i++, p += 4)
		store32(p, tail[i], w->network);
}

/* In an OID as a value "include" is set, as the library does: nobody reads it there. */
void
axpdu_write_value(struct axpdu_writer *w, const struct value *v)
{
	switch (v->type) {
	case VALUE_STRING:
		axpdu_write_string(w, v->bytes, v->len);
		break;
	case VALUE_OID:
		axpdu_write_oid(w, v->room.oid, v->len, NULL, 0, true);
		break;
	case VALUE_INTEGER:
	case VALUE_COUNTER:
	case VALUE_GAUGE:
	case VALUE_TICKS:
		axpdu_write_u32(w, v->number);
		break;
	}
}

size_t
axpdu_end(struct axpdu_writer *w)
{
	if (w->failed)
		return 0;
	store32(w->buf + 16, (uint32_t)(w->len - AXPDU_HEADER), w->network);
	return w->len;
}
