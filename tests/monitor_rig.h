#ifndef SVCPORT_TESTS_MONITOR_RIG_H
#define SVCPORT_TESTS_MONITOR_RIG_H

/* A monitor on real loopback sockets, a real journal and feed, with one listener. */

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "journal/journal.h"
#include "journal/outbox.h"
#include "monitor/monitor.h"
#include "publish/feed.h"
#include "publish/store.h"

#define MONITOR_RIG_S 20 /* that anything may take */

struct monitor_rig {
	char dir[64];
	struct loop *loop;
	struct feed *feed;
	struct store store;
	struct outbox *outbox;
	struct journal *journal;
	struct monitor *monitor;
	struct event events[64];
	uint32_t nevents;
	int listener; /* -1 while closed */
	uint16_t port;
};

/* For cmocka_unit_test_setup_teardown(). */
int monitor_rig_setup(void **state);
int monitor_rig_teardown(void **state);

/* Begins to watch the plan, of which it takes over the caller's reference; a second
 * time after monitor_rig_unwatch() with the journal of the first. */
void monitor_rig_watch(struct monitor_rig *r, struct plan *plan);
void monitor_rig_unwatch(struct monitor_rig *r);

/* A listener on loopback; *port 0 is any. */
int monitor_rig_listen(uint16_t *port);
/* The same on this one; -1 when somebody else has it. */
int monitor_rig_listen_on(uint16_t port);

/* One turn of the loop; then takes over what the monitor handed out. */
void monitor_rig_turn(struct monitor_rig *r);

bool monitor_rig_verdict_is(const struct monitor_rig *r, enum verdict v);

/* Turns the loop until the condition holds; the sockets' own interval is a second. */
#define MONITOR_RIG_UNTIL(r, condition)                                   \
	do {                                                              \
		struct mono end_ = mono_add_s(mono_now(), MONITOR_RIG_S); \
		while (!(condition)) {                                    \
			assert_true(mono_before(mono_now(), end_));       \
			monitor_rig_turn(r);                              \
		}                                                         \
	} while (0)

#endif
