#include "import/import_table.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/diag.h"
#include "import/import.h"
#include "base/keymap.h"
#include "base/mem.h"

/* The sizes that catalogue files allow, in octets. */
#define NAME_MAX_ROLE    64
#define NAME_MAX_FEATURE 32
#define TEXT_MAX_ANY     255

/* ---- roles and features */

static size_t
named(struct importer *i, struct keymap *known, struct import_role **v, size_t *n,
    size_t *cap, const char *words, size_t max, const char *otherwise)
{
	char *name = import_slug(words, max);
	const uint8_t *at;
	size_t k = *n;
	size_t len;

	if (name[0] == '\0') {
		free(name);
		name = mem_strdup(otherwise);
	}
	at = keymap_get(known, name, &len);
	if (at != NULL) {
		memcpy(&k, at, sizeof(k));
		free(name);
		return k;
	}
	keymap_set(known, name, &k, sizeof(k));
	mem_grow(*v, *n, *cap);
	(*v)[*n].name = name;
	(*v)[*n].descr = import_text_clean(
	    i, 0, "a role's description", words, TEXT_MAX_ANY);
	return (*n)++;
}

static void
add_role(struct importer *i, size_t **v, size_t *n, const char *words)
{
	struct import *im = &i->im;
	size_t role = named(i, i->roles, &im->roles, &im->nroles, &im->roles_cap, words,
	    NAME_MAX_ROLE, "any");

	for (size_t k = 0; k < *n; k++) {
		if ((*v)[k] == role)
			return;
	}
	*v = mem_resize(*v, *n + 1, sizeof(**v));
	(*v)[(*n)++] = role;
}

/* The length of what divides two names: ",", " and ", ...; 0 where nothing does. */
static size_t
divider(const char *p)
{
	if (strchr(",;\n/&", *p) != NULL)
		return 1;
	if (strncasecmp(p, " and ", 5) == 0)
		return 5;
	return strncasecmp(p, " or ", 4) == 0 ? 4 : 0;
}

static void
add_roles(struct importer *i, size_t **v, size_t *n, const char *words)
{
	while (*words != '\0') {
		size_t start = strspn(words, " ");
		size_t len = start;
		char *one;

		while (words[len] != '\0' && divider(words + len) == 0)
			len++;
		one = mem_strndup(words + start, len - start);
		if (one[0] != '\0')
			add_role(i, v, n, one);
		free(one);
		words += len;
		words += *words != '\0' ? divider(words) : 0;
	}
}

/* Both roles in both lists: "<->". */
static void
both_ways(struct import_service *s)
{
	size_t total = s->nfrom + s->nto;
	size_t *all = mem_array(size_t, total);
	size_t n = 0;

	for (size_t k = 0; k < total; k++) {
		size_t role = k < s->nfrom ? s->from[k] : s->to[k - s->nfrom];
		size_t at = 0;

		while (at < n && all[at] != role)
			at++;
		if (at == n)
			all[n++] = role;
	}
	free(s->from);
	free(s->to);
	s->from = all;
	s->to = mem_array(size_t, n);
	memcpy(s->to, all, n * sizeof(*all));
	s->nfrom = s->nto = n;
}

void
import_ends_read(struct importer *i, struct import_entry *e)
{
	const char *words = import_text_cell(i, e, IMPORT_DIRECTION);
	int direction = import_cell_direction(words);
	struct import_service *s = &e->s;

	if (direction < 0) {
		diag_warn(i->d, i->file, e->row->line,
		    "direction \"%s\" is not understood", words);
		direction = IMPORT_UNSTATED;
	}
	if (!import_cell_is_none(import_text_cell(i, e, IMPORT_FROM)))
		add_roles(i, &s->from, &s->nfrom, import_text_cell(i, e, IMPORT_FROM));
	if (!import_cell_is_none(import_text_cell(i, e, IMPORT_TO)))
		add_roles(i, &s->to, &s->nto, import_text_cell(i, e, IMPORT_TO));
	if (s->nfrom == 0) {
		i->no_from = true;
		add_role(i, &s->from, &s->nfrom,
		    direction == IMPORT_OUT ? "server" : "client");
	}
	if (s->nto == 0) {
		i->no_to = true;
		add_role(
		    i, &s->to, &s->nto, direction == IMPORT_OUT ? "remote" : "server");
	}
	if (direction == IMPORT_BOTH)
		both_ways(s);
}

void
import_ends_condition(struct importer *i, struct import_entry *e)
{
	const char *words = import_text_cell(i, e, IMPORT_CONDITION);
	struct import *im = &i->im;
	size_t f;

	if (import_cell_is_none(words))
		return;
	f = named(i, i->features, &im->features, &im->nfeatures, &im->features_cap,
	    words, NAME_MAX_FEATURE, "condition");
	e->s.feature = mem_strdup(im->features[f].name);
}
