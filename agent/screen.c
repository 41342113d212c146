#include "screen.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static volatile sig_atomic_t ending;
static volatile sig_atomic_t stopping;

static void
on_end(int sig)
{
	(void)sig;
	ending = 1;
}

static void
on_stop(int sig)
{
	(void)sig;
	stopping = 1;
}

/* That a wait was interrupted is all that matters. */
static void
on_resize(int sig)
{
	(void)sig;
}

static void
take(void)
{
	struct termios raw = before;

	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	/* alternate screen, cursor hidden, lines not wrapped */
	fputs("\033[?1049h\033[?25l\033[?7l", stdout);
	fflush(stdout);
}

static void
give_back(void)
{
	fputs("\033[?7h\033[?25h\033[?1049l", stdout);
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

int
screen_open(void)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa = { .sa_handler = on_end };

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
	    tcgetattr(STDIN_FILENO, &before) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		sigaction(ends[i], &sa, NULL);
	sa.sa_handler = on_stop;
	sigaction(SIGTSTP, &sa, NULL);
	sa.sa_handler = on_resize;
	sigaction(SIGWINCH, &sa, NULL);
	sigaction(SIGCONT, &sa, NULL);
	take();
	return 0;
}

void
screen_close(void)
{
	give_back();
}

void
screen_size(unsigned *width, unsigned *height)
{
	struct winsize ws;

	*width = 80;
	*height = 24;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0 &&
	    ws.ws_row > 0) {
		*width = ws.ws_col;
		*height = ws.ws_row;
	}
}

bool
screen_ended(void)
{
	return ending != 0;
}

bool
screen_suspended(void)
{
	if (!stopping)
		return false;
	stopping = 0;
	give_back();
	raise(SIGSTOP);
	take();
	return true;
}

size_t
screen_keys(char *buf, size_t size)
{
	struct pollfd pfd = { STDIN_FILENO, POLLIN, 0 };
	ssize_t n;

	if (poll(&pfd, 1, 0) <= 0)
		return 0;
	n = read(STDIN_FILENO, buf, size - 1);
	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
		ending = 1; /* nobody is there any more */
	return n > 0 ? (size_t)n : 0;
}
