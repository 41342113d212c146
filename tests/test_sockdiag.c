#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "listen/procnet.h"
#include "listen/sockdiag.h"
#include "listen/sockevents.h"
#include "sockfix.h"

#define DEADLINE_MS 10000

static struct portset
ports_of(const int *fd, size_t n)
{
	struct portset set = { 0 };

	for (size_t i = 0; i < n; i++)
		portset_add(&set, sockfix_port(fd[i]), sockfix_port(fd[i]));
	return set;
}

static const struct sock *
find(const struct socklist *list, int fd)
{
	for (uint32_t i = 0; i < list->n; i++) {
		if (list->v[i].inode == (uint32_t)sockfix_inode(fd))
			return &list->v[i];
	}
	return NULL;
}

/* A dump on a socket of its own. */
static void
dump(enum proto protocol, const struct portset *ports, struct socklist *out)
{
	struct sockdiag *d = sockdiag_open();

	assert_non_null(d);
	assert_int_equal(sockdiag_dump(d, protocol, ports, out), 0);
	sockdiag_close(d);
}

static void
tcp_listener_is_described(void **state)
{
	int fd = sockfix_listen("127.0.0.1", 0, 0, 17);
	int client = sockfix_connect("127.0.0.1", sockfix_port(fd), SOCK_STREAM);
	struct portset set = ports_of(&fd, 1);
	struct socklist list = { 0 };
	const struct sock *s;

	(void)state;
	dump(PROTO_TCP, &set, &list);
	/* Neither the connection nor the queued child of the listener is listed. */
	assert_int_equal(list.n, 1);
	s = find(&list, fd);
	assert_non_null(s);
	assert_int_equal(s->l.protocol, PROTO_TCP);
	assert_int_equal(s->l.port, sockfix_port(fd));
	assert_int_equal(s->l.addr.family, AF_INET);
	assert_true(addr_is_loopback(&s->l.addr));
	assert_false(s->l.dual);
	assert_int_equal(s->l.uid, getuid());
	assert_int_equal(s->l.queue, 1);
	assert_int_equal(s->l.queue_limit, 17);
	close(client);
	close(fd);
	portset_clear(&set);
	socklist_clear(&list);
}

static void
v6only_is_told(void **state)
{
	int fd[3];
	struct portset set;
	struct socklist list = { 0 };

	(void)state;
	if (!sockfix_have_ipv6()) {
		print_message("no IPv6 here\n");
		skip();
	}
	fd[0] = sockfix_listen("::", 0, SOCKFIX_DUAL, 5);
	fd[1] = sockfix_listen("::", 0, SOCKFIX_V6ONLY, 5);
	fd[2] = sockfix_listen("::1", 0, SOCKFIX_DUAL, 5);
	set = ports_of(fd, 3);
	dump(PROTO_TCP, &set, &list);
	assert_int_equal(list.n, 3);
	assert_true(find(&list, fd[0])->l.dual);
	assert_false(find(&list, fd[1])->l.dual);
	assert_false(find(&list, fd[2])->l.dual);
	assert_true(addr_is_any(&find(&list, fd[1])->l.addr));
	assert_true(addr_is_loopback(&find(&list, fd[2])->l.addr));
	for (int i = 0; i < 3; i++)
		close(fd[i]);
	portset_clear(&set);
	socklist_clear(&list);
}

/* To any address, but on one interface that no other host is on. */
static void
one_that_is_bound_to_an_interface_is_told(void **state)
{
	int fd[2] = { sockfix_listen("0.0.0.0", 0, 0, 5),
		socket(AF_INET, SOCK_STREAM, 0) };
	struct sockaddr_in sa = { .sin_family = AF_INET };
	struct portset set;
	struct socklist list = { 0 };

	(void)state;
	assert_int_equal(setsockopt(fd[1], SOL_SOCKET, SO_BINDTODEVICE, "lo", 2), 0);
	assert_int_equal(bind(fd[1], (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(listen(fd[1], 5), 0);
	set = ports_of(fd, 2);
	dump(PROTO_TCP, &set, &list);
	assert_int_equal(list.n, 2);
	assert_false(find(&list, fd[0])->l.on_lo);
	assert_true(find(&list, fd[1])->l.on_lo);
	close(fd[0]);
	close(fd[1]);
	portset_clear(&set);
	socklist_clear(&list);
}

static void
udp_bound_but_not_connected(void **state)
{
	int fd[2] = { sockfix_udp("127.0.0.1", 0, 0), sockfix_udp("127.0.0.1", 0, 0) };
	int client = sockfix_connect("127.0.0.1", sockfix_port(fd[0]), SOCK_DGRAM);
	struct portset set = ports_of(fd, 2);
	struct socklist list = { 0 };

	(void)state;
	portset_add(&set, sockfix_port(client), sockfix_port(client));
	dump(PROTO_UDP, &set, &list);
	assert_non_null(find(&list, fd[0]));
	assert_non_null(find(&list, fd[1]));
	assert_null(find(&list, client));
	assert_int_equal(find(&list, fd[0])->l.queue_limit, 0);
	dump(PROTO_TCP, &set, &list);
	assert_null(find(&list, fd[0]));
	close(fd[0]);
	close(fd[1]);
	close(client);
	portset_clear(&set);
	socklist_clear(&list);
}

#define MANY 400

/* More sockets than one part of a dump holds, on more ports than the kernel's filter
 * tells apart; the same from /proc/net. */
static void
many_sockets(void **state)
{
	int fd[MANY];
	struct portset set = { 0 };
	struct socklist all = { 0 };
	struct socklist some = { 0 };
	struct socklist proc = { 0 };

	(void)state;
	for (int i = 0; i < MANY; i++) {
		fd[i] = sockfix_listen("127.0.0.1", 0, 0, 5);
		if (i % 2 == 0)
			portset_add(&set, sockfix_port(fd[i]), sockfix_port(fd[i]));
	}
	assert_true(set.count > 64);
	dump(PROTO_TCP, NULL, &all);
	assert_true(all.split);
	dump(PROTO_TCP, &set, &some);
	assert_int_equal(procnet_read(PROTO_TCP, &set, &proc), 0);
	for (int i = 0; i < MANY; i++) {
		assert_non_null(find(&all, fd[i]));
		assert_int_equal(find(&some, fd[i]) != NULL, i % 2 == 0);
		assert_int_equal(find(&proc, fd[i]) != NULL, i % 2 == 0);
		close(fd[i]);
	}
	portset_clear(&set);
	socklist_clear(&all);
	socklist_clear(&some);
	socklist_clear(&proc);
}

/* More than one request's worth of them, of both families, half of them closed. */
static void
single_sockets_are_confirmed(void **state)
{
	static const enum proto protocols[] = { PROTO_TCP, PROTO_UDP };
	bool six = sockfix_have_ipv6();

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		enum proto protocol = protocols[k];
		struct sockdiag *d = sockdiag_open();
		struct socklist all = { 0 };
		struct socklist found = { 0 };
		struct portset set;
		int fd[150];

		assert_non_null(d);
		for (int i = 0; i < 150; i++) {
			const char *addr = six && i % 3 == 0 ? "::1" : "127.0.0.1";

			fd[i] = protocol == PROTO_TCP ? sockfix_listen(addr, 0, 0, 5)
			                              : sockfix_udp(addr, 0, 0);
		}
		set = ports_of(fd, 150);
		assert_int_equal(sockdiag_dump(d, protocol, &set, &all), 0);
		assert_int_equal(all.n, 150);
		for (int i = 0; i < 150; i += 2)
			close(fd[i]);
		assert_int_equal(sockdiag_confirm(d, protocol, &all, &found), 0);
		assert_int_equal(found.n, 75);
		for (int i = 1; i < 150; i += 2) {
			assert_non_null(find(&found, fd[i]));
			close(fd[i]);
		}
		assert_int_equal(sockdiag_confirm(d, protocol, &all, &found), 0);
		assert_int_equal(found.n, 0);
		portset_clear(&set);
		socklist_clear(&all);
		socklist_clear(&found);
		sockdiag_close(d);
	}
}

static void
no_ports_no_sockets(void **state)
{
	int fd = sockfix_listen("127.0.0.1", 0, 0, 5);
	struct portset set = { 0 };
	struct socklist list = { 0 };

	(void)state;
	dump(PROTO_TCP, NULL, &list);
	assert_true(list.n >= 1);
	dump(PROTO_TCP, &set, &list);
	assert_int_equal(list.n, 0);
	close(fd);
	socklist_clear(&list);
}

/* A dump that nobody read on does not block the next one, nor leak into it. */
static void
abandoned_dump(void **state)
{
	struct sockdiag *d = sockdiag_open();
	int fd[MANY];
	struct portset set;
	struct socklist list = { 0 };

	(void)state;
	assert_non_null(d);
	for (int i = 0; i < MANY; i++)
		fd[i] = sockfix_listen("127.0.0.1", 0, 0, 5);
	set = ports_of(fd, 1);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(sockdiag_begin(d, PROTO_TCP, AF_INET, NULL), 0);
		if (i > 0)
			assert_int_equal(sockdiag_read(d, &list), 1);
		assert_int_equal(sockdiag_dump(d, PROTO_TCP, &set, &list), 0);
		assert_int_equal(list.n, 1);
		assert_non_null(find(&list, fd[0]));
	}
	for (int i = 0; i < MANY; i++)
		close(fd[i]);
	portset_clear(&set);
	socklist_clear(&list);
	sockdiag_close(d);
}

/* ---- events */

/* Reads events until `want` came or the deadline has passed. */
static void
await(struct sockevents *e, uint64_t want, struct portset *ended)
{
	struct pollfd p = { .fd = sockevents_fd(e), .events = POLLIN };
	uint64_t count = 0;

	while (count < want) {
		assert_int_equal(poll(&p, 1, DEADLINE_MS), 1);
		assert_int_equal(sockevents_read(e, ended, &count), 0);
	}
	assert_int_equal(count, want);
}

/* The unwatched one ends first: what the filter let pass of it would be counted. */
static void
a_close_is_told(enum proto protocol, int watched, int unwatched)
{
	struct portset set = ports_of(&watched, 1);
	struct portset ended = { 0 };
	struct sockevents *e = sockevents_open(protocol, &set);

	assert_non_null(e);
	close(unwatched);
	close(watched);
	await(e, 1, &ended);
	assert_true(portset_equal(&set, &ended));
	portset_clear(&ended);
	portset_clear(&set);
	sockevents_close(e);
}

static void
closes_are_told(void **state)
{
	(void)state;
	a_close_is_told(PROTO_TCP, sockfix_listen("127.0.0.1", 0, 0, 5),
	    sockfix_listen("127.0.0.1", 0, 0, 5));
	a_close_is_told(
	    PROTO_UDP, sockfix_udp("127.0.0.1", 0, 0), sockfix_udp("127.0.0.1", 0, 0));
	if (!sockfix_have_ipv6())
		return;
	a_close_is_told(
	    PROTO_TCP, sockfix_listen("::", 0, 0, 5), sockfix_listen("::1", 0, 0, 5));
	a_close_is_told(PROTO_UDP, sockfix_udp("::", 0, 0), sockfix_udp("::1", 0, 0));
}

/* Connections of a watched port end by thousands; only the listener's end counts. */
static void
connections_are_filtered(void **state)
{
	int fd = sockfix_listen("127.0.0.1", 0, 0, 128);
	struct portset set = ports_of(&fd, 1);
	struct portset ended = { 0 };
	struct sockevents *e = sockevents_open(PROTO_TCP, &set);

	(void)state;
	assert_non_null(e);
	for (int i = 0; i < 1000; i++) {
		int client = sockfix_connect(
		    "127.0.0.1", sockfix_port(fd), SOCK_STREAM);
		int server = accept(fd, NULL, NULL);

		assert_true(server >= 0);
		close(i % 2 != 0 ? client : server);
		close(i % 2 != 0 ? server : client);
	}
	close(fd);
	await(e, 1, &ended);
	portset_clear(&ended);
	portset_clear(&set);
	sockevents_close(e);
}

static void
filter_follows(void **state)
{
	int fd[2] = { sockfix_listen("127.0.0.1", 0, 0, 5),
		sockfix_listen("127.0.0.1", 0, 0, 5) };
	struct portset first = ports_of(&fd[0], 1);
	struct portset second = ports_of(&fd[1], 1);
	struct portset ended = { 0 };
	struct sockevents *e = sockevents_open(PROTO_TCP, &first);

	(void)state;
	assert_non_null(e);
	assert_int_equal(sockevents_filter(e, &second), 0);
	close(fd[0]);
	close(fd[1]);
	await(e, 1, &ended);
	assert_true(portset_equal(&ended, &second));
	portset_clear(&first);
	portset_clear(&second);
	portset_clear(&ended);
	sockevents_close(e);
}

/* More ends than the receive buffer holds: the reader is told that some are lost.  The
 * one that ends last, seen by a second reader, says when to look. */
static void
overflow_is_told(void **state)
{
	int fd[MANY];
	int last = sockfix_listen("127.0.0.1", 0, 0, 5);
	struct portset set;
	struct portset last_set = ports_of(&last, 1);
	struct portset ended = { 0 };
	struct sockevents *e;
	struct sockevents *e_last = sockevents_open(PROTO_TCP, &last_set);
	int small = 4096;
	uint64_t count = 0;

	(void)state;
	for (int i = 0; i < MANY; i++)
		fd[i] = sockfix_listen("127.0.0.1", 0, 0, 5);
	set = ports_of(fd, MANY);
	e = sockevents_open(PROTO_TCP, &set);
	assert_non_null(e);
	assert_non_null(e_last);
	assert_int_equal(
	    setsockopt(sockevents_fd(e), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)),
	    0);
	for (int i = 0; i < MANY; i++)
		close(fd[i]);
	close(last);
	await(e_last, 1, &ended);
	assert_int_equal(sockevents_read(e, &ended, &count), -1);
	assert_int_equal(errno, ENOBUFS);
	assert_true(count < MANY);
	portset_clear(&set);
	portset_clear(&last_set);
	portset_clear(&ended);
	sockevents_close(e);
	sockevents_close(e_last);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp_listener_is_described),
		cmocka_unit_test(v6only_is_told),
		cmocka_unit_test(one_that_is_bound_to_an_interface_is_told),
		cmocka_unit_test(udp_bound_but_not_connected),
		cmocka_unit_test(many_sockets),
		cmocka_unit_test(single_sockets_are_confirmed),
		cmocka_unit_test(no_ports_no_sockets),
		cmocka_unit_test(abandoned_dump),
		cmocka_unit_test(closes_are_told),
		cmocka_unit_test(connections_are_filtered),
		cmocka_unit_test(filter_follows),
		cmocka_unit_test(overflow_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
