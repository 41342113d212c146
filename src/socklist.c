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

void
socklist_missing(
    const struct socklist *before, const struct socklist *now, struct portset *ports)
{
	uint16_t *count = mem_array(uint16_t, UINT16_MAX + 1);

	for (uint32_t i = 0; i < now->n; i++)
		count[now->v[i].l.port]++;
	for (uint32_t i = 0; i < before->n; i++) {
		uint16_t port = before->v[i].l.port;

		if (count[port] != 0)
			count[port]--;
		else if (!portset_has(ports, port))
			portset_add(ports, port, port);
	}
	free(count);
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
