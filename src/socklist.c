#include "socklist.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

struct sock *
socklist_add(struct socklist *list)
{
	struct sock *s;

	mem_grow(list->v, list->n, list->cap);
	s = &list->v[list->n++];
	memset(s, 0, sizeof(*s));
	s->l.sockets = 1;
	return s;
}

void
socklist_reset(struct socklist *list)
{
	list->n = 0;
	list->split = false;
}

void
socklist_clear(struct socklist *list)
{
	free(list->v);
	*list = (struct socklist){ 0 };
}

void
socklist_replace(
    struct socklist *list, const struct portset *ports, const struct socklist *fresh)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < list->n; i++) {
		if (!portset_has(ports, list->v[i].l.port))
			list->v[kept++] = list->v[i];
	}
	list->n = kept;
	for (uint32_t i = 0; i < fresh->n; i++)
		*socklist_add(list) = fresh->v[i];
}

static int
compare_inode(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

void
socklist_missing(
    const struct socklist *before, const struct socklist *now, struct portset *ports)
{
	uint32_t *inodes = mem_array(uint32_t, (size_t)now->n + 1);

	for (uint32_t i = 0; i < now->n; i++)
		inodes[i] = now->v[i].inode;
	qsort(inodes, now->n, sizeof(*inodes), compare_inode);
	for (uint32_t i = 0; i < before->n; i++) {
		const struct sock *s = &before->v[i];

		if (bsearch(&s->inode, inodes, now->n, sizeof(*inodes),
			compare_inode) == NULL &&
		    !portset_has(ports, s->l.port))
			portset_add(ports, s->l.port, s->l.port);
	}
	free(inodes);
}

struct listener_table *
socklist_table(const struct socklist *a, const struct socklist *b)
{
	uint32_t na = a != NULL ? a->n : 0;
	uint32_t nb = b != NULL ? b->n : 0;
	struct listener *v = NULL;

	if (na + nb != 0)
		v = mem_array(struct listener, (size_t)na + nb);
	for (uint32_t i = 0; i < na; i++)
		v[i] = a->v[i].l;
	for (uint32_t i = 0; i < nb; i++)
		v[na + i] = b->v[i].l;
	return listeners_new(v, na + nb);
}
