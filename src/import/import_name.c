#include "import/import_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/keymap.h"
#include "base/mem.h"
#include "import/import.h"

#define NAME_MAX_SERVICE 64 /* octets, as catalogue files allow */
#define NAME_ROOM        16 /* for what makes a service's name unique */

/* Words that are no end for a name. */
static bool
is_small(const char *word, size_t len)
{
	static const char *const small[] = { "a", "an", "and", "by", "for", "from",
		"in", "of", "on", "or", "over", "the", "to", "used", "via", "with" };

	for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++) {
		if (strlen(small[i]) == len && strncasecmp(small[i], word, len) == 0)
			return true;
	}
	return false;
}

/* The first words of a text, up to one that could end a name. */
static char *
first_words(const char *words, unsigned n)
{
	size_t len = 0;
	size_t good = 0;

	while (n-- > 0 && words[len] != '\0') {
		size_t start = len + strspn(words + len, " ");

		len = start + strcspn(words + start, " ");
		if (good == 0 || !is_small(words + start, len - start))
			good = len;
	}
	return mem_strndup(words, good);
}

void
import_name_stem(struct importer *i, struct import_entry *e)
{
	const char *const from[] = { import_text_cell(i, e, IMPORT_NAME),
		e->s.application, e->s.descr, "port" };

	for (size_t k = 0; k < sizeof(from) / sizeof(from[0]); k++) {
		char *words = first_words(from[k], 3);

		free(e->stem);
		e->stem = import_slug(words, NAME_MAX_SERVICE - NAME_ROOM);
		free(words);
		if (e->stem[0] != '\0')
			return;
	}
}

/* Returns whether the name was free; it is taken then.  Beside it stands the next
 * number for those that begin with it. */
static bool
take_name(struct importer *i, const char *name)
{
	static const unsigned first = 2;
	size_t len;

	if (keymap_get(i->names, name, &len) != NULL)
		return false;
	keymap_set(i->names, name, &first, sizeof(first));
	return true;
}

static char *
numbered_name(struct importer *i, const char *base)
{
	char *name = NULL;
	unsigned k;
	size_t len;

	memcpy(&k, keymap_get(i->names, base, &len), sizeof(k));
	do {
		free(name);
		name = mem_printf("%s-%u", base, k++);
	} while (!take_name(i, name));
	keymap_set(i->names, base, &k, sizeof(k));
	return name;
}

char *
import_name_unique(struct importer *i, const struct import_entry *e,
    enum proto protocol, unsigned port)
{
	char number[16] = "";
	char *base, *name;

	if (port != 0)
		snprintf(number, sizeof(number), "-%u", port);
	base = mem_printf("%s%s", e->stem, number);
	if (take_name(i, base))
		return base;
	name = mem_printf("%s-%s", base, types_proto(protocol));
	if (!take_name(i, name)) {
		free(name);
		name = numbered_name(i, base);
	}
	free(base);
	return name;
}
