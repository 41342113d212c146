#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/eventlog.h"
#include "fixture.h"
#include "mibparse.h"
#include "export/mibtext.h"
#include "mibview.h"
#include "mibwalk.h"
#include "publish/store.h"
#include "tables.h"
#include "model/types.h"
#include "varbinds.h"

/* The MIB's text against the program: each is derived from the other nowhere else. */

static struct mibparse mib;

static int
parse(void **state)
{
	char *text = mibtext_render("");

	(void)state;
	if (text == NULL)
		return -1;
	mib = mibparse(text);
	free(text);
	return 0;
}

static int
discard(void **state)
{
	(void)state;
	free(mib.nodes);
	return 0;
}

/* The type on the wire of a syntax. */
static enum value_type
type_of(const char *syntax)
{
	static const struct {
		const char *syntax;
		enum value_type type;
	} types[] = { { "INTEGER", VALUE_INTEGER }, { "Integer32", VALUE_INTEGER },
		{ "TruthValue", VALUE_INTEGER }, { "InetAddressType", VALUE_INTEGER },
		{ "Gauge32", VALUE_GAUGE }, { "Unsigned32", VALUE_GAUGE },
		{ "InetPortNumber", VALUE_GAUGE }, { "Counter32", VALUE_COUNTER },
		{ "TimeStamp", VALUE_TICKS }, { "SnmpAdminString", VALUE_STRING },
		{ "DateAndTime", VALUE_STRING }, { "InetAddress", VALUE_STRING },
		{ "RowPointer", VALUE_OID }, { "OBJECT", VALUE_OID } };
	const struct mibparse_node *tc;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].syntax, syntax) == 0)
			return types[i].type;
	tc = mibparse_find(&mib, syntax);
	if (tc == NULL || tc->kind != MIB_CONVENTION)
		fail_msg("unknown syntax %s", syntax);
	return type_of(tc->syntax);
}

static const struct mibtab_column *
column_at(const uint32_t *oid, size_t len)
{
	for (size_t i = 0; i < tables_count; i++) {
		const struct mibtab *t = tables_all[i];
		bool same = len == (size_t)t->prefix_len + 1;

		for (size_t k = 0; same && k < t->prefix_len; k++)
			same = oid[k] == t->prefix[k];
		for (uint16_t c = 0; same && c < t->ncolumns; c++)
			if (t->columns[c].number == oid[len - 1])
				return &t->columns[c];
	}
	return NULL;
}

static void
every_readable_object_has_its_column(void **state)
{
	size_t n = 0, columns = 0;

	(void)state;
	for (size_t i = 0; i < mib.n; i++) {
		const struct mibparse_node *node = &mib.nodes[i];
		bool writable = strcmp(node->access, "read-write") == 0;
		const struct mibtab_column *c;
		uint32_t oid[16];

		if (node->kind != MIB_OBJECT ||
		    (!writable && strcmp(node->access, "read-only") != 0))
			continue;
		c = column_at(oid, mibparse_oid(&mib, node, oid));
		if (c == NULL)
			fail_msg("%s: not published", node->name);
		assert_string_equal(c->name, node->name);
		if (c->type != type_of(node->syntax))
			fail_msg("%s: type %d", node->name, c->type);
		assert_int_equal(c->access == MIBTAB_WRITE, writable);
		n++;
	}
	for (size_t i = 0; i < tables_count; i++) {
		columns += tables_all[i]->ncolumns;
		for (uint16_t c = 0; c < tables_all[i]->ncolumns; c++)
			if (mibparse_find(&mib, tables_all[i]->columns[c].name) == NULL)
				fail_msg("%s: not in the MIB",
				    tables_all[i]->columns[c].name);
	}
	assert_int_equal(n, columns);
}

static void
tables_have_the_names_of_their_nodes(void **state)
{
	(void)state;
	for (size_t i = 0; i < tables_count; i++) {
		const struct mibtab *t = tables_all[i];
		const struct mibparse_node *node = mibparse_find(&mib, t->name);
		uint32_t oid[16];

		if (node == NULL)
			fail_msg("%s: not in the MIB", t->name);
		assert_int_equal(mibparse_oid(&mib, node, oid), t->prefix_len);
		for (size_t k = 0; k < t->prefix_len; k++)
			assert_int_equal(oid[k], t->prefix[k]);
	}
}

static void
check_varbind(const struct varbind *vb, const char *object)
{
	const struct mibparse_node *node = mibparse_find(&mib, object);
	uint32_t oid[16];
	size_t len;

	assert_string_equal(vb->name, object);
	assert_non_null(node);
	len = mibparse_oid(&mib, node, oid);
	assert_int_equal(len, vb->object_len);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(oid[i], vb->object[i]);
	if (vb->type != type_of(node->syntax))
		fail_msg("%s: type %d", object, vb->type);
	assert_int_equal(vb->indexed, len == 4);
}

static void
notifications_carry_their_objects_in_order(void **state)
{
	static const struct fixture_size one = { 1, 1, 1, 0 };
	struct plan *p = fixture_plan(&one);
	size_t n = 0;

	(void)state;
	for (unsigned number = 1; number < 100; number++) {
		const struct mibparse_node *node = mibparse_find(
		    &mib, event_name((enum event_number)number));
		struct event e;
		const struct varbind *vb;
		size_t count;

		if (node == NULL)
			continue;
		n++;
		assert_int_equal(node->kind, MIB_NOTIFICATION);
		assert_string_equal(node->parent, "svcPortNotifications");
		assert_int_equal(node->number, number);
		vb = varbinds_of(event_kind((enum event_number)number), &count);
		assert_int_equal(count, node->nobjects);
		e = fixture_event(p, (enum event_number)number, 1);
		for (size_t i = 0; i < count; i++) {
			uint32_t name[VARBINDS_NAME_MAX];
			struct value v;

			check_varbind(&vb[i], node->objects[i]);
			vb[i].get(&e, &v);
			assert_int_equal(v.type, vb[i].type);
			assert_int_equal(varbinds_name(&vb[i], &e, name),
			    vb[i].object_len + (vb[i].indexed ? e.index_len : 1u));
		}
	}
	for (size_t i = 0; i < mib.n; i++)
		n -= mib.nodes[i].kind == MIB_NOTIFICATION;
	assert_int_equal(n, 0);
	plan_unref(p);
}

static bool
has_label(const struct mibparse_node *list, long number)
{
	for (size_t i = 0; i < list->nlabels; i++)
		if (list->labels[i].number == number)
			return true;
	return false;
}

/* No enumeration ever has a value that the MIB does not name. */
static void
enumerations_have_labels_for_their_values(void **state)
{
	static const struct fixture_size some = { 3, 30, 6, 5 };
	static const uint32_t root[] = { 1, 3 };
	struct eventlog *events = eventlog_new(5);
	struct mibwalk_place place;
	struct mibview view;
	struct store store;
	uint32_t name[MIBWALK_NAME_MAX];
	size_t len = 0, seen = 0;

	(void)state;
	fixture_store(&store, &some, 30, 30, 1);
	mibview_init(&view, &store, events, root, 2);
	mibview_refresh(&view);
	while (mibwalk_next(&view, name, len, false, &place)) {
		const struct mibparse_node *node = mibparse_find(
		    &mib, place.column->name);
		const struct mibparse_node *list = mibparse_enumeration(&mib, node);
		struct value v;

		len = mibwalk_name(&view, &place, name);
		if (list == NULL)
			continue;
		place.column->get(&view, place.row, &v);
		if (!has_label(list, (int32_t)v.number))
			fail_msg("%s = %d", node->name, (int32_t)v.number);
		seen++;
	}
	assert_true(seen > 1000);
	mibview_clear(&view);
	eventlog_free(events);
	store_clear(&store);
}

#define WORDS(function, type)                      \
	static const char *word_##type(unsigned v) \
	{                                          \
		return function((enum type)v);     \
	}
WORDS(types_proto, proto)
WORDS(types_expected, expected)
WORDS(types_listen, listen_state)
WORDS(types_connect, connect_state)
WORDS(types_verdict, verdict)
WORDS(types_severity, severity)
WORDS(types_stage, alarm_stage)
WORDS(types_alarm, alarm_type)
WORDS(types_host_state, host_state)
WORDS(types_policy, range_policy)
WORDS(types_direction, direction)
WORDS(types_method, probe_method)

static void
labels_are_the_programs_words(void **state)
{
	static const struct {
		const char *node;
		const char *(*word)(unsigned v);
		unsigned first;
	} lists[] = { { "SvcPortProtocol", word_proto, 0 },
		{ "SvcPortExpectedState", word_expected, 0 },
		{ "SvcPortListenState", word_listen_state, 0 },
		{ "SvcPortConnectState", word_connect_state, 0 },
		{ "SvcPortVerdict", word_verdict, 0 },
		{ "SvcPortSeverity", word_severity, 0 },
		{ "SvcPortAlarmStage", word_alarm_stage, 0 },
		{ "svcPortAlarmType", word_alarm_type, 1 },
		{ "svcPortHostState", word_host_state, 0 },
		{ "svcPortServiceRangePolicy", word_range_policy, 0 },
		{ "svcPortServiceDirection", word_direction, 0 },
		{ "svcPortProbeMethod", word_probe_method, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct mibparse_node *node = mibparse_find(&mib, lists[i].node);
		size_t words = 0;

		assert_non_null(node);
		for (size_t k = 0; k < node->nlabels; k++)
			assert_string_equal(
			    lists[i].word((unsigned)node->labels[k].number),
			    node->labels[k].name);
		for (unsigned v = lists[i].first; v < 300; v++)
			words += strcmp(lists[i].word(v), "?") != 0;
		assert_int_equal(words, node->nlabels);
	}
}

static void
has_line(const char *root, const char *line)
{
	char *text = mibtext_render(root);

	assert_non_null(text);
	if (strstr(text, line) == NULL)
		fail_msg("root %s: no \"%s\"", root, line);
	assert_null(strstr(text, "@MIB"));
	free(text);
}

static void
root_can_be_chosen(void **state)
{
	static const char *const bad[] = { "1", "1.3.6.1", "1.3.6", "2.999.1", "x",
		"1.3.6.1.4.1.", "1.3.6.1.4.1.4294967296", "1.3.6.1.4.01.5" };

	(void)state;
	has_line("", "::= { enterprises netSnmp(8072) netSnmpExperimental(9999) "
		     "netSnmpPlaypen(9999) 2741 }");
	has_line("1.3.6.1.4.1.12345.7", "::= { enterprises svcPortRoot7(12345) 7 }");
	has_line(".1.3.6.1.4.1.12345", "::= { enterprises 12345 }");
	has_line("1.3.6.1.4.1.12345", "Unsigned32, enterprises\n");
	has_line("1.3.6.1.3.99", "::= { iso org(3) dod(6) internet(1) "
				 "experimental(3) 99 }");
	has_line("1.3.6.1.3.99", "Unsigned32\n");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_null(mibtext_render(bad[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_readable_object_has_its_column),
		cmocka_unit_test(tables_have_the_names_of_their_nodes),
		cmocka_unit_test(notifications_carry_their_objects_in_order),
		cmocka_unit_test(enumerations_have_labels_for_their_values),
		cmocka_unit_test(labels_are_the_programs_words),
		cmocka_unit_test(root_can_be_chosen),
	};

	return cmocka_run_group_tests(tests, parse, discard);
}
