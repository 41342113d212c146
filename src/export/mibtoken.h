#ifndef SVCPORT_MIBTOKEN_H
#define SVCPORT_MIBTOKEN_H

/* The words of a MIB module, one after the other, for mibread.c: comments are left out,
 * but for those that notifications are annotated with ("--#SEVERITY MAJOR"). */

#include <stdbool.h>
#include <stddef.h>

#include "export/mibnode.h"

/* What is made of a module. */
struct mibindex {
	struct mib_node *nodes; /* [0] is the module's own */
	size_t n, cap;
	char **strings; /* owned; the nodes' */
	size_t nstrings, strings_cap;
};

struct mibtoken {
	struct mibindex *m;
	const char *start, *at;
	char token[128];    /* "" at the end of the text; a string is "\"" */
	const char *quoted; /* the inside of the last string */
	size_t quoted_len;
	struct mib_node *node; /* that "--#" comments belong to, or NULL */
	char *err;
	size_t err_size;
	bool failed;
};

/* Only the first failure is told; the token becomes the end of the text, so that every
 * loop ends. */
void mibtoken_fail(struct mibtoken *r, const char *what);

/* The next word becomes the token. */
void mibtoken_next(struct mibtoken *r);
bool mibtoken_is(const struct mibtoken *r, const char *word);
/* The next word has to be this one. */
void mibtoken_expect(struct mibtoken *r, const char *word);
/* The first character of the word to come. */
char mibtoken_peek(struct mibtoken *r);
/* Up to and including the word; false at the end of the text. */
bool mibtoken_skip_to(struct mibtoken *r, const char *word);

/* Texts that live as long as the index. */
const char *mibtoken_keep(struct mibtoken *r, const char *text, size_t len);
const char *mibtoken_keep_word(struct mibtoken *r);
/* The next text with every run of space as one space. */
const char *mibtoken_text(struct mibtoken *r);
/* The token as a number. */
long mibtoken_number(struct mibtoken *r);

#endif
