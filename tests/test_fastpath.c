#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "axpdu.h"
#include "journal/eventlog.h"
#include "fastpath.h"
#include "fixture.h"
#include "mibview.h"
#include "publish/store.h"

/* What it declines; what it answers is compared with the library by agentx_diff. */

static const uint32_t root[] = { 1, 3, 6, 1, 4, 1, 99, 5 };

static struct {
	struct store store;
	struct eventlog *events;
	struct mibview view;
} rig;

static int
make(void **state)
{
	static const struct fixture_size size = { 1, 2, 1, 0 };

	(void)state;
	fixture_store(&rig.store, &size, 0, 0, 1);
	rig.events = eventlog_new(1);
	mibview_init(&rig.view, &rig.store, rig.events, root, 8);
	mibview_refresh(&rig.view);
	return 0;
}

static int
discard(void **state)
{
	(void)state;
	mibview_clear(&rig.view);
	eventlog_free(rig.events);
	store_clear(&rig.store);
	return 0;
}

struct request {
	uint8_t version, type, flags;
	uint32_t session;
	const char *context;
	unsigned ranges;
};

static size_t
answer(const struct request *q, const char *context, size_t trim)
{
	struct fastpath f = { &rig.view, context, 7 };
	struct axpdu_header h = { .version = q->version,
		.type = q->type,
		.flags = q->flags,
		.session = q->session };
	uint8_t in[256], out[256];
	struct axpdu_writer w = axpdu_begin(in, sizeof(in), &h);

	if ((q->flags & AXPDU_CONTEXT) != 0)
		axpdu_write_string(&w, q->context, strlen(q->context));
	for (unsigned i = 0; i < q->ranges; i++) {
		axpdu_write_oid(
		    &w, root, 8, (const uint32_t[]){ 1, 1, 5, 0 }, 4, false);
		axpdu_write_oid(&w, NULL, 0, NULL, 0, false);
	}
	return fastpath_answer(&f, in, axpdu_end(&w) - trim, out, sizeof(out));
}

static void
answers_what_is_meant_for_it(void **state)
{
	static const struct request get = { 1, AXPDU_GET, AXPDU_NETWORK, 7, NULL, 1 };
	static const struct request next = { 1, AXPDU_GETNEXT, 0, 7, NULL, 2 };
	static const struct request tenant = { 1, AXPDU_GET, AXPDU_CONTEXT, 7, "t", 1 };

	(void)state;
	assert_int_equal(answer(&get, "", 0), 20 + 8 + 4 + 4 + 4 * 7 + 4);
	assert_true(answer(&next, "", 0) > 0);
	assert_true(answer(&tenant, "t", 0) > 0);
}

static void
declines_everything_else(void **state)
{
	static const struct request strange[] = {
		{ 2, AXPDU_GET, 0, 7, NULL, 1 },            /* version */
		{ 1, AXPDU_RESPONSE, 0, 7, NULL, 1 },       /* type */
		{ 1, 7, 0, 7, NULL, 1 },                    /* GetBulk */
		{ 1, AXPDU_GET, 0x01, 7, NULL, 1 },         /* flag */
		{ 1, AXPDU_GET, 0x20, 7, NULL, 1 },         /* unknown flag */
		{ 1, AXPDU_GET, 0, 8, NULL, 1 },            /* session */
		{ 1, AXPDU_GET, AXPDU_CONTEXT, 7, "t", 1 }, /* context */
		{ 1, AXPDU_GET, 0, 7, NULL, 0 },            /* nothing asked */
		{ 1, AXPDU_GETNEXT, 0, 7, NULL, 9 },        /* answer too long */
	};
	static const struct request get = { 1, AXPDU_GET, 0, 7, NULL, 1 };
	static const struct request other = { 1, AXPDU_GET, AXPDU_CONTEXT, 7, "tt", 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++)
		assert_int_equal(answer(&strange[i], "", 0), 0);
	assert_int_equal(answer(&get, "t", 0), 0);   /* we are in a context */
	assert_int_equal(answer(&other, "t", 0), 0); /* and not in that one */
	assert_int_equal(answer(&get, "", 4), 0);    /* cut short */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_what_is_meant_for_it),
		cmocka_unit_test(declines_everything_else),
	};

	return cmocka_run_group_tests(tests, make, discard);
}
