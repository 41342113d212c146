#ifndef SVCPORT_PORTSET_H
#define SVCPORT_PORTSET_H

/*
 * A set of ports: sorted, disjoint, non-adjacent ranges.  "443", "7000-7999",
 * "11702-11703,11706".  One range costs no allocation.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct port_range {
	uint16_t low, high; /* both included */
};

struct portset {
	uint32_t count;          /* ranges */
	struct port_range one;   /* the range when count == 1 */
	struct port_range *many; /* owned; used when count > 1, else NULL */
};

/* Adds low..high (low <= high), merging with what it overlaps or touches. */
void portset_add(struct portset *set, uint16_t low, uint16_t high);
void portset_copy(struct portset *to, const struct portset *from);
void portset_clear(struct portset *set);

/* The ranges in ascending order; valid until the set changes. */
const struct port_range *portset_ranges(const struct portset *set);

bool portset_has(const struct portset *set, uint16_t port);
/* How many ports, 0 to 65536. */
uint32_t portset_size(const struct portset *set);
bool portset_equal(const struct portset *a, const struct portset *b);
bool portset_overlaps(const struct portset *a, const struct portset *b);
/* Adds to `out` the ports that are in both. */
void portset_common(
    struct portset *out, const struct portset *a, const struct portset *b);

/* "443", "7000-7999", "1-3,5,7-9"; spaces around ',' and '-' are fine; 1..65535.
 * False, and *out untouched, for any other text. */
bool portset_parse(const char *text, struct portset *out);

/*
 * Writes the set as text into buf[size]; when it does not fit it is cut after a whole
 * element and ended with "...".  Returns buf.
 */
const char *portset_format(const struct portset *set, char *buf, size_t size);
/* The whole of it; the caller frees. */
char *portset_text(const struct portset *set);

#endif
