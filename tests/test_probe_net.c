/*
 * Probes across a router, in network namespaces of this process's own: what only a
 * network shows.  Where unprivileged namespaces are not allowed the program is skipped.
 *
 *     us 10.99.0.2, .3 --- veth --- 10.99.0.1 router, which rejects 10.99.1.0/24
 *     fd99::2                       fd99::1    (prohibited), .2 (unreachable), and
 *                                              drops .3 (black hole), and refuses
 *                                              TCP in the name of .4
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/probe.h"
#include "probe/probe_engine.h"
#include "probe_rig.h"

#define OPEN_PORT 7001 /* of the router */
#define SHUT_PORT 7002

static const struct probe_config plain = { .concurrency = 64 };

/* ---- the namespaces */

static bool
run(const char *command)
{
	int status = system(command);

	if (status != 0)
		fprintf(stderr, "failed: %s\n", command);
	return status == 0;
}

static bool
put(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* As root in a user namespace of our own, unless we are root already. */
static bool
own_namespace(void)
{
	char map[64];
	uid_t uid = getuid();
	gid_t gid = getgid();

	if (uid == 0)
		return unshare(CLONE_NEWNET) == 0;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
		return false;
	snprintf(map, sizeof(map), "0 %u 1", (unsigned)uid);
	if (!put("/proc/self/uid_map", map) || !put("/proc/self/setgroups", "deny"))
		return false;
	snprintf(map, sizeof(map), "0 %u 1", (unsigned)gid);
	return put("/proc/self/gid_map", map);
}

static void
listen_on(const char *address)
{
	struct addr a;
	struct sockaddr_storage sa;
	socklen_t len;
	int fd, on = 1;

	(void)addr_parse(address, &a);
	len = addr_sockaddr(&a, OPEN_PORT, &sa);
	fd = socket(a.family, SOCK_STREAM, 0);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, len) != 0 || listen(fd, 8) != 0)
		_exit(1);
}

/* A firewall's REJECT: port unreachable for all TCP to 10.99.4.0/24. */
static void
reject_tcp(void)
{
	uint8_t packet[256], answer[36] = { 3, 3 };
	struct sockaddr_in to = { .sin_family = AF_INET };
	int in = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));
	int out = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);

	if (in < 0 || out < 0)
		_exit(1);
	for (;;) {
		uint32_t sum = 0;
		ssize_t n = recv(in, packet, sizeof(packet), 0);

		if (n < 40 || packet[0] != 0x45 || packet[9] != IPPROTO_TCP ||
		    memcmp(packet + 16, "\x0a\x63\x04", 3) != 0)
			continue;
		memset(answer + 2, 0, 6);
		memcpy(answer + 8, packet, 28);
		for (size_t i = 0; i < sizeof(answer); i += 2)
			sum += (uint32_t)(answer[i] << 8 | answer[i + 1]);
		while (sum >> 16)
			sum = (sum & 0xffff) + (sum >> 16);
		answer[2] = (uint8_t)(~sum >> 8);
		answer[3] = (uint8_t)~sum;
		memcpy(&to.sin_addr, packet + 12, 4);
		(void)!sendto(
		    out, answer, sizeof(answer), 0, (struct sockaddr *)&to, sizeof(to));
	}
}

static void
be_router(int go, int ready)
{
	pid_t firewall;
	char byte;

	(void)!write(ready, "n", 1); /* in a namespace of its own */
	if (read(go, &byte, 1) != 1 || !run("ip link set lo up") ||
	    !run("ip addr add 10.99.0.1/24 dev vr") ||
	    !run("ip -6 addr add fd99::1/64 dev vr nodad") ||
	    !run("ip link set vr up") || !put("/proc/sys/net/ipv4/ip_forward", "1") ||
	    !put("/proc/sys/net/ipv6/conf/all/forwarding", "1") ||
	    !run("ip route add prohibit 10.99.1.0/24") ||
	    !run("ip route add unreachable 10.99.2.0/24") ||
	    !run("ip route add blackhole 10.99.3.0/24") ||
	    !run("ip route add blackhole 10.99.4.0/24") ||
	    !run("ip -6 route add prohibit fd99:1::/64"))
		_exit(1);
	listen_on("10.99.0.1");
	listen_on("fd99::1");
	firewall = fork();
	if (firewall == 0)
		reject_tcp();
	(void)!write(ready, "r", 1);
	(void)!read(go, &byte, 1); /* ends with us */
	if (firewall > 0)
		kill(firewall, SIGKILL);
	_exit(0);
}

static struct {
	pid_t pid;
	int go;
} router;

static bool
start_router(void)
{
	int go[2], ready[2];
	char byte = 0, command[128];

	if (pipe(go) != 0 || pipe(ready) != 0)
		return false;
	router.pid = fork();
	if (router.pid == 0) {
		close(go[1]);
		close(ready[0]);
		if (unshare(CLONE_NEWNET) != 0)
			_exit(1);
		be_router(go[0], ready[1]);
	}
	close(go[0]);
	close(ready[1]);
	router.go = go[1];
	snprintf(command, sizeof(command),
	    "ip link add vu type veth peer name vr netns %d", (int)router.pid);
	if (router.pid < 0 || read(ready[0], &byte, 1) != 1 || !run(command) ||
	    write(go[1], "g", 1) != 1 || read(ready[0], &byte, 1) != 1 || byte != 'r')
		return false;
	close(ready[0]);
	return true;
}

static bool
set_up(void)
{
	return own_namespace() && start_router() && run("ip link set lo up") &&
	       run("ip addr add 10.99.0.2/24 dev vu") &&
	       run("ip addr add 10.99.0.3/24 dev vu") &&
	       run("ip -6 addr add fd99::2/64 dev vu nodad") &&
	       run("ip link set vu up") && run("ip route add default via 10.99.0.1") &&
	       run("ip -6 route add default via fd99::1") &&
	       run("ip route add unreachable 10.98.0.0/16") &&
	       put("/proc/sys/net/ipv4/ping_group_range", "0 0");
}

/* ---- */

struct expectation {
	const char *address;
	uint16_t port;
	enum connect_state state;
	enum reason reason;
	int error;
	bool answered;
};

/* Each time from another address of ours: a router answers one with five ICMP messages
 * and then one a second (ip_error() in net/ipv4/route.c). */
static struct probe_config
fresh_source(void)
{
	static int n = 10;
	struct probe_config config = { .concurrency = 64 };
	char text[64], command[128];

	snprintf(text, sizeof(text), "10.99.0.%d", n++);
	snprintf(command, sizeof(command), "ip addr add %s/24 dev vu", text);
	assert_true(run(command));
	assert_true(addr_parse(text, &config.source));
	return config;
}

static void
expect(enum probe_method method, enum proto protocol, const struct expectation *x,
    size_t n)
{
	struct probe_config config = fresh_source();
	struct rig rig;
	uint16_t spec;

	rig_open(&rig, &config);
	spec = rig_spec(&rig, method, protocol, 1500);
	for (size_t i = 0; i < n; i++)
		rig_endpoint(&rig, rig_host(&rig, x[i].address), spec, x[i].port, 3600);
	rig_go(&rig);
	probe_engine_all_now(rig.engine);
	assert_true(rig_until(&rig, (uint32_t)n, 20000));
	for (uint32_t i = 0; i < n; i++) {
		const struct probe_result *r = &rig.results[i];

		if (r->state != x[i].state || r->reason != x[i].reason ||
		    r->error != x[i].error || r->answered != x[i].answered)
			fail_msg("%s by %s: %s, reason %d, errno %d, answered %d",
			    x[i].address, types_method(method), types_connect(r->state),
			    r->reason, r->error, r->answered);
		assert_int_equal(rig.counts[i], 1);
		assert_true(r->state != CONNECT_OPEN || r->rtt_us > 0);
	}
	rig_close(&rig);
}

static const struct expectation tcp[] = {
	{ "10.99.0.1", OPEN_PORT, CONNECT_OPEN, REASON_CONNECTED, 0, true },
	{ "fd99::1", OPEN_PORT, CONNECT_OPEN, REASON_CONNECTED, 0, true },
	{ "10.99.0.1", SHUT_PORT, CONNECT_CLOSED, REASON_REFUSED, ECONNREFUSED, true },
	{ "fd99::1", SHUT_PORT, CONNECT_CLOSED, REASON_REFUSED, ECONNREFUSED, true },
	{ "10.99.1.9", 80, CONNECT_FILTERED, REASON_PROHIBITED, EHOSTUNREACH, false },
	{ "fd99:1::9", 80, CONNECT_FILTERED, REASON_PROHIBITED, EACCES, false },
	{ "10.99.2.9", 80, CONNECT_UNREACHABLE, REASON_UNREACHABLE, EHOSTUNREACH,
	    false },
	{ "10.99.3.9", 80, CONNECT_FILTERED, REASON_TIMEOUT, ETIMEDOUT, false },
	{ "10.99.4.9", 80, CONNECT_CLOSED, REASON_REFUSED, ECONNREFUSED, false },
	{ "10.98.0.9", 80, CONNECT_PROBE_ERROR, REASON_NO_ROUTE, EHOSTUNREACH, false },
};

static void
tcp_connect(void **state)
{
	(void)state;
	expect(METHOD_CONNECT, PROTO_TCP, tcp, sizeof(tcp) / sizeof(tcp[0]));
}

static void
tcp_half_open(void **state)
{
	(void)state;
	expect(METHOD_SYN, PROTO_TCP, tcp, sizeof(tcp) / sizeof(tcp[0]));
}

/* Its checksum covers the source address, which depends on the target. */
static void
half_open_from_each_of_our_addresses(void **state)
{
	static const char *const targets[] = { "10.96.0.1", "10.99.0.1", "fd96::1",
		"fd99::1" };
	struct rig rig;
	uint16_t spec;

	(void)state;
	assert_true(run("ip addr add 10.96.0.1/32 dev lo"));
	assert_true(run("ip -6 addr add fd96::1/128 dev lo nodad"));
	rig_open(&rig, &plain);
	spec = rig_spec(&rig, METHOD_SYN, PROTO_TCP, 1500);
	for (size_t i = 0; i < 4; i++)
		rig_endpoint(&rig, rig_host(&rig, targets[i]), spec, SHUT_PORT, 3600);
	rig_go(&rig);
	probe_engine_all_now(rig.engine);
	assert_true(rig_until(&rig, 4, 5000));
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(rig.results[i].reason, REASON_REFUSED);
	rig_close(&rig);
}

static void
udp(void **state)
{
	static const struct expectation x[] = {
		{ "10.99.0.1", SHUT_PORT, CONNECT_CLOSED, REASON_REFUSED, ECONNREFUSED,
		    true },
		{ "fd99::1", SHUT_PORT, CONNECT_CLOSED, REASON_REFUSED, ECONNREFUSED,
		    true },
		{ "10.99.1.9", 80, CONNECT_FILTERED, REASON_PROHIBITED, EHOSTUNREACH,
		    false },
		{ "fd99:1::9", 80, CONNECT_FILTERED, REASON_PROHIBITED, EACCES, false },
		{ "10.99.2.9", 80, CONNECT_UNREACHABLE, REASON_UNREACHABLE,
		    EHOSTUNREACH, false },
		{ "10.99.3.9", 80, CONNECT_OPEN_OR_FILTERED, REASON_SILENT, 0, false },
		{ "10.98.0.9", 80, CONNECT_PROBE_ERROR, REASON_NO_ROUTE, EHOSTUNREACH,
		    false },
	};

	(void)state;
	expect(METHOD_UDP, PROTO_UDP, x, sizeof(x) / sizeof(x[0]));
}

static void
icmp_echo(void **state)
{
	static const struct expectation x[] = {
		{ "10.99.0.1", 0, CONNECT_OPEN, REASON_ANSWERED, 0, true },
		{ "fd99::1", 0, CONNECT_OPEN, REASON_ANSWERED, 0, true },
		{ "127.0.0.1", 0, CONNECT_OPEN, REASON_ANSWERED, 0, true },
		{ "10.99.1.9", 0, CONNECT_FILTERED, REASON_PROHIBITED, EHOSTUNREACH,
		    false },
		{ "fd99:1::9", 0, CONNECT_FILTERED, REASON_PROHIBITED, EACCES, false },
		{ "10.99.2.9", 0, CONNECT_UNREACHABLE, REASON_UNREACHABLE, EHOSTUNREACH,
		    false },
		{ "10.99.3.9", 0, CONNECT_FILTERED, REASON_TIMEOUT, ETIMEDOUT, false },
		{ "10.98.0.9", 0, CONNECT_PROBE_ERROR, REASON_NO_ROUTE, EHOSTUNREACH,
		    false },
	};

	(void)state;
	expect(METHOD_ICMP, PROTO_ICMP, x, sizeof(x) / sizeof(x[0]));
	/* And by raw socket where ping sockets are not allowed; nobody but root may
	 * write "nobody" there. */
	if (put("/proc/sys/net/ipv4/ping_group_range", "1 0"))
		expect(METHOD_ICMP, PROTO_ICMP, x, sizeof(x) / sizeof(x[0]));
	(void)put("/proc/sys/net/ipv4/ping_group_range", "0 0");
}

/* The rejection of the first question waits on the shared socket when the second one is
 * sent: it ends the probe, which must not go on.  In the loop that takes an answer just
 * between the look at the socket and the look at the clock; here it is made. */
static void
late_rejection(
    enum probe_method method, enum proto protocol, const struct probe_ops *ops)
{
	struct probe_config config = fresh_source();
	struct probe_stats stats = { 0 };
	struct rig rig;

	rig_open(&rig, &config);
	rig_endpoint(&rig, rig_host(&rig, "10.99.1.9"),
	    rig_spec(&rig, method, protocol, 400), protocol != PROTO_ICMP ? 80 : 0,
	    3600);
	rig_go(&rig);
	probe_engine_all_now(rig.engine);
	while (stats.in_flight == 0) {
		assert_int_equal(loop_turn(rig.loop, 20), 0);
		probe_engine_stats(rig.engine, &stats);
	}
	assert_int_equal(rig.total, 0);
	usleep(300000);
	ops->expired(probe_slot(rig.engine, 0));
	assert_int_equal(rig.total, 1);
	assert_int_equal(rig.results[0].reason, REASON_PROHIBITED);
	rig_for(&rig, 1000);
	assert_int_equal(rig.total, 1);
	probe_engine_stats(rig.engine, &stats);
	assert_int_equal(stats.in_flight, 0);
	rig_close(&rig);
}

/* The ping socket that all probes share. */
static int
ping_socket(void)
{
	for (int fd = 0; fd < 256; fd++) {
		int protocol = 0;
		socklen_t len = sizeof(protocol);

		if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) == 0 &&
		    protocol == IPPROTO_ICMP)
			return fd;
	}
	return -1;
}

/* The probe's question once more, from here, whatever waits on the socket. */
static void
ask_on(int fd, const struct probe *p)
{
	uint8_t echo[16] = { 8, [6] = (uint8_t)(p->index >> 8), (uint8_t)p->index };
	struct sockaddr_storage sa;
	socklen_t len = addr_sockaddr(&p->addr, 0, &sa);

	if (sendto(fd, echo, sizeof(echo), 0, (struct sockaddr *)&sa, len) < 0)
		assert_int_equal(
		    sendto(fd, echo, sizeof(echo), 0, (struct sockaddr *)&sa, len),
		    sizeof(echo));
}

/* Two rejections wait; that of the first sends its probe to the next address of its
 * host, and that question meets the second, of the probe that is just asking. */
static void
a_rejection_within_another(void **state)
{
	struct probe_config config = fresh_source();
	struct probe_stats stats = { 0 };
	struct probe *first, *second;
	struct rig rig;
	uint16_t spec;

	(void)state;
	rig_open(&rig, &config);
	spec = rig_spec(&rig, METHOD_ICMP, PROTO_ICMP, 2000);
	rig_endpoint(&rig, rig_host(&rig, "10.99.3.8"), spec, 0, 3600);
	rig_endpoint(&rig, rig_host(&rig, "10.99.3.9"), spec, 0, 3600);
	rig_go(&rig);
	probe_engine_all_now(rig.engine);
	for (int i = 0; stats.in_flight < 2 && i < 100; i++) {
		assert_int_equal(loop_turn(rig.loop, 20), 0);
		probe_engine_stats(rig.engine, &stats);
	}
	assert_int_equal(stats.in_flight, 2);
	first = probe_slot(rig.engine, 0);
	second = probe_slot(rig.engine, 1);
	assert_true(addr_parse("10.99.1.8", &first->addr));
	assert_true(addr_parse("10.99.1.10", &first->addrs[1]));
	first->naddrs = 2;
	assert_true(addr_parse("10.99.1.9", &second->addr));
	ask_on(ping_socket(), first);
	ask_on(ping_socket(), second);
	usleep(100000);
	probe_icmp_ops.expired(second);
	rig_for(&rig, 4000);
	assert_int_equal(rig.counts[0], 1);
	assert_int_equal(rig.counts[1], 1);
	assert_int_equal(rig.results[1].reason, REASON_PROHIBITED);
	probe_engine_stats(rig.engine, &stats);
	assert_int_equal(stats.in_flight, 0);
	rig_close(&rig);
}

static void
a_rejection_between_two_questions(void **state)
{
	(void)state;
	late_rejection(METHOD_ICMP, PROTO_ICMP, &probe_icmp_ops);
	late_rejection(METHOD_UDP, PROTO_UDP, &probe_udp_ops);
}

/* A target that no route leads to costs the others on the shared socket no answer: they
 * need not ask a second time, after a quarter of the timeout. */
static void
beside_one_without_a_route(enum probe_method method, enum proto protocol)
{
	struct probe_config config = fresh_source();
	uint16_t port = protocol == PROTO_TCP ? OPEN_PORT : 0;
	struct rig rig;
	uint16_t spec;

	rig_open(&rig, &config);
	spec = rig_spec(&rig, method, protocol, 8000);
	rig_endpoint(&rig, rig_host(&rig, "10.99.0.1"), spec, port, 3600);
	rig_endpoint(&rig, rig_host(&rig, "10.98.0.9"), spec, port, 3600);
	rig_go(&rig);
	probe_engine_all_now(rig.engine);
	assert_true(rig_until(&rig, 2, 1500));
	assert_int_equal(rig.results[0].state, CONNECT_OPEN);
	assert_int_equal(rig.results[1].reason, REASON_NO_ROUTE);
	rig_close(&rig);
}

static void
one_without_a_route_costs_no_answers(void **state)
{
	(void)state;
	beside_one_without_a_route(METHOD_ICMP, PROTO_ICMP);
	beside_one_without_a_route(METHOD_SYN, PROTO_TCP);
}

static void
a_host_that_is_not_there(void **state)
{
	static const struct expectation x = { "10.99.0.77", 80, CONNECT_UNREACHABLE,
		REASON_UNREACHABLE, EHOSTUNREACH, false };
	struct rig rig;

	(void)state;
	rig_open(&rig, &plain);
	rig_endpoint(&rig, rig_host(&rig, x.address),
	    rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 8000), x.port, 3600);
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 20000));
	assert_int_equal(rig.results[0].state, x.state);
	assert_int_equal(rig.results[0].reason, x.reason);
	assert_false(rig.results[0].answered);
	rig_close(&rig);
}

/* Seen from the other side: where the connection came from. */
static void
source_and_interface_are_used(void **state)
{
	struct probe_config config = { .concurrency = 4, .interface = "vu" };
	struct sockaddr_in from, sa = { .sin_family = AF_INET,
		.sin_port = htons(OPEN_PORT),
		.sin_addr.s_addr = htonl(0x0a630002) };
	socklen_t len = sizeof(from);
	struct rig rig;
	uint32_t id;
	int fd, on = 1;

	(void)state;
	/* Our own second address as the target: the listener is in this process. */
	assert_true(addr_parse("10.99.0.3", &config.source));
	config.interface = "";
	fd = socket(AF_INET, SOCK_STREAM, 0);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(listen(fd, 4), 0);
	rig_open(&rig, &config);
	id = rig_endpoint(&rig, rig_host(&rig, "10.99.0.2"),
	    rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 1000), OPEN_PORT, 3600);
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 5000));
	assert_int_equal(rig.results[id].state, CONNECT_OPEN);
	assert_true(accept(fd, (struct sockaddr *)&from, &len) >= 0);
	assert_int_equal(ntohl(from.sin_addr.s_addr), 0x0a630003);
	close(fd);
	rig_close(&rig);

	config.interface = "vu";
	rig_open(&rig, &config);
	rig_endpoint(&rig, rig_host(&rig, "10.99.0.1"),
	    rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 1000), OPEN_PORT, 3600);
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 5000));
	assert_int_equal(rig.results[0].state, CONNECT_OPEN);
	rig_close(&rig);

	config.interface = "nosuchif0";
	rig_open(&rig, &config);
	rig_endpoint(&rig, rig_host(&rig, "10.99.0.1"),
	    rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 1000), OPEN_PORT, 3600);
	rig_go(&rig);
	assert_true(rig_until(&rig, 1, 5000));
	assert_int_equal(rig.results[0].state, CONNECT_PROBE_ERROR);
	assert_int_equal(rig.results[0].error, ENODEV);
	rig_close(&rig);
}

/* With one port only to choose a source from, a connect to it meets itself. */
static void
meeting_itself_is_not_open(void **state)
{
	static const struct expectation x[] = {
		{ "127.0.0.1", 50000, CONNECT_CLOSED, REASON_REFUSED, ECONNREFUSED,
		    true },
		{ "10.99.0.2", 50000, CONNECT_CLOSED, REASON_REFUSED, ECONNREFUSED,
		    true },
	};
	struct rig rig;
	uint16_t spec;

	(void)state;
	assert_true(put("/proc/sys/net/ipv4/ip_local_port_range", "50000 50000"));
	rig_open(&rig, &plain);
	spec = rig_spec(&rig, METHOD_CONNECT, PROTO_TCP, 500);
	for (size_t i = 0; i < 2; i++) {
		uint16_t host = rig_host(&rig, x[i].address);

		rig.plan.hosts[host].local = true;
		rig_endpoint(&rig, host, spec, x[i].port, 3600);
	}
	rig_go(&rig);
	assert_true(rig_until(&rig, 2, 5000));
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(rig.results[i].state, x[i].state);
		assert_int_equal(rig.results[i].reason, x[i].reason);
	}
	rig_close(&rig);
	assert_true(put("/proc/sys/net/ipv4/ip_local_port_range", "32768 60999"));
}

/* No interface up: nothing that could page anybody. */
static void
cut_off(void **state)
{
	static const struct expectation x[] = {
		{ "10.97.0.1", 80, CONNECT_PROBE_ERROR, REASON_NO_ROUTE, ENETUNREACH,
		    false },
	};

	(void)state;
	assert_true(run("ip link set vu down"));
	expect(METHOD_CONNECT, PROTO_TCP, x, 1);
	expect(METHOD_UDP, PROTO_UDP, x, 1);
	expect(METHOD_ICMP, PROTO_ICMP, x, 1);
	expect(METHOD_SYN, PROTO_TCP, x, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp_connect), cmocka_unit_test(tcp_half_open),
		cmocka_unit_test(half_open_from_each_of_our_addresses),
		cmocka_unit_test(udp), cmocka_unit_test(icmp_echo),
		cmocka_unit_test(a_rejection_between_two_questions),
		cmocka_unit_test(a_rejection_within_another),
		cmocka_unit_test(one_without_a_route_costs_no_answers),
		cmocka_unit_test(a_host_that_is_not_there),
		cmocka_unit_test(source_and_interface_are_used),
		cmocka_unit_test(meeting_itself_is_not_open),
		cmocka_unit_test(cut_off), /* the last: it stays so */
	};
	int failed;

	if (!set_up()) {
		puts("skipped: network namespaces or ip(8) are not to be had here");
		return 77;
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	close(router.go);
	waitpid(router.pid, NULL, 0);
	return failed;
}
