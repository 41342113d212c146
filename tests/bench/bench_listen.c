/*
 * What watching costs: looks at few and at very many sockets, idle watching at the
 * default intervals, watching while connections come and go, and the time from close(2)
 * to the report.  Runs in a network namespace of its own.
 *
 * One line a figure: "figure NAME VALUE UNIT <=|>= LIMIT ok|short".  BENCH_QUICK=1
 * makes it short.  Exits 1 when any figure is short, 77 when it cannot run here.
 */

#include <dirent.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "listen/listen.h"
#include "base/mem.h"
#include "listen/socksource.h"

#define FIRST_PORT      1100 /* of the farm's listeners */
#define CHURN_PORT      900
#define CLOSED_PORT     901
#define UDP_PORT        902
#define LATENCY_PORT    903
#define CHURN_RATE      5000
#define CHILDREN_MAX    64
#define FDS_PER_CHILD   4000
#define MS(ns)          ((double)(ns) / 1e6)
#define PERCENT(cpu, t) (100.0 * (double)(cpu) / (double)(t))

static bool quick;
static bool any_short;
static pid_t children[CHILDREN_MAX];
static size_t nchildren;

static void
figure(const char *name, double value, const char *unit, double limit)
{
	bool ok = value <= limit;

	printf("figure %s %.4g %s <= %g %s\n", name, value, unit, limit,
	    ok ? "ok" : "short");
	fflush(stdout);
	any_short |= !ok;
}

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static int64_t
clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int
compare_double(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare_double);
	return n % 2 != 0 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/* ---- the surroundings: a namespace, and children that hold sockets in it */

static void
enter_namespace(void)
{
	struct ifreq ifr = { .ifr_name = "lo" };
	int fd;

	if (unshare(CLONE_NEWNET) == -1 &&
	    unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1) {
		perror("no network namespace to be had");
		exit(77);
	}
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	ifr.ifr_flags = IFF_UP;
	if (fd == -1 || ioctl(fd, SIOCSIFFLAGS, &ifr) == -1)
		die("lo");
	close(fd);
}

static struct sockaddr_in
loopback(uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
}

static int
open_listener(uint16_t port)
{
	struct sockaddr_in sa = loopback(port);
	int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0 ||
	    bind(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0 || listen(fd, 4096) != 0)
		die("listen");
	return fd;
}

static int
open_udp(uint16_t port)
{
	struct sockaddr_in sa = loopback(port);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd == -1 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0)
		die("udp");
	return fd;
}

/* Runs `work(arg)` in a child, which then holds its sockets until it is killed; returns
 * when the work is done. */
static pid_t
hold(void (*work)(uint32_t), uint32_t arg)
{
	int ready[2];
	pid_t pid;
	char c;

	if (pipe(ready) == -1)
		die("pipe");
	pid = fork();
	if (pid == -1)
		die("fork");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ready[0]);
		work(arg);
		(void)!write(ready[1], "x", 1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) != 1) {
		fprintf(stderr, "a child failed\n");
		exit(1);
	}
	close(ready[0]);
	children[nchildren++] = pid;
	return pid;
}

static void
release(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
release_all(void)
{
	while (nchildren > 0)
		release(children[--nchildren]);
}

static uint32_t farm_end;

static void
farm_part(uint32_t first)
{
	for (uint32_t i = first; i < first + FDS_PER_CHILD && i < farm_end; i++)
		open_listener((uint16_t)(FIRST_PORT + i));
}

static void
listeners(uint32_t n)
{
	farm_end = n;
	for (uint32_t first = 0; first < n; first += FDS_PER_CHILD)
		hold(farm_part, first);
}

/* Both ends of half as many connections. */
static void
connections(uint32_t nr)
{
	uint16_t port = (uint16_t)(20000 + nr);
	struct sockaddr_in sa = loopback(port);
	int server = open_listener(port);

	for (uint32_t i = 0; i < FDS_PER_CHILD / 2; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (fd == -1 || connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0 ||
		    accept(server, NULL, NULL) == -1)
			die("connections");
	}
	close(server);
}

/* 20,000 established sockets: 10,000 connections. */
static void
many_connections(void)
{
	for (uint32_t i = 0; i < 20000 / FDS_PER_CHILD; i++)
		hold(connections, i);
}

/* ---- cost of one look */

static double
look_ms(struct socksource *s, const struct portset *tcp, const struct portset *udp)
{
	double ms[200];
	size_t n = quick ? 21 : 201;
	struct socklist list = { 0 };

	if (n > 200)
		n = 200;
	for (size_t i = 0; i < n; i++) {
		int64_t t = clock_ns(CLOCK_PROCESS_CPUTIME_ID);

		if (socksource_read(s, PROTO_TCP, tcp, &list) == -1 ||
		    socksource_read(s, PROTO_UDP, udp, &list) == -1)
			die("look");
		ms[i] = MS(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - t);
	}
	socklist_clear(&list);
	return median(ms, n);
}

static void
looks(const char *situation, double watched_limit, double full_limit)
{
	struct socksource *s = socksource_new(false);
	struct portset tcp = { 0 };
	struct portset udp = { 0 };
	char name[64];

	portset_add(&tcp, FIRST_PORT, FIRST_PORT + 9);
	portset_add(&udp, UDP_PORT, UDP_PORT);
	snprintf(name, sizeof(name), "listen.look.watched.%s", situation);
	figure(name, look_ms(s, &tcp, &udp), "ms", watched_limit);
	snprintf(name, sizeof(name), "listen.look.full.%s", situation);
	figure(name, look_ms(s, NULL, NULL), "ms", full_limit);
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
	int64_t closed_at; /* when the report without LATENCY_PORT came; 0: not yet */
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
	i = listeners_find(t, PROTO_TCP, LATENCY_PORT);
	if ((i == t->n || t->v[i].port != LATENCY_PORT) && r->closed_at == 0)
		r->closed_at = clock_ns(CLOCK_MONOTONIC);
}

static void
rig_start(struct rig *r, uint32_t farm_ports)
{
	struct listen_config config = {
		.interval_ms = 1000, .full_ms = 10000, .udp_age_ms = 60000
	};

	*r = (struct rig){ .loop = loop_new() };
	r->w = listen_new(r->loop, &config, on_report, r);
	portset_add(&r->tcp, CHURN_PORT, CLOSED_PORT);
	portset_add(&r->tcp, LATENCY_PORT, LATENCY_PORT);
	for (uint32_t i = 0; i < farm_ports; i++) {
		/* Every other port: as many ranges as ports. */
		uint16_t port = (uint16_t)(FIRST_PORT + 2 * i);

		portset_add(&r->tcp, port, port);
	}
	portset_add(&r->udp, UDP_PORT, UDP_PORT);
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
	int64_t cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	int64_t wall = clock_ns(CLOCK_MONOTONIC);

	for (;;) {
		int64_t rest = mono_diff_ms(end, mono_now());

		if (rest <= 0)
			break;
		if (loop_turn(r->loop, (int)rest) == -1)
			die("loop");
	}
	return PERCENT(
	    clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu, clock_ns(CLOCK_MONOTONIC) - wall);
}

static void
idle(const char *name, double limit)
{
	struct rig r;

	rig_start(&r, 10);
	run(&r, 500); /* the looks at the start */
	figure(name, run(&r, quick ? 10000 : 40000), "%", limit);
	rig_stop(&r);
}

/* ---- from close(2) to the report */

/* The closer: at each octet on the pipe it opens or closes the listener and writes when
 * it did. */
static pid_t
closer_start(int *commands, int *answers)
{
	int to[2];
	int from[2];
	int fd = -1;
	int64_t now;
	char c;
	pid_t pid;

	if (pipe(to) == -1 || pipe(from) == -1)
		die("pipe");
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (read(to[0], &c, 1) == 1) {
			if (c == 'o')
				fd = open_listener(LATENCY_PORT);
			now = clock_ns(CLOCK_MONOTONIC);
			if (c == 'c')
				close(fd);
			(void)!write(from[1], &now, sizeof(now));
		}
		_exit(0);
	}
	*commands = to[1];
	*answers = from[0];
	return pid;
}

static int64_t
order(int commands, int answers, char what)
{
	int64_t at;

	if (write(commands, &what, 1) != 1 ||
	    read(answers, &at, sizeof(at)) != sizeof(at))
		die("closer");
	return at;
}

static double
close_once(struct rig *r, int commands, int answers)
{
	struct mono end = mono_add_ms(mono_now(), 5000);
	unsigned reports;
	int64_t at;

	order(commands, answers, 'o');
	listen_rescan(r->w);
	for (reports = r->reports; r->reports < reports + 2;)
		(void)loop_turn(r->loop, 100);
	/* Away from the start of a second, so that no regular look helps. */
	run(r, 100 + rand() % 300);
	r->closed_at = 0;
	(void)!write(commands, "c", 1);
	while (r->closed_at == 0 && mono_before(mono_now(), end))
		(void)loop_turn(r->loop, 1000);
	if (read(answers, &at, sizeof(at)) != sizeof(at))
		die("closer");
	return r->closed_at != 0 ? MS(r->closed_at - at) : 5000;
}

/* ---- churn */

/*
 * CPU time of the kernel's worker threads, which make the events out of destroyed
 * sockets; in ns, of the resolution of proc_pid_stat(5).
 */
static int64_t
workers_ns(void)
{
	int64_t ticks = 0;
	char path[300];
	char comm[64];
	DIR *dir = opendir("/proc");
	const struct dirent *e;

	while (dir != NULL && (e = readdir(dir)) != NULL) {
		long user;
		long system;
		FILE *f;

		snprintf(path, sizeof(path), "/proc/%s/stat", e->d_name);
		f = e->d_name[0] >= '1' && e->d_name[0] <= '9' ? fopen(path, "r")
		                                               : NULL;
		if (f == NULL)
			continue;
		if (fscanf(f,
			"%*d (%63[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld "
			"%ld",
			comm, &user, &system) == 3 &&
		    strncmp(comm, "kworker", 7) == 0)
			ticks += user + system;
		fclose(f);
	}
	if (dir != NULL)
		closedir(dir);
	return ticks * 1000000000 / sysconf(_SC_CLK_TCK);
}

static void
churn_tcp(int server)
{
	struct sockaddr_in sa = loopback(CHURN_PORT);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int peer;

	if (fd == -1 || connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0)
		die("churn");
	peer = accept(server, NULL, NULL);
	/* A reset, so that no TIME-WAIT uses up the client's ports. */
	setsockopt(
	    fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
	close(fd);
	close(peer);
}

static void
churn_refused(int unused)
{
	struct sockaddr_in sa = loopback(CLOSED_PORT);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)unused;
	if (fd == -1 || connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0)
		die("refused");
	close(fd);
}

static void
churn_udp(int unused)
{
	struct sockaddr_in sa = loopback(UDP_PORT);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	(void)unused;
	(void)sendto(fd, "?", 1, 0, (struct sockaddr *)&sa, sizeof(sa));
	close(fd);
}

static const struct churn {
	const char *name;
	void (*once)(int server);
	unsigned sockets; /* that end each time */
} churns[] = {
	{ "tcp", churn_tcp, 2 },
	{ "refused", churn_refused, 1 },
	{ "udp", churn_udp, 1 },
};

/* The generator: CHURN_RATE a second until killed. */
static pid_t
churn_start(const struct churn *c, int server, volatile uint64_t *done)
{
	pid_t pid = fork();
	int64_t start;

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	start = clock_ns(CLOCK_MONOTONIC);
	for (uint64_t n = 0;; n++) {
		int64_t due = start + (int64_t)(n * 1000000000 / CHURN_RATE);
		int64_t early = due - clock_ns(CLOCK_MONOTONIC);

		if (early > 2000000)
			usleep((useconds_t)(early / 1000));
		c->once(server);
		*done = n + 1;
	}
}

/* What the workers use without anybody listening to them. */
static int64_t
workers_load(int64_t ms)
{
	int64_t before = workers_ns();

	usleep((useconds_t)(ms * 1000));
	return workers_ns() - before;
}

static void
churn_one(const struct churn *c, int server, volatile uint64_t *done, int commands,
    int answers)
{
	int64_t ms = quick ? 5000 : 15000;
	pid_t pid = churn_start(c, server, done);
	int64_t idle_workers = workers_load(ms);
	struct listen_stats stats;
	struct rig r;
	char name[64];
	double cpu;
	double worst = 0;
	int64_t workers;
	uint64_t count;

	rig_start(&r, 10);
	run(&r, 500);
	count = *done;
	workers = workers_ns();
	cpu = run(&r, ms);
	workers = workers_ns() - workers - idle_workers;
	count = *done - count;
	for (int i = 0; i < 5; i++) {
		double ms_once = close_once(&r, commands, answers);

		worst = ms_once > worst ? ms_once : worst;
	}
	release(pid);
	stats = listen_stats(r.w);
	snprintf(name, sizeof(name), "listen.churn.%s.cpu", c->name);
	figure(name, cpu, "%", 2);
	snprintf(name, sizeof(name), "listen.churn.%s.lost", c->name);
	figure(name, (double)stats.overflows, "overflows", 0);
	/* Not one of these is lost. */
	snprintf(name, sizeof(name), "listen.churn.%s.latency.worst", c->name);
	figure(name, worst, "ms", 1000);
	printf("# %s: %.0f a second, %llu hints, %llu looks; kernel workers +%.1f us a "
	       "socket\n",
	    c->name, (double)count * 1000 / (double)ms, (unsigned long long)stats.hints,
	    (unsigned long long)stats.relooks,
	    (double)workers / 1e3 / (double)(count * c->sockets));
	rig_stop(&r);
}

static void
churn(void)
{
	volatile uint64_t *done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int server = open_listener(CHURN_PORT);
	int udp = open_udp(UDP_PORT);
	int commands;
	int answers;
	pid_t pid = closer_start(&commands, &answers);

	if (done == MAP_FAILED)
		die("mmap");
	for (size_t i = 0; i < sizeof(churns) / sizeof(churns[0]); i++)
		churn_one(&churns[i], server, done, commands, answers);
	release(pid);
	close(commands);
	close(answers);
	close(server);
	close(udp);
}

/* ---- all together */

static void
latency(const char *situation, uint32_t farm_ports, double limit)
{
	double ms[20];
	size_t n = quick ? 7 : 20;
	int commands;
	int answers;
	pid_t pid = closer_start(&commands, &answers);
	struct rig r;
	char name[64];

	rig_start(&r, farm_ports);
	for (size_t i = 0; i < n; i++)
		ms[i] = close_once(&r, commands, answers);
	snprintf(name, sizeof(name), "listen.latency.median.%s", situation);
	figure(name, median(ms, n), "ms", limit);
	snprintf(name, sizeof(name), "listen.latency.worst.%s", situation);
	figure(name, ms[n - 1], "ms", 100);
	rig_stop(&r);
	release(pid);
	close(commands);
	close(answers);
}

int
main(void)
{
	struct rlimit files = { FDS_PER_CHILD + 100, FDS_PER_CHILD + 100 };
	const char *env = getenv("BENCH_QUICK");

	quick = env != NULL && strcmp(env, "1") == 0;
	if (setrlimit(RLIMIT_NOFILE, &files) == -1)
		die("RLIMIT_NOFILE");
	enter_namespace();
	listeners(10);
	looks("10", 0.5, 0.5);
	idle("listen.idle.10", 0.05);
	latency("10watched", 10, 0.5);
	churn();
	release_all();
	listeners(2000);
	latency("1000watched", 1000, 1);
	release_all();
	listeners(10000);
	many_connections();
	looks("10000", 3, 30);
	idle("listen.idle.10000", 0.3);
	latency("10000listeners", 10, 3);
	release_all();
	return any_short ? 1 : 0;
}
