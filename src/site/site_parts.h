#ifndef SVCPORT_SITE_PARTS_H
#define SVCPORT_SITE_PARTS_H

/* The lists of a site file, and what they have in common with its top level.  Each
 * function asks `g` for its key and fills its part of `s`. */

#include <stddef.h>

#include "site/site.h"

struct conf_group;

void site_parts_hosts(struct conf_group *g, struct site *s);
void site_parts_instances(struct conf_group *g, struct site *s);
void site_parts_groups(struct conf_group *g, struct site *s);

/* A list of texts of at most `max` octets; wrong ones are left out. */
struct site_text *site_parts_texts(
    struct conf_group *g, const char *key, size_t max, size_t *n);
/* A list of texts "CATALOGUE:WORD". */
struct site_text *site_parts_qualified(
    struct conf_group *g, const char *key, size_t *n);
/* The group `parameters`; see struct site_parameter. */
struct site_parameter *site_parts_parameters(struct conf_group *g, size_t *n);
/* A path; a relative one is taken from the directory that `s->file` is in. */
char *site_parts_path(const struct site *s, const char *path);

#endif
