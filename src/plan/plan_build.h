#ifndef SVCPORT_PLAN_BUILD_H
#define SVCPORT_PLAN_BUILD_H

/* What the files that make a plan share; they include plan.h before it, nobody else
 * includes it. */

#include "base/diag.h"

/* A catalogue of the plan beside what the site says of it. */
struct build_cat {
	const struct site_instance *instance; /* NULL for the catalogue itself */
	uint16_t *players;                    /* (role, host) pairs, flattened below */
	uint32_t *role_first;                 /* nroles + 1 offsets into players */
};

struct build {
	struct plan *plan;
	struct diag *diag;
	struct build_cat *cats; /* beside plan->cats */
	struct plan_matches *matches;
	uint32_t checks_cap;
	bool any_roles; /* some host has a role */
};

/* ---- plan_host.c: the hosts and their numbers */

void plan_hosts(
    struct build *b, const char *local_name, const struct host_numbers *numbers);

/* ---- plan_expect.c: what is expected of a service on a host */

struct plan_rule {
	enum expected expected;
	uint16_t flags; /* CHECK_LOCAL_REQUIRED, CHECK_OUTSIDE, CHECK_FEATURE_OFF,
	                   CHECK_VERSION_OFF */
};

/* `host` listens, and is looked at for that reason.  Overrides are applied. */
struct plan_rule plan_expect(const struct build *b, uint32_t cat,
    const struct service *s, uint32_t host, enum check_why why);

/* ---- plan_ports.c */

/* The ports of a service on a host, parameters and overrides filled in; false, with an
 * error in the diagnostics, when they cannot be had.  The caller clears *out. */
bool plan_ports(const struct build *b, uint32_t cat, const struct service *s,
    uint32_t host, struct portset *out);

/* ---- plan_override.c: what the last matching override says */

struct plan_matches *plan_matches_new(const struct site *site);
void plan_matches_free(struct plan_matches *m);
/* The overrides that match, in file order; call with *i = 0 first, NULL at the end. */
const struct site_override *plan_override(const struct build *b, uint32_t cat,
    const struct service *s, uint32_t host, size_t *i);
/* The member (an offset of a long or int member) of the last matching override that
 * sets it, else `otherwise`. */
long plan_override_long(const struct build *b, uint32_t cat, const struct service *s,
    uint32_t host, size_t member, long otherwise);
int plan_override_int(const struct build *b, uint32_t cat, const struct service *s,
    uint32_t host, size_t member, int otherwise);
/* The same for a text, where "" is "not set". */
const char *plan_override_text(const struct build *b, uint32_t cat,
    const struct service *s, uint32_t host, size_t member, const char *otherwise);

/* ---- plan_probe.c */

/* Gives every check with CHECK_CONNECT its method, and the plan its endpoints. */
void plan_probes(struct build *b);

/* ---- plan_group.c: alternatives and quorum groups */

void plan_alternatives(struct build *b);
void plan_groups(struct build *b);

#endif
