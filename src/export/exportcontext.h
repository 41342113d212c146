#ifndef SVCPORT_EXPORTCONTEXT_H
#define SVCPORT_EXPORTCONTEXT_H

/* What an importer file is made of. */

#include <stdbool.h>

struct mibindex;
struct plan;

struct export_context {
	const struct mibindex *mib;
	const struct plan *plan; /* NULL unless the kind needs one */
	const char *table;       /* nftables: the table to fill */
	bool auths;              /* snmp-exporter: the format since release 0.23 */
	const char *community;   /* for files that have one in them */
};

#endif
