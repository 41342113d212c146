#include "dns_rig.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define TYPE_A    1
#define TYPE_AAAA 28

static size_t
put(uint8_t *at, const void *bytes, size_t len)
{
	memcpy(at, bytes, len);
	return len;
}

static size_t
answer_record(uint8_t *at, uint16_t type, const char *text, uint32_t ttl)
{
	uint8_t head[] = { 0xc0, 12, 0, (uint8_t)type, 0, 1, (uint8_t)(ttl >> 24),
		(uint8_t)(ttl >> 16), (uint8_t)(ttl >> 8), (uint8_t)ttl, 0,
		type == TYPE_A ? 4 : 16 };
	struct addr a;
	size_t n;

	if (!addr_parse(text, &a))
		abort();
	n = put(at, head, sizeof(head));
	return n + put(at + n, a.bytes, head[11]);
}

static const struct dns_record *
find_record(const struct dns_rig *dns, const uint8_t *question, size_t *len)
{
	char name[256] = "";
	size_t at = 0;

	while (question[at] != 0) {
		size_t n = question[at];

		if (name[0] != '\0')
			strcat(name, ".");
		strncat(name, (const char *)question + at + 1, n);
		at += n + 1;
	}
	*len = at + 5;
	for (size_t i = 0; i < dns->nrecords; i++) {
		if (strcasecmp(dns->records[i].name, name) == 0)
			return &dns->records[i];
	}
	return NULL;
}

static size_t
answer_records(uint8_t *at, const struct dns_record *r, uint16_t type, size_t *n)
{
	const char *const *list = type == TYPE_A ? r->v4 : r->v6;
	size_t max = type == TYPE_A ? 6 : type == TYPE_AAAA ? 2 : 0;
	size_t len = 0;

	for (*n = 0; *n < max && list[*n] != NULL; (*n)++)
		len += answer_record(at + len, type, list[*n], r->ttl);
	return len;
}

static void
on_question(void *arg, int fd, unsigned events)
{
	struct dns_rig *dns = arg;
	uint8_t m[1024];
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	ssize_t got = recvfrom(
	    fd, m, 512, MSG_DONTWAIT, (struct sockaddr *)&from, &from_len);
	const struct dns_record *r;
	size_t len, n = 0;
	uint16_t type;

	(void)events;
	if (got < 17)
		return;
	r = find_record(dns, m + 12, &len);
	type = (uint16_t)(m[12 + len - 4] << 8 | m[12 + len - 3]);
	dns->asked += type == TYPE_A;
	if (r != NULL && r->rcode < 0)
		return;
	m[2] = 0x81;
	m[3] = (uint8_t)(0x80 | (r == NULL ? 3 : r->rcode));
	memset(m + 6, 0, 6);
	len += 12;
	if (r != NULL && r->rcode == 0)
		len += answer_records(m + len, r, type, &n);
	m[7] = (uint8_t)n;
	(void)sendto(fd, m, len, 0, (struct sockaddr *)&from, from_len);
}

void
dns_open(struct dns_rig *dns, struct loop *loop)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sa);

	memset(dns, 0, sizeof(*dns));
	dns->loop = loop;
	dns->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (bind(dns->fd, (struct sockaddr *)&sa, len) != 0 ||
	    getsockname(dns->fd, (struct sockaddr *)&sa, &len) != 0 ||
	    loop_fd_add(loop, dns->fd, LOOP_READ, on_question, dns) == NULL ||
	    !addr_parse("127.0.0.1", &dns->addr))
		abort();
	dns->port = ntohs(sa.sin_port);
}

void
dns_close(struct dns_rig *dns)
{
	close(dns->fd);
}

void
dns_serve(struct dns_rig *dns, const char *name, int rcode, uint32_t ttl,
    const char *v4, const char *v6)
{
	dns->records[dns->nrecords++] = (struct dns_record){
		.name = name, .rcode = rcode, .ttl = ttl, .v4 = { v4 }, .v6 = { v6 }
	};
}
