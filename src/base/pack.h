#ifndef SVCPORT_PACK_H
#define SVCPORT_PACK_H

/*
 * Numbers and texts as octets, independent of the machine: numbers in network order,
 * a text as a length octet and its octets.  A writer that runs out of room and a reader
 * that meets something else than was written only take a note of it, so that the caller
 * asks once at the end.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct packer {
	uint8_t *p, *end;
	bool full;
};

/* The low `octets` octets of v. */
void pack_number(struct packer *w, uint64_t v, size_t octets);
/* The text in an array of `size` octets, which need not hold a NUL; at most 255. */
void pack_text(struct packer *w, const char *s, size_t size);

struct unpacker {
	const uint8_t *p, *end;
	bool bad;
};

/* 0 when it is bad. */
uint64_t pack_read_number(struct unpacker *r, size_t octets);
/* Into out[size]; bad when it does not fit or holds a NUL. */
void pack_read_text(struct unpacker *r, char *out, size_t size);

#endif
