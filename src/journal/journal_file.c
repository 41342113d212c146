#include "journal/journal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "journal/record.h"

#define FILE_MAX (256u << 20) /* larger ones are not ours */
#define TRIM_AT_LEAST \
	(1u << 20) /* octets of growth before the event file is rewritten */
#define GROUP_RECORD (RECORD_HEADER + 9 + 4)

/* ---- writing */

static int
write_all(int fd, const uint8_t *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Says a failure once, and once more when it is over. */
static void
outcome(struct journal_file *f, const char *what, int error)
{
	if (error != 0 && f->error == 0)
		log_error("journal",
		    "%s/%s: %s; numbers and alarms are not kept until "
		    "this is mended",
		    f->dir, what, strerror(error));
	else if (error == 0 && f->error != 0)
		log_info("journal", "%s: written again", f->dir);
	f->error = error;
}

/* A failure leaves a gap, which only journal_file_trim() closes. */
static void
write_log(struct journal_file *f, const uint8_t *p, size_t len)
{
	if (f->logfd < 0)
		return;
	if (write_all(f->logfd, p, len) != 0) {
		outcome(f, JOURNAL_EVENTS, errno);
		f->gap = true;
		/* Half a record would hide everything behind it. */
		(void)!ftruncate(f->logfd, (off_t)f->log_size);
		return;
	}
	f->log_size += len;
	f->dirty = true;
}

static void
room_for(struct journal_file *f, size_t n)
{
	if (f->group_len + n <= f->group_cap)
		return;
	f->group_cap = 2 * (f->group_len + n);
	f->group = mem_resize(f->group, f->group_cap, 1);
}

static void
append(
    struct journal_file *f, enum record_kind kind, const uint8_t *payload, size_t len)
{
	struct record r = { kind, ++f->number, payload, len };
	uint8_t buf[RECORD_MAX];
	size_t n = record_encode(&r, buf);

	if (!f->grouping) {
		write_log(f, buf, n);
		return;
	}
	room_for(f, n);
	memcpy(f->group + f->group_len, buf, n);
	f->group_len += n;
}

/* The record before the group, which says how long that is. */
static size_t
group_record(const struct journal_file *f, uint8_t *buf)
{
	struct record r = { RECORD_GROUP, f->number, NULL, 4 };
	uint8_t len[4];

	record_put32(len, (uint32_t)(f->group_len - GROUP_RECORD));
	r.payload = len;
	return record_encode(&r, buf);
}

void
journal_file_begin(struct journal_file *f)
{
	f->grouping = true;
	f->number++;
	f->group_len = 0;
	room_for(f, GROUP_RECORD);
	f->group_len = GROUP_RECORD;
}

void
journal_file_commit(struct journal_file *f)
{
	uint8_t buf[RECORD_MAX];
	size_t n = group_record(f, buf);

	f->grouping = false;
	memcpy(f->group, buf, n);
	write_log(f, f->group, f->group_len);
}

void
journal_file_mark(const struct journal_file *f, uint32_t seq, uint32_t alarm)
{
	uint8_t numbers[8], buf[RECORD_MAX];
	struct record r = { RECORD_ACK, 0, numbers, sizeof(numbers) };

	record_put32(numbers, seq);
	record_put32(numbers + 4, alarm);
	/* When it fails the journal's own record of it, which follows, must do. */
	if (f->ackfd >= 0)
		(void)!pwrite(f->ackfd, buf, record_encode(&r, buf), 0);
}

uint32_t
journal_file_later(uint32_t a, uint32_t b)
{
	if (a == 0 || b == 0)
		return a | b;
	return a - b < 1u << 31 ? a : b;
}

void
journal_file_event(struct journal_file *f, const struct event *e)
{
	uint8_t buf[EVENT_ENCODED_MAX];
	size_t n = event_encode(e, buf, sizeof(buf));

	f->last_seq = journal_file_later(e->seq, f->last_seq);
	f->last_alarm = journal_file_later(e->alarm_index, f->last_alarm);
	append(f, RECORD_EVENT, buf, n);
	eventring_add(&f->ring, e->seq, e->suppressed != 0, buf, n);
}

void
journal_file_ack(struct journal_file *f, uint32_t seq)
{
	uint8_t buf[4];

	record_put32(buf, seq);
	append(f, RECORD_ACK, buf, sizeof(buf));
	eventring_done(&f->ring, seq);
}

static size_t
key_payload(const char *key, const void *value, size_t len, uint8_t *buf)
{
	size_t key_len = strlen(key) + 1;

	if (key_len + len > RECORD_PAYLOAD_MAX)
		return 0;
	memcpy(buf, key, key_len);
	if (len > 0)
		memcpy(buf + key_len, value, len);
	return key_len + len;
}

void
journal_file_set(struct journal_file *f, const char *key, const void *value, size_t len)
{
	uint8_t buf[RECORD_PAYLOAD_MAX];
	size_t n = key_payload(key, value, len, buf);

	if (n == 0)
		return;
	append(f, RECORD_SET, buf, n);
	keymap_set(f->keys, key, value, len);
}

void
journal_file_del(struct journal_file *f, const char *key)
{
	uint8_t buf[RECORD_PAYLOAD_MAX];
	size_t n = key_payload(key, NULL, 0, buf);

	if (n == 0)
		return;
	append(f, RECORD_DEL, buf, n);
	keymap_del(f->keys, key);
}

void
journal_file_sync(struct journal_file *f)
{
	if (!f->dirty || f->logfd < 0)
		return;
	f->dirty = false;
	if (fdatasync(f->logfd) != 0) {
		outcome(f, JOURNAL_EVENTS, errno);
		f->gap = true;
	}
}

/* A new file beside the old one, which rename(2) replaces: there is always a whole one.
 */
struct rewrite {
	struct journal_file *f;
	int fd;
	int error;
	uint32_t records;
	uint64_t size;
};

static void
rewrite_record(struct rewrite *w, enum record_kind kind, uint64_t number,
    const uint8_t *payload, size_t len)
{
	struct record r = { kind, number, payload, len };
	uint8_t buf[RECORD_MAX];
	size_t n = record_encode(&r, buf);

	if (w->error == 0 && write_all(w->fd, buf, n) != 0)
		w->error = errno;
	w->records++;
	w->size += n;
}

static void
rewrite_key(void *arg, const char *key, const uint8_t *value, size_t len)
{
	struct rewrite *w = arg;
	uint8_t buf[RECORD_PAYLOAD_MAX];
	size_t n = key_payload(key, value, len, buf);

	if (n > 0)
		rewrite_record(w, RECORD_SET, w->f->number, buf, n);
}

static bool
rewrite_begin(struct rewrite *w, struct journal_file *f, const char *tmp)
{
	*w = (struct rewrite){ .f = f, .fd = -1 };
	if (f->dirfd < 0)
		return false;
	w->fd = openat(f->dirfd, tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (w->fd < 0)
		w->error = errno;
	return w->error == 0;
}

/* Returns 0 with the descriptor still open, or the error. */
static int
rewrite_end(struct rewrite *w, const char *tmp, const char *name)
{
	if (w->error == 0 && fdatasync(w->fd) != 0)
		w->error = errno;
	if (w->error == 0 && renameat(w->f->dirfd, tmp, w->f->dirfd, name) != 0)
		w->error = errno;
	if (w->error == 0 && fsync(w->f->dirfd) != 0)
		w->error = errno;
	if (w->error != 0)
		w->f->gap = true;
	if (w->error != 0 || !w->f->gap)
		outcome(w->f, name, w->error);
	if (w->error != 0 && w->fd >= 0) {
		close(w->fd);
		w->fd = -1;
		/* On a full disk it would take the room that is wanted. */
		(void)unlinkat(w->f->dirfd, tmp, 0);
	}
	return w->error;
}

static void
set_number(struct journal_file *f, const char *key, uint32_t n)
{
	uint8_t v[4];

	record_put32(v, n);
	keymap_set(f->keys, key, v, sizeof(v));
}

/* Returns 0, or the error. */
static int
snapshot(struct journal_file *f)
{
	struct rewrite w;
	uint8_t count[4];

	set_number(f, JOURNAL_LAST_SEQ, f->last_seq);
	set_number(f, JOURNAL_LAST_ALARM, f->last_alarm);
	if (rewrite_begin(&w, f, JOURNAL_STATE ".new")) {
		keymap_each(f->keys, rewrite_key, &w);
		record_put32(count, w.records);
		rewrite_record(&w, RECORD_END, f->number, count, sizeof(count));
	} else if (f->dirfd < 0) {
		return EBADF;
	}
	if (rewrite_end(&w, JOURNAL_STATE ".new", JOURNAL_STATE) != 0)
		return w.error;
	close(w.fd);
	return 0;
}

void
journal_file_snapshot(struct journal_file *f)
{
	(void)snapshot(f);
}

static void
rewrite_events(struct journal_file *f)
{
	struct rewrite w;
	uint8_t seq[4];

	if (rewrite_begin(&w, f, JOURNAL_EVENTS ".new")) {
		for (uint32_t i = 0; i < f->ring.count; i++) {
			const struct event_kept *k = eventring_at(&f->ring, i);

			rewrite_record(&w, RECORD_EVENT, f->number, k->bytes, k->len);
			record_put32(seq, k->seq);
			if (k->done)
				rewrite_record(
				    &w, RECORD_ACK, f->number, seq, sizeof(seq));
		}
	}
	if (rewrite_end(&w, JOURNAL_EVENTS ".new", JOURNAL_EVENTS) != 0)
		return;
	if (f->logfd >= 0)
		close(f->logfd);
	f->logfd = w.fd;
	f->log_size = f->log_floor = w.size;
	f->dirty = false;
	f->gap = false;
	outcome(f, JOURNAL_EVENTS, 0);
}

void
journal_file_trim(struct journal_file *f, bool now)
{
	if (f->dirfd < 0 || (!now && f->log_size < f->log_floor + TRIM_AT_LEAST))
		return;
	if (snapshot(f) == 0)
		rewrite_events(f);
}

void
journal_file_open(
    struct journal_file *f, const char *dir, uint32_t history, size_t queue)
{
	*f = (struct journal_file){ .dirfd = -1, .logfd = -1, .ackfd = -1 };
	f->dir = mem_strdup(dir);
	f->keys = keymap_new();
	eventring_init(&f->ring, history, queue);
	(void)mkdir(dir, 0750);
	f->dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->dirfd < 0) {
		log_error("journal",
		    "%s: %s; alarms and numbers will not survive a "
		    "restart: make it a directory that this user owns",
		    dir, strerror(errno));
		return;
	}
	journal_file_load(f);
}

void
journal_file_close(struct journal_file *f)
{
	eventring_clear(&f->ring);
	keymap_free(f->keys);
	if (f->logfd >= 0)
		close(f->logfd);
	if (f->ackfd >= 0)
		close(f->ackfd);
	if (f->dirfd >= 0)
		close(f->dirfd);
	free(f->group);
	free(f->dir);
}
