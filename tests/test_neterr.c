#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe/neterr.h"

enum who { NOBODY, HOST, ROUTER };

struct expectation {
	int error;
	bool local;
	enum who sender; /* of an ICMP message */
	uint8_t family, type, code;
	enum connect_state state;
	enum reason reason;
	bool answered;
};

/* type 3 is ICMP destination unreachable, 1 is ICMPv6's */
static const struct expectation table[] = {
	{ ECONNREFUSED, false, NOBODY, AF_INET, 0, 0, CONNECT_CLOSED, REASON_REFUSED,
	    true },
	{ ECONNREFUSED, true, NOBODY, AF_INET, 0, 0, CONNECT_CLOSED, REASON_REFUSED,
	    true },
	{ ECONNREFUSED, false, HOST, AF_INET, 3, 3, CONNECT_CLOSED, REASON_REFUSED,
	    true },
	{ ECONNREFUSED, false, ROUTER, AF_INET, 3, 3, CONNECT_CLOSED, REASON_REFUSED,
	    false },
	{ ETIMEDOUT, false, NOBODY, AF_INET, 0, 0, CONNECT_FILTERED, REASON_TIMEOUT,
	    false },
	/* what EHOSTUNREACH hides */
	{ EHOSTUNREACH, false, ROUTER, AF_INET, 3, 1, CONNECT_UNREACHABLE,
	    REASON_UNREACHABLE, false },
	{ EHOSTUNREACH, false, HOST, AF_INET, 3, 10, CONNECT_FILTERED,
	    REASON_PROHIBITED, true },
	{ EHOSTUNREACH, false, ROUTER, AF_INET, 3, 13, CONNECT_FILTERED,
	    REASON_PROHIBITED, false },
	{ ENETUNREACH, false, ROUTER, AF_INET, 3, 9, CONNECT_FILTERED,
	    REASON_PROHIBITED, false },
	{ ENETUNREACH, false, ROUTER, AF_INET, 3, 0, CONNECT_UNREACHABLE,
	    REASON_UNREACHABLE, false },
	{ EHOSTUNREACH, false, NOBODY, AF_INET, 0, 0, CONNECT_UNREACHABLE,
	    REASON_UNREACHABLE, false },
	{ ENOPROTOOPT, false, HOST, AF_INET, 3, 2, CONNECT_CLOSED, REASON_REFUSED,
	    true },
	{ EACCES, false, ROUTER, AF_INET6, 1, 1, CONNECT_FILTERED, REASON_PROHIBITED,
	    false },
	{ EACCES, false, HOST, AF_INET6, 1, 5, CONNECT_FILTERED, REASON_PROHIBITED,
	    true },
	{ EACCES, false, NOBODY, AF_INET6, 0, 0, CONNECT_FILTERED, REASON_PROHIBITED,
	    false },
	{ ENETUNREACH, false, ROUTER, AF_INET6, 1, 0, CONNECT_UNREACHABLE,
	    REASON_UNREACHABLE, false },
	/* the system refused to send */
	{ ENETUNREACH, true, NOBODY, AF_INET, 0, 0, CONNECT_PROBE_ERROR,
	    REASON_NO_ROUTE, false },
	{ EHOSTUNREACH, true, NOBODY, AF_INET, 0, 0, CONNECT_PROBE_ERROR,
	    REASON_NO_ROUTE, false },
	{ ENETDOWN, true, NOBODY, AF_INET, 0, 0, CONNECT_PROBE_ERROR, REASON_NO_ROUTE,
	    false },
	{ EADDRNOTAVAIL, true, NOBODY, AF_INET, 0, 0, CONNECT_PROBE_ERROR,
	    REASON_NO_ROUTE, false },
	{ EADDRNOTAVAIL, false, NOBODY, AF_INET, 0, 0, CONNECT_PROBE_ERROR,
	    REASON_NO_ROUTE, false },
	{ EMFILE, true, NOBODY, AF_INET, 0, 0, CONNECT_PROBE_ERROR, REASON_FD_LIMIT,
	    false },
	{ ENFILE, true, NOBODY, AF_INET, 0, 0, CONNECT_PROBE_ERROR, REASON_FD_LIMIT,
	    false },
	{ EACCES, true, NOBODY, AF_INET, 0, 0, CONNECT_PROBE_ERROR, REASON_LOCAL_ERROR,
	    false },
	{ EPERM, true, NOBODY, AF_INET, 0, 0, CONNECT_PROBE_ERROR, REASON_LOCAL_ERROR,
	    false },
};

static void
every_error_has_its_meaning(void **state)
{
	static const char *const targets[] = { "192.0.2.1", "2001:db8::1" };
	static const char *const routers[] = { "192.0.2.254", "2001:db8::fe" };

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct expectation *x = &table[i];
		struct neterr_icmp icmp = {
			.present = x->sender != NOBODY, .type = x->type, .code = x->code
		};
		struct addr target;
		struct neterr_outcome o;

		assert_true(addr_parse(targets[x->family == AF_INET6], &target));
		if (x->sender == HOST)
			icmp.sender = target;
		else
			assert_true(
			    addr_parse(routers[x->family == AF_INET6], &icmp.sender));
		o = neterr_classify(x->error, x->local, &target,
		    x->sender == NOBODY && i % 2 == 0 ? NULL : &icmp);
		if (o.state != x->state || o.reason != x->reason ||
		    o.answered != x->answered || o.error != x->error)
			fail_msg("entry %zu: state %d reason %d answered %d", i,
			    o.state, o.reason, o.answered);
	}
}

/* The kernel's real message: a datagram to a closed port of this machine. */
static void
the_error_queue_tells_who_and_what(void **state)
{
	static const char *const addresses[] = { "127.0.0.1", "::1" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct addr target;
		struct neterr_icmp icmp;
		struct sockaddr_storage sa;
		socklen_t len;
		int fd, on = 1;

		assert_true(addr_parse(addresses[i], &target));
		len = addr_sockaddr(&target, 9, &sa);
		fd = socket(target.family, SOCK_DGRAM | SOCK_NONBLOCK, 0);
		assert_int_equal(setsockopt(fd, i ? IPPROTO_IPV6 : IPPROTO_IP,
				     i ? IPV6_RECVERR : IP_RECVERR, &on, sizeof(on)),
		    0);
		assert_int_equal(connect(fd, (struct sockaddr *)&sa, len), 0);
		assert_false(neterr_read(fd, &icmp));
		assert_int_equal(send(fd, "svcport", 7, 0), 7);
		assert_true(neterr_read(fd, &icmp));
		assert_true(icmp.present);
		assert_int_equal(icmp.error, ECONNREFUSED);
		assert_true(addr_equal(&icmp.sender, &target));
		assert_true(addr_equal(&icmp.dest, &target));
		assert_int_equal(icmp.len, 7);
		assert_memory_equal(icmp.payload, "svcport", 7);
		assert_int_equal(icmp.type, i ? 1 : 3);
		assert_int_equal(icmp.code, i ? 4 : 3);
		close(fd);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_error_has_its_meaning),
		cmocka_unit_test(the_error_queue_tells_who_and_what),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
