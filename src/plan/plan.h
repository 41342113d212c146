#ifndef SVCPORT_PLAN_H
#define SVCPORT_PLAN_H

/*
 * Catalogues x site -> checks and probes.  A plan is made in one go, never changes, and
 * is shared by reference count between threads.  All arrays are contiguous and sorted;
 * the index of a check in `checks` is its identity as long as the plan lives.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/addr.h"
#include "catalogue/catalogue.h"
#include "model/portset.h"
#include "site/site.h"
#include "model/types.h"

/* A catalogue or an instance of one. */
struct plan_catalogue {
	const struct catalogue *cat;
	uint16_t number; /* svcPortCatalogueIndex */
	const char *name;
	uint32_t first_check, nchecks; /* in plan.checks */
};

struct plan_host {
	uint16_t number; /* svcPortHostIndex; 1 is the local host */
	bool local;
	bool has_roles;
	const char *name;
	const char *address; /* literal or name, "" for the local host */
	const struct site_host
	    *site;               /* what the site says; NULL for a host not in it */
	struct addr addr;        /* family 0 while `address` is a name */
	struct addr active_when; /* family 0 for none */
	uint32_t first_endpoint, nendpoints; /* in plan.endpoints */
};

enum check_flag {
	CHECK_LISTEN = 1,         /* judged by the local socket tables */
	CHECK_CONNECT = 2,        /* judged by probing */
	CHECK_EITHER = 4,         /* probed only while nothing listens */
	CHECK_LOCAL_REQUIRED = 8, /* localOnly, and required open there */
	CHECK_UNJUDGED = 16,      /* on-demand or pool: shown, never judged */
	CHECK_NO_ROLE = 32,       /* the host has no role: shown, never judged */
	CHECK_TLS = 64,           /* the documented encryption is checked */
	CHECK_FOREIGN = 128,      /* seen from here, not from a `from` role */
	CHECK_FEATURE_OFF = 256,  /* optional because its feature is not in use */
	CHECK_VERSION_OFF = 512,  /* not in the product's version here */
	CHECK_OUTSIDE = 1024, /* must be closed here, since open to its `from` only */
};

/* Why a row exists, for `svcport plan`. */
enum check_why {
	WHY_NO_ROLES,   /* no roles: every service, by listening only */
	WHY_PLAYS_TO,   /* this host listens in its role */
	WHY_PLAYS_FROM, /* this host connects to a host in that role */
	WHY_VIEWPOINT,  /* viewpoint "all": seen from here */
};

struct check {
	uint16_t cat;     /* index into plan.cats */
	uint16_t service; /* index into cat->services */
	uint16_t host;    /* index into plan.hosts */
	uint16_t flags;   /* enum check_flag */
	uint8_t expected; /* enum expected */
	uint8_t policy;   /* enum range_policy */
	uint8_t method;   /* enum probe_method */
	uint8_t severity; /* enum severity of its alarms; 0: by verdict */
	uint8_t why;      /* enum check_why */
	uint8_t raise_after, clear_after; /* observations; 0: the default */
	uint8_t
	    idle; /* enum reason why nothing probes it, REASON_NONE when it is probed */
	uint32_t interval; /* seconds between two probes, 0 for none */
	uint32_t hold;     /* seconds */
	struct portset ports;
	uint32_t alternative; /* 1-based index into plan.alternatives, 0 for none */
	uint32_t group;       /* 1-based index into plan.groups, 0 for none */
	uint32_t first_probe, nprobes; /* in plan.check_probes */
};

/* How an endpoint is probed; shared by endpoints that are probed alike. */
struct probe_spec {
	enum probe_method method;
	enum proto protocol;
	uint32_t timeout_ms;
	struct payload payload;  /* borrowed bytes; kind is never PAYLOAD_DEFAULT */
	bool expect_reply;       /* UDP: silence counts... */
	bool silence_fine;       /* ...or never does; else once an answer was seen */
	const char *reply;       /* pattern, "" for any */
	const char *application; /* of the service, for greeting's good-bye and TLS */
	const char *secret_file; /* "" for none */
	const char *community;   /* "" for none */
};

/* One piece of network work; many checks may share it. */
struct endpoint {
	uint16_t host; /* index into plan.hosts */
	uint16_t port; /* 0 for ICMP */
	uint16_t spec; /* index into plan.specs */
	uint16_t reserved;
	uint32_t interval;             /* seconds; the shortest of its checks */
	uint32_t first_check, nchecks; /* in plan.probe_checks */
};

/* Services of which one is enough, on one host: members are check indexes in ascending
 * service number. */
struct plan_alternative {
	uint32_t *members;
	uint32_t n;
};

/* One alarm when fewer than `need` of the members are open. */
struct plan_group {
	const char *name;
	uint32_t need;
	uint32_t *members;
	uint32_t n;
};

struct plan {
	unsigned refs;                    /* by plan_ref() and plan_unref() only */
	struct site *site;                /* owned */
	struct catalogue_list catalogues; /* owned */
	struct plan_catalogue *cats;      /* ascending number */
	uint32_t ncats;
	struct plan_host *hosts; /* ascending number; [0] is the local host */
	uint32_t nhosts;
	struct check *checks; /* ascending catalogue, service, host number */
	uint32_t nchecks;
	struct endpoint *endpoints; /* by host, then protocol, port */
	uint32_t nendpoints;
	struct probe_spec *specs;
	uint32_t nspecs;
	uint32_t *check_probes; /* endpoint indexes, by check */
	uint32_t *probe_checks; /* check indexes, by endpoint */
	struct plan_alternative *alternatives;
	uint32_t nalternatives;
	struct plan_group *groups;
	uint32_t ngroups;
	char *local_name; /* what the local host is called */
	bool roles_here;  /* the local host has roles */
};

/*
 * Numbers for hosts that the site gives none.  `number` returns the one stored for the
 * name, or a new one, which it stores; never one whose bit is set in `taken` (bit n % 8
 * of octet n / 8), never 0 or 1.  Without `number` they count from 2 in file order.
 */
struct host_numbers {
	uint16_t (*number)(void *arg, const char *name, const uint8_t *taken);
	void *arg;
};

/*
 * Makes the plan and takes over `site` and the list's catalogues (also on failure).
 * `local_name` is the host's own name, for the local host when the site does not name
 * it.  Errors go to `d`; NULL when there was any.  The caller owns one reference.
 */
struct plan *plan_new(struct site *site, struct catalogue_list *catalogues,
    const char *local_name, const struct host_numbers *numbers, struct diag *d);
/* Thread-safe. */
struct plan *plan_ref(struct plan *p);
void plan_unref(struct plan *p);

static inline const struct service *
plan_service(const struct plan *p, const struct check *c)
{
	return &p->cats[c->cat].cat->services[c->service];
}

/* svcPortCheckName, "catalogue/service@host" */
#define PLAN_NAME_MAX 225
const char *plan_check_name(
    const struct plan *p, const struct check *c, char buf[PLAN_NAME_MAX]);
/* "TITLE, SECTION, line N" into buf; returns buf. */
const char *plan_citation(
    const struct plan *p, const struct check *c, char *buf, size_t size);
/* Whether a host plays a role (an index into the catalogue's roles). */
bool plan_plays(const struct plan *p, uint32_t cat, uint32_t host, int role);
/* Why the row exists, in words, cut at size: "this host is psm:server, used by client",
 * "this host is psm:server, noc1 plays noc". */
const char *plan_why(
    const struct plan *p, const struct check *c, char *buf, size_t size);

/* Index of the check with these numbers, -1 when there is none. */
long plan_find(const struct plan *p, unsigned cat, unsigned service, unsigned host);
/* Whether all tables have the same rows in both, by number and name. */
bool plan_same_rows(const struct plan *a, const struct plan *b);
/* By svcPortCheckName. */
long plan_find_name(const struct plan *p, const char *name);

#endif
