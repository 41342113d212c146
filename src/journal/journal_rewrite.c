#include "journal/journal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "journal/record.h"

/* Octets of growth before the event file is rewritten. */
#define TRIM_AT_LEAST (1u << 20)

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

	if (w->error == 0 && journal_file_write(w->fd, buf, n) != 0)
		w->error = errno;
	w->records++;
	w->size += n;
}

static void
rewrite_key(void *arg, const char *key, const uint8_t *value, size_t len)
{
	struct rewrite *w = arg;
	uint8_t buf[RECORD_PAYLOAD_MAX];
	size_t n = journal_file_key(key, value, len, buf);

	if (n > 0)
		rewrite_record(w, RECORD_SET, w->f->number, buf, n);
}

static bool
rewrite_begin(struct rewrite *w, struct journal_file *f, const char *tmp)
{
	*w = (struct rewrite){ .f = f, .fd = -1 };
	if (f->dirfd < 0)
		return false;
	/* O_APPEND: what follows a record that was cut off goes to its place. */
	w->fd = openat(
	    f->dirfd, tmp, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0640);
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
		journal_file_outcome(w->f, name, w->error);
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
				rewrite_record(&w,
				    k->refused ? RECORD_REFUSED : RECORD_ACK, f->number,
				    seq, sizeof(seq));
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
	journal_file_outcome(f, JOURNAL_EVENTS, 0);
}

void
journal_file_trim(struct journal_file *f, bool now)
{
	if (f->dirfd < 0 || (!now && f->log_size < f->log_floor + TRIM_AT_LEAST))
		return;
	if (snapshot(f) == 0)
		rewrite_events(f);
}
