#include "monitor_rig.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "plan/plan.h"

int
monitor_rig_listen_on(uint16_t port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == 0 && listen(fd, 8) == 0)
		return fd;
	close(fd);
	return -1;
}

int
monitor_rig_listen(uint16_t *port)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);
	int fd = monitor_rig_listen_on(*port);

	assert_true(fd >= 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	*port = ntohs(sin.sin_port);
	return fd;
}

void
monitor_rig_watch(struct monitor_rig *r, struct plan *plan)
{
	struct journal_config jc = { r->dir, 100, 50, NULL };
	struct monitor_config mc = { .loop = r->loop, .feed = r->feed };

	r->outbox = outbox_new(200);
	jc.outbox = r->outbox;
	r->journal = journal_open(&jc, &mc.next_seq, &mc.next_alarm);
	mc.journal = r->journal;
	assert_int_equal(journal_start(r->journal), 0);
	r->monitor = monitor_new(&mc, plan);
	assert_non_null(r->monitor);
	plan_unref(plan);
}

void
monitor_rig_unwatch(struct monitor_rig *r)
{
	monitor_free(r->monitor);
	journal_stop(r->journal);
	outbox_free(r->outbox);
	r->monitor = NULL;
	r->journal = NULL;
	r->outbox = NULL;
}

int
monitor_rig_setup(void **state)
{
	struct monitor_rig *r = mem_new(struct monitor_rig);

	snprintf(r->dir, sizeof(r->dir), "/tmp/svcport-monitor.XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	r->loop = loop_new();
	r->feed = feed_new();
	store_init(&r->store);
	r->listener = monitor_rig_listen(&r->port);
	*state = r;
	return 0;
}

int
monitor_rig_teardown(void **state)
{
	static const char *const names[] = { "state", "events", "acked" };
	struct monitor_rig *r = *state;
	char path[128];

	monitor_rig_unwatch(r);
	store_clear(&r->store);
	feed_free(r->feed);
	loop_free(r->loop);
	if (r->listener >= 0)
		close(r->listener);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", r->dir, names[i]);
		unlink(path);
	}
	rmdir(r->dir);
	free(r);
	return 0;
}

static void
take_events(struct monitor_rig *r)
{
	while (r->nevents < 64 && outbox_arrived(r->outbox, &r->events[r->nevents]))
		r->nevents++;
}

void
monitor_rig_turn(struct monitor_rig *r)
{
	assert_int_equal(loop_turn(r->loop, 50), 0);
	feed_drain(r->feed, &r->store, mono_now());
	take_events(r);
}

bool
monitor_rig_verdict_is(const struct monitor_rig *r, enum verdict v)
{
	return r->store.plan != NULL && r->store.rows[0].verdict == v;
}
