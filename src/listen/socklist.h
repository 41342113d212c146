#ifndef SVCPORT_SOCKLIST_H
#define SVCPORT_SOCKLIST_H

/* Sockets as one look at the kernel's tables found them, in any order. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "listen/listeners.h"

struct sock {
	struct listener l; /* of one socket: l.sockets is 1 */
	uint32_t inode;    /* tells two sockets of one address and port apart */
};

struct socklist {
	struct sock *v;
	uint32_t n, cap;
	bool split; /* read in several parts: see socklist_missing() */
};

/* The new element is zeroed, but for l.sockets; valid until the next call. */
struct sock *socklist_add(struct socklist *list);
/* Empties the list and keeps its memory; socklist_clear() frees it. */
void socklist_reset(struct socklist *list);
void socklist_clear(struct socklist *list);

/* Replaces what the list has of these ports by `fresh`. */
void socklist_replace(
    struct socklist *list, const struct portset *ports, const struct socklist *fresh);

/*
 * Puts into *out the sockets that `before` has and `now` has not, of these ports (NULL:
 * any).
 *
 * Why one asks: netlink and seq_file dumps that do not fit into one buffer go on by
 * position in the hash chain (s_num in net/ipv4/inet_diag.c), so that a socket is left
 * out when another one of its chain closes in between.  What vanished from a split
 * list is therefore looked for by itself before that is believed.
 */
void socklist_missing(const struct socklist *before, const struct socklist *now,
    const struct portset *ports, struct socklist *out);
/* Adds those of `more` that the list has not. */
void socklist_unite(struct socklist *list, const struct socklist *more);

/* The table of two lists, either of which may be NULL. */
struct listener_table *socklist_table(
    const struct socklist *a, const struct socklist *b);

#endif
