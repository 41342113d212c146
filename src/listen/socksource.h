#ifndef SVCPORT_SOCKSOURCE_H
#define SVCPORT_SOCKSOURCE_H

/*
 * Local sockets from the best source there is: netlink, else /proc/net.  Netlink is
 * tried again at every look; every change of source is logged once, with what is lost
 * by it.
 */

#include <stdbool.h>

#include "model/portset.h"
#include "listen/socklist.h"
#include "model/types.h"

struct socksource;

/* With `force_proc` netlink is never tried (for tests). */
struct socksource *socksource_new(bool force_proc);
void socksource_free(struct socksource *s);

/*
 * The protocol's sockets that wait for traffic on one of `ports` (NULL: all); *out is
 * replaced.  It is read at one go: the kernel makes the answer while it is read, and
 * nothing is waited for.  Returns 0, or -1 with errno and *out empty.
 */
int socksource_read(struct socksource *s, enum proto protocol,
    const struct portset *ports, struct socklist *out);

/*
 * Completes *list, which a look at these ports produced: a socket of `before` that is
 * not in it, but still bound when looked for alone, is added; without `before` (NULL:
 * it was the first look) whatever a second look finds.  See socklist_missing().
 */
void socksource_complete(struct socksource *s, enum proto protocol,
    const struct portset *ports, const struct socklist *before, struct socklist *list);

/* What is wrong with the source, in words; "" while it is netlink.  Valid until the
 * next read. */
const char *socksource_trouble(const struct socksource *s, enum proto protocol);

#endif
