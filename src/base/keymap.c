#include "base/keymap.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct item {
	char *key;
	uint8_t *value;
	size_t len;
};

struct keymap {
	void *root; /* tsearch(3) */
	size_t count;
};

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct item *)a)->key, ((const struct item *)b)->key);
}

static void
item_free(void *p)
{
	struct item *e = p;

	free(e->key);
	free(e->value);
	free(e);
}

struct keymap *
keymap_new(void)
{
	return mem_new(struct keymap);
}

void
keymap_free(struct keymap *m)
{
	if (m == NULL)
		return;
	tdestroy(m->root, item_free);
	free(m);
}

static struct item *
find(const struct keymap *m, const char *key)
{
	struct item probe = { .key = (char *)(uintptr_t)key };
	void *const *node = tfind(&probe, &m->root, by_key);

	return node != NULL ? *node : NULL;
}

void
keymap_set(struct keymap *m, const char *key, const void *value, size_t len)
{
	struct item *e = find(m, key);

	if (e == NULL) {
		e = mem_new(struct item);
		e->key = mem_strdup(key);
		if (tsearch(e, &m->root, by_key) == NULL)
			abort(); /* out of memory, as in mem.h */
		m->count++;
	}
	e->value = mem_resize(e->value, len + 1, 1);
	if (len > 0)
		memcpy(e->value, value, len);
	e->len = len;
}

void
keymap_del(struct keymap *m, const char *key)
{
	struct item *e = find(m, key);

	if (e == NULL)
		return;
	tdelete(e, &m->root, by_key);
	item_free(e);
	m->count--;
}

const uint8_t *
keymap_get(const struct keymap *m, const char *key, size_t *len)
{
	const struct item *e = find(m, key);

	if (e == NULL)
		return NULL;
	*len = e->len;
	return e->value;
}

size_t
keymap_count(const struct keymap *m)
{
	return m->count;
}

struct walk {
	keymap_each_cb *each;
	void *arg;
};

static void
visit(const void *node, VISIT which, void *closure)
{
	const struct item *e = *(const struct item *const *)node;
	const struct walk *w = closure;

	if (which == postorder || which == leaf) /* that is: in order, see tsearch(3) */
		w->each(w->arg, e->key, e->value, e->len);
}

void
keymap_each(const struct keymap *m, keymap_each_cb *each, void *arg)
{
	struct walk w = { each, arg };

	twalk_r(m->root, visit, &w);
}
