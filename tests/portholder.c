/*
 * Holds ports open for demonstrations and tests:
 *
 *     portholder PORT...
 *
 * A port is "tcp/443", or "udp/127.0.0.1/53" for one address.  Listens on each, takes
 * connections and datagrams and answers none.  Lines on standard input: "open PORT",
 * "close PORT"; each is answered by the same line when it is done, or by "error" and
 * the reason.  Ends with standard input.
 */

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORTS_MAX 256
#define LINE_SIZE 128

struct held {
	char name[64];
	int fd; /* -1 while closed */
	int type;
};

static struct held held[PORTS_MAX];
static size_t nheld;

static int
listen_at(const struct addrinfo *ai, bool everywhere)
{
	int on = 1, off = 0;
	int fd = socket(
	    ai->ai_family, ai->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	/* Else connections that were taken keep the port for a while. */
	if (ai->ai_socktype == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (ai->ai_family == AF_INET6 && everywhere)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 &&
	    (ai->ai_socktype != SOCK_STREAM || listen(fd, 128) == 0))
		return fd;
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

static int
open_port(struct held *h)
{
	struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICHOST,
		.ai_socktype = h->type };
	struct addrinfo *list;
	char address[sizeof(h->name)];
	char *slash;
	bool everywhere;

	strcpy(address, strchr(h->name, '/') + 1);
	slash = strchr(address, '/');
	everywhere = slash == NULL;
	if (everywhere)
		strcpy(address,
		    access("/proc/net/if_inet6", R_OK) == 0 ? "::" : "0.0.0.0");
	else
		*slash = '\0';
	if (getaddrinfo(address, strrchr(h->name, '/') + 1, &hints, &list) != 0) {
		errno = EINVAL;
		return -1;
	}
	h->fd = listen_at(list, everywhere);
	freeaddrinfo(list);
	return h->fd < 0 ? -1 : 0;
}

/* NULL for a name that is none. */
static struct held *
find(const char *name)
{
	struct held *h = &held[nheld];

	for (size_t i = 0; i < nheld; i++)
		if (strcmp(held[i].name, name) == 0)
			return &held[i];
	if (nheld == PORTS_MAX || strlen(name) >= sizeof(h->name) ||
	    (strncmp(name, "tcp/", 4) != 0 && strncmp(name, "udp/", 4) != 0))
		return NULL;
	strcpy(h->name, name);
	h->type = name[0] == 't' ? SOCK_STREAM : SOCK_DGRAM;
	h->fd = -1;
	nheld++;
	return h;
}

static int
obey(const char *verb, const char *name)
{
	struct held *h = find(name);

	errno = EINVAL;
	if (h == NULL)
		return -1;
	if (strcmp(verb, "open") == 0)
		return h->fd >= 0 ? 0 : open_port(h);
	if (strcmp(verb, "close") != 0)
		return -1;
	if (h->fd >= 0)
		close(h->fd);
	h->fd = -1;
	return 0;
}

/* Takes what there is, and forgets it. */
static void
swallow(struct held *h)
{
	char octets[2048];
	int fd;

	if (h->type == SOCK_DGRAM) {
		while (recv(h->fd, octets, sizeof(octets), 0) >= 0)
			continue;
		return;
	}
	while ((fd = accept(h->fd, NULL, NULL)) >= 0)
		close(fd);
}

/* One command, the line without its end.  False at the end of input. */
static bool
command(void)
{
	static char line[LINE_SIZE];
	static size_t len;
	char verb[8], name[64];
	char c;

	if (read(STDIN_FILENO, &c, 1) != 1)
		return false;
	if (c != '\n') {
		if (len < sizeof(line) - 1)
			line[len++] = c;
		return true;
	}
	line[len] = '\0';
	len = 0;
	if (sscanf(line, "%7s %63s", verb, name) != 2 || obey(verb, name) != 0)
		printf("error %s: %s\n", line, strerror(errno));
	else
		puts(line);
	return true;
}

static bool
turn(void)
{
	struct pollfd fds[PORTS_MAX + 1] = { { .fd = STDIN_FILENO, .events = POLLIN } };

	for (size_t i = 0; i < nheld; i++)
		fds[i + 1] = (struct pollfd){ .fd = held[i].fd, .events = POLLIN };
	if (poll(fds, (nfds_t)nheld + 1, -1) < 0)
		return errno == EINTR;
	for (size_t i = 0; i < nheld; i++)
		if ((fds[i + 1].revents & POLLIN) != 0)
			swallow(&held[i]);
	return fds[0].revents == 0 || command();
}

int
main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 1; i < argc; i++) {
		if (obey("open", argv[i]) != 0) {
			fprintf(
			    stderr, "portholder: %s: %s\n", argv[i], strerror(errno));
			return 1;
		}
	}
	puts("ready");
	while (turn())
		continue;
	return 0;
}
