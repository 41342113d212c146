#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe_rig.h"

static const struct probe_config plain = { .concurrency = 64 };

/* What this process may do decides which of the outcomes is the true one. */
static bool
may_ping(int family)
{
	int protocol = family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	int fd = socket(family, SOCK_DGRAM, protocol);

	if (fd < 0)
		fd = socket(family, SOCK_RAW, protocol);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static void
check_echo(struct rig *rig, uint32_t id, int family)
{
	const struct probe_result *r = &rig->results[id];

	if (may_ping(family)) {
		assert_int_equal(r->reason, REASON_ANSWERED);
		assert_int_equal(r->state, CONNECT_OPEN);
		assert_true(r->answered);
		assert_in_range(r->rtt_us, 1, 2000000);
	} else {
		assert_int_equal(r->reason, REASON_NO_PERMISSION);
		assert_int_equal(r->state, CONNECT_PROBE_ERROR);
		assert_non_null(strstr(rig->details[id], "ping_group_range"));
	}
}

/* Many at once over one socket: each gets its own answer. */
static void
echo_on_both_families(void **state)
{
	struct rig rig;
	uint16_t spec;
	char name[10][20];

	(void)state;
	rig_open(&rig, &plain);
	spec = rig_spec(&rig, METHOD_ICMP, PROTO_ICMP, 2000);
	for (int i = 0; i < 10; i++) {
		snprintf(name[i], sizeof(name[i]), "127.0.0.%d", i + 1);
		rig_endpoint(&rig, rig_host(&rig, name[i]), spec, 0, 60);
	}
	rig_endpoint(&rig, rig_host(&rig, "::1"), spec, 0, 60);
	rig_go(&rig);
	probe_engine_all_now(rig.engine);
	assert_true(rig_until(&rig, 11, 5000));
	for (uint32_t i = 0; i < 11; i++) {
		check_echo(&rig, i, i < 10 ? AF_INET : AF_INET6);
		assert_int_equal(rig.counts[i], 1);
	}
	rig_close(&rig);
}

static void
run_unprivileged(void)
{
	struct rig rig;

	if (setgid(65534) != 0 || setuid(65534) != 0)
		_exit(0); /* already unprivileged: the test before covered it */
	rig_open(&rig, &plain);
	rig_endpoint(&rig, rig_host(&rig, "127.0.0.1"),
	    rig_spec(&rig, METHOD_ICMP, PROTO_ICMP, 1000), 0, 60);
	rig_go(&rig);
	if (!rig_until(&rig, 1, 5000))
		_exit(1);
	check_echo(&rig, 0, AF_INET);
	rig_close(&rig);
	_exit(0);
}

static void
without_privilege(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		run_unprivileged();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(echo_on_both_families),
		cmocka_unit_test(without_privilege),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
