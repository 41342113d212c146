#include "catalogue/version.h"

#include <stdlib.h>
#include <string.h>

static unsigned long
next_number(const char **text)
{
	char *end;
	unsigned long n;

	if (**text < '0' || **text > '9')
		return 0;
	n = strtoul(*text, &end, 10);
	*text = *end == '.' ? end + 1 : end;
	return n;
}

static bool
at_number(const char *text)
{
	return *text >= '0' && *text <= '9';
}

int
version_compare(const char *a, const char *b)
{
	while (at_number(a) || at_number(b)) {
		unsigned long na = next_number(&a);
		unsigned long nb = next_number(&b);

		if (na != nb)
			return na < nb ? -1 : 1;
	}
	return 0;
}

/* Whether a limit's version ends at the ',' or the end: words behind it would be taken
 * for nothing, and "5.3.x" for 5.3.0. */
static bool
is_whole(const char *p)
{
	while (at_number(p) || (*p == '.' && at_number(p + 1)))
		p++;
	p += strspn(p, " ");
	return *p == ',' || *p == '\0';
}

/* One limit at `text`, up to the ',' or the end; moves behind it. */
static bool
one_limit(const char *version, const char **text, bool *readable)
{
	const char *p = *text + strspn(*text, " ");
	char op = '=';
	bool or_equal = true;
	int order;

	*text += strcspn(*text, ",");
	if (*p == '<' || *p == '>') {
		op = *p++;
		or_equal = *p == '=';
	}
	p += strspn(p, "= ");
	if (!at_number(p) || !is_whole(p)) {
		*readable = false;
		return true;
	}
	order = version_compare(version, p);
	if (order == 0)
		return or_equal;
	return op == '<' ? order < 0 : op == '>' && order > 0;
}

bool
version_within(const char *version, const char *limits, bool *readable)
{
	bool ok = true;
	bool form = true;

	while (*limits != '\0') {
		ok = one_limit(version, &limits, &form) && ok;
		if (*limits == ',')
			limits++;
	}
	if (readable != NULL)
		*readable = form;
	return ok;
}
