#ifndef SVCPORT_TESTS_PEER_H
#define SVCPORT_TESTS_PEER_H

/*
 * A master agent for tests: starts agent_fixture, takes its AgentX connection and says
 * to it what the test wants.  Any surprise ends the program.
 */

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "axpdu.h"

#define PEER_SESSION 7
#define PEER_WAIT_MS 20000

struct pdu {
	uint8_t bytes[65536];
	size_t len;
};

struct peer {
	int listener, fd;
	FILE *to, *from; /* the fixture's standard input and output */
	pid_t pid;
	char dir[64], path[108];
	uint32_t packet;
	const char *context; /* NULL for the default one */
};

/* Prints errno's text and ends the program. */
void peer_die(const char *what) __attribute__((noreturn));

/* Starts the program in `context`, and takes its connection. */
void peer_start(struct peer *p, const char *program, const char *context);
/* Takes the next connection of the fixture and registers what it wants. */
void peer_accept(struct peer *p);
/* Closes the connection. */
void peer_hang_up(struct peer *p);
/* Ends the fixture; true when it ended with status 0. */
bool peer_stop(struct peer *p);

/* A line to the fixture, whose answer must be "ok". */
void peer_ask(struct peer *p, const char *line);

void peer_send(struct peer *p, const void *bytes, size_t len);
/* The next PDU; false at the end of the stream. */
bool peer_receive(struct peer *p, struct pdu *in);
void peer_exchange(struct peer *p, const struct pdu *request, struct pdu *response);

/* Begins a request with a packet id of its own. */
struct axpdu_writer peer_request(
    struct peer *p, struct pdu *out, enum axpdu_type type, bool network);

#endif
