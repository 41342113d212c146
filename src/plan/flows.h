#ifndef SVCPORT_FLOWS_H
#define SVCPORT_FLOWS_H

/*
 * Who talks to whom: the connections that the documents imply between the hosts of a
 * site, for the people who own the firewalls.  Where no host of the site plays one end,
 * the role stands for it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/plan.h"

/*
 * Makes a site yield a plan with every flow: each documented port of each host, and one
 * more host for each role that nobody plays.  To be called before plan_new().
 */
void flows_widen(struct site *site, const struct catalogue_list *catalogues);

/* A host that stands for a role. */
bool flows_is_role(const struct plan_host *h);

enum flow_need {
	FLOW_REQUIRED, /* also a documented port that is used only now and then */
	FLOW_RECOMMENDED,
	FLOW_OPTIONAL, /* open or closed are both right */
};

struct flow {
	const struct check *check; /* its host is the destination */
	uint16_t source;           /* index into plan.hosts */
	enum flow_need need;
};

/*
 * The flows of a widened plan, by check, then source.  Left out are services of
 * features and versions that are not in use here, what the document does not expect to
 * be open, and, while any host of the site has a role, flows between two that stand for
 * roles.  The caller frees the array.
 */
struct flow *flows_of(const struct plan *p, size_t *n);

/* The document wants nobody else to reach it: it must be closed, or is local only. */
bool flows_is_forbidden(const struct check *c);

/* "required", "recommended", "optional" */
const char *flows_need(enum flow_need need);

#endif
