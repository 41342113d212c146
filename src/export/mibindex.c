#include "export/mibindex.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "export/mibread.h"

void
mibindex_free(struct mibindex *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->n; i++) {
		free(m->nodes[i].labels);
		free(m->nodes[i].names);
	}
	for (size_t i = 0; i < m->nstrings; i++)
		free(m->strings[i]);
	free(m->nodes);
	free(m->strings);
	free(m);
}

struct mibindex *
mibindex_new(const char *text, char *err, size_t size)
{
	struct mibindex *m = mem_new(struct mibindex);

	if (mibread(m, text, err, size))
		return m;
	mibindex_free(m);
	return NULL;
}

size_t
mibindex_count(const struct mibindex *m)
{
	return m->n;
}

const struct mib_node *
mibindex_at(const struct mibindex *m, size_t i)
{
	return &m->nodes[i];
}

const struct mib_node *
mibindex_find(const struct mibindex *m, const char *name)
{
	for (size_t i = 0; i < m->n; i++) {
		if (strcmp(m->nodes[i].name, name) == 0)
			return &m->nodes[i];
	}
	return NULL;
}

const struct mib_node *
mibindex_module(const struct mibindex *m)
{
	return &m->nodes[0];
}

const struct mib_node *
mibindex_parent(const struct mibindex *m, const struct mib_node *n)
{
	return n->parent[0] != '\0' ? mibindex_find(m, n->parent) : NULL;
}

bool
mibindex_is_table(const struct mib_node *n)
{
	return n->kind == MIB_OBJECT && strcmp(n->syntax, "SEQUENCE") == 0;
}

bool
mibindex_is_entry(const struct mibindex *m, const struct mib_node *n)
{
	const struct mib_node *up = mibindex_parent(m, n);

	return n->kind == MIB_OBJECT && up != NULL && mibindex_is_table(up);
}

bool
mibindex_is_column(const struct mibindex *m, const struct mib_node *n)
{
	const struct mib_node *up = mibindex_parent(m, n);

	return n->kind == MIB_OBJECT && up != NULL && mibindex_is_entry(m, up);
}

const struct mib_node *
mibindex_row(const struct mibindex *m, const struct mib_node *n)
{
	const struct mib_node *entry = mibindex_parent(m, n);

	if (entry->augments[0] != '\0')
		return mibindex_find(m, entry->augments);
	return entry;
}

const struct mib_node *
mibindex_enumeration(const struct mibindex *m, const struct mib_node *n)
{
	const struct mib_node *tc;

	if (n->nlabels > 0)
		return n;
	tc = mibindex_find(m, n->syntax);
	return tc != NULL && tc->nlabels > 0 ? tc : NULL;
}

bool
mibindex_label(const struct mibindex *m, const char *of, const char *label, long *out)
{
	const struct mib_node *n = mibindex_find(m, of);

	if (n != NULL)
		n = mibindex_enumeration(m, n);
	for (size_t i = 0; n != NULL && i < n->nlabels; i++) {
		if (strcmp(n->labels[i].name, label) == 0) {
			*out = n->labels[i].value;
			return true;
		}
	}
	return false;
}

const char *
mibindex_base(const struct mibindex *m, const struct mib_node *n)
{
	const struct mib_node *tc = mibindex_find(m, n->syntax);

	return tc != NULL ? tc->syntax : n->syntax;
}

const char *
mibindex_brief(const struct mib_node *n, char *buf, size_t size)
{
	const char *end = strstr(n->descr, ". ");
	size_t len = end != NULL ? (size_t)(end - n->descr) : strlen(n->descr);

	if (end == NULL && len > 0 && n->descr[len - 1] == '.')
		len--;
	if (len >= size)
		len = size - 1;
	memcpy(buf, n->descr, len);
	buf[len] = '\0';
	return buf;
}
