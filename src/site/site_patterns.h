#ifndef SVCPORT_SITE_PATTERNS_H
#define SVCPORT_SITE_PATTERNS_H

/* Whether the patterns of a site's groups, overrides and mutes match anything. */

#include <stdbool.h>

struct site_names;

/* A name that is none is an error; a pattern may be there for what is to come, so it is
 * a warning. */
void site_patterns(struct site_names *k);

/* True when the text has any of fnmatch(3)'s special characters. */
bool site_patterns_is_glob(const char *text);

#endif
