#include "journal/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "journal/journal_file.h"
#include "base/log.h"
#include "base/mem.h"
#include "journal/outbox.h"
#include "journal/record.h"

#define KEY_SEQ   "reserved/seq"
#define KEY_ALARM "reserved/alarm"
#define KEY_BOOT  "boot"
#define BLOCK     20000 /* numbers reserved at once */
#define GAP_MS    900   /* between attempts to write what could not be written */

/* One order to the thread; texts and bytes are owned. */
struct order {
	enum record_kind kind;
	struct event *event; /* RECORD_EVENT */
	uint32_t seq;        /* RECORD_ACK */
	char *key;
	void *value;
	size_t len;
	bool more; /* the next one belongs to it */
	struct order *next;
};

struct journal {
	struct journal_file file;
	struct outbox *outbox;
	size_t queue;
	uint32_t reserved_seq, reserved_alarm; /* first numbers not reserved on disk */
	uint32_t acked_alarm; /* largest so far; the sending thread's own */
	/* the watching thread's own */
	bool holding;
	struct order *held, **held_last;
	char boot[40];
	pthread_t thread;
	bool running;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	/* under the lock */
	struct order *first, **last;
	size_t unwritten; /* events among the orders that are to be sent */
	bool stopping;
};

/* ---- numbers */

static uint32_t
saved_number(const struct journal *j, const char *key)
{
	size_t len;
	const uint8_t *v = keymap_get(j->file.keys, key, &len);

	return v != NULL && len == 4 ? record_get32(v) : 1;
}

static void
save_number(struct journal *j, const char *key, uint32_t n)
{
	uint8_t v[4];

	record_put32(v, n);
	keymap_set(j->file.keys, key, v, sizeof(v));
}

/* Skips zero, which is no number. */
static uint32_t
after(uint32_t n, uint32_t step)
{
	uint32_t sum = n + step;

	return sum < n || sum == 0 ? sum + 1 : sum;
}

/* True when `n` lies in the first half of the block that ends before `end`. */
static bool
is_reserved(uint32_t n, uint32_t end)
{
	return end - n > BLOCK / 2 && end - n <= BLOCK;
}

/* Makes both numbers safe: they will not be given again, whatever happens.  `alarm` 0:
 * none. */
static void
reserve(struct journal *j, uint32_t seq, uint32_t alarm)
{
	bool seq_safe = is_reserved(seq, j->reserved_seq);
	bool alarm_safe = alarm == 0 || is_reserved(alarm, j->reserved_alarm);

	if (seq_safe && alarm_safe)
		return;
	if (!seq_safe)
		j->reserved_seq = after(seq, BLOCK);
	if (!alarm_safe)
		j->reserved_alarm = after(alarm, BLOCK);
	save_number(j, KEY_SEQ, j->reserved_seq);
	save_number(j, KEY_ALARM, j->reserved_alarm);
	journal_file_snapshot(&j->file);
}

/* Tells one boot of the machine from another: random(4). */
static void
read_boot_id(char *buf, size_t size)
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, buf, size - 1) : 0;

	buf[n > 0 ? n : 0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	if (fd >= 0)
		close(fd);
}

/*
 * The numbers to go on with.  In the boot that wrote the files nothing written is lost,
 * even after kill -9, so the largest number seen is the last one given; after another
 * boot the end of the file may be missing and only the reservation is sure.
 */
static void
next_numbers(struct journal *j, uint32_t *next_seq, uint32_t *next_alarm)
{
	size_t len;
	const uint8_t *boot = keymap_get(j->file.keys, KEY_BOOT, &len);
	bool same = boot != NULL && j->boot[0] != '\0' && len == strlen(j->boot) &&
	            memcmp(boot, j->boot, len) == 0;

	*next_seq = after(j->file.last_seq, 1);
	*next_alarm = after(j->file.last_alarm, 1);
	if (same || boot == NULL)
		return;
	*next_seq = journal_file_later(*next_seq, saved_number(j, KEY_SEQ));
	*next_alarm = journal_file_later(*next_alarm, saved_number(j, KEY_ALARM));
}

struct journal *
journal_open(const struct journal_config *cfg, uint32_t *next_seq, uint32_t *next_alarm)
{
	struct journal *j = mem_new(struct journal);

	j->outbox = cfg->outbox;
	j->queue = cfg->queue;
	j->last = &j->first;
	j->held_last = &j->held;
	pthread_mutex_init(&j->lock, NULL);
	pthread_cond_init(&j->wake, NULL);
	journal_file_open(&j->file, cfg->dir, cfg->history, cfg->queue);
	read_boot_id(j->boot, sizeof(j->boot));
	next_numbers(j, next_seq, next_alarm);
	j->acked_alarm = j->file.last_alarm;
	keymap_set(j->file.keys, KEY_BOOT, j->boot, strlen(j->boot));
	j->reserved_seq = *next_seq;
	j->reserved_alarm = *next_alarm;
	reserve(j, *next_seq, *next_alarm);
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

/* Suppressed events go by the outbox to be shown; they never take the room of those
 * that are to be sent. */
static void
hand_over(struct journal *j, const struct event *e)
{
	if (e->suppressed && outbox_depth(j->outbox) >= j->file.ring.history)
		return;
	if (!outbox_put(j->outbox, e))
		log_error("journal", "notification %u: the outbox is full", e->seq);
}

static void
carry_out(struct journal *j, struct order *o)
{
	switch (o->kind) {
	case RECORD_EVENT:
		reserve(j, o->event->seq, o->event->alarm_index);
		journal_file_event(&j->file, o->event);
		break;
	case RECORD_ACK:
		journal_file_ack(&j->file, o->seq);
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
order_free(struct order *o)
{
	free(o->event);
	free(o->key);
	free(o->value);
	free(o);
}

static void
written(struct journal *j, const struct event *e)
{
	hand_over(j, e);
	if (e->suppressed)
		return;
	pthread_mutex_lock(&j->lock);
	j->unwritten--;
	pthread_mutex_unlock(&j->lock);
}

/* Carries out the orders that belong together, and frees them; returns the next ones.
 */
static struct order *
carry_out_group(struct journal *j, struct order *first)
{
	struct order *o = first, *next;
	bool last = false;

	if (first->more)
		journal_file_begin(&j->file);
	for (; o->more; o = o->next)
		carry_out(j, o);
	carry_out(j, o);
	if (first->more)
		journal_file_commit(&j->file);
	for (o = first; !last; o = next) {
		last = !o->more;
		next = o->next;
		if (o->kind == RECORD_EVENT)
			written(j, o->event);
		order_free(o);
	}
	return next;
}

/* Waits for orders; the time limit is the sync that is due. */
static struct order *
wait_orders(struct journal *j, const struct timespec *sync_at, bool *stopping)
{
	struct order *o;

	pthread_mutex_lock(&j->lock);
	while (j->first == NULL && !j->stopping) {
		if (sync_at == NULL)
			pthread_cond_wait(&j->wake, &j->lock);
		else if (pthread_cond_timedwait(&j->wake, &j->lock, sync_at) ==
			 ETIMEDOUT)
			break;
	}
	o = j->first;
	j->first = NULL;
	j->last = &j->first;
	*stopping = j->stopping;
	pthread_mutex_unlock(&j->lock);
	return o;
}

static void
sync_time(struct timespec *ts, long ms)
{
	clock_gettime(CLOCK_REALTIME, ts);
	ts->tv_nsec += ms * 1000000L;
	if (ts->tv_nsec >= 1000000000L) {
		ts->tv_nsec -= 1000000000L;
		ts->tv_sec++;
	}
}

static bool
time_reached(const struct timespec *ts)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec > ts->tv_sec ||
	       (now.tv_sec == ts->tv_sec && now.tv_nsec >= ts->tv_nsec);
}

static void *
run(void *arg)
{
	struct journal *j = arg;
	struct timespec sync_at = { 0 };
	bool syncing = false;
	bool stopping = false;

	while (!stopping) {
		struct order *o = wait_orders(j, syncing ? &sync_at : NULL, &stopping);

		while (o != NULL)
			o = carry_out_group(j, o);
		if ((j->file.dirty || j->file.gap) && !syncing) {
			syncing = true;
			sync_time(&sync_at, j->file.gap ? GAP_MS : JOURNAL_SYNC_MS);
		}
		if (syncing && (stopping || time_reached(&sync_at))) {
			journal_file_sync(&j->file);
			journal_file_trim(&j->file, j->file.gap);
			syncing = false;
		}
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
	error = pthread_create(&j->thread, NULL, run, j);
	j->running = error == 0;
	return error;
}

void
journal_stop(struct journal *j)
{
	if (j == NULL)
		return;
	journal_release(j);
	if (j->running) {
		pthread_mutex_lock(&j->lock);
		j->stopping = true;
		pthread_cond_signal(&j->wake);
		pthread_mutex_unlock(&j->lock);
		pthread_join(j->thread, NULL);
		journal_file_snapshot(&j->file);
	}
	while (j->first != NULL) {
		struct order *next = j->first->next;

		order_free(j->first);
		j->first = next;
	}
	journal_file_close(&j->file);
	pthread_cond_destroy(&j->wake);
	pthread_mutex_destroy(&j->lock);
	free(j);
}

/* ---- orders */

static void
submit(struct journal *j, struct order *o)
{
	pthread_mutex_lock(&j->lock);
	*j->last = o;
	j->last = &o->next;
	pthread_cond_signal(&j->wake);
	pthread_mutex_unlock(&j->lock);
}

/* An order of the watching thread. */
static void
submit_or_hold(struct journal *j, struct order *o)
{
	if (!j->holding) {
		submit(j, o);
		return;
	}
	*j->held_last = o;
	j->held_last = &o->next;
}

void
journal_hold(struct journal *j)
{
	j->holding = true;
}

void
journal_release(struct journal *j)
{
	struct order **end = j->held_last;

	j->holding = false;
	if (j->held == NULL)
		return;
	for (struct order *o = j->held; o->next != NULL; o = o->next)
		o->more = true;
	pthread_mutex_lock(&j->lock);
	*j->last = j->held;
	j->last = end;
	pthread_cond_signal(&j->wake);
	pthread_mutex_unlock(&j->lock);
	j->held = NULL;
	j->held_last = &j->held;
}

/* Events that wait: not written yet, or written and not acknowledged. */
static size_t
waiting(struct journal *j)
{
	size_t n;

	pthread_mutex_lock(&j->lock);
	n = j->unwritten;
	pthread_mutex_unlock(&j->lock);
	return n + outbox_depth(j->outbox);
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
	if (!o->event->suppressed) {
		pthread_mutex_lock(&j->lock);
		j->unwritten++;
		pthread_mutex_unlock(&j->lock);
	}
	submit_or_hold(j, o);
	return room;
}

void
journal_acked(void *journal, const struct event *e)
{
	struct journal *j = journal;
	struct order *o = mem_new(struct order);

	j->acked_alarm = journal_file_later(j->acked_alarm, e->alarm_index);
	journal_file_mark(&j->file, e->seq, j->acked_alarm);
	o->kind = RECORD_ACK;
	o->seq = e->seq;
	submit(j, o);
}

static void
submit_key(struct journal *j, enum record_kind kind, const char *key, const void *value,
    size_t len)
{
	struct order *o = mem_new(struct order);

	o->kind = kind;
	o->key = mem_strdup(key);
	o->len = len;
	o->value = mem_calloc(1, len);
	if (len > 0)
		memcpy(o->value, value, len);
	submit_or_hold(j, o);
}

void
journal_set(struct journal *j, const char *key, const void *value, size_t len)
{
	submit_key(j, RECORD_SET, key, value, len);
}

void
journal_del(struct journal *j, const char *key)
{
	submit_key(j, RECORD_DEL, key, NULL, 0);
}
