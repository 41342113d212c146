#ifndef SVCPORT_ENGINE_H
#define SVCPORT_ENGINE_H

/*
 * SNMPv3 for a manager of many: discovery of an agent's engine (RFC 3414 section 4) as
 * a request like any other.  The library would do it by itself, and wait for each agent
 * in turn: sessions are opened with SNMP_FLAGS_DONT_PROBE instead.
 */

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include <stdbool.h>

/* What an agent answers with a report that names its engine. */
netsnmp_pdu *engine_request(void);
/* Gives the session the engine of that report, and its user the keys for it. */
bool engine_take(netsnmp_session *session, const netsnmp_pdu *pdu);

/* A report (RFC 3414 section 5) in the words of somebody who mistyped an option. */
const char *engine_report_text(const netsnmp_pdu *pdu);

#endif
