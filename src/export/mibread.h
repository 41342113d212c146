#ifndef SVCPORT_MIBREAD_H
#define SVCPORT_MIBREAD_H

/* The reader behind mibindex.h; nobody else includes it. */

#include <stdbool.h>

#include "export/mibnode.h"

struct mibindex {
	struct mib_node *nodes; /* [0] is the module's own */
	size_t n, cap;
	char **strings; /* owned; the nodes' */
	size_t nstrings, strings_cap;
};

/* Fills the empty *m.  False, with a message in err[size], when something is not
 * understood; *m can be freed then too. */
bool mibread(struct mibindex *m, const char *text, char *err, size_t size);

#endif
