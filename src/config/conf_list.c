#include "config/conf_list.h"

#include <stdlib.h>

#include "config/conf.h"
#include "config/conf_node.h"
#include "base/mem.h"
#include "config/tree.h"

bool
conf_list_ints(
    struct conf_group *g, const char *key, long **out, size_t *n, bool *array)
{
	static const char wanted[] = "a whole number or an array of them: [1, 2, 5]";
	struct tree_node *s = conf_ask(g, key);
	bool many;
	size_t count;
	long *v;

	if (s == NULL)
		return false;
	many = tree_type(s) == TREE_ARRAY || tree_type(s) == TREE_LIST;
	if (!conf_want(g, s, key, many || tree_type(s) == TREE_INT, wanted))
		return false;
	count = many ? tree_length(s) : 1;
	v = mem_array(long, count);
	for (size_t i = 0; i < count; i++) {
		const struct tree_node *e = many ? tree_child(s, i) : s;

		if (!conf_want(g, e, key, tree_type(e) == TREE_INT, wanted) ||
		    conf_is_wide(g, e)) {
			free(v);
			return false;
		}
		v[i] = tree_int(e);
	}
	*out = v;
	*n = count;
	*array = many;
	return true;
}

/* The members of an array or list; 0 when absent or neither. */
static size_t
length(struct conf_group *g, const char *key, bool groups)
{
	struct tree_node *s = conf_ask(g, key);
	const char *wanted = groups ? "a list of groups: ( { ... }, { ... } )"
	                            : "a list of texts: [\"one\", \"two\"]";

	if (s == NULL)
		return 0;
	/* An empty list of either kind is right for both. */
	if (!conf_want(g, s, key,
		tree_type(s) == TREE_LIST ||
		    (tree_type(s) == TREE_ARRAY && (!groups || tree_length(s) == 0)),
		wanted))
		return 0;
	return tree_length(s);
}

size_t
conf_list_texts(struct conf_group *g, const char *key)
{
	return length(g, key, false);
}

char *
conf_list_text(
    struct conf_group *g, const char *key, size_t i, size_t max, struct diag_pos *pos)
{
	const struct tree_node *s = tree_child(conf_ask(g, key), i);
	const char *text = conf_fit_text(g, s, key, max);

	*pos = conf_node_pos(g, s);
	return text != NULL ? mem_strdup(text) : NULL;
}

size_t
conf_list_groups(struct conf_group *g, const char *key)
{
	return length(g, key, true);
}

bool
conf_list_group(struct conf_group *g, const char *key, size_t i, const char *what,
    struct conf_group *out)
{
	struct tree_node *s = tree_child(conf_ask(g, key), i);

	if (!conf_want(g, s, key, tree_type(s) == TREE_GROUP,
		"a list of groups: ( { ... }, { ... } )"))
		return false;
	*out = (struct conf_group){ .conf = g->conf, .node = s, .what = what };
	return true;
}
