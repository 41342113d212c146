#ifndef SVCPORT_CONF_WORD_H
#define SVCPORT_CONF_WORD_H

/* As conf.h: the getter for keys that take one of a few words. */

struct conf_group;

/* A word of a closed list and its value; lists end with a NULL word. */
struct conf_word {
	const char *word;
	int value;
};

/* The value of a word; "" is as good as an absent key. */
int conf_word(
    struct conf_group *g, const char *key, const struct conf_word *words, int absent);

#endif
