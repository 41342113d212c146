/*
 * The fast path against the library: a master agent of its own asks agent_fixture the
 * same random things with the fast path off and on, and compares the responses octet by
 * octet.
 *
 *   agentx_diff AGENT_FIXTURE VARBINDS [SEED]
 */

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "peer.h"

#define CONTEXT      "tenant"
#define BATCH        200 /* requests between two changes of the path */
#define VARBINDS_MAX 20
#define NAMES_MAX    20000
#define TRIES        5 /* a clock may tick between two answers */

static const uint32_t root[] = { 1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 2741 };
#define ROOT_LEN 10

static struct {
	struct peer peer;
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

/* ---- requests */

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
		struct axpdu_writer w = peer_request(
		    &self.peer, &request, AXPDU_GETNEXT, true);
		struct axpdu_reader r;

		axpdu_write_oid(&w, name.ids, name.n, NULL, 0, false);
		axpdu_write_oid(&w, NULL, 0, NULL, 0, false);
		request.len = axpdu_end(&w);
		peer_exchange(&self.peer, &request, &response);
		r = axpdu_reader(response.bytes + AXPDU_HEADER + 8,
		    response.len - AXPDU_HEADER - 8, true);
		if (axpdu_read_u16(&r) == AXPDU_END_OF_MIB_VIEW)
			return;
		axpdu_read_u16(&r);
		axpdu_read_oid(&r, &name);
		if (r.failed || self.nnames == NAMES_MAX)
			peer_die("walk");
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
	struct axpdu_writer w = peer_request(&self.peer, out, type, dice(2) == 0);
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
		peer_ask(&self.peer, "fast 0");
		peer_exchange(&self.peer, request, &slow);
		peer_ask(&self.peer, "fast 1");
		peer_exchange(&self.peer, request, &fast);
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
	peer_ask(&self.peer, "fast 0");
	for (int i = 0; i < BATCH; i++)
		peer_exchange(&self.peer, &requests[i], &slow[i]);
	peer_ask(&self.peer, "fast 1");
	for (int i = 0; i < BATCH; i++) {
		peer_exchange(&self.peer, &requests[i], &fast);
		if (same(&slow[i], &fast))
			continue;
		if (!same_alone(&requests[i]))
			return false;
		peer_ask(&self.peer, "fast 1");
	}
	return true;
}

static void
change_tables(void)
{
	char line[64];

	snprintf(line, sizeof(line), "plan %u %u %u", 1 + dice(4), 1 + dice(12),
	    1 + dice(5));
	peer_ask(&self.peer, "still 1");
	peer_ask(&self.peer, line);
	snprintf(line, sizeof(line), "round %u", dice(1000));
	peer_ask(&self.peer, line);
	snprintf(line, sizeof(line), "alarm %u", 1 + dice(200));
	peer_ask(&self.peer, line);
	peer_ask(&self.peer, "fast 0");
	collect_names();
}

static bool
compare(const char *program, unsigned long varbinds, bool context)
{
	bool good = true;

	self.varbinds = self.retries = 0;
	peer_start(&self.peer, program, context ? CONTEXT : NULL);
	for (unsigned i = 0; good && self.varbinds < varbinds; i++) {
		if (i % 10 == 0)
			change_tables();
		good = compare_batch();
	}
	good = peer_stop(&self.peer) && good;
	printf("%lu varbinds%s compared, %lu asked again\n", self.varbinds,
	    context ? " in a context" : "", self.retries);
	return good;
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
