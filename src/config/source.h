#ifndef SVCPORT_SOURCE_H
#define SVCPORT_SOURCE_H

/*
 * The text of a configuration file before libconfig sees it: @included files are put in
 * place, each line remembers its file, and what libconfig cannot tell is checked here:
 * integers beyond 32 bits (1.5 wraps them silently), strings and comments without end,
 * NULs.  An @include is relative to the file it stands in.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

#define SOURCE_FILE_MAX (16u << 20) /* octets: no such file is that large */

struct source;

/* NULL, with the reason in `d`, when the text cannot be had or parsed at all. */
struct source *source_read(const char *file, struct diag *d);
/* As source_read() of a file with this name and content. */
struct source *source_from_text(
    const char *name, const char *text, size_t len, struct diag *d);
void source_free(struct source *s);

/* The joined text. */
const char *source_text(const struct source *s);
/* Where a line of the joined text, counted from 1, comes from. */
struct diag_pos source_pos(const struct source *s, unsigned line);
/* The line's text without surrounding blanks, cut to fit, in buf[size]; returns buf. */
const char *source_excerpt(
    const struct source *s, unsigned line, char *buf, size_t size);
/* True when the line has an integer beyond 32 bits, which has been reported. */
bool source_is_wide(const struct source *s, unsigned line);

/* The names that positions borrow: the caller owns the array and its elements from now
 * on and keeps them as long as any position. */
char **source_take_files(struct source *s, size_t *n);

#endif
