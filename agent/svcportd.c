/* svcportd(8): the watching thread, and what starts and stops the other two. */

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "plan/load.h"
#include "background.h"
#include "base/diag.h"
#include "base/fdlimit.h"
#include "publish/feed.h"
#include "monitor/hostnumbers.h"
#include "journal/journal.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/mem.h"
#include "monitor/monitor.h"
#include "journal/outbox.h"
#include "base/sandbox.h"
#include "base/sdnotify.h"
#include "base/stdfds.h"
#include "options.h"
#include "subagent.h"

#define EXIT_RUNTIME 1
#define FDS_LEAST    128 /* half of them for probes, see monitor.c */

struct daemon {
	struct options options;
	struct loop *loop;
	struct outbox *outbox;
	struct journal *journal;
	struct hostnumbers *numbers;
	struct feed *feed;
	struct plan *plan;
	struct monitor *monitor;
	struct subagent *subagent;
	struct loop_fd *signals;
	struct loop_timer *watchdog;
	int signal_fd;
};

/* Never root: what it needs it can do as anybody. */
static int
drop_root(const char *user)
{
	const struct passwd *pw;

	errno = 0;
	pw = getpwnam(user);
	if (pw == NULL || pw->pw_uid == 0) {
		log_error("svcportd",
		    "started by root, and there is no unprivileged user "
		    "\"%s\" to become: create it, or name one with -u",
		    user);
		return -1;
	}
	if (initgroups(pw->pw_name, pw->pw_gid) != 0 || setgid(pw->pw_gid) != 0 ||
	    setuid(pw->pw_uid) != 0) {
		log_error("svcportd", "cannot become %s: %s", user, strerror(errno));
		return -1;
	}
	return 0;
}

/* Files are read as the user who will read them at a reload.  Before that user exists,
 * -t tests them all the same. */
static bool
must_drop(const struct options *o)
{
	return geteuid() == 0 && !(o->test && getpwnam(o->user) == NULL);
}

/* -t, and the first look at the files before anything is started. */
static struct plan *
load_first(const struct options *o)
{
	struct load_request request = { .file = o->file };
	struct diag *d = diag_new();
	struct plan *plan = load_plan(&request, d);
	char line[1400];

	for (size_t i = 0; i < diag_count(d); i++)
		fprintf(
		    stderr, "%s\n", diag_format(diag_get(d, i), line, sizeof(line)));
	diag_free(d);
	return plan;
}

/* ---- what is in force */

/* Reads the files, with the hosts' numbers that are remembered.  Every message goes to
 * the log; first[256] gets the one that matters most, *status what came of it. */
static struct plan *
load(struct daemon *d, char first[256], enum config_status *status)
{
	struct host_numbers numbers = hostnumbers_of(d->numbers);
	struct load_request request = { .file = d->options.file, .numbers = &numbers };
	struct diag *diag = diag_new();
	struct plan *plan = load_plan(&request, diag);

	load_log(diag, first, 256);
	*status = plan == NULL           ? CONFIG_FAILED
	          : diag_count(diag) > 0 ? CONFIG_WARNINGS
	                                 : CONFIG_OK;
	diag_free(diag);
	return plan;
}

static bool
same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static void
warn_restart(const struct site *old, const struct site *new)
{
	if (!same(old->state_dir, new->state_dir) ||
	    !same(old->agentx_socket, new->agentx_socket) ||
	    !same(old->mib_root, new->mib_root) || !same(old->context, new->context) ||
	    old->allow_set != new->allow_set ||
	    old->notify_queue != new->notify_queue ||
	    old->event_history != new->event_history)
		log_warn("conf",
		    "state-dir, agentx-socket, mib-root, context, allow-set, "
		    "notify-queue or event-history changed: restart svcportd for "
		    "that");
}

/* All or nothing: what cannot be loaded leaves everything as it was. */
static void
reload(struct daemon *d)
{
	enum config_status status;
	char first[256];
	struct plan *plan = load(d, first, &status);

	if (plan == NULL) {
		log_error("conf", "not loaded; the configuration before stays in use");
		monitor_config_status(d->monitor, status, first);
		return;
	}
	warn_restart(d->plan->site, plan->site);
	subagent_set_rate(d->subagent, (uint32_t)plan->site->notify_rate,
	    (uint32_t)plan->site->notify_burst);
	subagent_set_fast_path(d->subagent, plan->site->fast_path);
	monitor_set_plan(d->monitor, plan);
	monitor_config_status(d->monitor, status, first);
	log_info("conf", "loaded: %u checks on %u hosts", plan->nchecks, plan->nhosts);
	plan_unref(d->plan);
	d->plan = plan;
}

/* ---- signals and the watchdog */

static void
on_signal(void *arg, int fd, unsigned events)
{
	struct daemon *d = arg;
	struct signalfd_siginfo si;

	(void)events;
	if (read(fd, &si, sizeof(si)) != sizeof(si))
		return;
	if (si.ssi_signo == SIGHUP) {
		sdnotify("RELOADING=1");
		reload(d);
		sdnotify("READY=1");
	} else {
		log_info("svcportd", "%s: ending", strsignal((int)si.ssi_signo));
		loop_stop(d->loop);
	}
}

static void
on_watchdog(void *arg)
{
	struct daemon *d = arg;

	sdnotify("WATCHDOG=1");
	loop_timer_set(
	    d->watchdog, mono_add_ms(loop_now(d->loop), sdnotify_watchdog_ms()));
}

/* A SIGHUP while it starts is for later, and must not end it. */
static void
hold_reloads(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* Blocked before the first thread starts, so that no thread is interrupted. */
static int
open_signals(struct daemon *d)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	d->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (d->signal_fd < 0)
		return -1;
	d->signals = loop_fd_add(d->loop, d->signal_fd, LOOP_READ, on_signal, d);
	return d->signals != NULL ? 0 : -1;
}

/* ---- start */

static int
start_threads(struct daemon *d)
{
	const struct site *site = d->plan->site;
	struct subagent_config sc = {
		.agentx = d->options.agentx != NULL ? d->options.agentx
		                                    : site->agentx_socket,
		.mib_root = site->mib_root,
		.context = site->context,
		.allow_set = site->allow_set,
		.fast_path = site->fast_path,
		.notify_rate = (uint32_t)site->notify_rate,
		.notify_burst = (uint32_t)site->notify_burst,
		.event_history = (uint32_t)site->event_history,
	};

	outbox_on_done(d->outbox, journal_done, d->journal);
	d->subagent = subagent_start(&sc, d->feed, d->outbox);
	if (d->subagent == NULL) {
		log_error(
		    "svcportd", "cannot start the SNMP thread: %s", strerror(errno));
		return -1;
	}
	errno = journal_start(d->journal);
	if (errno != 0) {
		log_error(
		    "svcportd", "cannot start the journal thread: %s", strerror(errno));
		return -1;
	}
	return 0;
}

static int
start(struct daemon *d)
{
	struct journal_config jc = { 0 };
	struct monitor_config mc = { 0 };
	const struct site *site = d->plan->site;
	enum config_status status;
	char first[256];

	d->loop = loop_new();
	d->feed = feed_new();
	if (d->loop == NULL || d->feed == NULL || open_signals(d) != 0) {
		log_error("svcportd", "cannot start: %s", strerror(errno));
		return -1;
	}
	jc.dir = site->state_dir;
	jc.history = (uint32_t)site->event_history;
	jc.queue = (size_t)site->notify_queue;
	/* Events of an earlier life pass through it as well. */
	d->outbox = outbox_new(jc.queue + jc.history + 1);
	if (d->outbox == NULL) {
		log_error("svcportd", "cannot start: %s", strerror(errno));
		return -1;
	}
	jc.outbox = d->outbox;
	d->journal = journal_open(&jc, &mc.next_seq, &mc.next_alarm);
	if (d->journal == NULL) {
		log_error("svcportd",
		    "%s is in use by another svcportd: end that one, or give this one "
		    "a "
		    "state-dir of its own",
		    jc.dir);
		return -1;
	}
	d->numbers = hostnumbers_new(d->journal);
	/* The hosts' numbers are known only now: the first load has shown that the
	 * files are right. */
	plan_unref(d->plan);
	d->plan = load(d, first, &status);
	if (d->plan == NULL)
		return -1;
	mc.loop = d->loop;
	mc.feed = d->feed;
	mc.journal = d->journal;
	d->monitor = monitor_new(&mc, d->plan);
	if (d->monitor == NULL) {
		log_error("svcportd", "cannot watch: %s", strerror(errno));
		return -1;
	}
	if (start_threads(d) != 0)
		return -1;
	if (sdnotify_watchdog_ms() > 0) {
		d->watchdog = loop_timer_add(d->loop, on_watchdog, d);
		on_watchdog(d);
	}
	return 0;
}

static void
stop(struct daemon *d)
{
	sdnotify("STOPPING=1");
	monitor_free(d->monitor);
	subagent_stop(d->subagent);
	journal_stop(d->journal);
	hostnumbers_free(d->numbers);
	outbox_free(d->outbox);
	feed_free(d->feed);
	plan_unref(d->plan);
	loop_timer_del(d->watchdog);
	loop_fd_del(d->signals);
	if (d->signal_fd > 0)
		close(d->signal_fd);
	loop_free(d->loop);
}

/* With fewer it would start, and then see or tell half of what it should. */
static int
need_descriptors(void)
{
	uint32_t limit = fdlimit_raise(FDS_LEAST);

	if (limit >= FDS_LEAST)
		return 0;
	log_error("svcportd",
	    "%u open files are not enough: it needs %d (ulimit -n, or LimitNOFILE in "
	    "the "
	    "unit)",
	    limit, FDS_LEAST);
	return -1;
}

int
main(int argc, char **argv)
{
	struct daemon d = { .options = { .user = SVCPORT_USER } };
	int status;

	stdfds_open();
	status = options_parse(argc, argv, &d.options);
	if (status >= 0)
		return status;
	log_open("svcportd", d.options.foreground || d.options.test);
	hold_reloads();
	if (must_drop(&d.options) && drop_root(d.options.user) != 0)
		return EXIT_RUNTIME;
	d.plan = load_first(&d.options);
	if (d.plan == NULL)
		return OPTIONS_EXIT_CONFIG;
	if (d.options.test) {
		printf("%u checks on %u hosts\n", d.plan->nchecks, d.plan->nhosts);
		plan_unref(d.plan);
		return 0;
	}
	if (need_descriptors() != 0)
		return EXIT_RUNTIME;
	if (!d.options.foreground && background_enter() != 0) {
		log_error(
		    "svcportd", "cannot go to the background: %s", strerror(errno));
		return EXIT_RUNTIME;
	}
	status = EXIT_RUNTIME;
	if (sandbox_enter() != 0)
		log_warn("svcportd", "no system call filter: %s", strerror(errno));
	if (start(&d) == 0) {
		log_info("svcportd", SVCPORT_VERSION " watches %u checks on %u hosts",
		    d.plan->nchecks, d.plan->nhosts);
		sdnotify("READY=1");
		background_ready();
		status = loop_run(d.loop) == 0 ? 0 : EXIT_RUNTIME;
	}
	stop(&d);
	free(d.options.file);
	return status;
}
