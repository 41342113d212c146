#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>

#include "subagent.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "journal/eventlog.h"
#include "fastpath.h"
#include "publish/feed.h"
#include "handler.h"
#include "base/log.h"
#include "base/mem.h"
#include "mibview.h"
#include "notify.h"
#include "base/oidtext.h"
#include "journal/outbox.h"
#include "session.h"
#include "settx.h"
#include "publish/store.h"
#include "transport.h"
#include "waiter.h"

#define EPOCH_DRIFT_MS 2000
#define RESPONSE_MAX   65536 /* of the fast path; a larger one is the library's */

struct subagent {
	pthread_t thread;
	int stop; /* eventfd */
	struct feed *feed;
	struct outbox *outbox;
	char address[128]; /* the library's form */
	char *context;
	uint32_t root[OIDTEXT_MAX];
	size_t root_len;
	bool allow_set;
	uint32_t event_history;
	_Atomic bool connected, fast_path;
	_Atomic uint64_t rate; /* rate << 32 | burst, as subagent_set_rate() left it */
	/* the thread's own */
	uint64_t rate_used;
	struct store store;
	struct eventlog *events;
	struct mibview view;
	struct notify *notify;
	struct settx *set; /* NULL: nothing can be set */
	struct fastpath fast;
	uint8_t response[RESPONSE_MAX];
	bool started; /* the library was initialised: there is a plan */
	bool new_session;
	struct session_events callbacks;
};

static uint64_t
pack_rate(uint32_t rate, uint32_t burst)
{
	return (uint64_t)rate << 32 | burst;
}

static void
on_up(void *arg, struct snmp_session *session, uint32_t generation)
{
	struct subagent *s = arg;

	log_debug("agentx", "session %u", generation);
	s->new_session = true;
	s->fast.session = (uint32_t)session->sessid;
	notify_up(s->notify, session);
	atomic_store(&s->connected, true);
}

static void
on_down(void *arg)
{
	struct subagent *s = arg;

	notify_down(s->notify);
	if (s->set != NULL)
		settx_begin(s->set, -1);
	atomic_store(&s->connected, false);
}

/*
 * The clock of the requests to come.  When the master's sysUpTime was zero is worked
 * out once a session, so that a TimeStamp does not waver by a centisecond between two
 * reads and look like a change; again when the clocks have parted (the system slept).
 */
static void
set_clock(void *arg)
{
	struct subagent *s = arg;
	struct mono now = mono_now(), epoch;
	int64_t drift;

	epoch = mono_add_ms(now, -(int64_t)netsnmp_get_agent_uptime() * 10);
	drift = mono_diff_ms(epoch, s->view.epoch);
	if (s->new_session || drift > EPOCH_DRIFT_MS || drift < -EPOCH_DRIFT_MS)
		s->view.epoch = epoch;
	s->new_session = false;
	s->view.now = now;
	s->view.wall = wall_now();
}

/* The transport's filter.  A response that cannot be sent is lost, as the library's
 * would be: the master asks again. */
static bool
answer_fast(void *arg, const uint8_t *pdu, size_t len)
{
	struct subagent *s = arg;
	size_t n;

	if (!atomic_load_explicit(&s->fast_path, memory_order_relaxed) ||
	    !atomic_load_explicit(&s->connected, memory_order_relaxed))
		return false;
	set_clock(s);
	n = fastpath_answer(&s->fast, pdu, len, s->response, sizeof(s->response));
	if (n == 0)
		return false;
	if (transport_send(s->response, n) == -1)
		log_debug("agentx", "a response of %zu octets was not sent", n);
	return true;
}

/* The library is started with the first plan: a manager never sees the tables empty
 * only because the agent has just begun. */
static void
start_library(struct subagent *s)
{
	const struct handler_config handler = { .view = &s->view,
		.set = s->set,
		.context = s->context,
		.before = set_clock,
		.arg = s };

	s->fast.view = &s->view;
	s->fast.context = s->context;
	transport_set_filter(answer_fast, s);
	s->callbacks = (struct session_events){ on_up, on_down, s };
	session_init(s->address, &s->callbacks);
	handler_register(&handler);
	s->started = true;
	session_start();
}

static void
take_rate(struct subagent *s, struct mono now)
{
	uint64_t rate = atomic_load(&s->rate);

	if (rate == s->rate_used)
		return;
	s->rate_used = rate;
	notify_set_rate(s->notify, (uint32_t)(rate >> 32), (uint32_t)rate, now);
}

/* Of two waits in milliseconds, of which -1 is none. */
static int64_t
earlier(int64_t a, int64_t b)
{
	if (a < 0 || (b >= 0 && b < a))
		return b;
	return a;
}

static void
run(struct subagent *s)
{
	const int own[WAITER_OWN] = { s->stop, feed_fd(s->feed), outbox_fd(s->outbox) };
	struct waiter w;
	int64_t wait = -1;

	waiter_init(&w, own);
	for (;;) {
		struct mono now;

		waiter_wait(&w, s->started, atomic_load(&s->fast_path), wait);
		if (waiter_readable(&w, s->stop))
			break;
		now = mono_now();
		if (feed_drain(s->feed, &s->store, now) && s->store.plan != NULL) {
			mibview_refresh(&s->view);
			if (!s->started)
				start_library(s);
		}
		take_rate(s, now);
		wait = s->started ? session_work(&w.readable, now) : -1;
		wait = earlier(wait, notify_run(s->notify, mono_now()));
		if (s->store.plan != NULL)
			mibview_refresh(&s->view);
	}
	waiter_clear(&w);
}

static void *
thread_main(void *arg)
{
	struct subagent *s = arg;
	struct notify_config notify = { .outbox = s->outbox,
		.root = s->root,
		.root_len = s->root_len,
		.context = s->context };

	store_init(&s->store);
	s->events = eventlog_new(s->event_history);
	mibview_init(&s->view, &s->store, s->events, s->root, s->root_len);
	s->view.start = mono_now();
	notify.log = s->events;
	s->rate_used = atomic_load(&s->rate);
	notify.rate = (uint32_t)(s->rate_used >> 32);
	notify.burst = (uint32_t)s->rate_used;
	s->notify = notify_new(&notify, s->view.start);
	if (s->allow_set)
		s->set = settx_new(&s->view, s->feed);
	run(s);
	if (s->started)
		session_end();
	atomic_store(&s->connected, false);
	settx_free(s->set);
	notify_free(s->notify);
	mibview_clear(&s->view);
	eventlog_free(s->events);
	store_clear(&s->store);
	return NULL;
}

static void
discard(struct subagent *s)
{
	if (s->stop != -1)
		close(s->stop);
	free(s->context);
	free(s);
}

/* All signals are the main thread's. */
static int
create_thread(struct subagent *s)
{
	sigset_t all, old;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	error = pthread_create(&s->thread, NULL, thread_main, s);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return error;
}

static bool
take_config(struct subagent *s, const struct subagent_config *c)
{
	const char *root = c->mib_root[0] != '\0' ? c->mib_root : SVCPORT_MIB_ROOT;

	if (!transport_address(c->agentx, s->address, sizeof(s->address))) {
		log_error("agentx",
		    "%s: not an AgentX address: use /PATH or tcp:ADDRESS:PORT",
		    c->agentx);
		return false;
	}
	if (!oidtext_parse(root, s->root, &s->root_len)) {
		log_error(
		    "agentx", "%s: not an OID for the MIB: use dotted numbers", root);
		return false;
	}
	if (strncmp(s->address, "axtcp:", 6) == 0)
		log_warn("agentx",
		    "%s: AgentX over TCP has no authentication: whoever reaches the "
		    "port controls the agent",
		    c->agentx);
	s->context = mem_strdup(c->context);
	s->allow_set = c->allow_set;
	atomic_store(&s->fast_path, c->fast_path);
	s->event_history = c->event_history;
	atomic_store(&s->rate, pack_rate(c->notify_rate, c->notify_burst));
	return true;
}

struct subagent *
subagent_start(
    const struct subagent_config *config, struct feed *feed, struct outbox *outbox)
{
	struct subagent *s = mem_new(struct subagent);
	int error = EINVAL;

	s->feed = feed;
	s->outbox = outbox;
	s->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->stop == -1 || transport_init() == -1) {
		error = errno;
		goto fail;
	}
	if (!take_config(s, config))
		goto fail;
	session_environment();
	signal(SIGPIPE, SIG_IGN);
	error = create_thread(s);
	if (error != 0)
		goto fail;
	return s;
fail:
	discard(s);
	errno = error;
	return NULL;
}

void
subagent_set_rate(struct subagent *s, uint32_t rate, uint32_t burst)
{
	atomic_store(&s->rate, pack_rate(rate, burst));
}

void
subagent_set_fast_path(struct subagent *s, bool on)
{
	atomic_store(&s->fast_path, on);
}

bool
subagent_connected(const struct subagent *s)
{
	return atomic_load(&s->connected);
}

void
subagent_stop(struct subagent *s)
{
	if (s == NULL)
		return;
	eventfd_write(s->stop, 1);
	pthread_join(s->thread, NULL);
	discard(s);
}
