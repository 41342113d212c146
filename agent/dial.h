#ifndef SVCPORT_DIAL_H
#define SVCPORT_DIAL_H

/* Connections that are made at once or not at all.  Each returns a non-blocking
 * descriptor, or -1 with errno. */

/* To a stream socket in the file system.  EAGAIN when nobody accepts there. */
int dial_unix(const char *path);

/*
 * "ADDRESS:PORT", "[ADDRESS]:PORT": literal, since a name server could stall the
 * thread. Waits a second at most.  Keep-alives are on: a dead host gives no end of
 * file.
 */
int dial_tcp(const char *text);

#endif
