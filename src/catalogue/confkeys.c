#include "catalogue/confkeys.h"

#include <stdlib.h>
#include <string.h>

#include "config/conf.h"
#include "config/conf_word.h"
#include "base/mem.h"

#define FORMAT 1

int
confkeys_expect(struct conf_group *g, const char *key)
{
	static const struct conf_word words[] = {
		{ "required", REQUIRE_REQUIRED },
		{ "recommended", REQUIRE_RECOMMENDED },
		{ "optional", REQUIRE_OPTIONAL },
		{ "closed", REQUIRE_CLOSED },
		{ "unspecified", REQUIRE_UNSPECIFIED },
		{ NULL, 0 },
	};

	return conf_word(g, key, words, -1);
}

int
confkeys_scope(struct conf_group *g, const char *key)
{
	static const struct conf_word words[] = {
		{ "any", REACH_ANY },
		{ "local", REACH_LOCAL },
		{ "from", REACH_FROM },
		{ NULL, 0 },
	};

	return conf_word(g, key, words, -1);
}

int
confkeys_method(struct conf_group *g, const char *key)
{
	static const struct conf_word words[] = {
		{ "connect", METHOD_CONNECT },
		{ "greeting", METHOD_GREETING },
		{ "syn", METHOD_SYN },
		{ "tls", METHOD_TLS },
		{ NULL, 0 },
	};

	return conf_word(g, key, words, -1);
}

int
confkeys_observe(struct conf_group *g, const char *key)
{
	static const struct conf_word words[] = {
		{ "listen", OBSERVE_LISTEN },
		{ "connect", OBSERVE_CONNECT },
		{ "either", OBSERVE_EITHER },
		{ NULL, 0 },
	};

	return conf_word(g, key, words, -1);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Pairs of hexadecimal digits, with spaces between pairs as people paste them. */
static bool
parse_hex(const char *text, struct payload *out)
{
	uint8_t *bytes = mem_calloc(strlen(text) / 2, 1);
	uint16_t n = 0;

	for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
		int high = hex_digit(text[0]);
		int low = high >= 0 ? hex_digit(text[1]) : -1;

		if (low < 0) {
			free(bytes);
			return false;
		}
		bytes[n++] = (uint8_t)(high << 4 | low);
		text += 2;
	}
	*out = (struct payload){ PAYLOAD_BYTES, bytes, n };
	return true;
}

static void
wrong_hex(struct conf_group *g, const char *key)
{
	conf_error(
	    g, key, "\"%s\" has something else than pairs of hexadecimal digits", key);
}

static bool
parse_payload(
    struct conf_group *g, const char *key, const char *text, struct payload *out)
{
	static const struct conf_word words[] = {
		{ "none", PAYLOAD_NONE },
		{ "off", PAYLOAD_OFF },
		{ "snmp", PAYLOAD_SNMP },
		{ "ntp", PAYLOAD_NTP },
		{ "dns", PAYLOAD_DNS },
		{ "radius", PAYLOAD_RADIUS },
		{ "sip", PAYLOAD_SIP },
		{ "tftp", PAYLOAD_TFTP },
		{ "hex:00FF...", PAYLOAD_BYTES },
		{ "text:...", PAYLOAD_BYTES },
		{ NULL, 0 },
	};

	if (strncmp(text, "hex:", 4) == 0) {
		if (!parse_hex(text + 4, out)) {
			wrong_hex(g, key);
			return false;
		}
	} else if (strncmp(text, "text:", 5) == 0) {
		size_t len = strlen(text + 5);

		*out = (struct payload){ PAYLOAD_BYTES,
			(uint8_t *)mem_strndup(text + 5, len), (uint16_t)len };
	} else {
		out->kind = (enum payload_kind)conf_word(
		    g, key, words, PAYLOAD_DEFAULT);
	}
	return true;
}

struct payload
confkeys_payload(struct conf_group *g, const char *key)
{
	struct payload p = { .kind = PAYLOAD_DEFAULT };
	/* Room for the literal in hexadecimal, a space between all pairs. */
	char *text = conf_octets(g, key, 3 * CONFKEYS_PAYLOAD_MAX + 8);

	if (text[0] != '\0' && parse_payload(g, key, text, &p) &&
	    p.len > CONFKEYS_PAYLOAD_MAX) {
		conf_error(g, key, "\"%s\" is %u octets long: at most %d are sent", key,
		    p.len, CONFKEYS_PAYLOAD_MAX);
		free(p.bytes);
		p = (struct payload){ .kind = PAYLOAD_DEFAULT };
	}
	free(text);
	return p;
}

char *
confkeys_reply(struct conf_group *g, const char *key)
{
	char *text = conf_octets(g, key, CONFKEYS_REPLY_MAX);
	struct payload bytes = { .len = 0 };

	if (strncmp(text, "hex:", 4) == 0) {
		if (!parse_hex(text + 4, &bytes) || bytes.len == 0)
			wrong_hex(g, key);
		free(bytes.bytes);
	}
	return text;
}

bool
confkeys_is_name(const char *text)
{
	static const char legal[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789._-";

	return text[0] != '\0' && text[strspn(text, legal)] == '\0';
}

char *
confkeys_name(struct conf_group *g, const char *key, size_t max)
{
	char *text;

	if (!conf_need(g, key))
		return mem_strdup("");
	text = conf_text(g, key, max, "");
	if (text[0] != '\0' && !confkeys_is_name(text)) {
		conf_error(g, key,
		    "\"%s\": \"%s\" is not a valid name: use letters, digits, '.', '_' "
		    "and '-'",
		    key, text);
		text[0] = '\0';
	}
	return text;
}

void
confkeys_format(struct conf_group *root)
{
	long format;

	if (!conf_has(root, "format")) {
		conf_error(root, NULL,
		    "the file has no \"format\": begin with format = %d;", FORMAT);
		return;
	}
	format = conf_int(root, "format", 1, INT32_MAX, FORMAT);
	if (format != FORMAT)
		conf_error(root, "format",
		    "format %ld is newer than this program, which reads format %d",
		    format, FORMAT);
}
