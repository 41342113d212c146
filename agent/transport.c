#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include "transport.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "axpdu.h"
#include "dial.h"
#include "site/site.h"

/* What the library offers f_recv at least (SNMP_MAX_RCV_MSG_SIZE).  As no more than
 * that is ever held here, everything read can be passed on in the same call, and
 * nothing is left behind for which select(2) would not wake. */
#define ROOM 65536

/* Answers that wait for a master that asks faster than it listens. */
#define TX_ROOM (256 * 1024)

/* PDUs up to this are looked at whole; larger ones are the library's. */
#define WHOLE_MAX (ROOM / 2)

static struct {
	int null;    /* stands in for the slot while there is no connection */
	int slot;    /* the descriptor of every connection */
	bool open;   /* the slot holds one */
	int error;   /* why there is no connection, 0 for none */
	bool broken; /* given up: only its end is awaited */
	uint8_t rx[ROOM];
	size_t rx_len;
	uint8_t tx[TX_ROOM]; /* what the peer has no room for yet */
	size_t tx_len;
	size_t pass; /* octets of the current PDU that are still the library's */
	transport_filter_fn *filter;
	void *filter_arg;
	transport_error_fn *on_error;
	void *on_error_arg;
} conn = { .null = -1, .slot = -1 };

int
transport_init(void)
{
	if (conn.slot != -1)
		return 0;
	conn.slot = open("/dev/null", O_RDONLY | O_CLOEXEC);
	conn.null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return conn.slot == -1 || conn.null == -1 ? -1 : 0;
}

bool
transport_address(const char *text, char *out, size_t size)
{
	const char *path = strncmp(text, "unix:", 5) == 0 ? text + 5 : text;
	int n;

	if (!site_is_agentx(text))
		return false;
	if (path[0] == '/')
		n = snprintf(out, size, "axunix:%s", path);
	else
		n = snprintf(out, size, "axtcp:%s", text + 4);
	return n > 0 && (size_t)n < size;
}

void
transport_set_filter(transport_filter_fn *filter, void *arg)
{
	conn.filter = filter;
	conn.filter_arg = arg;
}

void
transport_on_error(transport_error_fn *cb, void *arg)
{
	conn.on_error = cb;
	conn.on_error_arg = arg;
}

int
transport_error(void)
{
	return conn.error;
}

/* The next receive sees the end of the stream, and the library goes its own way of
 * losing a connection. */
void
transport_drop(void)
{
	if (!conn.open)
		return;
	conn.broken = true;
	shutdown(conn.slot, SHUT_RDWR);
}

/* As send(2), but 0 when there is no room now. */
static ssize_t
send_some(const uint8_t *from, size_t len)
{
	ssize_t n;

	do
		n = send(conn.slot, from, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (n == -1 && errno == EINTR);
	return n == -1 && errno == EAGAIN ? 0 : n;
}

bool
transport_flush(void)
{
	ssize_t n;

	if (conn.tx_len == 0 || !conn.open || conn.broken)
		return true;
	n = send_some(conn.tx, conn.tx_len);
	if (n == -1) {
		transport_drop();
		return true;
	}
	conn.tx_len -= (size_t)n;
	memmove(conn.tx, conn.tx + n, conn.tx_len);
	return conn.tx_len == 0;
}

int
transport_send(const void *pdu, size_t len)
{
	const uint8_t *from = pdu;
	ssize_t n = 0;

	if (!conn.open || conn.broken) {
		errno = ENOTCONN;
		return -1;
	}
	if (len > sizeof(conn.tx) - conn.tx_len) {
		errno = EAGAIN;
		return -1;
	}
	if (conn.tx_len == 0)
		n = send_some(from, len);
	if (n == -1)
		return -1;
	memcpy(conn.tx + conn.tx_len, from + n, len - (size_t)n);
	conn.tx_len += len - (size_t)n;
	return 0;
}

/* A Response with an error, which the library does no more than log. */
static void
look_at_response(const uint8_t *pdu, size_t len)
{
	struct axpdu_header h = axpdu_header(pdu);
	struct axpdu_reader r = axpdu_reader(
	    pdu + AXPDU_HEADER, len - AXPDU_HEADER, (h.flags & AXPDU_NETWORK) != 0);
	uint16_t error;

	axpdu_read_u32(&r);
	error = axpdu_read_u16(&r);
	if (!r.failed && error != 0 && conn.on_error != NULL)
		conn.on_error(conn.on_error_arg, error);
}

/* What becomes of the PDU whose first `left` octets are at `pdu`. */
enum fate { FATE_WAIT, FATE_DONE, FATE_PASS, FATE_BROKEN };

static enum fate
judge(const uint8_t *pdu, size_t left, size_t *whole)
{
	struct axpdu_header h;
	bool asked;

	if (left < AXPDU_HEADER)
		return FATE_WAIT;
	h = axpdu_header(pdu);
	*whole = AXPDU_HEADER + (size_t)h.payload;
	if (*whole > TRANSPORT_PDU_MAX)
		return FATE_BROKEN;
	asked = conn.filter != NULL && (h.type == AXPDU_GET || h.type == AXPDU_GETNEXT);
	if (*whole > WHOLE_MAX ||
	    (!asked && h.type != AXPDU_RESPONSE && h.type != AXPDU_CLOSE))
		return FATE_PASS;
	if (left < *whole)
		return FATE_WAIT;
	if (asked)
		return conn.filter(conn.filter_arg, pdu, *whole) ? FATE_DONE
		                                                 : FATE_PASS;
	if (h.type == AXPDU_RESPONSE) {
		look_at_response(pdu, *whole);
		return FATE_PASS;
	}
	transport_drop(); /* the library ignores a Close, and would wait for ever */
	return FATE_DONE;
}

/*
 * Cuts what was read into PDUs: answered by the filter, or appended to out.  Returns
 * how much was appended, or -1 when the peer announces a PDU above the cap.  With out
 * NULL it stops at the first octet that is the library's.
 */
static ssize_t
sort_out(uint8_t *out)
{
	size_t at = 0, used = 0;
	enum fate fate = FATE_PASS;

	while (at < conn.rx_len) {
		size_t left = conn.rx_len - at, whole = 0;

		fate = FATE_PASS;

		if (conn.pass == 0) {
			fate = judge(conn.rx + at, left, &whole);
			conn.pass = fate == FATE_PASS ? whole : 0;
		}
		if (fate == FATE_BROKEN || fate == FATE_WAIT ||
		    (fate == FATE_PASS && out == NULL))
			break;
		if (fate == FATE_DONE) {
			at += whole;
			continue;
		}
		if (left > conn.pass)
			left = conn.pass;
		memcpy(out + used, conn.rx + at, left);
		used += left;
		at += left;
		conn.pass -= left;
	}
	conn.rx_len -= at;
	memmove(conn.rx, conn.rx + at, conn.rx_len);
	return fate == FATE_BROKEN ? -1 : (ssize_t)used;
}

int
transport_fd(void)
{
	return conn.open && !conn.broken ? conn.slot : -1;
}

bool
transport_pump(void)
{
	ssize_t n;

	if (conn.pass > 0 || conn.rx_len == ROOM)
		return false;
	n = recv(conn.slot, conn.rx + conn.rx_len, ROOM - conn.rx_len, MSG_DONTWAIT);
	if (n <= 0)
		return false;
	conn.rx_len += (size_t)n;
	return sort_out(NULL) == 0 && conn.pass == 0;
}

/* The library's f_recv: octets for it, 0 at the end of the stream, 0 with the flag
 * EMPTY_PKT when there is nothing for it now, -1 on an error.  What transport_pump()
 * has left may be there already. */
static int
receive(netsnmp_transport *t, void *buf, int size, void **opaque, int *opaque_len)
{
	size_t room = (size_t)size < ROOM ? (size_t)size : ROOM;
	ssize_t n = 0;

	*opaque = NULL;
	*opaque_len = 0;
	if (room < conn.rx_len)
		return -1;
	if (room > conn.rx_len)
		n = recv(
		    t->sock, conn.rx + conn.rx_len, room - conn.rx_len, MSG_DONTWAIT);
	if (n == -1 && errno != EAGAIN && errno != EINTR)
		return -1;
	/* At the end of the stream what is the library's is passed on first. */
	if (n == 0 && room > conn.rx_len && (conn.pass == 0 || conn.rx_len == 0))
		return 0;
	if (n > 0)
		conn.rx_len += (size_t)n;
	n = sort_out(buf);
	if (n == 0)
		t->flags |= NETSNMP_TRANSPORT_FLAG_EMPTY_PKT;
	return (int)n;
}

static int
transmit(
    netsnmp_transport *t, const void *buf, int size, void **opaque, int *opaque_len)
{
	(void)t, (void)opaque, (void)opaque_len;
	return transport_send(buf, (size_t)size) == 0 ? size : -1;
}

/* The slot never becomes free, so no other thread's descriptor can take its number. */
static int
hang_up(netsnmp_transport *t)
{
	if (t->sock == -1)
		return -1;
	t->sock = -1;
	conn.open = false;
	return dup3(conn.null, conn.slot, O_CLOEXEC) == -1 ? -1 : 0;
}

static char *
format_address(netsnmp_transport *t, const void *data, int len)
{
	(void)t, (void)data, (void)len;
	return strdup("AgentX master");
}

/* Wraps a connected socket for the library; calloc, as netsnmp_transport_free() frees
 * it. */
static netsnmp_transport *
wrap(int fd, const oid *domain, size_t domain_len)
{
	netsnmp_transport *t;

	if (fd == -1) {
		conn.error = errno;
		return NULL;
	}
	conn.error = 0;
	t = conn.open ? NULL : calloc(1, sizeof(*t));
	if (t == NULL || dup3(fd, conn.slot, O_CLOEXEC) == -1) {
		conn.error = errno;
		free(t);
		close(fd);
		return NULL;
	}
	close(fd);
	conn.open = true;
	conn.broken = false;
	conn.rx_len = conn.tx_len = conn.pass = 0;
	t->sock = conn.slot;
	t->domain = domain;
	t->domain_length = (int)domain_len;
	t->flags = NETSNMP_TRANSPORT_FLAG_STREAM;
	t->msgMaxSize = SNMP_MAX_PACKET_LEN;
	t->f_recv = receive;
	t->f_send = transmit;
	t->f_close = hang_up;
	t->f_fmtaddr = format_address;
	return t;
}

/* Domains need a name of their own; these are never sent anywhere. */
static const oid unix_name[] = { 0, 0, 1 };
static const oid tcp_name[] = { 0, 0, 2 };

static netsnmp_transport *
open_unix(const char *text, int local, const char *fallback)
{
	(void)local, (void)fallback;
	return wrap(dial_unix(text), unix_name, 3);
}

static netsnmp_transport *
open_tcp(const char *text, int local, const char *fallback)
{
	(void)local, (void)fallback;
	return wrap(dial_tcp(text), tcp_name, 3);
}

/* The library frees the list of prefixes, and nothing else of a domain. */
static const char **
prefix_list(const char *prefix)
{
	const char **list = calloc(2, sizeof(*list));

	if (list != NULL)
		list[0] = prefix;
	return list;
}

void
transport_register(void)
{
	static netsnmp_tdomain unix_domain = {
		.name = unix_name,
		.name_length = 3,
		.f_create_from_tstring_new = open_unix,
	};
	static netsnmp_tdomain tcp_domain = {
		.name = tcp_name,
		.name_length = 3,
		.f_create_from_tstring_new = open_tcp,
	};

	unix_domain.prefix = prefix_list("axunix");
	tcp_domain.prefix = prefix_list("axtcp");
	netsnmp_tdomain_register(&unix_domain);
	netsnmp_tdomain_register(&tcp_domain);
}
