#ifndef SVCPORT_METHOD_H
#define SVCPORT_METHOD_H

/*
 * How a documented service is probed when nobody says otherwise: by its protocol, its
 * application protocol and the encryption that the document states.  A table, to which
 * a line is added for a further application protocol.
 */

#include <stdbool.h>

#include "catalogue/catalogue.h"
#include "model/types.h"

/*
 * The method for a service of this protocol.  `stated` is what catalogue or site say
 * (METHOD_NONE: nothing), `tls` 1, 0 or -1 for "by the document".  TLS is checked by
 * default where the application protocol begins with it (HTTPS, LDAPS, ...) and the
 * document states TLS or SSL.  METHOD_NONE when the protocol cannot be probed (SCTP, no
 * protocol).
 */
enum probe_method method_of(enum proto protocol, const char *application,
    const char *encryption, int tls, enum probe_method stated);

/*
 * What a UDP probe sends by default: the application protocol's question where it has
 * one; PAYLOAD_OFF for receivers that would log the datagram (syslog, traps, flows);
 * PAYLOAD_NONE for the rest.
 */
enum payload_kind method_payload(const char *application);

/* Whether silence then means "filtered": services that answer everybody (NTP, DNS). */
bool method_expects_reply(enum payload_kind kind);

#endif
