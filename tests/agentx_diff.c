/*
 * The fast path against the library: a master agent of its own asks agent_fixture the
 * same random things with the fast path off and on, and compares the responses octet by
 * octet.
 *
 *   agentx_diff AGENT_FIXTURE VARBINDS [SEED]
 */

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "axpdu.h"
#include "mem.h"

#define CONTEXT      "tenant"
#define SESSION      7
#define BATCH        200 /* requests between two changes of the path */
#define VARBINDS_MAX 20
#define NAMES_MAX    20000
#define TRIES        5 /* a clock may tick between two answers */
#define WAIT_MS      20000

static const uint32_t root[] = { 1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 2741 };
#define ROOT_LEN 10

struct pdu {
	uint8_t bytes[65536];
	size_t len;
};

static struct {
	int peer;        /* the agent's AgentX connection */
	FILE *to, *from; /* the fixture's standard input and output */
	pid_t pid;
	unsigned seed;
	struct axpdu_oid *names;
	size_t nnames;
	unsigned long varbinds, retries;
} self;

static unsigned
dice(unsigned sides)
{
	return (unsigned)rand_r(&self.seed) % sides;
}

static void
die(const char *what)
{
	fprintf(stderr, "agentx_diff: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- the connection */

static void
read_all(uint8_t *buf, size_t len)
{
	while (len > 0) {
		struct pollfd p = { .fd = self.peer, .events = POLLIN };
		ssize_t n;

		if (poll(&p, 1, WAIT_MS) != 1)
			die("no answer");
		n = read(self.peer, buf, len);
		if (n <= 0)
			die("the agent hung up");
		buf += n;
		len -= (size_t)n;
	}
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
		die("context");
	h.flags &= (uint8_t)~AXPDU_CONTEXT;
	len = (size_t)(r.end - r.at);
	w = axpdu_begin(p->bytes, sizeof(p->bytes), &h);
	memmove(p->bytes + w.len, r.at, len);
	w.len += len;
	p->len = axpdu_end(&w);
}

static void
receive(struct pdu *in)
{
	struct axpdu_header h;

	read_all(in->bytes, AXPDU_HEADER);
	h = axpdu_header(in->bytes);
	in->len = AXPDU_HEADER + h.payload;
	if (in->len > sizeof(in->bytes))
		die("response too long");
	read_all(in->bytes + AXPDU_HEADER, h.payload);
	drop_context(in);
}

static void
transmit(const struct pdu *out)
{
	if (write(self.peer, out->bytes, out->len) != (ssize_t)out->len)
		die("write");
}

/* Answers Open and Register as a master that likes everything. */
static void
be_a_master(void)
{
	struct pdu in, out;
	uint8_t type;

	do {
		struct axpdu_header h;
		struct axpdu_writer w;

		receive(&in);
		h = axpdu_header(in.bytes);
		type = h.type;
		h.type = AXPDU_RESPONSE;
		h.flags &= AXPDU_NETWORK;
		h.session = SESSION;
		w = axpdu_begin(out.bytes, sizeof(out.bytes), &h);
		axpdu_write_u32(&w, 1);
		axpdu_write_u32(&w, 0);
		out.len = axpdu_end(&w);
		transmit(&out);
	} while (type != AXPDU_REGISTER);
}

static void
start_fixture(const char *program, bool context)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	char dir[] = "/tmp/svcport-diff.XXXXXX";
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int in[2], out[2];

	if (mkdtemp(dir) == NULL || pipe(in) == -1 || pipe(out) == -1)
		die("pipe");
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/agentx", dir);
	if (bind(listener, (struct sockaddr *)&sun, sizeof(sun)) == -1 ||
	    listen(listener, 1) == -1)
		die("listen");
	self.pid = fork();
	if (self.pid == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		close(in[1]);
		close(out[0]);
		execl(program, program, "-x", sun.sun_path,
		    context ? "-c" : (char *)NULL, CONTEXT, (char *)NULL);
		die(program);
	}
	close(in[0]);
	close(out[1]);
	self.to = fdopen(in[1], "w");
	self.from = fdopen(out[0], "r");
	self.peer = accept(listener, NULL, NULL);
	close(listener);
	unlink(sun.sun_path);
	rmdir(dir);
	be_a_master();
}

static void
ask(const char *line)
{
	char answer[128];

	fprintf(self.to, "%s\n", line);
	fflush(self.to);
	do {
		if (fgets(answer, sizeof(answer), self.from) == NULL)
			die("the fixture is gone");
	} while (strcmp(answer, "ready\n") == 0);
	if (strcmp(answer, "ok\n") != 0) {
		fprintf(stderr, "agentx_diff: \"%s\": %s", line, answer);
		exit(1);
	}
}

/* ---- requests */

static bool with_context;

static struct axpdu_writer
begin_request(struct pdu *out, enum axpdu_type type, bool network)
{
	static uint32_t packet;
	struct axpdu_header h = { .version = 1,
		.type = (uint8_t)type,
		.flags = (uint8_t)((network ? AXPDU_NETWORK : 0) |
				   (with_context ? AXPDU_CONTEXT : 0)),
		.session = SESSION,
		.transaction = ++packet,
		.packet = packet };
	struct axpdu_writer w = axpdu_begin(out->bytes, sizeof(out->bytes), &h);

	if (with_context)
		axpdu_write_string(&w, CONTEXT, strlen(CONTEXT));
	return w;
}

static void
exchange(const struct pdu *request, struct pdu *response)
{
	transmit(request);
	receive(response);
}

/* All names, by GetNext. */
static void
collect_names(void)
{
	struct axpdu_oid name = { .n = ROOT_LEN };

	memcpy(name.ids, root, sizeof(root));
	free(self.names);
	self.names = mem_array(struct axpdu_oid, NAMES_MAX);
	self.nnames = 0;
	for (;;) {
		struct pdu request, response;
		struct axpdu_writer w = begin_request(&request, AXPDU_GETNEXT, true);
		struct axpdu_reader r;

		axpdu_write_oid(&w, name.ids, name.n, NULL, 0, false);
		axpdu_write_oid(&w, NULL, 0, NULL, 0, false);
		request.len = axpdu_end(&w);
		exchange(&request, &response);
		r = axpdu_reader(response.bytes + AXPDU_HEADER + 8,
		    response.len - AXPDU_HEADER - 8, true);
		if (axpdu_read_u16(&r) == AXPDU_END_OF_MIB_VIEW)
			return;
		axpdu_read_u16(&r);
		axpdu_read_oid(&r, &name);
		if (r.failed || self.nnames == NAMES_MAX)
			die("walk");
		self.names[self.nnames++] = name;
	}
}

static struct axpdu_oid
random_name(void)
{
	struct axpdu_oid name = self.names[dice((unsigned)self.nnames)];

	switch (dice(8)) {
	case 0: /* shorter, down to the root */
		name.n = ROOT_LEN + dice((unsigned)(name.n - ROOT_LEN) + 1);
		break;
	case 1: /* one off somewhere */
		name.ids[ROOT_LEN + dice((unsigned)(name.n - ROOT_LEN))] += dice(3) - 1;
		break;
	case 2: /* longer */
		name.ids[name.n++] = dice(3);
		break;
	case 3: /* anything */
		name.ids[ROOT_LEN + dice((unsigned)(name.n - ROOT_LEN))] = dice(300);
		break;
	default:
		break;
	}
	name.include = dice(3) == 0;
	return name;
}

/* Null, behind the module, or some name. */
static struct axpdu_oid
random_end(void)
{
	struct axpdu_oid end = { 0 };

	switch (dice(4)) {
	case 0:
		return end;
	case 1:
		return random_name();
	default:
		memcpy(end.ids, root, sizeof(root));
		end.ids[ROOT_LEN - 1]++;
		end.n = ROOT_LEN;
		return end;
	}
}

static unsigned
make_request(struct pdu *out)
{
	enum axpdu_type type = dice(3) == 0 ? AXPDU_GET : AXPDU_GETNEXT;
	struct axpdu_writer w = begin_request(out, type, dice(2) == 0);
	unsigned n = 1 + dice(VARBINDS_MAX);

	for (unsigned i = 0; i < n; i++) {
		struct axpdu_oid start = random_name(), end = { 0 };

		if (type == AXPDU_GETNEXT)
			end = random_end();
		else
			start.include = false;
		axpdu_write_oid(&w, start.ids, start.n, NULL, 0, start.include);
		axpdu_write_oid(&w, end.ids, end.n, NULL, 0, false);
	}
	out->len = axpdu_end(&w);
	return n;
}

/* ---- comparing */

static void
dump(const char *title, const struct pdu *p)
{
	fprintf(stderr, "%s (%zu octets)", title, p->len);
	for (size_t i = 0; i < p->len; i++)
		fprintf(stderr, "%s%02x", i % 4 == 0 ? " " : "", p->bytes[i]);
	fputc('\n', stderr);
}

static bool
same(const struct pdu *a, const struct pdu *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

static bool
same_alone(const struct pdu *request)
{
	struct pdu slow, fast;

	for (int i = 0; i < TRIES; i++) {
		self.retries++;
		ask("fast 0");
		exchange(request, &slow);
		ask("fast 1");
		exchange(request, &fast);
		if (same(&slow, &fast))
			return true;
	}
	dump("request", request);
	dump("library", &slow);
	dump("fast path", &fast);
	return false;
}

static bool
compare_batch(void)
{
	static struct pdu requests[BATCH], slow[BATCH];
	struct pdu fast;

	for (int i = 0; i < BATCH; i++)
		self.varbinds += make_request(&requests[i]);
	ask("fast 0");
	for (int i = 0; i < BATCH; i++)
		exchange(&requests[i], &slow[i]);
	ask("fast 1");
	for (int i = 0; i < BATCH; i++) {
		exchange(&requests[i], &fast);
		if (same(&slow[i], &fast))
			continue;
		if (!same_alone(&requests[i]))
			return false;
		ask("fast 1");
	}
	return true;
}

static void
change_tables(void)
{
	char line[64];

	snprintf(line, sizeof(line), "plan %u %u %u", 1 + dice(4), 1 + dice(12),
	    1 + dice(5));
	ask("still 1");
	ask(line);
	snprintf(line, sizeof(line), "round %u", dice(1000));
	ask(line);
	snprintf(line, sizeof(line), "alarm %u", 1 + dice(200));
	ask(line);
	ask("fast 0");
	collect_names();
}

static bool
compare(const char *program, unsigned long varbinds, bool context)
{
	bool good = true;
	int status = 0;

	with_context = context;
	self.varbinds = 0;
	start_fixture(program, context);
	for (unsigned i = 0; good && self.varbinds < varbinds; i++) {
		if (i % 10 == 0)
			change_tables();
		good = compare_batch();
	}
	fclose(self.to);
	shutdown(self.peer, SHUT_RDWR);
	waitpid(self.pid, &status, 0);
	fclose(self.from);
	close(self.peer);
	printf("%lu varbinds%s compared, %lu asked again\n", self.varbinds,
	    context ? " in a context" : "", self.retries);
	return good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int
main(int argc, char **argv)
{
	unsigned long varbinds = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	bool good;

	if (varbinds == 0) {
		fprintf(stderr, "usage: agentx_diff AGENT_FIXTURE VARBINDS [SEED]\n");
		return 2;
	}
	self.seed = argc > 3 ? (unsigned)atoi(argv[3]) : 1;
	good = compare(argv[1], varbinds / 2, false) &&
	       compare(argv[1], varbinds / 2, true);
	free(self.names);
	return good ? 0 : 1;
}
