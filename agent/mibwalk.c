#include "mibwalk.h"

#include <string.h>

#include "mibview.h"
#include "tables.h"

int
mibwalk_compare(const uint32_t *a, size_t alen, const uint32_t *b, size_t blen)
{
	size_t n = alen < blen ? alen : blen;

	for (size_t i = 0; i < n; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return (alen > blen) - (alen < blen);
}

static const uint32_t *
row_index(const struct mibtab_index *x, uint32_t row, size_t *len)
{
	*len = x->lens != NULL ? x->lens[row] : x->stride;
	return x->ids + (size_t)row * x->stride;
}

static bool
row_is(const struct mibtab_index *x, uint32_t row, const uint32_t *key, size_t len)
{
	size_t ilen;
	const uint32_t *ids;

	if (row >= x->n)
		return false;
	ids = row_index(x, row, &ilen);
	return mibwalk_compare(ids, ilen, key, len) == 0;
}

/* The first row at `key` or after it. */
static uint32_t
lower_bound(const struct mibtab_index *x, const uint32_t *key, size_t len)
{
	uint32_t low = 0, high = x->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		size_t ilen;
		const uint32_t *ids = row_index(x, middle, &ilen);

		if (mibwalk_compare(ids, ilen, key, len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The same.  All columns of a request ask for one row, and a walk then for the next
 * one, so these are looked at first; the publishing thread's own. */
static uint32_t
row_at(
    const struct mibview *view, enum mibtab_rows rows, const uint32_t *key, size_t len)
{
	static uint32_t found[ROWS_SETS];
	const struct mibtab_index *x = mibview_index(view, rows);
	uint32_t row = found[rows];

	if (!row_is(x, row, key, len) && !row_is(x, ++row, key, len))
		row = lower_bound(x, key, len);
	return found[rows] = row;
}

/* Compares a name with a table's prefix: 0 when it is the prefix or below it. */
static int
against_prefix(const struct mibtab *t, const uint32_t *name, size_t len)
{
	for (size_t i = 0; i < t->prefix_len; i++) {
		if (i == len)
			return -1;
		if (name[i] != t->prefix[i])
			return name[i] < t->prefix[i] ? -1 : 1;
	}
	return 0;
}

/* The first column numbered `number` or higher; ncolumns when there is none. */
static uint16_t
column_at_least(const struct mibtab *t, uint32_t number)
{
	uint16_t i = 0;

	while (i < t->ncolumns && t->columns[i].number < number)
		i++;
	return i;
}

/* The table whose prefix `name` is below; NULL when there is none.  A table may lie
 * below a group of scalars: it comes after the group, and it is meant. */
static const struct mibtab *
table_of(const uint32_t *name, size_t len)
{
	for (size_t i = tables_count; i-- > 0;)
		if (against_prefix(tables_all[i], name, len) == 0)
			return tables_all[i];
	return NULL;
}

enum mibwalk_result
mibwalk_find(const struct mibview *view, const uint32_t *name, size_t len,
    struct mibwalk_place *out)
{
	const struct mibtab *t = table_of(name, len);
	const struct mibtab_index *x;
	size_t skip;
	uint16_t c;
	uint32_t row;

	if (t == NULL || len <= t->prefix_len)
		return MIBWALK_NO_OBJECT;
	c = column_at_least(t, name[t->prefix_len]);
	if (c == t->ncolumns || t->columns[c].number != name[t->prefix_len])
		return MIBWALK_NO_OBJECT;
	x = mibview_index(view, t->rows);
	skip = (size_t)t->prefix_len + 1;
	row = row_at(view, t->rows, name + skip, len - skip);
	if (!row_is(x, row, name + skip, len - skip))
		return MIBWALK_NO_INSTANCE;
	*out = (struct mibwalk_place){ t, &t->columns[c], row };
	return MIBWALK_FOUND;
}

/* mibwalk_next() within one table, for a name that is the prefix or below it. */
static bool
next_in_table(const struct mibview *view, const struct mibtab *t, const uint32_t *name,
    size_t len, bool include, struct mibwalk_place *out)
{
	const struct mibtab_index *x = mibview_index(view, t->rows);
	size_t skip = (size_t)t->prefix_len + 1;
	uint16_t c = 0;
	uint32_t row = 0;

	if (x->n == 0)
		return false;
	if (len >= skip) {
		c = column_at_least(t, name[skip - 1]);
		if (c < t->ncolumns && t->columns[c].number == name[skip - 1]) {
			row = row_at(view, t->rows, name + skip, len - skip);
			if (!include && row_is(x, row, name + skip, len - skip))
				row++;
		}
	}
	if (row >= x->n) {
		row = 0;
		c++;
	}
	if (c >= t->ncolumns)
		return false;
	*out = (struct mibwalk_place){ t, &t->columns[c], row };
	return true;
}

bool
mibwalk_next(const struct mibview *view, const uint32_t *name, size_t len, bool include,
    struct mibwalk_place *out)
{
	for (size_t i = 0; i < tables_count; i++) {
		const struct mibtab *t = tables_all[i];
		int cmp = against_prefix(t, name, len);

		if (cmp > 0)
			continue;
		if (next_in_table(view, t, name, cmp == 0 ? len : 0, include, out))
			return true;
	}
	return false;
}

size_t
mibwalk_name(const struct mibview *view, const struct mibwalk_place *place,
    uint32_t out[MIBWALK_NAME_MAX])
{
	const struct mibtab *t = place->table;
	size_t ilen, n = 0;
	const uint32_t *ids = row_index(
	    mibview_index(view, t->rows), place->row, &ilen);

	for (size_t i = 0; i < t->prefix_len; i++)
		out[n++] = t->prefix[i];
	out[n++] = place->column->number;
	memcpy(out + n, ids, ilen * sizeof(*ids));
	return n + ilen;
}
