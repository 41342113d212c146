#include "site/site.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "site/site_names.h"
#include "site/site_patterns.h"
#include "base/suggest.h"

#define NAME_ROOM 256

/* "CATALOGUE:WORD" taken apart. */
struct qualified {
	char catalogue[NAME_ROOM];
	const char *word;
};

static struct qualified
take_apart(const char *text)
{
	struct qualified q = { .word = text };
	const char *colon = strchr(text, ':');

	if (colon != NULL) {
		snprintf(q.catalogue, sizeof(q.catalogue), "%.*s", (int)(colon - text),
		    text);
		q.word = colon + 1;
	}
	return q;
}

static const struct catalogue *
resolve(struct site_names *k, const struct site_text *t, struct qualified *q)
{
	const struct catalogue *c;

	*q = take_apart(t->text);
	c = site_names_find(k, q->catalogue);
	if (c == NULL)
		site_names_unknown(k, t->pos, q->catalogue);
	return c;
}

static void
check_roles(struct site_names *k, const struct site_host *h)
{
	for (size_t i = 0; i < h->nroles; i++) {
		struct qualified q;
		const struct catalogue *c = resolve(k, &h->roles[i], &q);
		struct suggest near = SUGGEST(q.word);
		char hint[SUGGEST_TEXT];

		if (c == NULL || catalogue_role(c, q.word) >= 0)
			continue;
		for (size_t r = 0; r < c->nroles; r++)
			suggest_offer(&near, c->roles[r].name);
		diag_error_at(k->d, h->roles[i].pos,
		    "host \"%s\": catalogue \"%s\" has no role \"%s\"%s", h->name,
		    c->name, q.word, suggest_text(&near, hint));
	}
}

static void
check_features(struct site_names *k, const struct site_text *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct qualified q;
		const struct catalogue *c = resolve(k, &v[i], &q);
		struct suggest near = SUGGEST(q.word);
		char hint[SUGGEST_TEXT];

		if (c == NULL || catalogue_feature(c, q.word) >= 0)
			continue;
		for (size_t f = 0; f < c->nfeatures; f++)
			suggest_offer(&near, c->features[f].name);
		diag_error_at(k->d, v[i].pos,
		    "catalogue \"%s\" has no feature \"%s\"%s", c->name, q.word,
		    suggest_text(&near, hint));
	}
}

/* Limits are compared number by number: what begins with none would be version 0. */
static void
check_version(struct site_names *k, size_t i, const struct qualified *q)
{
	const struct site_text *v = k->s->versions;

	if (q->word[0] < '0' || q->word[0] > '9')
		diag_error_at(k->d, v[i].pos,
		    "\"versions\": \"%s\" does not begin with a number: write "
		    "\"%s:5.4\"",
		    v[i].text, q->catalogue);
	for (size_t j = 0; j < i; j++) {
		if (strncmp(v[j].text, v[i].text, (size_t)(q->word - v[i].text)) == 0) {
			diag_error_at(k->d, v[i].pos,
			    "\"versions\": \"%s\" has version \"%s\" already",
			    q->catalogue, v[j].text + (q->word - v[i].text));
			return;
		}
	}
}

static void
check_versions(struct site_names *k)
{
	struct qualified q;

	for (size_t i = 0; i < k->s->nversions; i++) {
		resolve(k, &k->s->versions[i], &q);
		check_version(k, i, &q);
	}
}

/* One value of the site against one catalogue that has the parameter. */
static void
check_values(struct site_names *k, const struct site_parameter *p,
    const struct catalogue *c, const struct parameter *known)
{
	if (!known->several && p->nvalues != 1)
		diag_error_at(k->d, p->pos,
		    "parameter \"%s\" of catalogue \"%s\" takes one value, not %zu",
		    known->name, c->name, p->nvalues);
	for (size_t i = 0; i < p->nvalues; i++) {
		if (p->values[i] < known->min || p->values[i] > known->max)
			diag_error_at(k->d, p->pos,
			    "parameter \"%s\" is %ld: catalogue \"%s\" allows %ld to "
			    "%ld",
			    known->name, p->values[i], c->name, known->min, known->max);
	}
}

static void
unknown_parameter(struct site_names *k, const struct site_parameter *p,
    const struct catalogue *only, const char *name)
{
	struct suggest near = SUGGEST(name);
	char hint[SUGGEST_TEXT];

	if (only == NULL && k->list->incomplete)
		return;
	for (size_t i = 0; i < k->list->n; i++) {
		const struct catalogue *c = k->list->v[i];

		for (size_t j = 0; (only == NULL || only == c) && j < c->nparameters;
		     j++)
			suggest_offer(&near, c->parameters[j].name);
	}
	if (only != NULL)
		diag_error_at(k->d, p->pos,
		    "catalogue \"%s\" has no parameter \"%s\"%s", only->name, name,
		    suggest_text(&near, hint));
	else
		diag_error_at(k->d, p->pos, "no catalogue has a parameter \"%s\"%s",
		    name, suggest_text(&near, hint));
}

/* `of` limits a name without catalogue to one; NULL for all. */
static void
check_parameter(
    struct site_names *k, const struct site_parameter *p, const struct catalogue *of)
{
	struct qualified q = take_apart(p->name);
	bool found = false;

	if (q.catalogue[0] != '\0') {
		of = site_names_find(k, q.catalogue);
		if (of == NULL) {
			site_names_unknown(k, p->pos, q.catalogue);
			return;
		}
	}
	for (size_t i = 0; i < k->list->n; i++) {
		const struct catalogue *c = k->list->v[i];
		int at = catalogue_parameter(c, q.word);

		if ((of != NULL && of != c) || at < 0)
			continue;
		check_values(k, p, c, &c->parameters[at]);
		found = true;
	}
	if (!found)
		unknown_parameter(k, p, of, q.word);
}

static void
check_parameters(struct site_names *k, const struct site_parameter *v, size_t n,
    const struct catalogue *of)
{
	for (size_t i = 0; i < n; i++)
		check_parameter(k, &v[i], of);
}

static void
check_instances(struct site_names *k)
{
	for (size_t i = 0; i < k->s->ninstances; i++) {
		const struct site_instance *in = &k->s->instances[i];
		const struct catalogue *c = site_names_catalogue(k, in->catalogue);

		if (in->catalogue[0] != '\0' && c == NULL)
			site_names_unknown(k, in->pos, in->catalogue);
		if (site_names_catalogue(k, in->name) != NULL)
			diag_error_at(k->d, in->pos,
			    "instance \"%s\" has a catalogue's name: take another",
			    in->name);
		for (size_t j = 0; j < k->list->n; j++) {
			if (k->list->v[j]->number == in->number)
				diag_error_at(k->d, in->pos,
				    "instance \"%s\": number %u is catalogue \"%s\"'s",
				    in->name, in->number, k->list->v[j]->name);
		}
		if (c != NULL)
			check_parameters(k, in->parameters, in->nparameters, c);
	}
}

static void
check_wanted(struct site_names *k)
{
	for (size_t i = 0; i < k->s->ncatalogues; i++) {
		const struct site_text *t = &k->s->catalogues[i];
		bool found = false;

		for (size_t j = 0; j < k->list->n && !found; j++)
			found = fnmatch(t->text, k->list->v[j]->name, 0) == 0;
		if (found || k->list->incomplete)
			continue;
		if (site_patterns_is_glob(t->text))
			diag_warn_at(k->d, t->pos,
			    "no catalogue matches \"%s\": is catalogue-path right?",
			    t->text);
		else
			diag_error_at(k->d, t->pos,
			    "no file \"%s.cfg\" in any directory of catalogue-path",
			    t->text);
	}
}

void
site_check(
    const struct site *s, const struct catalogue_list *catalogues, struct diag *d)
{
	struct site_names k = { s, catalogues, d };

	check_wanted(&k);
	check_features(&k, s->features, s->nfeatures);
	check_versions(&k);
	check_parameters(&k, s->parameters, s->nparameters, NULL);
	for (size_t i = 0; i < s->nhosts; i++) {
		const struct site_host *h = &s->hosts[i];

		check_roles(&k, h);
		check_features(&k, h->features, h->nfeatures);
		check_parameters(&k, h->parameters, h->nparameters, NULL);
	}
	check_instances(&k);
	site_patterns(&k);
}
