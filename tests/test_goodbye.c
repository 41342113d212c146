#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "probe/goodbye.h"

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1

/* The first packet of MariaDB 10.11: its length, number 0, protocol 10, version, ... */
static const char mysql[] = "\x1b\0\0\0\x0a"
			    "10.11.19-MariaDB\0"
			    "\x05\0\0\0"
			    "abcde";

static void
greetings_are_recognised(void **state)
{
	static const struct {
		const char *text;
		enum goodbye_kind kind;
	} cases[] = {
		{ "SSH-2.0-OpenSSH_9.2p1\r\n", GOODBYE_SSH },
		{ "SSH-2.0-OpenSSH_9.2p1", GOODBYE_INCOMPLETE },
		{ "220 mail.example ESMTP\r\n", GOODBYE_QUIT },
		{ "220-mail.example\r\n", GOODBYE_INCOMPLETE },
		{ "220-mail.example\r\n220", GOODBYE_INCOMPLETE },
		{ "220-mail.example\r\n220 ready\r\n", GOODBYE_QUIT },
		{ "220-mail.example\r\nnoise\r\n", GOODBYE_UNKNOWN },
		{ "421 too many\r\n", GOODBYE_QUIT },
		{ "+OK POP3\r\n", GOODBYE_QUIT },
		{ "* OK IMAP4rev1\r\n", GOODBYE_IMAP },
		{ "HTTP/1.1 400 Bad Request\r\n\r\n", GOODBYE_UNKNOWN },
		{ "2", GOODBYE_INCOMPLETE },
		{ "hello\r\n", GOODBYE_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum goodbye_kind kind = goodbye_recognise(
		    (const uint8_t *)cases[i].text, strlen(cases[i].text));

		if (kind != cases[i].kind)
			fail_msg("\"%s\" is taken for %d", cases[i].text, (int)kind);
	}
	assert_int_equal(goodbye_recognise(BYTES(mysql)), GOODBYE_MYSQL);
	for (size_t n = 5; n < sizeof(mysql) - 1; n++)
		assert_int_equal(
		    goodbye_recognise((const uint8_t *)mysql, n), GOODBYE_INCOMPLETE);
	/* an error packet in place of the greeting: blocked, too many connections */
	assert_int_equal(
	    goodbye_recognise(BYTES("\x05\0\0\0\xff\x69\x04#H")), GOODBYE_UNKNOWN);
}

static void
an_endless_line_is_given_up(void **state)
{
	uint8_t line[600];

	(void)state;
	memset(line, 'x', sizeof(line));
	memcpy(line, "SSH-", 4);
	assert_int_equal(goodbye_recognise(line, 500), GOODBYE_INCOMPLETE);
	assert_int_equal(goodbye_recognise(line, 600), GOODBYE_UNKNOWN);
	memcpy(line, "220 ", 4);
	assert_int_equal(goodbye_recognise(line, 600), GOODBYE_UNKNOWN);
}

static void
text_protocols_quit_once(void **state)
{
	uint8_t buf[GOODBYE_SIZE];

	(void)state;
	assert_int_equal(goodbye_build(GOODBYE_QUIT, 0, BYTES("220 x\r\n"), buf), 6);
	assert_memory_equal(buf, "QUIT\r\n", 6);
	assert_int_equal(goodbye_build(GOODBYE_QUIT, 1, BYTES("221 x\r\n"), buf), 0);
	assert_int_equal(goodbye_build(GOODBYE_IMAP, 0, BYTES("* OK\r\n"), buf), 10);
	assert_memory_equal(buf, "a LOGOUT\r\n", 10);
	assert_int_equal(goodbye_build(GOODBYE_UNKNOWN, 0, BYTES("x"), buf), 0);
}

/* RFC 4253 section 6: length, padding of at least 4, a multiple of 8 in all. */
static void
ssh_disconnects(void **state)
{
	uint8_t buf[GOODBYE_SIZE];
	size_t len = goodbye_build(GOODBYE_SSH, 0, BYTES("SSH-2.0-x\r\n"), buf);
	const uint8_t *packet = buf + strlen("SSH-2.0-svcport\r\n");
	size_t n = len - strlen("SSH-2.0-svcport\r\n");

	(void)state;
	assert_memory_equal(buf, "SSH-2.0-svcport\r\n", 17);
	assert_int_equal(n % 8, 0);
	assert_int_equal(packet[3] + 4u, n);
	assert_true(packet[4] >= 4);
	assert_int_equal(packet[3], 1 + 13 + packet[4]);
	assert_int_equal(packet[5], 1);  /* SSH_MSG_DISCONNECT */
	assert_int_equal(packet[9], 11); /* by application */
}

static void
mysql_completes_the_handshake(void **state)
{
	static const char denied[] = "\x09\0\0\2\xff\x15\x04#28000";
	static const char other_plugin[] = "\x05\0\0\2\xfe"
					   "sha2";
	static const char welcome[] = "\x07\0\0\2\0\0\0\2\0\0\0";
	uint8_t buf[GOODBYE_SIZE];
	size_t len;

	(void)state;
	len = goodbye_build(GOODBYE_MYSQL, 0, BYTES(mysql), buf);
	assert_int_equal(buf[0] + 4u, len);
	assert_int_equal(buf[3], 1);
	assert_memory_equal(buf + 36, "svcport\0\0mysql_native_password", 31);
	assert_int_equal(len, 36 + 31);
	assert_int_equal(goodbye_build(GOODBYE_MYSQL, 1, BYTES(denied), buf), 0);
	assert_int_equal(goodbye_build(GOODBYE_MYSQL, 1, BYTES(other_plugin), buf), 4);
	assert_memory_equal(buf, "\0\0\0\3", 4);
	assert_int_equal(goodbye_build(GOODBYE_MYSQL, 1, BYTES(welcome), buf), 5);
	assert_memory_equal(buf, "\1\0\0\0\1", 5); /* COM_QUIT */
	assert_int_equal(goodbye_build(GOODBYE_MYSQL, 3, BYTES(welcome), buf), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(greetings_are_recognised),
		cmocka_unit_test(an_endless_line_is_given_up),
		cmocka_unit_test(text_protocols_quit_once),
		cmocka_unit_test(ssh_disconnects),
		cmocka_unit_test(mysql_completes_the_handshake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
