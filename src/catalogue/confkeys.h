#ifndef SVCPORT_CONFKEYS_H
#define SVCPORT_CONFKEYS_H

/* Keys that catalogue and site files share, and the words they take. */

#include <stdbool.h>
#include <stddef.h>

#include "catalogue/catalogue.h"

struct conf_group;

/* enum requirement, -1 when absent: required|recommended|optional|closed|unspecified */
int confkeys_expect(struct conf_group *g, const char *key);
/* enum reach, -1 when absent: any|local|from */
int confkeys_scope(struct conf_group *g, const char *key);
/* enum probe_method, -1 when absent: connect|greeting|syn|tls */
int confkeys_method(struct conf_group *g, const char *key);
/* enum observe, -1 when absent: listen|connect|either */
int confkeys_observe(struct conf_group *g, const char *key);

/*
 * "none", "off", "snmp", "ntp", "dns", "radius", "sip", "tftp", "hex:0001ff" or
 * "text:..."; PAYLOAD_DEFAULT when absent.  The bytes are the caller's to free.
 */
#define CONFKEYS_PAYLOAD_MAX 512 /* octets of a literal payload: one datagram */
struct payload confkeys_payload(struct conf_group *g, const char *key);

/* What an answer must contain: "hex:00 ff", "text:..." or a text; "" when absent.  The
 * caller's to free. */
#define CONFKEYS_REPLY_MAX 255
char *confkeys_reply(struct conf_group *g, const char *key);

/* Names: [A-Za-z0-9._-]+ */
bool confkeys_is_name(const char *text);
/* A needed name of at most `max` octets; "" when it is wrong. */
char *confkeys_name(struct conf_group *g, const char *key, size_t max);

/* The `format` key of a file, which must be 1. */
void confkeys_format(struct conf_group *root);

#endif
