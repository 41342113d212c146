#ifndef SVCPORT_TALK_H
#define SVCPORT_TALK_H

/*
 * With a server that speaks first: hear its greeting, take leave as its protocol wants
 * (goodbye.h), wait for it to hang up.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/goodbye.h"

#define TALK_SIZE     1400
#define TALK_LEAVE_MS 1000 /* to wait for the server to hang up */

struct talk { /* zero to begin with */
	enum goodbye_kind kind;
	unsigned round;
	bool leaving; /* we have said goodbye */
	size_t len;
	uint8_t bytes[TALK_SIZE];
};

enum talk_turn {
	TALK_WAITS,  /* for more to read */
	TALK_LEAVES, /* the same, for TALK_LEAVE_MS from now: it has just been greeted
	              */
	TALK_OVER
};

/* Takes what the connected socket has to read, and answers it.  When it is over *error
 * is that of the connection, or 0. */
enum talk_turn talk_turn(struct talk *t, int fd, int *error);

/* True when the server has said something. */
bool talk_heard(const struct talk *t);

#endif
