#ifndef SVCPORT_LISTENERS_H
#define SVCPORT_LISTENERS_H

/*
 * The local sockets that wait for traffic, as the kernel listed them, and what a set of
 * ports amounts to among them.  A table is immutable and shared by reference count.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/addr.h"
#include "base/mono.h"
#include "model/portset.h"
#include "model/types.h"

struct listener {
	uint8_t protocol; /* PROTO_TCP or PROTO_UDP */
	bool dual;        /* [::] that accepts IPv4 too */
	bool on_lo;       /* bound to the loopback interface, whatever the address */
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
	uint32_t service;  /* the first of them: check index + 1, 0 for none */
	const char *owner; /* see listeners_name_owners(); NULL before */
};

struct owner_text;

struct listener_table {
	unsigned refs;
	struct listener *v; /* by protocol, port, address type, address */
	uint32_t n;
	struct owner_text *owners; /* what the entries' owners point to */
};

/*
 * Takes over `v` (from mem.h; NULL when n is 0), sorts it and joins the sockets that
 * share protocol, port and address: their number, the fullest queue, the first owner.
 * References are counted atomically: a table may be handed to another thread.
 */
struct listener_table *listeners_new(struct listener *v, uint32_t n);
struct listener_table *listeners_ref(struct listener_table *t);
void listeners_unref(struct listener_table *t);

/* First entry of this protocol and port, or where it would stand. */
uint32_t listeners_find(
    const struct listener_table *t, enum proto protocol, uint16_t port);
/* The entry with this one's protocol, port and address; NULL for none. */
const struct listener *listeners_same(
    const struct listener_table *t, const struct listener *l);

/*
 * Fills first_seen before a table is handed on: from the entry that stood in the table
 * `before` (NULL for none), else `now`.
 */
void listeners_date(
    struct listener_table *t, const struct listener_table *before, wall_t now);

/* Whether nobody but this host can reach it. */
bool listeners_is_local(const struct listener *l);

/* Fills owner (svcPortListenerOwner) before a table is handed on, see owner.h. */
struct owner;
void listeners_name_owners(struct listener_table *t, struct owner *o);

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
	char addrs[256]; /* "0.0.0.0,[::]"; "*" for dual; "..." ends a cut list */
};

/*
 * Judges a port set by its policy.  ANY and POOL: listening when one port is, loopback
 * only when nothing but loopback is bound.  EVERY and SINGLE: listening when every port
 * can be reached from outside, loopback only when every port is bound and none can,
 * partial between these and not listening.  The state is never LISTEN_UNKNOWN or
 * LISTEN_NA: that is the caller's knowledge.
 *
 * Whether a forbidden port is open is a question for ANY, whatever the range's policy.
 */
void listeners_view(const struct listener_table *t, enum proto protocol,
    const struct portset *ports, enum range_policy policy, struct listen_view *out);

#endif
