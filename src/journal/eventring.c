#include "journal/eventring.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
eventring_init(struct event_ring *r, uint32_t history, size_t waiting)
{
	*r = (struct event_ring){ .history = history };
	r->cap = history + (uint32_t)waiting + 1;
	r->v = mem_array(struct event_kept, r->cap);
}

static struct event_kept *
at(const struct event_ring *r, uint32_t i)
{
	return &r->v[(r->first + i) % r->cap];
}

static void
drop_first(struct event_ring *r)
{
	free(at(r, 0)->bytes);
	r->first = (r->first + 1) % r->cap;
	r->count--;
}

void
eventring_clear(struct event_ring *r)
{
	while (r->count > 0)
		drop_first(r);
	free(r->v);
	*r = (struct event_ring){ 0 };
}

/* Beyond the history only events that still wait are kept. */
static void
limit(struct event_ring *r)
{
	while (r->count > r->history && at(r, 0)->done)
		drop_first(r);
}

void
eventring_add(
    struct event_ring *r, uint32_t seq, bool done, const uint8_t *bytes, size_t len)
{
	struct event_kept *k;

	if (r->count == r->cap)
		drop_first(r);
	k = at(r, r->count++);
	*k = (struct event_kept){ .seq = seq, .done = done, .len = (uint16_t)len };
	k->bytes = mem_array(uint8_t, len);
	memcpy(k->bytes, bytes, len);
	limit(r);
}

void
eventring_done(struct event_ring *r, uint32_t seq)
{
	for (uint32_t i = 0; i < r->count; i++) {
		if (at(r, i)->seq == seq) {
			at(r, i)->done = true;
			break;
		}
	}
	limit(r);
}

void
eventring_done_until(struct event_ring *r, uint32_t seq)
{
	uint32_t i = r->count;

	while (i > 0 && at(r, i - 1)->seq != seq)
		i--;
	while (i-- > 0)
		at(r, i)->done = true;
	limit(r);
}

const struct event_kept *
eventring_at(const struct event_ring *r, uint32_t i)
{
	return at(r, i);
}

bool
eventring_get(const struct event_ring *r, uint32_t i, struct event *out)
{
	const struct event_kept *k = at(r, i);

	if (event_decode(k->bytes, k->len, out) != 0)
		return false;
	out->sent = k->done && !out->suppressed;
	return true;
}
