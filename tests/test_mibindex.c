#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "export/mibindex.h"
#include "export/mibtext.h"

static struct mibindex *
own(const char *root)
{
	char *text = mibtext_render(root);
	char err[256] = "";
	struct mibindex *m = mibindex_new(text, err, sizeof(err));

	free(text);
	assert_string_equal(err, "");
	assert_non_null(m);
	return m;
}

static const struct mib_node *
find(const struct mibindex *m, const char *name)
{
	const struct mib_node *n = mibindex_find(m, name);

	if (n == NULL)
		fail_msg("no %s", name);
	return n;
}

static void
reads_the_module_below_any_root(void **state)
{
	static const char *const roots[] = { "1.3.6.1.4.1.8072.9999.9999.2741",
		"1.3.6.1.4.1.99999", "1.3.6.1.4.1.5.6.7", "1.3.6.1.2.1.9" };

	(void)state;
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		struct mibindex *m = own(roots[i]);
		const struct mib_node *n = find(m, "svcPortCheckVerdict");
		size_t len = strlen(roots[i]);

		assert_string_equal(mibindex_module(m)->name, "svcPortMIB");
		assert_string_equal(mibindex_module(m)->oid, roots[i]);
		assert_memory_equal(n->oid, roots[i], len);
		assert_string_equal(n->oid + len, ".1.7.1.10");
		mibindex_free(m);
	}
}

static void
knows_what_objects_are(void **state)
{
	struct mibindex *m = own("");
	const struct mib_node *table = find(m, "svcPortProbeTable");
	const struct mib_node *entry = find(m, "svcPortProbeEntry");
	const struct mib_node *column = find(m, "svcPortProbeRtt");
	const struct mib_node *scalar = find(m, "svcPortSummaryChecks");

	(void)state;
	assert_true(mibindex_is_table(table));
	assert_true(mibindex_is_entry(m, entry));
	assert_true(mibindex_is_column(m, column));
	assert_false(mibindex_is_column(m, scalar));
	assert_false(mibindex_is_column(m, entry));
	assert_false(mibindex_is_table(entry));
	assert_string_equal(column->units, "microseconds");
	assert_string_equal(column->access, "read-only");
	assert_string_equal(mibindex_base(m, column), "Gauge32");
	assert_string_equal(
	    mibindex_base(m, find(m, "svcPortHostMuteTime")), "Unsigned32");
	assert_ptr_equal(mibindex_row(m, column), find(m, "svcPortCheckEntry"));
	assert_int_equal(mibindex_row(m, column)->nnames, 3);
	assert_string_equal(mibindex_row(m, column)->names[2], "svcPortHostIndex");
	mibindex_free(m);
}

static void
finds_labels_behind_conventions(void **state)
{
	struct mibindex *m = own("");
	long value = 0;

	(void)state;
	assert_true(mibindex_label(m, "svcPortCheckVerdict", "closedRequired", &value));
	assert_int_equal(value, 7);
	assert_true(mibindex_label(m, "SvcPortSeverity", "critical", &value));
	assert_int_equal(value, 6);
	assert_true(mibindex_label(m, "svcPortHostState", "unreachable", &value));
	assert_int_equal(value, 2);
	assert_false(mibindex_label(m, "svcPortHostState", "nowhere", &value));
	assert_false(mibindex_label(m, "svcPortHostName", "unknown", &value));
	assert_false(mibindex_label(m, "nothing", "unknown", &value));
	assert_int_equal(value, 2);
	assert_null(mibindex_enumeration(m, find(m, "svcPortHostName")));
	mibindex_free(m);
}

static void
reads_notifications_with_their_comments(void **state)
{
	struct mibindex *m = own("");
	const struct mib_node *down = find(m, "svcPortHostDown");

	(void)state;
	assert_int_equal(down->kind, MIB_NOTIFICATION);
	assert_int_equal(down->number, 7);
	assert_int_equal(down->nnames, 11);
	assert_string_equal(down->names[3], "svcPortHostName");
	assert_string_equal(down->severity, "CRITICAL");
	assert_string_equal(down->type, "HostDown");
	assert_string_equal(down->summary, "%s");
	assert_string_equal(find(m, "svcPortHostUp")->severity, "NORMAL");
	for (size_t i = 0; i < mibindex_count(m); i++) {
		const struct mib_node *n = mibindex_at(m, i);

		if (n->kind != MIB_NOTIFICATION)
			continue;
		assert_string_not_equal(n->severity, "");
		for (size_t k = 0; k < n->nnames; k++)
			find(m, n->names[k]);
		assert_string_equal(n->names[n->nnames - 1], "svcPortNotifyMessage");
	}
	mibindex_free(m);
}

static void
takes_the_first_sentence(void **state)
{
	struct mibindex *m = own("");
	char buf[256];

	(void)state;
	assert_string_equal(
	    mibindex_brief(find(m, "svcPortCheckVerdict"), buf, sizeof(buf)),
	    "Expected against observed");
	assert_string_equal(
	    mibindex_brief(find(m, "svcPortSummaryChecks"), buf, sizeof(buf)),
	    "Rows in svcPortCheckTable");
	assert_string_equal(
	    mibindex_brief(find(m, "svcPortSummaryChecks"), buf, 5), "Rows");
	assert_string_equal(mibindex_brief(find(m, "svcPortSummary"), buf, 5), "");
	mibindex_free(m);
}

#define HEAD "X DEFINITIONS ::= BEGIN IMPORTS a FROM B;\n"
#define TOP  HEAD "x MODULE-IDENTITY DESCRIPTION \"d\" ::= { iso 3 6 }\n"

static void
says_what_it_does_not_understand(void **state)
{
	static const struct {
		const char *text, *err;
	} bad[] = {
		{ "", "line 1: ;" },
		{ HEAD, "line 2: END is wanted" },
		{ HEAD "END", "line 2: the module's own node" },
		{ HEAD "x OBJECT IDENTIFIER ::= { y 1 } END",
		    "line 2: a known parent is wanted, not \"y\"" },
		{ TOP "y OBJECT IDENTIFIER ::= { x z } END", "line 3: (" },
		{ TOP "y OBJECT-TYPE SYNTAX INTEGER { a(1) b(2) } ::= { x 1 } END",
		    "line 3: labels end with }, not \"b\"" },
		{ TOP "y OBJECT-TYPE SYNTAX INTEGER { a(z) } ::= { x 1 } END",
		    "line 3: a number is wanted, not \"z\"" },
		{ TOP "y OBJECT-TYPE DESCRIPTION \"open\n", "line 3: a text without" },
		{ TOP "y OBJECT-TYPE SYNTAX Gauge32 (1..2", "line 3: a range ends" },
		{ TOP "y OBJECT-TYPE SYNTAX", "line 3: ::= is wanted" },
		{ TOP "y OBJECT-TYPE INDEX { a, b } INDEX { c } ::= { x 1 } END",
		    "line 3: only one list of names" },
		{ TOP "y OBJECT-TYPE SYNTAX INTEGER { a(1) } SYNTAX INTEGER { b(1) }",
		    "line 3: only one list of labels" },
		{ TOP "Y ::= CHOICE { }", "line 3: a convention or a sequence" },
		{ TOP "Y ::= TEXTUAL-CONVENTION", "line 3: SYNTAX is wanted" },
	};
	char err[256];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_null(mibindex_new(bad[i].text, err, sizeof(err)));
		if (strncmp(err, bad[i].err, strlen(bad[i].err)) != 0)
			fail_msg("%s: %s", bad[i].text, err);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_module_below_any_root),
		cmocka_unit_test(knows_what_objects_are),
		cmocka_unit_test(finds_labels_behind_conventions),
		cmocka_unit_test(reads_notifications_with_their_comments),
		cmocka_unit_test(takes_the_first_sentence),
		cmocka_unit_test(says_what_it_does_not_understand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
