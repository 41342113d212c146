#ifndef SVCPORT_RFC3339_H
#define SVCPORT_RFC3339_H

/* Times in files, RFC 3339 section 5.6: "2026-12-01T06:00:00+01:00". */

#include <stdbool.h>

#include "base/mono.h"

/*
 * The offset is required ("Z" or "+HH:MM"), so that a file means the same everywhere.
 * Fractions count to the millisecond; 'T' and 'Z' may be lower case, and a leap second
 * is the second after it.  False, and *out untouched, for any other text, dates that do
 * not exist, and times before 1970.
 */
bool rfc3339_parse(const char *text, wall_t *out);

#endif
