#ifndef SVCPORT_PORTFILTER_H
#define SVCPORT_PORTFILTER_H

/*
 * A set of ports as programs for the kernel: one that selects sockets of a sock_diag
 * dump (INET_DIAG_REQ_BYTECODE, run by inet_diag_bc_run() in net/ipv4/inet_diag.c) and
 * one that selects destroy events (classic BPF, net/core/filter.c).  And single sockets
 * as a program for a dump.
 *
 * The first two are binary searches over at most PORTFILTER_RANGES ranges.  The bound
 * keeps every jump of the BPF program within its 8 bits, and the dump's program small:
 * the kernel audits it in quadratic time at each request (inet_diag_bc_audit()).  A set
 * of more ranges is covered: the smallest gaps are closed, so that the kernel lets a
 * little more pass and the reader asks portset_has() for the rest.
 */

#include <linux/filter.h>
#include <linux/inet_diag.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/addr.h"
#include "model/portset.h"

#define PORTFILTER_RANGES 64

struct portfilter {
	uint32_t n; /* 0: selects nothing */
	struct port_range r[PORTFILTER_RANGES];
};

/* The narrowest cover of the set. */
void portfilter_cover(struct portfilter *f, const struct portset *set);
bool portfilter_covers(const struct portfilter *f, uint16_t port);

/* Writes the program; returns its length in operations of 4 octets; 0 when f->n is. */
#define PORTFILTER_DUMP_MAX (5 * PORTFILTER_RANGES)
uint32_t portfilter_dump(
    const struct portfilter *f, struct inet_diag_bc_op out[PORTFILTER_DUMP_MAX]);

/* Writes the program for the sockets bound to exactly one of these; n is 1 to
 * PORTFILTER_ENDS.  Returns its length in octets. */
struct portfilter_end {
	struct addr addr;
	uint16_t port;
};
#define PORTFILTER_ENDS     64
#define PORTFILTER_ENDS_MAX (32 * PORTFILTER_ENDS)
uint32_t portfilter_ends(const struct portfilter_end *ends, uint32_t n,
    unsigned char out[PORTFILTER_ENDS_MAX]);

/*
 * Writes the program for messages of the SKNLGRP_*_DESTROY groups: what passes had no
 * peer (destination port 0: a listener, an unconnected UDP socket) and a covered source
 * port; and of all others one in PORTFILTER_SAMPLE, drawn at random, so that the reader
 * knows how many there are.  An empty cover lets nothing pass.  Returns its length in
 * instructions.
 */
#define PORTFILTER_SAMPLE     256u
#define PORTFILTER_EVENTS_MAX (2 * PORTFILTER_RANGES + 8)
uint16_t portfilter_events(
    const struct portfilter *f, struct sock_filter out[PORTFILTER_EVENTS_MAX]);

#endif
