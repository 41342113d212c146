#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "plan/method.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void
tcp_by_application_and_encryption(void **state)
{
	static const struct {
		const char *application, *encryption;
		int tls;
		enum probe_method want;
	} cases[] = {
		{ "", "", -1, METHOD_CONNECT },
		{ "HTTP", "", -1, METHOD_CONNECT },
		/* TLS only where the protocol begins with it and the document says it
		 */
		{ "HTTPS", "TLS", -1, METHOD_TLS },
		{ "HTTPS", "", -1, METHOD_CONNECT },
		{ "HTTPS", "none", -1, METHOD_CONNECT },
		{ "https", "ssl", -1, METHOD_TLS },
		{ "HTTPS (web interface)", "TLS 1.2", -1, METHOD_TLS },
		{ "LDAPS", "SSL/TLS", -1, METHOD_TLS },
		{ "syslog-TLS", "TLS", -1, METHOD_TLS },
		{ "LDAP", "STARTTLS", -1, METHOD_CONNECT },
		{ "HTTPSX", "TLS", -1, METHOD_CONNECT },
		{ "", "TLS", -1, METHOD_CONNECT },
		/* what catalogue or site say goes before */
		{ "HTTPS", "TLS", 0, METHOD_CONNECT },
		{ "", "", 1, METHOD_TLS },
		/* the server speaks first */
		{ "SSH", "SSH", -1, METHOD_GREETING },
		{ "SFTP", "SSH", -1, METHOD_GREETING },
		{ "NETCONF", "", -1, METHOD_GREETING },
		{ "NETCONF-TLS", "TLS", -1, METHOD_TLS },
		{ "SMTP", "", -1, METHOD_GREETING },
		{ "MySQL", "TLS", -1, METHOD_GREETING },
		{ "FTP", "", -1, METHOD_GREETING },
		{ "FTP-data", "", -1, METHOD_CONNECT },
		{ "SSH", "SSH", 1, METHOD_TLS },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum probe_method got = method_of(PROTO_TCP, cases[i].application,
		    cases[i].encryption, cases[i].tls, METHOD_NONE);

		if (got != cases[i].want)
			fail_msg("\"%s\", \"%s\", tls %d: %s, want %s",
			    cases[i].application, cases[i].encryption, cases[i].tls,
			    types_method(got), types_method(cases[i].want));
	}
}

static void
other_protocols(void **state)
{
	(void)state;
	assert_int_equal(
	    method_of(PROTO_UDP, "HTTPS", "TLS", 1, METHOD_NONE), METHOD_UDP);
	assert_int_equal(method_of(PROTO_ICMP, "", "", -1, METHOD_NONE), METHOD_ICMP);
	assert_int_equal(method_of(PROTO_ICMPV6, "", "", -1, METHOD_NONE), METHOD_ICMP);
	assert_int_equal(
	    method_of(PROTO_SCTP, "Diameter", "", -1, METHOD_NONE), METHOD_NONE);
	assert_int_equal(method_of(PROTO_NONE, "", "", -1, METHOD_NONE), METHOD_NONE);
}

/* A method is chosen for TCP; nothing makes a TCP probe of another protocol. */
static void
stated_method(void **state)
{
	(void)state;
	assert_int_equal(
	    method_of(PROTO_TCP, "HTTPS", "TLS", 1, METHOD_SYN), METHOD_SYN);
	assert_int_equal(
	    method_of(PROTO_TCP, "SSH", "SSH", -1, METHOD_CONNECT), METHOD_CONNECT);
	assert_int_equal(
	    method_of(PROTO_UDP, "SNMP", "", -1, METHOD_CONNECT), METHOD_UDP);
	assert_int_equal(method_of(PROTO_ICMP, "", "", -1, METHOD_SYN), METHOD_ICMP);
	assert_int_equal(
	    method_of(PROTO_SCTP, "", "", -1, METHOD_CONNECT), METHOD_NONE);
}

static void
udp_payload_by_application(void **state)
{
	static const struct {
		const char *application;
		enum payload_kind want;
	} cases[] = {
		{ "SNMP", PAYLOAD_SNMP },
		{ "snmp", PAYLOAD_SNMP },
		{ "SNMP queries", PAYLOAD_SNMP },
		{ "SNMP trap", PAYLOAD_OFF },
		{ "SNMP traps", PAYLOAD_OFF },
		{ "SNMP-trap", PAYLOAD_OFF },
		{ "NTP", PAYLOAD_NTP },
		{ "DNS", PAYLOAD_DNS },
		{ "DNSSEC", PAYLOAD_NONE },
		{ "RADIUS", PAYLOAD_RADIUS },
		{ "SIP", PAYLOAD_SIP },
		{ "SIPS", PAYLOAD_NONE },
		{ "TFTP", PAYLOAD_TFTP },
		{ "syslog", PAYLOAD_OFF },
		{ "Syslog (UDP)", PAYLOAD_OFF },
		{ "NetFlow", PAYLOAD_OFF },
		{ "IPFIX", PAYLOAD_OFF },
		{ "sFlow", PAYLOAD_OFF },
		{ "RTP", PAYLOAD_OFF },
		{ "RTCP", PAYLOAD_OFF },
		{ "", PAYLOAD_NONE },
		{ "Wireguard", PAYLOAD_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum payload_kind got = method_payload(cases[i].application);

		if (got != cases[i].want)
			fail_msg("\"%s\": payload %d, want %d", cases[i].application,
			    (int)got, (int)cases[i].want);
	}
}

static void
who_answers_everybody(void **state)
{
	(void)state;
	for (int k = PAYLOAD_DEFAULT; k <= PAYLOAD_BYTES; k++)
		assert_int_equal(method_expects_reply((enum payload_kind)k),
		    k == PAYLOAD_NTP || k == PAYLOAD_DNS);
}

/*
 * The shipped catalogues, whose authors chose the words: no receiver of logs, traps or
 * flows may get a datagram that it would write down, and whatever states TLS or SSL in
 * a protocol that begins with it is probed so.
 */
static void
shipped_words(void **state)
{
	static const char *const names[] = { "sevone-nms", "prognosis", "psm", "sesam",
		"flowmon" };
	static const uint16_t receivers[] = { 162, 514, 1514, 2055, 6343, 9996 };
	const char *srcdir = getenv("srcdir");
	unsigned seen = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		char *file = mem_printf("%s/conf/catalogues/%s.cfg",
		    srcdir != NULL ? srcdir : ".", names[i]);
		struct diag *d = diag_new();
		struct catalogue *c = catalogue_read(file, d);

		assert_non_null(c);
		for (size_t k = 0; k < c->nservices; k++) {
			const struct service *s = &c->services[k];

			for (size_t r = 0; r < COUNT(receivers); r++) {
				if (s->protocol != PROTO_UDP ||
				    atoi(s->ports) != receivers[r])
					continue;
				seen++;
				if (s->payload.kind != PAYLOAD_OFF &&
				    method_payload(s->application) != PAYLOAD_OFF)
					fail_msg("%s/%s: udp/%s is sent a datagram",
					    c->name, s->name, s->ports);
			}
		}
		catalogue_free(c);
		diag_free(d);
		free(file);
	}
	assert_true(seen >= 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tcp_by_application_and_encryption),
		cmocka_unit_test(other_protocols),
		cmocka_unit_test(stated_method),
		cmocka_unit_test(udp_payload_by_application),
		cmocka_unit_test(who_answers_everybody),
		cmocka_unit_test(shipped_words),
	};

	return cmocka_run_group_tests_name("method", tests, NULL, NULL);
}
