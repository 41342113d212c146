#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "listen/addrwatch.h"

#define DEADLINE_MS 20000

static void
on_change(void *arg)
{
	++*(unsigned *)arg;
}

/* Every address that getifaddrs(3) lists is here; one of TEST-NET-1 is not. */
static void
knows_the_addresses(void **state)
{
	struct loop *loop = loop_new();
	unsigned changes = 0;
	struct addrwatch *w = addrwatch_new(loop, on_change, &changes);
	struct ifaddrs *list;
	struct addr a;

	(void)state;
	assert_non_null(w);
	assert_true(addrwatch_works(w));
	assert_int_equal(getifaddrs(&list), 0);
	for (const struct ifaddrs *i = list; i != NULL; i = i->ifa_next) {
		if (i->ifa_addr == NULL)
			continue;
		a = addr_from_sockaddr(i->ifa_addr);
		if (a.family != 0)
			assert_true(addrwatch_has(w, &a));
	}
	freeifaddrs(list);
	assert_true(addr_parse("192.0.2.254", &a));
	assert_false(addrwatch_has(w, &a));
	addrwatch_free(w);
	loop_free(loop);
}

/* ---- with addresses of our own, in a network namespace of our own */

/* False where neither privilege nor user namespaces let us have one. */
static bool
own_namespace(void)
{
	return unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

/* Gives "lo" (with a suffix: an alias of it) an IPv4 address, or 0.0.0.0 to take it
 * away; netdevice(7). */
static void
set_address(const char *name, const char *address)
{
	struct ifreq ifr = { 0 };
	struct sockaddr_storage sa;
	struct addr a;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_true(addr_parse(address, &a));
	addr_sockaddr(&a, 0, &sa);
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	memcpy(&ifr.ifr_addr, &sa, sizeof(ifr.ifr_addr));
	assert_int_equal(ioctl(fd, SIOCSIFADDR, &ifr), 0);
	close(fd);
}

static void
await(struct loop *loop, const struct addrwatch *w, const char *address, bool want)
{
	struct mono end = mono_add_ms(mono_now(), DEADLINE_MS);
	struct addr a;

	assert_true(addr_parse(address, &a));
	while (addrwatch_has(w, &a) != want) {
		assert_int_equal(loop_turn(loop, 100), 0);
		assert_true(mono_before(mono_now(), end));
	}
}

static void
follow(void)
{
	struct loop *loop = loop_new();
	unsigned changes = 0;
	struct addrwatch *w;
	char text[32];

	set_address("lo", "127.0.0.1");
	w = addrwatch_new(loop, on_change, &changes);
	assert_non_null(w);
	for (unsigned i = 1; i <= 3; i++) {
		set_address("lo:1", "192.0.2.1");
		await(loop, w, "192.0.2.1", true);
		assert_int_equal(changes, 2 * i - 1);
		set_address("lo:1", "0.0.0.0");
		await(loop, w, "192.0.2.1", false);
		assert_int_equal(changes, 2 * i);
	}
	await(loop, w, "127.0.0.1", true);
	/* More changes than events can be kept. */
	for (unsigned i = 0; i < 3000; i++) {
		snprintf(text, sizeof(text), "10.%u.%u.1", i / 250, 1 + i % 250);
		set_address("lo:1", text);
	}
	await(loop, w, text, true);
	await(loop, w, "10.0.1.1", false);
	await(loop, w, "127.0.0.1", true);
	assert_true(addrwatch_works(w));
	addrwatch_free(w);
	loop_free(loop);
}

static bool
is_netlink(int fd)
{
	struct sockaddr_storage sa = { 0 };
	socklen_t len = sizeof(sa);

	return getsockname(fd, (struct sockaddr *)&sa, &len) == 0 &&
	       sa.ss_family == AF_NETLINK;
}

/* Puts into the watcher's descriptor a socket that says that events were lost, and that
 * nobody answers. */
static void
break_netlink(int fd)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	struct nlmsghdr lost = { .nlmsg_len = sizeof(lost),
		.nlmsg_type = NLMSG_NOOP,
		.nlmsg_flags = NLM_F_DUMP_INTR };
	socklen_t len = sizeof(to);
	int own = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, NETLINK_USERSOCK);
	int peer = socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK);

	assert_true(own >= 0 && peer >= 0);
	assert_int_equal(bind(own, (struct sockaddr *)&to, sizeof(to)), 0);
	assert_int_equal(getsockname(own, (struct sockaddr *)&to, &len), 0);
	assert_int_equal(
	    sendto(peer, &lost, sizeof(lost), 0, (struct sockaddr *)&to, sizeof(to)),
	    sizeof(lost));
	/* The loop still waits for the other one. */
	assert_true(dup(fd) >= 0);
	assert_true(dup2(own, fd) == fd);
}

/* A host must not become a standby because something went wrong here. */
static void
lose(void)
{
	struct loop *loop = loop_new();
	struct mono end = mono_add_ms(mono_now(), DEADLINE_MS);
	unsigned changes = 0;
	struct addrwatch *w;
	int fd = 0;

	set_address("lo", "127.0.0.1");
	w = addrwatch_new(loop, on_change, &changes);
	assert_non_null(w);
	while (!is_netlink(fd))
		fd++;
	break_netlink(fd);
	set_address("lo:1", "192.0.2.1");
	while (addrwatch_works(w) && mono_before(mono_now(), end))
		assert_int_equal(loop_turn(loop, 100), 0);
	assert_false(addrwatch_works(w));
	await(loop, w, "127.0.0.1", true);
	addrwatch_free(w);
	loop_free(loop);
}

/* In a child, so that the test's own namespace stays what it is. */
static void
alone(void (*test)(void))
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		if (!own_namespace())
			_exit(77);
		test();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77) {
		print_message("no network namespace to be had\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
follows_changes(void **state)
{
	(void)state;
	alone(follow);
}

static void
keeps_what_it_knew(void **state)
{
	(void)state;
	alone(lose);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_addresses),
		cmocka_unit_test(follows_changes),
		cmocka_unit_test(keeps_what_it_knew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
