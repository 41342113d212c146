#ifndef SVCPORT_TESTS_SAID_H
#define SVCPORT_TESTS_SAID_H

/* What a reader complained about, for tests. */

#include <stddef.h>

struct diag;

/* Fails unless `d` has exactly these messages, as diag_format() gives them, in this
 * order.  Frees `d`. */
void said_exactly(struct diag *d, const char *const *want, size_t n);

#define SAID(d, ...)                                            \
	said_exactly((d), (const char *const[]){ __VA_ARGS__ }, \
	    sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

/* Fails, and prints them, when there is any message.  Frees `d`. */
void said_nothing(struct diag *d);

/* Writes a file of this name below a new directory and returns its path; all is removed
 * at the end of the program. */
const char *said_file(const char *name, const char *content);

#endif
