#include "peer.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

void
peer_die(const char *what)
{
	fprintf(stderr, "peer: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void
wait_readable(int fd, const char *what)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (poll(&p, 1, PEER_WAIT_MS) != 1)
		peer_die(what);
}

static bool
read_all(int fd, uint8_t *buf, size_t len)
{
	while (len > 0) {
		ssize_t n;

		wait_readable(fd, "no answer");
		n = read(fd, buf, len);
		if (n <= 0)
			return false;
		buf += n;
		len -= (size_t)n;
	}
	return true;
}

void
peer_send(struct peer *p, const void *bytes, size_t len)
{
	if (send(p->fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len)
		peer_die("send");
}

/* The library puts the request's context into its Response, where RFC 2741 (6.2.16) has
 * none; masters take either. */
static void
drop_context(struct pdu *p)
{
	struct axpdu_header h = axpdu_header(p->bytes);
	struct axpdu_reader r = axpdu_reader(
	    p->bytes + AXPDU_HEADER, h.payload, (h.flags & AXPDU_NETWORK) != 0);
	struct axpdu_writer w;
	size_t len;

	if (h.type != AXPDU_RESPONSE || (h.flags & AXPDU_CONTEXT) == 0)
		return;
	if (axpdu_read_string(&r, &len) == NULL)
		peer_die("context");
	h.flags &= (uint8_t)~AXPDU_CONTEXT;
	len = (size_t)(r.end - r.at);
	w = axpdu_begin(p->bytes, sizeof(p->bytes), &h);
	memmove(p->bytes + w.len, r.at, len);
	w.len += len;
	p->len = axpdu_end(&w);
}

bool
peer_receive(struct peer *p, struct pdu *in)
{
	struct axpdu_header h;

	if (!read_all(p->fd, in->bytes, AXPDU_HEADER))
		return false;
	h = axpdu_header(in->bytes);
	in->len = AXPDU_HEADER + (size_t)h.payload;
	if (in->len > sizeof(in->bytes))
		peer_die("a PDU too long");
	if (!read_all(p->fd, in->bytes + AXPDU_HEADER, h.payload))
		return false;
	drop_context(in);
	return true;
}

void
peer_exchange(struct peer *p, const struct pdu *request, struct pdu *response)
{
	peer_send(p, request->bytes, request->len);
	if (!peer_receive(p, response))
		peer_die("the agent hung up");
}

/* Answers Open and Register as a master that likes everything. */
void
peer_accept(struct peer *p)
{
	struct axpdu_header h;
	struct pdu in, out;
	uint8_t type;

	wait_readable(p->listener, "no connection");
	p->fd = accept(p->listener, NULL, NULL);
	if (p->fd == -1)
		peer_die("accept");
	do {
		struct axpdu_writer w;

		if (!peer_receive(p, &in))
			peer_die("no registration");
		h = axpdu_header(in.bytes);
		type = h.type;
		h.type = AXPDU_RESPONSE;
		h.flags &= AXPDU_NETWORK;
		h.session = PEER_SESSION;
		w = axpdu_begin(out.bytes, sizeof(out.bytes), &h);
		axpdu_write_u32(&w, 1);
		axpdu_write_u32(&w, 0);
		out.len = axpdu_end(&w);
		peer_send(p, out.bytes, out.len);
	} while (type != AXPDU_REGISTER);
}

static void
make_socket(struct peer *p)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	snprintf(p->dir, sizeof(p->dir), "/tmp/svcport-peer.XXXXXX");
	if (mkdtemp(p->dir) == NULL)
		peer_die("mkdtemp");
	snprintf(p->path, sizeof(p->path), "%s/agentx", p->dir);
	memcpy(sun.sun_path, p->path, strlen(p->path) + 1);
	p->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (p->listener == -1 ||
	    bind(p->listener, (struct sockaddr *)&sun, sizeof(sun)) == -1 ||
	    listen(p->listener, 5) == -1)
		peer_die("listen");
}

void
peer_start(struct peer *p, const char *program, const char *context)
{
	int in[2], out[2];

	memset(p, 0, sizeof(*p));
	p->context = context;
	make_socket(p);
	if (pipe(in) == -1 || pipe(out) == -1)
		peer_die("pipe");
	p->pid = fork();
	if (p->pid == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		close(in[1]);
		close(out[0]);
		execl(program, program, "-x", p->path, "-f",
		    context != NULL ? "-c" : (char *)NULL, context, (char *)NULL);
		peer_die(program);
	}
	close(in[0]);
	close(out[1]);
	p->to = fdopen(in[1], "w");
	p->from = fdopen(out[0], "r");
	peer_accept(p);
}

void
peer_hang_up(struct peer *p)
{
	close(p->fd);
	p->fd = -1;
}

bool
peer_stop(struct peer *p)
{
	int status = -1;

	fclose(p->to);
	if (p->fd != -1)
		peer_hang_up(p);
	close(p->listener);
	unlink(p->path);
	rmdir(p->dir);
	waitpid(p->pid, &status, 0);
	fclose(p->from);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void
peer_ask(struct peer *p, const char *line)
{
	char answer[128];

	fprintf(p->to, "%s\n", line);
	fflush(p->to);
	do {
		if (fgets(answer, sizeof(answer), p->from) == NULL)
			peer_die("the fixture is gone");
	} while (strcmp(answer, "ready\n") == 0);
	if (strcmp(answer, "ok\n") != 0) {
		fprintf(stderr, "peer: \"%s\": %s", line, answer);
		exit(1);
	}
}

struct axpdu_writer
peer_request(struct peer *p, struct pdu *out, enum axpdu_type type, bool network)
{
	struct axpdu_header h = { .version = 1,
		.type = (uint8_t)type,
		.flags = (uint8_t)((network ? AXPDU_NETWORK : 0) |
				   (p->context != NULL ? AXPDU_CONTEXT : 0)),
		.session = PEER_SESSION,
		.transaction = ++p->packet,
		.packet = p->packet };
	struct axpdu_writer w = axpdu_begin(out->bytes, sizeof(out->bytes), &h);

	if (p->context != NULL)
		axpdu_write_string(&w, p->context, strlen(p->context));
	return w;
}
