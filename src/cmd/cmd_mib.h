#ifndef SVCPORT_CMD_MIB_H
#define SVCPORT_CMD_MIB_H

/*
 * `svcport mib [--root OID] [--site FILE]`: SVCPORT-MIB on standard output, below OID
 * or the root that the site's agent has.  argv[0] is the verb.  Returns the exit
 * status: 0; 2 for a usage error; 1 when it cannot be written.
 */
int cmd_mib(int argc, char **argv);

#endif
