#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "probe/payload.h"
#include "probe/probe_kind.h"

/*
 * UDP: a question that the service answers.  An answer means open, an ICMP port
 * unreachable closed; silence alone says nothing.  Datagrams get lost, so the question
 * is asked three times within the timeout.
 */

#define ATTEMPTS   3
#define SECRET_MAX 255

struct talk {
	struct payload_args args;
	bool odd; /* something came that is no answer */
	char secret[SECRET_MAX + 1];
};

static struct neterr_outcome
ended(enum connect_state state, enum reason reason, bool answered)
{
	return (struct neterr_outcome){ state, reason, 0, answered };
}

/* The first line of the file.  Read for each probe: so a changed secret needs no
 * reload. */
static int
read_secret(const char *file, char secret[SECRET_MAX + 1])
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char text[SECRET_MAX + 2];
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n < 0)
		return -1;
	text[n] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	n = (ssize_t)strlen(text);
	errno = n == 0 ? ENODATA : EMSGSIZE;
	if (n == 0 || n > SECRET_MAX)
		return -1;
	memcpy(secret, text, (size_t)n + 1);
	return 0;
}

static int
prepare(struct probe *p, struct talk *t)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof(sa);

	t->args.payload = &p->spec->payload;
	t->args.community = p->spec->community;
	t->args.reply = p->spec->reply;
	t->args.secret = t->secret;
	t->args.target = p->addr;
	t->args.port = p->port;
	if (getrandom(t->args.nonce, sizeof(t->args.nonce), 0) < 0 ||
	    getrandom(t->args.id, sizeof(t->args.id), 0) < 0)
		return -1;
	if (p->spec->payload.kind == PAYLOAD_SIP &&
	    getsockname(p->fd, (struct sockaddr *)&sa, &len) == 0) {
		t->args.local = addr_from_sockaddr((struct sockaddr *)&sa);
		t->args.local_port = ntohs(((struct sockaddr_in *)&sa)->sin_port);
	}
	return 0;
}

static bool
has_secret(const struct probe *p, struct talk *t)
{
	return p->spec->payload.kind != PAYLOAD_RADIUS ||
	       read_secret(p->spec->secret_file, t->secret) == 0;
}

static int
send_question(struct probe *p)
{
	struct talk *t = p->state;
	uint8_t bytes[PAYLOAD_SIZE];
	struct sockaddr_storage sa;
	socklen_t sa_len = addr_sockaddr(&p->addr, p->port, &sa);
	size_t len;
	ssize_t n;

	if (!payload_build(&t->args, bytes, &len)) {
		errno = EINVAL;
		return -1;
	}
	p->sent_ns = netsock_clock();
	if (payload_moves_port(p->spec->payload.kind))
		n = sendto(
		    p->fd, bytes, len, MSG_NOSIGNAL, (struct sockaddr *)&sa, sa_len);
	else
		n = send(p->fd, bytes, len, MSG_NOSIGNAL);
	/* A refusal of the datagram before is reported here; ready() sees it too. */
	return n >= 0 || errno == ECONNREFUSED ? 0 : -1;
}

static void
set_deadline(struct probe *p)
{
	uint32_t ms = p->spec->timeout_ms / (p->attempt + 1 < ATTEMPTS ? 4 : 2);

	probe_deadline(p, ms > 0 ? ms : 1);
}

static int
open_socket(struct probe *p)
{
	struct sockaddr_storage sa;
	socklen_t len = addr_sockaddr(&p->addr, p->port, &sa);

	if (probe_open(p, SOCK_DGRAM, IPPROTO_UDP) != 0)
		return -1;
	netsock_stamp(p->fd);
	if (payload_moves_port(p->spec->payload.kind))
		return 0;
	return connect(p->fd, (struct sockaddr *)&sa, len);
}

static void
start(struct probe *p)
{
	p->state = mem_new(struct talk);
	if (!has_secret(p, p->state)) {
		if (errno == EMFILE || errno == ENFILE) {
			probe_fail(p, errno);
			return;
		}
		probe_done(p, (struct neterr_outcome){ CONNECT_PROBE_ERROR,
				  REASON_SECRET_FILE, errno, false });
		return;
	}
	if (open_socket(p) != 0 || prepare(p, p->state) != 0 || send_question(p) != 0 ||
	    probe_watch(p, LOOP_READ) != 0) {
		probe_fail(p, errno);
		return;
	}
	set_deadline(p);
}

/* True when the probe has ended. */
static bool
take_errors(struct probe *p)
{
	struct neterr_icmp icmp;

	while (neterr_read(p->fd, &icmp)) {
		if (icmp.present) {
			probe_done(
			    p, neterr_classify(icmp.error, false, &p->addr, &icmp));
			return true;
		}
	}
	return false;
}

static bool
is_answer(struct probe *p, const uint8_t *bytes, ssize_t len, const struct addr *from)
{
	struct talk *t = p->state;

	if (!addr_equal(from, &p->addr))
		return false;
	if (payload_is_answer(&t->args, bytes, (size_t)len))
		return true;
	t->odd = true;
	return false;
}

static void
ready(struct probe *p, unsigned events)
{
	uint8_t bytes[4096];
	struct addr from;
	int64_t came_ns;
	ssize_t n;

	if ((events & LOOP_ERROR) != 0 && take_errors(p))
		return;
	while ((n = netsock_recv(p->fd, bytes, sizeof(bytes), &from, &came_ns)) >= 0) {
		if (is_answer(p, bytes, n, &from)) {
			p->result.rtt_us = probe_span_us(p, came_ns);
			probe_done(p, ended(CONNECT_OPEN, REASON_ANSWERED, true));
			return;
		}
	}
	if (errno != EAGAIN && errno != EINTR)
		probe_done(p, neterr_classify(errno, false, &p->addr, NULL));
}

static void
expired(struct probe *p)
{
	const struct talk *t = p->state;
	int error;

	p->attempt++;
	if (p->attempt < ATTEMPTS) {
		if (send_question(p) == 0) {
			set_deadline(p);
			return;
		}
		/* What became of the question before may be why. */
		error = errno;
		if (!take_errors(p))
			probe_fail(p, error);
		return;
	}
	/* Somebody is there, but not the service. */
	if (t->odd)
		probe_done(p, ended(CONNECT_CLOSED, REASON_BAD_REPLY, true));
	else if (p->silence_counts)
		probe_done(p, ended(CONNECT_FILTERED, REASON_SILENT_EXPECTED, false));
	else
		probe_done(p, ended(CONNECT_OPEN_OR_FILTERED, REASON_SILENT, false));
}

static void
release(struct probe *p)
{
	free(p->state);
}

const struct probe_ops probe_udp_ops = {
	.name = "udp",
	.start = start,
	.ready = ready,
	.expired = expired,
	.release = release,
};
