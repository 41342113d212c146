#ifndef SVCPORT_NETERR_H
#define SVCPORT_NETERR_H

/*
 * What an error of a socket says about the port it was to reach.  The kernel folds many
 * ICMP codes into one errno (icmp_err_convert[] in net/ipv4/icmp.c,
 * icmpv6_err_convert() in net/ipv6/icmp.c); with IP_RECVERR/IPV6_RECVERR on the socket
 * the code itself and who sent it can still be read from the error queue (ip(7)), and
 * only they tell "administratively prohibited" from "no such host".
 */

#include <stdbool.h>
#include <stdint.h>

#include "model/addr.h"
#include "model/reason.h"
#include "model/types.h"

/* One message of the error queue. */
struct neterr_icmp {
	bool present;        /* an ICMP message; else nothing below is set */
	uint8_t type, code;  /* of ICMP, or of ICMPv6 when offender is IPv6 */
	struct addr sender;  /* of the ICMP message; family 0 when not known */
	struct addr dest;    /* that the offending datagram went to */
	int error;           /* the errno it stands for */
	uint8_t payload[64]; /* start of the offending datagram's payload */
	uint16_t len;
};

/* How a probe ended, before it is told to anyone. */
struct neterr_outcome {
	enum connect_state state;
	enum reason reason;
	int error;     /* errno, 0 for none */
	bool answered; /* the host itself gave a sign of life */
};

/*
 * What errno `error` of a socket to `target` stands for.  `icmp` is what the error
 * queue had (NULL or not present: nothing).  `local`: the call itself failed, before
 * any packet could have been answered.
 */
struct neterr_outcome neterr_classify(
    int error, bool local, const struct addr *target, const struct neterr_icmp *icmp);

/* Takes one message off the socket's error queue.  False when it is empty; messages
 * that are no ICMP are returned with present = false. */
bool neterr_read(int fd, struct neterr_icmp *out);

#endif
