#ifndef SVCPORT_CONF_NODE_H
#define SVCPORT_CONF_NODE_H

/* What the getters of conf.h and conf_list.h have in common; for them alone. */

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

struct conf_group;
struct tree_node;

/* The node of a key, NULL when absent; the key counts as asked for. */
struct tree_node *conf_ask(struct conf_group *g, const char *key);
struct diag_pos conf_node_pos(const struct conf_group *g, const struct tree_node *node);
/* Returns `ok`; when it is not, says what is wanted there. */
bool conf_want(struct conf_group *g, const struct tree_node *node, const char *key,
    bool ok, const char *wanted);
/* True when an integer on its line was beyond 32 bits: reported, and not to be used. */
bool conf_is_wide(const struct conf_group *g, const struct tree_node *node);
/* The text of a node, NULL, with a message, when it is none that conf_text() takes. */
const char *conf_fit_text(
    struct conf_group *g, const struct tree_node *node, const char *key, size_t max);

#endif
