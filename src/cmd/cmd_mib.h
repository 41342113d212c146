#ifndef SVCPORT_CMD_MIB_H
#define SVCPORT_CMD_MIB_H

/*
 * `svcport mib [--root OID] [--site FILE]`: SVCPORT-MIB on standard output, below OID
 * or the root that the site's agent has.  argv[0] is "svcport mib".  Returns the exit
 * status: 0, or 2 for a usage or configuration error.
 */
int cmd_mib(int argc, char **argv);

#endif
