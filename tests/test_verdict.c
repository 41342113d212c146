#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "judge/verdict.h"

/*
 * What the design document says, transcribed by hand.  One line per expectation; the
 * columns are open, local, closed, silent, blind.
 */
static const char *const table[] = {
	[EXPECTED_REQUIRED] = "17723",
	[EXPECTED_RECOMMENDED] = "14423",
	[EXPECTED_OPTIONAL] = "22222",
	[EXPECTED_LOCAL] = "61123",
	[EXPECTED_CLOSED] = "66123",
	[EXPECTED_UNSPECIFIED] = "22222",
};
static const char local_required[] = "61723";

/*
 * What is seen: one line per listen state (listening, not, loopback, partial, unknown,
 * notApplicable), one column per connect state (open, closed, filtered, openOrFiltered,
 * unreachable, partial, nameError, probeError, unknown, notApplicable).  o l c s b:
 * open, local, closed, silent, blind by what the sockets say; in capitals: by what the
 * probe says; X: closed because a socket listens and the own connect fails.
 */
struct source {
	unsigned flags;
	const char *wants_open[6];
	const char *wants_closed[6]; /* local only, must be closed */
};

static const struct source sources[] = {
	{ CHECK_LISTEN,
	    { "oooooooooo", "cccccccccc", "llllllllll", "cccccccccc", "bbbbbbbbbb",
		"ssssssssss" },
	    { "oooooooooo", "cccccccccc", "llllllllll", "cccccccccc", "bbbbbbbbbb",
		"ssssssssss" } },
	{ CHECK_CONNECT,
	    { "OCCSCCBBBS", "OCCSCCBBBS", "OCCSCCBBBS", "OCCSCCBBBS", "OCCSCCBBBS",
		"OCCSCCBBBS" },
	    { "OCCSBCBBBS", "OCCSBCBBBS", "OCCSBCBBBS", "OCCSBCBBBS", "OCCSBCBBBS",
		"OCCSBCBBBS" } },
	{ CHECK_LISTEN | CHECK_CONNECT,
	    { "OXXoXXoooo", "Occccccccc", "Olllllllll", "Occccccccc", "OCCbCCbbbb",
		"OCCSCCBBBS" },
	    { "OXXooXoooo", "Occccccccc", "Olllllllll", "Occccccccc", "Obbbbbbbbb",
		"OCCSBCBBBS" } },
	{ CHECK_EITHER,
	    { "oooooooooo", "OccSccBBBc", "OlllllBBBl", "OccSccBBBc", "OCCbCCBBBb",
		"OCCSCCBBBs" },
	    { "oooooooooo", "OccSBcBBBc", "OlllBlBBBl", "OccSBcBBBc", "ObbbBbBBBb",
		"OCCSBCBBBs" } },
	{ CHECK_EITHER | CHECK_LISTEN | CHECK_CONNECT,
	    { "oooooooooo", "OccSccBBBc", "OlllllBBBl", "OccSccBBBc", "OCCbCCBBBb",
		"OCCSCCBBBs" },
	    { "oooooooooo", "OccSBcBBBc", "OlllBlBBBl", "OccSBcBBBc", "ObbbBbBBBb",
		"OCCSBCBBBs" } },
};
#define NSOURCES (sizeof(sources) / sizeof(sources[0]))

static const enum reason connect_reasons[] = { REASON_CONNECTED, REASON_TLS_OK,
	REASON_TLS_REFUSED, REASON_TLS_PLAIN, REASON_TIMEOUT };

struct wanted {
	int verdict, reason, error;
	char seen; /* small letter */
	bool settled, out, no_answer, probed;
};

static struct wanted
by_document(
    const struct source *s, const struct expectation *e, const struct observed *o)
{
	bool closed = e->expected == EXPECTED_LOCAL || e->expected == EXPECTED_CLOSED;
	const char *line = (closed ? s->wants_closed
				   : s->wants_open)[o->listen.state - 1];
	char cell = line[o->connect.state - 1];
	bool probe = isupper((unsigned char)cell) != 0;
	const char *row = table[e->expected];
	struct wanted w = { .seen = cell == 'X' ? 'c' : (char)tolower(cell) };

	if (e->expected == EXPECTED_LOCAL && (e->flags & CHECK_LOCAL_REQUIRED) != 0 &&
	    s->flags != CHECK_CONNECT)
		row = local_required;
	w.verdict = row[strchr("olcsb", w.seen) - "olcsb"] - '0';
	w.reason = cell == 'X' ? REASON_SELF_CONNECT_FAILED
	           : probe     ? o->connect.reason
	                       : o->listen.reason;
	w.error = probe ? o->connect.error : o->listen.error;
	w.no_answer = w.seen == 'c' && probe &&
	              (o->connect.state == CONNECT_FILTERED ||
			  o->connect.state == CONNECT_UNREACHABLE);
	w.probed = probe || ((s->flags & CHECK_EITHER) != 0 &&
				o->listen.state != LISTEN_LISTENING &&
				o->connect.state != CONNECT_NA);
	w.out = (e->flags & CHECK_VERSION_OFF) != 0;
	w.settled = e->expected == EXPECTED_OPTIONAL ||
	            e->expected == EXPECTED_UNSPECIFIED ||
	            (e->flags & CHECK_VERSION_OFF) != 0;
	if (w.settled)
		w.verdict = 2;
	if (w.verdict == 1 && cell == 'O' && (e->flags & CHECK_TLS) != 0 &&
	    (o->connect.reason == REASON_TLS_REFUSED ||
		o->connect.reason == REASON_TLS_PLAIN))
		w.verdict = 5;
	return w;
}

static void
assert_judged(const struct expectation *e, const struct observed *o, struct wanted w)
{
	struct judgement j;

	memset(&j, 0xff, sizeof(j));
	verdict_judge(e, o, &j);
	if (j.verdict != w.verdict || j.reason != w.reason || j.error != w.error ||
	    j.settled != w.settled || j.out != w.out || j.no_answer != w.no_answer ||
	    j.probed != w.probed || "olcsb"[j.seen] != w.seen)
		fail_msg("expected %d flags %#x listen %d connect %d/%d: verdict %d "
			 "reason %d error %d seen %c, not %d %d %d %c",
		    e->expected, e->flags, o->listen.state, o->connect.state,
		    o->connect.reason, j.verdict, j.reason, j.error, "olcsb"[j.seen],
		    w.verdict, w.reason, w.error, w.seen);
}

static struct observed
look(int listen, int connect, enum reason reason)
{
	return (struct observed){ { (uint8_t)listen, REASON_SCAN_FAILED, EPERM },
		{ (uint8_t)connect, (uint8_t)reason, EHOSTUNREACH } };
}

static void
every_combination_is_judged_as_documented(void **state)
{
	static const unsigned extras[] = { 0, CHECK_LOCAL_REQUIRED, CHECK_TLS,
		CHECK_LOCAL_REQUIRED | CHECK_TLS, CHECK_FOREIGN | CHECK_FEATURE_OFF,
		CHECK_VERSION_OFF, CHECK_VERSION_OFF | CHECK_TLS };
	size_t n = 0;

	(void)state;
	for (size_t s = 0; s < NSOURCES; s++)
		for (int x = 1; x <= 6; x++)
			for (size_t f = 0; f < sizeof(extras) / sizeof(extras[0]); f++)
				for (int l = 1; l <= 6; l++)
					for (int c = 1; c <= 10; c++)
						for (int r = 0; r < 5; r++, n++) {
							struct expectation e = {
								.expected = (uint8_t)x,
								.policy = POLICY_SINGLE,
								.protocol = PROTO_TCP,
								.flags =
								    (uint16_t)(sources[s]
										   .flags |
									       extras
										   [f])
							};
							struct observed o = look(
							    l, c, connect_reasons[r]);

							assert_judged(&e, &o,
							    by_document(
								&sources[s], &e, &o));
						}
	assert_int_equal(n, 5 * 6 * 7 * 6 * 10 * 5);
}

/* Whatever is seen and expected: these are never judged, and say why. */
static void
what_is_out_of_judgement_says_why(void **state)
{
	static const struct {
		bool disabled, standby;
		unsigned flags;
		enum range_policy policy;
		enum proto protocol;
		enum reason reason;
	} out[] = {
		{ true, false, CHECK_LISTEN, POLICY_SINGLE, PROTO_TCP,
		    REASON_DISABLED },
		{ true, true, CHECK_CONNECT, POLICY_SINGLE, PROTO_TCP,
		    REASON_DISABLED },
		{ true, false, 0, POLICY_SINGLE, PROTO_NONE, REASON_DISABLED },
		{ false, true, CHECK_LISTEN, POLICY_ANY, PROTO_TCP, REASON_STANDBY },
		{ false, true, CHECK_CONNECT | CHECK_NO_ROLE, POLICY_SINGLE, PROTO_UDP,
		    REASON_STANDBY },
		{ false, false, CHECK_LISTEN | CHECK_NO_ROLE, POLICY_SINGLE, PROTO_TCP,
		    REASON_NO_ROLE },
		{ false, false, CHECK_LISTEN | CHECK_NO_ROLE | CHECK_UNJUDGED,
		    POLICY_POOL, PROTO_TCP, REASON_NO_ROLE },
		{ false, false, CHECK_LISTEN | CHECK_UNJUDGED, POLICY_POOL, PROTO_TCP,
		    REASON_POOL },
		{ false, false, CHECK_CONNECT | CHECK_UNJUDGED, POLICY_SINGLE,
		    PROTO_TCP, REASON_ON_DEMAND },
		{ false, false, CHECK_EITHER | CHECK_UNJUDGED, POLICY_ANY, PROTO_UDP,
		    REASON_ON_DEMAND },
		{ false, false, 0, POLICY_SINGLE, PROTO_NONE, REASON_NO_PORT },
		{ false, false, CHECK_NO_ROLE, POLICY_SINGLE, PROTO_NONE,
		    REASON_NO_PORT },
		{ false, false, 0, POLICY_SINGLE, PROTO_TCP, REASON_NO_PORT },
		{ false, false, 0, POLICY_SINGLE, PROTO_UDP, REASON_PAYLOAD_OFF },
		{ false, false, 0, POLICY_SINGLE, PROTO_SCTP, REASON_PROTOCOL },
		{ false, false, 0, POLICY_SINGLE, PROTO_ICMP, REASON_PROTOCOL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(out) / sizeof(out[0]); i++)
		for (int x = 1; x <= 6; x++)
			for (int l = 1; l <= 6; l++)
				for (int c = 1; c <= 10; c++) {
					struct expectation e = { .expected = (uint8_t)x,
						.policy = (uint8_t)out[i].policy,
						.protocol = (uint8_t)out[i].protocol,
						.disabled = out[i].disabled,
						.standby = out[i].standby,
						.flags = (uint16_t)out[i].flags };
					struct observed o = look(
					    l, c, REASON_TLS_PLAIN);
					struct judgement j;

					verdict_judge(&e, &o, &j);
					assert_int_equal(
					    j.verdict, VERDICT_NOT_EVALUATED);
					assert_int_equal(j.reason, out[i].reason);
					assert_int_equal(j.error, 0);
					assert_true(j.settled && j.out);
				}
}

/* What nothing looks at is not unknown but out; a socket table makes up for a probe. */
static void
idle_rows_say_why(void **state)
{
	struct observed o = verdict_unseen(CHECK_CONNECT);
	struct expectation e = { .expected = EXPECTED_REQUIRED,
		.protocol = PROTO_UDP,
		.idle = REASON_NO_SECRET,
		.flags = CHECK_CONNECT };
	struct judgement j;

	(void)state;
	verdict_judge(&e, &o, &j);
	assert_int_equal(j.verdict, VERDICT_NOT_EVALUATED);
	assert_int_equal(j.reason, REASON_NO_SECRET);
	assert_true(j.settled && j.out);
	e.flags = CHECK_LISTEN | CHECK_CONNECT | CHECK_EITHER;
	o = look(LISTEN_NOT, CONNECT_NA, REASON_NONE);
	verdict_judge(&e, &o, &j);
	assert_int_equal(j.verdict, VERDICT_CLOSED_REQUIRED);
	assert_false(j.settled || j.out);
}

/* Before the first look nothing deviates and nothing is right. */
static void
unseen_is_unknown(void **state)
{
	(void)state;
	for (size_t s = 0; s < NSOURCES; s++)
		for (int x = 1; x <= 6; x++) {
			struct expectation e = { .expected = (uint8_t)x,
				.protocol = PROTO_TCP,
				.flags = (uint16_t)sources[s].flags };
			struct observed o = verdict_unseen(e.flags);
			struct judgement j;

			verdict_judge(&e, &o, &j);
			assert_int_equal(j.reason, REASON_NOT_YET);
			assert_int_equal(j.verdict,
			    x == EXPECTED_OPTIONAL || x == EXPECTED_UNSPECIFIED
				? VERDICT_NOT_EVALUATED
				: VERDICT_UNKNOWN);
		}
}

static void
own_address_is_probed_only_where_it_helps(void **state)
{
	(void)state;
	for (int l = 1; l <= 6; l++) {
		enum listen_state listen = (enum listen_state)l;

		assert_false(verdict_wants_probe(CHECK_LISTEN, listen));
		assert_true(verdict_wants_probe(CHECK_CONNECT, listen));
		assert_true(verdict_wants_probe(CHECK_LISTEN | CHECK_CONNECT, listen));
		assert_int_equal(verdict_wants_probe(CHECK_EITHER, listen),
		    listen != LISTEN_LISTENING);
	}
}

/* Through the loopback interface a socket on a loopback address is reached, which says
 * nothing of others. */
static void
a_probe_on_the_inside_opens_nothing_local(void **state)
{
	static const unsigned flags[] = { CHECK_LISTEN | CHECK_CONNECT,
		CHECK_LISTEN | CHECK_CONNECT | CHECK_EITHER };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct expectation e = { .expected = EXPECTED_REQUIRED,
			.protocol = PROTO_TCP,
			.inside = true,
			.flags = (uint16_t)flags[i] };
		struct observed o = look(
		    LISTEN_LOOPBACK, CONNECT_OPEN, REASON_CONNECTED);
		struct judgement j;

		verdict_judge(&e, &o, &j);
		assert_int_equal(j.verdict, VERDICT_CLOSED_REQUIRED);
		assert_int_equal(j.seen, SEEN_LOCAL);
		e.expected = EXPECTED_LOCAL;
		verdict_judge(&e, &o, &j);
		assert_int_equal(j.verdict, VERDICT_COMPLIANT);
		/* Where the sockets say nothing, or that it is open, it counts. */
		e.expected = EXPECTED_REQUIRED;
		o.listen.state = LISTEN_UNKNOWN;
		verdict_judge(&e, &o, &j);
		assert_int_equal(j.verdict, VERDICT_COMPLIANT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_combination_is_judged_as_documented),
		cmocka_unit_test(what_is_out_of_judgement_says_why),
		cmocka_unit_test(idle_rows_say_why),
		cmocka_unit_test(unseen_is_unknown),
		cmocka_unit_test(own_address_is_probed_only_where_it_helps),
		cmocka_unit_test(a_probe_on_the_inside_opens_nothing_local),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
