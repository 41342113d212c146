/*
 * The subagent without the daemon: publishes made-up rows, changes one every few
 * milliseconds as the watching thread would, and does what lines on standard input say:
 *
 *   event NUMBER [COUNT]   notifications, numbered upwards
 *   events NUMBER COUNT    the same, answered "ok"
 *   alarm INDEX            an alarm
 *   round N                every row anew
 *   plan CATS SERVICES HOSTS
 *   rate RATE BURST
 *   fast 0|1               without or with the fast path
 *   burst N                change so many rows each time
 *   still 0|1              1: stop changing rows
 *   gap                    the longest time between two changes since asked last, in ms
 *   acked                  how many notifications the master has acknowledged
 *   command                the next command that came back
 *   quit
 *
 * Each line is answered with one line.
 */

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "publish/feed.h"
#include "fixture.h"
#include "listen/listeners.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/mono.h"
#include "journal/outbox.h"
#include "subagent.h"

#define WRITE_MS 5

static struct {
	struct feed *feed;
	struct outbox *outbox;
	struct subagent *agent;
	struct plan *plan;
	uint32_t round, next_row, seq;
	_Atomic unsigned acked;
	struct mono last;
	int64_t gap;
	size_t queue;
	unsigned still, burst;
} self = { .queue = 10000, .burst = 1 };

static void
on_done(void *arg, const struct event *event)
{
	(void)arg;
	if (!event->suppressed)
		atomic_fetch_add(&self.acked, 1);
}

static void
write_row(uint32_t i)
{
	struct row row = fixture_row(self.plan, i, self.round);

	feed_row(self.feed, i, &row);
	row_detail_unref(row.detail);
}

static void
write_plan(const struct fixture_size *size)
{
	struct plan *p = fixture_plan(size);
	struct row *rows = mem_array(struct row, p->nchecks);
	struct host_row *hosts = mem_array(struct host_row, p->nhosts);
	struct system_row sys = fixture_system();

	for (uint32_t i = 0; i < p->nchecks; i++)
		rows[i] = fixture_row(p, i, self.round);
	for (uint32_t i = 0; i < p->nhosts; i++)
		hosts[i] = fixture_host(p, i, self.round);
	feed_plan(self.feed, p, rows, hosts);
	for (uint32_t i = 0; i < p->nchecks; i++)
		row_detail_unref(rows[i].detail);
	free(rows);
	free(hosts);
	if (self.plan == NULL) {
		struct listener_table *t = fixture_listeners(50);

		feed_listeners(self.feed, t);
		listeners_unref(t);
	}
	plan_unref(self.plan);
	self.plan = p;
	self.next_row = 0;
	feed_system(self.feed, &sys);
	feed_flush(self.feed);
}

static unsigned
put_events(unsigned number, unsigned count)
{
	unsigned n = 0;

	for (; n < count; n++) {
		struct event e = fixture_event(
		    self.plan, (enum event_number)number, self.seq + 1);

		if (!outbox_put(self.outbox, &e))
			break;
		self.seq++;
	}
	return n;
}

static void
print_command(void)
{
	struct command c;

	if (!feed_command_next(self.feed, &c))
		puts("none");
	else
		printf("kind %d value %u row %u %u %u\n", (int)c.kind, c.value,
		    c.catalogue, c.service, c.host);
}

/* Returns false for "quit". */
static bool
obey(const char *line)
{
	struct fixture_size size = { 0 };
	unsigned a = 0, b = 1;

	if (sscanf(line, "event %u %u", &a, &b) >= 1) {
		unsigned n = put_events(a, b);

		printf("put %u last %u\n", n, self.seq);
	} else if (sscanf(line, "events %u %u", &a, &b) == 2) {
		puts(put_events(a, b) == b ? "ok" : "full");
	} else if (sscanf(line, "alarm %u", &a) == 1) {
		struct alarm_row alarm = fixture_alarm(self.plan, a);

		feed_alarm(self.feed, &alarm);
		feed_flush(self.feed);
		puts("ok");
	} else if (sscanf(line, "round %u", &self.round) == 1) {
		for (uint32_t i = 0; i < self.plan->nchecks; i++)
			write_row(i);
		feed_flush(self.feed);
		puts("ok");
	} else if (sscanf(line, "plan %u %u %u", &size.cats, &size.services,
		       &size.hosts) == 3) {
		write_plan(&size);
		puts("ok");
	} else if (sscanf(line, "rate %u %u", &a, &b) == 2) {
		subagent_set_rate(self.agent, a, b);
		puts("ok");
	} else if (sscanf(line, "fast %u", &a) == 1) {
		subagent_set_fast_path(self.agent, a != 0);
		puts("ok");
	} else if (sscanf(line, "burst %u", &self.burst) == 1) {
		puts("ok");
	} else if (sscanf(line, "still %u", &self.still) == 1) {
		puts("ok");
	} else if (strcmp(line, "gap") == 0) {
		printf("%lld\n", (long long)(self.gap / 1000000));
		self.gap = 0;
	} else if (strcmp(line, "acked") == 0) {
		printf("%u\n", atomic_load(&self.acked));
	} else if (strcmp(line, "command") == 0) {
		print_command();
	} else if (strcmp(line, "quit") == 0) {
		puts("ok");
		return false;
	} else {
		printf("what is \"%s\"?\n", line);
	}
	return true;
}

static void
change_something(void)
{
	struct mono now = mono_now();
	int64_t gap = mono_diff_ns(now, self.last);

	if (self.last.ns != 0 && gap > self.gap)
		self.gap = gap;
	self.last = now;
	if (self.plan->nchecks == 0 || self.still != 0)
		return;
	for (unsigned i = 0; i < self.burst; i++) {
		self.next_row = (self.next_row + 1) % self.plan->nchecks;
		write_row(self.next_row);
	}
	feed_flush(self.feed);
}

/* Takes lines from standard input as they come; returns at "quit" or at its end. */
static void
run(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	char buf[512];
	size_t len = 0;

	for (;;) {
		char *end;
		ssize_t n = 0;

		change_something();
		if (poll(&in, 1, WRITE_MS) == 1) {
			n = read(STDIN_FILENO, buf + len, sizeof(buf) - len - 1);
			if (n <= 0)
				return;
		}
		len += (size_t)n;
		buf[len] = '\0';
		while ((end = strchr(buf, '\n')) != NULL) {
			*end = '\0';
			if (!obey(buf))
				return;
			len -= (size_t)(end + 1 - buf);
			memmove(buf, end + 1, len + 1);
		}
	}
}

static struct fixture_size
options(int argc, char **argv, struct subagent_config *conf)
{
	struct fixture_size size = { 3, 12, 5, 7 };
	int c;

	while ((c = getopt(argc, argv, "x:r:c:n:q:d:wf")) != -1) {
		switch (c) {
		case 'x':
			conf->agentx = optarg;
			break;
		case 'r':
			conf->mib_root = optarg;
			break;
		case 'c':
			conf->context = optarg;
			break;
		case 'n': /* about so many rows */
			size = (struct fixture_size){ 1, 1, 1, 0 };
			size.services = (uint32_t)atoi(optarg);
			while (size.services > 1000) {
				size.services /= 10;
				size.hosts *= 10;
			}
			break;
		case 'q':
			self.queue = (size_t)atoi(optarg);
			break;
		case 'd':
			log_debug_tokens(optarg);
			break;
		case 'w':
			conf->allow_set = true;
			break;
		case 'f':
			conf->fast_path = true;
			break;
		default:
			exit(2);
		}
	}
	return size;
}

int
main(int argc, char **argv)
{
	struct subagent_config conf = { .agentx = "/var/agentx/master",
		.mib_root = "",
		.context = "",
		.notify_rate = 0,
		.notify_burst = 1,
		.event_history = 1000 };
	struct fixture_size size;

	setvbuf(stdout, NULL, _IOLBF, 0);
	log_open("agent_fixture", true);
	size = options(argc, argv, &conf);
	self.feed = feed_new();
	self.outbox = outbox_new(self.queue);
	outbox_on_done(self.outbox, on_done, NULL);
	self.agent = subagent_start(&conf, self.feed, self.outbox);
	if (self.agent == NULL) {
		perror("subagent_start");
		return 1;
	}
	write_plan(&size);
	puts("ready");
	run();
	subagent_stop(self.agent);
	outbox_free(self.outbox);
	feed_free(self.feed);
	plan_unref(self.plan);
	return 0;
}
