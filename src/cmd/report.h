#ifndef SVCPORT_REPORT_H
#define SVCPORT_REPORT_H

/*
 * The page of `svcport report`: one HTML file that needs nothing else.  Compliance in
 * all, per product and per host, who must reach whom by role, and every row with its
 * citation.
 */

#include <stdio.h>

#include "cmd/report_page.h"
#include "base/mono.h"

struct plan;

/* Writes the page; errors are the stream's (ferror(3)). */
void report_html(
    FILE *to, const struct plan *p, report_row *row, void *arg, wall_t now);

#endif
