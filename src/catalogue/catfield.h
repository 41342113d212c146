#ifndef SVCPORT_CATFIELD_H
#define SVCPORT_CATFIELD_H

/* What a catalogue file says of a service, key by key, as text. */

#include <stddef.h>

#include "catalogue/catalogue.h"
#include "catalogue/catalogue_parts.h"

/* The longest is a list of all the roles that a catalogue may have. */
#define CATFIELD_TEXT_MAX (CATALOGUE_PARTS_ROLES_MAX * (CATALOGUE_PARTS_ROLE + 1) + 1)

extern const size_t catfield_count;
/* Of key i < catfield_count; roles are joined by ';', and "" stands for "by default".
 */
const char *catfield_key(size_t i);
/* In buf, or as long as the catalogue lives. */
const char *catfield_text(size_t i, const struct catalogue *c, const struct service *s,
    char *buf, size_t size);

/* "required", ... */
const char *catfield_expect(enum requirement r);

#endif
