#include "listen/procnet.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Addresses are printed as 32-bit words in the machine's byte order ("%08X" of a
 * __be32, get_tcp6_sock() in net/ipv6/tcp_ipv6.c). */
static bool
parse_address(const char *hex, int family, struct addr *out)
{
	size_t words = family == AF_INET ? 1 : 4;
	struct addr a = { .family = (uint8_t)family };

	if (strlen(hex) != 8 * words)
		return false;
	for (size_t i = 0; i < words; i++) {
		char word[9] = { 0 };
		uint32_t v;

		memcpy(word, hex + 8 * i, 8);
		v = (uint32_t)strtoul(word, NULL, 16);
		memcpy(a.bytes + 4 * i, &v, 4);
	}
	*out = a;
	return true;
}

bool
procnet_line(const char *line, enum proto protocol, int family, struct sock *out)
{
	struct sock s = { .l = { .protocol = (uint8_t)protocol, .sockets = 1 } };
	char hex[33];
	unsigned port;
	unsigned peer_port;
	unsigned state;
	unsigned queue;

	/* sl local:port remote:port st tx:rx tr:when retrnsmt uid timeout inode */
	if (sscanf(line,
		" %*u: %32[0-9A-Fa-f]:%4x %*32[0-9A-Fa-f]:%4x %2x %*x:%8x"
		" %*x:%*x %*x %" SCNu32 " %*u %" SCNu32,
		hex, &port, &peer_port, &state, &queue, &s.l.uid, &s.inode) != 7)
		return false;
	if (state != (protocol == PROTO_TCP ? TCP_LISTEN : TCP_CLOSE) || port == 0 ||
	    !parse_address(hex, family, &s.l.addr))
		return false;
	s.l.port = (uint16_t)port;
	if (protocol == PROTO_TCP)
		s.l.queue = queue;
	*out = s;
	return true;
}

static int
read_file(
    enum proto protocol, int family, const struct portset *ports, struct socklist *out)
{
	char path[32];
	char line[512];
	struct sock s;
	FILE *f;
	int error = 0;

	snprintf(path, sizeof(path), "/proc/net/%s%s",
	    protocol == PROTO_TCP ? "tcp" : "udp", family == AF_INET6 ? "6" : "");
	f = fopen(path, "re");
	if (f == NULL)
		return family == AF_INET6 && errno == ENOENT ? 0 : -1;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (procnet_line(line, protocol, family, &s) &&
		    (ports == NULL || portset_has(ports, s.l.port)))
			*socklist_add(out) = s;
	}
	if (ferror(f))
		error = errno != 0 ? errno : EIO;
	fclose(f);
	errno = error;
	return error != 0 ? -1 : 0;
}

static bool
bindv6only(void)
{
	FILE *f = fopen("/proc/sys/net/ipv6/bindv6only", "re");
	int c = f != NULL ? getc(f) : '0';

	if (f != NULL)
		fclose(f);
	return c == '1';
}

static void
guess_dual(struct socklist *list)
{
	struct portset v4 = { 0 };

	if (bindv6only())
		return;
	for (uint32_t i = 0; i < list->n; i++) {
		const struct listener *l = &list->v[i].l;

		if (l->addr.family == AF_INET && addr_is_any(&l->addr) &&
		    !portset_has(&v4, l->port))
			portset_add(&v4, l->port, l->port);
	}
	for (uint32_t i = 0; i < list->n; i++) {
		struct listener *l = &list->v[i].l;

		l->dual = l->addr.family == AF_INET6 && addr_is_any(&l->addr) &&
		          !portset_has(&v4, l->port);
	}
	portset_clear(&v4);
}

int
procnet_read(enum proto protocol, const struct portset *ports, struct socklist *out)
{
	socklist_reset(out);
	if (ports != NULL && ports->count == 0)
		return 0;
	errno = 0;
	if (read_file(protocol, AF_INET, ports, out) == -1 ||
	    read_file(protocol, AF_INET6, ports, out) == -1) {
		socklist_reset(out);
		return -1;
	}
	/* A file is read in pages, in each of which the kernel goes on by position. */
	out->split = true;
	guess_dual(out);
	return 0;
}
