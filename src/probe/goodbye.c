#include "probe/goodbye.h"

#include <stdbool.h>
#include <string.h>

#define LINE_MAX 512 /* of a greeting; RFC 5321 section 4.5.3.1.5 */

static bool
begins(const uint8_t *bytes, size_t len, const char *text)
{
	size_t n = strlen(text);

	return len >= n && memcmp(bytes, text, n) == 0;
}

/* ---- lines */

static bool
is_code(const uint8_t *line, size_t len)
{
	return len >= 3 && line[0] >= '1' && line[0] <= '5' && line[1] >= '0' &&
	       line[1] <= '9' && line[2] >= '0' && line[2] <= '9';
}

/* "220-first", ..., "220 last": talking before the last line has come is rude, and some
 * mail servers watch for it. */
static enum goodbye_kind
recognise_code(const uint8_t *bytes, size_t len)
{
	const uint8_t *end;

	while (len > 0) {
		end = memchr(bytes, '\n', len);
		if (end == NULL)
			return len < LINE_MAX ? GOODBYE_INCOMPLETE : GOODBYE_UNKNOWN;
		if (!is_code(bytes, len))
			return GOODBYE_UNKNOWN;
		if (bytes[3] != '-')
			return GOODBYE_QUIT;
		len -= (size_t)(end + 1 - bytes);
		bytes = end + 1;
	}
	return GOODBYE_INCOMPLETE;
}

static enum goodbye_kind
when_line(const uint8_t *bytes, size_t len, enum goodbye_kind kind)
{
	if (memchr(bytes, '\n', len) != NULL)
		return kind;
	return len < LINE_MAX ? GOODBYE_INCOMPLETE : GOODBYE_UNKNOWN;
}

/* ---- MySQL: length (3, little endian), number, body */

#define MYSQL_HEAD     4
#define MYSQL_PROTOCOL 10
#define MYSQL_OK       0x00
#define MYSQL_SWITCH   0xfe
#define MYSQL_COM_QUIT 0x01

static size_t
mysql_size(const uint8_t *bytes)
{
	return (size_t)bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16;
}

static enum goodbye_kind
recognise_mysql(const uint8_t *bytes, size_t len)
{
	if (len <= MYSQL_HEAD || bytes[3] != 0 || bytes[MYSQL_HEAD] != MYSQL_PROTOCOL ||
	    mysql_size(bytes) > 1024)
		return GOODBYE_UNKNOWN;
	return len < MYSQL_HEAD + mysql_size(bytes) ? GOODBYE_INCOMPLETE
	                                            : GOODBYE_MYSQL;
}

static size_t
mysql_packet(uint8_t *buf, const uint8_t *to, const void *body, size_t len)
{
	buf[0] = (uint8_t)len;
	buf[1] = 0;
	buf[2] = 0;
	buf[3] = (uint8_t)(to[3] + 1);
	if (len > 0)
		memcpy(buf + MYSQL_HEAD, body, len);
	return MYSQL_HEAD + len;
}

static size_t
build_mysql(unsigned round, const uint8_t *bytes, size_t len, uint8_t *buf)
{
	/* CLIENT_PROTOCOL_41, CLIENT_SECURE_CONNECTION, CLIENT_PLUGIN_AUTH; packets of
	 * 16 MB, utf8, 23 zeros */
	static const char hello[] = "\x00\x82\x08\x00"
				    "\x00\x00\x00\x01"
				    "\x21"
				    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
				    "svcport\0" /* user */
				    "\0"        /* length of the proof: none */
				    "mysql_native_password";
	static const uint8_t quit = MYSQL_COM_QUIT;

	if (round == 0)
		return mysql_packet(buf, bytes, hello, sizeof(hello));
	if (len <= MYSQL_HEAD || round > 2)
		return 0;
	if (bytes[MYSQL_HEAD] == MYSQL_SWITCH)
		return mysql_packet(buf, bytes, NULL, 0);
	if (bytes[MYSQL_HEAD] != MYSQL_OK)
		return 0;
	/* Somebody has such a user: a command, numbered from zero again. */
	return mysql_packet(buf, (const uint8_t[]){ 0, 0, 0, 0xff }, &quit, 1);
}

/* ---- SSH: our version, then SSH_MSG_DISCONNECT in a plain packet (RFC 4253 sections
 * 6 and 11.1), "by application" */

static size_t
build_ssh(uint8_t *buf)
{
	static const char bye[] = "SSH-2.0-svcport\r\n"
				  "\0\0\0\x14" /* packet length */
				  "\x06"       /* padding length */
				  "\x01"       /* SSH_MSG_DISCONNECT */
				  "\0\0\0\x0b" /* SSH_DISCONNECT_BY_APPLICATION */
				  "\0\0\0\0"   /* description */
				  "\0\0\0\0"   /* language */
				  "\0\0\0\0\0";

	memcpy(buf, bye, sizeof(bye)); /* its NUL is the last byte of padding */
	return sizeof(bye);
}

/* ---- */

enum goodbye_kind
goodbye_recognise(const uint8_t *bytes, size_t len)
{
	if (begins(bytes, len, "SSH-"))
		return when_line(bytes, len, GOODBYE_SSH);
	if (begins(bytes, len, "+OK"))
		return when_line(bytes, len, GOODBYE_QUIT);
	if (begins(bytes, len, "* OK") || begins(bytes, len, "* PREAUTH"))
		return when_line(bytes, len, GOODBYE_IMAP);
	if (is_code(bytes, len))
		return recognise_code(bytes, len);
	if (len < MYSQL_HEAD)
		return GOODBYE_INCOMPLETE;
	return recognise_mysql(bytes, len);
}

static size_t
build_line(const char *line, uint8_t *buf)
{
	memcpy(buf, line, strlen(line));
	return strlen(line);
}

size_t
goodbye_build(enum goodbye_kind kind, unsigned round, const uint8_t *bytes, size_t len,
    uint8_t *buf)
{
	if (kind == GOODBYE_MYSQL)
		return build_mysql(round, bytes, len, buf);
	if (round > 0)
		return 0;
	switch (kind) {
	case GOODBYE_SSH:
		return build_ssh(buf);
	case GOODBYE_QUIT:
		return build_line("QUIT\r\n", buf);
	case GOODBYE_IMAP:
		return build_line("a LOGOUT\r\n", buf);
	case GOODBYE_MYSQL:
	case GOODBYE_UNKNOWN:
	case GOODBYE_INCOMPLETE:
		break;
	}
	return 0;
}
