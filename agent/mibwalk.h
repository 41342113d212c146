#ifndef SVCPORT_MIBWALK_H
#define SVCPORT_MIBWALK_H

/* GET, GETNEXT, holes and the end: the one generic piece under every table. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/event.h"
#include "mibtab.h"

struct mibview;

#define MIBWALK_NAME_MAX (MIBTAB_PREFIX_MAX + 1 + EVENT_INDEX_MAX)

/*
 * Names are relative to the module's root: svcPortCheckVerdict.4.7.1 is 1.7.1.10.4.7.1.
 */

/* Where a name leads. */
struct mibwalk_place {
	const struct mibtab *table;
	const struct mibtab_column *column;
	uint32_t row;
};

enum mibwalk_result {
	MIBWALK_FOUND,
	MIBWALK_NO_OBJECT,   /* noSuchObject */
	MIBWALK_NO_INSTANCE, /* noSuchInstance */
};

/* What `name` names; *out is set for MIBWALK_FOUND only. */
enum mibwalk_result mibwalk_find(const struct mibview *view, const uint32_t *name,
    size_t len, struct mibwalk_place *out);

/* The first instance after `name` or, with `include`, at or after it.  False at the
 * end of the module. */
bool mibwalk_next(const struct mibview *view, const uint32_t *name, size_t len,
    bool include, struct mibwalk_place *out);

/* The place's name; returns its length. */
size_t mibwalk_name(const struct mibview *view, const struct mibwalk_place *place,
    uint32_t out[MIBWALK_NAME_MAX]);

/* As memcmp(3), in the order of RFC 2578, 7.2. */
int mibwalk_compare(const uint32_t *a, size_t alen, const uint32_t *b, size_t blen);

#endif
