#include "model/addr.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
parse_scope(const char *text, uint32_t *out)
{
	char *end;
	unsigned long n;

	*out = if_nametoindex(text);
	if (*out != 0)
		return true;
	n = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || n == 0 || n > UINT32_MAX)
		return false;
	*out = (uint32_t)n;
	return true;
}

bool
addr_parse(const char *text, struct addr *out)
{
	struct addr a = { 0 };
	char copy[ADDR_TEXT];
	size_t len = strlen(text);
	char *scope;

	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	if (len == 0 || len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (inet_pton(AF_INET, copy, a.bytes) == 1) {
		a.family = AF_INET;
		*out = a;
		return true;
	}
	scope = strchr(copy, '%');
	if (scope != NULL) {
		*scope++ = '\0';
		if (!parse_scope(scope, &a.scope))
			return false;
	}
	if (inet_pton(AF_INET6, copy, a.bytes) != 1)
		return false;
	/* Answers from any other address come without an interface. */
	a.family = AF_INET6;
	if (!addr_is_link_local(&a))
		a.scope = 0;
	*out = a;
	return true;
}

bool
addr_parse_port(const char *text, struct addr *out, uint16_t *port)
{
	const char *colon = strrchr(text, ':');
	char host[ADDR_TEXT + 2];
	struct addr a;
	size_t len = colon != NULL ? (size_t)(colon - text) : 0;
	unsigned long n;
	char *end;

	if (len == 0 || len >= sizeof(host) || colon[1] < '0' || colon[1] > '9')
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	n = strtoul(colon + 1, &end, 10);
	if (*end != '\0' || n == 0 || n > UINT16_MAX || !addr_parse(host, &a) ||
	    (a.family == AF_INET6) != (host[0] == '['))
		return false;
	*out = a;
	*port = (uint16_t)n;
	return true;
}

const char *
addr_format(const struct addr *a, char buf[ADDR_TEXT])
{
	char name[IF_NAMESIZE];
	size_t len;

	buf[0] = '\0';
	if (a->family == 0 || inet_ntop(a->family, a->bytes, buf, ADDR_TEXT) == NULL)
		return buf;
	if (a->scope != 0) {
		len = strlen(buf);
		if (if_indextoname(a->scope, name) != NULL)
			snprintf(buf + len, ADDR_TEXT - len, "%%%s", name);
		else
			snprintf(buf + len, ADDR_TEXT - len, "%%%u", a->scope);
	}
	return buf;
}

bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && a->scope == b->scope &&
	       memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool
addr_is_any(const struct addr *a)
{
	static const uint8_t zero[16];

	return memcmp(a->bytes, zero, sizeof(zero)) == 0;
}

bool
addr_is_link_local(const struct addr *a)
{
	return a->family == AF_INET6 && a->bytes[0] == 0xfe &&
	       (a->bytes[1] & 0xc0) == 0x80;
}

bool
addr_is_loopback(const struct addr *a)
{
	static const uint8_t one[16] = { [15] = 1 };
	static const uint8_t mapped[13] = { [10] = 0xff, [11] = 0xff, [12] = 127 };

	if (a->family == AF_INET)
		return a->bytes[0] == 127;
	return memcmp(a->bytes, one, sizeof(one)) == 0 ||
	       memcmp(a->bytes, mapped, sizeof(mapped)) == 0;
}

socklen_t
addr_sockaddr(const struct addr *a, uint16_t port, struct sockaddr_storage *out)
{
	struct sockaddr_in *in = (struct sockaddr_in *)out;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;

	memset(out, 0, sizeof(*out));
	if (a->family == AF_INET) {
		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		memcpy(&in->sin_addr, a->bytes, 4);
		return sizeof(*in);
	}
	if (a->family == AF_INET6) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		in6->sin6_scope_id = a->scope;
		memcpy(&in6->sin6_addr, a->bytes, 16);
		return sizeof(*in6);
	}
	return 0;
}

struct addr
addr_from_sockaddr(const struct sockaddr *sa)
{
	struct addr a = { 0 };

	if (sa->sa_family == AF_INET) {
		a.family = AF_INET;
		memcpy(a.bytes, &((const struct sockaddr_in *)sa)->sin_addr, 4);
	} else if (sa->sa_family == AF_INET6) {
		a.family = AF_INET6;
		memcpy(a.bytes, &((const struct sockaddr_in6 *)sa)->sin6_addr, 16);
		a.scope = ((const struct sockaddr_in6 *)sa)->sin6_scope_id;
	}
	return a;
}
