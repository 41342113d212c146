#ifndef SVCPORT_MIBINDEX_H
#define SVCPORT_MIBINDEX_H

/*
 * A MIB module as data, so that whatever is generated for a manager takes names,
 * numbers and words from the one text that the agent serves.  Reads as much of SMIv2
 * (RFC 2578 to 2580) as such a module uses; it is no checker.
 */

#include <stdbool.h>
#include <stddef.h>

#include "export/mibnode.h"

struct mibindex;

/*
 * Reads a module.  NULL, with a message in err[size], when something in it is not
 * understood.  Strings belong to the index, are never NULL and live as long as it.
 */
struct mibindex *mibindex_new(const char *text, char *err, size_t size);
void mibindex_free(struct mibindex *m);

/* In the order of the module. */
size_t mibindex_count(const struct mibindex *m);
const struct mib_node *mibindex_at(const struct mibindex *m, size_t i);
/* NULL when there is none. */
const struct mib_node *mibindex_find(const struct mibindex *m, const char *name);
/* The module's own node. */
const struct mib_node *mibindex_module(const struct mibindex *m);
/* NULL for the module's own node and for conventions. */
const struct mib_node *mibindex_parent(
    const struct mibindex *m, const struct mib_node *n);

/* What of an object: a table's entry, a column of it (also a not-accessible one), or
 * neither and thus, unless it is a table, a scalar. */
bool mibindex_is_table(const struct mib_node *n);
bool mibindex_is_entry(const struct mibindex *m, const struct mib_node *n);
bool mibindex_is_column(const struct mibindex *m, const struct mib_node *n);
/* The entry whose INDEX counts for a column: its own, or the one that is augmented. */
const struct mib_node *mibindex_row(const struct mibindex *m, const struct mib_node *n);

/* The node that holds the labels of `n`: itself or its convention; NULL when it is no
 * enumeration. */
const struct mib_node *mibindex_enumeration(
    const struct mibindex *m, const struct mib_node *n);
/* The number of a label of an object or convention.  False, and *out untouched, when
 * there is none. */
bool mibindex_label(
    const struct mibindex *m, const char *of, const char *label, long *out);

/* The type below the module's own conventions: "INTEGER", "Gauge32",
 * "SnmpAdminString", "DateAndTime", ... */
const char *mibindex_base(const struct mibindex *m, const struct mib_node *n);

/* The first sentence of the description without its full stop, into buf; returns buf.
 */
const char *mibindex_brief(const struct mib_node *n, char *buf, size_t size);

#endif
