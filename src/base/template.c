#include "base/template.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct fill {
	const struct template_words *words;
	const char *start;
	FILE *out;
	char *err;
	size_t err_size;
};

/* A directive "@{...}" in the text. */
struct mark {
	const char *at, *behind; /* without and with the line that it has to itself */
	char *copy;              /* the words, cut into args */
	const char *name;
	struct template_args args;
	size_t rest_len;
};

static bool
fail(struct fill *f, const char *at, const char *what, const char *name)
{
	unsigned line = 1;

	for (const char *p = f->start; p < at; p++)
		line += *p == '\n';
	snprintf(f->err, f->err_size, "line %u: %s \"%s\"", line, what, name);
	return false;
}

static bool
is_block(const struct mark *m)
{
	return strcmp(m->name, "each") == 0 || strcmp(m->name, "end") == 0;
}

/* Widens a block's mark to its line when it is alone there. */
static void
take_line(const char *start, struct mark *m)
{
	const char *from = m->at;
	const char *to = m->behind;

	while (from > start && (from[-1] == ' ' || from[-1] == '\t'))
		from--;
	if ((from > start && from[-1] != '\n') || *to != '\n')
		return;
	m->at = from;
	m->behind = to + 1;
}

/* The next mark in from..end; false when there is none.  The caller frees m->copy. */
static bool
next_mark(struct fill *f, const char *from, const char *end, struct mark *m)
{
	const char *close;
	char *word;
	char *save = NULL;

	*m = (struct mark){ .at = strstr(from, "@{"), .args.rest = "" };
	if (m->at == NULL || m->at >= end)
		return false;
	close = strchr(m->at, '}');
	if (close == NULL)
		return false;
	m->behind = close + 1;
	m->copy = mem_strndup(m->at + 2, (size_t)(close - m->at - 2));
	word = strchr(m->copy, ' ');
	if (word != NULL) {
		m->args.rest = m->at + 2 + (word + 1 - m->copy);
		m->rest_len = (size_t)(close - m->args.rest);
	}
	m->name = strtok_r(m->copy, " ", &save);
	if (m->name == NULL)
		m->name = "";
	while (m->args.n < 8 && (word = strtok_r(NULL, " ", &save)) != NULL)
		m->args.v[m->args.n++] = word;
	if (is_block(m))
		take_line(f->start, m);
	return true;
}

/* The end that belongs to the each before `from`. */
static bool
find_end(struct fill *f, const char *from, const char *end, struct mark *m)
{
	int depth = 1;

	while (next_mark(f, from, end, m)) {
		if (strcmp(m->name, "each") == 0)
			depth++;
		else if (strcmp(m->name, "end") == 0 && --depth == 0)
			return true;
		from = m->behind;
		free(m->copy);
	}
	return false;
}

static bool fill_range(struct fill *f, const char *from, const char *end,
    const struct template_turn *turn);

static bool
fill_list(struct fill *f, const struct mark *m, const char *from, const char *end,
    const struct template_turn *outer)
{
	const struct template_list *l = f->words->lists;
	const char *name = m->args.n > 0 ? m->args.v[0] : "";
	struct template_args args = { .n = m->args.n > 0 ? m->args.n - 1 : 0 };
	const void **items = NULL;
	struct template_turn turn = { .outer = outer };
	bool ok;

	while (l->name != NULL && strcmp(l->name, name) != 0)
		l++;
	if (l->name == NULL)
		return fail(f, m->at, "no list", name);
	for (size_t i = 0; i < args.n; i++)
		args.v[i] = m->args.v[i + 1];
	turn.list = l->name;
	ok = l->get(f->words->ctx, outer, &args, &items, &turn.n);
	if (!ok)
		fail(f, m->at, "nothing to list for",
		    m->args.n > 1 ? m->args.v[1] : name);
	for (turn.i = 0; ok && turn.i < turn.n; turn.i++) {
		turn.item = items[turn.i];
		ok = fill_range(f, from, end, &turn);
	}
	free(items);
	return ok;
}

static bool
fill_value(struct fill *f, const struct mark *m, const struct template_turn *turn)
{
	const struct template_value *v = f->words->values;
	struct template_args args = m->args;
	char *written = mem_strndup(m->args.rest, m->rest_len);
	char *text;

	args.rest = written;
	if (strcmp(m->name, "sep") == 0) {
		if (turn != NULL && turn->i + 1 < turn->n)
			fputs(written, f->out);
		free(written);
		return turn != NULL || fail(f, m->at, "outside a list:", m->name);
	}
	while (v->name != NULL && strcmp(v->name, m->name) != 0)
		v++;
	text = v->name != NULL ? v->get(f->words->ctx, turn, &args) : NULL;
	free(written);
	if (text == NULL)
		return fail(f, m->at,
		    v->name != NULL ? "wrong arguments for" : "no value", m->name);
	f->words->escape(text, f->out);
	free(text);
	return true;
}

static bool
fill_mark(struct fill *f, const struct mark *m, const char **next, const char *end,
    const struct template_turn *turn)
{
	struct mark last;
	bool ok;

	*next = m->behind;
	if (strcmp(m->name, "end") == 0)
		return fail(f, m->at, "no list is open at", m->name);
	if (strcmp(m->name, "each") != 0)
		return fill_value(f, m, turn);
	if (!find_end(f, m->behind, end, &last))
		return fail(
		    f, m->at, "no end of list", m->args.n > 0 ? m->args.v[0] : "");
	ok = fill_list(f, m, m->behind, last.at, turn);
	*next = last.behind;
	free(last.copy);
	return ok;
}

static bool
fill_range(
    struct fill *f, const char *from, const char *end, const struct template_turn *turn)
{
	struct mark m;

	while (next_mark(f, from, end, &m)) {
		bool ok;

		fwrite(from, 1, (size_t)(m.at - from), f->out);
		ok = fill_mark(f, &m, &from, end, turn);
		free(m.copy);
		if (!ok)
			return false;
	}
	fwrite(from, 1, (size_t)(end - from), f->out);
	return true;
}

bool
template_fill(const char *text, const struct template_words *words, FILE *out,
    char *err, size_t size)
{
	struct fill f = {
		.words = words, .start = text, .out = out, .err = err, .err_size = size
	};

	return fill_range(&f, text, text + strlen(text), NULL);
}

void
template_plain(const char *text, FILE *out)
{
	fputs(text, out);
}

void
template_json(const char *text, FILE *out)
{
	for (const char *p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20)
			fprintf(out, "\\u%04x", c);
		else
			putc(c, out);
	}
}

void
template_php(const char *text, FILE *out)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '\'' || *p == '\\')
			putc('\\', out);
		putc(*p, out);
	}
}
