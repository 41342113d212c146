#ifndef SVCPORT_TESTS_PLANFIX_H
#define SVCPORT_TESTS_PLANFIX_H

/*
 * Plans from catalogues and sites given as text, for tests.
 *
 * A catalogue is a line for each service, "number name protocol ports from to [keys]":
 *
 *	1 web tcp 443 client server,proxy  feature = 'f';
 *
 * "-" stands for no ports or roles.  Its roles are the ones named, those in capitals
 *are no part of the product; its features are the ones named; a line "% TEXT" goes into
 *the catalogue as it stands.  What a service must have and does not say is filled in,
 *with expect = "required".  The catalogue is number 7, "app".  In both texts ' is as
 *good as a double quote.
 */

#include "plan/plan.h"

/* The plan of a catalogue and a site; fails on any message.  The local host is called
 * "here" when the site does not name it. */
struct plan *planfix(const char *services, const char *site);
/* Fails unless there is no plan and exactly this message. */
void planfix_error(const char *services, const char *site, const char *message);
/* Fails unless there is a plan and exactly this message. */
void planfix_warning(const char *services, const char *site, const char *message);

/* The check of this name; fails when there is none. */
const struct check *planfix_check(const struct plan *p, const char *name);
/* Fails unless the plan's checks are exactly these, in this order; ends with NULL. */
void planfix_names(const struct plan *p, const char *const *names);

#define PLANFIX_NAMES(p, ...) \
	planfix_names((p), (const char *const[]){ __VA_ARGS__, NULL })

/* The check's ports as text; valid until the next call. */
const char *planfix_ports(const struct plan *p, const char *name);

#endif
