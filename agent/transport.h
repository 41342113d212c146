#ifndef SVCPORT_TRANSPORT_H
#define SVCPORT_TRANSPORT_H

/*
 * The connection to the master agent, as a transport domain of net-snmp: "axunix:PATH"
 * and "axtcp:ADDRESS:PORT".  The library's own stream transports block in connect and
 * send, die of SIGPIPE and take PDUs of 2 GB; this one never waits for the peer (TCP:
 * at most a second for the connection) and closes on a PDU above TRANSPORT_PDU_MAX.
 *
 * Publishing thread only.  One connection at a time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRANSPORT_PDU_MAX (1024u * 1024)

/*
 * Takes a descriptor as low as there is and keeps it for all connections to come: the
 * library's select(2) sets grow with the number, and one that is above 1,023 costs it
 * three times the time.  0, or -1 with errno.
 */
int transport_init(void);

/* Makes both domains known to the library; before init_agent(). */
void transport_register(void);

/*
 * Translates what people write ("/PATH", "unix:PATH", "tcp:ADDRESS:PORT") to the
 * library's form in out[size].  False when it is none of them.
 */
bool transport_address(const char *text, char *out, size_t size);

/*
 * A filter sees whole Get and GetNext PDUs (RFC 2741, 6.2.5 and 6.2.6) before the
 * library does.  It returns true when it has answered, by transport_send().
 */
typedef bool transport_filter_fn(void *arg, const uint8_t *pdu, size_t len);
void transport_set_filter(transport_filter_fn *filter, void *arg);

/* Called for each Response whose error is not noError (RFC 2741, 6.2.16). */
typedef void transport_error_fn(void *arg, unsigned error);
void transport_on_error(transport_error_fn *cb, void *arg);

/* The errno with which the last attempt at a connection failed, 0 when it did not. */
int transport_error(void);

/* Ends the connection, as if the master had; nothing happens without one. */
void transport_drop(void);

/* The open connection's descriptor, -1 without one. */
int transport_fd(void);

/*
 * Reads what is there and has the filter answer it.  True when that was all; false when
 * something is left for the library, which is to be let read at once, although its
 * descriptor need not be readable any more.
 */
bool transport_pump(void);

/* Sends one PDU on the open connection, now or, when the peer has no room, as soon as
 * it has.  0, or -1 with errno: EAGAIN when too much waits already. */
int transport_send(const void *pdu, size_t len);

/* Sends on what waits; false when some still does: call it again when transport_fd() is
 * writable. */
bool transport_flush(void);

#endif
