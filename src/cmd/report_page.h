#ifndef SVCPORT_REPORT_PAGE_H
#define SVCPORT_REPORT_PAGE_H

/* What the parts of the page share: report.c has its frame and the sums,
 * report_matrix.c who must reach whom, report_checks.c every row. */

#include <stdio.h>

#include "cmd/tally.h"
#include "model/types.h"

struct plan;
struct row;

/* `row` gives the row of a check. */
typedef const struct row *report_row(void *arg, unsigned check);

struct report_page {
	FILE *to;
	const struct plan *p;
	report_row *row;
	void *arg;
};

/* A text, HTML's own characters as entities. */
void report_page_put(const struct report_page *g, const char *text);
enum verdict report_page_verdict(const struct report_page *g, uint32_t check);

/* The roles of a catalogue (an index into plan.cats) against each other. */
void report_matrix(const struct report_page *g, uint32_t cat);
/* The table of every check, and the form that filters it. */
void report_checks(const struct report_page *g);

#endif
