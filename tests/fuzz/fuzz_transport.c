/*
 * libFuzzer target: octets from the AgentX master, cut into PDUs.  Whatever arrives and
 * however it is divided, each octet but those of a Close reaches the library or, as
 * part of a whole PDU, the filter: none twice, none lost, the order kept.  The linker
 * gives the transport one end of a socket pair to "connect" to.
 */

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "axpdu.h"
#include "dial.h"
#include "transport.h"

#define INPUT_MAX 60000 /* fits into the socket and the library's buffer */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __wrap_dial_unix(const char *path);

static int ends[2];

int
__wrap_dial_unix(const char *path)
{
	(void)path;
	return ends[0];
}

struct stream {
	uint8_t bytes[INPUT_MAX + 1];
	size_t len;
};
static struct stream passed, answered;

static void
take(struct stream *s, const void *bytes, size_t len)
{
	if (len > sizeof(s->bytes) - s->len)
		abort();
	memcpy(s->bytes + s->len, bytes, len);
	s->len += len;
}

static bool
is_ours(const struct axpdu_header *h)
{
	return (h->type == AXPDU_GET || h->type == AXPDU_GETNEXT) && h->packet % 2 == 1;
}

static bool
filter(void *arg, const uint8_t *pdu, size_t len)
{
	struct axpdu_header h = axpdu_header(pdu);

	(void)arg;
	if (len != AXPDU_HEADER + (size_t)h.payload)
		abort();
	if (!is_ours(&h))
		return false;
	take(&answered, pdu, len);
	return true;
}

static void
on_error(void *arg, unsigned error)
{
	(void)arg;
	if (error == 0)
		abort();
}

/* Reads what the library would; false when it would close the connection now. */
static bool
receive_all(netsnmp_transport *t)
{
	static uint8_t buf[65536];
	void *opaque;
	int opaque_len;
	int n;

	do {
		t->flags &= (unsigned)~NETSNMP_TRANSPORT_FLAG_EMPTY_PKT;
		n = t->f_recv(t, buf, sizeof(buf), &opaque, &opaque_len);
		if (n > 0)
			take(&passed, buf, (size_t)n);
	} while (n > 0);
	return n == 0;
}

/* Follows the input and checks where each PDU of it went. */
static void
compare(const uint8_t *data, size_t size)
{
	size_t a = 0, p = 0;

	while (a + p < answered.len + passed.len) {
		struct axpdu_header h;
		size_t whole;
		struct stream *to = &passed;
		size_t *at = &p;

		if (size < AXPDU_HEADER)
			abort();
		h = axpdu_header(data);
		whole = AXPDU_HEADER + (size_t)h.payload;
		/* The master has ended the session: that is the transport's. */
		if (h.type == AXPDU_CLOSE && whole <= 32768 && whole <= size) {
			data += whole;
			size -= whole;
			continue;
		}
		if (is_ours(&h) && whole <= 32768) {
			to = &answered;
			at = &a;
		}
		if (whole > size)
			whole = size;
		if (whole > to->len - *at)
			whole = to->len - *at;
		if (memcmp(to->bytes + *at, data, whole) != 0 || whole == 0)
			abort();
		*at += whole;
		data += whole;
		size -= whole;
	}
}

static void
start(void)
{
	int room = 4 * INPUT_MAX;

	if (transport_init() != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		abort();
	setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
}

static netsnmp_transport *
open_transport(void)
{
	static bool registered;

	if (!registered)
		transport_register();
	registered = true;
	transport_set_filter(filter, NULL);
	transport_on_error(on_error, NULL);
	return netsnmp_tdomain_transport("axunix:/x", 0, NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	netsnmp_transport *t;
	size_t step;
	size_t n;
	bool ok = true;

	if (size < 2 || size > INPUT_MAX)
		return 0;
	start();
	t = open_transport();
	if (t == NULL)
		abort();
	passed.len = answered.len = 0;
	step = 1 + data[0] * (size_t)data[0];
	for (size_t at = 1; ok && at < size; at += n) {
		n = size - at < step ? size - at : step;
		if (send(ends[1], data + at, n, MSG_DONTWAIT | MSG_NOSIGNAL) !=
		    (ssize_t)n)
			break;
		if (data[0] % 2 == 0 && transport_pump())
			continue;
		ok = receive_all(t);
	}
	if (ok)
		compare(data + 1, size - 1);
	t->f_close(t);
	netsnmp_transport_free(t);
	close(ends[1]);
	return 0;
}
