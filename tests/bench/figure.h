#ifndef SVCPORT_BENCH_FIGURE_H
#define SVCPORT_BENCH_FIGURE_H

/*
 * Figures of benches that are C programs, in the form that tests/bench/lib.sh
 * describes.
 */

#include <stdbool.h>
#include <stddef.h>

void figure_at_most(const char *name, double value, const char *unit, double limit);
void figure_at_least(const char *name, double value, const char *unit, double limit);
/* Without a limit. */
void figure_told(const char *name, double value, const char *unit);

/* Whether any figure was short so far. */
bool figure_any_short(void);

/* Sorts v; n is not 0. */
double figure_median(double *v, size_t n);

/* BENCH_QUICK is set: little time is to be spent. */
bool figure_quick(void);

#endif
