#ifndef DNS_RIG_H
#define DNS_RIG_H

/* A name server on loopback, on the test's own loop. */

#include <stddef.h>
#include <stdint.h>

#include "model/addr.h"
#include "base/loop.h"

struct dns_record {
	const char *name;
	int rcode; /* 0, 2 server failure, 3 no such name, 5 refused; -1: silence */
	const char *v4[6]; /* A records */
	const char *v6[2]; /* AAAA */
	uint32_t ttl;
};

struct dns_rig {
	struct loop *loop;
	int fd;
	struct addr addr;
	uint16_t port;
	struct dns_record records[8]; /* any other name does not exist */
	size_t nrecords;
	unsigned asked; /* questions for A */
};

void dns_open(struct dns_rig *dns, struct loop *loop);
/* After loop_free(). */
void dns_close(struct dns_rig *dns);

/* Adds a record with at most one address of each family. */
void dns_serve(struct dns_rig *dns, const char *name, int rcode, uint32_t ttl,
    const char *v4, const char *v6);

#endif
