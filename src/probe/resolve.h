#ifndef SVCPORT_RESOLVE_H
#define SVCPORT_RESOLVE_H

/*
 * Names to addresses by c-ares: /etc/hosts, then the name servers of resolv.conf(5), as
 * nsswitch.conf(5) says, in the order of RFC 6724.  Nothing blocks.  Each name keeps
 * its answer as long as its records live (at least RESOLVE_TTL_MIN), failures for
 * RESOLVE_TTL_FAILED; an expired answer is never used.  A changed resolv.conf is
 * noticed.
 */

#include <stddef.h>
#include <stdint.h>

#include "model/addr.h"
#include "base/loop.h"
#include "base/mono.h"

#define RESOLVE_ADDRS      4     /* kept of one name */
#define RESOLVE_TTL_MIN    5     /* seconds; some servers answer 0 */
#define RESOLVE_TTL_MAX    86400 /* RFC 8767 section 4 caps at a week; a day is plenty */
#define RESOLVE_TTL_FAILED 15    /* RFC 2308 section 7.1: at most 5 minutes */

struct resolver;
struct resolve_name;

struct resolve_config {             /* zeros: as the system is configured */
	const struct addr *servers; /* IPv4 only */
	size_t nservers;
	uint16_t port;
	const char *lookups;     /* "fb", "b", ...: files, DNS */
	uint32_t timeout_ms;     /* of the first try of each server; 2000 */
	uint32_t tries;          /* 2 */
	const char *resolv_conf; /* to watch; "/etc/resolv.conf" */
};

enum resolve_state { RESOLVE_READY, RESOLVE_FAILED, RESOLVE_PENDING };

struct resolve_answer {
	struct addr addrs[RESOLVE_ADDRS];
	size_t n;          /* 0 when it failed */
	struct mono until; /* it may be used before that */
	const char *text;  /* why it failed, static; "" */
	int error;         /* the nearest errno: ENOENT, ETIMEDOUT, ...; 0 */
};

/* A pending look-up was decided: ask resolve_get().  Never called from within it. */
typedef void resolve_cb(void *arg);

/* `config` is copied.  NULL with errno when c-ares cannot start. */
struct resolver *resolve_new(struct loop *loop, const struct resolve_config *config);
/* Frees the names too; no callback is called any more. */
void resolve_free(struct resolver *r);

/* Registers a name; nothing is asked yet.  `text` is copied. */
struct resolve_name *resolve_add(
    struct resolver *r, const char *text, resolve_cb *cb, void *arg);
/* The callback gets `arg` from now on. */
void resolve_move(struct resolve_name *name, void *arg);
/* No callback comes any more.  NULL is fine. */
void resolve_del(struct resolve_name *name);

/*
 * What is known at `now`.  RESOLVE_READY and RESOLVE_FAILED set *answer, valid until
 * the next call for this name; RESOLVE_PENDING asks unless it is being asked already,
 * and the callback follows once.
 */
enum resolve_state resolve_get(
    struct resolve_name *name, struct mono now, const struct resolve_answer **answer);

#endif
