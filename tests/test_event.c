#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "journal/event.h"
#include "base/utf8.h"

static void
numbers_have_the_names_of_the_mib(void **state)
{
	static const struct {
		int number;
		const char *name;
		enum event_kind kind;
	} mib[] = {
		{ 1, "svcPortRequiredClosed", EVENT_KIND_CHECK },
		{ 2, "svcPortRequiredRestored", EVENT_KIND_CHECK },
		{ 3, "svcPortRecommendedClosed", EVENT_KIND_CHECK },
		{ 4, "svcPortRecommendedRestored", EVENT_KIND_CHECK },
		{ 5, "svcPortForbiddenOpen", EVENT_KIND_CHECK },
		{ 6, "svcPortForbiddenRestored", EVENT_KIND_CHECK },
		{ 7, "svcPortHostDown", EVENT_KIND_HOST },
		{ 8, "svcPortHostUp", EVENT_KIND_HOST },
		{ 9, "svcPortHeartbeat", EVENT_KIND_HEARTBEAT },
		{ 11, "svcPortInventoryChange", EVENT_KIND_INVENTORY },
		{ 13, "svcPortNotifyOverflow", EVENT_KIND_OVERFLOW },
		{ 15, "svcPortQueueFull", EVENT_KIND_CHECK },
		{ 16, "svcPortQueueDrained", EVENT_KIND_CHECK },
		{ 17, "svcPortUndocumentedOpen", EVENT_KIND_LISTENER },
		{ 18, "svcPortUndocumentedGone", EVENT_KIND_LISTENER },
		{ 19, "svcPortNotEncrypted", EVENT_KIND_CHECK },
		{ 20, "svcPortEncryptionRestored", EVENT_KIND_CHECK },
	};
	size_t known = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(mib) / sizeof(mib[0]); i++) {
		enum event_number n = (enum event_number)mib[i].number;

		assert_string_equal(event_name(n), mib[i].name);
		assert_int_equal(event_kind(n), mib[i].kind);
	}
	for (int n = -1; n < 300; n++)
		known += strcmp(event_name((enum event_number)n), "?") != 0;
	assert_int_equal(known, sizeof(mib) / sizeof(mib[0]));
}

/* ---- the message */

static struct event_words
usual(void)
{
	return (struct event_words){ .verb = "RAISE",
		.what = "closedRequired",
		.name = "flowmon/ipfix@nfc1",
		.endpoint = "udp/2055",
		.host = "nfc1",
		.observer = "mon1",
		.reason = "no socket listens on it",
		.title = "Ports used by the collector",
		.section = "Flow Collection",
		.line = 7 };
}

static void
message_reads_as_designed(void **state)
{
	struct event_words w = usual();
	char out[256];

	(void)state;
	event_message(&w, out);
	assert_string_equal(out,
	    "RAISE closedRequired flowmon/ipfix@nfc1 udp/2055 on nfc1 seen from mon1: "
	    "no socket listens on it "
	    "[Ports used by the collector, Flow Collection, line 7]");
	w.title = "";
	event_message(&w, out);
	assert_non_null(strstr(out, "listens on it [Flow Collection, line 7]"));
	w.section = "";
	event_message(&w, out);
	assert_non_null(strstr(out, "listens on it [line 7]"));
	w.line = 0;
	event_message(&w, out);
	assert_string_equal(out,
	    "RAISE closedRequired flowmon/ipfix@nfc1 udp/2055 on nfc1 seen from mon1: "
	    "no socket listens on it");
}

static void
message_of_a_host_has_no_holes(void **state)
{
	const struct event_words w = { .verb = "CLEAR",
		.what = "hostDown",
		.name = "pas01",
		.endpoint = "",
		.host = "",
		.observer = "mon1",
		.reason = "answers again",
		.title = "",
		.section = "" };
	char out[256];

	(void)state;
	event_message(&w, out);
	assert_string_equal(out, "CLEAR hostDown pas01 seen from mon1: answers again");
}

static char *
repeat(const char *unit, size_t n)
{
	size_t len = strlen(unit);
	char *s = malloc(n * len + 1);

	assert_non_null(s);
	for (size_t i = 0; i < n; i++)
		memcpy(s + i * len, unit, len);
	s[n * len] = '\0';
	return s;
}

static void
title_is_cut_first_then_the_reason(void **state)
{
	struct event_words w = usual();
	char *long_title = repeat("Title ", 40), *long_reason = repeat("why ", 60);
	char out[256];

	(void)state;
	w.title = long_title;
	event_message(&w, out);
	assert_int_equal(strlen(out), 255);
	assert_non_null(strstr(out, "no socket listens on it [Title Title"));
	assert_non_null(strstr(out, "..., Flow Collection, line 7]"));

	w.reason = long_reason;
	event_message(&w, out);
	assert_in_range(strlen(out), 250, 255);
	assert_null(strstr(out, "Title"));
	assert_non_null(strstr(out, ": why why"));
	assert_non_null(strstr(out, "... [Flow Collection, line 7]"));
	free(long_title);
	free(long_reason);
}

/* Whatever the lengths: at most 255 octets, whole characters, and the beginning, which
 * says what happened where, is never given up for the citation. */
static void
any_lengths_make_a_valid_message(void **state)
{
	static const char *const units[] = { "a", "\xc3\xbc", "\xe2\x82\xac",
		"\xf0\x9f\x94\x8c" };
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char *t[7], out[256], *head;
		struct event_words w = usual();

		for (int i = 0; i < 7; i++)
			t[i] = repeat(
			    units[rand_r(&seed) % 4], (size_t)rand_r(&seed) % 120);
		w.name = t[0];
		w.endpoint = t[1];
		w.host = t[2];
		w.observer = t[3];
		w.reason = t[4];
		w.title = t[5];
		w.section = t[6];
		w.line = (unsigned)rand_r(&seed) % 3;
		memset(out, 'x', sizeof(out));
		event_message(&w, out);
		assert_in_range(strlen(out), 20, 255);
		assert_true(utf8_valid(out));
		head = strstr(out, "RAISE closedRequired");
		assert_ptr_equal(head, out);
		if (strlen(t[0]) < 230)
			assert_non_null(strstr(out, t[0]));
		for (int i = 0; i < 7; i++)
			free(t[i]);
	}
}

/* ---- the compact form */

static void
fill(char *s, size_t size, unsigned *seed)
{
	size_t n = (size_t)rand_r(seed) % size;

	if (rand_r(seed) % 4 == 0)
		n = size - 1;
	for (size_t i = 0; i < n; i++)
		s[i] = (char)(1 + rand_r(seed) % 255);
	memset(s + n, 0, size - n);
}

static struct event
random_event(unsigned *seed)
{
	static const uint8_t numbers[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 15, 16,
		17, 18, 19, 20 };
	struct event e = { 0 };

	e.seq = (uint32_t)rand_r(seed) * 2;
	e.time = (wall_t)rand_r(seed) * rand_r(seed) - rand_r(seed);
	e.number = numbers[(size_t)rand_r(seed) % sizeof(numbers)];
	e.severity = (uint8_t)rand_r(seed);
	e.suppressed = (uint8_t)(rand_r(seed) % 2);
	e.sent = (uint8_t)(rand_r(seed) % 2);
	e.alarm_index = (uint32_t)rand_r(seed) * 2;
	fill(e.object, sizeof(e.object), seed);
	fill(e.message, sizeof(e.message), seed);
	e.index_len = (uint8_t)(rand_r(seed) % (EVENT_INDEX_MAX + 1));
	for (int i = 0; i < e.index_len; i++)
		e.index[i] = (uint32_t)rand_r(seed) * 2 + 1;
	fill(e.catalogue, sizeof(e.catalogue), seed);
	fill(e.service, sizeof(e.service), seed);
	fill(e.host, sizeof(e.host), seed);
	fill(e.ports, sizeof(e.ports), seed);
	e.protocol = (uint8_t)rand_r(seed);
	e.expected = (uint8_t)rand_r(seed);
	e.listen = (uint8_t)rand_r(seed);
	e.connect = (uint8_t)rand_r(seed);
	e.verdict = (uint8_t)rand_r(seed);
	e.last_change = -1 - (wall_t)rand_r(seed);
	fill(e.addr_text, sizeof(e.addr_text), seed);
	e.host_state = (uint8_t)rand_r(seed);
	e.checks = (uint32_t)rand_r(seed) * 2 + 1;
	e.deviations = (uint32_t)rand_r(seed);
	e.scope = (uint8_t)rand_r(seed);
	fill(e.owner, sizeof(e.owner), seed);
	e.alarms = (uint32_t)rand_r(seed);
	e.worst_severity = (uint8_t)rand_r(seed);
	e.closed_required = (uint32_t)rand_r(seed);
	e.config_status = (uint8_t)rand_r(seed);
	e.dropped = (uint32_t)rand_r(seed);
	return e;
}

static void
assert_same(const struct event *a, const struct event *b)
{
#define SAME_NUMBER(f) assert_int_equal(a->f, b->f)
#define SAME_TEXT(f)   assert_string_equal(a->f, b->f)
	SAME_NUMBER(seq);
	SAME_NUMBER(time);
	SAME_NUMBER(number);
	SAME_NUMBER(severity);
	SAME_NUMBER(suppressed);
	SAME_NUMBER(sent);
	SAME_NUMBER(alarm_index);
	SAME_TEXT(object);
	SAME_TEXT(message);
	SAME_NUMBER(index_len);
	assert_memory_equal(a->index, b->index, sizeof(a->index));
	SAME_TEXT(catalogue);
	SAME_TEXT(service);
	SAME_TEXT(host);
	SAME_TEXT(ports);
	SAME_NUMBER(protocol);
	SAME_NUMBER(expected);
	SAME_NUMBER(listen);
	SAME_NUMBER(connect);
	SAME_NUMBER(verdict);
	SAME_NUMBER(last_change);
	SAME_TEXT(addr_text);
	SAME_NUMBER(host_state);
	SAME_NUMBER(checks);
	SAME_NUMBER(deviations);
	SAME_NUMBER(scope);
	SAME_TEXT(owner);
	SAME_NUMBER(alarms);
	SAME_NUMBER(worst_severity);
	SAME_NUMBER(closed_required);
	SAME_NUMBER(config_status);
	SAME_NUMBER(dropped);
}

static void
survives_a_round_trip(void **state)
{
	uint8_t buf[EVENT_ENCODED_MAX];
	unsigned seed = 2;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		struct event e = random_event(&seed), back;
		size_t len = event_encode(&e, buf, sizeof(buf));

		assert_in_range(len, 100, EVENT_ENCODED_MAX);
		assert_int_equal(event_decode(buf, len, &back), 0);
		assert_same(&e, &back);
	}
}

static void
largest_event_fits(void **state)
{
	struct event e;
	uint8_t buf[EVENT_ENCODED_MAX];
	size_t len;

	(void)state;
	memset(&e, 'A', sizeof(e));
	e.number = EVENT_HOST_DOWN;
	e.index_len = EVENT_INDEX_MAX;
	/* Not even terminated: the encoder stops at the array's end. */
	len = event_encode(&e, buf, sizeof(buf));
	assert_int_not_equal(len, 0);
	for (size_t size = 0; size < len; size++)
		assert_int_equal(event_encode(&e, buf, size), 0);
	assert_int_equal(event_encode(&e, buf, len), len);
}

static void
octets_are_in_network_order(void **state)
{
	struct event e = { .seq = 0x01020304, .number = EVENT_HEARTBEAT };
	uint8_t buf[EVENT_ENCODED_MAX];
	static const uint8_t begin[] = { 1, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 9 };

	(void)state;
	e.time = 0;
	assert_true(event_encode(&e, buf, sizeof(buf)) > sizeof(begin));
	assert_memory_equal(buf, begin, sizeof(begin));
}

static void
damaged_records_are_refused(void **state)
{
	unsigned seed = 3;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct event e = random_event(&seed), back;
		uint8_t buf[EVENT_ENCODED_MAX + 1] = { 0 };
		size_t len = event_encode(&e, buf, EVENT_ENCODED_MAX);

		for (size_t cut = 0; cut < len; cut++) {
			/* Its own allocation, so that a sanitizer sees overreads. */
			uint8_t *copy = malloc(cut != 0 ? cut : 1);

			assert_non_null(copy);
			memcpy(copy, buf, cut);
			assert_int_equal(event_decode(copy, cut, &back), -1);
			free(copy);
		}
		assert_int_equal(event_decode(buf, len + 1, &back), -1);
		buf[0] = 2;
		assert_int_equal(event_decode(buf, len, &back), -1);
	}
}

static void
any_octets_are_decoded_safely(void **state)
{
	unsigned seed = 4;

	(void)state;
	for (int round = 0; round < 100000; round++) {
		struct event e = random_event(&seed), back;
		uint8_t buf[EVENT_ENCODED_MAX], again[EVENT_ENCODED_MAX];
		size_t len = event_encode(&e, buf, sizeof(buf));

		for (int hits = 1 + rand_r(&seed) % 8; hits > 0; hits--)
			buf[(size_t)rand_r(&seed) % len] = (uint8_t)rand_r(&seed);
		if (event_decode(buf, len, &back) == 0) {
			/* What was accepted is a record: it comes out as it went in. */
			assert_int_equal(
			    event_encode(&back, again, sizeof(again)), len);
			assert_memory_equal(buf, again, len);
			assert_string_not_equal(
			    event_name((enum event_number)back.number), "?");
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_the_names_of_the_mib),
		cmocka_unit_test(message_reads_as_designed),
		cmocka_unit_test(message_of_a_host_has_no_holes),
		cmocka_unit_test(title_is_cut_first_then_the_reason),
		cmocka_unit_test(any_lengths_make_a_valid_message),
		cmocka_unit_test(survives_a_round_trip),
		cmocka_unit_test(largest_event_fits),
		cmocka_unit_test(octets_are_in_network_order),
		cmocka_unit_test(damaged_records_are_refused),
		cmocka_unit_test(any_octets_are_decoded_safely),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
