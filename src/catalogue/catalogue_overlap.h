#ifndef SVCPORT_CATALOGUE_OVERLAP_H
#define SVCPORT_CATALOGUE_OVERLAP_H

/*
 * The same port twice between the same roles in one section may be a slip, or what the
 * document says: then a note says so.  Sections repeat each other; a pool overlaps by
 * its nature.
 */

struct catalogue;
struct diag;
struct portset;

/* Warns in `d`; ports[i] are those of service i. */
void catalogue_overlap(
    const struct catalogue *c, const struct portset *ports, struct diag *d);

#endif
