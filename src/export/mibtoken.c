#include "export/mibtoken.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
mibtoken_fail(struct mibtoken *r, const char *what)
{
	unsigned line = 1;

	if (r->failed)
		return;
	for (const char *p = r->start; p < r->at; p++)
		line += *p == '\n';
	snprintf(r->err, r->err_size, "line %u: %s, not \"%s\"", line, what, r->token);
	r->failed = true;
	r->token[0] = '\0';
}

const char *
mibtoken_keep(struct mibtoken *r, const char *text, size_t len)
{
	struct mibindex *m = r->m;

	mem_grow(m->strings, m->nstrings, m->strings_cap);
	m->strings[m->nstrings] = mem_strndup(text, len);
	return m->strings[m->nstrings++];
}

/* "#SEVERITY MAJOR" behind the dashes: what net-snmp's and snmptt's readers know. */
static void
annotation(struct mibtoken *r, const char *text, size_t len)
{
	static const char *const keys[] = { "#TYPE ", "#SUMMARY ", "#SEVERITY ",
		"#STATE " };
	const char **const to[] = { &r->node->type, &r->node->summary,
		&r->node->severity, &r->node->state };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		size_t n = strlen(keys[i]);

		if (len <= n || strncmp(text, keys[i], n) != 0)
			continue;
		text += n;
		len -= n;
		if (len >= 2 && text[0] == '"' && text[len - 1] == '"') {
			text++;
			len -= 2;
		}
		*to[i] = mibtoken_keep(r, text, len);
		return;
	}
}

static void
skip_blank(struct mibtoken *r)
{
	for (;;) {
		size_t len;

		while (isspace((unsigned char)*r->at))
			r->at++;
		if (strncmp(r->at, "--", 2) != 0)
			return;
		len = strcspn(r->at, "\n");
		if (r->node != NULL)
			annotation(r, r->at + 2, len - 2);
		r->at += len;
	}
}

static bool
word_char(char c)
{
	return isalnum((unsigned char)c) || c == '-';
}

static void
next_string(struct mibtoken *r)
{
	const char *end = strchr(r->at + 1, '"');

	if (end == NULL) {
		mibtoken_fail(r, "a text without end");
		return;
	}
	r->quoted = r->at + 1;
	r->quoted_len = (size_t)(end - r->quoted);
	r->at = end + 1;
	strcpy(r->token, "\"");
}

void
mibtoken_next(struct mibtoken *r)
{
	size_t len = 1;

	if (r->failed)
		return;
	skip_blank(r);
	if (*r->at == '\0') {
		r->token[0] = '\0';
		return;
	}
	if (*r->at == '"') {
		next_string(r);
		return;
	}
	if (strncmp(r->at, "::=", 3) == 0)
		len = 3;
	else
		while (word_char(r->at[0]) && word_char(r->at[len]))
			len++;
	if (len >= sizeof(r->token)) {
		mibtoken_fail(r, "too long a word");
		return;
	}
	memcpy(r->token, r->at, len);
	r->token[len] = '\0';
	r->at += len;
}

bool
mibtoken_is(const struct mibtoken *r, const char *word)
{
	return strcmp(r->token, word) == 0;
}

void
mibtoken_expect(struct mibtoken *r, const char *word)
{
	mibtoken_next(r);
	if (!mibtoken_is(r, word))
		mibtoken_fail(r, word);
}

char
mibtoken_peek(struct mibtoken *r)
{
	skip_blank(r);
	return *r->at;
}

bool
mibtoken_skip_to(struct mibtoken *r, const char *word)
{
	do
		mibtoken_next(r);
	while (r->token[0] != '\0' && !mibtoken_is(r, word));
	if (!mibtoken_is(r, word))
		mibtoken_fail(r, word);
	return !r->failed;
}

const char *
mibtoken_keep_word(struct mibtoken *r)
{
	return mibtoken_keep(r, r->token, strlen(r->token));
}

long
mibtoken_number(struct mibtoken *r)
{
	char *end;
	long value = strtol(r->token, &end, 10);

	if (r->token[0] == '\0' || *end != '\0')
		mibtoken_fail(r, "a number is wanted");
	return value;
}

const char *
mibtoken_text(struct mibtoken *r)
{
	char *out;
	size_t n = 0;

	mibtoken_expect(r, "\"");
	if (r->failed)
		return "";
	out = mem_calloc(r->quoted_len + 1, 1);
	for (size_t i = 0; i < r->quoted_len; i++) {
		char c = r->quoted[i];

		if (!isspace((unsigned char)c))
			out[n++] = c;
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	if (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	mem_grow(r->m->strings, r->m->nstrings, r->m->strings_cap);
	r->m->strings[r->m->nstrings++] = out;
	return out;
}
