#include "journal/journal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "journal/record.h"

#define GROUP_RECORD (RECORD_HEADER + 9 + 4)

/* ---- writing */

int
journal_file_write(int fd, const uint8_t *p, size_t len)
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

void
journal_file_outcome(struct journal_file *f, const char *what, int error)
{
	if (error != 0 && f->error == 0)
		log_error("journal",
		    "%s/%s: %s; numbers and alarms are not kept until "
		    "this is fixed",
		    f->dir, what, strerror(error));
	else if (error == 0 && f->error != 0)
		log_info("journal", "%s: can be written again", f->dir);
	f->error = error;
}

/* A failure leaves a gap, which only journal_file_trim() closes. */
static void
write_log(struct journal_file *f, const uint8_t *p, size_t len)
{
	if (f->logfd < 0)
		return;
	if (journal_file_write(f->logfd, p, len) != 0) {
		journal_file_outcome(f, JOURNAL_EVENTS, errno);
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

static void
append_number(struct journal_file *f, enum record_kind kind, uint32_t seq)
{
	uint8_t buf[4];

	record_put32(buf, seq);
	append(f, kind, buf, sizeof(buf));
}

void
journal_file_ack(struct journal_file *f, uint32_t seq)
{
	append_number(f, RECORD_ACK, seq);
	eventring_done(&f->ring, seq);
}

void
journal_file_refused(struct journal_file *f, uint32_t seq)
{
	append_number(f, RECORD_REFUSED, seq);
	eventring_refused(&f->ring, seq);
}

size_t
journal_file_key(const char *key, const void *value, size_t len, uint8_t *buf)
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
	size_t n = journal_file_key(key, value, len, buf);

	if (n == 0)
		return;
	append(f, RECORD_SET, buf, n);
	keymap_set(f->keys, key, value, len);
}

void
journal_file_del(struct journal_file *f, const char *key)
{
	uint8_t buf[RECORD_PAYLOAD_MAX];
	size_t n = journal_file_key(key, NULL, 0, buf);

	if (n == 0)
		return;
	append(f, RECORD_DEL, buf, n);
	keymap_del(f->keys, key);
}

void
journal_file_synced(struct journal_file *f, int error)
{
	if (error == 0)
		return;
	journal_file_outcome(f, JOURNAL_EVENTS, error);
	f->gap = true;
}

void
journal_file_sync(struct journal_file *f)
{
	if (!f->dirty || f->logfd < 0)
		return;
	f->dirty = false;
	journal_file_synced(f, fdatasync(f->logfd) != 0 ? errno : 0);
}

int
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
		return 0;
	}
	/* Held until the descriptor is closed, so that no crash leaves it behind. */
	if (flock(f->dirfd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
		journal_file_close(f);
		errno = EBUSY;
		return -1;
	}
	journal_file_load(f);
	return 0;
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
