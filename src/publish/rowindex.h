#ifndef SVCPORT_ROWINDEX_H
#define SVCPORT_ROWINDEX_H

/*
 * The numbers that identify a row for the outside world (the index of its table in the
 * MIB): for the published tables and for the events about a row alike.
 */

#include <stddef.h>
#include <stdint.h>

#include "journal/event.h"

struct check;
struct listener;
struct plan;
struct plan_host;

/* Each writes the sub-identifiers and returns how many. */

/* catalogue, service, host */
size_t rowindex_check(
    const struct plan *p, const struct check *c, uint32_t out[EVENT_INDEX_MAX]);
size_t rowindex_host(const struct plan_host *h, uint32_t out[EVENT_INDEX_MAX]);
/* protocol, port, address type, address with its length before it (RFC 4001; RFC 2578,
 * 7.7): type 0 and no octets for a socket that accepts IPv4 and IPv6 on any address. */
size_t rowindex_listener(const struct listener *l, uint32_t out[EVENT_INDEX_MAX]);

#endif
