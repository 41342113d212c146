/*
 * A master agent that behaves badly: PDUs in pieces and in heaps, lengths that lie,
 * noise, silence.  Each time agent_fixture must go on, if need be on a new connection.
 *
 *   agentx_rough AGENT_FIXTURE [SEED]
 */

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "peer.h"

static const uint32_t root[] = { 1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 2741 };
static const uint32_t status_name[] = { 1, 1, 5, 0 };

static struct peer peer;
static unsigned seed = 1;

static void
expect(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "agentx_rough: %s\n", what);
	exit(1);
}

/* A Get of svcPortSystemConfigStatus.0. */
static void
make_get(struct pdu *out, bool network)
{
	struct axpdu_writer w = peer_request(&peer, out, AXPDU_GET, network);

	axpdu_write_oid(&w, root, 10, status_name, 4, false);
	axpdu_write_oid(&w, NULL, 0, NULL, 0, false);
	out->len = axpdu_end(&w);
}

static void
expect_answer(const struct pdu *request)
{
	struct axpdu_header q = axpdu_header(request->bytes), h;
	struct axpdu_reader r;
	struct axpdu_oid name;
	struct pdu in;

	expect(peer_receive(&peer, &in), "the agent hung up");
	h = axpdu_header(in.bytes);
	r = axpdu_reader(
	    in.bytes + AXPDU_HEADER, h.payload, (h.flags & AXPDU_NETWORK) != 0);
	expect(h.type == AXPDU_RESPONSE && h.packet == q.packet, "another answer");
	axpdu_read_u32(&r);
	expect(axpdu_read_u32(&r) == 0, "an error");
	expect(axpdu_read_u16(&r) == VALUE_INTEGER, "another type");
	axpdu_read_u16(&r);
	axpdu_read_oid(&r, &name);
	expect(axpdu_read_u32(&r) == 2 && !r.failed, "another value");
}

static void
answers(void)
{
	struct pdu q;

	make_get(&q, true);
	peer_send(&peer, q.bytes, q.len);
	expect_answer(&q);
}

/* True when the agent has hung up; what it says before is thrown away. */
static bool
hung_up(int wait_ms)
{
	struct pollfd p = { .fd = peer.fd, .events = POLLIN };
	char buf[4096];

	while (poll(&p, 1, wait_ms) == 1)
		if (recv(peer.fd, buf, sizeof(buf), MSG_DONTWAIT) <= 0)
			return true;
	return false;
}

static void
reconnects(void)
{
	peer_hang_up(&peer);
	peer_accept(&peer);
	answers();
}

static void
a_pdu_octet_by_octet(void)
{
	struct pdu q;

	make_get(&q, false);
	for (size_t i = 0; i < q.len; i++) {
		struct pollfd none = { .fd = peer.fd, .events = POLLIN };

		peer_send(&peer, q.bytes + i, 1);
		if (i + 1 < q.len)
			expect(poll(&none, 1, 1) == 0, "an answer to a part");
	}
	expect_answer(&q);
}

static void
many_pdus_at_once_and_cut_anywhere(void)
{
	enum { MANY = 300 };
	static uint8_t heap[MANY * 128];
	static struct pdu q[MANY];
	size_t len = 0, sent = 0;

	for (int i = 0; i < MANY; i++) {
		make_get(&q[i], i % 2 == 0);
		memcpy(heap + len, q[i].bytes, q[i].len);
		len += q[i].len;
	}
	while (sent < len) {
		size_t n = 1 + (size_t)rand_r(&seed) % 1000;

		if (n > len - sent)
			n = len - sent;
		peer_send(&peer, heap + sent, n);
		sent += n;
	}
	for (int i = 0; i < MANY; i++)
		expect_answer(&q[i]);
}

/* GetBulk, which the fast path leaves to the library, between two Gets in one piece. */
static void
others_between(void)
{
	struct pdu before, bulk, after, in;
	struct axpdu_writer w;
	uint8_t heap[512];
	size_t len = 0;

	make_get(&before, true);
	w = peer_request(&peer, &bulk, (enum axpdu_type)7, true);
	axpdu_write_u32(&w, 1); /* no non-repeaters, one repetition */
	axpdu_write_oid(&w, root, 10, NULL, 0, false);
	axpdu_write_oid(&w, NULL, 0, NULL, 0, false);
	bulk.len = axpdu_end(&w);
	make_get(&after, true);
	memcpy(heap + len, before.bytes, before.len);
	len += before.len;
	memcpy(heap + len, bulk.bytes, bulk.len);
	len += bulk.len;
	memcpy(heap + len, after.bytes, after.len);
	len += after.len;
	peer_send(&peer, heap, len);
	expect_answer(&before);
	/* the library is slower than the fast path: the last two in either order */
	expect(peer_receive(&peer, &in), "the agent hung up");
	if (axpdu_header(in.bytes).packet == axpdu_header(after.bytes).packet)
		expect(peer_receive(&peer, &in), "the agent hung up");
	else
		expect_answer(&after);
	answers();
}

static void
answers_nobody_waits_for(void)
{
	struct axpdu_header h = { .version = 1,
		.type = AXPDU_RESPONSE,
		.flags = AXPDU_NETWORK,
		.session = PEER_SESSION,
		.packet = 0x7ffffff0 };
	struct pdu p;

	for (uint32_t error = 0; error < 3; error++) {
		struct axpdu_writer w = axpdu_begin(p.bytes, sizeof(p.bytes), &h);

		axpdu_write_u32(&w, 1);
		axpdu_write_u32(&w, error << 16);
		p.len = axpdu_end(&w);
		peer_send(&peer, p.bytes, p.len);
	}
	answers();
}

/* A length above the cap: the agent must not wait for it, nor make room. */
static void
a_length_beyond_all_bounds(void)
{
	static const uint32_t lengths[] = { 1024 * 1024, 0x7fffffff, 0xffffffff };

	for (size_t i = 0; i < 3; i++) {
		struct axpdu_header h = { .version = 1,
			.type = i == 0 ? AXPDU_GET : AXPDU_RESPONSE,
			.flags = AXPDU_NETWORK,
			.session = PEER_SESSION };
		struct pdu p;

		axpdu_begin(p.bytes, sizeof(p.bytes), &h);
		for (int k = 0; k < 4; k++)
			p.bytes[16 + k] = (uint8_t)(lengths[i] >> (24 - 8 * k));
		peer_send(&peer, p.bytes, AXPDU_HEADER);
		expect(hung_up(PEER_WAIT_MS), "a PDU of any length is waited for");
		reconnects();
	}
}

static void
the_end_in_the_middle(void)
{
	struct pdu q;

	for (size_t cut = 1; cut < 60; cut += 29) {
		make_get(&q, true);
		peer_send(&peer, q.bytes, cut);
		reconnects();
	}
}

/* Of a PDU that is the library's, which has its first part by then. */
static void
the_end_in_the_middle_of_the_library_s(void)
{
	struct axpdu_header h = { .version = 1,
		.type = 7, /* GetBulk */
		.flags = AXPDU_NETWORK,
		.session = PEER_SESSION };
	struct pdu p;

	for (size_t octets = 100; octets <= 100000; octets *= 1000) {
		axpdu_begin(p.bytes, sizeof(p.bytes), &h);
		for (int k = 0; k < 4; k++)
			p.bytes[16 + k] = (uint8_t)(octets >> (24 - 8 * k));
		peer_send(&peer, p.bytes, AXPDU_HEADER + 40);
		reconnects();
	}
}

/* The next Notify; returns its svcPortNotifySeq. */
static uint32_t
next_notify(struct pdu *in)
{
	static const uint32_t seq[] = { 1, 11, 1, 0 };
	struct axpdu_reader r;
	struct axpdu_oid name;
	uint16_t type;
	size_t len;

	expect(peer_receive(&peer, in), "the agent hung up");
	expect(axpdu_header(in->bytes).type == AXPDU_NOTIFY, "another PDU");
	r = axpdu_reader(in->bytes + AXPDU_HEADER, in->len - AXPDU_HEADER,
	    (axpdu_header(in->bytes).flags & AXPDU_NETWORK) != 0);
	while (!r.failed) {
		type = axpdu_read_u16(&r);
		axpdu_read_u16(&r);
		axpdu_read_oid(&r, &name);
		if (name.n == 14 && memcmp(name.ids + 10, seq, sizeof(seq)) == 0)
			return axpdu_read_u32(&r);
		if (type == VALUE_STRING)
			axpdu_read_string(&r, &len);
		else if (type == VALUE_OID)
			axpdu_read_oid(&r, &name);
		else
			axpdu_read_u32(&r);
	}
	expect(false, "a Notify without a number");
	return 0;
}

/* Answers a Notify. */
static void
respond(const struct pdu *to, uint16_t error)
{
	struct axpdu_header h = axpdu_header(to->bytes);
	struct axpdu_writer w;
	struct pdu out;

	h.type = AXPDU_RESPONSE;
	h.flags &= AXPDU_NETWORK;
	w = axpdu_begin(out.bytes, sizeof(out.bytes), &h);
	axpdu_write_u32(&w, 1);
	axpdu_write_u16(&w, error);
	axpdu_write_u16(&w, 0);
	out.len = axpdu_end(&w);
	peer_send(&peer, out.bytes, out.len);
}

/* One that is malformed is given up and the next one goes; one for which there is no
 * session goes again in a new one; one that is denied for now goes again. */
static void
notifications_refused(void)
{
	static const uint16_t errors[] = { 0, AXPDU_PARSE_ERROR, AXPDU_PROCESSING_ERROR,
		AXPDU_REQUEST_DENIED, 0, AXPDU_NOT_OPEN };
	static const uint32_t seqs[] = { 1, 2, 3, 4, 4, 5 };
	struct pdu in;

	peer_ask(&peer, "events 1 5");
	for (size_t i = 0; i < 6; i++) {
		expect(next_notify(&in) == seqs[i], "another notification");
		respond(&in, errors[i]);
	}
	expect(hung_up(PEER_WAIT_MS), "goes on without a session");
	peer_hang_up(&peer);
	peer_accept(&peer);
	expect(next_notify(&in) == 5, "it is not sent again");
	respond(&in, 0);
	answers();
}

/* A master may end the session and leave the connection (RFC 2741, 6.2.2). */
static void
the_session_is_closed(void)
{
	for (uint8_t reason = 1; reason <= 6; reason += 5) {
		struct axpdu_header h = { .version = 1,
			.type = AXPDU_CLOSE,
			.flags = AXPDU_NETWORK,
			.session = PEER_SESSION };
		struct axpdu_writer w;
		struct pdu p;

		w = axpdu_begin(p.bytes, sizeof(p.bytes), &h);
		axpdu_write_u32(&w, (uint32_t)reason << 24);
		p.len = axpdu_end(&w);
		peer_send(&peer, p.bytes, p.len);
		expect(hung_up(PEER_WAIT_MS), "a session that was closed stands");
		reconnects();
	}
}

/* A master that is only slow is not asked whether it lives: its answer would be late.
 */
static void
no_ping(void)
{
	struct pollfd p = { .fd = peer.fd, .events = POLLIN };

	expect(poll(&p, 1, 3000) == 0, "it says something unasked");
}

/* Noise behind a good header and noise altogether: it may hang up, it must not die. */
static void
noise(void)
{
	for (int round = 0; round < 6; round++) {
		struct pdu p;

		p.len = AXPDU_HEADER + 4 * ((size_t)rand_r(&seed) % 100);
		for (size_t i = 0; i < p.len; i++)
			p.bytes[i] = (uint8_t)rand_r(&seed);
		if (round % 2 == 0) {
			struct axpdu_header h = { .version = 1,
				.type = (uint8_t)(5 + rand_r(&seed) % 3),
				.flags = AXPDU_NETWORK,
				.session = PEER_SESSION };

			axpdu_begin(p.bytes, sizeof(p.bytes), &h);
			p.bytes[18] = (uint8_t)((p.len - AXPDU_HEADER) >> 8);
			p.bytes[19] = (uint8_t)(p.len - AXPDU_HEADER);
		}
		peer_send(&peer, p.bytes, p.len);
		hung_up(100);
		reconnects();
	}
}

/* A master that asks and does not listen: the answers that find no room are lost, and
 * nothing else is. */
static void
deafness(void)
{
	int small = 4096;
	struct pdu q;

	setsockopt(peer.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	for (int i = 0; i < 20000; i++) {
		make_get(&q, true);
		if (send(peer.fd, q.bytes, q.len, MSG_DONTWAIT | MSG_NOSIGNAL) !=
		    (ssize_t)q.len)
			break;
	}
	peer_ask(&peer, "still 1");
	hung_up(300);
	reconnects();
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} tests[] = {
		{ "a PDU octet by octet", a_pdu_octet_by_octet },
		{ "many PDUs at once", many_pdus_at_once_and_cut_anywhere },
		{ "others between", others_between },
		{ "answers nobody waits for", answers_nobody_waits_for },
		{ "a length beyond all bounds", a_length_beyond_all_bounds },
		{ "the end in the middle", the_end_in_the_middle },
		{ "the end in the middle of the library's",
		    the_end_in_the_middle_of_the_library_s },
		{ "notifications refused", notifications_refused },
		{ "the session is closed", the_session_is_closed },
		{ "no ping", no_ping },
		{ "noise", noise },
		{ "deafness", deafness },
	};

	if (argc < 2) {
		fprintf(stderr, "usage: agentx_rough AGENT_FIXTURE [SEED]\n");
		return 2;
	}
	if (argc > 2)
		seed = (unsigned)atoi(argv[2]);
	peer_start(&peer, argv[1], NULL);
	answers();
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		printf("- %s\n", tests[i].name);
		fflush(stdout);
		tests[i].run();
		answers();
	}
	expect(peer_stop(&peer), "agent_fixture did not end well");
	return 0;
}
