#include "base/pack.h"

#include <string.h>

void
pack_number(struct packer *w, uint64_t v, size_t octets)
{
	if (w->full || (size_t)(w->end - w->p) < octets) {
		w->full = true;
		return;
	}
	for (size_t i = octets; i-- > 0;)
		*w->p++ = (uint8_t)(v >> (8 * i));
}

void
pack_text(struct packer *w, const char *s, size_t size)
{
	size_t n = strnlen(s, size - 1 < UINT8_MAX ? size - 1 : UINT8_MAX);

	pack_number(w, n, 1);
	if (w->full || (size_t)(w->end - w->p) < n) {
		w->full = true;
		return;
	}
	memcpy(w->p, s, n);
	w->p += n;
}

uint64_t
pack_read_number(struct unpacker *r, size_t octets)
{
	uint64_t v = 0;

	if (r->bad || (size_t)(r->end - r->p) < octets) {
		r->bad = true;
		return 0;
	}
	for (size_t i = 0; i < octets; i++)
		v = v << 8 | *r->p++;
	return v;
}

void
pack_read_text(struct unpacker *r, char *out, size_t size)
{
	size_t n = (size_t)pack_read_number(r, 1);

	out[0] = '\0';
	if (r->bad || n >= size || (size_t)(r->end - r->p) < n ||
	    memchr(r->p, '\0', n) != NULL) {
		r->bad = true;
		return;
	}
	memcpy(out, r->p, n);
	out[n] = '\0';
	r->p += n;
}
