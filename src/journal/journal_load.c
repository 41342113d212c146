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

struct reading {
	struct journal_file *f;
	uint64_t
	    from;   /* keys of records up to this number are in the snapshot already */
	bool ended; /* RECORD_END seen, with the right count */
	uint32_t records;
};

static void
apply(struct reading *rd, const struct record *r)
{
	struct journal_file *f = rd->f;
	struct event e;
	const char *key;
	const uint8_t *value;
	size_t len;

	if (r->kind == RECORD_END) {
		rd->ended = r->len == 4 && record_get32(r->payload) == rd->records;
	} else if (r->kind == RECORD_EVENT) {
		if (event_decode(r->payload, r->len, &e) == 0) {
			f->last_seq = journal_file_later(e.seq, f->last_seq);
			f->last_alarm = journal_file_later(
			    e.alarm_index, f->last_alarm);
			eventring_add(
			    &f->ring, e.seq, e.suppressed != 0, r->payload, r->len);
		}
	} else if (r->kind == RECORD_ACK) {
		if (r->len == 4)
			eventring_done(&f->ring, record_get32(r->payload));
	} else if (r->kind == RECORD_REFUSED) {
		if (r->len == 4)
			eventring_refused(&f->ring, record_get32(r->payload));
	} else if (r->kind != RECORD_GROUP && r->number > rd->from &&
		   record_key(r, &key, &value, &len)) {
		if (r->kind == RECORD_SET)
			keymap_set(f->keys, key, value, len);
		else
			keymap_del(f->keys, key);
	}
	rd->records++;
	if (r->number > f->number)
		f->number = r->number;
}

static void
set_aside(const struct journal_file *f, const char *name, const char *why)
{
	char aside[32];

	snprintf(aside, sizeof(aside), "%s.damaged", name);
	(void)renameat(f->dirfd, name, f->dirfd, aside);
	log_error("journal",
	    "%s/%s: %s; what could be read was used, the file is kept as %s", f->dir,
	    name, why, aside);
}

/* The whole file; NULL when there is none (errno ENOENT) or it cannot be read.  What
 * stands in its place, a pipe for example, must not hold us up. */
static uint8_t *
slurp(const struct journal_file *f, const char *name, size_t *len)
{
	int fd = openat(f->dirfd, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	uint8_t *buf = NULL;
	struct stat st;
	ssize_t n;

	*len = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size <= (off_t)FILE_MAX) {
		buf = mem_array(uint8_t, (size_t)st.st_size);
		while (*len < (size_t)st.st_size &&
		       (n = read(fd, buf + *len, (size_t)st.st_size - *len)) > 0)
			*len += (size_t)n;
	}
	close(fd);
	if (buf == NULL)
		errno = EFBIG;
	return buf;
}

/* What became of the records that belong together, `len` octets of `left`.  A power
 * failure may have damaged any of them, not only the last one. */
static enum record_result
read_group(const uint8_t *buf, size_t left, size_t len)
{
	struct record r;
	size_t used;

	if (len > left)
		return RECORD_SHORT;
	for (size_t at = 0; at < len; at += used) {
		if (record_decode(buf + at, len - at, &r, &used) != RECORD_OK)
			return RECORD_BAD;
	}
	return RECORD_OK;
}

/* Applies the records of a file up to the first that is not whole; *good is where. */
static enum record_result
read_records(struct reading *rd, const uint8_t *buf, size_t len, size_t *good)
{
	enum record_result result = RECORD_OK;
	struct record r;
	size_t used;

	*good = 0;
	while (*good < len) {
		result = record_decode(buf + *good, len - *good, &r, &used);
		if (result == RECORD_OK && r.kind == RECORD_GROUP)
			result = r.len != 4
			             ? RECORD_BAD
			             : read_group(buf + *good + used,
					   len - *good - used, record_get32(r.payload));
		if (result != RECORD_OK)
			break;
		apply(rd, &r);
		*good += used;
	}
	return result;
}

static uint32_t
saved(const struct journal_file *f, const char *key)
{
	size_t len;
	const uint8_t *v = keymap_get(f->keys, key, &len);

	return v != NULL && len == 4 ? record_get32(v) : 0;
}

/* The event whose number is marked and all before it are acknowledged. */
static void
load_mark(struct journal_file *f)
{
	size_t len, used;
	uint8_t *buf = slurp(f, JOURNAL_ACKED, &len);
	struct record r;
	uint32_t seq;

	if (buf == NULL && errno != ENOENT)
		set_aside(f, JOURNAL_ACKED, "not readable");
	if (buf == NULL || len == 0)
		goto out;
	if (record_decode(buf, len, &r, &used) != RECORD_OK || r.len != 8) {
		set_aside(f, JOURNAL_ACKED, "damaged");
		goto out;
	}
	seq = record_get32(r.payload);
	f->last_seq = journal_file_later(seq, f->last_seq);
	f->last_alarm = journal_file_later(record_get32(r.payload + 4), f->last_alarm);
	eventring_done_until(&f->ring, seq);
out:
	free(buf);
}

/* Returns true when a file was damaged and set aside. */
static bool
load(struct journal_file *f)
{
	struct reading rd = { .f = f };
	size_t len;
	size_t good = 0;
	uint8_t *buf = slurp(f, JOURNAL_STATE, &len);
	enum record_result result;
	bool aside = false;

	if (buf != NULL) {
		result = read_records(&rd, buf, len, &good);
		aside = result != RECORD_OK || !rd.ended;
		if (aside)
			set_aside(f, JOURNAL_STATE, "not whole");
		free(buf);
	} else if (errno != ENOENT) {
		set_aside(f, JOURNAL_STATE, "not readable");
	}
	f->last_seq = journal_file_later(saved(f, JOURNAL_LAST_SEQ), f->last_seq);
	f->last_alarm = journal_file_later(saved(f, JOURNAL_LAST_ALARM), f->last_alarm);
	rd.from = rd.ended ? f->number : 0;
	buf = slurp(f, JOURNAL_EVENTS, &len);
	if (buf == NULL && errno != ENOENT)
		set_aside(f, JOURNAL_EVENTS, "not readable");
	if (buf == NULL)
		return aside;
	result = read_records(&rd, buf, len, &good);
	free(buf);
	f->log_size = good;
	if (result == RECORD_BAD) {
		set_aside(f, JOURNAL_EVENTS, "damaged");
		f->log_size = 0;
	} else if (result == RECORD_SHORT) {
		log_warn("journal",
		    "%s/" JOURNAL_EVENTS ": the last record was cut short by "
		    "a sudden end and is dropped",
		    f->dir);
	}
	return aside || result == RECORD_BAD;
}

static void
open_log(struct journal_file *f)
{
	f->logfd = openat(f->dirfd, JOURNAL_EVENTS,
	    O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC, 0640);
	f->ackfd = openat(
	    f->dirfd, JOURNAL_ACKED, O_WRONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0640);
	if (f->logfd < 0 || ftruncate(f->logfd, (off_t)f->log_size) != 0) {
		f->error = errno;
		f->gap = true;
		log_error("journal",
		    "%s/" JOURNAL_EVENTS ": %s; alarms and numbers will not "
		    "survive a restart until this is fixed",
		    f->dir, strerror(errno));
		if (f->logfd >= 0)
			close(f->logfd);
		f->logfd = -1;
	}
}

void
journal_file_load(struct journal_file *f)
{
	bool damaged = load(f);

	load_mark(f);
	f->log_floor = f->log_size;
	open_log(f);
	/* What could be read of damaged files goes into new ones at once. */
	if (damaged)
		journal_file_trim(f, true);
}
