#ifndef SVCPORT_SLURP_H
#define SVCPORT_SLURP_H

#include <stddef.h>

/* The whole of a file of at most `max` octets, the caller's to free; NULL with errno,
 * EFBIG for a larger one.  No NUL is added. */
char *slurp(const char *path, size_t max, size_t *len);

#endif
