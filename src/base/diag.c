#include "base/diag.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct entry {
	struct diag_message message;
	size_t rank; /* of the file: the order in which files were first named */
	size_t seq;
};

struct diag {
	struct entry *v;
	size_t n, cap;
	size_t errors;
	size_t ranks;
	bool sorted;
};

struct diag *
diag_new(void)
{
	return mem_new(struct diag);
}

void
diag_free(struct diag *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->n; i++) {
		free(d->v[i].message.file);
		free(d->v[i].message.text);
	}
	free(d->v);
	free(d);
}

static size_t
rank_of(struct diag *d, const char *file)
{
	for (size_t i = 0; i < d->n; i++) {
		if (strcmp(d->v[i].message.file, file) == 0)
			return d->v[i].rank;
	}
	return d->ranks++;
}

/* What stands in a file must not forge lines on a terminal or in a log. */
static void
sanitize(char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
	}
}

/* A file that is read on behalf of several others is complained about once. */
static bool
is_known(const struct diag *d, const char *file, unsigned line, const char *text)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct diag_message *m = &d->v[i].message;

		if (m->line == line && strcmp(m->text, text) == 0 &&
		    strcmp(m->file, file) == 0)
			return true;
	}
	return false;
}

void
diag_add(struct diag *d, enum diag_level level, const char *file, unsigned line,
    const char *format, ...)
{
	char text[1024];
	struct entry *e;
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	sanitize(text);
	if (file == NULL)
		file = "";
	if (is_known(d, file, line, text))
		return;
	mem_grow(d->v, d->n, d->cap);
	e = &d->v[d->n];
	e->rank = rank_of(d, file);
	e->seq = d->n++;
	e->message = (struct diag_message){
		.level = level,
		.file = mem_strdup(file),
		.line = line,
		.text = mem_strdup(text),
	};
	if (level == DIAG_ERROR)
		d->errors++;
	d->sorted = false;
}

size_t
diag_count(const struct diag *d)
{
	return d->n;
}

size_t
diag_errors(const struct diag *d)
{
	return d->errors;
}

static int
compare_size(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int
compare(const void *pa, const void *pb)
{
	const struct entry *a = pa;
	const struct entry *b = pb;
	int c = compare_size(a->rank, b->rank);

	if (c == 0)
		c = compare_size(a->message.line, b->message.line);
	return c != 0 ? c : compare_size(a->seq, b->seq);
}

const struct diag_message *
diag_get(struct diag *d, size_t i)
{
	if (!d->sorted && d->n > 1)
		qsort(d->v, d->n, sizeof(*d->v), compare);
	d->sorted = true;
	return &d->v[i].message;
}

const char *
diag_format(const struct diag_message *m, char *buf, size_t size)
{
	const char *level = m->level == DIAG_WARNING ? "warning: " : "";

	if (m->file[0] == '\0')
		snprintf(buf, size, "%s%s", level, m->text);
	else if (m->line == 0)
		snprintf(buf, size, "%s: %s%s", m->file, level, m->text);
	else
		snprintf(buf, size, "%s:%u: %s%s", m->file, m->line, level, m->text);
	return buf;
}
