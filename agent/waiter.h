#ifndef SVCPORT_WAITER_H
#define SVCPORT_WAITER_H

/*
 * Waits for the library's descriptors and our own at once, and meanwhile serves the
 * requests that the library need not see.
 */

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>

#include <stdbool.h>

#include "base/mono.h"

#define WAITER_OWN 3

struct waiter {
	int own[WAITER_OWN]; /* to be watched for reading */
	netsnmp_large_fd_set readable, writable;
};

void waiter_init(struct waiter *w, const int own[WAITER_OWN]);
void waiter_clear(struct waiter *w);

/*
 * Returns when a descriptor is readable, the library wants to run, or max_ms (-1: no
 * bound) have passed; `readable` then holds what is readable.  Without `library` its
 * descriptors are left out; with `fast` requests are served on the way as long as
 * transport_pump() takes them all.
 */
void waiter_wait(struct waiter *w, bool library, bool fast, int64_t max_ms);

bool waiter_readable(struct waiter *w, int fd);

#endif
