#include "mibparse.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct reader {
	const char *at;
	char token[MIBPARSE_NAME]; /* "" at the end; texts are '"' */
};

static void
die(const struct reader *r, const char *what)
{
	fprintf(
	    stderr, "mibparse: %s at \"%s\" before: %.60s\n", what, r->token, r->at);
	abort();
}

static const char *
skip_blank(const char *p)
{
	for (;;) {
		while (isspace((unsigned char)*p))
			p++;
		if (strncmp(p, "--", 2) != 0)
			return p;
		p += strcspn(p, "\n");
	}
}

static bool
word_char(char c)
{
	return isalnum((unsigned char)c) || c == '-';
}

static const char *
next(struct reader *r)
{
	const char *p = skip_blank(r->at);
	size_t len = 1;

	if (*p == '\0') {
		r->token[0] = '\0';
		return r->token;
	}
	if (*p == '"') {
		r->at = p + 1 + strcspn(p + 1, "\"") + 1;
		strcpy(r->token, "\"");
		return r->token;
	}
	if (strncmp(p, "::=", 3) == 0)
		len = 3;
	else
		while (word_char(p[0]) && word_char(p[len]))
			len++;
	if (len >= sizeof(r->token))
		die(r, "token too long");
	memcpy(r->token, p, len);
	r->token[len] = '\0';
	r->at = p + len;
	return r->token;
}

static bool
is(const struct reader *r, const char *word)
{
	return strcmp(r->token, word) == 0;
}

static void
expect(struct reader *r, const char *word)
{
	if (strcmp(next(r), word) != 0)
		die(r, word);
}

static void
copy(char out[MIBPARSE_NAME], const char *text)
{
	snprintf(out, MIBPARSE_NAME, "%s", text);
}

/* "{ name(1), name(2) }", of which the brace was read. */
static void
labels(struct reader *r, struct mibparse_node *node)
{
	do {
		struct mibparse_label *l = &node->labels[node->nlabels++];

		copy(l->name, next(r));
		expect(r, "(");
		l->number = strtol(next(r), NULL, 10);
		expect(r, ")");
		next(r);
	} while (is(r, ","));
	if (!is(r, "}"))
		die(r, "end of labels");
}

/* Behind the word SYNTAX: "OCTET STRING", "SEQUENCE OF X", "INTEGER { ... }",
 * "Unsigned32 (1..65535)". */
static void
syntax(struct reader *r, struct mibparse_node *node)
{
	copy(node->syntax, next(r));
	if (is(r, "OBJECT"))
		expect(r, "IDENTIFIER");
	if (is(r, "SEQUENCE"))
		copy(node->syntax, "SEQUENCE");
	r->at = skip_blank(r->at);
	if (*r->at == '{' && strcmp(node->syntax, "INTEGER") == 0) {
		next(r);
		labels(r, node);
	}
	if (*r->at == '(')
		while (!is(r, ")"))
			next(r);
}

/* "{ parent number }" behind "::=". */
static void
place(struct reader *r, struct mibparse_node *node)
{
	char word[MIBPARSE_NAME];

	expect(r, "{");
	copy(word, next(r));
	if (strcmp(word, "enterprises") == 0 || strcmp(word, "iso") == 0) {
		while (!is(r, "}"))
			next(r);
		return;
	}
	copy(node->parent, word);
	node->number = (uint32_t)strtoul(next(r), NULL, 10);
	expect(r, "}");
}

static void
objects(struct reader *r, struct mibparse_node *node)
{
	expect(r, "{");
	do {
		copy(node->objects[node->nobjects++], next(r));
		next(r);
	} while (is(r, ","));
	if (!is(r, "}"))
		die(r, "end of objects");
}

/* The clauses of a macro up to its "::= { parent number }". */
static void
clauses(struct reader *r, struct mibparse_node *node)
{
	while (strcmp(next(r), "::=") != 0) {
		if (is(r, ""))
			die(r, "unfinished macro");
		if (is(r, "SYNTAX") && node->kind == MIB_OBJECT)
			syntax(r, node);
		else if (is(r, "MAX-ACCESS"))
			copy(node->access, next(r));
		else if (is(r, "OBJECTS") && node->kind == MIB_NOTIFICATION)
			objects(r, node);
	}
	place(r, node);
}

/* "Name ::= TEXTUAL-CONVENTION ... SYNTAX X" or "Name ::= SEQUENCE { ... }". */
static void
convention(struct reader *r, struct mibparse_node *node)
{
	node->kind = MIB_CONVENTION;
	next(r);
	if (is(r, "SEQUENCE")) {
		while (!is(r, "}"))
			next(r);
		return;
	}
	while (strcmp(next(r), "SYNTAX") != 0)
		if (is(r, ""))
			die(r, "convention without syntax");
	syntax(r, node);
}

static void
definition(struct reader *r, struct mibparse_node *node)
{
	copy(node->name, r->token);
	next(r);
	if (is(r, "::=")) {
		convention(r, node);
		return;
	}
	if (is(r, "OBJECT-TYPE"))
		node->kind = MIB_OBJECT;
	else if (is(r, "NOTIFICATION-TYPE"))
		node->kind = MIB_NOTIFICATION;
	else if (is(r, "OBJECT"))
		expect(r, "IDENTIFIER");
	clauses(r, node);
}

struct mibparse
mibparse(const char *text)
{
	struct reader r = { .at = text };
	struct mibparse m = { 0 };

	while (strcmp(next(&r), ";") != 0) /* the end of the imports */
		if (is(&r, ""))
			die(&r, "no imports");
	while (strcmp(next(&r), "END") != 0) {
		mem_grow(m.nodes, m.n, m.cap);
		memset(&m.nodes[m.n], 0, sizeof(*m.nodes));
		definition(&r, &m.nodes[m.n++]);
	}
	return m;
}

const struct mibparse_node *
mibparse_find(const struct mibparse *m, const char *name)
{
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->nodes[i].name, name) == 0)
			return &m->nodes[i];
	return NULL;
}

size_t
mibparse_oid(
    const struct mibparse *m, const struct mibparse_node *node, uint32_t out[16])
{
	size_t n = 0;

	if (node->parent[0] == '\0')
		return 0;
	n = mibparse_oid(m, mibparse_find(m, node->parent), out);
	out[n] = node->number;
	return n + 1;
}

const struct mibparse_node *
mibparse_enumeration(const struct mibparse *m, const struct mibparse_node *node)
{
	const struct mibparse_node *tc;

	if (node->nlabels > 0)
		return node;
	tc = mibparse_find(m, node->syntax);
	return tc != NULL && tc->nlabels > 0 ? tc : NULL;
}
