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

void
eventring_clear(struct event_ring *r)
{
	for (uint32_t i = 0; i < r->count; i++)
		free(at(r, i)->bytes);
	free(r->v);
	*r = (struct event_ring){ 0 };
}

/* Takes event i out; what is before it moves up. */
static void
remove_at(struct event_ring *r, uint32_t i)
{
	free(at(r, i)->bytes);
	for (; i > 0; i--)
		*at(r, i) = *at(r, i - 1);
	r->first = (r->first + 1) % r->cap;
	r->count--;
}

/* Behind the history only events that still wait are kept.  Between two calls one event
 * comes, or one before i + 1 becomes done. */
static void
limit(struct event_ring *r, uint32_t i)
{
	if (r->count > r->history && i < r->count - r->history && at(r, i)->done)
		remove_at(r, i);
}

void
eventring_add(
    struct event_ring *r, uint32_t seq, bool done, const uint8_t *bytes, size_t len)
{
	struct event_kept *k;

	if (r->count == r->cap) /* more wait than was said */
		remove_at(r, 0);
	k = at(r, r->count++);
	*k = (struct event_kept){ .seq = seq, .done = done, .len = (uint16_t)len };
	k->bytes = mem_array(uint8_t, len);
	memcpy(k->bytes, bytes, len);
	if (r->count > r->history)
		limit(r, r->count - r->history - 1);
}

static struct event_kept *
find(const struct event_ring *r, uint32_t seq, uint32_t *i)
{
	for (*i = 0; *i < r->count; (*i)++) {
		if (at(r, *i)->seq == seq)
			return at(r, *i);
	}
	return NULL;
}

void
eventring_done(struct event_ring *r, uint32_t seq)
{
	uint32_t i;
	struct event_kept *k = find(r, seq, &i);

	if (k == NULL)
		return;
	k->done = true;
	limit(r, i);
}

void
eventring_refused(struct event_ring *r, uint32_t seq)
{
	uint32_t i;
	struct event_kept *k = find(r, seq, &i);

	if (k == NULL || k->done)
		return;
	k->done = k->refused = true;
	limit(r, i);
}

void
eventring_done_until(struct event_ring *r, uint32_t seq)
{
	for (uint32_t i = 0; i < r->count; i++) {
		if (seq - at(r, i)->seq < 1u << 31) /* numbers start anew at one */
			at(r, i)->done = true;
	}
	while (r->count > r->history && at(r, 0)->done)
		remove_at(r, 0);
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
	if (k->refused)
		out->suppressed = 1;
	out->sent = k->done && !out->suppressed;
	return true;
}
