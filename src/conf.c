#include "conf.h"

#include <libconfig.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "source.h"
#include "suggest.h"
#include "utf8.h"

struct conf {
	config_t config;
	struct source *source;
	struct diag *d;
};

static void
report_parse_error(struct conf *c)
{
	const char *text = config_error_text(&c->config);
	unsigned line = config_error_line(&c->config) > 0
	                    ? (unsigned)config_error_line(&c->config)
	                    : 1;
	struct diag_pos pos = source_pos(c->source, line);
	char excerpt[64];

	source_excerpt(c->source, line, excerpt, sizeof(excerpt));
	if (text != NULL && strstr(text, "duplicate") != NULL)
		diag_error_at(c->d, pos,
		    "a key stands twice in the same group, the second time here: "
		    "\"%s\"; the rest was not checked",
		    excerpt);
	else
		diag_error_at(c->d, pos,
		    "%s at or before \"%s\"; the rest was not checked",
		    text != NULL ? text : "syntax error", excerpt);
}

static struct conf *
parse(struct source *source, struct diag *d)
{
	struct conf *c;

	if (source == NULL)
		return NULL;
	c = mem_new(struct conf);
	c->source = source;
	c->d = d;
	config_init(&c->config);
	if (config_read_string(&c->config, source_text(source)) != CONFIG_TRUE) {
		report_parse_error(c);
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
	config_destroy(&c->config);
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
		.setting = config_root_setting(&c->config),
		.what = what,
	};
}

static config_setting_t *
ask(struct conf_group *g, const char *key)
{
	size_t i = 0;

	while (i < g->nasked && strcmp(g->asked[i], key) != 0)
		i++;
	if (i == g->nasked && i < CONF_KEYS_MAX)
		g->asked[g->nasked++] = key;
	return config_setting_get_member(g->setting, key);
}

static struct diag_pos
setting_pos(const struct conf_group *g, const config_setting_t *s)
{
	return source_pos(g->conf->source, config_setting_source_line(s));
}

struct diag_pos
conf_pos(const struct conf_group *g, const char *key)
{
	config_setting_t *s = NULL;

	if (key != NULL)
		s = config_setting_get_member(g->setting, key);
	return setting_pos(g, s != NULL ? s : g->setting);
}

static void __attribute__((format(printf, 4, 0))) report(const struct conf_group *g,
    enum diag_level level, struct diag_pos pos, const char *format, va_list ap)
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

void
conf_warn(const struct conf_group *g, const char *key, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	report(g, DIAG_WARNING, conf_pos(g, key), format, ap);
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
report_unknown(const struct conf_group *g, const config_setting_t *s)
{
	const char *name = config_setting_name(s);
	struct suggest near = SUGGEST(name);
	char hint[SUGGEST_TEXT];
	char known[768] = "";

	for (size_t i = 0; i < g->nasked; i++)
		suggest_offer(&near, g->asked[i]);
	if (near.best == NULL && g->nasked > 0)
		known_keys(g, known, sizeof(known));
	diag_error_at(g->conf->d, setting_pos(g, s), "unknown key \"%s\" in %s%s%s",
	    name, g->what, suggest_text(&near, hint), known);
}

void
conf_end(struct conf_group *g)
{
	for (int i = 0; i < config_setting_length(g->setting); i++) {
		const config_setting_t *s = config_setting_get_elem(
		    g->setting, (unsigned)i);
		size_t k = 0;

		while (
		    k < g->nasked && strcmp(g->asked[k], config_setting_name(s)) != 0)
			k++;
		if (k == g->nasked)
			report_unknown(g, s);
	}
}

bool
conf_has(struct conf_group *g, const char *key)
{
	return ask(g, key) != NULL;
}

bool
conf_need(struct conf_group *g, const char *key)
{
	config_setting_t *s = ask(g, key);

	if (s == NULL)
		conf_error(g, NULL, "%s has no \"%s\": add it", g->what, key);
	else if (config_setting_type(s) == CONFIG_TYPE_STRING &&
		 config_setting_get_string(s)[0] == '\0')
		conf_error(g, key, "\"%s\" is empty", key);
	else
		return true;
	return false;
}

bool
conf_need_some(struct conf_group *g, const char *key)
{
	config_setting_t *s;

	if (!conf_need(g, key))
		return false;
	s = ask(g, key);
	if ((config_setting_is_array(s) || config_setting_is_list(s)) &&
	    config_setting_length(s) == 0) {
		conf_error(g, key, "\"%s\" is empty", key);
		return false;
	}
	return true;
}

static bool
is_int(const config_setting_t *s)
{
	return config_setting_type(s) == CONFIG_TYPE_INT ||
	       config_setting_type(s) == CONFIG_TYPE_INT64;
}

static bool
want(struct conf_group *g, const config_setting_t *s, const char *key, bool ok,
    const char *wanted)
{
	if (!ok)
		diag_error_at(
		    g->conf->d, setting_pos(g, s), "\"%s\" wants %s", key, wanted);
	return ok;
}

static bool
is_wide(const struct conf_group *g, const config_setting_t *s)
{
	return source_is_wide(g->conf->source, config_setting_source_line(s));
}

long
conf_int(struct conf_group *g, const char *key, long min, long max, long absent)
{
	config_setting_t *s = ask(g, key);
	long n;

	if (s == NULL)
		return absent;
	if (!want(g, s, key, is_int(s), "a whole number without quotes"))
		return absent;
	n = (long)config_setting_get_int64(s);
	if (is_wide(g, s))
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
	config_setting_t *s = ask(g, key);

	if (s == NULL || !want(g, s, key, config_setting_type(s) == CONFIG_TYPE_BOOL,
			     "true or false, without quotes"))
		return -1;
	return config_setting_get_bool(s) != 0;
}

/* The string of a setting, NULL when it is no fit one. */
static const char *
string_of(struct conf_group *g, const config_setting_t *s, const char *key, size_t max)
{
	const char *text;

	if (!want(g, s, key, config_setting_type(s) == CONFIG_TYPE_STRING,
		"text in double quotes"))
		return NULL;
	text = config_setting_get_string(s);
	if (strlen(text) > max) {
		diag_error_at(g->conf->d, setting_pos(g, s),
		    "\"%s\" has %zu octets: at most %zu fit", key, strlen(text), max);
		return NULL;
	}
	return text;
}

static const char *
text_of(struct conf_group *g, const config_setting_t *s, const char *key, size_t max)
{
	const char *text = string_of(g, s, key, max);

	if (text == NULL)
		return NULL;
	if (!utf8_valid(text)) {
		diag_error_at(g->conf->d, setting_pos(g, s),
		    "\"%s\" is not UTF-8: save the file in that encoding", key);
		return NULL;
	}
	if (utf8_has_control(text)) {
		diag_error_at(g->conf->d, setting_pos(g, s),
		    "\"%s\" has a control character or line break: take it out", key);
		return NULL;
	}
	return text;
}

char *
conf_text(struct conf_group *g, const char *key, size_t max, const char *absent)
{
	config_setting_t *s = ask(g, key);
	const char *text = s != NULL ? text_of(g, s, key, max) : NULL;

	return mem_strdup(text != NULL ? text : absent);
}

char *
conf_octets(struct conf_group *g, const char *key, size_t max)
{
	config_setting_t *s = ask(g, key);
	const char *text = s != NULL ? string_of(g, s, key, max) : NULL;

	return mem_strdup(text != NULL ? text : "");
}

static void
report_word(struct conf_group *g, const char *key, const char *text,
    const struct conf_word *words)
{
	struct suggest near = SUGGEST(text);
	char hint[SUGGEST_TEXT];
	char list[256];
	size_t len = 0;

	for (size_t i = 0; words[i].word != NULL; i++) {
		suggest_offer(&near, words[i].word);
		if (len < sizeof(list))
			len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
			    i != 0 ? ", " : "", words[i].word);
	}
	conf_error(g, key, "\"%s\": \"%.64s\" is none of %s%s", key, text, list,
	    suggest_text(&near, hint));
}

int
conf_word(
    struct conf_group *g, const char *key, const struct conf_word *words, int absent)
{
	config_setting_t *s = ask(g, key);
	const char *text = s != NULL ? text_of(g, s, key, 255) : NULL;

	if (text == NULL || text[0] == '\0')
		return absent;
	for (size_t i = 0; words[i].word != NULL; i++) {
		if (strcmp(words[i].word, text) == 0)
			return words[i].value;
	}
	report_word(g, key, text, words);
	return absent;
}

bool
conf_ints(struct conf_group *g, const char *key, long **out, size_t *n, bool *array)
{
	static const char wanted[] = "a whole number or an array of them: [1, 2, 5]";
	config_setting_t *s = ask(g, key);
	bool many;
	size_t count;
	long *v;

	if (s == NULL)
		return false;
	many = config_setting_is_array(s) || config_setting_is_list(s);
	if (!want(g, s, key, many || is_int(s), wanted))
		return false;
	count = many ? (size_t)config_setting_length(s) : 1;
	v = mem_array(long, count);
	for (size_t i = 0; i < count; i++) {
		const config_setting_t *e = many ? config_setting_get_elem(
						       s, (unsigned)i)
		                                 : s;

		if (!want(g, e, key, is_int(e), wanted) || is_wide(g, e)) {
			free(v);
			return false;
		}
		v[i] = (long)config_setting_get_int64(e);
	}
	*out = v;
	*n = count;
	*array = many;
	return true;
}

/* The members of an array or list; 0 when absent or neither. */
static size_t
length(struct conf_group *g, const char *key, bool groups)
{
	config_setting_t *s = ask(g, key);
	const char *wanted = groups ? "a list of groups: ( { ... }, { ... } )"
	                            : "a list of texts: [\"one\", \"two\"]";

	if (s == NULL)
		return 0;
	/* An empty list of either kind is right for both. */
	if (!want(g, s, key,
		config_setting_is_list(s) ||
		    (config_setting_is_array(s) &&
			(!groups || config_setting_length(s) == 0)),
		wanted))
		return 0;
	return (size_t)config_setting_length(s);
}

size_t
conf_array(struct conf_group *g, const char *key)
{
	return length(g, key, false);
}

char *
conf_array_text(
    struct conf_group *g, const char *key, size_t i, size_t max, struct diag_pos *pos)
{
	const config_setting_t *s = config_setting_get_elem(ask(g, key), (unsigned)i);
	const char *text = text_of(g, s, key, max);

	*pos = setting_pos(g, s);
	return text != NULL ? mem_strdup(text) : NULL;
}

bool
conf_open(struct conf_group *g, const char *key, struct conf_group *out)
{
	config_setting_t *s = ask(g, key);

	if (s == NULL || !want(g, s, key, config_setting_is_group(s),
			     "a group: { key = value; ... }"))
		return false;
	*out = (struct conf_group){ .conf = g->conf, .setting = s, .what = key };
	return true;
}

size_t
conf_list(struct conf_group *g, const char *key)
{
	return length(g, key, true);
}

bool
conf_item(struct conf_group *g, const char *key, size_t i, const char *what,
    struct conf_group *out)
{
	config_setting_t *s = config_setting_get_elem(ask(g, key), (unsigned)i);

	if (!want(g, s, key, config_setting_is_group(s),
		"a list of groups: ( { ... }, { ... } )"))
		return false;
	*out = (struct conf_group){ .conf = g->conf, .setting = s, .what = what };
	return true;
}

const char *
conf_key(const struct conf_group *g, size_t i)
{
	const config_setting_t *s = config_setting_get_elem(g->setting, (unsigned)i);

	return s != NULL ? config_setting_name(s) : NULL;
}

bool
conf_is_group(struct conf_group *g, const char *key)
{
	config_setting_t *s = ask(g, key);

	return s != NULL && config_setting_is_group(s);
}
