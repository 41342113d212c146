#ifndef SVCPORT_PROBE_CONNECT_H
#define SVCPORT_PROBE_CONNECT_H

/* The TCP handshake, with which three kinds of probes begin. */

#include <stdbool.h>

#include "probe/probe_kind.h"

/*
 * Opens p->fd, connects it and watches it for `events` as well as for LOOP_WRITE.
 * `we_speak` says that something will be sent, or the connection closed, as soon as it
 * stands.  False when the probe has ended; *at_once is true when it stands already.
 */
bool probe_connect_start(
    struct probe *p, unsigned events, bool we_speak, bool *at_once);

/* The descriptor was reported ready: true when the connection stands (p->result.rtt_us
 * is then set), false when the probe has ended. */
bool probe_connect_finish(struct probe *p, unsigned events);

/* The deadline passed before that. */
void probe_connect_expired(struct probe *p);

/* The outcome of a connection that stands. */
struct neterr_outcome probe_connect_open(enum reason reason, int error);

#endif
