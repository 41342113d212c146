#ifndef SVCPORT_FORMULA_H
#define SVCPORT_FORMULA_H

/*
 * A port formula: a comma list of elements `A` or `A-B`, where A and B are sums of
 * numbers and ${parameter}s: "2055", "7000-7999", "${base}+4", "11701+${drive}".  The
 * dash is always that of a range.  A parameter with several values yields the set over
 * them; one that stands twice in an element has the same value in both places.
 */

#include <stdbool.h>
#include <stddef.h>

struct portset;

#define FORMULA_NAME_MAX 64 /* room for a parameter's name, NUL included */

/* The values of a parameter in effect, or NULL when there is no such parameter.  The
 * array lives as long as `arg`; with *count 0 it may be any pointer but NULL. */
typedef const long *formula_lookup(void *arg, const char *name, size_t *count);

/*
 * Evaluates `text` into *out.  An empty text, or a parameter with no value, is the
 * empty set.  False, with a message in err[size] and *out untouched, on a syntax error,
 * an unknown parameter, a port outside 1..65535, a range that runs backwards, or
 * parameters whose values combine to more than 65536 cases.
 */
bool formula_eval(const char *text, formula_lookup *lookup, void *arg,
    struct portset *out, char *err, size_t size);

/* True when the text has a ${parameter}. */
bool formula_has_parameter(const char *text);

/* Calls `each` for every ${parameter} of the text, in order, also repeatedly. */
void formula_parameters(
    const char *text, void (*each)(void *arg, const char *name), void *arg);

/* For display: "${base}+4" as "base+4"; returns buf. */
const char *formula_display(const char *text, char *buf, size_t size);

#endif
