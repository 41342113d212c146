#include "journal/numbers.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "journal/journal_file.h"
#include "journal/record.h"

#define KEY_SEQ   "reserved/seq"
#define KEY_ALARM "reserved/alarm"
#define KEY_BOOT  "boot"
#define BLOCK     20000 /* numbers reserved at once */
#define BOOT_SIZE 40

static uint32_t
saved_number(const struct journal_file *f, const char *key)
{
	size_t len;
	const uint8_t *v = keymap_get(f->keys, key, &len);

	return v != NULL && len == 4 ? record_get32(v) : 1;
}

static void
save_number(struct journal_file *f, const char *key, uint32_t n)
{
	uint8_t v[4];

	record_put32(v, n);
	keymap_set(f->keys, key, v, sizeof(v));
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

/* The clearing of an alarm has its number, which was safe when the alarm was raised. */
static bool
was_given(uint32_t alarm, const struct journal_file *f)
{
	return alarm == 0 || journal_file_later(alarm, f->last_alarm) == f->last_alarm;
}

void
numbers_reserve(struct numbers *n, struct journal_file *f, uint32_t seq, uint32_t alarm)
{
	bool seq_safe = is_reserved(seq, n->seq);
	bool alarm_safe = was_given(alarm, f) || is_reserved(alarm, n->alarm);

	if (seq_safe && alarm_safe)
		return;
	if (!seq_safe)
		n->seq = after(seq, BLOCK);
	if (!alarm_safe)
		n->alarm = after(alarm, BLOCK);
	save_number(f, KEY_SEQ, n->seq);
	save_number(f, KEY_ALARM, n->alarm);
	journal_file_snapshot(f);
}

/* Tells one boot of the machine from another: random(4). */
static void
read_boot_id(char buf[BOOT_SIZE])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, buf, BOOT_SIZE - 1) : 0;

	buf[n > 0 ? n : 0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	if (fd >= 0)
		close(fd);
}

/*
 * In the boot that wrote the files nothing written is lost, even after kill -9, so the
 * largest number seen is the last one given; after another boot the end of the file may
 * be missing and only the reservation is sure.
 */
void
numbers_open(
    struct numbers *n, struct journal_file *f, uint32_t *next_seq, uint32_t *next_alarm)
{
	char now[BOOT_SIZE];
	size_t len;
	const uint8_t *then = keymap_get(f->keys, KEY_BOOT, &len);
	bool same;

	read_boot_id(now);
	same = then != NULL && now[0] != '\0' && len == strlen(now) &&
	       memcmp(then, now, len) == 0;
	*next_seq = after(f->last_seq, 1);
	*next_alarm = after(f->last_alarm, 1);
	if (!same && then != NULL) {
		*next_seq = journal_file_later(*next_seq, saved_number(f, KEY_SEQ));
		*next_alarm = journal_file_later(
		    *next_alarm, saved_number(f, KEY_ALARM));
	}
	keymap_set(f->keys, KEY_BOOT, now, strlen(now));
	n->seq = *next_seq;
	n->alarm = *next_alarm;
	numbers_reserve(n, f, *next_seq, *next_alarm);
}
