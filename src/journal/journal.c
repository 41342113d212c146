#include "journal/journal.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/mono.h"
#include "journal/journal_file.h"
#include "journal/numbers.h"
#include "journal/orders.h"
#include "journal/outbox.h"
#include "journal/record.h"
#include "journal/syncer.h"

#define GAP_MS 900 /* between attempts to write what could not be written */

struct journal {
	struct journal_file file;
	struct numbers numbers;
	struct orders *orders;
	struct outbox *outbox;
	size_t queue;
	_Atomic size_t unwritten; /* events among the orders that are to be sent */
	uint32_t acked_alarm;     /* largest so far; the sending thread's own */
	pthread_t thread;
	bool running;
	struct syncer *syncer; /* the journal thread's own */
};

struct journal *
journal_open(const struct journal_config *cfg, uint32_t *next_seq, uint32_t *next_alarm)
{
	struct journal *j = mem_new(struct journal);

	j->outbox = cfg->outbox;
	j->queue = cfg->queue;
	if (journal_file_open(&j->file, cfg->dir, cfg->history, cfg->queue) != 0) {
		free(j);
		return NULL;
	}
	j->orders = orders_new();
	j->acked_alarm = j->file.last_alarm;
	numbers_open(&j->numbers, &j->file, next_seq, next_alarm);
	return j;
}

/* ---- keys */

struct each {
	const char *prefix;
	journal_each_cb *cb;
	void *arg;
};

static void
each_with_prefix(void *arg, const char *key, const uint8_t *value, size_t len)
{
	const struct each *e = arg;

	if (strncmp(key, e->prefix, strlen(e->prefix)) == 0)
		e->cb(e->arg, key, value, len);
}

void
journal_each(struct journal *j, const char *prefix, journal_each_cb *cb, void *arg)
{
	struct each e = { prefix, cb, arg };

	keymap_each(j->file.keys, each_with_prefix, &e);
}

/* ---- the thread */

/* Suppressed events go by the outbox to be shown, however many wait there to be sent;
 * they never take the room of those. */
static void
hand_over(struct journal *j, const struct event *e)
{
	if (e->suppressed && outbox_unseen(j->outbox) >= j->file.ring.history)
		return;
	if (!outbox_put(j->outbox, e))
		log_error("journal", "notification %u: the outbox is full", e->seq);
}

static void
carry_out(struct journal *j, struct order *o)
{
	switch (o->kind) {
	case RECORD_EVENT:
		journal_file_event(&j->file, o->event);
		break;
	case RECORD_ACK:
		journal_file_ack(&j->file, o->seq);
		break;
	case RECORD_REFUSED:
		journal_file_refused(&j->file, o->seq);
		break;
	case RECORD_SET:
		journal_file_set(&j->file, o->key, o->value, o->len);
		break;
	case RECORD_DEL:
		journal_file_del(&j->file, o->key);
		break;
	case RECORD_END:
	case RECORD_GROUP:
		break;
	}
}

static void
written(struct journal *j, const struct event *e)
{
	hand_over(j, e);
	if (!e->suppressed)
		atomic_fetch_sub(&j->unwritten, 1);
}

/* The last one of those that belong together, of which `o` is the first.  The numbers
 * of all are made safe, since that writes a snapshot, which must not tell of a part. */
static struct order *
last_of_group(struct journal *j, struct order *o)
{
	for (;; o = o->next) {
		if (o->kind == RECORD_EVENT)
			numbers_reserve(&j->numbers, &j->file, o->event->seq,
			    o->event->alarm_index);
		if (!o->more)
			return o;
	}
}

/* Carries out the orders that belong together, and frees them; returns the next ones.
 */
static struct order *
carry_out_group(struct journal *j, struct order *first)
{
	struct order *end = last_of_group(j, first)->next, *next;
	bool many = first->more;

	if (many)
		journal_file_begin(&j->file);
	for (struct order *o = first; o != end; o = o->next)
		carry_out(j, o);
	if (many)
		journal_file_commit(&j->file);
	for (struct order *o = first; o != end; o = next) {
		next = o->next;
		if (o->kind == RECORD_EVENT)
			written(j, o->event);
		orders_free_one(o);
	}
	return end;
}

/* Milliseconds to `t`, 0 when it has come, -1 for never. */
static int64_t
ms_until(struct mono t)
{
	struct mono now = mono_now();

	if (mono_is_never(t))
		return -1;
	return mono_before(now, t) ? mono_diff_ms(t, now) + 1 : 0;
}

/* Has the disk take what was appended, without waiting for it; an earlier failure
 * leaves a gap, which is closed here.  Returns when to look again: also for what came
 * of a sync that is over already. */
static struct mono
look_after_disk(struct journal *j)
{
	struct journal_file *f = &j->file;
	bool busy = syncer_busy(j->syncer);

	journal_file_synced(f, syncer_error(j->syncer));
	if (f->dirty && syncer_ask(j->syncer, f->logfd) == 0) {
		f->dirty = false;
		busy = true;
	}
	journal_file_sync(f); /* for want of a descriptor, here */
	journal_file_trim(f, f->gap);
	if (f->gap)
		return mono_add_ms(mono_now(), GAP_MS);
	return busy ? mono_add_ms(mono_now(), JOURNAL_SYNC_MS) : MONO_NEVER;
}

static void *
run(void *arg)
{
	struct journal *j = arg;
	struct mono look_at = MONO_NEVER;
	bool stopping = false;

	while (!stopping) {
		struct order *o = orders_take(j->orders, ms_until(look_at), &stopping);

		while (o != NULL)
			o = carry_out_group(j, o);
		if (ms_until(look_at) == 0)
			look_at = look_after_disk(j);
		else if ((j->file.dirty || j->file.gap) && mono_is_never(look_at))
			look_at = mono_add_ms(
			    mono_now(), j->file.gap ? GAP_MS : JOURNAL_SYNC_MS);
	}
	return NULL;
}

int
journal_start(struct journal *j)
{
	struct event e;
	int error;

	for (uint32_t i = 0; i < j->file.ring.count; i++) {
		if (eventring_get(&j->file.ring, i, &e))
			(void)outbox_put(j->outbox, &e);
	}
	j->syncer = syncer_new();
	if (j->syncer == NULL)
		return errno;
	error = pthread_create(&j->thread, NULL, run, j);
	j->running = error == 0;
	return error;
}

/* What the thread has left: all of it to the disk. */
static void
finish(struct journal_file *f, int error)
{
	journal_file_synced(f, error);
	journal_file_sync(f);
	journal_file_trim(f, f->gap);
	journal_file_snapshot(f);
}

void
journal_stop(struct journal *j)
{
	int error;

	if (j == NULL)
		return;
	orders_release(j->orders);
	if (j->running) {
		orders_stop(j->orders);
		pthread_join(j->thread, NULL);
	}
	error = syncer_free(j->syncer);
	if (j->running)
		finish(&j->file, error);
	orders_free(j->orders);
	journal_file_close(&j->file);
	free(j);
}

/* ---- orders */

void
journal_hold(struct journal *j)
{
	orders_hold(j->orders);
}

void
journal_release(struct journal *j)
{
	orders_release(j->orders);
}

/* Events that wait to be sent: not written yet, or written and not acknowledged.  One
 * that moves from here to there meanwhile is counted twice rather than not at all. */
static size_t
waiting(struct journal *j)
{
	size_t n = atomic_load(&j->unwritten);

	return n + outbox_waiting(j->outbox);
}

bool
journal_room(struct journal *j)
{
	return waiting(j) <= j->queue - j->queue / 10;
}

bool
journal_event(struct journal *j, const struct event *e)
{
	struct order *o = mem_new(struct order);
	bool room = e->suppressed != 0 || waiting(j) < j->queue;

	o->kind = RECORD_EVENT;
	o->event = mem_new(struct event);
	*o->event = *e;
	if (!room)
		o->event->suppressed = 1;
	if (!o->event->suppressed)
		atomic_fetch_add(&j->unwritten, 1);
	orders_put_or_hold(j->orders, o);
	return room;
}

void
journal_done(void *journal, const struct event *e)
{
	struct journal *j = journal;
	struct order *o = mem_new(struct order);

	o->kind = RECORD_REFUSED;
	o->seq = e->seq;
	if (!e->suppressed) {
		o->kind = RECORD_ACK;
		j->acked_alarm = journal_file_later(j->acked_alarm, e->alarm_index);
		journal_file_mark(&j->file, e->seq, j->acked_alarm);
	}
	orders_put(j->orders, o);
}

static void
order_key(struct journal *j, enum record_kind kind, const char *key, const void *value,
    size_t len)
{
	struct order *o = mem_new(struct order);

	o->kind = kind;
	o->key = mem_strdup(key);
	o->len = len;
	o->value = mem_calloc(1, len);
	if (len > 0)
		memcpy(o->value, value, len);
	orders_put_or_hold(j->orders, o);
}

void
journal_set(struct journal *j, const char *key, const void *value, size_t len)
{
	order_key(j, RECORD_SET, key, value, len);
}

void
journal_del(struct journal *j, const char *key)
{
	order_key(j, RECORD_DEL, key, NULL, 0);
}
