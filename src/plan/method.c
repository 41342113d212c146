#include "plan/method.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* The application protocol as documents name it: the first word decides, so that "HTTPS
 * (web interface)" is HTTPS and "SNMP trap" is not SNMP. */
static bool
is(const char *application, const char *name)
{
	size_t len = strlen(name);

	return strncasecmp(application, name, len) == 0 &&
	       (application[len] == '\0' || strchr(" ,/(;", application[len]) != NULL);
}

static bool
is_any(const char *application, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (is(application, names[i]))
			return true;
	}
	return false;
}

/* These begin with a TLS handshake; STARTTLS protocols do not. */
static const char *const tls_first[] = { "HTTPS", "LDAPS", "SMTPS", "IMAPS", "POP3S",
	"FTPS", "SIPS", "AMQPS", "MQTTS", "DoT", "NETCONF-TLS", "syslog-TLS" };

/* The server speaks first, and a client that leaves without a word is logged or even
 * counted against its address. */
static const char *const server_first[] = { "SSH", "SFTP", "SCP", "NETCONF", "SMTP",
	"FTP", "MySQL", "MariaDB" };

static const struct {
	const char *application;
	enum payload_kind kind;
} payloads[] = {
	{ "SNMP trap", PAYLOAD_OFF },
	{ "SNMP traps", PAYLOAD_OFF },
	{ "SNMP-trap", PAYLOAD_OFF },
	{ "SNMPTRAP", PAYLOAD_OFF },
	{ "SNMP", PAYLOAD_SNMP },
	{ "NTP", PAYLOAD_NTP },
	{ "DNS", PAYLOAD_DNS },
	{ "RADIUS", PAYLOAD_RADIUS },
	{ "SIP", PAYLOAD_SIP },
	{ "TFTP", PAYLOAD_TFTP },
	{ "syslog", PAYLOAD_OFF },
	{ "NetFlow", PAYLOAD_OFF },
	{ "IPFIX", PAYLOAD_OFF },
	{ "sFlow", PAYLOAD_OFF },
	{ "J-Flow", PAYLOAD_OFF },
	{ "RTP", PAYLOAD_OFF },
	{ "RTCP", PAYLOAD_OFF },
};

static bool
says_tls(const char *encryption)
{
	return strcasestr(encryption, "TLS") != NULL ||
	       strcasestr(encryption, "SSL") != NULL;
}

enum probe_method
method_of(enum proto protocol, const char *application, const char *encryption, int tls,
    enum probe_method stated)
{
	switch (protocol) {
	case PROTO_ICMP:
	case PROTO_ICMPV6:
		return METHOD_ICMP;
	case PROTO_UDP:
		return METHOD_UDP;
	case PROTO_TCP:
		break;
	case PROTO_SCTP:
	case PROTO_NONE:
		return METHOD_NONE;
	}
	if (stated != METHOD_NONE)
		return stated;
	if (tls == 1 || (tls < 0 && says_tls(encryption) &&
			    is_any(application, tls_first, COUNT(tls_first))))
		return METHOD_TLS;
	if (is_any(application, server_first, COUNT(server_first)))
		return METHOD_GREETING;
	return METHOD_CONNECT;
}

enum payload_kind
method_payload(const char *application)
{
	for (size_t i = 0; i < COUNT(payloads); i++) {
		if (is(application, payloads[i].application))
			return payloads[i].kind;
	}
	return PAYLOAD_NONE;
}

bool
method_expects_reply(enum payload_kind kind)
{
	return kind == PAYLOAD_NTP || kind == PAYLOAD_DNS;
}
