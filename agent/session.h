#ifndef SVCPORT_SESSION_H
#define SVCPORT_SESSION_H

/*
 * net-snmp's library, set up so that it touches no file, logs where we log, never waits
 * longer than a second for the master, and connects again within a second.  Publishing
 * thread only, but for session_environment().
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mono.h"

struct snmp_session;
struct timeval;

/* Sets what the library reads from the environment; before any thread starts. */
void session_environment(void);

/* Up: `s` is the open session, its generation counted from 1.  Down may come twice for
 * one loss, and `s` may be an address that was used before. */
struct session_events {
	void (*up)(void *arg, struct snmp_session *s, uint32_t generation);
	void (*down)(void *arg);
	void *arg;
};

/*
 * Initialises the library for a master at `address` (transport_address()'s form);
 * `events` must outlive the process.  What is to be registered is registered between
 * this and session_start(), which makes the first attempt to connect and arranges the
 * later ones.
 */
void session_init(const char *address, const struct session_events *events);
void session_start(void);

/*
 * What there is to do after select(2) returned, whether anything was readable or not.
 * `fds` is a netsnmp_large_fd_set.  Returns the milliseconds after which to call it
 * again at the latest, -1 for when the library wants it.
 */
int64_t session_work(void *fds, struct mono now);

/* Says good-bye to the master, at most a second, and frees the library. */
void session_end(void);

#endif
