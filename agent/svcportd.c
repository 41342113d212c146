/* svcportd(8): the watching thread, and what starts and stops the other two. */

#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "plan/load.h"
#include "base/diag.h"
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
#include "subagent.h"

#define EXIT_RUNTIME 1
#define EXIT_CONFIG  2

struct options {
	char *file; /* absolute, since a daemon leaves the directory; owned */
	const char *agentx;
	const char *user;
	bool foreground;
	bool test;
};

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

static void
usage(FILE *to)
{
	fputs("usage: svcportd [-ftV] [-c FILE] [-x AGENTX-ADDRESS] [-u USER] [-d "
	      "TOKENS]\n"
	      "\n"
	      "  -c FILE     site file [" LOAD_DEFAULT_FILE "]\n"
	      "  -f          stay in the foreground, log to stderr\n"
	      "  -t          test the configuration and exit\n"
	      "  -x ADDRESS  snmpd's AgentX socket, instead of agentx-socket in the "
	      "file\n"
	      "  -u USER     user to run as when started by root [" SVCPORT_USER "]\n"
	      "  -d TOKENS   debug lines of these modules, or \"all\"\n"
	      "  -V          print the version and exit\n",
	    to);
}

/* Returns -1 to go on, else the exit status. */
static int
parse_options(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt(argc, argv, "c:fhtx:u:d:V")) != -1) {
		switch (c) {
		case 'c':
			free(o->file);
			o->file = realpath(optarg, NULL);
			if (o->file == NULL) /* the reader will say so */
				o->file = mem_strdup(optarg);
			break;
		case 'f':
			o->foreground = true;
			break;
		case 't':
			o->test = true;
			break;
		case 'x':
			o->agentx = optarg;
			break;
		case 'u':
			o->user = optarg;
			break;
		case 'd':
			log_debug_tokens(optarg);
			break;
		case 'V':
			puts("svcportd " SVCPORT_VERSION);
			return 0;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return EXIT_CONFIG;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "svcportd: unexpected argument \"%s\"\n", argv[optind]);
		usage(stderr);
		return EXIT_CONFIG;
	}
	return -1;
}

/* Never root: what it needs it can do as anybody. */
static int
drop_root(const char *user)
{
	const struct passwd *pw;

	if (geteuid() != 0)
		return 0;
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

/* ---- reload */

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
	    old->allow_set != new->allow_set || old->fast_path != new->fast_path ||
	    old->notify_queue != new->notify_queue ||
	    old->event_history != new->event_history)
		log_warn("conf",
		    "state-dir, agentx-socket, mib-root, context, allow-set, "
		    "fast-path, notify-queue or event-history changed: restart "
		    "svcportd for that");
}

/* All or nothing: what cannot be loaded leaves everything as it was. */
static void
reload(struct daemon *d)
{
	struct host_numbers numbers = hostnumbers_of(d->numbers);
	struct load_request request = { .file = d->options.file, .numbers = &numbers };
	struct diag *diag = diag_new();
	struct plan *plan = load_plan(&request, diag);
	enum config_status status = CONFIG_OK;
	char first[256];

	load_log(diag, first, sizeof(first));
	if (plan == NULL) {
		log_error("conf", "not loaded; the configuration before stays in use");
		monitor_config_status(d->monitor, CONFIG_FAILED, first);
	} else {
		if (diag_count(diag) > 0)
			status = CONFIG_WARNINGS;
		warn_restart(d->plan->site, plan->site);
		subagent_set_rate(d->subagent, (uint32_t)plan->site->notify_rate,
		    (uint32_t)plan->site->notify_burst);
		monitor_set_plan(d->monitor, plan);
		monitor_config_status(d->monitor, status, first);
		log_info("conf", "loaded: %u checks on %u hosts", plan->nchecks,
		    plan->nhosts);
		plan_unref(d->plan);
		d->plan = plan;
	}
	diag_free(diag);
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

/* The numbers of hosts are known only when the journal is open, hence the second load:
 * the first one has shown that the files are right. */
static int
plan_with_numbers(struct daemon *d)
{
	struct host_numbers numbers = hostnumbers_of(d->numbers);
	struct load_request request = { .file = d->options.file, .numbers = &numbers };
	struct diag *diag = diag_new();
	char first[256];

	plan_unref(d->plan);
	d->plan = load_plan(&request, diag);
	load_log(diag, first, sizeof(first));
	diag_free(diag);
	return d->plan != NULL ? 0 : -1;
}

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

	outbox_on_acked(d->outbox, journal_acked, d->journal);
	d->subagent = subagent_start(&sc, d->feed, d->outbox);
	if (d->subagent == NULL) {
		log_error(
		    "svcportd", "the SNMP side does not start: %s", strerror(errno));
		return -1;
	}
	errno = journal_start(d->journal);
	if (errno != 0) {
		log_error("svcportd", "no thread for the journal: %s", strerror(errno));
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
	jc.outbox = d->outbox;
	d->journal = journal_open(&jc, &mc.next_seq, &mc.next_alarm);
	d->numbers = hostnumbers_new(d->journal);
	if (plan_with_numbers(d) != 0)
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

int
main(int argc, char **argv)
{
	struct daemon d = { .options = { .user = SVCPORT_USER } };
	int status = parse_options(argc, argv, &d.options);

	if (status >= 0)
		return status;
	log_open("svcportd", d.options.foreground || d.options.test);
	d.plan = load_first(&d.options);
	if (d.plan == NULL)
		return EXIT_CONFIG;
	if (d.options.test) {
		printf("%u checks on %u hosts\n", d.plan->nchecks, d.plan->nhosts);
		plan_unref(d.plan);
		return 0;
	}
	if (drop_root(d.options.user) != 0)
		return EXIT_RUNTIME;
	if (!d.options.foreground && daemon(0, 0) != 0) {
		log_error("svcportd", "daemon: %s", strerror(errno));
		return EXIT_RUNTIME;
	}
	status = EXIT_RUNTIME;
	if (sandbox_enter() != 0)
		log_warn("svcportd", "no system call filter: %s", strerror(errno));
	if (start(&d) == 0) {
		log_info("svcportd", SVCPORT_VERSION " watches %u checks on %u hosts",
		    d.plan->nchecks, d.plan->nhosts);
		sdnotify("READY=1");
		status = loop_run(d.loop) == 0 ? 0 : EXIT_RUNTIME;
	}
	stop(&d);
	free(d.options.file);
	return status;
}
