#ifndef SVCPORT_DNSLOOP_H
#define SVCPORT_DNSLOOP_H

/* A channel of c-ares on the event loop: its sockets and its timeouts. */

#include <ares.h>

#include "base/loop.h"

struct dnsloop;

/* `options` and `mask` as for ares_init_options(3), which adds the socket callback.
 * NULL when c-ares fails. */
struct dnsloop *dnsloop_new(struct loop *loop, struct ares_options *options, int mask);
/* Questions still open end with ARES_EDESTRUCTION.  NULL is fine. */
void dnsloop_free(struct dnsloop *d);

ares_channel dnsloop_channel(const struct dnsloop *d);
/* Call it after each question: sets the timer that c-ares wants. */
void dnsloop_asked(struct dnsloop *d);

#endif
