#include "config/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/int32.h"
#include "base/linemap.h"
#include "base/mem.h"
#include "base/slurp.h"
#include "base/utf8.h"

#define JOINED_MAX  (64u << 20) /* octets of a file and all that it includes */
#define INCLUDE_MAX 10          /* files within files; also ends a circle */

struct source {
	char *text;
	size_t len, cap;
	unsigned joined; /* line being written */
	struct linemap *lines;
	unsigned *wide; /* joined lines, ascending */
	size_t nwide, cwide;
	struct diag *d;
};

/* One file while it is being copied. */
struct input {
	struct source *s;
	const char *file;
	unsigned line;
	const char *p, *end;
	unsigned depth;
};

static bool include_file(struct input *in, const char *path);

static void
put(struct source *s, const char *text, size_t len)
{
	while (s->cap - s->len <= len) {
		s->cap = s->cap != 0 ? 2 * s->cap : 4096;
		s->text = mem_resize(s->text, s->cap, 1);
	}
	memcpy(s->text + s->len, text, len);
	s->len += len;
	s->text[s->len] = '\0';
}

/* Copies up to `to`, counting lines. */
static void
copy(struct input *in, const char *to)
{
	put(in->s, in->p, (size_t)(to - in->p));
	for (; in->p < to; in->p++) {
		if (*in->p == '\n') {
			in->line++;
			in->s->joined++;
		}
	}
}

static void
map_lines(const struct input *in)
{
	linemap_add(in->s->lines, in->s->joined, in->file, in->line);
}

static bool
starts(const char *p, const char *end, const char *with)
{
	size_t len = strlen(with);

	return (size_t)(end - p) >= len && memcmp(p, with, len) == 0;
}

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

static bool
unfinished(struct input *in, const char *what)
{
	diag_error(in->s->d, in->file, in->line,
	    "the %s that begins here has no end; the rest was not checked", what);
	return false;
}

static bool
copy_comment(struct input *in)
{
	const char *to = memmem(in->p + 2, (size_t)(in->end - in->p - 2), "*/", 2);

	if (to == NULL)
		return unfinished(in, "comment");
	copy(in, to + 2);
	return true;
}

static void
copy_line(struct input *in)
{
	const char *to = memchr(in->p, '\n', (size_t)(in->end - in->p));

	copy(in, to != NULL ? to : in->end);
}

static bool
copy_string(struct input *in)
{
	const char *to = in->p + 1;

	for (; to < in->end && *to != '"'; to++) {
		if (*to != '\\')
			continue;
		if (in->end - to >= 4 && memcmp(to, "\\x00", 4) == 0)
			diag_error(in->s->d, in->file, in->line,
			    "\\x00 ends a string too early: leave it out");
		to++;
	}
	if (to >= in->end)
		return unfinished(in, "string");
	copy(in, to + 1);
	return true;
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '*' || c == '-';
}

static void
copy_number(struct input *in)
{
	struct source *s = in->s;
	const char *to = in->p + 1;

	while (to < in->end && (is_name(*to) || *to == '.' || *to == '+'))
		to++;
	if (int32_is_wide(in->p, to)) {
		diag_error(s->d, in->file, in->line,
		    "%.*s does not fit into 32 bits: write a smaller number",
		    (int)(to - in->p < 40 ? to - in->p : 40), in->p);
		mem_grow(s->wide, s->nwide, s->cwide);
		s->wide[s->nwide++] = s->joined;
	}
	copy(in, to);
}

/* At the beginning of a line: `@include "path"`.  *found tells whether it was one. */
static bool
try_include(struct input *in, bool *found)
{
	const char *p = skip_blanks(in->p, in->end);
	const char *end;
	char *path;
	bool ok;

	*found = false;
	if (!starts(p, in->end, "@include"))
		return true;
	p = skip_blanks(p + strlen("@include"), in->end);
	end = p < in->end ? memchr(p + 1, '"', (size_t)(in->end - p - 1)) : NULL;
	if (end == NULL || *p != '"' || memchr(p, '\n', (size_t)(end - p)) != NULL) {
		diag_error(in->s->d, in->file, in->line,
		    "write @include \"FILE\"; the rest was not checked");
		return false;
	}
	path = mem_strndup(p + 1, (size_t)(end - p - 1));
	in->p = end + 1;
	ok = include_file(in, path);
	free(path);
	*found = true;
	return ok;
}

static bool
copy_token(struct input *in)
{
	char c = *in->p;

	if (c == '"')
		return copy_string(in);
	if (starts(in->p, in->end, "/*"))
		return copy_comment(in);
	if (c == '#' || starts(in->p, in->end, "//")) {
		copy_line(in);
	} else if ((c >= '0' && c <= '9') || c == '-' || c == '+') {
		copy_number(in);
	} else {
		const char *to = in->p + 1;

		while (is_name(c) && to < in->end && is_name(*to))
			to++;
		copy(in, to);
	}
	return true;
}

static bool
expand(struct input *in)
{
	bool at_start = true;
	bool found;

	/* Windows editors put one in front; libconfig takes it for an error. */
	if (starts(in->p, in->end, "\xef\xbb\xbf"))
		in->p += 3;
	map_lines(in);
	while (in->p < in->end) {
		if (at_start) {
			if (!try_include(in, &found))
				return false;
			at_start = false;
			if (found)
				continue;
		}
		at_start = *in->p == '\n';
		if (!copy_token(in))
			return false;
	}
	return true;
}

static bool
expand_text(
    struct source *s, const char *name, const char *text, size_t len, unsigned depth)
{
	struct input in = { .s = s, .line = 1, .p = text, .end = text + len };

	in.file = linemap_file(s->lines, name);
	in.depth = depth;
	if (memchr(text, '\0', len) != NULL) {
		diag_error(
		    s->d, in.file, 0, "this is not a text file: it has a NUL byte");
		return false;
	}
	if (s->len + len > JOINED_MAX) {
		diag_error(s->d, in.file, 0,
		    "files included up to here have more than %u MiB together: include "
		    "fewer",
		    JOINED_MAX >> 20);
		return false;
	}
	return expand(&in);
}

static bool
include_file(struct input *in, const char *path)
{
	struct source *s = in->s;
	const char *slash = strrchr(in->file, '/');
	const char *why;
	char *full;
	char *text;
	size_t len;
	bool ok = false;

	if (path[0] != '/' && slash != NULL)
		full = mem_printf("%.*s/%s", (int)(slash - in->file), in->file, path);
	else
		full = mem_strdup(path);
	text = in->depth < INCLUDE_MAX ? slurp(full, SOURCE_FILE_MAX, &len, &why)
	                               : NULL;
	if (text != NULL) {
		ok = expand_text(s, full, text, len, in->depth + 1);
		/* What follows the directive is on a line of its own file. */
		put(s, "\n", 1);
		s->joined++;
		map_lines(in);
	} else if (in->depth >= INCLUDE_MAX) {
		diag_error(s->d, in->file, in->line,
		    "files include each other more than %d deep: does one include "
		    "itself?",
		    INCLUDE_MAX);
	} else {
		diag_error(s->d, in->file, in->line,
		    "cannot read \"%s\": %s; the rest was not checked", full, why);
	}
	free(text);
	free(full);
	return ok;
}

struct source *
source_from_text(const char *name, const char *text, size_t len, struct diag *d)
{
	struct source *s = mem_new(struct source);

	s->d = d;
	s->lines = linemap_new();
	s->joined = 1;
	put(s, "", 0);
	if (!expand_text(s, name, text, len, 0)) {
		source_free(s);
		return NULL;
	}
	return s;
}

struct source *
source_read(const char *file, struct diag *d)
{
	const char *why;
	struct source *s;
	size_t len;
	char *text = slurp(file, SOURCE_FILE_MAX, &len, &why);

	if (text == NULL) {
		diag_error(d, file, 0, "cannot read it: %s", why);
		return NULL;
	}
	s = source_from_text(file, text, len, d);
	free(text);
	return s;
}

void
source_free(struct source *s)
{
	if (s == NULL)
		return;
	linemap_free(s->lines);
	free(s->wide);
	free(s->text);
	free(s);
}

const char *
source_text(const struct source *s)
{
	return s->text;
}

struct diag_pos
source_pos(const struct source *s, unsigned line)
{
	return linemap_pos(s->lines, line);
}

const char *
source_excerpt(const struct source *s, unsigned line, char *buf, size_t size)
{
	const char *p = s->text;
	size_t len;

	for (unsigned i = 1; i < line && p != NULL; i++) {
		p = strchr(p, '\n');
		if (p != NULL)
			p++;
	}
	if (p == NULL)
		p = "";
	p += strspn(p, " \t\r");
	len = strcspn(p, "\r\n");
	while (len > 0 && (p[len - 1] == ' ' || p[len - 1] == '\t'))
		len--;
	if (len >= size)
		len = utf8_cut(p, size - 1);
	memcpy(buf, p, len);
	buf[len] = '\0';
	return buf;
}

static int
by_value(const void *pa, const void *pb)
{
	unsigned a = *(const unsigned *)pa;
	unsigned b = *(const unsigned *)pb;

	return (a > b) - (a < b);
}

bool
source_is_wide(const struct source *s, unsigned line)
{
	return s->nwide > 0 &&
	       bsearch(&line, s->wide, s->nwide, sizeof(line), by_value) != NULL;
}

char **
source_take_files(struct source *s, size_t *n)
{
	return linemap_take_files(s->lines, n);
}
