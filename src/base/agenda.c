#include "base/agenda.h"

#include <stdlib.h>

#include "base/mem.h"

struct entry {
	struct mono when;
	uint32_t id;
};

/* A binary heap; place[id] is the entry's position + 1, 0 for none. */
struct agenda {
	struct entry *heap;
	uint32_t n, cap;
	uint32_t *place;
};

struct agenda *
agenda_new(uint32_t n)
{
	struct agenda *d = mem_new(struct agenda);

	d->place = mem_array(uint32_t, n);
	return d;
}

void
agenda_free(struct agenda *d)
{
	if (d == NULL)
		return;
	free(d->heap);
	free(d->place);
	free(d);
}

/* Things that are due together come in the order of their ids, whatever happened
 * before. */
static bool
before(struct entry a, struct entry b)
{
	return a.when.ns != b.when.ns ? a.when.ns < b.when.ns : a.id < b.id;
}

static void
put(struct agenda *d, uint32_t at, struct entry e)
{
	d->heap[at] = e;
	d->place[e.id] = at + 1;
}

static void
sift_up(struct agenda *d, uint32_t at, struct entry e)
{
	while (at > 0 && before(e, d->heap[(at - 1) / 2])) {
		put(d, at, d->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	put(d, at, e);
}

static void
sift_down(struct agenda *d, uint32_t at, struct entry e)
{
	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child + 1 < d->n && before(d->heap[child + 1], d->heap[child]))
			child++;
		if (child >= d->n || !before(d->heap[child], e))
			break;
		put(d, at, d->heap[child]);
		at = child;
	}
	put(d, at, e);
}

static void
place(struct agenda *d, uint32_t at, struct entry e)
{
	if (at > 0 && before(e, d->heap[(at - 1) / 2]))
		sift_up(d, at, e);
	else
		sift_down(d, at, e);
}

static void
take(struct agenda *d, uint32_t id)
{
	uint32_t at = d->place[id] - 1;
	struct entry last = d->heap[--d->n];

	d->place[id] = 0;
	if (last.id != id)
		place(d, at, last);
}

void
agenda_set(struct agenda *d, uint32_t id, struct mono when)
{
	struct entry e = { when, id };

	if (mono_is_never(when)) {
		if (d->place[id] != 0)
			take(d, id);
		return;
	}
	if (d->place[id] != 0) {
		place(d, d->place[id] - 1, e);
		return;
	}
	mem_grow(d->heap, d->n, d->cap);
	sift_up(d, d->n++, e);
}

struct mono
agenda_get(const struct agenda *d, uint32_t id)
{
	return d->place[id] != 0 ? d->heap[d->place[id] - 1].when : MONO_NEVER;
}

struct mono
agenda_next(const struct agenda *d)
{
	return d->n != 0 ? d->heap[0].when : MONO_NEVER;
}

bool
agenda_due(struct agenda *d, struct mono now, uint32_t *id)
{
	if (d->n == 0 || mono_before(now, d->heap[0].when))
		return false;
	*id = d->heap[0].id;
	take(d, *id);
	return true;
}
