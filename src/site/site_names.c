#include "site/site_names.h"

#include <string.h>

#include "base/suggest.h"

const struct catalogue *
site_names_catalogue(const struct site_names *k, const char *name)
{
	for (size_t i = 0; i < k->list->n; i++) {
		if (strcmp(k->list->v[i]->name, name) == 0)
			return k->list->v[i];
	}
	return NULL;
}

const struct catalogue *
site_names_find(const struct site_names *k, const char *name)
{
	const struct catalogue *c = site_names_catalogue(k, name);

	for (size_t i = 0; c == NULL && i < k->s->ninstances; i++) {
		if (strcmp(k->s->instances[i].name, name) == 0)
			c = site_names_catalogue(k, k->s->instances[i].catalogue);
	}
	return c;
}

void
site_names_unknown(struct site_names *k, struct diag_pos pos, const char *name)
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
