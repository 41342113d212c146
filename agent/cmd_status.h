#ifndef SVCPORT_CMD_STATUS_H
#define SVCPORT_CMD_STATUS_H

/* The verbs that ask running agents; as the others in cmd.h. */

int cmd_status(int argc, char **argv);
int cmd_watch(int argc, char **argv);

#endif
