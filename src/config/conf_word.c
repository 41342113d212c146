#include "config/conf_word.h"

#include <stdio.h>
#include <string.h>

#include "config/conf.h"
#include "config/conf_node.h"
#include "base/suggest.h"

#define WORD_MAX 255 /* octets, far more than any word has */

static void
report_word(struct conf_group *g, const char *key, const char *text,
    const struct conf_word *words)
{
	struct suggest near = SUGGEST(text);
	char hint[SUGGEST_TEXT];
	char list[256];
	size_t len = 0;

	for (size_t i = 0; words[i].word != NULL; i++) {
		suggest_offer(&near, words[i].word);
		if (len < sizeof(list))
			len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
			    i != 0 ? ", " : "", words[i].word);
	}
	conf_error(g, key, "\"%s\": \"%.64s\" is not one of %s%s", key, text, list,
	    suggest_text(&near, hint));
}

int
conf_word(
    struct conf_group *g, const char *key, const struct conf_word *words, int absent)
{
	struct tree_node *s = conf_ask(g, key);
	const char *text = s != NULL ? conf_fit_text(g, s, key, WORD_MAX) : NULL;

	if (text == NULL || text[0] == '\0')
		return absent;
	for (size_t i = 0; words[i].word != NULL; i++) {
		if (strcmp(words[i].word, text) == 0)
			return words[i].value;
	}
	report_word(g, key, text, words);
	return absent;
}
