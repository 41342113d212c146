#ifndef SVCPORT_CONF_H
#define SVCPORT_CONF_H

/*
 * Configuration files, read by asking: a reader opens a group, asks for every key it
 * knows, and conf_end() reports the keys that nobody asked for.  Every getter records
 * what is wrong, with file and line, and then returns what it returns for an absent
 * key, so that the reader goes on and all errors are reported.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

struct conf;
struct tree_node;

#define CONF_KEYS_MAX 64 /* asked for in one group */

/* A group being read; plain data, valid as long as its conf. */
struct conf_group {
	struct conf *conf;
	struct tree_node *node;
	const char *what; /* "service", for messages */
	const char *asked[CONF_KEYS_MAX];
	size_t nasked;
};

/*
 * Parses a file, with what it @includes.  NULL, with the reason in `d`, when it cannot
 * be read or has a syntax error or a key twice in a group: libconfig stops there, and
 * the message says that the rest was not checked.
 */
struct conf *conf_read(const char *file, struct diag *d);
/* As conf_read() of a file with this name and content. */
struct conf *conf_parse(const char *name, const char *text, size_t len, struct diag *d);
void conf_free(struct conf *c);

/* The file names that positions borrow; the caller owns them from now on and keeps them
 * as long as the positions.  Once only. */
char **conf_take_files(struct conf *c, size_t *n);

struct conf_group conf_root(struct conf *c, const char *what);
/* Reports every key that was not asked for, with the one that may have been meant. */
void conf_end(struct conf_group *g);

/* Asking: an absent key gives `absent` (strings are copied; the caller frees). */
bool conf_has(struct conf_group *g, const char *key);
/* As conf_has(), and an absent key or empty string is an error. */
bool conf_need(struct conf_group *g, const char *key);
/* As conf_need(), and an empty array or list is an error. */
bool conf_need_some(struct conf_group *g, const char *key);
long conf_int(struct conf_group *g, const char *key, long min, long max, long absent);
bool conf_bool(struct conf_group *g, const char *key, bool absent);
/* 1, 0, or -1 when absent. */
int conf_tristate(struct conf_group *g, const char *key);
/* Text for people: UTF-8 without control characters, at most `max` octets. */
char *conf_text(struct conf_group *g, const char *key, size_t max, const char *absent);
/* Any string of at most `max` octets; "" when absent. */
char *conf_octets(struct conf_group *g, const char *key, size_t max);
/* Opens the group of this key; false when absent or wrong. */
bool conf_open(struct conf_group *g, const char *key, struct conf_group *out);

/* For groups with keys of the user's choice: key i, NULL after the last one. */
const char *conf_key(const struct conf_group *g, size_t i);
bool conf_is_group(struct conf_group *g, const char *key);

/* The place of a key, or of the group when the key is NULL or absent. */
struct diag_pos conf_pos(const struct conf_group *g, const char *key);
void conf_error(const struct conf_group *g, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void conf_error_at(const struct conf_group *g, struct diag_pos pos, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

#endif
