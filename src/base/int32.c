#include "base/int32.h"

#include <stdint.h>

static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

bool
int32_is_wide(const char *p, const char *end)
{
	bool negative = p < end && *p == '-';
	int base = 10;
	int64_t n = 0;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	if (end - p > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
		base = 16;
		p += 2;
	}
	for (; p < end && digit_value(*p) < base; p++) {
		if (n <= UINT32_MAX)
			n = n * base + digit_value(*p);
	}
	while (p < end && *p == 'L')
		p++;
	return p == end && n > (int64_t)INT32_MAX + negative;
}
