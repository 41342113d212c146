#include "probe/payload.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/payload_snmp.h"

static uint16_t
be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

/* ---- NTP, RFC 5905 section 7.3 */

#define NTP_SIZE     48
#define NTP_ORIGIN   24
#define NTP_TRANSMIT 40

static size_t
build_ntp(const struct payload_args *args, uint8_t *buf)
{
	memset(buf, 0, NTP_SIZE);
	buf[0] = 4 << 3 | 3; /* version 4, client */
	/* The server gives it back untouched; a time is not needed (and would tell
	 * ours). */
	memcpy(buf + NTP_TRANSMIT, args->nonce, 8);
	return NTP_SIZE;
}

static bool
is_ntp(const struct payload_args *args, const uint8_t *answer, size_t len)
{
	return len >= NTP_SIZE && (answer[0] & 7) == 4 &&
	       memcmp(answer + NTP_ORIGIN, args->nonce, 8) == 0;
}

/* ---- DNS, RFC 1035 section 4.1 */

static size_t
build_dns(const struct payload_args *args, uint8_t *buf)
{
	static const uint8_t query[] = { 0, 0, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0,
		0,               /* recursion desired, one question */
		0, 0, 2, 0, 1 }; /* the root, NS, IN */

	memcpy(buf, query, sizeof(query));
	memcpy(buf, args->id, 2);
	return sizeof(query);
}

/* Refused or not: it is a name server that says so. */
static bool
is_dns(const struct payload_args *args, const uint8_t *answer, size_t len)
{
	return len >= 12 && memcmp(answer, args->id, 2) == 0 && (answer[2] & 0x80) != 0;
}

/* ---- RADIUS Status-Server, RFC 5997; RFC 2865 section 3, RFC 3579 section 3.2 */

#define RADIUS_HEAD          20
#define RADIUS_ACCEPT        2
#define RADIUS_ACCT_RESPONSE 5
#define RADIUS_STATUS        12
#define MD5_SIZE             16

static size_t
build_radius(const struct payload_args *args, uint8_t *buf)
{
	size_t n = RADIUS_HEAD;
	unsigned mac_len = 0;
	uint8_t *mac;

	if (args->secret[0] == '\0')
		return 0;
	buf[0] = RADIUS_STATUS;
	buf[1] = args->id[1];
	memcpy(buf + 4, args->nonce, MD5_SIZE); /* Request Authenticator */
	buf[n++] = 80; /* Message-Authenticator, over the packet with itself zero */
	buf[n++] = 2 + MD5_SIZE;
	mac = buf + n;
	memset(mac, 0, MD5_SIZE);
	n += MD5_SIZE;
	buf[2] = 0;
	buf[3] = (uint8_t)n;
	if (HMAC(EVP_md5(), args->secret, (int)strlen(args->secret), buf, n, mac,
		&mac_len) == NULL)
		return 0;
	return n;
}

/* The Response Authenticator is MD5 over code, id, length, the request's authenticator,
 * the attributes and the secret: only a server that knows it can have answered. */
static bool
is_radius(const struct payload_args *args, const uint8_t *answer, size_t len)
{
	uint8_t sum[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *md;
	size_t n;
	bool ok;

	if (len < RADIUS_HEAD || answer[1] != args->id[1] ||
	    (answer[0] != RADIUS_ACCEPT && answer[0] != RADIUS_ACCT_RESPONSE))
		return false;
	n = be16(answer + 2);
	if (n < RADIUS_HEAD || n > len)
		return false;
	md = EVP_MD_CTX_new();
	ok = md != NULL && EVP_DigestInit_ex(md, EVP_md5(), NULL) == 1 &&
	     EVP_DigestUpdate(md, answer, 4) == 1 &&
	     EVP_DigestUpdate(md, args->nonce, MD5_SIZE) == 1 &&
	     EVP_DigestUpdate(md, answer + RADIUS_HEAD, n - RADIUS_HEAD) == 1 &&
	     EVP_DigestUpdate(md, args->secret, strlen(args->secret)) == 1 &&
	     EVP_DigestFinal_ex(md, sum, NULL) == 1 &&
	     memcmp(sum, answer + 4, MD5_SIZE) == 0;
	EVP_MD_CTX_free(md);
	return ok;
}

/* ---- SIP OPTIONS, RFC 3261 section 11 */

/* Brackets as a URI wants them; the scope of an address means nothing to the peer. */
static const char *
uri_host(const struct addr *a, char buf[ADDR_TEXT + 2])
{
	struct addr plain = *a;
	char text[ADDR_TEXT];

	plain.scope = 0;
	snprintf(buf, ADDR_TEXT + 2, a->family == AF_INET6 ? "[%s]" : "%s",
	    addr_format(&plain, text));
	return buf;
}

static void
hex_nonce(const struct payload_args *args, char out[25])
{
	for (int i = 0; i < 12; i++)
		snprintf(out + 2 * i, 3, "%02x", args->nonce[i]);
}

static size_t
build_sip(const struct payload_args *args, uint8_t *buf)
{
	char id[25], local[ADDR_TEXT + 2], target[ADDR_TEXT + 2];
	int n;

	hex_nonce(args, id);
	uri_host(&args->local, local);
	uri_host(&args->target, target);
	n = snprintf((char *)buf, PAYLOAD_SIZE,
	    "OPTIONS sip:%s:%u SIP/2.0\r\n"
	    "Via: SIP/2.0/UDP %s:%u;branch=z9hG4bK%s;rport\r\n"
	    "Max-Forwards: 70\r\n"
	    "From: <sip:svcport@%s>;tag=%.8s\r\n"
	    "To: <sip:%s:%u>\r\n"
	    "Call-ID: %s@svcport\r\n"
	    "CSeq: 1 OPTIONS\r\n"
	    "Contact: <sip:svcport@%s:%u>\r\n"
	    "Accept: application/sdp\r\n"
	    "User-Agent: svcport\r\n"
	    "Content-Length: 0\r\n\r\n",
	    target, args->port, local, args->local_port, id, local, id, target,
	    args->port, id, local, args->local_port);
	return n > 0 && n < PAYLOAD_SIZE ? (size_t)n : 0;
}

static bool
is_sip(const struct payload_args *args, const uint8_t *answer, size_t len)
{
	char id[25];

	hex_nonce(args, id);
	return len > 12 && memcmp(answer, "SIP/2.0 ", 8) == 0 &&
	       memmem(answer, len, id, 24) != NULL;
}

/* ---- TFTP, RFC 1350: a name that does not exist, so that nothing is transferred */

static size_t
build_tftp(const struct payload_args *args, uint8_t *buf)
{
	char id[25];
	int n;

	hex_nonce(args, id);
	n = snprintf(
	    (char *)buf, PAYLOAD_SIZE, "%c%csvcport-%.8s%coctet%c", 0, 1, id, 0, 0);
	return (size_t)n;
}

static bool
is_tftp(const uint8_t *answer, size_t len)
{
	uint16_t opcode = len >= 4 ? be16(answer) : 0;

	return opcode == 3 || opcode == 5 || opcode == 6; /* DATA, ERROR, OACK */
}

/* ---- */

bool
payload_build(const struct payload_args *args, uint8_t *buf, size_t *len)
{
	*len = 0;
	switch (args->payload->kind) {
	case PAYLOAD_DEFAULT:
	case PAYLOAD_OFF:
		return false;
	case PAYLOAD_NONE:
		return true;
	case PAYLOAD_SNMP:
		*len = payload_snmp_build(args->community, args->nonce, buf);
		break;
	case PAYLOAD_NTP:
		*len = build_ntp(args, buf);
		break;
	case PAYLOAD_DNS:
		*len = build_dns(args, buf);
		break;
	case PAYLOAD_RADIUS:
		*len = build_radius(args, buf);
		break;
	case PAYLOAD_SIP:
		*len = build_sip(args, buf);
		break;
	case PAYLOAD_TFTP:
		*len = build_tftp(args, buf);
		break;
	case PAYLOAD_BYTES:
		if (args->payload->len > PAYLOAD_SIZE)
			return false;
		if (args->payload->len > 0)
			memcpy(buf, args->payload->bytes, args->payload->len);
		*len = args->payload->len;
		return true;
	}
	return *len > 0;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
contains_hex(const char *hex, const uint8_t *answer, size_t len)
{
	uint8_t bytes[256];
	size_t n = 0;

	/* With spaces between pairs, as in a payload. */
	for (hex += strspn(hex, " "); hex[0] != '\0' && n < sizeof(bytes);
	     hex += strspn(hex, " ")) {
		int high = hex_digit(hex[0]);
		int low = high >= 0 ? hex_digit(hex[1]) : -1;

		if (low < 0)
			return false;
		bytes[n++] = (uint8_t)(high << 4 | low);
		hex += 2;
	}
	return hex[0] == '\0' && memmem(answer, len, bytes, n) != NULL;
}

static bool
has_pattern(const char *pattern, const uint8_t *answer, size_t len)
{
	if (strncmp(pattern, "hex:", 4) == 0)
		return contains_hex(pattern + 4, answer, len);
	if (strncmp(pattern, "text:", 5) == 0)
		pattern += 5;
	return memmem(answer, len, pattern, strlen(pattern)) != NULL;
}

bool
payload_is_answer(const struct payload_args *args, const uint8_t *answer, size_t len)
{
	if (args->reply[0] != '\0' && !has_pattern(args->reply, answer, len))
		return false;
	switch (args->payload->kind) {
	case PAYLOAD_SNMP:
		return payload_snmp_is_answer(args->nonce, answer, len);
	case PAYLOAD_NTP:
		return is_ntp(args, answer, len);
	case PAYLOAD_DNS:
		return is_dns(args, answer, len);
	case PAYLOAD_RADIUS:
		return is_radius(args, answer, len);
	case PAYLOAD_SIP:
		return is_sip(args, answer, len);
	case PAYLOAD_TFTP:
		return is_tftp(answer, len);
	case PAYLOAD_DEFAULT:
	case PAYLOAD_OFF:
	case PAYLOAD_NONE:
	case PAYLOAD_BYTES:
		break;
	}
	return true;
}

bool
payload_moves_port(enum payload_kind kind)
{
	return kind == PAYLOAD_TFTP;
}
