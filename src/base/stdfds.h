#ifndef SVCPORT_STDFDS_H
#define SVCPORT_STDFDS_H

/* Opens what is closed of standard input, output and error, so that no file or socket
 * gets their numbers, and with them what is printed; using them still fails. */
void stdfds_open(void);

#endif
