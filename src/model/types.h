#ifndef SVCPORT_TYPES_H
#define SVCPORT_TYPES_H

/*
 * The words of SVCPORT-MIB as C enums.  The numbers are the MIB's, so that a value is
 * published as it stands; the word of a number is what tables, logs and files print.
 */

#include <stdbool.h>

enum proto { /* SvcPortProtocol; the numbers are IANA's */
	PROTO_ICMP = 1,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_ICMPV6 = 58,
	PROTO_SCTP = 132,
	PROTO_NONE = 255, /* a documented line without protocol or port */
};

enum expected { /* SvcPortExpectedState */
	EXPECTED_REQUIRED = 1,
	EXPECTED_RECOMMENDED = 2,
	EXPECTED_OPTIONAL = 3,
	EXPECTED_LOCAL = 4,
	EXPECTED_CLOSED = 5,
	EXPECTED_UNSPECIFIED = 6,
};

enum listen_state { /* SvcPortListenState */
	LISTEN_LISTENING = 1,
	LISTEN_NOT = 2,
	LISTEN_LOOPBACK = 3,
	LISTEN_PARTIAL = 4,
	LISTEN_UNKNOWN = 5,
	LISTEN_NA = 6,
};

enum connect_state { /* SvcPortConnectState */
	CONNECT_OPEN = 1,
	CONNECT_CLOSED = 2,
	CONNECT_FILTERED = 3,
	CONNECT_OPEN_OR_FILTERED = 4,
	CONNECT_UNREACHABLE = 5,
	CONNECT_PARTIAL = 6,
	CONNECT_NAME_ERROR = 7,
	CONNECT_PROBE_ERROR = 8,
	CONNECT_UNKNOWN = 9,
	CONNECT_NA = 10,
};

enum verdict { /* SvcPortVerdict: larger is worse */
	VERDICT_COMPLIANT = 1,
	VERDICT_NOT_EVALUATED = 2,
	VERDICT_UNKNOWN = 3,
	VERDICT_CLOSED_RECOMMENDED = 4,
	VERDICT_NOT_ENCRYPTED = 5,
	VERDICT_OPEN_FORBIDDEN = 6,
	VERDICT_CLOSED_REQUIRED = 7,
};
#define VERDICT_MAX VERDICT_CLOSED_REQUIRED

enum severity { /* SvcPortSeverity: larger is worse */
	SEVERITY_CLEARED = 1,
	SEVERITY_INDETERMINATE = 2,
	SEVERITY_WARNING = 3,
	SEVERITY_MINOR = 4,
	SEVERITY_MAJOR = 5,
	SEVERITY_CRITICAL = 6,
};

enum alarm_stage { /* SvcPortAlarmStage */
	STAGE_NONE = 1,
	STAGE_PENDING = 2,
	STAGE_RAISED = 3,
	STAGE_MASKED = 4,
	STAGE_MUTED = 5,
};

enum alarm_type { /* svcPortAlarmType; notification 2N-1 raises, 2N clears */
	ALARM_NONE = 0,
	ALARM_REQUIRED_CLOSED = 1,
	ALARM_RECOMMENDED_CLOSED = 2,
	ALARM_FORBIDDEN_OPEN = 3,
	ALARM_HOST_DOWN = 4,
	ALARM_QUEUE_FULL = 8,
	ALARM_UNDOCUMENTED = 9,
	ALARM_NOT_ENCRYPTED = 10,
};

enum host_state { /* svcPortHostState */
	HOST_REACHABLE = 1,
	HOST_UNREACHABLE = 2,
	HOST_UNKNOWN = 3,
};

enum range_policy { /* svcPortServiceRangePolicy */
	POLICY_SINGLE = 1,
	POLICY_ANY = 2,
	POLICY_EVERY = 3,
	POLICY_POOL = 4,
};

enum direction { /* svcPortServiceDirection, seen from the product */
	DIRECTION_INBOUND = 1,
	DIRECTION_OUTBOUND = 2,
	DIRECTION_BOTH = 3,
	DIRECTION_INTERNAL = 4,
	DIRECTION_UNSPECIFIED = 5,
};

enum probe_method { /* svcPortProbeMethod */
	METHOD_NONE = 1,
	METHOD_CONNECT = 2,
	METHOD_UDP = 3,
	METHOD_ICMP = 4,
	METHOD_TLS = 5,
	METHOD_SYN = 6,
	METHOD_GREETING = 7,
};

enum config_status { /* svcPortSystemConfigStatus */
	CONFIG_OK = 1,
	CONFIG_WARNINGS = 2,
	CONFIG_FAILED = 3,
};

/* How a row on the local host is observed; `observe` in the files. */
enum observe {
	OBSERVE_LISTEN = 0,  /* by the kernel's socket tables: the default */
	OBSERVE_CONNECT = 1, /* by probing the own address */
	OBSERVE_EITHER = 2,  /* sockets first; probe only when nothing listens */
};

/*
 * The MIB's label of a number ("requiredOpen", "listening", ...; "tcp", "udp", "icmp",
 * "icmpv6", "sctp", "none" for protocols).  Never NULL: "?" for an unknown number.
 * The strings are static.
 */
const char *types_proto(enum proto v);
const char *types_expected(enum expected v);
const char *types_listen(enum listen_state v);
const char *types_connect(enum connect_state v);
const char *types_verdict(enum verdict v);
const char *types_severity(enum severity v);
const char *types_stage(enum alarm_stage v);
const char *types_alarm(enum alarm_type v);
const char *types_host_state(enum host_state v);
const char *types_policy(enum range_policy v);
const char *types_direction(enum direction v);
const char *types_method(enum probe_method v);
const char *types_observe(enum observe v);

/* The verdict that a deviating row's alarm type stands for, and back; ALARM_NONE when
 * the verdict is no deviation. */
enum alarm_type types_alarm_of(enum verdict v);
/* What messages call an alarm: the verdict that it stands for, else its own word. */
const char *types_alarm_verdict(enum alarm_type v);

#endif
