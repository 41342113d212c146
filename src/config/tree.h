#ifndef SVCPORT_TREE_H
#define SVCPORT_TREE_H

/* A parsed configuration text as a tree of typed nodes.  The only module that knows
 * libconfig; what a key means is conf.h's business. */

#include <stdbool.h>
#include <stddef.h>

struct tree;
struct tree_node; /* borrowed from its tree */

enum tree_type {
	TREE_INT,
	TREE_BOOL,
	TREE_TEXT,
	TREE_GROUP, /* { key = value; ... } */
	TREE_ARRAY, /* [ scalar, ... ] of one type */
	TREE_LIST,  /* ( anything, ... ) */
	TREE_OTHER, /* a float */
};

/* What stopped the parser. */
struct tree_error {
	unsigned line;  /* counted from 1 */
	bool duplicate; /* a key stands twice in its group */
	char text[64];  /* in the library's words */
};

/* NULL, with *e filled, when the text cannot be parsed. */
struct tree *tree_parse(const char *text, struct tree_error *e);
void tree_free(struct tree *t);

struct tree_node *tree_root(const struct tree *t);
enum tree_type tree_type(const struct tree_node *node);
unsigned tree_line(const struct tree_node *node);
/* The key of a group's member. */
const char *tree_name(const struct tree_node *node);

/* Of a group, array or list: child i, NULL after the last one. */
size_t tree_length(const struct tree_node *node);
struct tree_node *tree_child(const struct tree_node *node, size_t i);
/* Of a group: the member with this key, or NULL. */
struct tree_node *tree_member(const struct tree_node *node, const char *key);

long tree_int(const struct tree_node *node);
bool tree_bool(const struct tree_node *node);
const char *tree_text(const struct tree_node *node);

#endif
