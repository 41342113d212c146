#ifndef SVCPORT_REASON_H
#define SVCPORT_REASON_H

/*
 * Why a state is what it is: one code for every outcome, good or bad.  Sockets and
 * probes give them, the verdict keeps the one that decided, svcPortCheckReason says it
 * in words.
 */

#include <stddef.h>

enum reason {
	REASON_NONE = 0,
	/* nothing looked yet, or nothing is looked at */
	REASON_NOT_YET,     /* not observed yet */
	REASON_NO_ROLE,     /* no role configured for this host */
	REASON_DISABLED,    /* svcPortCheckAdminStatus */
	REASON_NO_PORT,     /* the line names no protocol or port */
	REASON_ON_DEMAND,   /* listens only when used */
	REASON_POOL,        /* a pool that ports are taken from */
	REASON_NO_SAMPLE,   /* a remote range, and no sample-ports are configured */
	REASON_PAYLOAD_OFF, /* a datagram would litter the receiver's logs */
	REASON_NO_SECRET,   /* RADIUS: no secret-file is configured */
	REASON_STANDBY,     /* active-when: the address is not here */
	REASON_PROTOCOL,    /* the protocol cannot be observed (SCTP, ...) */
	/* local sockets */
	REASON_LISTENING,
	REASON_NOT_LISTENING,
	REASON_LOOPBACK_ONLY,
	REASON_PARTIAL,             /* arguments: open ports, documented ports */
	REASON_SCAN_FAILED,         /* the socket tables could not be read: errno */
	REASON_SELF_CONNECT_FAILED, /* listens, own connect fails */
	/* probes */
	REASON_CONNECTED,
	REASON_ANSWERED,        /* UDP or ICMP */
	REASON_REFUSED,         /* TCP reset, ICMP port unreachable */
	REASON_TIMEOUT,         /* no answer to TCP or ICMP in time */
	REASON_SILENT,          /* UDP: neither answer nor rejection */
	REASON_SILENT_EXPECTED, /* UDP: silence where an answer is expected */
	REASON_PROHIBITED,      /* ICMP administratively prohibited */
	REASON_UNREACHABLE, /* ICMP host or network unreachable, no neighbour: errno */
	REASON_NO_ROUTE,    /* local: ENETUNREACH, ENETDOWN, EADDRNOTAVAIL: errno */
	REASON_NAME,        /* the name did not resolve */
	REASON_LOCAL_ERROR, /* any other local failure: errno */
	REASON_NO_PERMISSION, /* ping not allowed: the sysctl to set */
	REASON_NO_RAW,        /* half-open: the capability to grant */
	REASON_SECRET_FILE,   /* RADIUS: it cannot be read: errno */
	REASON_FD_LIMIT,      /* out of descriptors */
	REASON_BAD_REPLY,     /* an answer that is not what the service answers */
	REASON_TLS_OK,
	REASON_TLS_REFUSED, /* connected, handshake refused */
	REASON_TLS_PLAIN,   /* connected, the peer speaks something else than TLS */
	REASON_GREETING,    /* the server's first bytes arrived */
	REASON_NO_GREETING, /* connected, no first bytes in time */
	/* judging */
	REASON_SATISFIED_BY, /* alternative group: another member is open */
	REASON_SEE,          /* alternative group: another member carries the verdict */
	REASON_NEVER_ANSWERED, /* the host never answered: firewall? */
	REASON_HOST_DOWN,
	REASON_ISOLATED, /* this agent is cut off */
	REASON_LAGGING,  /* probing is behind its schedule */
	REASON_GROUP,    /* quorum group: n of m open */
	REASON_MAX
};

/*
 * The words for a code, without the row's own facts: "connection refused", "no socket
 * listens on it".  `error` is an errno, 0 for none; its text is appended where the
 * code has one.  Returns buf.
 */
const char *reason_text(enum reason reason, int error, char *buf, size_t size);

#endif
