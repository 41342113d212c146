#include "crowd.h"

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
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOLDERS_MAX    64
#define FDS_PER_HOLDER 4000

static pid_t holders[HOLDERS_MAX];
static size_t nholders;

void
crowd_die(const char *what)
{
	perror(what);
	exit(1);
}

int64_t
crowd_clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* ---- the namespace */

static void
loopback_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	ifr.ifr_flags = IFF_UP;
	if (fd == -1 || ioctl(fd, SIOCSIFFLAGS, &ifr) == -1)
		crowd_die("lo");
	close(fd);
}

void
crowd_namespace(void)
{
	struct rlimit files = { FDS_PER_HOLDER + 100, FDS_PER_HOLDER + 100 };

	if (setrlimit(RLIMIT_NOFILE, &files) == -1)
		crowd_die("RLIMIT_NOFILE");
	if (unshare(CLONE_NEWNET) == -1 &&
	    unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1) {
		perror("no network namespace to be had");
		exit(77);
	}
	loopback_up();
}

/* ---- children */

static pid_t
child(void)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == -1)
		crowd_die("fork");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
	}
	return pid;
}

static void
end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
tell(int fd)
{
	if (write(fd, "x", 1) != 1)
		_exit(1);
}

static void
await(int fd)
{
	char c;

	if (read(fd, &c, 1) != 1) {
		fputs("a child failed\n", stderr);
		exit(1);
	}
}

/* Runs `work(arg)` in a child, which then holds its sockets until crowd_clear(). */
static void
hold(void (*work)(uint32_t), uint32_t arg)
{
	int ready[2];
	pid_t pid;

	if (pipe(ready) == -1 || nholders == HOLDERS_MAX)
		crowd_die("holders");
	pid = child();
	if (pid == 0) {
		work(arg);
		tell(ready[1]);
		for (;;)
			pause();
	}
	close(ready[1]);
	await(ready[0]);
	close(ready[0]);
	holders[nholders++] = pid;
}

void
crowd_clear(void)
{
	while (nholders > 0)
		end(holders[--nholders]);
}

/* ---- sockets that stay */

static struct sockaddr_in
loopback(uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
}

int
crowd_listen(uint16_t port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(port) };
	int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0 ||
	    bind(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0 || listen(fd, 4096) != 0)
		crowd_die("listen");
	return fd;
}

int
crowd_udp(uint16_t port)
{
	struct sockaddr_in sa = loopback(port);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd == -1 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0)
		crowd_die("udp");
	return fd;
}

static uint32_t listeners_end;

static void
some_listeners(uint32_t first)
{
	for (uint32_t i = first; i < first + FDS_PER_HOLDER && i < listeners_end; i++)
		crowd_listen((uint16_t)(CROWD_FIRST_PORT + i));
}

void
crowd_listeners(uint32_t n)
{
	listeners_end = n;
	for (uint32_t first = 0; first < n; first += FDS_PER_HOLDER)
		hold(some_listeners, first);
}

/* Both ends of half as many connections as a holder has descriptors. */
static void
some_connections(uint32_t nr)
{
	uint16_t port = (uint16_t)(20000 + nr);
	struct sockaddr_in sa = loopback(port);
	int server = crowd_listen(port);

	for (uint32_t i = 0; i < FDS_PER_HOLDER / 2; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (fd == -1 || connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0 ||
		    accept(server, NULL, NULL) == -1)
			crowd_die("connections");
	}
	close(server);
}

void
crowd_connections(uint32_t n)
{
	for (uint32_t i = 0; i < n / FDS_PER_HOLDER; i++)
		hold(some_connections, i);
}

/* ---- CPU time of others */

/* Of one process that is a worker of the kernel's; 0 for any other. */
static int64_t
worker_ns(const char *pid)
{
	char path[300];
	char comm[64] = "";
	long long ns = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	f = fopen(path, "r");
	if (f == NULL)
		return 0;
	if (fgets(comm, sizeof(comm), f) == NULL)
		comm[0] = '\0';
	fclose(f);
	if (strncmp(comm, "kworker", 7) != 0)
		return 0;
	snprintf(path, sizeof(path), "/proc/%s/schedstat", pid);
	f = fopen(path, "r");
	if (f == NULL)
		return 0;
	if (fscanf(f, "%lld", &ns) != 1)
		ns = 0;
	fclose(f);
	return ns;
}

/* Workers come and go, and what one had used before it went must not count as less:
 * only what was seen to be used is added up. */
static int64_t
worker_used_ns(int pid, int64_t ns)
{
	static struct {
		int pid;
		int64_t ns;
	} seen[1024];
	static size_t n;
	int64_t before = 0;
	size_t i = 0;

	while (i < n && seen[i].pid != pid)
		i++;
	if (i == sizeof(seen) / sizeof(seen[0]))
		crowd_die("workers");
	if (i < n)
		before = seen[i].ns;
	else
		n++;
	seen[i].pid = pid;
	seen[i].ns = ns;
	return ns > before ? ns - before : 0;
}

int64_t
crowd_workers_ns(void)
{
	static int64_t used;
	DIR *dir = opendir("/proc");
	const struct dirent *e;

	if (dir == NULL)
		crowd_die("/proc");
	while ((e = readdir(dir)) != NULL) {
		int64_t ns = 0;

		if (e->d_name[0] >= '1' && e->d_name[0] <= '9')
			ns = worker_ns(e->d_name);
		if (ns > 0)
			used += worker_used_ns(atoi(e->d_name), ns);
	}
	closedir(dir);
	return used;
}
