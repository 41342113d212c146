#include "model/reason.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct words {
	const char *text;
	bool with_errno;
};

static const struct words words[REASON_MAX] = {
	[REASON_NONE] = { "no reason recorded", false },
	[REASON_NOT_YET] = { "not observed yet", false },
	[REASON_NO_ROLE] = { "no role configured for this host", false },
	[REASON_DISABLED] = { "checking is disabled for this row", false },
	[REASON_NO_PORT] = { "the document names no port", false },
	[REASON_ON_DEMAND] = { "listens only while it is used", false },
	[REASON_POOL] = { "a pool that ports are taken from as needed", false },
	[REASON_NO_SAMPLE] = { "too many ports to probe, and no sample-ports are set",
	    false },
	[REASON_PAYLOAD_OFF] = { "not probed: a datagram would litter its log", false },
	[REASON_NO_SECRET] = { "not probed: a RADIUS server answers with its "
			       "secret-file only",
	    false },
	[REASON_STANDBY] = { "standby: the active address is not on this host", false },
	[REASON_PROTOCOL] = { "this protocol cannot be observed from here", false },
	[REASON_LISTENING] = { "a socket listens on it", false },
	[REASON_NOT_LISTENING] = { "no socket listens on it", false },
	[REASON_LOOPBACK_ONLY] = { "listens on a loopback address only", false },
	[REASON_PARTIAL] = { "not all of its ports are open", false },
	[REASON_SCAN_FAILED] = { "the local sockets could not be read", true },
	[REASON_SELF_CONNECT_FAILED] = { "a socket listens, but connecting to the own "
					 "address fails",
	    true },
	[REASON_CONNECTED] = { "connected", false },
	[REASON_ANSWERED] = { "answered", false },
	[REASON_REFUSED] = { "connection refused", false },
	[REASON_TIMEOUT] = { "no answer in time", false },
	[REASON_SILENT] = { "neither answer nor rejection, so open or filtered",
	    false },
	[REASON_SILENT_EXPECTED] = { "no answer, though this service answers", false },
	[REASON_PROHIBITED] = { "rejected by a firewall", false },
	[REASON_UNREACHABLE] = { "host or network unreachable", true },
	[REASON_NO_ROUTE] = { "this agent cannot send there", true },
	[REASON_NAME] = { "the host's name did not resolve", false },
	[REASON_LOCAL_ERROR] = { "the probe failed on the agent's side", true },
	[REASON_NO_PERMISSION] = { "ping not permitted: set sysctl "
				   "net.ipv4.ping_group_range",
	    false },
	[REASON_NO_RAW] = { "half-open probing not permitted: grant CAP_NET_RAW",
	    false },
	[REASON_SECRET_FILE] = { "not probed: the secret-file cannot be read", true },
	[REASON_FD_LIMIT] = { "the agent is out of file descriptors", false },
	[REASON_BAD_REPLY] = { "answered, but not as this service does", false },
	[REASON_TLS_OK] = { "connected with TLS", false },
	[REASON_TLS_REFUSED] = { "connected, but the TLS handshake was refused",
	    false },
	[REASON_TLS_PLAIN] = { "connected, but it does not speak TLS", false },
	[REASON_GREETING] = { "connected and greeted by the server", false },
	[REASON_NO_GREETING] = { "connected, but the server sent no greeting", false },
	[REASON_SATISFIED_BY] = { "satisfied by an open alternative", false },
	[REASON_SEE] = { "judged together with its alternative", false },
	[REASON_NEVER_ANSWERED] = { "no answer, this host never answered: firewall?",
	    false },
	[REASON_HOST_DOWN] = { "no answer, the whole host is silent", false },
	[REASON_ISOLATED] = { "this agent is cut off: no host answers it", false },
	[REASON_LAGGING] = { "probing is behind its schedule", false },
	[REASON_GROUP] = { "judged together with its group", false },
};

const char *
reason_text(enum reason reason, int error, char *buf, size_t size)
{
	const struct words *w;
	char message[128];

	if ((unsigned)reason >= REASON_MAX)
		reason = REASON_NONE;
	w = &words[reason];
	if (w->with_errno && error != 0)
		snprintf(buf, size, "%s: %s", w->text,
		    strerror_r(error, message, sizeof(message)));
	else
		snprintf(buf, size, "%s", w->text);
	return buf;
}
