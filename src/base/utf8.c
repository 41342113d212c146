#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* Decodes one character; returns its length in octets, 0 when it is none. */
static size_t
decode(const char *text, uint32_t *out)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const uint8_t *p = (const uint8_t *)text;
	size_t len = p[0] < 0x80   ? 1
	             : p[0] < 0xc0 ? 0
	             : p[0] < 0xe0 ? 2
	             : p[0] < 0xf0 ? 3
	             : p[0] < 0xf8 ? 4
	                           : 0;
	uint32_t c;

	*out = 0;
	if (len <= 1) {
		*out = p[0];
		return len;
	}
	c = p[0] & (0x7fU >> len);
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*out = c;
	return len;
}

bool
utf8_valid(const char *text)
{
	uint32_t c;

	while (*text != '\0') {
		size_t len = decode(text, &c);

		if (len == 0)
			return false;
		text += len;
	}
	return true;
}

static bool
is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

bool
utf8_has_control(const char *text)
{
	uint32_t c;

	while (*text != '\0') {
		size_t len = decode(text, &c);

		if (is_control(c))
			return true;
		text += len != 0 ? len : 1;
	}
	return false;
}

void
utf8_clean(char *text, char with)
{
	char *to = text;
	uint32_t c;

	while (*text != '\0') {
		size_t len = decode(text, &c);

		if (len == 0 || is_control(c)) {
			*to++ = with;
			text += len != 0 ? len : 1;
		} else {
			memmove(to, text, len);
			to += len;
			text += len;
		}
	}
	*to = '\0';
}

size_t
utf8_cut(const char *text, size_t max)
{
	size_t len = strlen(text);

	if (len <= max)
		return len;
	len = max;
	while (len > 0 && ((uint8_t)text[len] & 0xc0) == 0x80)
		len--;
	return len;
}
