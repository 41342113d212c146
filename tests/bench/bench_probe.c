/*
 * CPU per TCP check of the probe engine, against a bare epoll loop that does nothing
 * but connect and close, interleaved in the same run on the same farm of listeners; and
 * what 100,000 endpoints a minute cost, a tenth of which never answers.
 *
 *     bench_probe                all of that
 *     bench_probe farm N         N listeners on 127.1.0.1:20000 and up, until killed
 *     bench_probe floor|tcp N    CPU us per check of such a farm, by the bare loop or
 *                                by the engine
 *     bench_probe icmp N         CPU us per ICMP echo to N addresses of 127/8
 *     bench_probe cpu PID...     CPU us that these processes have used so far; proc(5)
 *                                tells it in hundredths of a second only
 */

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../probe_rig.h"
#include "figure.h"

#define PORTS    100 /* of each address */
#define PORT0    20000
#define FLIGHT   512
#define RUNS_MAX 7

static unsigned nlisteners = 10000;

static struct sockaddr_in
target(unsigned i)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons((uint16_t)(PORT0 + i % PORTS)),
		.sin_addr.s_addr = htonl(0x7f010001u + i / PORTS) };
}

static double
cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

/* ---- the farm: a process of its own, whose CPU does not count */

static void
farm_listen(int ep, unsigned i)
{
	struct epoll_event ev = { .events = EPOLLIN };
	struct sockaddr_in sa = target(i);
	int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0 ||
	    listen(fd, 1024) != 0)
		die("farm");
	ev.data.fd = fd;
	epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
}

static void
farm(int ready)
{
	int ep = epoll_create1(0);
	struct epoll_event events[256];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (unsigned i = 0; i < nlisteners; i++)
		farm_listen(ep, i);
	(void)!write(ready, "x", 1);
	for (;;) {
		int n = epoll_wait(ep, events, 256, -1);

		for (int i = 0; i < n; i++) {
			int fd;

			while ((fd = accept(events[i].data.fd, NULL, NULL)) >= 0)
				close(fd);
		}
	}
}

static pid_t
start_farm(void)
{
	int fds[2];
	char byte;
	pid_t pid;

	if (pipe(fds) != 0)
		die("pipe");
	pid = fork();
	if (pid == 0)
		farm(fds[1]);
	close(fds[1]);
	if (pid < 0 || read(fds[0], &byte, 1) != 1)
		die("farm");
	close(fds[0]);
	return pid;
}

/* ---- the floor */

static void
floor_start(int ep, unsigned i)
{
	struct sockaddr_in sa = target(i);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct epoll_event ev = { .events = EPOLLOUT, .data.fd = fd };

	if (fd < 0 || (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0 &&
			  errno != EINPROGRESS))
		die("floor: connect");
	epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
}

static unsigned
floor_finish(int ep)
{
	struct epoll_event events[256];
	int n = epoll_wait(ep, events, 256, -1);

	for (int i = 0; i < n; i++) {
		int error = 0;
		socklen_t len = sizeof(error);

		getsockopt(events[i].data.fd, SOL_SOCKET, SO_ERROR, &error, &len);
		if (error != 0)
			die("floor: refused");
		close(events[i].data.fd);
	}
	return (unsigned)n;
}

static double
measure_floor(unsigned checks)
{
	int ep = epoll_create1(0);
	unsigned started = 0, done = 0;
	double begin = cpu_us();

	while (done < checks) {
		while (started < checks && started - done < FLIGHT)
			floor_start(ep, started++ % nlisteners);
		done += floor_finish(ep);
	}
	close(ep);
	return (cpu_us() - begin) / checks;
}

/* ---- the engine */

static void
fill_plan(struct rig *rig, uint32_t interval, unsigned n)
{
	static char names[1000][20];
	uint16_t spec = rig_spec(rig, METHOD_CONNECT, PROTO_TCP, 4000);

	for (unsigned i = 0; i < n; i++) {
		unsigned h = i / PORTS;

		if (i % PORTS == 0) {
			unsigned last = h % (nlisteners / PORTS) + 1;

			snprintf(names[h], sizeof(names[h]), "127.1.%u.%u", last / 256,
			    last % 256);
			rig_host(rig, names[h]);
		}
		rig_endpoint(
		    rig, (uint16_t)h, spec, (uint16_t)(PORT0 + i % PORTS), interval);
	}
}

static void
only_open(struct rig *rig, const struct probe_result *r)
{
	(void)rig;
	if (r->state != CONNECT_OPEN)
		die("engine: not open");
}

static double
measure_icmp(unsigned rounds, unsigned n)
{
	static char names[65536][20];
	struct probe_config config = { .concurrency = FLIGHT };
	struct rig rig;
	uint16_t spec;
	double begin, used;

	rig_open(&rig, &config);
	rig.hook = only_open;
	spec = rig_spec(&rig, METHOD_ICMP, PROTO_ICMP, 4000);
	for (unsigned i = 0; i < n; i++) {
		snprintf(names[i], sizeof(names[i]), "127.2.%u.%u", i / 250 % 256,
		    i % 250 + 1);
		rig_endpoint(&rig, rig_host(&rig, names[i]), spec, 0, 3600);
	}
	rig_go(&rig);
	begin = cpu_us();
	for (unsigned i = 1; i <= rounds; i++) {
		probe_engine_all_now(rig.engine);
		if (!rig_until(&rig, n * i, 120000))
			die("engine: too slow");
	}
	used = cpu_us() - begin;
	rig_close(&rig);
	return used / (n * rounds);
}

static double
measure_engine(unsigned rounds, unsigned n)
{
	struct probe_config config = { .concurrency = FLIGHT };
	struct rig rig;
	double begin, used;

	rig_open(&rig, &config);
	rig.hook = only_open;
	fill_plan(&rig, 3600, n);
	rig_go(&rig);
	begin = cpu_us();
	for (unsigned i = 1; i <= rounds; i++) {
		probe_engine_all_now(rig.engine);
		if (!rig_until(&rig, n * i, 120000))
			die("engine: too slow");
	}
	used = cpu_us() - begin;
	rig_close(&rig);
	return used / (n * rounds);
}

/* 1,000 checks a second as the schedule spreads them. */
static double
measure_paced(unsigned seconds)
{
	struct probe_config config = { .concurrency = FLIGHT };
	uint32_t interval = nlisteners / 1000;
	struct rig rig;
	double begin, used;
	uint32_t before;

	rig_open(&rig, &config);
	rig.hook = only_open;
	fill_plan(&rig, interval, nlisteners);
	rig_go(&rig);
	rig_for(&rig, (int)(interval + interval / 2) * 1000);
	before = rig.total;
	begin = cpu_us();
	rig_for(&rig, (int)seconds * 1000);
	used = cpu_us() - begin;
	used /= rig.total - before;
	printf("# paced: %u checks in %u s\n", rig.total - before, seconds);
	rig_close(&rig);
	return used;
}

/* ---- 100,000 endpoints */

#define SILENT_PORT 19999
#define MANY        100000

/* A listener that is never accepted from, its queue full: further SYNs are dropped. */
static void
start_silence(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_port = htons(SILENT_PORT),
		.sin_addr.s_addr = htonl(INADDR_ANY) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0 ||
	    listen(fd, 0) != 0)
		die("silence");
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (int i = 0; i < 4; i++) {
		fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(fd, (struct sockaddr *)&sa, sizeof(sa));
	}
}

static long
resident_kb(void)
{
	long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f == NULL || fscanf(f, "%*d %ld", &pages) != 1)
		die("statm");
	fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

struct scale {
	double cpu_percent, memory, lag, rate;
};

static struct scale
measure_scale(unsigned settle, unsigned seconds)
{
	struct probe_config config = { 0 }; /* as many as it takes */
	struct scale s = { 0 };
	struct rig rig;
	uint32_t before;
	double begin;
	long kb;

	rig_open(&rig, &config);
	fill_plan(&rig, 60, MANY);
	for (uint32_t i = 0; i < MANY; i += 10)
		rig.plan.endpoints[i].port = SILENT_PORT;
	/* the rig's own memory is not the engine's */
	memset(rig.results, 0, MANY * sizeof(*rig.results));
	memset(rig.details, 0, MANY * sizeof(*rig.details));
	kb = resident_kb();
	rig_go(&rig);
	rig_for(&rig, (int)settle * 1000);
	s.memory = (double)(resident_kb() - kb) * 1024 / MANY;
	before = rig.total;
	begin = cpu_us();
	for (unsigned i = 0; i < seconds; i++) {
		uint32_t lag;

		rig_for(&rig, 1000);
		lag = probe_engine_lag(rig.engine);
		s.lag = lag > s.lag ? lag : s.lag;
	}
	s.cpu_percent = (cpu_us() - begin) / seconds / 1e4;
	s.rate = (double)(rig.total - before) / seconds;
	rig_close(&rig);
	return s;
}

/* ---- */

/* Each ratio is of neighbours in time: the machine may be busy with something else. */
static void
report_ratios(unsigned runs, unsigned rounds, unsigned paced_s)
{
	double base[RUNS_MAX], engine[RUNS_MAX], paced[RUNS_MAX], growth[RUNS_MAX];

	measure_floor(nlisteners);
	for (unsigned i = 0; i < runs; i++) {
		double half = measure_engine(rounds, nlisteners / 2);
		double us = measure_engine(rounds, nlisteners);
		double slow;

		base[i] = measure_floor(nlisteners * rounds);
		slow = measure_paced(paced_s);
		printf("# floor %.2f engine %.2f half as many %.2f paced %.2f us\n",
		    base[i], us, half, slow);
		engine[i] = us / base[i];
		paced[i] = slow / base[i];
		growth[i] = us / half;
	}
	figure_told("probe-floor", figure_median(base, runs), "us");
	figure_at_most(
	    "probe-engine-over-floor", figure_median(engine, runs), "x", 1.15);
	figure_at_most(
	    "probe-engine-paced-over-floor", figure_median(paced, runs), "x", 1.5);
	figure_at_most("probe-engine-growth", figure_median(growth, runs), "x", 1.1);
}

static void
report_scale(unsigned settle, unsigned seconds)
{
	struct scale s = measure_scale(settle, seconds);

	printf(
	    "# 100,000 endpoints every 60 s, a tenth silent: %.0f results a second\n",
	    s.rate);
	figure_at_most("probe-scale-cpu", s.cpu_percent, "%", 100);
	figure_at_most("probe-scale-lag", s.lag, "s", 0);
	/* From the second round on there is jitter: a sixteenth of the interval at
	 * most, by half of which fewer fall into the time that is watched. */
	figure_at_least("probe-scale-rate", s.rate, "per-second", MANY / 60.0 * 0.96);
	figure_at_most("probe-scale-memory", s.memory, "bytes", 120);
}

static int
tell_cpu(char **pids)
{
	double us = 0;

	for (; *pids != NULL; pids++) {
		struct timespec t;
		clockid_t id;

		if (clock_getcpuclockid((pid_t)atoi(*pids), &id) == 0 &&
		    clock_gettime(id, &t) == 0)
			us += (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
	}
	printf("%.0f\n", us);
	return 0;
}

/* One measurement, for tests/bench/peers. */
static int
one(const char *what, unsigned n)
{
	int ready[2];

	if (n == 0 || n > 60000 || pipe(ready) != 0)
		return 2;
	nlisteners = n;
	if (strcmp(what, "farm") == 0)
		farm(ready[1]);
	else if (strcmp(what, "floor") == 0)
		printf("%.2f\n", measure_floor(n));
	else if (strcmp(what, "tcp") == 0)
		printf("%.2f\n", measure_engine(1, n));
	else if (strcmp(what, "icmp") == 0)
		printf("%.2f\n", measure_icmp(1, n));
	else
		return 2;
	return 0;
}

int
main(int argc, char **argv)
{
	bool quick = figure_quick();
	pid_t pid;

	setlinebuf(stdout);
	if (argc > 2 && strcmp(argv[1], "cpu") == 0)
		return tell_cpu(argv + 2);
	if (argc == 3)
		return one(argv[1], (unsigned)strtoul(argv[2], NULL, 10));
	if (quick)
		nlisteners = 2000;
	pid = start_farm();
	start_silence();
	report_ratios(quick ? 2 : RUNS_MAX, quick ? 2 : 3, quick ? 2 : 10);
	report_scale(quick ? 3 : 10, quick ? 4 : 65);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return figure_any_short();
}
