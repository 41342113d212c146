#ifndef SVCPORT_UTF8_H
#define SVCPORT_UTF8_H

/* What SnmpAdminString (RFC 3411) asks of a text: UTF-8 as RFC 3629 defines it. */

#include <stdbool.h>
#include <stddef.h>

/* True when `text` is UTF-8: shortest forms, no surrogates, up to U+10FFFF. */
bool utf8_valid(const char *text);

/* True when `text`, which is valid, has a control character: U+0000-001F, U+007F-009F,
 * or a line or paragraph separator. */
bool utf8_has_control(const char *text);

/* Replaces control characters as above, and octets that are no UTF-8, by `with`: what
 * comes from a file or a peer must not forge lines or steer a terminal. */
void utf8_clean(char *text, char with);

/* The longest whole-character beginning of `text` of at most `max` octets, in octets.
 */
size_t utf8_cut(const char *text, size_t max);

#endif
