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

static void
check_host_glob(struct site_names *k, struct diag_pos pos, const char *glob)
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
	if (site_patterns_is_glob(glob)) {
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
check_member(
    struct site_names *k, const struct site_group *g, const struct site_text *t)
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
check_groups(struct site_names *k)
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
