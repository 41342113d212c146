#include "cmd/tally.h"

#include <stdio.h>

int
tally_status_of(enum verdict v)
{
	switch (v) {
	case VERDICT_CLOSED_REQUIRED:
	case VERDICT_OPEN_FORBIDDEN:
		return TALLY_CRITICAL;
	case VERDICT_CLOSED_RECOMMENDED:
	case VERDICT_NOT_ENCRYPTED:
		return TALLY_WARNING;
	case VERDICT_UNKNOWN:
		return TALLY_UNKNOWN;
	case VERDICT_COMPLIANT:
	case VERDICT_NOT_EVALUATED:
		break;
	}
	return TALLY_OK;
}

int
tally_worse(int a, int b)
{
	static const int rank[] = { [TALLY_OK] = 0,
		[TALLY_UNKNOWN] = 1,
		[TALLY_WARNING] = 2,
		[TALLY_CRITICAL] = 3 };

	return rank[a] >= rank[b] ? a : b;
}

const char *
tally_word(int status)
{
	static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

	return words[status];
}

enum output_colour
tally_colour(enum verdict v)
{
	switch (tally_status_of(v)) {
	case TALLY_CRITICAL:
		return OUTPUT_BAD;
	case TALLY_WARNING:
	case TALLY_UNKNOWN:
		return OUTPUT_WARN;
	default:
		return v == VERDICT_COMPLIANT ? OUTPUT_GOOD : OUTPUT_DIM;
	}
}

void
tally_add(struct tally *t, enum verdict v)
{
	t->rows++;
	if (v < VERDICT_COMPLIANT || v > VERDICT_MAX)
		return; /* of a newer agent */
	t->by_verdict[v]++;
	t->status = tally_worse(t->status, tally_status_of(v));
}

const char *
tally_text(const struct tally *t, char buf[TALLY_TEXT])
{
	size_t len = (size_t)snprintf(buf, TALLY_TEXT, "%u checks", t->rows);

	for (int v = VERDICT_MAX; v >= VERDICT_COMPLIANT; v--) {
		if (t->by_verdict[v] > 0)
			len += (size_t)snprintf(buf + len, TALLY_TEXT - len, ", %u %s",
			    t->by_verdict[v], types_verdict((enum verdict)v));
	}
	return buf;
}
