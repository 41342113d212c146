#ifndef SVCPORT_LINEMAP_H
#define SVCPORT_LINEMAP_H

/* From the lines of a text that was joined from several files back to those files. */

#include <stddef.h>

#include "base/diag.h"

struct linemap;

struct linemap *linemap_new(void);
void linemap_free(struct linemap *m);

/* A copy of a file's name, which positions borrow. */
const char *linemap_file(struct linemap *m, const char *name);
/* From joined line `joined` on, which is no less than any before, lines come from
 * `file`, counted up from `line`. */
void linemap_add(struct linemap *m, unsigned joined, const char *file, unsigned line);
/* Where a joined line comes from; something must have been added. */
struct diag_pos linemap_pos(const struct linemap *m, unsigned joined);

/* The names that positions borrow: the caller owns the array and its elements from now
 * on and keeps them as long as any position. */
char **linemap_take_files(struct linemap *m, size_t *n);

#endif
