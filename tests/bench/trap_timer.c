/*
 * Times notifications: closes a TCP listener of its own at moments that have nothing to
 * do with anybody's interval, and waits at a UDP socket of its own for the packet that
 * tells of it; opens the listener again and waits for the packet that tells of that.
 *
 *     trap_timer [-u OID] ROUNDS DOWN-OID TRAP-PORT PORT...
 *     trap_timer -b 1 DOWN-OID TRAP-PORT PORT...
 *
 * The first PORT is closed and opened, the others stay open.  With -b each is closed,
 * one soon after the other, and stays so; a line has one time then.
 * A packet is the one waited for when the object identifier stands in it.  Without -u
 * no packet tells of the opening, and two seconds are left for it to be noticed.
 *
 * Writes "ready" when the ports are open, and begins with the first line on standard
 * input.  Each round is a line: milliseconds from before close(2) until it has the
 * packet, and from after listen(2); "lost" for one that took longer than WAIT_MS.
 */

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS  5000
#define BLIND_MS 2000 /* left for an opening that nobody tells of */
#define MIN_MS   100  /* before a closing... */
#define SPAN_MS  1100 /* ...and up to so much longer */
#define BURST_MS 75   /* likewise in a burst: about when the disk is at work */

#define PORTS_MAX 2000

struct ber {
	unsigned char bytes[128];
	size_t len;
};

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static double
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void
rest(int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&ts, NULL);
}

static int
open_port(int type, uint16_t port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(
		    type == SOCK_STREAM ? INADDR_ANY : INADDR_LOOPBACK) };
	int on = 1;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0 ||
	    (type == SOCK_STREAM && listen(fd, 128) != 0))
		die("port");
	return fd;
}

/* The identifier's octets as they stand in a message (X.690 section 8.19). */
static struct ber
encode(const char *oid)
{
	struct ber b = { .len = 1 };
	char *end;

	b.bytes[0] = (unsigned char)(40 * strtoul(oid, &end, 10));
	b.bytes[0] = (unsigned char)(b.bytes[0] + strtoul(end + 1, &end, 10));
	while (*end == '.' && b.len + 5 <= sizeof(b.bytes)) {
		unsigned long n = strtoul(end + 1, &end, 10);
		int shift = 28;

		while (shift > 0 && n >> shift == 0)
			shift -= 7;
		for (; shift > 0; shift -= 7)
			b.bytes[b.len++] = (unsigned char)(0x80 | (n >> shift & 0x7f));
		b.bytes[b.len++] = (unsigned char)(n & 0x7f);
	}
	return b;
}

/* Takes one packet; when that was, 0 when it is not the one. */
static double
take(int fd, const struct ber *want)
{
	unsigned char buf[65536];
	ssize_t n = recv(fd, buf, sizeof(buf), 0);
	double now = now_ms();

	if (n < 0)
		die("recv");
	return memmem(buf, (size_t)n, want->bytes, want->len) != NULL ? now : 0;
}

/* Prints how long after `since` the packet came. */
static void
wait_packet(int fd, const struct ber *want, double since, char behind)
{
	struct pollfd p = { fd, POLLIN, 0 };
	double came = 0;

	while (came == 0) {
		int left = (int)(since + WAIT_MS - now_ms());

		if (left <= 0 || poll(&p, 1, left) == 0) {
			printf("lost%c", behind);
			return;
		}
		came = take(fd, want);
	}
	printf("%.3f%c", came - since, behind);
}

static void
round_trip(int traps, uint16_t port, int *listener, const struct ber *down,
    const struct ber *up)
{
	double since;

	rest(MIN_MS + rand() % SPAN_MS);
	since = now_ms();
	close(*listener);
	wait_packet(traps, down, since, ' ');
	rest(MIN_MS + rand() % SPAN_MS);
	*listener = open_port(SOCK_STREAM, port);
	if (up != NULL) {
		wait_packet(traps, up, now_ms(), '\n');
	} else {
		rest(BLIND_MS);
		puts("-");
	}
}

static void
burst(int traps, const int *listeners, int n, const struct ber *down)
{
	for (int i = 0; i < n; i++) {
		double since;

		rest(BURST_MS + rand() % BURST_MS);
		since = now_ms();
		close(listeners[i]);
		wait_packet(traps, down, since, '\n');
	}
}

int
main(int argc, char **argv)
{
	struct ber down, up;
	const char *up_oid = NULL;
	bool in_burst = false;
	int traps, c, n = 0;
	int listeners[PORTS_MAX];
	char line[16];

	while ((c = getopt(argc, argv, "bu:")) != -1) {
		if (c == 'b')
			in_burst = true;
		else if (c == 'u')
			up_oid = optarg;
		else
			return 2;
	}
	argv += optind;
	if (argc - optind < 4 || argc - optind > PORTS_MAX)
		return 2;
	setlinebuf(stdout);
	srand((unsigned)time(NULL));
	down = encode(argv[1]);
	if (up_oid != NULL)
		up = encode(up_oid);
	traps = open_port(SOCK_DGRAM, (uint16_t)atoi(argv[2]));
	for (int i = 3; argv[i] != NULL; i++)
		listeners[n++] = open_port(SOCK_STREAM, (uint16_t)atoi(argv[i]));
	puts("ready");
	if (fgets(line, sizeof(line), stdin) == NULL)
		return 1;
	/* Of the time before. */
	while (recv(traps, line, sizeof(line), MSG_DONTWAIT) >= 0)
		;
	if (in_burst)
		burst(traps, listeners, n, &down);
	for (int i = in_burst ? 0 : atoi(argv[0]); i > 0; i--)
		round_trip(traps, (uint16_t)atoi(argv[3]), &listeners[0], &down,
		    up_oid != NULL ? &up : NULL);
	return 0;
}
