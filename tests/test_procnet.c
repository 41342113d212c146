#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listen/procnet.h"
#include "listen/sockdiag.h"
#include "sockfix.h"

/* As Linux 6.1 on a little-endian machine printed them, shortened. */
static const char *const tcp4 =
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  "
    "1000        0 4711 1 0000000000000000 100 0 0 10 0";
static const char *const tcp4_connected =
    "   1: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000  "
    "1000        0 4712 1 0000000000000000 20 0 0 10 -1";
static const char *const udp6 =
    "  7: B80D0120000000000000000001000000:0202 00000000000000000000000000000000:0000 "
    "07 00000000:00000000 00:00000000 00000000     0        0 99 2 0000000000000000 0";

static bool
little_endian(void)
{
	const uint16_t one = 1;

	return *(const uint8_t *)&one == 1;
}

static void
lines_are_parsed(void **state)
{
	struct sock s;
	char buf[ADDR_TEXT];

	(void)state;
	assert_true(procnet_line(tcp4, PROTO_TCP, AF_INET, &s));
	assert_int_equal(s.l.port, 8080);
	assert_int_equal(s.l.uid, 1000);
	assert_int_equal(s.l.queue, 3);
	assert_int_equal(s.inode, 4711);
	assert_int_equal(s.l.sockets, 1);
	if (little_endian())
		assert_string_equal(addr_format(&s.l.addr, buf), "127.0.0.1");
	assert_true(procnet_line(udp6, PROTO_UDP, AF_INET6, &s));
	assert_int_equal(s.l.port, 514);
	assert_int_equal(s.inode, 99);
	if (little_endian())
		assert_string_equal(addr_format(&s.l.addr, buf), "2001:db8::1");
}

static void
other_lines_are_not(void **state)
{
	struct sock s = { .inode = 42 };

	(void)state;
	assert_false(procnet_line(tcp4_connected, PROTO_TCP, AF_INET, &s));
	assert_false(procnet_line(tcp4, PROTO_UDP, AF_INET, &s));
	assert_false(procnet_line(tcp4, PROTO_TCP, AF_INET6, &s));
	assert_false(procnet_line(udp6, PROTO_UDP, AF_INET, &s));
	assert_false(procnet_line("", PROTO_TCP, AF_INET, &s));
	assert_false(procnet_line(
	    "  sl  local_address rem_address   st tx_queue", PROTO_TCP, AF_INET, &s));
	assert_false(procnet_line(
	    "   0: 0100007F:1F90 00000000:0000 0A 00000000", PROTO_TCP, AF_INET, &s));
	assert_int_equal(s.inode, 42);
}

/* ---- the same table from both sources */

static const struct listener *
find(const struct listener_table *t, enum proto protocol, uint16_t port, uint32_t nth)
{
	uint32_t i = listeners_find(t, protocol, port) + nth;

	assert_true(i < t->n && t->v[i].protocol == protocol && t->v[i].port == port);
	return &t->v[i];
}

static void
same(enum proto protocol, const int *fd, size_t n, uint32_t want)
{
	struct portset set = { 0 };
	struct socklist a = { 0 };
	struct socklist b = { 0 };
	struct sockdiag *d = sockdiag_open();
	struct listener_table *netlink;
	struct listener_table *proc;

	for (size_t i = 0; i < n; i++)
		portset_add(&set, sockfix_port(fd[i]), sockfix_port(fd[i]));
	assert_non_null(d);
	assert_int_equal(sockdiag_dump(d, protocol, &set, &a), 0);
	assert_int_equal(procnet_read(protocol, &set, &b), 0);
	netlink = socklist_table(&a, NULL);
	proc = socklist_table(&b, NULL);
	assert_int_equal(netlink->n, want);
	assert_int_equal(proc->n, want);
	for (uint32_t i = 0; i < want; i++) {
		const struct listener *x = &netlink->v[i];
		const struct listener *y = &proc->v[i];
		char xname[LISTENERS_NAME_MAX];
		char yname[LISTENERS_NAME_MAX];

		assert_string_equal(listeners_name(x, xname), listeners_name(y, yname));
		assert_int_equal(x->uid, y->uid);
		assert_int_equal(x->queue, y->queue);
		assert_int_equal(x->sockets, y->sockets);
		assert_int_equal(x->dual, y->dual);
	}
	listeners_unref(netlink);
	listeners_unref(proc);
	portset_clear(&set);
	socklist_clear(&a);
	socklist_clear(&b);
	sockdiag_close(d);
}

static void
tcp_parity(void **state)
{
	int fd[8];
	size_t n = 0;
	int client;

	(void)state;
	fd[n++] = sockfix_listen("127.0.0.1", 0, 0, 5);
	fd[n++] = sockfix_listen("0.0.0.0", 0, 0, 5);
	fd[n++] = sockfix_listen("0.0.0.0", 0, SOCKFIX_REUSE, 5);
	fd[n] = sockfix_listen("0.0.0.0", sockfix_port(fd[n - 1]), SOCKFIX_REUSE, 5);
	n++;
	client = sockfix_connect("127.0.0.1", sockfix_port(fd[1]), SOCK_STREAM);
	same(PROTO_TCP, fd, n, 3);
	if (sockfix_have_ipv6()) {
		fd[n++] = sockfix_listen("::1", 0, 0, 5);
		fd[n++] = sockfix_listen("::", 0, SOCKFIX_DUAL, 5);
		fd[n++] = sockfix_listen("::", 0, SOCKFIX_V6ONLY, 5);
		fd[n] = sockfix_listen("0.0.0.0", sockfix_port(fd[n - 1]), 0, 5);
		n++;
		same(PROTO_TCP, fd, n, 7);
	}
	for (size_t i = 0; i < n; i++)
		close(fd[i]);
	close(client);
}

static void
udp_parity(void **state)
{
	int fd[4];
	size_t n = 0;
	int client;

	(void)state;
	fd[n++] = sockfix_udp("127.0.0.1", 0, 0);
	fd[n++] = sockfix_udp("0.0.0.0", 0, 0);
	client = sockfix_connect("127.0.0.1", sockfix_port(fd[0]), SOCK_DGRAM);
	fd[n++] = client;
	same(PROTO_UDP, fd, n, 2);
	if (sockfix_have_ipv6()) {
		fd[n++] = sockfix_udp("::", 0, SOCKFIX_DUAL);
		same(PROTO_UDP, fd, n, 3);
	}
	for (size_t i = 0; i < n; i++)
		close(fd[i]);
}

/* Where both families have their own socket, [::] is not taken for IPv4 too. */
static void
both_families_apart(void **state)
{
	struct portset set = { 0 };
	struct socklist list = { 0 };
	struct listener_table *t;
	int six;
	int four;
	uint16_t port;

	(void)state;
	if (!sockfix_have_ipv6()) {
		print_message("no IPv6 here\n");
		skip();
	}
	six = sockfix_listen("::", 0, SOCKFIX_V6ONLY, 5);
	port = sockfix_port(six);
	four = sockfix_listen("0.0.0.0", port, 0, 5);
	portset_add(&set, port, port);
	assert_int_equal(procnet_read(PROTO_TCP, &set, &list), 0);
	t = socklist_table(NULL, &list);
	assert_int_equal(find(t, PROTO_TCP, port, 0)->addr.family, AF_INET);
	assert_false(find(t, PROTO_TCP, port, 1)->dual);
	listeners_unref(t);
	close(four);
	socklist_clear(&list);
	portset_clear(&set);
	close(six);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_parsed),
		cmocka_unit_test(other_lines_are_not),
		cmocka_unit_test(tcp_parity),
		cmocka_unit_test(udp_parity),
		cmocka_unit_test(both_families_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
