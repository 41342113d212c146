#ifndef SVCPORT_SITE_NAMES_H
#define SVCPORT_SITE_NAMES_H

/* What a catalogue's name in a site file stands for. */

#include "site/site.h"

struct site_names {
	const struct site *s;
	const struct catalogue_list *list;
	struct diag *d;
};

/* The loaded catalogue of this name, or NULL. */
const struct catalogue *site_names_catalogue(
    const struct site_names *k, const char *name);
/* The same, or the catalogue of the instance with this name. */
const struct catalogue *site_names_find(const struct site_names *k, const char *name);
/* Says that there is none, unless one was left out for errors of its own: it may be the
 * one that is missed, and has been reported. */
void site_names_unknown(struct site_names *k, struct diag_pos pos, const char *name);

#endif
