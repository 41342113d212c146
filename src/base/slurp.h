#ifndef SVCPORT_SLURP_H
#define SVCPORT_SLURP_H

#include <stddef.h>

/*
 * The whole of a file of at most `max` octets, the caller's to free; NULL with the
 * reason as text in *why.  No NUL is added.  A pipe or device, which might keep the
 * caller waiting, is read only under the names that a shell hands one over by:
 * /dev/stdin and /dev/fd/N.
 */
char *slurp(const char *path, size_t max, size_t *len, const char **why);

#endif
