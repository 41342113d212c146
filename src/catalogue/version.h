#ifndef SVCPORT_VERSION_H
#define SVCPORT_VERSION_H

/*
 * Version limits as documents state them: a comma list of "<= 1.6.0", "< 6", ">= 5.4",
 * "> 4.2", "= 7.1" or a bare "7.1" (the same as "="), all of which must hold.
 */

#include <stdbool.h>

/* Compares dotted numbers, missing parts being zero: <0, 0 or >0 as strcmp(3).  Text
 * after the numbers ("5.4-rc1") is not looked at. */
int version_compare(const char *a, const char *b);

/* True when `version` is within `limits`; *readable (if not NULL) tells whether every
 * limit had the form above, and is what lint asks.  An unreadable limit excludes
 * nothing. */
bool version_within(const char *version, const char *limits, bool *readable);

#endif
