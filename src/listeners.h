#ifndef SVCPORT_LISTENERS_H
#define SVCPORT_LISTENERS_H

/*
 * The local sockets that wait for traffic, as the kernel listed them, and what a set of
 * ports amounts to among them.  A table is immutable and shared by reference count.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"
#include "mono.h"
#include "portset.h"
#include "types.h"

struct listener {
	uint8_t protocol; /* PROTO_TCP or PROTO_UDP */
	bool dual;        /* [::] that accepts IPv4 too */
	uint16_t port;
	struct addr addr; /* bound address */
	uint32_t uid;     /* of the creator */
	uint64_t cgroup;  /* id, 0 when the kernel does not say */
	uint32_t queue;   /* connections that wait to be accepted; 0 for UDP */
	uint32_t queue_limit;
	uint32_t sockets;  /* that share protocol, address and port */
	wall_t first_seen; /* 0 where nobody keeps it */
	uint16_t
	    services; /* documented services that name it: set by the table's owner */
	uint32_t service; /* the first of them: check index + 1, 0 for none */
	/* svcPortListenerOwner: interned, outlives every table; NULL when not known.
	 * Set by the table's owner. */
	const char *owner;
};

struct listener_table {
	unsigned refs;
	struct listener *v; /* by protocol, port, address type, address */
	uint32_t n;
};

/* Takes over `v`, sorts it and joins sockets that share all three. */
struct listener_table *listeners_new(struct listener *v, uint32_t n);
struct listener_table *listeners_ref(struct listener_table *t);
void listeners_unref(struct listener_table *t);

/* First entry of this protocol and port, or where it would stand. */
uint32_t listeners_find(
    const struct listener_table *t, enum proto protocol, uint16_t port);

/* svcPortListenerName: "tcp/0.0.0.0:443", "tcp/[::1]:80", and with a star as address
 * for dual. */
#define LISTENERS_NAME_MAX 65
const char *listeners_name(const struct listener *l, char buf[LISTENERS_NAME_MAX]);

/* What the table says of a set of ports. */
struct listen_view {
	enum listen_state state;
	uint32_t open_ports;         /* of the set, that anything is bound to */
	struct portset open;         /* which; the caller clears it */
	uint32_t queue, queue_limit; /* of the socket with the fullest queue */
	uint32_t uid;
	uint64_t cgroup; /* of the first socket */
	char addrs[256]; /* "0.0.0.0,[::]" */
};

/*
 * Judges a port set by its policy: ANY: listening when one port is; EVERY: partial when
 * some but not all are; loopbackOnly when every socket is bound to loopback.  The state
 * is never LISTEN_UNKNOWN or LISTEN_NA: that is the caller's knowledge.
 */
void listeners_view(const struct listener_table *t, enum proto protocol,
    const struct portset *ports, enum range_policy policy, struct listen_view *out);

#endif
