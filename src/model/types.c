#include "model/types.h"

#include <stddef.h>
#include <string.h>

#define WORD(list, v)                                                        \
	((size_t)(v) < sizeof(list) / sizeof((list)[0]) && (list)[v] != NULL \
		? (list)[v]                                                  \
		: "?")

const char *
types_proto(enum proto v)
{
	switch (v) {
	case PROTO_ICMP:
		return "icmp";
	case PROTO_TCP:
		return "tcp";
	case PROTO_UDP:
		return "udp";
	case PROTO_ICMPV6:
		return "icmpv6";
	case PROTO_SCTP:
		return "sctp";
	case PROTO_NONE:
		return "none";
	}
	return "?";
}

const char *
types_expected(enum expected v)
{
	static const char *const words[] = {
		[EXPECTED_REQUIRED] = "requiredOpen",
		[EXPECTED_RECOMMENDED] = "recommendedOpen",
		[EXPECTED_OPTIONAL] = "optionalOpen",
		[EXPECTED_LOCAL] = "localOnly",
		[EXPECTED_CLOSED] = "mustBeClosed",
		[EXPECTED_UNSPECIFIED] = "unspecified",
	};
	return WORD(words, v);
}

const char *
types_listen(enum listen_state v)
{
	static const char *const words[] = {
		[LISTEN_LISTENING] = "listening",
		[LISTEN_NOT] = "notListening",
		[LISTEN_LOOPBACK] = "loopbackOnly",
		[LISTEN_PARTIAL] = "partial",
		[LISTEN_UNKNOWN] = "unknown",
		[LISTEN_NA] = "notApplicable",
	};
	return WORD(words, v);
}

const char *
types_connect(enum connect_state v)
{
	static const char *const words[] = {
		[CONNECT_OPEN] = "open",
		[CONNECT_CLOSED] = "closed",
		[CONNECT_FILTERED] = "filtered",
		[CONNECT_OPEN_OR_FILTERED] = "openOrFiltered",
		[CONNECT_UNREACHABLE] = "unreachable",
		[CONNECT_PARTIAL] = "partial",
		[CONNECT_NAME_ERROR] = "nameError",
		[CONNECT_PROBE_ERROR] = "probeError",
		[CONNECT_UNKNOWN] = "unknown",
		[CONNECT_NA] = "notApplicable",
	};
	return WORD(words, v);
}

const char *
types_verdict(enum verdict v)
{
	static const char *const words[] = {
		[VERDICT_COMPLIANT] = "compliant",
		[VERDICT_NOT_EVALUATED] = "notEvaluated",
		[VERDICT_UNKNOWN] = "unknown",
		[VERDICT_CLOSED_RECOMMENDED] = "closedRecommended",
		[VERDICT_NOT_ENCRYPTED] = "notEncrypted",
		[VERDICT_OPEN_FORBIDDEN] = "openForbidden",
		[VERDICT_CLOSED_REQUIRED] = "closedRequired",
	};
	return WORD(words, v);
}

static const char *const severities[] = {
	[SEVERITY_CLEARED] = "cleared",
	[SEVERITY_INDETERMINATE] = "indeterminate",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_MINOR] = "minor",
	[SEVERITY_MAJOR] = "major",
	[SEVERITY_CRITICAL] = "critical",
};

const char *
types_severity(enum severity v)
{
	return WORD(severities, v);
}

const char *
types_stage(enum alarm_stage v)
{
	static const char *const words[] = {
		[STAGE_NONE] = "none",
		[STAGE_PENDING] = "pending",
		[STAGE_RAISED] = "raised",
		[STAGE_MASKED] = "masked",
		[STAGE_MUTED] = "muted",
	};
	return WORD(words, v);
}

const char *
types_alarm(enum alarm_type v)
{
	static const char *const words[] = {
		[ALARM_REQUIRED_CLOSED] = "requiredClosed",
		[ALARM_RECOMMENDED_CLOSED] = "recommendedClosed",
		[ALARM_FORBIDDEN_OPEN] = "forbiddenOpen",
		[ALARM_HOST_DOWN] = "hostDown",
		[ALARM_QUEUE_FULL] = "queueFull",
		[ALARM_UNDOCUMENTED] = "undocumented",
		[ALARM_NOT_ENCRYPTED] = "notEncrypted",
	};
	return WORD(words, v);
}

enum alarm_type
types_alarm_of(enum verdict v)
{
	switch (v) {
	case VERDICT_CLOSED_REQUIRED:
		return ALARM_REQUIRED_CLOSED;
	case VERDICT_CLOSED_RECOMMENDED:
		return ALARM_RECOMMENDED_CLOSED;
	case VERDICT_OPEN_FORBIDDEN:
		return ALARM_FORBIDDEN_OPEN;
	case VERDICT_NOT_ENCRYPTED:
		return ALARM_NOT_ENCRYPTED;
	case VERDICT_COMPLIANT:
	case VERDICT_NOT_EVALUATED:
	case VERDICT_UNKNOWN:
		break;
	}
	return ALARM_NONE;
}

const char *
types_alarm_verdict(enum alarm_type v)
{
	for (int i = VERDICT_COMPLIANT; i <= VERDICT_CLOSED_REQUIRED; i++)
		if (types_alarm_of((enum verdict)i) == v)
			return types_verdict((enum verdict)i);
	return types_alarm(v);
}

const char *
types_host_state(enum host_state v)
{
	static const char *const words[] = {
		[HOST_REACHABLE] = "reachable",
		[HOST_UNREACHABLE] = "unreachable",
		[HOST_UNKNOWN] = "unknown",
	};
	return WORD(words, v);
}

const char *
types_policy(enum range_policy v)
{
	static const char *const words[] = {
		[POLICY_SINGLE] = "single",
		[POLICY_ANY] = "anyPort",
		[POLICY_EVERY] = "everyPort",
		[POLICY_POOL] = "poolOnly",
	};
	return WORD(words, v);
}

const char *
types_direction(enum direction v)
{
	static const char *const words[] = {
		[DIRECTION_INBOUND] = "inbound",
		[DIRECTION_OUTBOUND] = "outbound",
		[DIRECTION_BOTH] = "both",
		[DIRECTION_INTERNAL] = "internal",
		[DIRECTION_UNSPECIFIED] = "unspecified",
	};
	return WORD(words, v);
}

const char *
types_method(enum probe_method v)
{
	static const char *const words[] = {
		[METHOD_NONE] = "none",
		[METHOD_CONNECT] = "tcpConnect",
		[METHOD_UDP] = "udpPayload",
		[METHOD_ICMP] = "icmpEcho",
		[METHOD_TLS] = "tls",
		[METHOD_SYN] = "tcpSyn",
		[METHOD_GREETING] = "tcpGreeting",
	};
	return WORD(words, v);
}

const char *
types_observe(enum observe v)
{
	static const char *const words[] = {
		[OBSERVE_LISTEN] = "listen",
		[OBSERVE_CONNECT] = "connect",
		[OBSERVE_EITHER] = "either",
	};
	return WORD(words, v);
}
