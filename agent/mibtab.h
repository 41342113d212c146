#ifndef SVCPORT_MIBTAB_H
#define SVCPORT_MIBTAB_H

/*
 * A MIB table is data: a const descriptor with one line a column, and a list of
 * indexes in ascending order.  A group of scalars is a table of one row whose index is
 * 0.  mibwalk.h finds its way in them.
 *
 * Names are relative to the module's root: svcPortCheckVerdict.4.7.1 is 1.7.1.10.4.7.1.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "value.h"

struct mibview;

/* Row sets.  Tables that augment another one share its set. */
enum mibtab_rows {
	ROWS_ONE, /* scalars */
	ROWS_CATALOGUES,
	ROWS_SERVICES,
	ROWS_HOSTS,
	ROWS_CHECKS,
	ROWS_LISTENERS,
	ROWS_ALARMS,
	ROWS_EVENTS,
	ROWS_SETS
};

/* The indexes of a row set, ascending and without repetition: row r has `lens[r]`
 * sub-identifiers (`stride` where `lens` is NULL) at ids + r * stride. */
struct mibtab_index {
	uint32_t n;
	uint32_t stride;
	uint32_t *ids;
	uint8_t *lens;
};

/* No side effects, no allocation; `row` counts in the table's row set. */
typedef void mibtab_get_fn(const struct mibview *view, uint32_t row, struct value *out);

enum mibtab_access { MIBTAB_READ, MIBTAB_WRITE };

struct mibtab_column {
	uint16_t number;
	enum value_type type;
	const char *name; /* the object's, in the MIB */
	mibtab_get_fn *get;
	enum mibtab_access access;
};

#define MIBTAB_RO(number, type, name, get)                         \
	{                                                          \
		(number), VALUE_##type, (name), (get), MIBTAB_READ \
	}
#define MIBTAB_RW(number, type, name, get)                          \
	{                                                           \
		(number), VALUE_##type, (name), (get), MIBTAB_WRITE \
	}

#define MIBTAB_PREFIX_MAX 4

struct mibtab {
	const char *name; /* of the entry or group, in the MIB */
	uint8_t prefix[MIBTAB_PREFIX_MAX];
	uint8_t prefix_len;
	enum mibtab_rows rows;
	const struct mibtab_column *columns; /* ascending */
	uint16_t ncolumns;
};

#define MIBTAB_COLUMNS(list) \
	.columns = (list), .ncolumns = sizeof(list) / sizeof((list)[0])

#endif
