#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/sandbox.h"

static int
open_and_close(int family, int type)
{
	int fd = socket(family, type, 0);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? errno : 0;
}

/* The number of the first expectation that fails, 0 when all hold. */
static int
inside(void)
{
	char *const argv[] = { (char *)(uintptr_t) "true", NULL };
	struct timespec ts = { 0 };

	if (sandbox_enter() != 0)
		return 1;
	if (open_and_close(AF_INET, SOCK_STREAM) != 0 ||
	    open_and_close(AF_INET6, SOCK_DGRAM) != 0 ||
	    open_and_close(AF_UNIX, SOCK_STREAM) != 0 ||
	    open_and_close(AF_NETLINK, SOCK_RAW) != 0)
		return 2;
	if (open_and_close(AF_PACKET, SOCK_RAW) != EPERM)
		return 3;
	execv("/bin/true", argv);
	if (errno != EPERM)
		return 4;
	if (clock_settime(CLOCK_REALTIME, &ts) == 0 || errno != EPERM)
		return 5;
	return 0;
}

static void
what_is_denied_fails_and_the_rest_works(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(inside());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_denied_fails_and_the_rest_works),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
