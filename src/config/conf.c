#include "config/conf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf_node.h"
#include "base/mem.h"
#include "config/source.h"
#include "base/suggest.h"
#include "config/tree.h"
#include "base/utf8.h"

struct conf {
	struct tree *tree;
	struct source *source;
	struct diag *d;
};

static void
report_parse_error(struct conf *c, const struct tree_error *e)
{
	struct diag_pos pos = source_pos(c->source, e->line);
	char excerpt[64];

	source_excerpt(c->source, e->line, excerpt, sizeof(excerpt));
	if (e->duplicate)
		diag_error_at(c->d, pos,
		    "a key is used twice in the same group, the second time here: "
		    "\"%s\"; the rest was not checked",
		    excerpt);
	else
		diag_error_at(c->d, pos,
		    "%s at or before \"%s\"; the rest was not checked", e->text,
		    excerpt);
}

static struct conf *
parse(struct source *source, struct diag *d)
{
	struct tree_error e;
	struct conf *c;

	if (source == NULL)
		return NULL;
	c = mem_new(struct conf);
	c->source = source;
	c->d = d;
	c->tree = tree_parse(source_text(source), &e);
	if (c->tree == NULL) {
		report_parse_error(c, &e);
		conf_free(c);
		return NULL;
	}
	return c;
}

struct conf *
conf_read(const char *file, struct diag *d)
{
	return parse(source_read(file, d), d);
}

struct conf *
conf_parse(const char *name, const char *text, size_t len, struct diag *d)
{
	return parse(source_from_text(name, text, len, d), d);
}

void
conf_free(struct conf *c)
{
	if (c == NULL)
		return;
	tree_free(c->tree);
	source_free(c->source);
	free(c);
}

char **
conf_take_files(struct conf *c, size_t *n)
{
	return source_take_files(c->source, n);
}

struct conf_group
conf_root(struct conf *c, const char *what)
{
	return (struct conf_group){
		.conf = c,
		.node = tree_root(c->tree),
		.what = what,
	};
}

struct tree_node *
conf_ask(struct conf_group *g, const char *key)
{
	size_t i = 0;

	while (i < g->nasked && strcmp(g->asked[i], key) != 0)
		i++;
	if (i == g->nasked && i < CONF_KEYS_MAX)
		g->asked[g->nasked++] = key;
	return tree_member(g->node, key);
}

struct diag_pos
conf_node_pos(const struct conf_group *g, const struct tree_node *s)
{
	return source_pos(g->conf->source, tree_line(s));
}

struct diag_pos
conf_pos(const struct conf_group *g, const char *key)
{
	struct tree_node *s = NULL;

	if (key != NULL)
		s = tree_member(g->node, key);
	return conf_node_pos(g, s != NULL ? s : g->node);
}

static void report(const struct conf_group *g, enum diag_level level,
    struct diag_pos pos, const char *format, va_list ap)
    __attribute__((format(printf, 4, 0)));

static void
report(const struct conf_group *g, enum diag_level level, struct diag_pos pos,
    const char *format, va_list ap)
{
	char text[512];

	vsnprintf(text, sizeof(text), format, ap);
	diag_add(g->conf->d, level, pos.file, pos.line, "%s", text);
}

void
conf_error(const struct conf_group *g, const char *key, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	report(g, DIAG_ERROR, conf_pos(g, key), format, ap);
	va_end(ap);
}

void
conf_error_at(const struct conf_group *g, struct diag_pos pos, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	report(g, DIAG_ERROR, pos, format, ap);
	va_end(ap);
}

/* Everything known, when nothing is near enough to suggest. */
static void
known_keys(const struct conf_group *g, char *buf, size_t size)
{
	size_t len = (size_t)snprintf(buf, size, "; known here: ");

	for (size_t i = 0; i < g->nasked && len < size; i++)
		len += (size_t)snprintf(
		    buf + len, size - len, "%s%s", i != 0 ? ", " : "", g->asked[i]);
}

static void
report_unknown(const struct conf_group *g, const struct tree_node *s)
{
	const char *name = tree_name(s);
	struct suggest near = SUGGEST(name);
	char hint[SUGGEST_TEXT];
	char known[768] = "";

	for (size_t i = 0; i < g->nasked; i++)
		suggest_offer(&near, g->asked[i]);
	if (near.best == NULL && g->nasked > 0)
		known_keys(g, known, sizeof(known));
	diag_error_at(g->conf->d, conf_node_pos(g, s), "unknown key \"%s\" in %s%s%s",
	    name, g->what, suggest_text(&near, hint), known);
}

void
conf_end(struct conf_group *g)
{
	for (size_t i = 0; i < tree_length(g->node); i++) {
		const struct tree_node *s = tree_child(g->node, i);
		size_t k = 0;

		while (k < g->nasked && strcmp(g->asked[k], tree_name(s)) != 0)
			k++;
		if (k == g->nasked)
			report_unknown(g, s);
	}
}

bool
conf_has(struct conf_group *g, const char *key)
{
	return conf_ask(g, key) != NULL;
}

bool
conf_need(struct conf_group *g, const char *key)
{
	struct tree_node *s = conf_ask(g, key);

	if (s == NULL)
		conf_error(g, NULL, "%s has no \"%s\": add it", g->what, key);
	else if (tree_type(s) == TREE_TEXT && tree_text(s)[0] == '\0')
		conf_error(g, key, "\"%s\" is empty", key);
	else
		return true;
	return false;
}

bool
conf_need_some(struct conf_group *g, const char *key)
{
	struct tree_node *s;

	if (!conf_need(g, key))
		return false;
	s = conf_ask(g, key);
	if ((tree_type(s) == TREE_ARRAY || tree_type(s) == TREE_LIST) &&
	    tree_length(s) == 0) {
		conf_error(g, key, "\"%s\" is empty", key);
		return false;
	}
	return true;
}

bool
conf_want(struct conf_group *g, const struct tree_node *s, const char *key, bool ok,
    const char *wanted)
{
	if (!ok)
		diag_error_at(
		    g->conf->d, conf_node_pos(g, s), "\"%s\" must be %s", key, wanted);
	return ok;
}

bool
conf_is_wide(const struct conf_group *g, const struct tree_node *s)
{
	return source_is_wide(g->conf->source, tree_line(s));
}

long
conf_int(struct conf_group *g, const char *key, long min, long max, long absent)
{
	struct tree_node *s = conf_ask(g, key);
	long n;

	if (s == NULL)
		return absent;
	if (!conf_want(
		g, s, key, tree_type(s) == TREE_INT, "a whole number without quotes"))
		return absent;
	n = tree_int(s);
	if (conf_is_wide(g, s))
		return absent;
	if (n < min || n > max) {
		conf_error(
		    g, key, "\"%s\" is %ld: it must be %ld to %ld", key, n, min, max);
		return absent;
	}
	return n;
}

bool
conf_bool(struct conf_group *g, const char *key, bool absent)
{
	int n = conf_tristate(g, key);

	return n >= 0 ? n != 0 : absent;
}

int
conf_tristate(struct conf_group *g, const char *key)
{
	struct tree_node *s = conf_ask(g, key);

	if (s == NULL || !conf_want(g, s, key, tree_type(s) == TREE_BOOL,
			     "true or false, without quotes"))
		return -1;
	return tree_bool(s);
}

/* The string of a setting, NULL when it is no fit one. */
static const char *
string_of(struct conf_group *g, const struct tree_node *s, const char *key, size_t max)
{
	const char *text;

	if (!conf_want(g, s, key, tree_type(s) == TREE_TEXT, "text in double quotes"))
		return NULL;
	text = tree_text(s);
	if (strlen(text) > max) {
		diag_error_at(g->conf->d, conf_node_pos(g, s),
		    "\"%s\" has %zu octets: at most %zu fit", key, strlen(text), max);
		return NULL;
	}
	return text;
}

const char *
conf_fit_text(
    struct conf_group *g, const struct tree_node *s, const char *key, size_t max)
{
	const char *text = string_of(g, s, key, max);

	if (text == NULL)
		return NULL;
	if (!utf8_valid(text)) {
		diag_error_at(g->conf->d, conf_node_pos(g, s),
		    "\"%s\" is not UTF-8: save the file in that encoding", key);
		return NULL;
	}
	if (utf8_has_control(text)) {
		diag_error_at(g->conf->d, conf_node_pos(g, s),
		    "\"%s\" has a control character or line break: take it out", key);
		return NULL;
	}
	return text;
}

char *
conf_text(struct conf_group *g, const char *key, size_t max, const char *absent)
{
	struct tree_node *s = conf_ask(g, key);
	const char *text = s != NULL ? conf_fit_text(g, s, key, max) : NULL;

	return mem_strdup(text != NULL ? text : absent);
}

char *
conf_octets(struct conf_group *g, const char *key, size_t max)
{
	struct tree_node *s = conf_ask(g, key);
	const char *text = s != NULL ? string_of(g, s, key, max) : NULL;

	return mem_strdup(text != NULL ? text : "");
}

bool
conf_open(struct conf_group *g, const char *key, struct conf_group *out)
{
	struct tree_node *s = conf_ask(g, key);

	if (s == NULL || !conf_want(g, s, key, tree_type(s) == TREE_GROUP,
			     "a group: { key = value; ... }"))
		return false;
	*out = (struct conf_group){ .conf = g->conf, .node = s, .what = key };
	return true;
}

const char *
conf_key(const struct conf_group *g, size_t i)
{
	const struct tree_node *s = tree_child(g->node, i);

	return s != NULL ? tree_name(s) : NULL;
}

bool
conf_is_group(struct conf_group *g, const char *key)
{
	struct tree_node *s = conf_ask(g, key);

	return s != NULL && tree_type(s) == TREE_GROUP;
}
