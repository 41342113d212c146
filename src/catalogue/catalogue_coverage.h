#ifndef SVCPORT_CATALOGUE_COVERAGE_H
#define SVCPORT_CATALOGUE_COVERAGE_H

/* Whether a transcription is whole: a service for every printed line, and every role,
 * feature and parameter of use to one. */

struct catalogue;
struct diag;

/* Warns in `d` about what is left over. */
void catalogue_coverage(const struct catalogue *c, struct diag *d);

#endif
