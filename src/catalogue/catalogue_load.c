#include "catalogue/catalogue.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

/* Whether one of the first `ndirs` directories has a file of this name. */
static bool
is_shadowed(char *const *dirs, size_t ndirs, const char *name)
{
	bool found = false;

	for (size_t i = 0; i < ndirs && !found; i++) {
		char *path = mem_printf("%s/%s", dirs[i], name);
		struct stat st;

		found = stat(path, &st) == 0;
		free(path);
	}
	return found;
}

static bool
is_wanted(const char *name, char *const *globs, size_t nglobs)
{
	for (size_t i = 0; i < nglobs; i++) {
		if (fnmatch(globs[i], name, 0) == 0)
			return true;
	}
	return false;
}

bool
catalogue_list_add(struct catalogue_list *list, struct catalogue *c, struct diag *d)
{
	size_t at = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct catalogue *o = list->v[i];

		if (o->number == c->number || strcmp(o->name, c->name) == 0) {
			diag_error_at(d, c->pos,
			    "catalogue %u \"%s\" has the %s of %u \"%s\" in %s",
			    c->number, c->name,
			    o->number == c->number ? "number" : "name", o->number,
			    o->name, o->file);
			catalogue_free(c);
			list->incomplete = true;
			return false;
		}
		at += o->number < c->number;
	}
	list->v = mem_resize(list->v, list->n + 1, sizeof(struct catalogue *));
	memmove(list->v + at + 1, list->v + at,
	    (list->n - at) * sizeof(struct catalogue *));
	list->v[at] = c;
	list->n++;
	return true;
}

/* The file's name without ".cfg"; NULL when it is none of ours. */
static char *
stem(const char *file)
{
	size_t len = strlen(file);

	if (file[0] == '.' || len <= 4 || strcmp(file + len - 4, ".cfg") != 0)
		return NULL;
	return mem_strndup(file, len - 4);
}

static void
load_file(
    const char *path, const char *name, struct catalogue_list *out, struct diag *d)
{
	struct catalogue *c = catalogue_read(path, d);

	if (c == NULL) {
		out->incomplete = true;
		return;
	}
	if (strcmp(c->name, name) != 0) {
		diag_error_at(d, c->pos,
		    "catalogue \"%s\" is in \"%s.cfg\": the file must be called "
		    "\"%s.cfg\"",
		    c->name, name, c->name);
		out->incomplete = true;
		catalogue_free(c);
		return;
	}
	catalogue_list_add(out, c, d);
}

void
catalogue_load(char *const *dirs, size_t ndirs, char *const *globs, size_t nglobs,
    struct catalogue_list *out, struct diag *d)
{
	*out = (struct catalogue_list){ 0 };
	for (size_t i = 0; i < ndirs; i++) {
		struct dirent **v = NULL;
		int n = scandir(dirs[i], &v, NULL, alphasort);

		if (n < 0 && errno != ENOENT)
			diag_error(
			    d, dirs[i], 0, "cannot read it: %s", strerror(errno));
		for (int k = 0; k < n; k++) {
			char *name = stem(v[k]->d_name);
			char *path = mem_printf("%s/%s", dirs[i], v[k]->d_name);

			if (name != NULL && is_wanted(name, globs, nglobs) &&
			    !is_shadowed(dirs, i, v[k]->d_name))
				load_file(path, name, out, d);
			free(name);
			free(path);
			free(v[k]);
		}
		free(v);
	}
}

void
catalogue_list_clear(struct catalogue_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		catalogue_free(list->v[i]);
	free(list->v);
	*list = (struct catalogue_list){ 0 };
}
