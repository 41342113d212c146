#ifndef SVCPORT_SUGGEST_H
#define SVCPORT_SUGGEST_H

/*
 * "did you mean": the candidate nearest to a word that is none of them.  A swap of
 * neighbours is one slip (optimal string alignment); case, '_' and '-' make none.
 */

#include <stddef.h>

#define SUGGEST_TEXT 96 /* room for any suggest_text() */

struct suggest {
	const char *word; /* borrowed, as is `best` */
	const char *best;
	size_t distance;
};

#define SUGGEST(text)                                       \
	{                                                   \
		.word = (text), .best = NULL, .distance = 0 \
	}

void suggest_offer(struct suggest *s, const char *candidate);

/* ` (did you mean "x"?)`, or "" when nothing offered is near.  Returns buf. */
const char *suggest_text(const struct suggest *s, char buf[SUGGEST_TEXT]);

#endif
