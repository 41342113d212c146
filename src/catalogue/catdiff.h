#ifndef SVCPORT_CATDIFF_H
#define SVCPORT_CATDIFF_H

/*
 * What changed between two editions of a catalogue, fact by fact.  Services are the
 * same when their numbers are, everything else goes by name.
 */

#include <stddef.h>

#include "catalogue/catalogue.h"

enum catdiff_kind { CATDIFF_ADDED, CATDIFF_REMOVED, CATDIFF_CHANGED };

struct catdiff_fact {
	enum catdiff_kind kind;
	const char *what;   /* "document", "role", "feature", "parameter", "service" */
	unsigned number;    /* of a service, else 0 */
	const char *name;   /* of the thing; of a renamed service the new one */
	const char *field;  /* that changed; "" when all of it came or went */
	const char *before; /* "" for what was added */
	const char *after;  /* "" for what was removed */
};

/* A fact; valid during the call. */
typedef void catdiff_each(void *arg, const struct catdiff_fact *fact);

/* Calls `each` for every difference: document, roles, features, parameters, then
 * services by number.  Returns how many there are. */
size_t catdiff(const struct catalogue *before, const struct catalogue *after,
    catdiff_each *each, void *arg);

/* "added", "removed", "changed" */
const char *catdiff_word(enum catdiff_kind kind);

#endif
