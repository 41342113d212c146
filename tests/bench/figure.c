#include "figure.h"

#include <stdio.h>
#include <stdlib.h>

static bool any_short;

static void
print(const char *name, double value, const char *unit, const char *relation,
    double limit, bool ok)
{
	printf("figure %s %.4g %s %s %g %s\n", name, value, unit, relation, limit,
	    ok ? "ok" : "short");
	fflush(stdout);
	any_short |= !ok;
}

void
figure_at_most(const char *name, double value, const char *unit, double limit)
{
	print(name, value, unit, "<=", limit, value <= limit);
}

void
figure_at_least(const char *name, double value, const char *unit, double limit)
{
	print(name, value, unit, ">=", limit, value >= limit);
}

void
figure_told(const char *name, double value, const char *unit)
{
	printf("figure %s %.4g %s\n", name, value, unit);
	fflush(stdout);
}

bool
figure_any_short(void)
{
	return any_short;
}

static int
compare(const void *va, const void *vb)
{
	double a = *(const double *)va;
	double b = *(const double *)vb;

	return a < b ? -1 : a > b;
}

double
figure_median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare);
	return n % 2 != 0 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

bool
figure_quick(void)
{
	const char *value = getenv("BENCH_QUICK");

	return value != NULL && value[0] != '\0';
}
