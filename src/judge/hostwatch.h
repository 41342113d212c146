#ifndef SVCPORT_HOSTWATCH_H
#define SVCPORT_HOSTWATCH_H

/*
 * Which hosts answer at all, concluded from single probes.  Pure: fed with answers, it
 * returns what its owner has to do.
 *
 * A host's endpoints *count* when silence of theirs means something: TCP, ICMP, and UDP
 * where a reply is expected or was learnt to be.  The first no-answer of a host that
 * answered opens a *sweep*: all counting endpoints are to be probed again at once, and
 * until that is decided the host is under suspicion.  One answer ends it; when all are
 * silent, and they are at least two, the host is unreachable.  A host that never
 * answered stays unknown.
 *
 * When no remote host answers any more, and they are at least three, the agent itself
 * is isolated: remote hosts are unknown, and the local host is what is unreachable.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/mono.h"
#include "model/types.h"

struct plan;
struct hostwatch;

enum answer {
	ANSWER_YES,   /* anything came back, a refusal too */
	ANSWER_NO,    /* nothing came back where something should */
	ANSWER_BLIND, /* the probe failed here, or silence proves nothing */
};

/* What one call brought about. */
struct hostwatch_step {
	bool answered;  /* the host is there */
	bool swept;     /* a sweep ended without any answer */
	bool silent;    /* and that is evidence that it is down */
	bool decided;   /* the host's suspicion ended, or its state changed */
	bool reprobe;   /* probe all its endpoints at once */
	bool isolation; /* isolated became true or false: every host's state may differ,
	                   and those under suspicion want to be probed at once */
};

/* Borrows the plan until hostwatch_free(). */
struct hostwatch *hostwatch_new(const struct plan *plan);
void hostwatch_free(struct hostwatch *hw);

struct hostwatch_step hostwatch_answer(
    struct hostwatch *hw, uint32_t endpoint, enum answer answer, struct mono now);
/* The endpoint is (not) probed: all its checks are disabled, ... */
struct hostwatch_step hostwatch_enable(
    struct hostwatch *hw, uint32_t endpoint, bool enable, struct mono now);
/* The host is (not) left out altogether. */
struct hostwatch_step hostwatch_standby(
    struct hostwatch *hw, uint32_t host, bool standby, struct mono now);

/* When hostwatch_tick() is wanted for the host; MONO_NEVER for not at all. */
struct mono hostwatch_deadline(const struct hostwatch *hw, uint32_t host);
struct hostwatch_step hostwatch_tick(
    struct hostwatch *hw, uint32_t host, struct mono now);

enum host_state hostwatch_state(const struct hostwatch *hw, uint32_t host);
/* It is being found out whether the host is down. */
bool hostwatch_suspects(const struct hostwatch *hw, uint32_t host);
/* It answered at some time. */
bool hostwatch_ever(const struct hostwatch *hw, uint32_t host);
/* A probe of the endpoint would help to decide about its host. */
bool hostwatch_wants(const struct hostwatch *hw, uint32_t endpoint);
/* Any endpoint of the host is probed. */
bool hostwatch_probed(const struct hostwatch *hw, uint32_t host);
bool hostwatch_isolated(const struct hostwatch *hw);

/*
 * Whether the network has been seen to work since `since`: some host answered, or there
 * are too few hosts to tell.  While this is false a silence may be the agent's own.
 */
bool hostwatch_network(const struct hostwatch *hw, struct mono since);
/* Names up to `max` hosts whose probing would tell, of those that answered, and while
 * isolated of those that did not; returns how many.  Others at each call. */
uint32_t hostwatch_canvass(struct hostwatch *hw, uint32_t *hosts, uint32_t max);

/* The host was known to be down in an earlier process. */
void hostwatch_restore_down(struct hostwatch *hw, uint32_t host);
/* Takes over what an earlier plan's watch, whose plan is still there, knows of a host.
 */
void hostwatch_carry(struct hostwatch *hw, uint32_t host, const struct hostwatch *old,
    uint32_t old_host);
/* To be called when all hosts were carried. */
struct hostwatch_step hostwatch_review(struct hostwatch *hw, struct mono now);

#endif
