#ifndef SVCPORT_ADDR_H
#define SVCPORT_ADDR_H

/* An IPv4 or IPv6 address without port: plain data, compared by value. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define ADDR_TEXT 64 /* room for any address as text, scope and NUL included */

struct addr {
	uint8_t family;    /* AF_INET, AF_INET6, or 0: none */
	uint8_t bytes[16]; /* network order; the first 4 for AF_INET */
	uint32_t scope;    /* interface index of a link-local IPv6 address, else 0 */
};

/* "192.0.2.1", "2001:db8::1", "fe80::1%eth0", also with [] around IPv6.  False, and
 * *out untouched, when `text` is no literal address. */
bool addr_parse(const char *text, struct addr *out);

/* "192.0.2.1:705", "[2001:db8::1]:705"; the port is not 0.  False, and the outputs
 * untouched, for any other text. */
bool addr_parse_port(const char *text, struct addr *out, uint16_t *port);

/* Writes the address as text into `buf` and returns it; "" when there is none. */
const char *addr_format(const struct addr *a, char buf[ADDR_TEXT]);

bool addr_equal(const struct addr *a, const struct addr *b);
bool addr_is_any(const struct addr *a);
/* fe80::/10 */
bool addr_is_link_local(const struct addr *a);
/* 127/8, ::1 and ::ffff:127/104 */
bool addr_is_loopback(const struct addr *a);

/* Fills a sockaddr for connect(2)/bind(2); returns its length, 0 when `a` is none. */
socklen_t addr_sockaddr(
    const struct addr *a, uint16_t port, struct sockaddr_storage *out);
/* The address in a sockaddr of AF_INET or AF_INET6; family 0 for any other. */
struct addr addr_from_sockaddr(const struct sockaddr *sa);

#endif
