#ifndef SVCPORT_TESTS_SOCKFIX_H
#define SVCPORT_TESTS_SOCKFIX_H

/* Sockets for tests, on loopback.  Every call asserts that it succeeds. */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SOCKFIX_V6ONLY 1u
#define SOCKFIX_DUAL   2u
#define SOCKFIX_REUSE  4u /* SO_REUSEPORT */

/* A listening TCP or bound UDP socket; port 0: one that no other test uses, below the
 * default ip_local_port_range. */
int sockfix_listen(const char *addr, uint16_t port, unsigned flags, int backlog);
int sockfix_udp(const char *addr, uint16_t port, unsigned flags);
/* A UDP socket on a port that the kernel chose from ip_local_port_range. */
int sockfix_udp_client(const char *addr);
/* A socket connected to the address; protocol SOCK_STREAM or SOCK_DGRAM. */
int sockfix_connect(const char *addr, uint16_t port, int type);

uint16_t sockfix_port(int fd);
ino_t sockfix_inode(int fd);
bool sockfix_have_ipv6(void);

#endif
