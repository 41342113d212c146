#include "catalogue/catdiff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "catalogue/catfield.h"

struct diff {
	const struct catalogue *before, *after;
	catdiff_each *each;
	void *arg;
	size_t n;
};

const char *
catdiff_word(enum catdiff_kind kind)
{
	static const char *const words[] = { "added", "removed", "changed" };

	return words[kind];
}

static void
tell(struct diff *d, const struct catdiff_fact *fact)
{
	d->n++;
	d->each(d->arg, fact);
}

static void
compare(struct diff *d, const char *what, const char *name, const char *field,
    const char *before, const char *after)
{
	struct catdiff_fact fact = { CATDIFF_CHANGED, what, 0, name, field, before,
		after };

	if (strcmp(before, after) != 0)
		tell(d, &fact);
}

/* ---- services */

static void
compare_service(struct diff *d, const struct service *a, const struct service *b)
{
	char before[CATFIELD_TEXT_MAX];
	char after[CATFIELD_TEXT_MAX];

	for (size_t i = 0; i < catfield_count; i++) {
		struct catdiff_fact fact = { CATDIFF_CHANGED, "service", b->number,
			b->name, catfield_key(i),
			catfield_text(i, d->before, a, before, sizeof(before)),
			catfield_text(i, d->after, b, after, sizeof(after)) };

		if (strcmp(fact.before, fact.after) != 0)
			tell(d, &fact);
	}
}

/* "tcp/443, client -> server, required; Section, line 7" */
static const char *
summary(const struct catalogue *c, const struct service *s, char *buf, size_t size)
{
	char from[256];
	char to[256];

	catalogue_roles_text(c, s, false, from, sizeof(from));
	catalogue_roles_text(c, s, true, to, sizeof(to));
	snprintf(buf, size, "%s%s%s, %s -> %s, %s; %s, line %u",
	    types_proto(s->protocol), s->ports[0] != '\0' ? "/" : "", s->ports, from,
	    to, catfield_expect(s->expect), s->section, s->line);
	return buf;
}

static void
tell_service(struct diff *d, enum catdiff_kind kind, const struct catalogue *c,
    const struct service *s)
{
	char text[CATFIELD_TEXT_MAX];
	struct catdiff_fact fact = { kind, "service", s->number, s->name, "", "", "" };

	summary(c, s, text, sizeof(text));
	if (kind == CATDIFF_ADDED)
		fact.after = text;
	else
		fact.before = text;
	tell(d, &fact);
}

/* Both lists ascend by number. */
static void
compare_services(struct diff *d)
{
	const struct catalogue *a = d->before;
	const struct catalogue *b = d->after;
	size_t i = 0;
	size_t k = 0;

	while (i < a->nservices || k < b->nservices) {
		const struct service *sa = i < a->nservices ? &a->services[i] : NULL;
		const struct service *sb = k < b->nservices ? &b->services[k] : NULL;

		if (sb == NULL || (sa != NULL && sa->number < sb->number)) {
			tell_service(d, CATDIFF_REMOVED, a, sa);
			i++;
		} else if (sa == NULL || sb->number < sa->number) {
			tell_service(d, CATDIFF_ADDED, b, sb);
			k++;
		} else {
			compare_service(d, sa, sb);
			i++;
			k++;
		}
	}
}

/* ---- the rest */

static void
compare_document(struct diff *d)
{
	const struct catalogue *a = d->before;
	const struct catalogue *b = d->after;
	char before[16];
	char after[16];

	snprintf(before, sizeof(before), "%u", a->number);
	snprintf(after, sizeof(after), "%u", b->number);
	compare(d, "document", b->name, "number", before, after);
	compare(d, "document", b->name, "name", a->name, b->name);
	compare(d, "document", b->name, "vendor", a->vendor, b->vendor);
	compare(d, "document", b->name, "product", a->product, b->product);
	compare(d, "document", b->name, "version", a->version, b->version);
	compare(d, "document", b->name, "title", a->title, b->title);
	compare(d, "document", b->name, "revision", a->revision, b->revision);
	snprintf(before, sizeof(before), "%u", a->lines);
	snprintf(after, sizeof(after), "%u", b->lines);
	compare(d, "document", b->name, "lines", before, after);
}

static void
tell_named(struct diff *d, enum catdiff_kind kind, const char *what, const char *name,
    const char *descr)
{
	struct catdiff_fact fact = { kind, what, 0, name, "",
		kind == CATDIFF_REMOVED ? descr : "",
		kind == CATDIFF_ADDED ? descr : "" };

	tell(d, &fact);
}

static void
compare_roles(struct diff *d)
{
	for (size_t i = 0; i < d->before->nroles; i++) {
		const struct role *a = &d->before->roles[i];
		int k = catalogue_role(d->after, a->name);

		if (k < 0) {
			tell_named(d, CATDIFF_REMOVED, "role", a->name, a->descr);
			continue;
		}
		compare(
		    d, "role", a->name, "descr", a->descr, d->after->roles[k].descr);
		compare(d, "role", a->name, "own", a->own ? "true" : "false",
		    d->after->roles[k].own ? "true" : "false");
	}
	for (size_t k = 0; k < d->after->nroles; k++) {
		const struct role *b = &d->after->roles[k];

		if (catalogue_role(d->before, b->name) < 0)
			tell_named(d, CATDIFF_ADDED, "role", b->name, b->descr);
	}
}

static void
compare_features(struct diff *d)
{
	for (size_t i = 0; i < d->before->nfeatures; i++) {
		const struct feature *a = &d->before->features[i];
		int k = catalogue_feature(d->after, a->name);

		if (k < 0)
			tell_named(d, CATDIFF_REMOVED, "feature", a->name, a->descr);
		else
			compare(d, "feature", a->name, "descr", a->descr,
			    d->after->features[k].descr);
	}
	for (size_t k = 0; k < d->after->nfeatures; k++) {
		const struct feature *b = &d->after->features[k];

		if (catalogue_feature(d->before, b->name) < 0)
			tell_named(d, CATDIFF_ADDED, "feature", b->name, b->descr);
	}
}

/* "1960, 1 to 65529" or "[50000, 50001], 1 to 65535"; the caller frees. */
static char *
parameter_text(const struct parameter *p)
{
	char *text;
	size_t size;
	FILE *to = mem_stream(&text, &size);

	fputs(p->several ? "[" : "", to);
	for (size_t i = 0; i < p->ndefaults; i++)
		fprintf(to, "%s%ld", i != 0 ? ", " : "", p->defaults[i]);
	fprintf(to, "%s, %ld to %ld", p->several ? "]" : "", p->min, p->max);
	mem_stream_end(to);
	return text;
}

static void
compare_parameters(struct diff *d)
{
	for (size_t i = 0; i < d->before->nparameters; i++) {
		const struct parameter *a = &d->before->parameters[i];
		int k = catalogue_parameter(d->after, a->name);
		char *before = parameter_text(a);
		char *after = k < 0 ? NULL : parameter_text(&d->after->parameters[k]);

		if (after == NULL)
			tell_named(d, CATDIFF_REMOVED, "parameter", a->name, before);
		else
			compare(d, "parameter", a->name, "default", before, after);
		free(before);
		free(after);
	}
	for (size_t k = 0; k < d->after->nparameters; k++) {
		const struct parameter *b = &d->after->parameters[k];
		char *after = parameter_text(b);

		if (catalogue_parameter(d->before, b->name) < 0)
			tell_named(d, CATDIFF_ADDED, "parameter", b->name, after);
		free(after);
	}
}

size_t
catdiff(const struct catalogue *before, const struct catalogue *after,
    catdiff_each *each, void *arg)
{
	struct diff d = { before, after, each, arg, 0 };

	compare_document(&d);
	compare_roles(&d);
	compare_features(&d);
	compare_parameters(&d);
	compare_services(&d);
	return d.n;
}
