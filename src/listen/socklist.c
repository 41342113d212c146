#include "listen/socklist.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

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

/* ---- a set of inodes: open addressing, at most half full; 0 is an empty slot */

struct inodes {
	uint32_t *slot;
	uint32_t mask;
};

static uint32_t *
inodes_slot(const struct inodes *set, uint32_t inode)
{
	/* Knuth's multiplier spreads numbers that were given out in a row. */
	uint32_t i = (inode * UINT32_C(2654435761)) & set->mask;

	while (set->slot[i] != 0 && set->slot[i] != inode)
		i = (i + 1) & set->mask;
	return &set->slot[i];
}

static struct inodes
inodes_of(const struct socklist *list)
{
	uint32_t size = 16;
	struct inodes set;

	while (size / 2 <= list->n)
		size *= 2;
	set.slot = mem_array(uint32_t, size);
	set.mask = size - 1;
	for (uint32_t i = 0; i < list->n; i++)
		*inodes_slot(&set, list->v[i].inode) = list->v[i].inode;
	return set;
}

void
socklist_missing(const struct socklist *before, const struct socklist *now,
    const struct portset *ports, struct socklist *out)
{
	struct inodes set = inodes_of(now);

	socklist_reset(out);
	for (uint32_t i = 0; i < before->n; i++) {
		const struct sock *s = &before->v[i];

		if (*inodes_slot(&set, s->inode) != s->inode &&
		    (ports == NULL || portset_has(ports, s->l.port)))
			*socklist_add(out) = *s;
	}
	free(set.slot);
}

void
socklist_unite(struct socklist *list, const struct socklist *more)
{
	struct inodes set = inodes_of(list);

	for (uint32_t i = 0; i < more->n; i++) {
		if (*inodes_slot(&set, more->v[i].inode) != more->v[i].inode)
			*socklist_add(list) = more->v[i];
	}
	free(set.slot);
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
