#ifndef SVCPORT_UDPRULE_H
#define SVCPORT_UDPRULE_H

/*
 * Which bound UDP sockets are servers.  UDP has no listen(2): a client that has sent
 * with sendto(2) looks like a server, on a port that the kernel took from
 * ip_local_port_range.  So a socket outside that range (or on one of
 * ip_local_reserved_ports, which the kernel never takes) is a server; one inside it is,
 * once it has lived long enough.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mono.h"
#include "model/portset.h"
#include "listen/socklist.h"

struct udprule {
	struct portset ephemeral; /* ports that the kernel takes for clients */
	struct udprule_age *v;    /* sockets on them, by inode */
	uint32_t n;
	bool trust; /* see udprule_apply() */
};

/* Reads /proc/sys/net/ipv4/ip_local_{port_range,reserved_ports}; without them the
 * kernel's default, 32768-60999. */
void udprule_read_range(struct udprule *u);
/* The same from texts: "32768\t60999\n", "8080,9148\n"; NULL for none. */
void udprule_set_range(struct udprule *u, const char *range, const char *reserved);
void udprule_clear(struct udprule *u);

/*
 * Notes the sockets of a complete look, forgets those that are gone, and drops from the
 * list those that are no servers yet: on a port in `documented` (NULL: every port is)
 * younger than `documented_ns`, on another younger than `other_ns`.  With u->trust set,
 * which the call resets, a socket that was not noted before counts as documented_ns
 * old: at the first look nobody can know, and a server that has run for weeks must not
 * be called closed.
 */
void udprule_apply(struct udprule *u, struct socklist *list, struct mono now,
    const struct portset *documented, int64_t documented_ns, int64_t other_ns);

/* The same for a look at some ports only: nothing is noted or forgotten or trusted. */
void udprule_apply_part(struct udprule *u, struct socklist *list, struct mono now,
    const struct portset *documented, int64_t documented_ns, int64_t other_ns);

#endif
