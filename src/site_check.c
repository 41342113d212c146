#include "site.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "suggest.h"

#define NAME_ROOM 256

struct checker {
	const struct site *s;
	const struct catalogue_list *list;
	struct diag *d;
};

/* "CATALOGUE:WORD" taken apart. */
struct qualified {
	char catalogue[NAME_ROOM];
	const char *word;
};

static bool
is_glob(const char *text)
{
	return strpbrk(text, "*?[") != NULL;
}

static const struct catalogue *
find_catalogue(const struct checker *k, const char *name)
{
	for (size_t i = 0; i < k->list->n; i++) {
		if (strcmp(k->list->v[i]->name, name) == 0)
			return k->list->v[i];
	}
	return NULL;
}

/* By its own name or an instance's. */
static const struct catalogue *
find_named(const struct checker *k, const char *name)
{
	const struct catalogue *c = find_catalogue(k, name);

	for (size_t i = 0; c == NULL && i < k->s->ninstances; i++) {
		if (strcmp(k->s->instances[i].name, name) == 0)
			c = find_catalogue(k, k->s->instances[i].catalogue);
	}
	return c;
}

/* A catalogue with errors may be the one that is missed: it has been reported. */
static void
unknown_catalogue(struct checker *k, struct diag_pos pos, const char *name)
{
	struct suggest near = SUGGEST(name);
	char hint[SUGGEST_TEXT];

	if (k->list->incomplete)
		return;
	for (size_t i = 0; i < k->list->n; i++)
		suggest_offer(&near, k->list->v[i]->name);
	for (size_t i = 0; i < k->s->ninstances; i++)
		suggest_offer(&near, k->s->instances[i].name);
	diag_error_at(k->d, pos,
	    "no catalogue \"%s\" is loaded%s: see `svcport catalogues`", name,
	    suggest_text(&near, hint));
}

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
resolve(struct checker *k, const struct site_text *t, struct qualified *q)
{
	const struct catalogue *c;

	*q = take_apart(t->text);
	c = find_named(k, q->catalogue);
	if (c == NULL)
		unknown_catalogue(k, t->pos, q->catalogue);
	return c;
}

static void
check_roles(struct checker *k, const struct site_host *h)
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
check_features(struct checker *k, const struct site_text *v, size_t n)
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

static void
check_versions(struct checker *k)
{
	struct qualified q;

	for (size_t i = 0; i < k->s->nversions; i++)
		resolve(k, &k->s->versions[i], &q);
}

/* One value of the site against one catalogue that has the parameter. */
static void
check_values(struct checker *k, const struct site_parameter *p,
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
unknown_parameter(struct checker *k, const struct site_parameter *p,
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
    struct checker *k, const struct site_parameter *p, const struct catalogue *of)
{
	struct qualified q = take_apart(p->name);
	bool found = false;

	if (q.catalogue[0] != '\0') {
		of = find_named(k, q.catalogue);
		if (of == NULL) {
			unknown_catalogue(k, p->pos, q.catalogue);
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
check_parameters(struct checker *k, const struct site_parameter *v, size_t n,
    const struct catalogue *of)
{
	for (size_t i = 0; i < n; i++)
		check_parameter(k, &v[i], of);
}

static void
check_instances(struct checker *k)
{
	for (size_t i = 0; i < k->s->ninstances; i++) {
		const struct site_instance *in = &k->s->instances[i];
		const struct catalogue *c = find_catalogue(k, in->catalogue);

		if (in->catalogue[0] != '\0' && c == NULL)
			unknown_catalogue(k, in->pos, in->catalogue);
		if (find_catalogue(k, in->name) != NULL)
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

static bool
matches_in(const struct catalogue *c, const char *name, const char *glob)
{
	char text[NAME_ROOM];

	for (size_t i = 0; i < c->nservices; i++) {
		snprintf(text, sizeof(text), "%s/%s", name, c->services[i].name);
		if (fnmatch(glob, text, 0) == 0)
			return true;
	}
	return false;
}

static bool
matches_service(const struct checker *k, const char *glob)
{
	bool found = false;

	for (size_t i = 0; i < k->list->n && !found; i++)
		found = matches_in(k->list->v[i], k->list->v[i]->name, glob);
	for (size_t i = 0; i < k->s->ninstances && !found; i++) {
		const struct site_instance *in = &k->s->instances[i];
		const struct catalogue *c = find_catalogue(k, in->catalogue);

		found = c != NULL && matches_in(c, in->name, glob);
	}
	return found;
}

static void
unknown_service(struct checker *k, struct diag_pos pos, const char *text)
{
	const char *slash = strchr(text, '/');
	const struct catalogue *c;
	struct suggest near = SUGGEST(slash + 1);
	char hint[SUGGEST_TEXT];
	char name[NAME_ROOM];

	snprintf(name, sizeof(name), "%.*s", (int)(slash - text), text);
	c = find_named(k, name);
	if (c == NULL) {
		unknown_catalogue(k, pos, name);
		return;
	}
	for (size_t i = 0; i < c->nservices; i++)
		suggest_offer(&near, c->services[i].name);
	diag_error_at(k->d, pos, "catalogue \"%s\" has no service \"%s\"%s", name,
	    slash + 1, suggest_text(&near, hint));
}

/* A name that is none is an error; a pattern may be there for what is to come. */
static void
check_service_glob(struct checker *k, struct diag_pos pos, const char *glob)
{
	if (glob[0] == '\0' || strcmp(glob, "*") == 0 || matches_service(k, glob))
		return;
	if (is_glob(glob)) {
		if (!k->list->incomplete)
			diag_warn_at(k->d, pos, "\"%s\" matches no service", glob);
	} else if (strchr(glob, '/') != NULL) {
		unknown_service(k, pos, glob);
	}
}

static void
check_host_glob(struct checker *k, struct diag_pos pos, const char *glob)
{
	struct suggest near = SUGGEST(glob);
	char hint[SUGGEST_TEXT];
	bool local = false;

	for (size_t i = 0; i < k->s->nhosts; i++) {
		if (fnmatch(glob, k->s->hosts[i].name, 0) == 0)
			return;
		suggest_offer(&near, k->s->hosts[i].name);
		local = local || k->s->hosts[i].local;
	}
	if (is_glob(glob)) {
		/* "*" is right without any host: the local one needs no entry. */
		if (local && strcmp(glob, "*") != 0)
			diag_warn_at(k->d, pos, "\"%s\" matches no host", glob);
	} else if (local) {
		diag_error_at(
		    k->d, pos, "no host \"%s\"%s", glob, suggest_text(&near, hint));
	}
}

/* Groups are of remote hosts, by name. */
static void
check_member(struct checker *k, const struct site_group *g, const struct site_text *t)
{
	struct suggest near = SUGGEST(t->text);
	char hint[SUGGEST_TEXT];

	for (size_t i = 0; i < k->s->nhosts; i++) {
		const struct site_host *h = &k->s->hosts[i];

		if (!h->local)
			suggest_offer(&near, h->name);
		if (strcmp(h->name, t->text) != 0)
			continue;
		if (h->local)
			diag_error_at(k->d, t->pos,
			    "group \"%s\": \"%s\" is the local host: groups are of "
			    "remote ones",
			    g->name, t->text);
		return;
	}
	diag_error_at(k->d, t->pos, "group \"%s\": no host \"%s\"%s", g->name, t->text,
	    suggest_text(&near, hint));
}

static void
check_groups(struct checker *k)
{
	for (size_t i = 0; i < k->s->ngroups; i++) {
		const struct site_group *g = &k->s->groups[i];

		for (size_t j = 0; j < g->nservices; j++)
			check_service_glob(k, g->services[j].pos, g->services[j].text);
		for (size_t j = 0; j < g->nhosts; j++)
			check_member(k, g, &g->hosts[j]);
	}
}

static void
check_rules(struct checker *k)
{
	for (size_t i = 0; i < k->s->noverrides; i++) {
		const struct site_override *o = &k->s->overrides[i];

		check_service_glob(k, o->pos, o->service);
		check_host_glob(k, o->host_pos, o->host);
	}
	for (size_t i = 0; i < k->s->nmutes; i++) {
		const struct site_mute *m = &k->s->mutes[i];

		check_service_glob(k, m->pos, m->service);
		check_host_glob(k, m->host_pos, m->host);
	}
}

static void
check_wanted(struct checker *k)
{
	for (size_t i = 0; i < k->s->ncatalogues; i++) {
		const struct site_text *t = &k->s->catalogues[i];
		bool found = false;

		for (size_t j = 0; j < k->list->n && !found; j++)
			found = fnmatch(t->text, k->list->v[j]->name, 0) == 0;
		if (found || k->list->incomplete)
			continue;
		if (is_glob(t->text))
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
	struct checker k = { s, catalogues, d };

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
	check_groups(&k);
	check_rules(&k);
}
