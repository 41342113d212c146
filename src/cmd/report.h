#ifndef SVCPORT_REPORT_H
#define SVCPORT_REPORT_H

/*
 * The page of `svcport report`: one HTML file that needs nothing else.  A summary of
 * compliance per product, who must reach whom by role, and every row with its citation.
 */

#include <stdio.h>

#include "base/mono.h"

struct plan;
struct row;

/* `row` gives the row of a check. */
typedef const struct row *report_row(void *arg, unsigned check);

/* Writes the page; errors are the stream's (ferror(3)). */
void report_html(
    FILE *to, const struct plan *p, report_row *row, void *arg, wall_t now);

#endif
