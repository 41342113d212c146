#ifndef SVCPORT_FDLIMIT_H
#define SVCPORT_FDLIMIT_H

/* How many descriptors the process may have open: RLIMIT_NOFILE of getrlimit(2). */

#include <stdint.h>

/* Raises the soft limit to `want`, or as far as the hard one allows; never lowers it.
 * Returns what is in force then. */
uint32_t fdlimit_raise(uint32_t want);

#endif
