#include "journal/eventlog.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct eventlog {
	size_t capacity, n;
	size_t oldest;         /* in `ring` */
	struct event **ring;   /* in the order of arrival */
	struct event **by_seq; /* the same events, ascending */
	uint64_t changes;
};

struct eventlog *
eventlog_new(size_t capacity)
{
	struct eventlog *log = mem_new(struct eventlog);

	log->capacity = capacity > 0 ? capacity : 1;
	log->ring = mem_array(struct event *, log->capacity);
	log->by_seq = mem_array(struct event *, log->capacity);
	return log;
}

void
eventlog_free(struct eventlog *log)
{
	if (log == NULL)
		return;
	for (size_t i = 0; i < log->n; i++)
		free(log->ring[i]);
	free(log->ring);
	free(log->by_seq);
	free(log);
}

/* The rank of the first event numbered `seq` or higher. */
static size_t
rank_of(const struct eventlog *log, uint32_t seq)
{
	size_t low = 0, high = log->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (log->by_seq[middle]->seq < seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct event *
find(const struct eventlog *log, uint32_t seq)
{
	size_t rank = rank_of(log, seq);

	if (rank < log->n && log->by_seq[rank]->seq == seq)
		return log->by_seq[rank];
	return NULL;
}

/* Takes the oldest event out and returns it for reuse. */
static struct event *
evict(struct eventlog *log)
{
	struct event *e = log->ring[log->oldest];
	size_t rank = rank_of(log, e->seq);

	log->n--;
	memmove(log->by_seq + rank, log->by_seq + rank + 1,
	    (log->n - rank) * sizeof(log->by_seq[0]));
	log->oldest = (log->oldest + 1) % log->capacity;
	return e;
}

void
eventlog_add(struct eventlog *log, const struct event *e)
{
	struct event *slot = find(log, e->seq);
	size_t rank;

	log->changes++;
	if (slot != NULL) {
		*slot = *e;
		return;
	}
	slot = log->n == log->capacity ? evict(log) : mem_new(struct event);
	*slot = *e;
	rank = rank_of(log, e->seq);
	memmove(log->by_seq + rank + 1, log->by_seq + rank,
	    (log->n - rank) * sizeof(log->by_seq[0]));
	log->by_seq[rank] = slot;
	log->ring[(log->oldest + log->n) % log->capacity] = slot;
	log->n++;
}

void
eventlog_sent(struct eventlog *log, uint32_t seq)
{
	struct event *e = find(log, seq);

	if (e != NULL)
		e->sent = 1;
}

size_t
eventlog_count(const struct eventlog *log)
{
	return log->n;
}

const struct event *
eventlog_at(const struct eventlog *log, size_t rank)
{
	return log->by_seq[rank];
}

uint32_t
eventlog_last(const struct eventlog *log)
{
	if (log->n == 0)
		return 0;
	return log->ring[(log->oldest + log->n - 1) % log->capacity]->seq;
}

uint64_t
eventlog_changes(const struct eventlog *log)
{
	return log->changes;
}
