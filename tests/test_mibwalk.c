#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "journal/eventlog.h"
#include "fixture.h"
#include "listen/listeners.h"
#include "base/mem.h"
#include "mibview.h"
#include "mibwalk.h"
#include "publish/store.h"
#include "tables.h"

/* The whole module over a store made by hand, without snmpd. */

static const uint32_t root[] = { 1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 2741 };

struct tree {
	struct store store;
	struct eventlog *events;
	struct mibview view;
};

static void
add_events(struct tree *t, uint32_t n)
{
	static const enum event_number numbers[] = { EVENT_REQUIRED_CLOSED,
		EVENT_HOST_DOWN, EVENT_UNDOCUMENTED_OPEN, EVENT_HEARTBEAT };

	for (uint32_t i = 0; i < n; i++) {
		struct event e = fixture_event(t->store.plan, numbers[i % 4], 10 + i);

		e.sent = i % 2 == 0;
		eventlog_add(t->events, &e);
	}
}

static void
make_tree(struct tree *t, const struct fixture_size *size)
{
	fixture_store(&t->store, size, 20, 40, 5000000000);
	t->events = eventlog_new(10);
	add_events(t, 13);
	mibview_init(&t->view, &t->store, t->events, root, 10);
	t->view.now = (struct mono){ 9000000000 };
	t->view.start = (struct mono){ 4000000000 };
	t->view.epoch = (struct mono){ 1000000000 };
	t->view.wall = 1790000000000;
	mibview_refresh(&t->view);
}

static void
drop_tree(struct tree *t)
{
	mibview_clear(&t->view);
	eventlog_free(t->events);
	store_clear(&t->store);
}

static const struct fixture_size some = { 3, 9, 4, 5 };

static void
prefixes_and_columns_ascend(void **state)
{
	(void)state;
	for (size_t i = 0; i < tables_count; i++) {
		const struct mibtab *t = tables_all[i];

		if (i > 0) {
			const struct mibtab *u = tables_all[i - 1];
			uint32_t a[4], b[4];

			for (int k = 0; k < 4; k++) {
				a[k] = u->prefix[k];
				b[k] = t->prefix[k];
			}
			assert_true(
			    mibwalk_compare(a, u->prefix_len, b, t->prefix_len) < 0);
		}
		for (uint16_t c = 1; c < t->ncolumns; c++)
			assert_true(t->columns[c - 1].number < t->columns[c].number);
	}
}

static void
indexes_ascend(void **state)
{
	struct tree t;

	(void)state;
	make_tree(&t, &some);
	for (int rows = 0; rows < ROWS_SETS; rows++) {
		const struct mibtab_index *x = mibview_index(
		    &t.view, (enum mibtab_rows)rows);

		assert_true(x->n > 0);
		for (uint32_t r = 1; r < x->n; r++) {
			size_t la = x->lens != NULL ? x->lens[r - 1] : x->stride;
			size_t lb = x->lens != NULL ? x->lens[r] : x->stride;
			const uint32_t *a = x->ids + (size_t)(r - 1) * x->stride;

			assert_true(mibwalk_compare(a, la, a + x->stride, lb) < 0);
		}
	}
	drop_tree(&t);
}

/* How many instances there must be: columns times rows. */
static size_t
instances(const struct tree *t)
{
	size_t n = 0;

	for (size_t i = 0; i < tables_count; i++)
		n += (size_t)tables_all[i]->ncolumns *
		     mibview_index(&t->view, tables_all[i]->rows)->n;
	return n;
}

static void
assert_same(const struct mibwalk_place *a, const struct mibwalk_place *b)
{
	assert_ptr_equal(a->table, b->table);
	assert_ptr_equal(a->column, b->column);
	assert_int_equal(a->row, b->row);
}

static void
getnext_chain_visits_every_instance_once(void **state)
{
	uint32_t name[MIBWALK_NAME_MAX], before[MIBWALK_NAME_MAX];
	size_t len = 0, before_len = 0, n = 0;
	struct mibwalk_place place, found;
	struct tree t;

	(void)state;
	make_tree(&t, &some);
	while (mibwalk_next(&t.view, name, len, false, &place)) {
		struct value value;

		memset(&value, 0xee, sizeof(value));
		len = mibwalk_name(&t.view, &place, name);
		assert_true(mibwalk_compare(before, before_len, name, len) < 0);
		assert_int_equal(
		    mibwalk_find(&t.view, name, len, &found), MIBWALK_FOUND);
		assert_same(&found, &place);
		place.column->get(&t.view, place.row, &value);
		if (value.type != place.column->type)
			fail_msg("%s gives type %d", place.column->name, value.type);
		if (value.type == VALUE_STRING)
			assert_true(value.len <= VALUE_TEXT_MAX);
		assert_true(mibwalk_next(&t.view, name, len, true, &found));
		assert_same(&found, &place);
		memcpy(before, name, sizeof(name));
		before_len = len;
		n++;
	}
	assert_int_equal(n, instances(&t));
	drop_tree(&t);
}

/* Whatever the name, the successor is the least instance that is greater: against a
 * plain list of all names, for random mutations of them. */
struct list {
	uint32_t (*names)[MIBWALK_NAME_MAX];
	size_t *lens, n;
};

static struct list
all_names(const struct tree *t)
{
	struct list l = { .n = instances(t) };
	struct mibwalk_place place;
	size_t i = 0;

	l.names = mem_calloc(l.n, sizeof(*l.names));
	l.lens = mem_array(size_t, l.n);
	while (mibwalk_next(&t->view, i > 0 ? l.names[i - 1] : NULL,
	    i > 0 ? l.lens[i - 1] : 0, false, &place)) {
		l.lens[i] = mibwalk_name(&t->view, &place, l.names[i]);
		i++;
	}
	assert_int_equal(i, l.n);
	return l;
}

static size_t
mutate(const struct list *l, unsigned *seed, uint32_t out[MIBWALK_NAME_MAX + 4])
{
	size_t i = (size_t)rand_r(seed) % l->n;
	size_t len = l->lens[i];

	memcpy(out, l->names[i], len * sizeof(*out));
	switch (rand_r(seed) % 4) {
	case 0:
		return (size_t)rand_r(seed) % (len + 1);
	case 1:
		out[(size_t)rand_r(seed) % len] += (uint32_t)rand_r(seed) % 3 - 1;
		return len;
	case 2:
		out[len] = (uint32_t)rand_r(seed) % 2;
		return len + 1;
	default:
		out[(size_t)rand_r(seed) % len] = (uint32_t)rand_r(seed) % 300;
		return len;
	}
}

static size_t
plain_search(const struct list *l, const uint32_t *name, size_t len, bool include)
{
	for (size_t i = 0; i < l->n; i++) {
		int cmp = mibwalk_compare(l->names[i], l->lens[i], name, len);

		if (cmp > 0 || (cmp == 0 && include))
			return i;
	}
	return l->n;
}

static void
any_name_agrees_with_a_plain_search(void **state)
{
	unsigned seed = 1;
	struct list l;
	struct tree t;

	(void)state;
	make_tree(&t, &some);
	l = all_names(&t);
	for (int round = 0; round < 20000; round++) {
		uint32_t name[MIBWALK_NAME_MAX + 4], next[MIBWALK_NAME_MAX];
		size_t len = mutate(&l, &seed, name), next_len;
		struct mibwalk_place place;
		bool include = round % 2 == 0;
		size_t want = plain_search(&l, name, len, include);
		size_t same = plain_search(&l, name, len, true);
		bool exists = same < l.n && mibwalk_compare(l.names[same], l.lens[same],
						name, len) == 0;

		assert_int_equal(
		    mibwalk_find(&t.view, name, len, &place) == MIBWALK_FOUND, exists);
		if (!mibwalk_next(&t.view, name, len, include, &place)) {
			assert_int_equal(want, l.n);
			continue;
		}
		next_len = mibwalk_name(&t.view, &place, next);
		assert_true(want < l.n);
		assert_int_equal(
		    mibwalk_compare(l.names[want], l.lens[want], next, next_len), 0);
	}
	free(l.names);
	free(l.lens);
	drop_tree(&t);
}

static void
tells_missing_objects_from_missing_instances(void **state)
{
	static const struct {
		uint32_t name[8];
		size_t len;
		enum mibwalk_result want;
	} cases[] = {
		{ { 1, 1, 1, 0 }, 4, MIBWALK_FOUND },
		{ { 1, 1, 1 }, 3, MIBWALK_NO_INSTANCE },
		{ { 1, 1, 1, 1 }, 4, MIBWALK_NO_INSTANCE },
		{ { 1, 1, 1, 0, 0 }, 5, MIBWALK_NO_INSTANCE },
		{ { 1, 1, 10, 0 }, 4, MIBWALK_NO_OBJECT },
		{ { 1, 1 }, 2, MIBWALK_NO_OBJECT },
		{ { 1 }, 1, MIBWALK_NO_OBJECT },
		{ { 0 }, 0, MIBWALK_NO_OBJECT },
		{ { 1, 7, 1, 10, 1, 1, 1 }, 7, MIBWALK_FOUND },
		{ { 1, 7, 1, 10, 1, 1, 2 }, 7, MIBWALK_NO_INSTANCE },
		{ { 1, 7, 1, 10, 1, 1 }, 6, MIBWALK_NO_INSTANCE },
		{ { 1, 7, 1, 16, 1, 1, 1 }, 7, MIBWALK_NO_OBJECT },
		{ { 1, 7, 2, 10, 1, 1, 1 }, 7, MIBWALK_NO_OBJECT },
		{ { 1, 4, 1, 1, 1 }, 5, MIBWALK_NO_OBJECT }, /* not accessible */
		{ { 2, 1, 1 }, 3, MIBWALK_NO_OBJECT },
	};
	struct mibwalk_place place;
	struct tree t;

	(void)state;
	make_tree(&t, &some);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    mibwalk_find(&t.view, cases[i].name, cases[i].len, &place),
		    cases[i].want);
	drop_tree(&t);
}

static void
an_empty_store_has_scalars_only(void **state)
{
	static const struct fixture_size none = { 1, 1, 1, 1 };
	struct mibwalk_place place;
	uint32_t name[MIBWALK_NAME_MAX];
	size_t len = 0, n = 0;
	struct tree t;

	(void)state;
	fixture_store(&t.store, &none, 0, 0, 1);
	t.events = eventlog_new(1);
	mibview_init(&t.view, &t.store, t.events, root, 10);
	mibview_refresh(&t.view);
	assert_int_equal(t.store.plan->nchecks, 0);
	while (mibwalk_next(&t.view, name, len, false, &place)) {
		struct value value;

		len = mibwalk_name(&t.view, &place, name);
		place.column->get(&t.view, place.row, &value);
		assert_true(place.table->rows != ROWS_CHECKS);
		n++;
	}
	assert_int_equal(n, instances(&t));
	drop_tree(&t);
}

static void
follows_every_change_of_the_store(void **state)
{
	static const struct fixture_size more = { 4, 11, 6, 3 };
	struct listener_table *listeners = fixture_listeners(100);
	struct mono now = { 7000000000 };
	struct alarm_row alarm;
	struct plan *p = fixture_plan(&more);
	struct row *rows = mem_array(struct row, p->nchecks);
	struct host_row *hosts = mem_array(struct host_row, p->nhosts);
	struct tree t;

	(void)state;
	make_tree(&t, &some);
	for (uint32_t i = 0; i < p->nchecks; i++)
		rows[i] = fixture_row(p, i, 5);
	store_set_plan(&t.store, p, rows, hosts, now);
	listeners_unref(t.store.listeners);
	t.store.listeners = listeners;
	alarm = fixture_alarm(p, 4000000000u);
	store_set_alarm(&t.store, &alarm, now);
	store_drop_alarm(&t.store, 3, now);
	store_settle(&t.store);
	add_events(&t, 40);
	mibview_refresh(&t.view);
	assert_int_equal(mibview_index(&t.view, ROWS_CHECKS)->n, p->nchecks);
	assert_int_equal(mibview_index(&t.view, ROWS_SERVICES)->n, 44);
	assert_int_equal(mibview_index(&t.view, ROWS_LISTENERS)->n, listeners->n);
	assert_int_equal(mibview_index(&t.view, ROWS_ALARMS)->n, 20);
	assert_int_equal(mibview_index(&t.view, ROWS_ALARMS)->ids[0], 5);
	assert_int_equal(mibview_index(&t.view, ROWS_ALARMS)->ids[19], 4000000000u);
	assert_int_equal(mibview_index(&t.view, ROWS_EVENTS)->n, 10);
	assert_int_equal(mibview_index(&t.view, ROWS_EVENTS)->ids[9], 49);
	for (uint32_t i = 0; i < p->nchecks; i++)
		row_detail_unref(rows[i].detail);
	free(rows);
	free(hosts);
	plan_unref(p);
	drop_tree(&t);
}

static struct value
get(const struct tree *t, const uint32_t *name, size_t len)
{
	struct mibwalk_place place;
	struct value v;

	assert_int_equal(mibwalk_find(&t->view, name, len, &place), MIBWALK_FOUND);
	place.column->get(&t->view, place.row, &v);
	return v;
}
#define GET(t, ...)                                 \
	get((t), (const uint32_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static void
assert_text(const struct value *v, const char *text)
{
	assert_int_equal(v->type, VALUE_STRING);
	assert_int_equal(v->len, strlen(text));
	assert_memory_equal(v->bytes, text, v->len);
}

static void
values_are_the_rows_own(void **state)
{
	struct tree t;
	struct value v;
	struct row *row;

	(void)state;
	make_tree(&t, &some);
	v = GET(&t, 1, 7, 1, 1, 4, 3, 6);
	assert_text(&v, "product-1/service-1@host-1");
	v = GET(&t, 1, 7, 1, 6, 1, 3, 6);
	assert_text(&v, "1025,1027-1030");
	v = GET(&t, 1, 7, 1, 6, 1, 5, 1); /* ICMP */
	assert_text(&v, "echo");
	v = GET(&t, 1, 5, 1, 7, 1, 1);
	assert_text(&v, "base+4");
	v = GET(&t, 1, 5, 1, 5, 1, 1);
	assert_int_equal(v.number, 1964);
	v = GET(&t, 1, 6, 1, 5, 6);
	assert_text(&v, "2001:db8::1");
	v = GET(&t, 1, 6, 1, 4, 11); /* link-local: address and zone */
	assert_int_equal(v.len, 20);
	v = GET(&t, 1, 1, 3, 0); /* started 3 s after the master */
	assert_int_equal(v.number, 300);
	v = GET(&t, 1, 1, 7, 0);
	assert_int_equal(v.number, 400);
	v = GET(&t, 1, 1, 8, 0); /* never scanned: since the start */
	assert_int_equal(v.number, 5);
	v = GET(&t, 1, 3, 2, 0);
	assert_int_equal(v.number, 2592000); /* more would be out of its range */
	v = GET(&t, 1, 10, 1, 0);
	assert_int_equal(v.number, 22);
	v = GET(&t, 1, 9, 3, 1, 3, 7); /* 7 % 7 == 0: a check's */
	assert_text(&v, "product-0/service-2@host-0");
	v = GET(&t, 1, 9, 3, 1, 4, 7);
	assert_int_equal(v.len, 10 + 4 + 3);
	assert_int_equal(v.room.oid[11], 7);
	assert_int_equal(v.room.oid[16], 1);
	v = GET(&t, 1, 9, 3, 1, 3, 19); /* a listener's */
	assert_text(&v, "tcp/[2001:db8::1]:20");
	/* no text is kept of a row whose ports are all open: they are the document's */
	row = &t.store.rows[plan_find(t.store.plan, 1, 3, 6)];
	row_detail_unref(row->detail);
	row->detail = NULL;
	row->open_ports = 5;
	v = GET(&t, 1, 8, 1, 11, 1, 3, 6);
	assert_text(&v, "1025,1027-1030");
	row->open_ports = 4;
	v = GET(&t, 1, 8, 1, 11, 1, 3, 6);
	assert_text(&v, "");
	drop_tree(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefixes_and_columns_ascend),
		cmocka_unit_test(indexes_ascend),
		cmocka_unit_test(getnext_chain_visits_every_instance_once),
		cmocka_unit_test(any_name_agrees_with_a_plain_search),
		cmocka_unit_test(tells_missing_objects_from_missing_instances),
		cmocka_unit_test(an_empty_store_has_scalars_only),
		cmocka_unit_test(follows_every_change_of_the_store),
		cmocka_unit_test(values_are_the_rows_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
