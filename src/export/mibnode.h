#ifndef SVCPORT_MIBNODE_H
#define SVCPORT_MIBNODE_H

/* One definition of a MIB module (RFC 2578 to 2580), as plain data.  Strings are never
 * NULL and belong to the module's index. */

#include <stddef.h>
#include <stdint.h>

enum mib_kind {
	MIB_PLACE,        /* OBJECT IDENTIFIER, MODULE-IDENTITY, groups, compliance */
	MIB_OBJECT,       /* OBJECT-TYPE: scalar, table, entry or column */
	MIB_NOTIFICATION, /* NOTIFICATION-TYPE */
	MIB_CONVENTION,   /* TEXTUAL-CONVENTION; has no OID */
};

struct mib_label {
	char *name;
	long value;
};

struct mib_node {
	enum mib_kind kind;
	const char *name;
	const char *oid;    /* dotted numbers without a leading dot */
	const char *parent; /* name, "" for the module's own node */
	uint32_t number;    /* below the parent */
	const char
	    *syntax; /* "Gauge32", "SvcPortVerdict", "INTEGER", "SEQUENCE", ... */
	const char *access;
	const char *units;
	const char *descr; /* runs of space are one space; "" for none */
	struct mib_label *labels;
	size_t nlabels;
	const char **names; /* an entry's INDEX, a notification's OBJECTS */
	size_t nnames;
	const char *augments; /* an entry's, "" for none */
	/* What a notification's "--#KEY value" comments say to snmptt, "" for none. */
	const char *type, *summary, *severity, *state;
};

#endif
