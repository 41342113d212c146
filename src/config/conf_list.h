#ifndef SVCPORT_CONF_LIST_H
#define SVCPORT_CONF_LIST_H

/* As conf.h: the getters for keys that have several values. */

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

struct conf_group;

/* An integer or an array of integers, without bounds, into *out, which is never NULL;
 * the caller frees.  *array tells which.  False, and nothing to free, when the key is
 * absent or wrong. */
bool conf_list_ints(
    struct conf_group *g, const char *key, long **out, size_t *n, bool *array);

/* The number of strings in an array or list `["one", "two"]`. */
size_t conf_list_texts(struct conf_group *g, const char *key);
/* String i of it, checked as by conf_text(); NULL when it is wrong. */
char *conf_list_text(
    struct conf_group *g, const char *key, size_t i, size_t max, struct diag_pos *pos);

/* The number of groups in a list `( { ... }, { ... } )`. */
size_t conf_list_groups(struct conf_group *g, const char *key);
/* Opens group i of it, called `what`; false when it is wrong. */
bool conf_list_group(struct conf_group *g, const char *key, size_t i, const char *what,
    struct conf_group *out);

#endif
