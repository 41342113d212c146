#ifndef SVCPORT_GOODBYE_H
#define SVCPORT_GOODBYE_H

/*
 * How to leave a server that speaks first, so that it neither logs an error nor counts
 * one against our address.  Which protocol it is, its first bytes say: nothing is sent
 * to a server that is not understood.  Pure functions on bytes.
 */

#include <stddef.h>
#include <stdint.h>

#define GOODBYE_SIZE 128

enum goodbye_kind {
	GOODBYE_UNKNOWN,
	GOODBYE_INCOMPLETE, /* the rest of the greeting is still to come */
	GOODBYE_SSH,        /* RFC 4253 section 4.2 */
	GOODBYE_QUIT,       /* SMTP, FTP, NNTP, POP3: "QUIT" */
	GOODBYE_IMAP,       /* RFC 9051 section 6.1.3 */
	GOODBYE_MYSQL,      /* protocol version 10 */
};

/* What the bytes that came so far are. */
enum goodbye_kind goodbye_recognise(const uint8_t *bytes, size_t len);

/*
 * What to say to the server's `round`th message (0: the greeting), into
 * buf[GOODBYE_SIZE].  Returns its length; 0 when all is said.
 *
 * MySQL and MariaDB count a connection that ends within the handshake and block the
 * host at max_connect_errors, whatever ends it; only a complete handshake is not
 * counted.  So it is completed, as user "svcport" without a password, and refused.
 */
size_t goodbye_build(enum goodbye_kind kind, unsigned round, const uint8_t *bytes,
    size_t len, uint8_t *buf);

#endif
