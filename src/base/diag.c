#include "base/diag.h"

#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

struct item {
	struct diag_message message;
	size_t rank; /* of the file: the order in which files were first named */
	size_t seq;
};

struct diag {
	struct item **v;
	size_t n, cap;
	size_t errors;
	char **files; /* the messages' */
	size_t nfiles, cfiles;
	void *known; /* tsearch(3): the entries */
	bool sorted;
};

struct diag *
diag_new(void)
{
	return mem_new(struct diag);
}

static void
leave(void *entry)
{
	(void)entry; /* freed with the array */
}

void
diag_free(struct diag *d)
{
	if (d == NULL)
		return;
	tdestroy(d->known, leave);
	for (size_t i = 0; i < d->n; i++) {
		free(d->v[i]->message.text);
		free(d->v[i]);
	}
	for (size_t i = 0; i < d->nfiles; i++)
		free(d->files[i]);
	free(d->v);
	free(d->files);
	free(d);
}

static size_t
rank_of(struct diag *d, const char *file)
{
	for (size_t i = 0; i < d->nfiles; i++) {
		if (strcmp(d->files[i], file) == 0)
			return i;
	}
	mem_grow(d->files, d->nfiles, d->cfiles);
	d->files[d->nfiles] = mem_strdup(file);
	return d->nfiles++;
}

static int
compare_size(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int
by_content(const void *pa, const void *pb)
{
	const struct item *a = pa;
	const struct item *b = pb;
	int c = compare_size(a->message.line, b->message.line);

	if (c == 0)
		c = compare_size(a->rank, b->rank);
	return c != 0 ? c : strcmp(a->message.text, b->message.text);
}

/* A file that is read on behalf of several others is complained about once. */
static bool
is_known(struct diag *d, struct item *e)
{
	struct item *const *node = tsearch(e, &d->known, by_content);

	if (node == NULL)
		abort(); /* out of memory, as in mem.h */
	return *node != e;
}

void
diag_add(struct diag *d, enum diag_level level, const char *file, unsigned line,
    const char *format, ...)
{
	struct item *e = mem_new(struct item);
	char text[1024];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	e->rank = rank_of(d, file != NULL ? file : "");
	e->seq = d->n;
	e->message = (struct diag_message){
		.level = level,
		.file = d->files[e->rank],
		.line = line,
		.text = mem_strdup(text),
	};
	if (is_known(d, e)) {
		free(e->message.text);
		free(e);
		return;
	}
	mem_grow(d->v, d->n, d->cap);
	d->v[d->n++] = e;
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
by_place(const void *pa, const void *pb)
{
	const struct item *a = *(struct item *const *)pa;
	const struct item *b = *(struct item *const *)pb;
	int c = compare_size(a->rank, b->rank);

	if (c == 0)
		c = compare_size(a->message.line, b->message.line);
	return c != 0 ? c : compare_size(a->seq, b->seq);
}

const struct diag_message *
diag_get(struct diag *d, size_t i)
{
	if (!d->sorted && d->n > 1)
		qsort(d->v, d->n, sizeof(*d->v), by_place);
	d->sorted = true;
	return &d->v[i]->message;
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
	utf8_clean(buf, '?');
	return buf;
}
