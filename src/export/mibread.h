#ifndef SVCPORT_MIBREAD_H
#define SVCPORT_MIBREAD_H

/* The reader behind mibindex.h; nobody else includes it. */

#include <stdbool.h>

#include "export/mibtoken.h"

/* Fills the empty *m.  False, with a message in err[size], when something is not
 * understood; *m can be freed then too. */
bool mibread(struct mibindex *m, const char *text, char *err, size_t size);

#endif
