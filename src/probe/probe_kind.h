#ifndef SVCPORT_PROBE_KIND_H
#define SVCPORT_PROBE_KIND_H

/*
 * What the engine and the kinds of probes (probe_tcp.c, probe_udp.c, ...) owe each
 * other.  A kind is one const struct probe_ops.  The engine gives it a struct probe;
 * the kind opens what it needs, and ends with exactly one probe_done(), from any of its
 * calls.  After probe_done() it must not touch the probe again.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/deadline.h"
#include "base/loop.h"
#include "probe/neterr.h"
#include "probe/netsock.h"
#include "plan/plan.h"
#include "probe/probe_result.h"

struct probe {
	/* for the kind to read */
	struct probe_engine *engine;
	const struct probe_spec *spec;
	const char *host_name; /* as configured: a name, or "" for a literal address */
	struct addr addr;
	uint16_t port;
	bool host_local;      /* the target is the host we run on */
	uint16_t index;       /* unique among the probes in flight */
	uint32_t generation;  /* grows with each use of the index */
	bool silence_counts;  /* it answered before, or is expected to */
	bool answered_before; /* as a service of its kind does */
	bool greeted_before;  /* TLS: it greeted in plain words, see `greeted` */
	struct mono started;

	/* for the kind to use; zero before start() */
	int fd; /* -1 for none; the engine closes it */
	uint8_t stage;
	uint8_t attempt;
	int64_t sent_ns; /* netsock_clock() of the last datagram */
	void *state;     /* freed by ops->release() */
	bool greeted;    /* TLS: a server that speaks first, in plain words */
	struct probe_result result; /* rtt_us, TLS facts and detail are the kind's */

	/* the engine's own */
	const struct probe_ops *ops;
	bool busy;
	bool watched;
	bool late; /* the start was, by a second or more */
	uint8_t naddrs, next_addr;
	struct addr addrs[4];
	struct probe_result best; /* of the addresses tried so far */
	struct deadline deadline;
	struct probe *next_free;
};

/* What it is asking now: another number when it has ended, or asks another address. */
static inline uint64_t
probe_question(const struct probe *p)
{
	return p->busy ? (uint64_t)p->generation << 8 | p->next_addr : 0;
}

struct probe_ops {
	const char *name;
	/* Begins; the deadline is already set to spec->timeout_ms from now. */
	void (*start)(struct probe *p);
	/* The watched descriptor is ready for LOOP_* events. */
	void (*ready)(struct probe *p, unsigned events);
	/* The deadline passed. */
	void (*expired)(struct probe *p);
	/* Frees p->state; called whenever the probe ends with one.  May be NULL. */
	void (*release)(struct probe *p);
	/* What all probes of the kind share (sockets, a context): made when the first
	 * one starts.  Both NULL when there is nothing. */
	void *(*share)(struct probe_engine *e);
	void (*unshare)(void *shared);
	/* Shared descriptor `nth` is ready; see probe_watch_shared(). */
	void (*shared_ready)(void *shared, unsigned nth, unsigned events);
};

extern const struct probe_ops probe_tcp_ops;
extern const struct probe_ops probe_udp_ops;
extern const struct probe_ops probe_icmp_ops;
extern const struct probe_ops probe_syn_ops;
extern const struct probe_ops probe_tls_ops;
extern const struct probe_ops probe_greeting_ops;

/* ---- what the engine does for the kinds */

/* Opens p->fd towards p->addr, see netsock_open().  0, or -1 with errno. */
int probe_open(struct probe *p, int type, int protocol);
/* Watches p->fd, or changes what it is watched for.  0, or -1 with errno. */
int probe_watch(struct probe *p, unsigned events);
/* Moves the deadline to `ms` from now. */
void probe_deadline(struct probe *p, uint32_t ms);
/* Microseconds since start(), at least 1. */
uint32_t probe_elapsed_us(const struct probe *p);
/* The same from p->sent_ns to another netsock_clock() time; since start() when they
 * make no sense (no stamp, or the clock was set). */
uint32_t probe_span_us(const struct probe *p, int64_t came_ns);
/* What ops->share() returned. */
void *probe_shared(const struct probe *p);
/* Every outcome comes here. */
void probe_done(struct probe *p, struct neterr_outcome outcome);
/* probe_done() with a failed call's errno. */
void probe_fail(struct probe *p, int error);

/* For shared descriptors: the probe with this index and generation (0: whatever its
 * generation), NULL when it has ended. */
struct probe *probe_find(struct probe_engine *e, uint16_t index, uint32_t generation);
/* Watches a shared descriptor of the kind with this method; before close(2) it needs
 * no call.  0, or -1 with errno. */
int probe_watch_shared(
    struct probe_engine *e, enum probe_method method, unsigned nth, int fd);
const struct netsock *probe_netsock(const struct probe_engine *e);

#endif
