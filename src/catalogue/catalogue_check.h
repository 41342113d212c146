#ifndef SVCPORT_CATALOGUE_CHECK_H
#define SVCPORT_CATALOGUE_CHECK_H

/* What a catalogue's parts must be to one another: numbers and names that occur once,
 * formulas that give ports, ranges with a policy, alternatives that have one. */

struct catalogue;
struct diag;

/* Reports to `d`; a part whose name is "" or number 0 was reported when it was read. */
void catalogue_check(const struct catalogue *c, struct diag *d);

#endif
