/*
 * CPU per TCP check of the probe engine, against a bare epoll loop that does nothing
 * but connect and close, interleaved in the same run on the same farm of listeners.
 */

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../probe_rig.h"

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
fill_plan(struct rig *rig, uint32_t interval)
{
	static char names[1000][20];
	uint16_t spec = rig_spec(rig, METHOD_CONNECT, PROTO_TCP, 4000);

	for (unsigned i = 0; i < nlisteners; i++) {
		unsigned h = i / PORTS;

		if (i % PORTS == 0) {
			snprintf(names[h], sizeof(names[h]), "127.1.%u.%u",
			    (h + 1) / 256, (h + 1) % 256);
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
measure_engine(unsigned rounds)
{
	struct probe_config config = { .concurrency = FLIGHT };
	struct rig rig;
	double begin, used;

	rig_open(&rig, &config);
	rig.hook = only_open;
	fill_plan(&rig, 3600);
	rig_go(&rig);
	begin = cpu_us();
	for (unsigned i = 1; i <= rounds; i++) {
		probe_engine_all_now(rig.engine);
		if (!rig_until(&rig, nlisteners * i, 120000))
			die("engine: too slow");
	}
	used = cpu_us() - begin;
	rig_close(&rig);
	return used / (nlisteners * rounds);
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
	fill_plan(&rig, interval);
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

/* ---- */

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *v, unsigned n)
{
	qsort(v, n, sizeof(*v), compare);
	return v[n / 2];
}

static int
figure(const char *name, double value, const char *unit, double limit)
{
	printf("figure %s %.2f %s <= %.2f %s\n", name, value, unit, limit,
	    value <= limit ? "ok" : "short");
	return value <= limit ? 0 : 1;
}

int
main(void)
{
	int quick = getenv("BENCH_QUICK") != NULL;
	unsigned runs = quick ? 3 : RUNS_MAX, rounds = quick ? 1 : 3;
	double base[RUNS_MAX], engine[RUNS_MAX], paced[RUNS_MAX];
	double floor_us, bad;
	pid_t pid;

	setlinebuf(stdout);
	if (quick)
		nlisteners = 4000;
	pid = start_farm();
	measure_floor(nlisteners);
	for (unsigned i = 0; i < runs; i++) {
		base[i] = measure_floor(nlisteners * rounds);
		engine[i] = measure_engine(rounds);
		paced[i] = measure_paced(quick ? 4 : 10);
		printf("# floor %.2f engine %.2f paced %.2f us\n", base[i], engine[i],
		    paced[i]);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	floor_us = median(base, runs);
	bad = figure("tcp_floor_cpu", floor_us, "us", 1000);
	bad += figure("tcp_engine_cpu", median(engine, runs), "us", 1000);
	bad += figure(
	    "tcp_engine_over_floor", median(engine, runs) / floor_us, "ratio", 1.15);
	bad += figure(
	    "tcp_paced_over_floor", median(paced, runs) / floor_us, "ratio", 1.5);
	return bad > 0;
}
