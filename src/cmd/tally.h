#ifndef SVCPORT_TALLY_H
#define SVCPORT_TALLY_H

/* Verdicts counted, and what a monitoring plugin's exit status makes of them. */

#include <stdint.h>

#include "base/output.h"
#include "model/types.h"

struct tally {
	uint32_t by_verdict[VERDICT_MAX + 1];
	uint32_t rows;
	int status; /* TALLY_* */
};

/* As monitoring plugins have it. */
#define TALLY_OK       0
#define TALLY_WARNING  1
#define TALLY_CRITICAL 2
#define TALLY_UNKNOWN  3

/* 2 for a port that is closed and required, or open and must not be; 1 for a lesser
 * deviation, 3 for unknown, else 0. */
int tally_status_of(enum verdict v);
/* Of two the worse, in the order 2, 1, 3, 0. */
int tally_worse(int a, int b);
/* "OK", "WARNING", "CRITICAL", "UNKNOWN" */
const char *tally_word(int status);
/* What rows of that verdict look like on a terminal. */
enum output_colour tally_colour(enum verdict v);

void tally_add(struct tally *t, enum verdict v);

/* "112 checks, 1 closedRequired, 111 compliant", the worst first; returns buf. */
#define TALLY_TEXT 256
const char *tally_text(const struct tally *t, char buf[TALLY_TEXT]);

#endif
