#ifndef SVCPORT_ADDRWATCH_H
#define SVCPORT_ADDRWATCH_H

/*
 * Which addresses are configured on this host, by rtnetlink(7): all of them once, then
 * every change as it comes.  For `active-when`: a floating address is here or not.
 * Needs no privilege.
 *
 * An IPv6 address counts when it can be used: not while duplicate address detection is
 * under way (unless optimistic) or after it failed, since then another host has it.
 */

#include <stdbool.h>

#include "model/addr.h"
#include "base/loop.h"

struct addrwatch;

/* The set of addresses has changed; also called when it was read anew after lost
 * events, whether it changed or not.  May call anything below but addrwatch_free(). */
typedef void addrwatch_cb(void *arg);

/* Complete when it returns.  NULL with errno when rtnetlink is not to be had. */
struct addrwatch *addrwatch_new(struct loop *loop, addrwatch_cb *cb, void *arg);
void addrwatch_free(struct addrwatch *w);

/* False after rtnetlink failed for good, which is logged once: addrwatch_has() then
 * says what was last known. */
bool addrwatch_works(const struct addrwatch *w);

/* Whether the address is on any interface; a scope of 0 in `a` stands for every one. */
bool addrwatch_has(const struct addrwatch *w, const struct addr *a);

#endif
