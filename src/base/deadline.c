#include "base/deadline.h"

#include <stdlib.h>

#include "base/mem.h"

struct list {
	uint32_t ms;
	TAILQ_HEAD(, deadline) entries;
};

struct deadlines {
	struct list **lists; /* pointers: a TAILQ head must not move */
	uint32_t n, cap;
};

struct deadlines *
deadline_new(void)
{
	return mem_new(struct deadlines);
}

void
deadline_free(struct deadlines *d)
{
	if (d == NULL)
		return;
	for (uint32_t i = 0; i < d->n; i++)
		free(d->lists[i]);
	free(d->lists);
	free(d);
}

void
deadline_init(struct deadline *e)
{
	*e = (struct deadline){ .when = MONO_NEVER };
}

static uint32_t
list_of(struct deadlines *d, uint32_t ms)
{
	struct list *l;

	for (uint32_t i = 0; i < d->n; i++) {
		if (d->lists[i]->ms == ms)
			return i;
	}
	mem_grow(d->lists, d->n, d->cap);
	l = mem_new(struct list);
	l->ms = ms;
	TAILQ_INIT(&l->entries);
	d->lists[d->n] = l;
	return d->n++;
}

void
deadline_set(struct deadlines *d, struct deadline *e, struct mono now, uint32_t ms)
{
	deadline_clear(d, e);
	e->list = list_of(d, ms);
	e->when = mono_add_ms(now, ms);
	TAILQ_INSERT_TAIL(&d->lists[e->list]->entries, e, link);
}

void
deadline_clear(struct deadlines *d, struct deadline *e)
{
	if (mono_is_never(e->when))
		return;
	TAILQ_REMOVE(&d->lists[e->list]->entries, e, link);
	e->when = MONO_NEVER;
}

static struct deadline *
earliest(const struct deadlines *d)
{
	struct deadline *best = NULL;

	for (uint32_t i = 0; i < d->n; i++) {
		struct deadline *e = TAILQ_FIRST(&d->lists[i]->entries);

		if (e != NULL && (best == NULL || mono_before(e->when, best->when)))
			best = e;
	}
	return best;
}

struct mono
deadline_next(const struct deadlines *d)
{
	const struct deadline *e = earliest(d);

	return e != NULL ? e->when : MONO_NEVER;
}

struct deadline *
deadline_pop(struct deadlines *d, struct mono now)
{
	struct deadline *e = earliest(d);

	if (e == NULL || mono_before(now, e->when))
		return NULL;
	deadline_clear(d, e);
	return e;
}
