#ifndef SVCPORT_CATALOGUE_PARTS_H
#define SVCPORT_CATALOGUE_PARTS_H

/* What the services of a catalogue refer to. */

struct catalogue;
struct conf_group;

#define CATALOGUE_PARTS_ROLES_MAX 1000 /* a matrix of them can still be drawn */

/* Octets of a name at most. */
#define CATALOGUE_PARTS_ROLE    64
#define CATALOGUE_PARTS_FEATURE 32 /* svcPortServiceFeature */

/* Reads `roles`, `features` and `parameters` of the group into *c. */
void catalogue_parts(struct conf_group *g, struct catalogue *c);

#endif
