#ifndef SVCPORT_TEMPLATE_H
#define SVCPORT_TEMPLATE_H

/*
 * Fills a text template:
 *
 *   @{NAME ARGUMENT...}             a value
 *   @{each NAME ARGUMENT...} @{end} what is between, once for every element of a list
 *   @{sep TEXT}                     TEXT, except in the list's last turn
 *
 * A line with nothing but an `each` or `end` on it leaves no trace.  Which values and
 * lists there are is the caller's affair.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* One turn of a list; the innermost comes first. */
struct template_turn {
	const struct template_turn *outer; /* NULL for the outermost */
	const char *list;                  /* its name */
	const void *item;
	size_t i, n; /* turn i of n, from 0 */
};

struct template_args {
	size_t n;
	char *v[8];
	const char *rest; /* all of them as written */
};

struct template_value {
	const char *name;
	/* The text, which the caller frees; NULL when the arguments make no sense. */
	char *(*get)(void *ctx, const struct template_turn *turn,
	    const struct template_args *args);
};

struct template_list {
	const char *name;
	/* The items, an array that the caller frees; false when the arguments make no
	 * sense. */
	bool (*get)(void *ctx, const struct template_turn *turn,
	    const struct template_args *args, const void ***items, size_t *n);
};

struct template_words {
	const struct template_value *values; /* up to one without name */
	const struct template_list *lists;   /* likewise */
	/* How a value must be written where it stands, such as inside quotes. */
	void (*escape)(const char *text, FILE *out);
	void *ctx;
};

/* False, with a message in err[size], when the template says something unknown; part of
 * the output is written then. */
bool template_fill(const char *text, const struct template_words *words, FILE *out,
    char *err, size_t size);

/* ---- ways to escape */

void template_plain(const char *text, FILE *out);
/* Inside a string of JSON, or a double-quoted one of YAML. */
void template_json(const char *text, FILE *out);
/* Inside a single-quoted string of PHP. */
void template_php(const char *text, FILE *out);

#endif
