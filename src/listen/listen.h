#ifndef SVCPORT_LISTEN_H
#define SVCPORT_LISTEN_H

/*
 * The local-socket watcher: keeps looking at the watched ports, and at all ports less
 * often, and reports what it sees.
 *
 *  - Every interval_ms the sockets on watched ports are dumped, filtered in the kernel.
 *    Openings, shutdown(2) and the last close of a descriptor that a child still held
 *    are seen by this.
 *  - The kernel tells of a watched socket that was destroyed about 0.3 ms after
 *    close(2).  Such an event is a hint, no verdict (SO_REUSEPORT: another socket may
 *    serve the port): its port is dumped at once, alone, so that neither other
 *    listeners nor other watched ports make this slower.  Paced as sockhint.h says.
 *  - When events were lost (ENOBUFS) all watched ports of the protocol are dumped.
 *  - Where sockets end by thousands a second events would cost too much (sockhint.h):
 *    while that lasts there are none, and the watched ports are dumped every
 *    LISTEN_REST_MS.
 *  - Every full_ms all sockets are dumped, in slices (sockscan.h).
 *
 * Nothing needs a privilege.  Without netlink the same is read from /proc/net, without
 * events; what cannot be read at all is reported as an error, never as closed.
 */

#include <stdbool.h>
#include <stdint.h>

#include "listen/listeners.h"
#include "base/loop.h"
#include "base/mono.h"
#include "model/portset.h"
#include "model/types.h"

#define LISTEN_REST_MS 100

enum listen_scan {
	LISTEN_SCAN_WATCHED, /* the watched ports: what rows are judged by */
	LISTEN_SCAN_ALL,     /* every port: an inventory, see sockscan.h */
};

struct listen_report {
	enum listen_scan scan;
	/* Of a protocol that could not be read it has no sockets, or of everything
	 * those that were seen last.  The caller's for the time of the call, to change
	 * what listeners.h lets an owner set; keep it with listeners_ref(). */
	struct listener_table *table;
	int tcp_error, udp_error; /* an errno, 0: these sockets were read */
	/* After an event: only sockets of this protocol on these ports were looked at,
	 * all others are as in the report before.  NULL: everything was looked at. */
	enum proto part_protocol;
	const struct portset *part;
	struct mono now;
};

/* May call anything below but listen_free(). */
typedef void listen_cb(void *arg, const struct listen_report *report);

struct listen_config {
	int64_t interval_ms; /* between two looks at the watched ports; > 0 */
	int64_t full_ms;     /* between two looks at everything; 0: never */
	/* Age at which an unwatched UDP socket on a port that clients get too counts as
	 * a server (udprule.h); a watched one needs half an interval. */
	int64_t udp_age_ms;
	bool force_proc; /* no netlink, for tests */
};

struct listen_stats {
	uint64_t watched;   /* looks at all watched ports of both protocols */
	uint64_t full;      /* looks at everything */
	uint64_t hints;     /* destroyed sockets on watched ports */
	uint64_t relooks;   /* looks because of them */
	uint64_t overflows; /* times that events were lost */
	bool rests;         /* there are no events at present: too many sockets end */
};

struct listen;

/* Watches nothing yet; the first look at everything comes with the loop's first turn.
 */
struct listen *listen_new(
    struct loop *loop, const struct listen_config *config, listen_cb *cb, void *arg);
void listen_free(struct listen *w);

/* What to watch from now on; copied.  A look at it comes with the next turn. */
void listen_set_ports(
    struct listen *w, const struct portset *tcp, const struct portset *udp);

/* Looks at the watched ports, and reports, before it returns, unless the last look is
 * younger than that. */
void listen_look(struct listen *w, int64_t max_age_ms);

/* Looks at the watched ports with the next turn, and begins a look at everything. */
void listen_rescan(struct listen *w);

/* In words, what keeps the watcher from seeing the protocol well; "" when nothing does.
 * Valid until the next turn. */
const char *listen_trouble(const struct listen *w, enum proto protocol);

struct listen_stats listen_stats(const struct listen *w);

/* Whether a report says anything new of these ports. */
static inline bool
listen_report_covers(const struct listen_report *report, enum proto protocol,
    const struct portset *ports)
{
	return report->part == NULL || (report->part_protocol == protocol &&
					   portset_overlaps(report->part, ports));
}

#endif
