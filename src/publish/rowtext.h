#ifndef SVCPORT_ROWTEXT_H
#define SVCPORT_ROWTEXT_H

/* A row's reason in words. */

#include <stddef.h>
#include <stdint.h>

struct plan;
struct row;

/* Why the verdict is what it is, without the citation.  Returns buf. */
const char *rowtext_why(const struct plan *p, uint32_t check, const struct row *row,
    char *buf, size_t size);

/*
 * svcPortCheckReason: the words and the citation, "no socket listens on it [TITLE,
 * SECTION, line 1]".  At most size - 1 octets: the title is cut first, then the words,
 * on UTF-8 boundaries, and the line never.  Returns buf.
 */
const char *rowtext_reason(const struct plan *p, uint32_t check, const struct row *row,
    char *buf, size_t size);

#endif
