#include "site/site_patterns.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "site/site_names.h"
#include "base/suggest.h"

#define NAME_ROOM 256

bool
site_patterns_is_glob(const char *text)
{
	return strpbrk(text, "*?[") != NULL;
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
matches_service(const struct site_names *k, const char *glob)
{
	bool found = false;

	for (size_t i = 0; i < k->list->n && !found; i++)
		found = matches_in(k->list->v[i], k->list->v[i]->name, glob);
	for (size_t i = 0; i < k->s->ninstances && !found; i++) {
		const struct site_instance *in = &k->s->instances[i];
		const struct catalogue *c = site_names_catalogue(k, in->catalogue);

		found = c != NULL && matches_in(c, in->name, glob);
	}
	return found;
}

static void
unknown_service(struct site_names *k, struct diag_pos pos, const char *text)
{
	const char *slash = strchr(text, '/');
	const struct catalogue *c;
	struct suggest near = SUGGEST(slash + 1);
	char hint[SUGGEST_TEXT];
	char name[NAME_ROOM];

	snprintf(name, sizeof(name), "%.*s", (int)(slash - text), text);
	c = site_names_find(k, name);
	if (c == NULL) {
		site_names_unknown(k, pos, name);
		return;
	}
	for (size_t i = 0; i < c->nservices; i++)
		suggest_offer(&near, c->services[i].name);
	diag_error_at(k->d, pos, "catalogue \"%s\" has no service \"%s\"%s", name,
	    slash + 1, suggest_text(&near, hint));
}

static void
check_service_glob(struct site_names *k, struct diag_pos pos, const char *glob)
{
	if (glob[0] == '\0' || strcmp(glob, "*") == 0 || matches_service(k, glob))
		return;
	if (site_patterns_is_glob(glob)) {
		if (!k->list->incomplete)
			diag_warn_at(k->d, pos, "\"%s\" matches no service", glob);
	} else if (strchr(glob, '/') != NULL) {
		unknown_service(k, pos, glob);
	}
}

/* The first host that the pattern or name means, NULL when it means none. */
static const struct site_host *
find_host(const struct site_names *k, const char *text)
{
	bool glob = strpbrk(text, "*?[\\") != NULL;

	for (size_t i = 0; i < k->s->nhosts; i++) {
		const struct site_host *h = &k->s->hosts[i];

		if (glob ? fnmatch(text, h->name, 0) == 0 : strcmp(text, h->name) == 0)
			return h;
	}
	return NULL;
}

static bool
has_local(const struct site_names *k)
{
	for (size_t i = 0; i < k->s->nhosts; i++) {
		if (k->s->hosts[i].local)
			return true;
	}
	return false;
}

/* The host that may have been meant, for the end of a message. */
static const char *
suggest_host(
    const struct site_names *k, const char *name, bool local, char hint[SUGGEST_TEXT])
{
	struct suggest near = SUGGEST(name);

	for (size_t i = 0; i < k->s->nhosts; i++) {
		if (local || !k->s->hosts[i].local)
			suggest_offer(&near, k->s->hosts[i].name);
	}
	return suggest_text(&near, hint);
}

static void
check_host_glob(struct site_names *k, struct diag_pos pos, const char *glob)
{
	char hint[SUGGEST_TEXT];

	/* "*" is right without any host: the local one needs no entry. */
	if (strcmp(glob, "*") == 0 || find_host(k, glob) != NULL || !has_local(k))
		return;
	if (site_patterns_is_glob(glob))
		diag_warn_at(k->d, pos, "\"%s\" matches no host", glob);
	else
		diag_error_at(k->d, pos, "no host \"%s\"%s", glob,
		    suggest_host(k, glob, true, hint));
}

/* Groups are of remote hosts, by name. */
static void
check_member(
    struct site_names *k, const struct site_group *g, const struct site_text *t)
{
	const struct site_host *h = NULL;
	char hint[SUGGEST_TEXT];

	for (size_t i = 0; i < k->s->nhosts && h == NULL; i++) {
		if (strcmp(k->s->hosts[i].name, t->text) == 0)
			h = &k->s->hosts[i];
	}
	if (h == NULL)
		diag_error_at(k->d, t->pos, "group \"%s\": no host \"%s\"%s", g->name,
		    t->text, suggest_host(k, t->text, false, hint));
	else if (h->local)
		diag_error_at(k->d, t->pos,
		    "group \"%s\": \"%s\" is the local host: groups are of "
		    "remote ones",
		    g->name, t->text);
}

static void
check_service(
    struct site_names *k, const struct site_group *g, const struct site_text *t)
{
	if (strcmp(t->text, "*") == 0 || strchr(t->text, '/') != NULL)
		check_service_glob(k, t->pos, t->text);
	else
		diag_error_at(k->d, t->pos,
		    "group \"%s\": \"%s\" names no catalogue: write "
		    "\"CATALOGUE/%s\"",
		    g->name, t->text, t->text);
}

static void
check_groups(struct site_names *k)
{
	for (size_t i = 0; i < k->s->ngroups; i++) {
		const struct site_group *g = &k->s->groups[i];

		for (size_t j = 0; j < g->nservices; j++)
			check_service(k, g, &g->services[j]);
		for (size_t j = 0; j < g->nhosts; j++)
			check_member(k, g, &g->hosts[j]);
	}
}

static void
check_rules(struct site_names *k)
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

void
site_patterns(struct site_names *k)
{
	check_groups(k);
	check_rules(k);
}
