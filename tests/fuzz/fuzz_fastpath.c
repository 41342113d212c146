/*
 * libFuzzer target: whatever arrives as a Get or GetNext PDU, the fast path declines it
 * or answers with a well-formed Response of as many varbinds as were asked for.  An odd
 * first octet has the header put right, so that the rest is reached.
 *
 *   clang -g -O1 -std=gnu11 -fsanitize=fuzzer,address,undefined ...
 * tests/fuzz/fuzz_fastpath.c
 */

#include <stdlib.h>
#include <string.h>

#include "axpdu.h"
#include "journal/eventlog.h"
#include "fastpath.h"
#include "fixture.h"
#include "mibview.h"
#include "publish/store.h"

#define SESSION 7
#define ROOM    65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mibview view;

static void
make_view(void)
{
	static const uint32_t root[] = { 1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 2741 };
	static const struct fixture_size size = { 2, 5, 3, 4 };
	static struct store store;
	struct eventlog *events = eventlog_new(4);
	struct event e;

	fixture_store(&store, &size, 8, 8, 1);
	e = fixture_event(store.plan, EVENT_HOST_DOWN, 3);
	eventlog_add(events, &e);
	mibview_init(&view, &store, events, root, 10);
	view.wall = 1790000000000;
	mibview_refresh(&view);
}

/* How many pairs of names a request has. */
static size_t
ranges(const struct axpdu_header *h, const uint8_t *pdu, bool context)
{
	struct axpdu_reader r = axpdu_reader(
	    pdu + AXPDU_HEADER, h->payload, (h->flags & AXPDU_NETWORK) != 0);
	struct axpdu_oid name;
	size_t len, n = 0;

	if (context)
		axpdu_read_string(&r, &len);
	for (; r.at < r.end; n++) {
		axpdu_read_oid(&r, &name);
		axpdu_read_oid(&r, &name);
		if (r.failed)
			abort();
	}
	return n;
}

static void
read_value(struct axpdu_reader *r, uint16_t type)
{
	struct axpdu_oid oid;
	size_t len;

	switch (type) {
	case VALUE_STRING:
		axpdu_read_string(r, &len);
		break;
	case VALUE_OID:
		axpdu_read_oid(r, &oid);
		break;
	case VALUE_INTEGER:
	case VALUE_COUNTER:
	case VALUE_GAUGE:
	case VALUE_TICKS:
		axpdu_read_u32(r);
		break;
	case AXPDU_NO_SUCH_OBJECT:
	case AXPDU_NO_SUCH_INSTANCE:
	case AXPDU_END_OF_MIB_VIEW:
		break;
	default:
		abort();
	}
}

static void
check(const struct axpdu_header *request, size_t n, const uint8_t *pdu, size_t len)
{
	struct axpdu_header h = axpdu_header(pdu);
	struct axpdu_reader r = axpdu_reader(
	    pdu + AXPDU_HEADER, len - AXPDU_HEADER, (h.flags & AXPDU_NETWORK) != 0);
	struct axpdu_oid name;

	if (h.version != 1 || h.type != AXPDU_RESPONSE || h.packet != request->packet ||
	    h.transaction != request->transaction || h.session != request->session ||
	    h.payload != len - AXPDU_HEADER)
		abort();
	axpdu_read_u32(&r);
	if (axpdu_read_u32(&r) != 0)
		abort();
	for (; r.at < r.end; n--) {
		uint16_t type = axpdu_read_u16(&r);

		axpdu_read_u16(&r);
		axpdu_read_oid(&r, &name);
		read_value(&r, type);
		if (r.failed)
			abort();
	}
	if (n != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t pdu[ROOM], out[ROOM];
	struct fastpath f = { &view, "", SESSION };
	struct axpdu_header h;
	size_t len;

	if (view.root == NULL)
		make_view();
	if (size < 1 + AXPDU_HEADER || size > ROOM)
		return 0;
	memcpy(pdu, data + 1, size - 1);
	size--;
	h = axpdu_header(pdu);
	if ((data[0] & 1) != 0) {
		h.version = 1;
		h.type = (data[0] & 2) != 0 ? AXPDU_GET : AXPDU_GETNEXT;
		h.flags &= AXPDU_CONTEXT | AXPDU_NETWORK;
		h.session = SESSION;
		h.payload = (uint32_t)(size - AXPDU_HEADER);
		axpdu_begin(pdu, sizeof(pdu), &h);
		for (int i = 0; i < 4; i++)
			pdu[16 + i] =
			    (uint8_t)(h.payload >>
				      8 * ((h.flags & AXPDU_NETWORK) != 0 ? 3 - i : i));
	}
	if ((data[0] & 4) != 0)
		f.context = "abcd";
	len = fastpath_answer(&f, pdu, size, out, (data[0] & 8) != 0 ? 300 : ROOM);
	if (len > 0)
		check(&h, ranges(&h, pdu, (h.flags & AXPDU_CONTEXT) != 0), out, len);
	return 0;
}
