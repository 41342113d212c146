/*
 * What watching costs: looks at few and at very many sockets, idle watching at the
 * default intervals, watching while connections come and go, and the time from close(2)
 * to the report.  Runs in a network namespace of its own.
 *
 * "bench_listen crowd N M" holds N listeners and M connected sockets until it is
 * killed.
 *
 * One line a figure, as tests/bench/lib.sh says.  BENCH_QUICK=1 makes it short.  Exits
 * 1 when any figure is short, 77 when it cannot run here.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "crowd.h"
#include "figure.h"
#include "listen/listen.h"
#include "listen/sockhint.h"
#include "listen/socksource.h"

#define MS(ns)          ((double)(ns) / 1e6)
#define PERCENT(cpu, t) (100.0 * (double)(cpu) / (double)(t))

/* ---- cost of one look */

static double
look_ms(struct socksource *s, const struct portset *tcp, const struct portset *udp)
{
	double ms[200];
	size_t n = figure_quick() ? 21 : 201;
	struct socklist list = { 0 };

	if (n > 200)
		n = 200;
	for (size_t i = 0; i < n; i++) {
		int64_t t = crowd_clock_ns(CLOCK_PROCESS_CPUTIME_ID);

		if (socksource_read(s, PROTO_TCP, tcp, &list) == -1 ||
		    socksource_read(s, PROTO_UDP, udp, &list) == -1)
			crowd_die("look");
		ms[i] = MS(crowd_clock_ns(CLOCK_PROCESS_CPUTIME_ID) - t);
	}
	socklist_clear(&list);
	return figure_median(ms, n);
}

static void
looks(const char *situation, double watched_limit, double full_limit)
{
	struct socksource *s = socksource_new(false);
	struct portset tcp = { 0 };
	struct portset udp = { 0 };
	char name[64];

	portset_add(&tcp, CROWD_FIRST_PORT, CROWD_FIRST_PORT + 9);
	portset_add(&udp, CROWD_UDP_PORT, CROWD_UDP_PORT);
	snprintf(name, sizeof(name), "listen-look-watched-%s", situation);
	figure_at_most(name, look_ms(s, &tcp, &udp), "ms", watched_limit);
	snprintf(name, sizeof(name), "listen-look-full-%s", situation);
	figure_at_most(name, look_ms(s, NULL, NULL), "ms", full_limit);
	portset_clear(&tcp);
	portset_clear(&udp);
	socksource_free(s);
}

/* ---- a watcher at the default intervals */

struct rig {
	struct loop *loop;
	struct listen *w;
	struct portset tcp, udp;
	unsigned reports;
	int64_t
	    closed_at; /* when the report without CROWD_TIMED_PORT came; 0: not yet */
};

static void
on_report(void *arg, const struct listen_report *report)
{
	struct rig *r = arg;
	const struct listener_table *t = report->table;
	uint32_t i;

	r->reports++;
	if (report->scan != LISTEN_SCAN_WATCHED)
		return;
	i = listeners_find(t, PROTO_TCP, CROWD_TIMED_PORT);
	if ((i == t->n || t->v[i].port != CROWD_TIMED_PORT) && r->closed_at == 0)
		r->closed_at = crowd_clock_ns(CLOCK_MONOTONIC);
}

static void
rig_start(struct rig *r, uint32_t farm_ports)
{
	struct listen_config config = {
		.interval_ms = 1000, .full_ms = 10000, .udp_age_ms = 60000
	};

	*r = (struct rig){ .loop = loop_new() };
	r->w = listen_new(r->loop, &config, on_report, r);
	portset_add(&r->tcp, CROWD_CHURN_PORT, CROWD_CLOSED_PORT);
	portset_add(&r->tcp, CROWD_TIMED_PORT, CROWD_TIMED_PORT);
	for (uint32_t i = 0; i < farm_ports; i++) {
		/* Every other port: as many ranges as ports. */
		uint16_t port = (uint16_t)(CROWD_FIRST_PORT + 2 * i);

		portset_add(&r->tcp, port, port);
	}
	portset_add(&r->udp, CROWD_UDP_PORT, CROWD_UDP_PORT);
	listen_set_ports(r->w, &r->tcp, &r->udp);
}

static void
rig_stop(struct rig *r)
{
	listen_free(r->w);
	loop_free(r->loop);
	portset_clear(&r->tcp);
	portset_clear(&r->udp);
}

/* Runs the watcher for so long; returns its CPU time in percent of one core. */
static double
run(struct rig *r, int64_t ms)
{
	struct mono end = mono_add_ms(mono_now(), ms);
	int64_t cpu = crowd_clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	int64_t wall = crowd_clock_ns(CLOCK_MONOTONIC);

	for (;;) {
		int64_t rest = mono_diff_ms(end, mono_now());

		if (rest <= 0)
			break;
		if (loop_turn(r->loop, (int)rest) == -1)
			crowd_die("loop");
	}
	return PERCENT(crowd_clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu,
	    crowd_clock_ns(CLOCK_MONOTONIC) - wall);
}

static void
idle(const char *name, double limit)
{
	struct rig r;

	rig_start(&r, 10);
	run(&r, 500); /* the looks at the start */
	figure_at_most(name, run(&r, figure_quick() ? 3000 : 40000), "%", limit);
	rig_stop(&r);
}

/* ---- from close(2) to the report */

static double
close_once(struct rig *r, struct crowd_timed *timed)
{
	struct mono end = mono_add_ms(mono_now(), 5000);
	unsigned reports;
	int64_t at;

	crowd_timed_open(timed);
	listen_rescan(r->w);
	for (reports = r->reports; r->reports < reports + 2;)
		(void)loop_turn(r->loop, 100);
	/* Away from the start of a second, so that no regular look helps. */
	run(r, 100 + rand() % 300);
	r->closed_at = 0;
	crowd_timed_close(timed);
	while (r->closed_at == 0 && mono_before(mono_now(), end))
		(void)loop_turn(r->loop, 1000);
	at = crowd_timed_closed(timed);
	return r->closed_at != 0 ? MS(r->closed_at - at) : 5000;
}

static void
latency(const char *situation, uint32_t farm_ports, double limit)
{
	struct crowd_timed timed = crowd_timed_start();
	double ms[20];
	size_t n = figure_quick() ? 3 : 20;
	struct rig r;
	char name[64];

	rig_start(&r, farm_ports);
	for (size_t i = 0; i < n; i++)
		ms[i] = close_once(&r, &timed);
	snprintf(name, sizeof(name), "listen-close-%s", situation);
	figure_at_most(name, figure_median(ms, n), "ms", limit);
	snprintf(name, sizeof(name), "listen-close-%s-worst", situation);
	figure_at_most(name, ms[n - 1], "ms", 100);
	rig_stop(&r);
	crowd_timed_stop(&timed);
}

/* ---- churn */

/* CPU time of whom watching costs something, and what was done meanwhile. */
struct reading {
	int64_t wall, watcher, workers, generator;
	uint64_t done;
};

static struct reading
read_all(const struct crowd_churn *c)
{
	return (struct reading){ .wall = crowd_clock_ns(CLOCK_MONOTONIC),
		.watcher = crowd_clock_ns(CLOCK_PROCESS_CPUTIME_ID),
		.workers = crowd_workers_ns(),
		.generator = crowd_churn_ns(c),
		.done = *c->done };
}

/* In percent of a core, the generator's in ns for one of what it does. */
struct cost {
	double watcher, workers, once;
};

static struct cost
difference(const struct reading *a, const struct reading *b)
{
	double wall = (double)(b->wall - a->wall);

	return (struct cost){ PERCENT(b->watcher - a->watcher, wall),
		PERCENT(b->workers - a->workers, wall),
		(double)(b->generator - a->generator) / (double)(b->done - a->done) };
}

#define TRIES      15 /* rounds at most, of which a few must count */
#define SETTLE_MS  (figure_quick() ? 2000 : 5000)
#define OTHERS_MAX 1.0 /* percent of a core that workers may use without a watcher */

static void
tell_round(const struct crowd_churn *c, const struct cost *without,
    const struct cost *with, double in_passing, const struct listen_stats *stats)
{
	printf(
	    "# %s: %% of a core: the watcher %.3f, kernel workers %.2f (%.2f without), "
	    "where sockets end %.2f; %s\n",
	    c->name, with->watcher, with->workers - without->workers, without->workers,
	    in_passing, stats->rests ? "at rest" : "with events");
	fflush(stdout);
}

/*
 * So long without a watcher, and so long with one that has had time to see what is
 * going on.  False when the round says nothing: somebody else listens to such events,
 * in whatever namespace, so that the kernel makes them anyway.
 */
static bool
churn_round(const struct crowd_churn *c, double *percent, uint64_t *lost)
{
	int64_t ms = figure_quick() ? 1500 : SOCKHINT_REST_MS + 1500;
	struct reading begin = read_all(c), end;
	struct cost without, with;
	struct listen_stats stats;
	struct rig r;
	double in_passing;

	usleep((useconds_t)(ms / 2 * 1000));
	end = read_all(c);
	without = difference(&begin, &end);
	rig_start(&r, 10);
	run(&r, SETTLE_MS);
	begin = read_all(c);
	run(&r, ms);
	end = read_all(c);
	with = difference(&begin, &end);
	stats = listen_stats(r.w);
	rig_stop(&r);
	in_passing = (with.once - without.once) * CROWD_CHURN_RATE / 1e7;
	tell_round(c, &without, &with, in_passing, &stats);
	*lost += stats.overflows;
	*percent = with.watcher + with.workers - without.workers + in_passing;
	return without.workers < OTHERS_MAX;
}

static void
churn_costs(const struct crowd_churn *c, uint64_t *lost)
{
	size_t wanted = figure_quick() ? 3 : 5;
	double percent[TRIES];
	size_t n = 0;
	char name[64];

	for (size_t i = 0; i < (figure_quick() ? 3 : TRIES) && n < wanted; i++)
		n += churn_round(c, &percent[n], lost);
	snprintf(name, sizeof(name), "listen-churn-%s", c->name);
	if (n > 0)
		figure_at_most(name, figure_median(percent, n), "%", 2);
	else
		printf(
		    "# %s: not measured: others listen to destroyed sockets\n", name);
}

/* While sockets come and go. */
static void
churn_closes(const struct crowd_churn *c, uint64_t *lost)
{
	struct crowd_timed timed = crowd_timed_start();
	size_t n = figure_quick() ? 2 : 20;
	double ms[20];
	struct rig r;
	char name[64];

	rig_start(&r, 10);
	run(&r, SETTLE_MS);
	for (size_t i = 0; i < n; i++)
		ms[i] = close_once(&r, &timed);
	*lost += listen_stats(r.w).overflows;
	rig_stop(&r);
	snprintf(name, sizeof(name), "listen-churn-%s-close", c->name);
	figure_told(name, figure_median(ms, n), "ms");
	snprintf(name, sizeof(name), "listen-churn-%s-close-worst", c->name);
	figure_at_most(name, ms[n - 1], "ms", 1000);
	crowd_timed_stop(&timed);
}

static void
churn_one(enum crowd_kind kind)
{
	struct crowd_churn c = crowd_churn_start(kind);
	uint64_t lost = 0;
	char name[64];

	churn_costs(&c, &lost);
	churn_closes(&c, &lost);
	snprintf(name, sizeof(name), "listen-churn-%s-lost", c.name);
	figure_at_most(name, (double)lost, "overflows", 0);
	crowd_churn_stop(&c);
}

/* ---- all together */

/* For tests/bench/daemon: what there is to see, until killed. */
static void
crowd(const char *listeners, const char *connections)
{
	crowd_listeners((uint32_t)strtoul(listeners, NULL, 10));
	crowd_connections((uint32_t)strtoul(connections, NULL, 10));
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

int
main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "crowd") == 0)
		crowd(argv[2], argv[3]);
	crowd_namespace();
	crowd_listeners(10);
	looks("10", 0.5, 0.5);
	idle("listen-idle-10", 0.05);
	latency("10", 10, 0.5);
	for (unsigned kind = 0; kind < (figure_quick() ? 1 : CROWD_KINDS); kind++)
		churn_one((enum crowd_kind)kind);
	crowd_clear();
	crowd_listeners(2000);
	latency("1000", 1000, 1);
	crowd_clear();
	crowd_listeners(10000);
	crowd_connections(20000);
	looks("10000", 3, 30);
	idle("listen-idle-10000", 0.3);
	latency("10-of-10000", 10, 3);
	crowd_clear();
	return figure_any_short() ? 1 : 0;
}
