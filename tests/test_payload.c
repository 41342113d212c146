#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "probe/payload.h"

static struct payload_args
args_of(const struct payload *payload)
{
	struct payload_args a = { .payload = payload,
		.community = "",
		.secret = "",
		.reply = "",
		.nonce = { 0x8a, 0x54, 0xf4, 0x68, 0x6f, 0xb3, 0x94, 0xc5, 0x28, 0x66,
		    0xe3, 0x02, 0x18, 0x5d, 0x06, 0x23 },
		.id = { 0x12, 0xda },
		.local_port = 40000,
		.port = 5060 };

	assert_true(addr_parse("192.0.2.1", &a.local));
	assert_true(addr_parse("192.0.2.2", &a.target));
	return a;
}

/* Accepted whole; cut anywhere, or with any of the first `strict` bytes changed, not.
 */
static void
accepts_only(
    const struct payload_args *a, const uint8_t *answer, size_t len, size_t strict)
{
	uint8_t *copy;

	assert_true(payload_is_answer(a, answer, len));
	for (size_t n = 0; n < len && n < strict; n++) {
		copy = malloc(n != 0 ? n : 1); /* exact: a sanitizer sees an overrun */
		memcpy(copy, answer, n);
		assert_false(payload_is_answer(a, copy, n));
		free(copy);
	}
	copy = malloc(len);
	for (size_t i = 0; i < strict; i++) {
		memcpy(copy, answer, len);
		copy[i] ^= 0x01;
		if (payload_is_answer(a, copy, len))
			fail_msg("byte %zu changed, and still an answer", i);
	}
	free(copy);
}

/* ---- a reader of BER of our own: depth first, every element must fit exactly */

static void
ber_fits(const uint8_t *at, size_t len, int depth, int *elements)
{
	while (len > 0) {
		assert_true(len >= 2 && at[1] < 0x80 && at[1] <= len - 2u);
		(*elements)++;
		if ((at[0] & 0x20) != 0)
			ber_fits(at + 2, at[1], depth + 1, elements);
		len -= 2u + at[1];
		at += 2 + at[1];
	}
}

static void
snmp_discovery(void **state)
{
	/* the Report of a real engine (usmStatsUnknownEngineIDs), its id put in */
	uint8_t report[] = { 0x30, 0x6b, 2, 1, 3, 0x30, 0x11, 2, 4, 0x4a, 0x54, 0xf4,
		0x68, 2, 3, 0, 0xff, 0xe3, 4, 1, 0, 2, 1, 3, 4, 0x21, 0x30, 0x1f, 4,
		0x11, 0x80, 0, 0x1f, 0x88, 0x80, 0x59, 0xdc, 0x48, 0x61, 0x45, 0xa2,
		0x63, 0x22, 0, 0, 0, 0, 2, 1, 8, 2, 2, 0x0a, 0xb9, 4, 0, 4, 0, 4, 0,
		0x30, 0x30, 4, 0x11, 0x80, 0, 0x1f, 0x88, 0x80, 0x59, 0xdc, 0x48, 0x61,
		0x45, 0xa2, 0x63, 0x22, 0, 0, 0, 0, 4, 0, 0xa8, 0x19, 2, 4, 0x4a, 0x54,
		0xf4, 0x68, 2, 1, 0, 2, 1, 0, 0x30, 0x0b, 0x30, 0x09, 6, 4, 0x2b, 6, 1,
		6, 0x41, 1, 5 };
	struct payload p = { .kind = PAYLOAD_SNMP };
	struct payload_args a = args_of(&p);
	uint8_t buf[PAYLOAD_SIZE];
	int elements = 0;
	size_t len;

	(void)state;
	assert_true(payload_build(&a, buf, &len));
	ber_fits(buf, len, 0, &elements);
	ber_fits(buf + 26, 16, 0, &elements); /* within the octet string */
	assert_int_equal(elements, 16 + 7);
	assert_int_equal(buf[4], 3);        /* version */
	assert_int_equal(buf[20], 0x04);    /* reportable, no authentication */
	assert_int_equal(buf[9] & 0x80, 0); /* a positive id */
	assert_memory_equal(buf + 10, a.nonce + 1, 3);
	report[1] = (uint8_t)(sizeof(report) - 2);
	assert_true(payload_is_answer(&a, report, sizeof(report)));
	accepts_only(&a, report, sizeof(report), 4);
	report[10] ^= 1; /* another message id */
	assert_false(payload_is_answer(&a, report, sizeof(report)));
}

static void
snmp_by_community(void **state)
{
	struct payload p = { .kind = PAYLOAD_SNMP };
	struct payload_args a = args_of(&p);
	uint8_t buf[PAYLOAD_SIZE];
	int elements = 0;
	size_t len;

	(void)state;
	a.community = "public";
	assert_true(payload_build(&a, buf, &len));
	ber_fits(buf, len, 0, &elements);
	assert_int_equal(elements, 11);
	assert_int_equal(buf[4], 1);
	assert_memory_equal(buf + 7, "public", 6);
	assert_false(payload_is_answer(&a, buf, len)); /* our own question */
	buf[13] = 0xa2;                                /* GetResponse */
	assert_true(payload_is_answer(&a, buf, len));
	buf[18] ^= 1;
	assert_false(payload_is_answer(&a, buf, len));
	a.community =
	    "0123456789012345678901234567890123456789012345678901234567890123456789";
	assert_false(payload_build(&a, buf, &len));
}

static void
ntp(void **state)
{
	struct payload p = { .kind = PAYLOAD_NTP };
	struct payload_args a = args_of(&p);
	uint8_t buf[PAYLOAD_SIZE], answer[48] = { 0x24 };
	size_t len;

	(void)state;
	assert_true(payload_build(&a, buf, &len));
	assert_int_equal(len, 48);
	assert_int_equal(buf[0], 0x23);
	memcpy(answer + 24, buf + 40, 8);
	assert_true(payload_is_answer(&a, answer, sizeof(answer)));
	assert_false(payload_is_answer(&a, answer, 47));
	assert_false(payload_is_answer(&a, buf, len)); /* a client's packet */
	answer[30] ^= 1;
	assert_false(payload_is_answer(&a, answer, sizeof(answer)));
}

static void
dns(void **state)
{
	static const uint8_t query[] = { 0x12, 0xda, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
		2, 0, 1 };
	uint8_t refused[] = { 0x12, 0xda, 0x81, 5, 0, 0, 0, 0, 0, 0, 0, 0 };
	struct payload p = { .kind = PAYLOAD_DNS };
	struct payload_args a = args_of(&p);
	uint8_t buf[PAYLOAD_SIZE];
	size_t len;

	(void)state;
	assert_true(payload_build(&a, buf, &len));
	assert_int_equal(len, sizeof(query));
	assert_memory_equal(buf, query, len);
	assert_false(payload_is_answer(&a, buf, len));
	accepts_only(&a, refused, sizeof(refused), 2);
	assert_false(payload_is_answer(&a, refused, 11));
}

/* The packets of RFC 5997 section 6.1, secret "xyzzy5461". */
static void
radius_as_in_the_rfc(void **state)
{
	static const uint8_t request[] = { 0x0c, 0xda, 0x00, 0x26, 0x8a, 0x54, 0xf4,
		0x68, 0x6f, 0xb3, 0x94, 0xc5, 0x28, 0x66, 0xe3, 0x02, 0x18, 0x5d, 0x06,
		0x23, 0x50, 0x12, 0x5a, 0x66, 0x5e, 0x2e, 0x1e, 0x84, 0x11, 0xf3, 0xe2,
		0x43, 0x82, 0x20, 0x97, 0xc8, 0x4f, 0xa3 };
	static const uint8_t response[] = { 0x02, 0xda, 0x00, 0x14, 0xef, 0x0d, 0x55,
		0x2a, 0x4b, 0xf2, 0xd6, 0x93, 0xec, 0x2b, 0x6f, 0xe8, 0xb5, 0x41, 0x1d,
		0x66 };
	struct payload p = { .kind = PAYLOAD_RADIUS };
	struct payload_args a = args_of(&p);
	uint8_t buf[PAYLOAD_SIZE];
	size_t len;

	(void)state;
	assert_false(payload_build(&a, buf, &len)); /* without a secret */
	a.secret = "xyzzy5461";
	assert_true(payload_build(&a, buf, &len));
	assert_int_equal(len, sizeof(request));
	assert_memory_equal(buf, request, len);
	accepts_only(&a, response, sizeof(response), sizeof(response));
	a.secret = "another";
	assert_false(payload_is_answer(&a, response, sizeof(response)));
}

static void
sip_options(void **state)
{
	struct payload p = { .kind = PAYLOAD_SIP };
	struct payload_args a = args_of(&p);
	uint8_t buf[PAYLOAD_SIZE];
	char answer[512];
	size_t len;
	int n;

	(void)state;
	assert_true(payload_build(&a, buf, &len));
	buf[len] = '\0';
	assert_non_null(strstr((char *)buf, "OPTIONS sip:192.0.2.2:5060 SIP/2.0\r\n"));
	assert_non_null(
	    strstr((char *)buf, "Via: SIP/2.0/UDP 192.0.2.1:40000;branch="
				"z9hG4bK8a54f4686fb394c52866e302;rport\r\n"));
	assert_string_equal((char *)buf + len - 23, "\r\nContent-Length: 0\r\n\r\n");
	n = snprintf(answer, sizeof(answer),
	    "SIP/2.0 405 Method Not Allowed\r\n"
	    "Call-ID: 8a54f4686fb394c52866e302@svcport\r\n\r\n");
	assert_true(payload_is_answer(&a, (uint8_t *)answer, (size_t)n));
	assert_false(payload_is_answer(&a, buf, len));
	answer[45] ^= 1;
	assert_false(payload_is_answer(&a, (uint8_t *)answer, (size_t)n));
	assert_true(addr_parse("2001:db8::2", &a.target));
	assert_true(addr_parse("fe80::1%lo", &a.local));
	assert_true(payload_build(&a, buf, &len));
	buf[len] = '\0';
	assert_non_null(strstr((char *)buf, "OPTIONS sip:[2001:db8::2]:5060 "));
	assert_non_null(strstr((char *)buf, "UDP [fe80::1]:40000;"));
}

static void
tftp(void **state)
{
	static const uint8_t error[] = { 0, 5, 0, 1, 'n', 'o', 0 };
	struct payload p = { .kind = PAYLOAD_TFTP };
	struct payload_args a = args_of(&p);
	uint8_t buf[PAYLOAD_SIZE];
	size_t len;

	(void)state;
	assert_true(payload_build(&a, buf, &len));
	assert_int_equal(len, sizeof("\0\1svcport-8a54f468\0octet"));
	assert_memory_equal(buf, "\0\1svcport-8a54f468\0octet", len);
	accepts_only(&a, error, sizeof(error), 0);
	assert_false(payload_is_answer(&a, buf, len));
	assert_true(payload_moves_port(PAYLOAD_TFTP));
	assert_false(payload_moves_port(PAYLOAD_DNS));
}

static void
bytes_and_patterns(void **state)
{
	uint8_t hello[] = { 'h', 'i', 0, 0xff };
	struct payload p = { .kind = PAYLOAD_BYTES, .bytes = hello, .len = 4 };
	struct payload none = { .kind = PAYLOAD_NONE };
	struct payload off = { .kind = PAYLOAD_OFF };
	struct payload_args a = args_of(&p);
	uint8_t buf[PAYLOAD_SIZE];
	size_t len = 99;

	(void)state;
	assert_true(payload_build(&a, buf, &len));
	assert_int_equal(len, 4);
	assert_memory_equal(buf, hello, 4);
	assert_true(payload_is_answer(&a, buf, 0));
	a.reply = "PONG";
	assert_true(payload_is_answer(&a, (const uint8_t *)"xxPONGxx", 8));
	assert_false(payload_is_answer(&a, (const uint8_t *)"xxPONxx", 7));
	a.reply = "text:PONG";
	assert_true(payload_is_answer(&a, (const uint8_t *)"PONG", 4));
	a.reply = "hex:00fF";
	assert_true(payload_is_answer(&a, hello, 4));
	assert_false(payload_is_answer(&a, hello, 3));
	a.reply = "hex: 00 ff ";
	assert_true(payload_is_answer(&a, hello, 4));
	a.reply = "hex:0";
	assert_false(payload_is_answer(&a, hello, 4));
	a.payload = &none;
	assert_true(payload_build(&a, buf, &len));
	assert_int_equal(len, 0);
	a.payload = &off;
	assert_false(payload_build(&a, buf, &len));
	p.len = PAYLOAD_SIZE + 1;
	a.payload = &p;
	assert_false(payload_build(&a, buf, &len));
}

/* Whatever arrives, nothing beyond its end is read (a sanitizer would say so). */
static void
noise_is_no_answer(void **state)
{
	static const enum payload_kind kinds[] = { PAYLOAD_SNMP, PAYLOAD_NTP,
		PAYLOAD_DNS, PAYLOAD_RADIUS, PAYLOAD_SIP };
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct payload p = { .kind = kinds[round % 5] };
		struct payload_args a = args_of(&p);
		size_t len = (size_t)rand_r(&seed) % 80;
		uint8_t *noise = malloc(len + 1);

		a.secret = "secret";
		for (size_t i = 0; i < len; i++)
			noise[i] = (uint8_t)rand_r(&seed);
		if (len > 8 && p.kind == PAYLOAD_SNMP)
			memcpy(noise, "\x30\x06\x02\x01\x03", 5);
		assert_false(payload_is_answer(&a, noise, len));
		free(noise);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(snmp_discovery),
		cmocka_unit_test(snmp_by_community),
		cmocka_unit_test(ntp),
		cmocka_unit_test(dns),
		cmocka_unit_test(radius_as_in_the_rfc),
		cmocka_unit_test(sip_options),
		cmocka_unit_test(tftp),
		cmocka_unit_test(bytes_and_patterns),
		cmocka_unit_test(noise_is_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
