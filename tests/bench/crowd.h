#ifndef SVCPORT_BENCH_CROWD_H
#define SVCPORT_BENCH_CROWD_H

/*
 * What a watcher has to live with: listeners, connections, and sockets that come and
 * go, made by child processes in a network namespace of the bench's own.  Whatever
 * fails ends the program.
 */

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#define CROWD_FIRST_PORT  1100 /* of the listeners */
#define CROWD_CHURN_PORT  900  /* a listener that accepts and closes */
#define CROWD_CLOSED_PORT 901
#define CROWD_UDP_PORT    902
#define CROWD_TIMED_PORT  903
#define CROWD_CHURN_RATE  5000 /* a second */

void crowd_die(const char *what);
int64_t crowd_clock_ns(clockid_t id);

/* Enters a network namespace of its own, loopback up; exits with 77 without the right
 * to. */
void crowd_namespace(void);

/* n listeners from CROWD_FIRST_PORT on; half of n established sockets on either side;
 * both until crowd_clear(). */
void crowd_listeners(uint32_t n);
void crowd_connections(uint32_t n);
void crowd_clear(void);

int crowd_listen(uint16_t port);
int crowd_udp(uint16_t port);

/* ---- churn */

enum crowd_kind {
	CROWD_TCP,     /* connections to CROWD_CHURN_PORT, both ends here */
	CROWD_ACCEPT,  /* the same, from another namespace */
	CROWD_REFUSED, /* connects to CROWD_CLOSED_PORT */
	CROWD_UDP,     /* a datagram to CROWD_UDP_PORT, from a new socket each */
	CROWD_KINDS
};

struct crowd_churn {
	const char *name;
	unsigned sockets;        /* of this namespace that end with each */
	volatile uint64_t *done; /* how many so far */
	pid_t pid, acceptor;
	int server;
};

/* CROWD_CHURN_RATE a second until crowd_churn_stop(). */
struct crowd_churn crowd_churn_start(enum crowd_kind kind);
void crowd_churn_stop(struct crowd_churn *c);
/* CPU time that the generator has used, and what accepts from it. */
int64_t crowd_churn_ns(const struct crowd_churn *c);

/* ---- CPU time of the kernel's worker threads, which make the events out of destroyed
 * sockets, in ns */
int64_t crowd_workers_ns(void);

/* ---- one listener, on CROWD_TIMED_PORT, in a process of its own */

struct crowd_timed {
	pid_t pid;
	int commands, answers;
};

struct crowd_timed crowd_timed_start(void);
void crowd_timed_stop(struct crowd_timed *t);
void crowd_timed_open(struct crowd_timed *t);
/* Does not wait for it. */
void crowd_timed_close(struct crowd_timed *t);
/* When it was closed: CLOCK_MONOTONIC, in ns. */
int64_t crowd_timed_closed(struct crowd_timed *t);

#endif
