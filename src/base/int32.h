#ifndef SVCPORT_INT32_H
#define SVCPORT_INT32_H

#include <stdbool.h>

/* True when the token p..end is an integer as libconfig writes them (decimal, 0x, with
 * sign, with L or LL) that needs more than 32 bits; a float, or no number at all, is
 * none. */
bool int32_is_wide(const char *p, const char *end);

#endif
