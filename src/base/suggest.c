#include "base/suggest.h"

#include <stdio.h>
#include <string.h>

#define WORD_MAX 64 /* longer words are not compared */

static char
fold(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c == '_' ? '-' : c;
}

static size_t
min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Three rows of the matrix are enough: this one, the last, and the one before. */
static size_t
distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0];
	size_t *last = rows[1];
	size_t *row = rows[2];

	for (size_t k = 0; k <= nb; k++)
		last[k] = k;
	for (size_t i = 1; i <= na; i++) {
		size_t *spare = before;

		row[0] = i;
		for (size_t k = 1; k <= nb; k++) {
			size_t differs = fold(a[i - 1]) != fold(b[k - 1]);

			row[k] = min(
			    min(last[k], row[k - 1]) + 1, last[k - 1] + differs);
			if (i > 1 && k > 1 && fold(a[i - 1]) == fold(b[k - 2]) &&
			    fold(a[i - 2]) == fold(b[k - 1]))
				row[k] = min(row[k], before[k - 2] + 1);
		}
		before = last;
		last = row;
		row = spare;
	}
	return last[nb];
}

void
suggest_offer(struct suggest *s, const char *candidate)
{
	size_t na = strlen(s->word);
	size_t nb = strlen(candidate);
	size_t d;

	if (na > WORD_MAX || nb > WORD_MAX || nb == 0)
		return;
	d = distance(s->word, na, candidate, nb);
	/* A third of the word wrong, or everything, is no slip of the finger. */
	if (d > 1 + na / 4 || d >= na)
		return;
	if (s->best == NULL || d < s->distance) {
		s->best = candidate;
		s->distance = d;
	}
}

const char *
suggest_text(const struct suggest *s, char buf[SUGGEST_TEXT])
{
	buf[0] = '\0';
	if (s->best != NULL)
		snprintf(buf, SUGGEST_TEXT, " (did you mean \"%s\"?)", s->best);
	return buf;
}
