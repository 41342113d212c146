/* Sockets that come and go: see crowd.h. */

#include "crowd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define HERE  "192.0.2.1" /* of a link to the namespace that CROWD_ACCEPT comes from */
#define THERE "192.0.2.2"

struct generator {
	int server;
	struct sockaddr_in to;
	void (*once)(const struct generator *g);
};

static struct sockaddr_in
at(const char *address, uint16_t port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(port) };

	inet_pton(AF_INET, address, &sa.sin_addr);
	return sa;
}

/* A reset, so that no TIME-WAIT uses up the client's ports. */
static void
reset(int fd)
{
	struct linger at_once = { 1, 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
}

static int
connected(const struct generator *g)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1 || connect(fd, (const struct sockaddr *)&g->to, sizeof(g->to)))
		crowd_die("churn");
	return fd;
}

static void
tcp(const struct generator *g)
{
	int fd = connected(g);
	int peer = accept(g->server, NULL, NULL);

	reset(fd);
	close(peer);
}

static void
tcp_from_there(const struct generator *g)
{
	reset(connected(g));
}

static void
refused(const struct generator *g)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd == -1 ||
	    connect(fd, (const struct sockaddr *)&g->to, sizeof(g->to)) == 0)
		crowd_die("refused");
	close(fd);
}

static void
udp(const struct generator *g)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	(void)sendto(fd, "?", 1, 0, (const struct sockaddr *)&g->to, sizeof(g->to));
	close(fd);
}

static void
generate(const struct generator *g, volatile uint64_t *done)
{
	int64_t start = crowd_clock_ns(CLOCK_MONOTONIC);

	for (uint64_t n = 0;; n++) {
		int64_t due = start + (int64_t)(n * 1000000000 / CROWD_CHURN_RATE);
		int64_t early = due - crowd_clock_ns(CLOCK_MONOTONIC);

		if (early > 2000000)
			usleep((useconds_t)(early / 1000));
		g->once(g);
		*done = n + 1;
	}
}

/* In the child: a namespace of its own, linked to its parent's. */
static void
go_there(int out, int in)
{
	char c;

	if (unshare(CLONE_NEWNET) == -1 || write(out, "x", 1) != 1 ||
	    read(in, &c, 1) != 1 ||
	    system("ip addr add " THERE "/30 dev churn1 && ip link set churn1 up") != 0)
		_exit(1);
}

static void
link_there(pid_t pid, int out, int in)
{
	char command[200];
	char c;

	snprintf(command, sizeof(command),
	    "ip link add churn0 type veth peer name churn1 netns %d && "
	    "ip addr add " HERE "/30 dev churn0 && ip link set churn0 up",
	    (int)pid);
	if (read(in, &c, 1) != 1 || system(command) != 0 || write(out, "x", 1) != 1) {
		fputs("no link to another namespace\n", stderr);
		exit(1);
	}
}

static pid_t
fork_generator(const struct generator *g, volatile uint64_t *done, bool there)
{
	int to[2], from[2];
	pid_t pid;

	if (pipe(to) == -1 || pipe(from) == -1)
		crowd_die("pipe");
	pid = fork();
	if (pid == -1)
		crowd_die("fork");
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (there)
			go_there(from[1], to[0]);
		generate(g, done);
	}
	if (there)
		link_there(pid, to[1], from[0]);
	for (int i = 0; i < 2; i++) {
		close(to[i]);
		close(from[i]);
	}
	return pid;
}

/* Takes what comes from there, and lets it go. */
static pid_t
fork_acceptor(int server)
{
	pid_t pid = fork();

	if (pid == -1)
		crowd_die("fork");
	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		int fd = accept(server, NULL, NULL);

		if (fd >= 0)
			close(fd);
	}
}

static const struct {
	const char *name;
	void (*once)(const struct generator *g);
	const char *address;
	uint16_t port;
	unsigned sockets;
} kinds[CROWD_KINDS] = {
	[CROWD_TCP] = { "tcp", tcp, "127.0.0.1", CROWD_CHURN_PORT, 2 },
	[CROWD_ACCEPT] = { "accept", tcp_from_there, HERE, CROWD_CHURN_PORT, 1 },
	[CROWD_REFUSED] = { "refused", refused, "127.0.0.1", CROWD_CLOSED_PORT, 1 },
	[CROWD_UDP] = { "udp", udp, "127.0.0.1", CROWD_UDP_PORT, 1 },
};

struct crowd_churn
crowd_churn_start(enum crowd_kind kind)
{
	struct crowd_churn c = {
		.name = kinds[kind].name, .sockets = kinds[kind].sockets, .acceptor = -1
	};
	struct generator g = { .once = kinds[kind].once,
		.to = at(kinds[kind].address, kinds[kind].port) };

	c.done = mmap(NULL, sizeof(*c.done), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (c.done == MAP_FAILED)
		crowd_die("mmap");
	g.server = kind == CROWD_UDP ? crowd_udp(CROWD_UDP_PORT)
	                             : crowd_listen(CROWD_CHURN_PORT);
	c.pid = fork_generator(&g, c.done, kind == CROWD_ACCEPT);
	if (kind == CROWD_ACCEPT)
		c.acceptor = fork_acceptor(g.server);
	c.server = g.server;
	return c;
}

static void
end(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void
crowd_churn_stop(struct crowd_churn *c)
{
	end(c->pid);
	end(c->acceptor);
	munmap((void *)(uintptr_t)c->done, sizeof(*c->done));
	close(c->server);
}

static int64_t
cpu_of(pid_t pid)
{
	clockid_t id;

	if (pid <= 0 || clock_getcpuclockid(pid, &id) != 0)
		return 0;
	return crowd_clock_ns(id);
}

int64_t
crowd_churn_ns(const struct crowd_churn *c)
{
	return cpu_of(c->pid) + cpu_of(c->acceptor);
}

/* ---- the listener whose end is timed */

struct crowd_timed
crowd_timed_start(void)
{
	struct crowd_timed t;
	int to[2], from[2], fd = -1;
	int64_t now;
	char c;

	if (pipe(to) == -1 || pipe(from) == -1)
		crowd_die("pipe");
	t.pid = fork();
	if (t.pid == -1)
		crowd_die("fork");
	if (t.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (read(to[0], &c, 1) == 1) {
			if (c == 'o')
				fd = crowd_listen(CROWD_TIMED_PORT);
			now = crowd_clock_ns(CLOCK_MONOTONIC);
			if (c == 'c')
				close(fd);
			(void)!write(from[1], &now, sizeof(now));
		}
		_exit(0);
	}
	close(to[0]);
	close(from[1]);
	t.commands = to[1];
	t.answers = from[0];
	return t;
}

void
crowd_timed_stop(struct crowd_timed *t)
{
	end(t->pid);
	close(t->commands);
	close(t->answers);
}

static void
order(struct crowd_timed *t, char what)
{
	if (write(t->commands, &what, 1) != 1)
		crowd_die("timed listener");
}

void
crowd_timed_open(struct crowd_timed *t)
{
	order(t, 'o');
	(void)crowd_timed_closed(t);
}

void
crowd_timed_close(struct crowd_timed *t)
{
	order(t, 'c');
}

int64_t
crowd_timed_closed(struct crowd_timed *t)
{
	int64_t at_ns;

	if (read(t->answers, &at_ns, sizeof(at_ns)) != sizeof(at_ns))
		crowd_die("timed listener");
	return at_ns;
}
