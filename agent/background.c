#include "background.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int ready_fd = -1;

/* In the command: one octet says "ready", the end of the pipe that there is nobody. */
static _Noreturn void
wait_until_ready(int fd)
{
	char octet;
	ssize_t n;

	do
		n = read(fd, &octet, 1);
	while (n < 0 && errno == EINTR);
	_exit(n == 1 ? EXIT_SUCCESS : EXIT_FAILURE);
}

int
background_enter(void)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	pid = fork();
	if (pid > 0) {
		close(ends[1]);
		wait_until_ready(ends[0]);
	}
	close(ends[0]);
	if (pid < 0 || setsid() < 0 || chdir("/") != 0) {
		close(ends[1]);
		return -1;
	}
	ready_fd = ends[1];
	return 0;
}

/* Only now, so that what goes wrong before is still seen by whoever started it. */
static void
leave_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO && null >= 0; fd++)
		(void)dup2(null, fd);
	if (null > STDERR_FILENO)
		close(null);
}

void
background_ready(void)
{
	if (ready_fd < 0)
		return;
	leave_terminal();
	(void)!write(ready_fd, "", 1);
	close(ready_fd);
	ready_fd = -1;
}
