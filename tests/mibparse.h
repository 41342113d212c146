#ifndef SVCPORT_TESTS_MIBPARSE_H
#define SVCPORT_TESTS_MIBPARSE_H

/*
 * Reads as much of a MIB module as it takes to compare it with a program: the names and
 * numbers of its nodes, the syntax and access of its objects, the labels of its
 * enumerations, and what notifications carry.  Any surprise ends the test.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MIBPARSE_NAME 64

struct mibparse_label {
	char name[MIBPARSE_NAME];
	long number;
};

struct mibparse_node {
	enum { MIB_NODE, MIB_OBJECT, MIB_NOTIFICATION, MIB_CONVENTION } kind;
	char name[MIBPARSE_NAME];
	char parent[MIBPARSE_NAME]; /* "" for the module's root */
	uint32_t number;
	char syntax[MIBPARSE_NAME]; /* "INTEGER", "Gauge32", a convention's name, ... */
	char access[MIBPARSE_NAME];
	struct mibparse_label labels[20];
	size_t nlabels;
	char objects[20][MIBPARSE_NAME];
	size_t nobjects;
};

struct mibparse {
	struct mibparse_node *nodes;
	size_t n, cap;
};

/* The caller frees `nodes`. */
struct mibparse mibparse(const char *text);

const struct mibparse_node *mibparse_find(const struct mibparse *m, const char *name);
/* The node's OID below the root; returns its length. */
size_t mibparse_oid(
    const struct mibparse *m, const struct mibparse_node *node, uint32_t out[16]);
/* The labels of the node's syntax, its own or its convention's. */
const struct mibparse_node *mibparse_enumeration(
    const struct mibparse *m, const struct mibparse_node *node);

#endif
