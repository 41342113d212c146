#include "export/mibread.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* ---- clauses */

/* "{ name(1), name(2) }" */
static void
labels(struct mibtoken *r, struct mib_node *n)
{
	size_t cap = 0;

	if (n->nlabels > 0) {
		mibtoken_fail(r, "only one list of labels is allowed");
		return;
	}
	mibtoken_expect(r, "{");
	do {
		mem_grow(n->labels, n->nlabels, cap);
		mibtoken_next(r);
		n->labels[n->nlabels].name = (char *)(uintptr_t)mibtoken_keep_word(r);
		mibtoken_expect(r, "(");
		mibtoken_next(r);
		n->labels[n->nlabels++].value = mibtoken_number(r);
		mibtoken_expect(r, ")");
		mibtoken_next(r);
	} while (mibtoken_is(r, ","));
	if (!mibtoken_is(r, "}"))
		mibtoken_fail(r, "labels end with }");
}

/* "{ one, two }", also "{ IMPLIED one }" */
static void
names(struct mibtoken *r, struct mib_node *n)
{
	size_t cap = 0;

	if (n->nnames > 0) {
		mibtoken_fail(r, "only one list of names is allowed");
		return;
	}
	mibtoken_expect(r, "{");
	do {
		mibtoken_next(r);
		if (mibtoken_is(r, "IMPLIED"))
			mibtoken_next(r);
		mem_grow(n->names, n->nnames, cap);
		n->names[n->nnames++] = mibtoken_keep_word(r);
		mibtoken_next(r);
	} while (mibtoken_is(r, ","));
	if (!mibtoken_is(r, "}"))
		mibtoken_fail(r, "a list ends with }");
}

/* Behind the word SYNTAX: "OCTET STRING", "SEQUENCE OF X", "INTEGER { ... }",
 * "Unsigned32 (1..65535)". */
static void
syntax(struct mibtoken *r, struct mib_node *n)
{
	mibtoken_next(r);
	n->syntax = mibtoken_keep_word(r);
	if (mibtoken_is(r, "OBJECT")) {
		mibtoken_expect(r, "IDENTIFIER");
		n->syntax = "OBJECT IDENTIFIER";
	} else if (mibtoken_is(r, "OCTET")) {
		mibtoken_expect(r, "STRING");
		n->syntax = "OCTET STRING";
	} else if (mibtoken_is(r, "SEQUENCE")) {
		mibtoken_expect(r, "OF");
		mibtoken_next(r);
	}
	if (mibtoken_peek(r) == '{')
		labels(r, n);
	else if (mibtoken_peek(r) == '(')
		for (int depth = 0; !r->failed;) {
			mibtoken_next(r);
			depth += mibtoken_is(r, "(") - mibtoken_is(r, ")");
			if (depth == 0)
				break;
			if (r->token[0] == '\0')
				mibtoken_fail(r, "a range ends with )");
		}
}

static void
clause(struct mibtoken *r, struct mib_node *n)
{
	if (mibtoken_is(r, "SYNTAX") && n->kind == MIB_OBJECT)
		syntax(r, n);
	else if (mibtoken_is(r, "MAX-ACCESS") && n->kind == MIB_OBJECT) {
		mibtoken_next(r);
		n->access = mibtoken_keep_word(r);
	} else if (mibtoken_is(r, "UNITS")) {
		n->units = mibtoken_text(r);
	} else if (mibtoken_is(r, "DESCRIPTION") && n->descr[0] == '\0') {
		n->descr = mibtoken_text(
		    r); /* the first: REVISION and compliance have more */
	} else if ((mibtoken_is(r, "INDEX") && n->kind == MIB_OBJECT) ||
		   (mibtoken_is(r, "OBJECTS") && n->kind == MIB_NOTIFICATION)) {
		names(r, n);
	} else if (mibtoken_is(r, "AUGMENTS")) {
		mibtoken_expect(r, "{");
		mibtoken_next(r);
		n->augments = mibtoken_keep_word(r);
		mibtoken_expect(r, "}");
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
place(struct mibtoken *r, struct mib_node *n)
{
	const struct mib_node *parent;
	char oid[512];
	const char *root;

	mibtoken_expect(r, "{");
	mibtoken_next(r);
	root = well_known(r->token);
	parent = find(r->m, r->token);
	if (root == NULL && (parent == NULL || parent->oid[0] == '\0')) {
		mibtoken_fail(r, "a known parent is wanted");
		return;
	}
	if (root == NULL) {
		n->parent = parent->name;
		root = parent->oid;
	}
	snprintf(oid, sizeof(oid), "%s", root);
	for (mibtoken_next(r); !mibtoken_is(r, "}") && !r->failed; mibtoken_next(r)) {
		size_t len = strlen(oid);

		if (isalpha((unsigned char)r->token[0])) { /* name(number) */
			mibtoken_expect(r, "(");
			mibtoken_next(r);
			n->number = (uint32_t)mibtoken_number(r);
			mibtoken_expect(r, ")");
		} else {
			n->number = (uint32_t)mibtoken_number(r);
		}
		snprintf(oid + len, sizeof(oid) - len, ".%u", n->number);
	}
	n->oid = mibtoken_keep(r, oid, strlen(oid));
}

/* "Name ::= TEXTUAL-CONVENTION ... SYNTAX X" or "Name ::= SEQUENCE { ... }". */
static void
convention(struct mibtoken *r, struct mib_node *n)
{
	n->kind = MIB_CONVENTION;
	mibtoken_next(r);
	if (mibtoken_is(r, "SEQUENCE")) {
		mibtoken_skip_to(r, "}");
		return;
	}
	if (!mibtoken_is(r, "TEXTUAL-CONVENTION"))
		mibtoken_fail(r, "a convention or a sequence is wanted");
	for (mibtoken_next(r); !mibtoken_is(r, "SYNTAX") && !r->failed;
	     mibtoken_next(r)) {
		if (mibtoken_is(r, "DESCRIPTION"))
			n->descr = mibtoken_text(r);
		else if (r->token[0] == '\0')
			mibtoken_fail(r, "SYNTAX is wanted");
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
definition(struct mibtoken *r)
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

	n.name = mibtoken_keep_word(r);
	mibtoken_next(r);
	if (mibtoken_is(r, "::=")) {
		convention(r, &n);
	} else {
		n.kind = kind_of(r->token);
		r->node = n.kind == MIB_NOTIFICATION ? &n : NULL;
		for (mibtoken_next(r); !mibtoken_is(r, "::=") && !r->failed;
		     mibtoken_next(r)) {
			if (r->token[0] == '\0')
				mibtoken_fail(r, "::= is wanted");
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
	struct mibtoken r = {
		.m = m, .start = module, .at = module, .err = err, .err_size = size
	};

	if (mibtoken_skip_to(&r, ";")) /* the end of the imports */
		mibtoken_next(&r);
	while (!mibtoken_is(&r, "END") && !r.failed) {
		if (r.token[0] == '\0')
			mibtoken_fail(&r, "END is wanted");
		else
			definition(&r);
		mibtoken_next(&r);
	}
	if (!r.failed && (m->n == 0 || m->nodes[0].oid[0] == '\0'))
		mibtoken_fail(&r, "the module's own node is wanted first");
	return !r.failed;
}
