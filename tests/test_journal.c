#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal/journal.h"
#include "journal/journal_file.h"
#include "base/log.h"
#include "base/mem.h"
#include "journal/outbox.h"

#define HISTORY 50
#define QUEUE   20

struct fixture {
	char dir[64];
	char path[128];
	struct outbox *outbox;
	struct journal *j;
	uint32_t seq, alarm;
};

/* A disk in the place of the library's: it can be told to take its time, or to fail. */
static pthread_mutex_t disk = PTHREAD_MUTEX_INITIALIZER;
static atomic_int syncs, failures;

int
fdatasync(int fd)
{
	atomic_fetch_add(&syncs, 1);
	pthread_mutex_lock(&disk);
	pthread_mutex_unlock(&disk);
	if (atomic_load(&failures) > 0) {
		atomic_fetch_sub(&failures, 1);
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

static const char *
file(struct fixture *f, const char *name)
{
	snprintf(f->path, sizeof(f->path), "%s/%s", f->dir, name);
	return f->path;
}

static void
begin(struct fixture *f)
{
	struct journal_config cfg = { f->dir, HISTORY, QUEUE, NULL };

	f->outbox = outbox_new(HISTORY + QUEUE + 1);
	cfg.outbox = f->outbox;
	f->j = journal_open(&cfg, &f->seq, &f->alarm);
}

static void
end(struct fixture *f)
{
	journal_stop(f->j);
	outbox_free(f->outbox);
	f->j = NULL;
}

static int
setup(void **state)
{
	struct fixture *f = mem_new(struct fixture);

	snprintf(f->dir, sizeof(f->dir), "/tmp/svcport-journal.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	static const char *const names[] = { "state", "events", "state.new",
		"events.new", "state.damaged", "events.damaged", "acked" };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(file(f, names[i]));
	assert_int_equal(rmdir(f->dir), 0);
	free(f);
	return 0;
}

static struct event
event(uint32_t seq)
{
	struct event e = { .seq = seq,
		.time = 1000,
		.number = EVENT_REQUIRED_CLOSED,
		.severity = SEVERITY_MAJOR,
		.alarm_index = seq };

	snprintf(e.message, sizeof(e.message), "event %u", seq);
	return e;
}

/* Events that reach the outbox within the deadline, in order of arrival. */
static uint32_t
arrivals(struct fixture *f, uint32_t want, struct event *out)
{
	struct pollfd pfd = { outbox_fd(f->outbox), POLLIN, 0 };
	uint32_t n = 0;

	for (;;) {
		while (n < want && outbox_arrived(f->outbox, &out[n]))
			n++;
		if (n >= want || poll(&pfd, 1, 5000) <= 0)
			return n;
	}
}

static void
counts_from_one_in_a_new_directory(void **state)
{
	struct fixture *f = *state;

	begin(f);
	assert_int_equal(f->seq, 1);
	assert_int_equal(f->alarm, 1);
	end(f);
}

static void
an_event_is_sent_once_it_is_written(void **state)
{
	struct fixture *f = *state;
	struct event got[1];
	struct event e = event(1);
	struct stat st;

	begin(f);
	assert_int_equal(journal_start(f->j), 0);
	assert_true(journal_event(f->j, &e));
	assert_int_equal(arrivals(f, 1, got), 1);
	assert_int_equal(got[0].seq, 1);
	assert_int_equal(stat(file(f, "events"), &st), 0);
	assert_true(st.st_size > 0);
	end(f);
}

/* True when `*n` has passed `than` within the deadline. */
static bool
passes(atomic_int *n, int than)
{
	for (int i = 0; i < 1000 && atomic_load(n) <= than; i++)
		poll(NULL, 0, 5);
	return atomic_load(n) > than;
}

static void
an_event_does_not_wait_for_the_disk(void **state)
{
	struct fixture *f = *state;
	struct event got[2], first = event(1), second = event(2);
	int before;

	begin(f);
	assert_int_equal(journal_start(f->j), 0);
	before = atomic_load(&syncs);
	pthread_mutex_lock(&disk);
	assert_true(journal_event(f->j, &first));
	assert_true(passes(&syncs, before));
	assert_true(journal_event(f->j, &second));
	assert_int_equal(arrivals(f, 2, got), 2);
	assert_int_equal(atomic_load(&syncs), before + 1);
	pthread_mutex_unlock(&disk);
	assert_true(passes(&syncs, before + 1)); /* the second one's turn */
	end(f);
}

/* Whose number is far behind those that are given now. */
static void
the_end_of_an_old_alarm_does_not_wait_for_the_disk(void **state)
{
	struct fixture *f = *state;
	struct event got[1], e = event(1);
	uint32_t n;

	e.alarm_index = 30000;
	begin(f);
	assert_int_equal(journal_start(f->j), 0);
	assert_true(journal_event(f->j, &e));
	assert_int_equal(arrivals(f, 1, got), 1);
	e = event(2);
	pthread_mutex_lock(&disk);
	assert_true(journal_event(f->j, &e));
	n = arrivals(f, 1, got);
	pthread_mutex_unlock(&disk);
	assert_int_equal(n, 1);
	end(f);
	begin(f);
	assert_int_equal(f->alarm, 30001);
	end(f);
}

static void
what_the_disk_did_not_take_is_written_anew(void **state)
{
	struct fixture *f = *state;
	struct event got[1], e = event(1);
	struct stat old, new = { 0 };

	begin(f);
	assert_int_equal(stat(file(f, "events"), &old), 0);
	atomic_store(&failures, 1);
	assert_int_equal(journal_start(f->j), 0);
	assert_true(journal_event(f->j, &e));
	assert_int_equal(arrivals(f, 1, got), 1);
	for (int i = 0; i < 1000 && (new.st_ino == 0 || new.st_ino == old.st_ino);
	     i++) {
		poll(NULL, 0, 5);
		assert_int_equal(stat(file(f, "events"), &new), 0);
	}
	assert_true(new.st_ino != old.st_ino);
	end(f);
	begin(f);
	assert_int_equal(f->seq, 2);
	end(f);
}

static void
what_was_not_acknowledged_is_sent_again(void **state)
{
	struct fixture *f = *state;
	struct event got[3];
	struct event e;

	begin(f);
	assert_int_equal(journal_start(f->j), 0);
	for (uint32_t i = 1; i <= 3; i++) {
		e = event(i);
		e.suppressed = i == 2;
		journal_event(f->j, &e);
	}
	assert_int_equal(arrivals(f, 3, got), 3);
	journal_done(f->j, &got[0]);
	end(f);

	begin(f);
	assert_int_equal(f->seq, 4);
	assert_int_equal(f->alarm, 4);
	assert_int_equal(journal_start(f->j), 0);
	assert_int_equal(arrivals(f, 3, got), 3);
	assert_true(got[0].sent && !got[0].suppressed);
	assert_true(!got[1].sent && got[1].suppressed);
	assert_true(!got[2].sent && !got[2].suppressed);
	end(f);
}

/* A child writes and is killed at once; everything it had handed to the outbox is there
 * afterwards, and the numbers go on without a gap. */
static void
kill_nine_loses_nothing_that_was_sent(void **state)
{
	struct fixture *f = *state;
	struct event got[HISTORY];
	uint32_t seen[2];
	int pipefd[2];
	int status;
	pid_t pid;

	assert_int_equal(pipe(pipefd), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		begin(f);
		(void)journal_start(f->j);
		for (uint32_t i = 1; i <= 15; i++) {
			struct event e = event(i);

			journal_event(f->j, &e);
			journal_set(f->j, "alarm/x", &i, sizeof(i));
		}
		seen[0] = arrivals(f, 15, got);
		(void)!write(pipefd[1], seen, sizeof(seen[0]));
		pause();
		_exit(0);
	}
	assert_int_equal(read(pipefd[0], seen, sizeof(seen[0])), sizeof(seen[0]));
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(pipefd[0]);
	close(pipefd[1]);
	assert_int_equal(seen[0], 15);

	begin(f);
	assert_int_equal(f->seq, 16);
	assert_int_equal(journal_start(f->j), 0);
	assert_int_equal(arrivals(f, 15, got), 15);
	assert_int_equal(got[14].seq, 15);
	end(f);
}

static void
append(const char *path, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_APPEND);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static void
write_some(struct fixture *f, uint32_t n)
{
	struct event e;

	begin(f);
	assert_int_equal(journal_start(f->j), 0);
	for (uint32_t i = 0; i < n; i++) {
		e = event(f->seq + i);
		e.suppressed = 1;
		journal_event(f->j, &e);
	}
	journal_set(f->j, "host/a", "\0\2", 2);
	end(f);
}

static void
count_key(void *arg, const char *key, const uint8_t *value, size_t len)
{
	(void)key;
	(void)value;
	*(size_t *)arg += len;
}

static size_t
key_octets(struct fixture *f, const char *prefix)
{
	size_t n = 0;

	journal_each(f->j, prefix, count_key, &n);
	return n;
}

static void
a_torn_record_is_dropped(void **state)
{
	struct fixture *f = *state;

	write_some(f, 3);
	append(file(f, "events"), "SVPR\0\0\0\100", 8);
	begin(f);
	assert_int_equal(f->seq, 4);
	assert_int_equal(key_octets(f, "host/"), 2);
	end(f);
	assert_int_not_equal(access(file(f, "events.damaged"), F_OK), 0);
	write_some(f, 1);
	begin(f);
	assert_int_equal(f->seq, 5);
	end(f);
}

static void
a_damaged_event_file_is_set_aside(void **state)
{
	struct fixture *f = *state;
	struct event got[3];

	write_some(f, 3);
	append(file(f, "events"), "garbage, garbage, garbage", 25);
	begin(f);
	assert_int_equal(f->seq, 4);
	end(f);
	assert_int_equal(access(file(f, "events.damaged"), F_OK), 0);
	/* What could be read of it lives on in the new one. */
	begin(f);
	assert_int_equal(f->seq, 4);
	assert_int_equal(journal_start(f->j), 0);
	assert_int_equal(arrivals(f, 3, got), 3);
	end(f);
}

static void
a_damaged_snapshot_is_set_aside_and_numbers_go_on(void **state)
{
	struct fixture *f = *state;
	int fd;

	write_some(f, 3);
	fd = open(file(f, "state"), O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "XXXX", 4, 30), 4);
	close(fd);
	begin(f);
	assert_int_equal(access(file(f, "state.damaged"), F_OK), 0);
	assert_int_equal(f->seq, 4);
	assert_int_equal(key_octets(f, "host/"), 2);
	end(f);
}

/* Also when the daemon is killed before it writes a snapshot. */
static void
what_a_damaged_snapshot_had_is_written_anew_at_once(void **state)
{
	struct fixture *f = *state;
	struct journal_file file1, file2;

	write_some(f, 3);
	append(file(f, "state"), "garbage, garbage, garbage", 25);
	assert_int_equal(unlink(file(f, "events")), 0);
	assert_int_equal(journal_file_open(&file1, f->dir, 10, 10), 0);
	assert_int_equal(access(file(f, "state.damaged"), F_OK), 0);
	journal_file_close(&file1);
	assert_int_equal(journal_file_open(&file2, f->dir, 10, 10), 0);
	assert_int_equal(file2.last_seq, 3);
	journal_file_close(&file2);
}

static void
a_directory_belongs_to_one_process(void **state)
{
	struct fixture *f = *state;
	struct journal_file second;

	begin(f);
	assert_int_equal(journal_file_open(&second, f->dir, 10, 10), -1);
	assert_int_equal(errno, EBUSY);
	end(f);
	begin(f);
	end(f);
}

static void
the_event_file_stays_bounded(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	struct event got[HISTORY];

	for (int round = 0; round < 60; round++)
		write_some(f, 200);
	assert_int_equal(stat(file(f, "events"), &st), 0);
	assert_true(st.st_size < 2 << 20);
	begin(f);
	assert_int_equal(f->seq, 60 * 200 + 1);
	assert_int_equal(journal_start(f->j), 0);
	assert_int_equal(arrivals(f, HISTORY, got), HISTORY);
	assert_int_equal(got[HISTORY - 1].seq, 60 * 200);
	end(f);
}

/* In a child that ends without a word, once `n` events have reached the outbox. */
static void
killed_after(struct fixture *f, void (*act)(struct fixture *f), uint32_t n)
{
	struct event got[HISTORY];
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		begin(f);
		(void)journal_start(f->j);
		act(f);
		_exit(arrivals(f, n, got) == n ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
raise_one(struct fixture *f)
{
	struct event e = event(1);

	journal_hold(f->j);
	journal_event(f->j, &e);
	journal_set(f->j, "alarm/1", "raised", 6);
	journal_release(f->j);
}

static void
an_event_and_its_alarm_are_kept_both_or_neither(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	killed_after(f, raise_one, 1);
	begin(f);
	assert_int_equal(f->seq, 2);
	assert_int_equal(key_octets(f, "alarm/"), 6);
	end(f);
	assert_int_equal(unlink(file(f, "events")), 0);
	assert_int_equal(unlink(file(f, "state")), 0);

	killed_after(f, raise_one, 1);
	assert_int_equal(stat(file(f, "events"), &st), 0);
	assert_int_equal(truncate(f->path, st.st_size - 1), 0);
	begin(f);
	assert_int_equal(f->seq, 1);
	assert_int_equal(f->alarm, 1);
	assert_int_equal(key_octets(f, "alarm/"), 0);
	end(f);
}

/* As after a power failure: the file has its length, but not all that was in it. */
static void
damage_in_a_group_leaves_nothing_of_it(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	int fd;

	killed_after(f, raise_one, 1);
	assert_int_equal(stat(file(f, "events"), &st), 0);
	fd = open(f->path, O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "\0\0\0\0", 4, st.st_size - 4), 4);
	close(fd);
	begin(f);
	assert_int_equal(f->seq, 1);
	assert_int_equal(f->alarm, 1);
	assert_int_equal(key_octets(f, "alarm/"), 0);
	end(f);
	assert_int_equal(access(file(f, "events.damaged"), F_OK), 0);
}

static void
send_three(struct fixture *f)
{
	struct event e;

	for (uint32_t i = 1; i <= 3; i++) {
		e = event(i);
		journal_event(f->j, &e);
	}
	e = event(2);
	journal_done(f->j, &e);
}

/* The mark is made before the next event is sent; the journal's record of it may be
 * late. */
static void
the_mark_tells_what_arrived(void **state)
{
	struct fixture *f = *state;
	struct event got[3];
	struct stat st;

	killed_after(f, send_three, 3);
	assert_int_equal(stat(file(f, "events"), &st), 0);
	begin(f);
	assert_int_equal(journal_start(f->j), 0);
	assert_int_equal(arrivals(f, 3, got), 3);
	assert_true(got[0].sent && got[1].sent && !got[2].sent);
	end(f);
	/* The numbers go on even from the mark alone. */
	assert_int_equal(unlink(file(f, "events")), 0);
	assert_int_equal(unlink(file(f, "state")), 0);
	begin(f);
	assert_int_equal(f->seq, 3);
	assert_int_equal(f->alarm, 3);
	end(f);
}

static void
send_more_than_is_written(struct fixture *f)
{
	struct event e;

	send_three(f);
	e = event(5);
	journal_done(f->j, &e);
}

/* On a full disk events are sent that are in no file, and the mark needs no room. */
static void
the_mark_counts_without_its_event(void **state)
{
	struct fixture *f = *state;
	struct event got[3];

	killed_after(f, send_more_than_is_written, 3);
	begin(f);
	assert_int_equal(f->seq, 6);
	assert_int_equal(journal_start(f->j), 0);
	assert_int_equal(arrivals(f, 3, got), 3);
	assert_true(got[0].sent && got[1].sent && got[2].sent);
	end(f);
}

static void
refuse_the_second(struct fixture *f)
{
	struct event e;

	for (uint32_t i = 1; i <= 3; i++) {
		e = event(i);
		journal_event(f->j, &e);
	}
	e = event(2);
	e.suppressed = 1;
	journal_done(f->j, &e);
	e = event(4); /* when it has arrived, that is written */
	journal_event(f->j, &e);
}

/* Also when nothing later was acknowledged, and after the file was written anew. */
static void
what_the_master_refused_is_not_sent_again(void **state)
{
	struct fixture *f = *state;
	struct event got[4];

	killed_after(f, refuse_the_second, 4);
	for (int life = 0; life < 2; life++) {
		begin(f);
		assert_int_equal(journal_start(f->j), 0);
		assert_int_equal(arrivals(f, 4, got), 4);
		assert_false(got[0].suppressed || got[0].sent);
		assert_true(got[1].suppressed && !got[1].sent);
		assert_false(got[2].suppressed || got[2].sent);
		end(f);
		append(file(f, "events"), "noise", 5); /* so it is written anew */
	}
}

/* They fill the history, and what waits behind it is not touched. */
static void
suppressed_events_push_nothing_out_that_waits(void **state)
{
	enum { QUIET = HISTORY + QUEUE + 30 };
	struct fixture *f = *state;
	struct event got[HISTORY + QUEUE], e;
	uint32_t n;

	begin(f);
	assert_int_equal(journal_start(f->j), 0);
	for (uint32_t i = 1; i <= 5; i++) {
		e = event(i);
		assert_true(journal_event(f->j, &e));
	}
	for (uint32_t i = 6; i <= QUIET; i++) {
		e = event(i);
		e.suppressed = 1;
		assert_true(journal_event(f->j, &e));
	}
	end(f);
	begin(f);
	assert_int_equal(journal_start(f->j), 0);
	n = arrivals(f, 5 + HISTORY, got);
	assert_int_equal(n, 5 + HISTORY);
	for (uint32_t i = 0; i < 5; i++)
		assert_true(got[i].seq == i + 1 && !got[i].suppressed);
	assert_int_equal(got[5].seq, QUIET - HISTORY + 1);
	assert_int_equal(got[n - 1].seq, QUIET);
	end(f);
}

static void
quiet_events(struct fixture *f)
{
	struct event e;

	for (uint32_t i = 0; i < HISTORY; i++) {
		e = event(f->seq++);
		e.suppressed = 1;
		e.alarm_index = 0;
		journal_event(f->j, &e);
	}
}

/* Though no event that is kept speaks of an alarm. */
static void
alarm_numbers_go_on(void **state)
{
	struct fixture *f = *state;

	write_some(f, 7);
	write_some(f, 0);
	begin(f);
	assert_int_equal(f->alarm, 8);
	assert_int_equal(journal_start(f->j), 0);
	quiet_events(f);
	quiet_events(f);
	end(f);
	write_some(f, 0);
	begin(f);
	assert_int_equal(f->alarm, 8);
	end(f);
}

/* As on a full disk: the event file may not grow until the limit is lifted. */
static void
what_could_not_be_written_is_written_later(void **state)
{
	struct fixture *f = *state;
	struct rlimit full = { 10, RLIM_INFINITY },
		      free = { RLIM_INFINITY, RLIM_INFINITY };
	struct event got[1];
	struct event e = event(1);
	struct stat st;

	signal(SIGXFSZ, SIG_IGN);
	begin(f);
	assert_int_equal(journal_start(f->j), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
	journal_event(f->j, &e);
	journal_set(f->j, "host/a", "\0\2", 2);
	assert_int_equal(arrivals(f, 1, got), 1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &free), 0);
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(stat(file(f, "events"), &st), 0);
		if (st.st_size > 10)
			break;
		poll(NULL, 0, 10);
	}
	assert_true(st.st_size > 10);
	end(f);
	begin(f);
	assert_int_equal(f->seq, 2);
	assert_int_equal(key_octets(f, "host/"), 2);
	end(f);
}

/* Others may have put anything there; a pipe without a writer would be waited for. */
/* The second event finds room for a part of it only. */
static void
fail_half_way(struct fixture *f)
{
	struct rlimit limit = { 0, RLIM_INFINITY };
	struct event e = event(1), got[1];
	struct stat st;

	signal(SIGXFSZ, SIG_IGN);
	journal_event(f->j, &e);
	arrivals(f, 1, got);
	stat(file(f, "events"), &st);
	limit.rlim_cur = (rlim_t)st.st_size + 10;
	setrlimit(RLIMIT_FSIZE, &limit);
	e = event(2);
	journal_event(f->j, &e);
	arrivals(f, 1, got);
	limit.rlim_cur = RLIM_INFINITY;
	setrlimit(RLIMIT_FSIZE, &limit);
	e = event(3);
	journal_event(f->j, &e);
}

static void
half_a_record_hides_nothing_behind_it(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	begin(f);
	end(f);
	append(file(f, "events"), "noise behind it, so that it is written anew", 40);
	killed_after(f, fail_half_way, 1);
	assert_int_equal(unlink(file(f, "events.damaged")), 0);
	begin(f);
	assert_int_equal(f->seq, 4); /* the third one was read */
	end(f);
	assert_int_equal(stat(file(f, "events.damaged"), &st), -1);
}

static void
what_is_no_file_is_set_aside(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(mkfifo(file(f, "events"), 0600), 0);
	begin(f);
	end(f);
	assert_int_equal(access(file(f, "events.damaged"), F_OK), 0);
	write_some(f, 3);
	begin(f);
	assert_int_equal(f->seq, 4);
	end(f);
}

static void
only_a_full_queue_refuses(void **state)
{
	struct fixture *f = *state;
	struct event e;

	begin(f);
	for (uint32_t i = 1; i <= QUEUE; i++) {
		e = event(i);
		assert_true(journal_event(f->j, &e));
	}
	assert_false(journal_room(f->j));
	e = event(QUEUE + 1);
	assert_false(journal_event(f->j, &e));
	e.suppressed = 1;
	assert_true(journal_event(f->j, &e));
	assert_int_equal(journal_start(f->j), 0);
	end(f);
}

/* Of an earlier life, or not to be sent: they wait to be shown only. */
static void
what_is_not_to_be_sent_fills_no_queue(void **state)
{
	struct fixture *f = *state;
	struct event got[HISTORY], e;

	write_some(f, HISTORY);
	begin(f);
	assert_int_equal(journal_start(f->j), 0);
	assert_int_equal(outbox_depth(f->outbox), HISTORY);
	assert_true(journal_room(f->j));
	e = event(f->seq);
	assert_true(journal_event(f->j, &e));
	assert_int_equal(arrivals(f, HISTORY, got), HISTORY);
	assert_int_equal(arrivals(f, 1, got), 1);
	assert_false(got[0].suppressed);
	end(f);
}

/* What a full queue does not take is shown all the same, at once. */
static void
a_full_queue_hides_nothing(void **state)
{
	struct fixture *f = *state;
	struct journal_config cfg = { f->dir, 5, QUEUE, NULL };
	struct event got[QUEUE], e;

	cfg.outbox = f->outbox = outbox_new(5 + QUEUE + 1);
	f->j = journal_open(&cfg, &f->seq, &f->alarm);
	assert_int_equal(journal_start(f->j), 0);
	for (uint32_t i = 1; i <= QUEUE; i++) {
		e = event(i);
		assert_true(journal_event(f->j, &e));
	}
	assert_int_equal(arrivals(f, QUEUE, got), QUEUE);
	e = event(QUEUE + 1);
	assert_false(journal_event(f->j, &e));
	assert_int_equal(arrivals(f, 1, got), 1);
	assert_true(got[0].seq == QUEUE + 1 && got[0].suppressed);
	end(f);
}

static void
a_directory_that_cannot_be_written_is_not_fatal(void **state)
{
	struct fixture *f = *state;
	struct journal_config cfg = { "/proc/nowhere", HISTORY, QUEUE, NULL };
	struct event got[1];
	struct event e = event(1);

	f->outbox = outbox_new(HISTORY + QUEUE + 1);
	cfg.outbox = f->outbox;
	f->j = journal_open(&cfg, &f->seq, &f->alarm);
	assert_int_equal(journal_start(f->j), 0);
	assert_true(journal_event(f->j, &e));
	assert_int_equal(arrivals(f, 1, got), 1);
	end(f);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(counts_from_one_in_a_new_directory),
		TEST(an_event_is_sent_once_it_is_written),
		TEST(an_event_does_not_wait_for_the_disk),
		TEST(the_end_of_an_old_alarm_does_not_wait_for_the_disk),
		TEST(what_the_disk_did_not_take_is_written_anew),
		TEST(what_was_not_acknowledged_is_sent_again),
		TEST(kill_nine_loses_nothing_that_was_sent),
		TEST(a_torn_record_is_dropped),
		TEST(a_damaged_event_file_is_set_aside),
		TEST(a_damaged_snapshot_is_set_aside_and_numbers_go_on),
		TEST(what_a_damaged_snapshot_had_is_written_anew_at_once),
		TEST(a_directory_belongs_to_one_process),
		TEST(the_event_file_stays_bounded),
		TEST(an_event_and_its_alarm_are_kept_both_or_neither),
		TEST(damage_in_a_group_leaves_nothing_of_it),
		TEST(the_mark_tells_what_arrived),
		TEST(the_mark_counts_without_its_event),
		TEST(what_the_master_refused_is_not_sent_again),
		TEST(suppressed_events_push_nothing_out_that_waits),
		TEST(alarm_numbers_go_on),
		TEST(what_could_not_be_written_is_written_later),
		TEST(half_a_record_hides_nothing_behind_it),
		TEST(what_is_no_file_is_set_aside),
		TEST(only_a_full_queue_refuses),
		TEST(what_is_not_to_be_sent_fills_no_queue),
		TEST(a_full_queue_hides_nothing),
		TEST(a_directory_that_cannot_be_written_is_not_fatal),
	};

	log_open("test_journal", true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
