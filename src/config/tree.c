#include "config/tree.h"

#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct tree {
	config_t config;
};

struct tree *
tree_parse(const char *text, struct tree_error *e)
{
	struct tree *t = mem_new(struct tree);
	const char *why;
	int line;

	config_init(&t->config);
	if (config_read_string(&t->config, text) == CONFIG_TRUE)
		return t;
	why = config_error_text(&t->config);
	if (why != NULL && strcmp(why, "memory exhausted") == 0) /* bison's words */
		why = "brackets nested too deep";
	line = config_error_line(&t->config);
	snprintf(e->text, sizeof(e->text), "%s", why != NULL ? why : "syntax error");
	e->line = line > 0 ? (unsigned)line : 1;
	e->duplicate = strstr(e->text, "duplicate") != NULL;
	tree_free(t);
	return NULL;
}

void
tree_free(struct tree *t)
{
	if (t == NULL)
		return;
	config_destroy(&t->config);
	free(t);
}

/* A node is the library's setting under a name of our own. */
static struct tree_node *
out(config_setting_t *setting)
{
	return (struct tree_node *)setting;
}

static const config_setting_t *
in(const struct tree_node *node)
{
	return (const config_setting_t *)node;
}

struct tree_node *
tree_root(const struct tree *t)
{
	return out(config_root_setting(&t->config));
}

enum tree_type
tree_type(const struct tree_node *node)
{
	switch (config_setting_type(in(node))) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return TREE_INT;
	case CONFIG_TYPE_BOOL:
		return TREE_BOOL;
	case CONFIG_TYPE_STRING:
		return TREE_TEXT;
	case CONFIG_TYPE_GROUP:
		return TREE_GROUP;
	case CONFIG_TYPE_ARRAY:
		return TREE_ARRAY;
	case CONFIG_TYPE_LIST:
		return TREE_LIST;
	default:
		return TREE_OTHER;
	}
}

unsigned
tree_line(const struct tree_node *node)
{
	return config_setting_source_line(in(node));
}

const char *
tree_name(const struct tree_node *node)
{
	return config_setting_name(in(node));
}

size_t
tree_length(const struct tree_node *node)
{
	return (size_t)config_setting_length(in(node));
}

struct tree_node *
tree_child(const struct tree_node *node, size_t i)
{
	return out(config_setting_get_elem(in(node), (unsigned)i));
}

struct tree_node *
tree_member(const struct tree_node *node, const char *key)
{
	return out(config_setting_get_member(in(node), key));
}

long
tree_int(const struct tree_node *node)
{
	return (long)config_setting_get_int64(in(node));
}

bool
tree_bool(const struct tree_node *node)
{
	return config_setting_get_bool(in(node)) != 0;
}

const char *
tree_text(const struct tree_node *node)
{
	return config_setting_get_string(in(node));
}
