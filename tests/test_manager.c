#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "manager.h"

#define TIMEOUT_US 20000
#define TURNS      200

/* A socket that takes datagrams and answers none; its address in text[32]. */
static int
silent_peer(char text[32])
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	snprintf(text, 32, "udp:127.0.0.1:%u", ntohs(sin.sin_port));
	return fd;
}

/* As `svcport watch` asks them: whoever was read is asked again at once. */
static void
those_that_are_always_due_keep_nobody_waiting(void **state)
{
	static const uint32_t root[] = { 1, 3, 6, 1, 4, 1, 99 };
	static u_char community[] = "public";
	char text[32];
	int fd = silent_peer(text);
	struct manager_agent agents[3] = { { .peer = text }, { .peer = text },
		{ .peer = text } };
	netsnmp_session session;
	struct manager_query query = {
		.session = &session, .root = root, .root_len = 7, .at_once = 1
	};
	struct manager *m;

	(void)state;
	snmp_sess_init(&session);
	session.version = SNMP_VERSION_2c;
	session.community = community;
	session.community_len = 6;
	session.timeout = TIMEOUT_US;
	session.retries = 0;
	m = manager_new(&query, agents, 3);
	for (int i = 0; i < TURNS && agents[2].error == NULL; i++) {
		for (size_t k = 0; k < 3; k++)
			manager_ask(m, k);
		manager_wait(m, -1, 10);
	}
	for (size_t k = 0; k < 3; k++)
		assert_non_null(agents[k].error);
	manager_free(m);
	for (size_t k = 0; k < 3; k++)
		manager_clear(&agents[k]);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(those_that_are_always_due_keep_nobody_waiting),
	};

	setenv("MIBS", "", 1);
	init_snmp("test_manager");
	return cmocka_run_group_tests_name("manager", tests, NULL, NULL);
}
