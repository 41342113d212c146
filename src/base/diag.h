#ifndef SVCPORT_DIAG_H
#define SVCPORT_DIAG_H

/*
 * Everything that is wrong with a set of files, gathered: a reader goes on after an
 * error and reports them all.  Messages say what to do.
 */

#include <stdbool.h>
#include <stddef.h>

enum diag_level { DIAG_WARNING, DIAG_ERROR };

/* Where something stands in a file; `file` is borrowed from what was read there. */
struct diag_pos {
	const char *file;
	unsigned line;
};

struct diag_message {
	enum diag_level level;
	const char *file; /* "" when the message belongs to no file */
	unsigned line;    /* 0 when it belongs to no line */
	char *text;
};

struct diag;

struct diag *diag_new(void);
void diag_free(struct diag *d);

/* The same text for the same place is kept once. */
void diag_add(struct diag *d, enum diag_level level, const char *file, unsigned line,
    const char *format, ...) __attribute__((format(printf, 5, 6)));
#define diag_error(d, file, line, ...) \
	diag_add((d), DIAG_ERROR, (file), (line), __VA_ARGS__)
#define diag_warn(d, file, line, ...) \
	diag_add((d), DIAG_WARNING, (file), (line), __VA_ARGS__)
#define diag_error_at(d, pos, ...) diag_error((d), (pos).file, (pos).line, __VA_ARGS__)
#define diag_warn_at(d, pos, ...)  diag_warn((d), (pos).file, (pos).line, __VA_ARGS__)

size_t diag_count(const struct diag *d);
size_t diag_errors(const struct diag *d);
/* Message i in the order of file (as first seen) and line; valid until the next add. */
const struct diag_message *diag_get(struct diag *d, size_t i);
/* "FILE:LINE: [warning: ]TEXT" into buf, "?" for what is no printable UTF-8; returns
 * buf. */
const char *diag_format(const struct diag_message *m, char *buf, size_t size);

#endif
