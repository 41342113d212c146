/*
 * libFuzzer target: whatever the state directory's files hold, reading them ends, and
 * what was read and written anew is read again as the same.  The input is a sequence of
 * (file and kind, length, payload); an even first octet has them framed with a right
 * checksum, else they are the files' octets.  The linker takes the log away.
 */

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "journal/journal_file.h"
#include "journal/record.h"

#define NFILES 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
void __wrap_log_line(enum log_level level, const char *token, const char *format, ...);

void
__wrap_log_line(enum log_level level, const char *token, const char *format, ...)
{
	(void)level, (void)token, (void)format;
}

static const char *const names[NFILES] = { JOURNAL_STATE, JOURNAL_EVENTS,
	JOURNAL_ACKED };
static char dir[64];

static void
remove_all(void)
{
	for (int i = 0; i < NFILES; i++) {
		char path[128];

		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
		snprintf(path, sizeof(path), "%s/%s.damaged", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
}

static void
make_dir(void)
{
	if (dir[0] != '\0')
		return;
	snprintf(dir, sizeof(dir), "/dev/shm/svcport-fuzz.%d", (int)getpid());
	if (mkdir(dir, 0700) != 0)
		abort();
	atexit(remove_all);
}

static void
append(int fd, uint8_t kind, uint64_t number, const uint8_t *p, size_t len, bool framed)
{
	uint8_t buf[RECORD_MAX];
	struct record r = { (enum record_kind)kind, number, p, len };

	if (framed) {
		p = buf;
		len = record_encode(&r, buf);
	}
	if (write(fd, p, len) != (ssize_t)len)
		abort();
}

static void
write_files(const uint8_t *data, size_t size)
{
	int fd[NFILES];
	uint64_t number = 0;
	bool framed = (data[0] & 1) == 0;

	for (int i = 0; i < NFILES; i++) {
		char path[128];

		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		fd[i] = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	}
	for (data++, size--; size >= 3; number++) {
		size_t len = (size_t)(data[1] | data[2] << 8) %
		             (RECORD_PAYLOAD_MAX + 1);
		uint8_t head = data[0];

		data += 3;
		size -= 3;
		len = len < size ? len : size;
		if (fd[head % NFILES] >= 0)
			append(fd[head % NFILES], (uint8_t)(head / NFILES % 8), number,
			    data, len, framed);
		data += len;
		size -= len;
	}
	for (int i = 0; i < NFILES; i++)
		close(fd[i]);
}

struct seen {
	uint32_t last_seq, last_alarm;
	size_t keys; /* of records; a snapshot of none has its own two */
};

static struct seen
read_files(bool anew)
{
	struct journal_file f;
	struct seen seen;

	if (journal_file_open(&f, dir, 8, 16) != 0)
		abort();
	seen.last_seq = f.last_seq;
	seen.last_alarm = f.last_alarm;
	seen.keys = f.number > 0 ? keymap_count(f.keys) : 0;
	if (anew)
		journal_file_trim(&f, true);
	journal_file_close(&f);
	return seen;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen first, again;

	if (size == 0)
		return 0;
	make_dir();
	write_files(data, size);
	first = read_files((data[0] & 2) != 0);
	again = read_files(false);
	if (first.last_seq != again.last_seq || first.last_alarm != again.last_alarm ||
	    first.keys > again.keys)
		abort();
	return 0;
}
