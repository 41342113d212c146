#ifndef SVCPORT_SDNOTIFY_H
#define SVCPORT_SDNOTIFY_H

/*
 * The service manager's notification protocol: one datagram with lines VARIABLE=VALUE
 * to the socket that $NOTIFY_SOCKET names.  Source: sd_notify(3), "Notes".
 */

#include <stdint.h>

/* "READY=1", "RELOADING=1\nMONOTONIC_USEC=...", "STOPPING=1", "WATCHDOG=1",
 * "STATUS=...".  Without a service manager nothing happens. */
void sdnotify(const char *state);

/* Half of the time within which the service manager wants a WATCHDOG=1, in
 * milliseconds; 0 when it wants none (sd_watchdog_enabled(3)). */
int64_t sdnotify_watchdog_ms(void);

#endif
