#include "base/oidtext.h"

#include <string.h>

/* One number without sign and leading zeros; moves *text behind it. */
static bool
number(const char **text, uint32_t *out)
{
	const char *p = *text;
	uint64_t value = 0;

	if (*p < '0' || *p > '9' || (*p == '0' && p[1] >= '0' && p[1] <= '9'))
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		value = 10 * value + (uint64_t)(*p - '0');
		if (value > UINT32_MAX)
			return false;
	}
	*text = p;
	*out = (uint32_t)value;
	return true;
}

bool
oidtext_parse(const char *text, uint32_t out[OIDTEXT_MAX], size_t *len)
{
	uint32_t ids[OIDTEXT_MAX];
	size_t n = 0;

	if (*text == '.')
		text++;
	for (;;) {
		if (n == OIDTEXT_MAX || !number(&text, &ids[n++]))
			return false;
		if (*text == '\0')
			break;
		if (*text++ != '.')
			return false;
	}
	if (n < 2 || ids[0] > 2 || (ids[0] < 2 && ids[1] > 39))
		return false;
	memcpy(out, ids, n * sizeof(*ids));
	*len = n;
	return true;
}
