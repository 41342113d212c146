#ifndef SVCPORT_OIDTEXT_H
#define SVCPORT_OIDTEXT_H

/* Object identifiers as dotted numbers. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sub-identifiers that a module's root may have: the longest name below it must stay
 * within 128 (RFC 2578, 3.5). */
#define OIDTEXT_MAX 64

/* "1.3.6.1.4.1.8072" or with a dot before it; 2 to OIDTEXT_MAX numbers, of which the
 * first is 0 to 2 and the second below 40 unless the first is 2.  False, and the output
 * untouched, for any other text. */
bool oidtext_parse(const char *text, uint32_t out[OIDTEXT_MAX], size_t *len);

#endif
