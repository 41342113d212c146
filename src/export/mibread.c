#include "export/mibread.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct reader {
	struct mibindex *m;
	const char *start, *at;
	char token[128];    /* "" at the end of the text; a string is "\"" */
	const char *quoted; /* the inside of the last string */
	size_t quoted_len;
	struct mib_node *node; /* that "--#" comments belong to, or NULL */
	char *err;
	size_t err_size;
	bool failed;
};

/* Only the first failure is told; the token becomes the end of the text, so that every
 * loop ends. */
static void
fail(struct reader *r, const char *what)
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

static const char *
keep(struct reader *r, const char *text, size_t len)
{
	struct mibindex *m = r->m;

	mem_grow(m->strings, m->nstrings, m->strings_cap);
	m->strings[m->nstrings] = mem_strndup(text, len);
	return m->strings[m->nstrings++];
}

/* ---- tokens */

/* "#SEVERITY MAJOR" behind the dashes: what net-snmp's and snmptt's readers know. */
static void
annotation(struct reader *r, const char *text, size_t len)
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
		*to[i] = keep(r, text, len);
		return;
	}
}

static void
skip_blank(struct reader *r)
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
next_string(struct reader *r)
{
	const char *end = strchr(r->at + 1, '"');

	if (end == NULL) {
		fail(r, "a text without end");
		return;
	}
	r->quoted = r->at + 1;
	r->quoted_len = (size_t)(end - r->quoted);
	r->at = end + 1;
	strcpy(r->token, "\"");
}

static void
next(struct reader *r)
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
		fail(r, "too long a word");
		return;
	}
	memcpy(r->token, r->at, len);
	r->token[len] = '\0';
	r->at += len;
}

static bool
is(const struct reader *r, const char *word)
{
	return strcmp(r->token, word) == 0;
}

static void
expect(struct reader *r, const char *word)
{
	next(r);
	if (!is(r, word))
		fail(r, word);
}

static char
peek(struct reader *r)
{
	skip_blank(r);
	return *r->at;
}

/* Up to and including the word; false at the end of the text. */
static bool
skip_to(struct reader *r, const char *word)
{
	do
		next(r);
	while (r->token[0] != '\0' && !is(r, word));
	if (!is(r, word))
		fail(r, word);
	return !r->failed;
}

static const char *
keep_token(struct reader *r)
{
	return keep(r, r->token, strlen(r->token));
}

static long
number(struct reader *r)
{
	char *end;
	long value = strtol(r->token, &end, 10);

	if (r->token[0] == '\0' || *end != '\0')
		fail(r, "a number is wanted");
	return value;
}

/* The next text with every run of space as one space. */
static const char *
text(struct reader *r)
{
	char *out;
	size_t n = 0;

	expect(r, "\"");
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

/* ---- clauses */

/* "{ name(1), name(2) }" */
static void
labels(struct reader *r, struct mib_node *n)
{
	size_t cap = 0;

	if (n->nlabels > 0) {
		fail(r, "only one list of labels is allowed");
		return;
	}
	expect(r, "{");
	do {
		mem_grow(n->labels, n->nlabels, cap);
		next(r);
		n->labels[n->nlabels].name = (char *)(uintptr_t)keep_token(r);
		expect(r, "(");
		next(r);
		n->labels[n->nlabels++].value = number(r);
		expect(r, ")");
		next(r);
	} while (is(r, ","));
	if (!is(r, "}"))
		fail(r, "labels end with }");
}

/* "{ one, two }", also "{ IMPLIED one }" */
static void
names(struct reader *r, struct mib_node *n)
{
	size_t cap = 0;

	if (n->nnames > 0) {
		fail(r, "only one list of names is allowed");
		return;
	}
	expect(r, "{");
	do {
		next(r);
		if (is(r, "IMPLIED"))
			next(r);
		mem_grow(n->names, n->nnames, cap);
		n->names[n->nnames++] = keep_token(r);
		next(r);
	} while (is(r, ","));
	if (!is(r, "}"))
		fail(r, "a list ends with }");
}

/* Behind the word SYNTAX: "OCTET STRING", "SEQUENCE OF X", "INTEGER { ... }",
 * "Unsigned32 (1..65535)". */
static void
syntax(struct reader *r, struct mib_node *n)
{
	next(r);
	n->syntax = keep_token(r);
	if (is(r, "OBJECT")) {
		expect(r, "IDENTIFIER");
		n->syntax = "OBJECT IDENTIFIER";
	} else if (is(r, "OCTET")) {
		expect(r, "STRING");
		n->syntax = "OCTET STRING";
	} else if (is(r, "SEQUENCE")) {
		expect(r, "OF");
		next(r);
	}
	if (peek(r) == '{')
		labels(r, n);
	else if (peek(r) == '(')
		for (int depth = 0; !r->failed;) {
			next(r);
			depth += is(r, "(") - is(r, ")");
			if (depth == 0)
				break;
			if (r->token[0] == '\0')
				fail(r, "a range ends with )");
		}
}

static void
clause(struct reader *r, struct mib_node *n)
{
	if (is(r, "SYNTAX") && n->kind == MIB_OBJECT)
		syntax(r, n);
	else if (is(r, "MAX-ACCESS") && n->kind == MIB_OBJECT) {
		next(r);
		n->access = keep_token(r);
	} else if (is(r, "UNITS")) {
		n->units = text(r);
	} else if (is(r, "DESCRIPTION") && n->descr[0] == '\0') {
		n->descr = text(r); /* the first: REVISION and compliance have more */
	} else if ((is(r, "INDEX") && n->kind == MIB_OBJECT) ||
		   (is(r, "OBJECTS") && n->kind == MIB_NOTIFICATION)) {
		names(r, n);
	} else if (is(r, "AUGMENTS")) {
		expect(r, "{");
		next(r);
		n->augments = keep_token(r);
		expect(r, "}");
	}
}

/* The OID of an element of "{ enterprises netSnmp(8072) 2741 }" that may stand first.
 */
static const char *
well_known(const char *word)
{
	return strcmp(word, "enterprises") == 0 ? "1.3.6.1.4.1"
	       : strcmp(word, "iso") == 0       ? "1"
	                                        : NULL;
}

static const struct mib_node *
find(const struct mibindex *m, const char *name)
{
	for (size_t i = 0; i < m->n; i++) {
		if (strcmp(m->nodes[i].name, name) == 0)
			return &m->nodes[i];
	}
	return NULL;
}

/* "{ parent 1 }", or for the module's own node any number of elements. */
static void
place(struct reader *r, struct mib_node *n)
{
	const struct mib_node *parent;
	char oid[512];
	const char *root;

	expect(r, "{");
	next(r);
	root = well_known(r->token);
	parent = find(r->m, r->token);
	if (root == NULL && (parent == NULL || parent->oid[0] == '\0')) {
		fail(r, "a known parent is wanted");
		return;
	}
	if (root == NULL) {
		n->parent = parent->name;
		root = parent->oid;
	}
	snprintf(oid, sizeof(oid), "%s", root);
	for (next(r); !is(r, "}") && !r->failed; next(r)) {
		size_t len = strlen(oid);

		if (isalpha((unsigned char)r->token[0])) { /* name(number) */
			expect(r, "(");
			next(r);
			n->number = (uint32_t)number(r);
			expect(r, ")");
		} else {
			n->number = (uint32_t)number(r);
		}
		snprintf(oid + len, sizeof(oid) - len, ".%u", n->number);
	}
	n->oid = keep(r, oid, strlen(oid));
}

/* "Name ::= TEXTUAL-CONVENTION ... SYNTAX X" or "Name ::= SEQUENCE { ... }". */
static void
convention(struct reader *r, struct mib_node *n)
{
	n->kind = MIB_CONVENTION;
	next(r);
	if (is(r, "SEQUENCE")) {
		skip_to(r, "}");
		return;
	}
	if (!is(r, "TEXTUAL-CONVENTION"))
		fail(r, "a convention or a sequence is wanted");
	for (next(r); !is(r, "SYNTAX") && !r->failed; next(r)) {
		if (is(r, "DESCRIPTION"))
			n->descr = text(r);
		else if (r->token[0] == '\0')
			fail(r, "SYNTAX is wanted");
	}
	syntax(r, n);
}

static enum mib_kind
kind_of(const char *macro)
{
	if (strcmp(macro, "OBJECT-TYPE") == 0)
		return MIB_OBJECT;
	if (strcmp(macro, "NOTIFICATION-TYPE") == 0)
		return MIB_NOTIFICATION;
	return MIB_PLACE;
}

/* One definition, of which the name was read. */
static void
definition(struct reader *r)
{
	struct mib_node n = { .oid = "",
		.parent = "",
		.syntax = "",
		.access = "",
		.units = "",
		.descr = "",
		.augments = "",
		.type = "",
		.summary = "",
		.severity = "",
		.state = "" };

	n.name = keep_token(r);
	next(r);
	if (is(r, "::=")) {
		convention(r, &n);
	} else {
		n.kind = kind_of(r->token);
		r->node = n.kind == MIB_NOTIFICATION ? &n : NULL;
		for (next(r); !is(r, "::=") && !r->failed; next(r)) {
			if (r->token[0] == '\0')
				fail(r, "::= is wanted");
			else
				clause(r, &n);
		}
		place(r, &n);
		r->node = NULL;
	}
	mem_grow(r->m->nodes, r->m->n, r->m->cap);
	r->m->nodes[r->m->n++] = n;
}

bool
mibread(struct mibindex *m, const char *module, char *err, size_t size)
{
	struct reader r = {
		.m = m, .start = module, .at = module, .err = err, .err_size = size
	};

	if (skip_to(&r, ";")) /* the end of the imports */
		next(&r);
	while (!is(&r, "END") && !r.failed) {
		if (r.token[0] == '\0')
			fail(&r, "END is wanted");
		else
			definition(&r);
		next(&r);
	}
	if (!r.failed && (m->n == 0 || m->nodes[0].oid[0] == '\0'))
		fail(&r, "the module's own node is wanted first");
	return !r.failed;
}
