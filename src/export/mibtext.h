#ifndef SVCPORT_MIBTEXT_H
#define SVCPORT_MIBTEXT_H

/* SVCPORT-MIB as text, with the root that this installation uses. */

/*
 * The module for `root` (dotted numbers, "" for the one compiled in); the caller frees
 * it.  NULL when the root is none or does not lie below 1.3.6.1 (internet), where SNMP
 * has its names.
 */
char *mibtext_render(const char *root);

/* The template; made from mibs/SVCPORT-MIB.txt.in. */
extern const char mibtext_template[];

#endif
