/* Which ports a row has, what is sent to them, and what belongs together. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "planfix.h"
#include "model/reason.h"

#define HOSTS                                                                      \
	"hosts = ({ name = 'me'; local = true; roles = ['app:client']; },"         \
	"{ name = 's2'; id = 2; address = '192.0.2.2'; roles = ['app:server']; }," \
	"{ name = 's3'; id = 3; address = '192.0.2.3'; roles = ['app:server']; });"

static const struct probe_spec *
spec_of(const struct plan *p, const char *name)
{
	const struct check *c = planfix_check(p, name);

	if (c->nprobes == 0)
		fail_msg("%s is not probed", name);
	return &p->specs[p->endpoints[p->check_probes[c->first_probe]].spec];
}

static void
ports_are(const struct plan *p, const char *name, const char *ports)
{
	const char *have = planfix_ports(p, name);

	if (strcmp(have, ports) != 0)
		fail_msg("%s: ports %s, want %s", name, have, ports);
}

/* ---- parameters */

#define BASE                                                                 \
	"% parameters = ( { name = 'base'; default = 1960; max = 60000; }, " \
	"{ name = 'drive'; default = [1]; max = 50000; } );\n"
static const char computed[] = BASE "1 base tcp ${base}+4 client server\n"
				    "2 drives tcp 11701+${drive} client server\n";

static void
parameters_by_default_and_site(void **state)
{
	struct plan *p = planfix(computed, HOSTS);

	(void)state;
	ports_are(p, "app/base@s2", "1964");
	ports_are(p, "app/drives@s2", "11702");
	plan_unref(p);
	p = planfix(computed, HOSTS "parameters = { base = 2000; "
				    "app = { drive = [1, 2, 5]; }; };");
	ports_are(p, "app/base@s2", "2004");
	ports_are(p, "app/drives@s2", "11702-11703,11706");
	plan_unref(p);
	/* What is for the catalogue goes before what is for all, in either order. */
	p = planfix(
	    computed, HOSTS "parameters = { app = { base = 3000; }; base = 2000; };");
	ports_are(p, "app/base@s2", "3004");
	plan_unref(p);
	p = planfix(
	    computed, HOSTS "parameters = { base = 2000; app = { base = 3000; }; };");
	ports_are(p, "app/base@s2", "3004");
	plan_unref(p);
	/* No drive: nothing is documented for the host. */
	p = planfix(computed, HOSTS "parameters = { drive = [ ]; };");
	PLANFIX_NAMES(p, "app/base@s2", "app/base@s3");
	plan_unref(p);
}

/* The nearest says it: host, instance, site, and at last the document's default. */
static void
parameters_by_host_and_instance(void **state)
{
	struct plan *p = planfix(computed,
	    "parameters = { base = 2000; };"
	    "instances = ({ catalogue = 'app'; name = 'app-b'; number = 10001; "
	    "parameters = { base = 3000; }; },"
	    "{ catalogue = 'app'; name = 'app-c'; number = 10002; });"
	    "hosts = ({ name = 'me'; local = true; roles = ['app:client', "
	    "'app-b:client', 'app-c:client']; },"
	    "{ name = 's2'; id = 2; roles = ['app:server', 'app-b:server', "
	    "'app-c:server']; },"
	    "{ name = 's3'; id = 3; roles = ['app:server', 'app-b:server']; "
	    "parameters = { base = 4000; app-b = { drive = [2, 3]; }; }; });");

	(void)state;
	PLANFIX_NAMES(p, "app/base@s2", "app/base@s3", "app/drives@s2", "app/drives@s3",
	    "app-b/base@s2", "app-b/base@s3", "app-b/drives@s2", "app-b/drives@s3",
	    "app-c/base@s2", "app-c/drives@s2");
	ports_are(p, "app/base@s2", "2004");
	ports_are(p, "app/base@s3", "4004");
	ports_are(p, "app-b/base@s2", "3004");
	ports_are(p, "app-b/base@s3", "4004");
	ports_are(p, "app-c/base@s2", "2004");
	ports_are(p, "app/drives@s3", "11702");
	ports_are(p, "app-b/drives@s3", "11703-11704");
	assert_int_equal(p->ncats, 3);
	assert_int_equal(p->cats[1].number, 10001);
	assert_int_equal(p->cats[1].first_check, 4);
	assert_int_equal(p->cats[1].nchecks, 4);
	assert_true(plan_find(p, 10001, 1, 3) == 5);
	plan_unref(p);
}

/* What is for the instance goes before what is for its document, in either order. */
static void
parameters_of_an_instance_and_its_document(void **state)
{
	static const char *const orders[] = {
		"parameters = { app = { base = 2000; }; app-b = { base = 3000; }; };",
		"parameters = { app-b = { base = 3000; }; app = { base = 2000; }; };"
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char site[1024];
		struct plan *p;

		snprintf(site, sizeof(site),
		    "%sinstances = ({ catalogue = 'app'; name = 'app-b'; "
		    "number = 10001; });"
		    "hosts = ({ name = 'me'; local = true; roles = "
		    "['app:client', 'app-b:client']; },"
		    "{ name = 's2'; id = 2; roles = "
		    "['app:server', 'app-b:server']; });",
		    orders[i]);
		p = planfix(computed, site);
		ports_are(p, "app/base@s2", "2004");
		ports_are(p, "app-b/base@s2", "3004");
		plan_unref(p);
	}
}

static void
ports_by_override(void **state)
{
	struct plan *p = planfix(computed,
	    HOSTS "overrides = ({ service = 'app/base'; ports = '${base}+5'; },"
		  "{ service = 'app/base'; host = 's3'; ports = '8443,9443'; });");

	(void)state;
	ports_are(p, "app/base@s2", "1965");
	ports_are(p, "app/base@s3", "8443,9443");
	plan_unref(p);
	p = planfix("1 web tcp 443 client server\n2 ping icmp - client server\n",
	    HOSTS "overrides = ({ service = 'app/*'; ports = '8443'; });");
	ports_are(p, "app/web@s2", "8443");
	ports_are(p, "app/ping@s2", "");
	plan_unref(p);
	planfix_error(computed,
	    HOSTS "\noverrides = ({ service = 'app/base'; host = 's3'; "
		  "ports = '${base}+64000'; });",
	    "site.cfg:3: ports \"${base}+64000\" of app/base on s3: \"${base}+64000\" "
	    "gives port 65960, outside 1..65535");
}

/* ---- which ports of a set are probed */

static void
sampled(const char *ports, const char *overrides, unsigned probes, enum reason idle)
{
	char services[128];
	char site[1024];
	struct plan *p;

	snprintf(services, sizeof(services),
	    "1 range tcp %s client server policy = 'any';\n", ports);
	snprintf(site, sizeof(site), "%s%s", HOSTS, overrides);
	p = planfix(services, site);
	assert_int_equal(planfix_check(p, "app/range@s2")->nprobes, probes);
	assert_int_equal(planfix_check(p, "app/range@s2")->idle, idle);
	plan_unref(p);
}

static void
whole_sets_and_samples(void **state)
{
	static const char some[] = "overrides = ({ service = 'app/range'; host = 's2'; "
				   "sample-ports = '7000,7005-7006'; });";

	(void)state;
	sampled("7000-7015", "", 16, REASON_NONE);
	sampled("7000-7016", "", 0, REASON_NO_SAMPLE);
	sampled("7000-7999", some, 3, REASON_NONE);
	sampled("7000-7015", some, 3, REASON_NONE);
}

/* A pattern reaches rows whose ports are others: those are probed as they are. */
static void
samples_of_a_pattern(void **state)
{
	struct plan *p = planfix("1 web tcp 443 client server\n"
				 "2 range tcp 7000-7999 client server policy = 'any';\n"
				 "3 other tcp 8000-8999 client server policy = 'any';\n"
				 "4 few tcp 7001,9000 client server policy = 'any';\n",
	    HOSTS "overrides = ({ service = 'app/*'; host = 's2'; "
		  "sample-ports = '7000-7002,7999-8001'; });");
	const struct check *web = planfix_check(p, "app/web@s2");

	(void)state;
	assert_int_equal(web->nprobes, 1);
	assert_int_equal(p->endpoints[p->check_probes[web->first_probe]].port, 443);
	assert_int_equal(planfix_check(p, "app/range@s2")->nprobes, 4);
	assert_int_equal(planfix_check(p, "app/other@s2")->nprobes, 2);
	assert_int_equal(planfix_check(p, "app/few@s2")->nprobes, 1);
	plan_unref(p);
}

/* ---- one endpoint for all who look at it */

static void
endpoints_are_shared(void **state)
{
	struct plan *p = planfix("1 a tcp 443 client server\n"
				 "2 b tcp 443 client server application = 'JMX';\n"
				 "3 c tcp 443-444 client server policy = 'every';\n"
				 "4 d udp 443 client server\n",
	    HOSTS "overrides = ({ service = 'app/b'; host = 's2'; interval = 10; });");
	const struct check *a = planfix_check(p, "app/a@s2");
	const struct check *c = planfix_check(p, "app/c@s2");
	const struct endpoint *e = &p->endpoints[p->check_probes[a->first_probe]];

	(void)state;
	/* tcp 443, tcp 444 and udp 443 of two hosts */
	assert_int_equal(p->nendpoints, 6);
	assert_int_equal(p->hosts[1].nendpoints, 3);
	assert_int_equal(e->port, 443);
	assert_int_equal(e->nchecks, 3);
	/* as often as the most eager of them */
	assert_int_equal(e->interval, 10);
	assert_int_equal(c->nprobes, 2);
	/* Each endpoint lists those that list it. */
	for (uint32_t i = 0; i < p->nchecks; i++) {
		for (uint32_t k = 0; k < p->checks[i].nprobes; k++) {
			uint32_t at = p->check_probes[p->checks[i].first_probe + k];
			const struct endpoint *ep = &p->endpoints[at];
			unsigned found = 0;

			assert_int_equal(ep->host, p->checks[i].host);
			for (uint32_t j = 0; j < ep->nchecks; j++)
				found += p->probe_checks[ep->first_check + j] == i;
			assert_int_equal(found, 1);
		}
	}
	plan_unref(p);
}

/* The same port asked in two ways is two pieces of work. */
static void
different_questions_are_not_shared(void **state)
{
	struct plan *p = planfix(
	    "1 plain tcp 443 client server\n"
	    "2 tls tcp 443 client server application = 'HTTPS'; encryption = 'TLS';\n"
	    "3 snmp udp 161 client server application = 'SNMP';\n"
	    "4 any udp 161 client server\n",
	    HOSTS);

	(void)state;
	assert_int_equal(p->hosts[1].nendpoints, 4);
	assert_int_equal(planfix_check(p, "app/plain@s2")->method, METHOD_CONNECT);
	assert_int_equal(planfix_check(p, "app/tls@s2")->method, METHOD_TLS);
	assert_int_equal(planfix_check(p, "app/tls@s2")->flags & CHECK_TLS, CHECK_TLS);
	assert_int_equal(spec_of(p, "app/snmp@s2")->payload.kind, PAYLOAD_SNMP);
	assert_int_equal(spec_of(p, "app/any@s2")->payload.kind, PAYLOAD_NONE);
	plan_unref(p);
}

/* ---- what is sent */

static void
idle_is(const struct plan *p, const char *name, enum reason idle)
{
	assert_int_equal(planfix_check(p, name)->nprobes, 0);
	assert_int_equal(planfix_check(p, name)->method, METHOD_NONE);
	assert_int_equal(planfix_check(p, name)->idle, idle);
}

static const char datagrams[] =
    "1 trap udp 162 client server application = 'SNMP trap';\n"
    "2 radius udp 1812 client server application = 'RADIUS';\n"
    "3 ntp udp 123 client server application = 'NTP';\n"
    "4 own udp 4000 client server payload = 'text:PING'; reply = 'PONG';\n"
    "5 sctp sctp 3868 client server\n"
    "6 snmp udp 161 client server application = 'SNMP';\n";

static void
payload_by_document(void **state)
{
	struct plan *p = planfix(datagrams, HOSTS);
	const struct probe_spec *own = spec_of(p, "app/own@s2");

	(void)state;
	idle_is(p, "app/trap@s2", REASON_PAYLOAD_OFF);
	/* Without the secret no RADIUS server answers. */
	idle_is(p, "app/radius@s2", REASON_NO_SECRET);
	idle_is(p, "app/sctp@s2", REASON_PROTOCOL);
	assert_true(spec_of(p, "app/ntp@s2")->expect_reply);
	assert_int_equal(own->payload.kind, PAYLOAD_BYTES);
	assert_memory_equal(own->payload.bytes, "PING", 4);
	assert_string_equal(own->reply, "PONG");
	assert_false(own->expect_reply);
	plan_unref(p);
}

static void
payload_by_site(void **state)
{
	struct plan *p = planfix(datagrams,
	    HOSTS "timeout-ms = 900; overrides = ("
		  "{ service = 'app/trap'; host = 's2'; payload = 'none'; },"
		  "{ service = 'app/radius'; host = 's2'; secret-file = '/s'; },"
		  "{ service = 'app/ntp'; host = 's2'; expect-reply = false; "
		  "timeout-ms = 100; },"
		  "{ service = 'app/snmp'; host = 's2'; community = 'public'; });");

	(void)state;
	assert_int_equal(spec_of(p, "app/trap@s2")->payload.kind, PAYLOAD_NONE);
	idle_is(p, "app/trap@s3", REASON_PAYLOAD_OFF);
	assert_int_equal(spec_of(p, "app/radius@s2")->payload.kind, PAYLOAD_RADIUS);
	assert_string_equal(spec_of(p, "app/radius@s2")->secret_file, "/s");
	assert_false(spec_of(p, "app/ntp@s2")->expect_reply);
	assert_int_equal(spec_of(p, "app/ntp@s2")->timeout_ms, 100);
	assert_int_equal(spec_of(p, "app/ntp@s3")->timeout_ms, 900);
	assert_string_equal(spec_of(p, "app/snmp@s2")->community, "public");
	assert_string_equal(spec_of(p, "app/snmp@s3")->community, "");
	plan_unref(p);
}

/* ---- alternatives and groups */

static const char either[] = "1 ldap tcp 389 client server alternative = 'ldap';\n"
			     "2 ldaps tcp 636 client server alternative = 'ldap';\n"
			     "3 gc tcp 3268 client server alternative = 'ldap';\n"
			     "4 web tcp 443 client server\n";

static void
alternatives(void **state)
{
	struct plan *p = planfix(either, HOSTS);
	const struct check *ldap = planfix_check(p, "app/ldap@s3");
	const struct plan_alternative *a;

	(void)state;
	/* one for each host, never over two hosts */
	assert_int_equal(p->nalternatives, 2);
	assert_int_not_equal(ldap->alternative, 0);
	a = &p->alternatives[ldap->alternative - 1];
	assert_int_equal(a->n, 3);
	/* The first, which carries verdict and alarm, has the lowest number. */
	assert_ptr_equal(&p->checks[a->members[0]], ldap);
	assert_ptr_equal(&p->checks[a->members[2]], planfix_check(p, "app/gc@s3"));
	assert_int_equal(planfix_check(p, "app/web@s3")->alternative, 0);
	assert_int_not_equal(
	    planfix_check(p, "app/ldap@s2")->alternative, ldap->alternative);
	plan_unref(p);
}

/* One that is never judged is no alternative to one that is. */
static void
unjudged_are_no_alternative(void **state)
{
	struct plan *p = planfix(
	    "1 a tcp 1 client server alternative = 'x'; on-demand = true;\n"
	    "2 b tcp 2 client server alternative = 'x';\n",
	    HOSTS);

	(void)state;
	assert_int_equal(p->nalternatives, 0);
	assert_int_equal(planfix_check(p, "app/b@s2")->alternative, 0);
	plan_unref(p);
}

static void
groups(void **state)
{
	struct plan *p = planfix(either,
	    HOSTS "groups = ({ name = 'pair'; hosts = ['s2', 's3']; "
		  "services = ['app/web', 'app/g*']; need = 2; });");

	(void)state;
	assert_int_equal(p->ngroups, 1);
	assert_string_equal(p->groups[0].name, "pair");
	assert_int_equal(p->groups[0].n, 4);
	assert_int_equal(planfix_check(p, "app/web@s2")->group, 1);
	assert_int_equal(planfix_check(p, "app/gc@s3")->group, 1);
	assert_int_equal(planfix_check(p, "app/ldap@s3")->group, 0);
	plan_unref(p);
	planfix_error(either,
	    HOSTS "\ngroups = ({ name = 'pair'; hosts = ['s2', 's3']; "
		  "services = ['app/web']; need = 3; });",
	    "site.cfg:3: group \"pair\" needs 3 open ports, but only 2 checks belong "
	    "to it: see `svcport plan` for hosts and services");
	planfix_error(either,
	    HOSTS "\ngroups = ({ name = 'pair'; hosts = ['s2', 's3']; "
		  "services = ['app/web']; },\n{ name = 'other'; hosts = ['s3']; "
		  "services = ['app/*']; });",
	    "site.cfg:4: group \"other\": app/web@s3 belongs to group \"pair\" "
	    "already: "
	    "let only one of them name it");
}

static void
what_must_be_closed_is_in_no_group(void **state)
{
	struct plan *p = planfix("1 a tcp 1 client server\n"
				 "2 b tcp 2 client server expect = 'closed';\n",
	    HOSTS "groups = ({ name = 'pair'; hosts = ['s2', 's3']; "
		  "services = ['app/*']; });");

	(void)state;
	assert_int_equal(p->groups[0].n, 2);
	assert_int_equal(planfix_check(p, "app/a@s2")->group, 1);
	assert_int_equal(planfix_check(p, "app/b@s2")->group, 0);
	plan_unref(p);
}

/* ---- hosts */

static uint16_t
from_store(void *arg, const char *name, const uint8_t *taken)
{
	unsigned *asked = arg;

	++*asked;
	assert_true((taken[0] & 0x0b) == 0x0b); /* 0, 1 and the 3 of s3 */
	return strcmp(name, "later") == 0 ? 9 : 2;
}

/* Numbers stay with names: given, stored, else counted around those that are taken. */
static void
host_numbers(void **state)
{
	static const char text[] =
	    "format = 1; hosts = ( { name = \"later\"; address = \"203.0.113.9\"; }, "
	    "{ name = \"s3\"; id = 3; address = \"2001:db8::3\"; }, "
	    "{ name = \"sooner\"; active-when = \"192.0.2.7\"; } );";
	unsigned asked = 0;
	const struct host_numbers numbers = { from_store, &asked };
	struct catalogue_list list = { 0 };
	struct diag *d = diag_new();
	struct plan *p = plan_new(
	    site_parse("s", text, strlen(text), d), &list, "me", &numbers, d);

	(void)state;
	assert_non_null(p);
	assert_int_equal(asked, 2);
	assert_int_equal(p->nhosts, 4);
	assert_string_equal(p->hosts[0].name, "me");
	assert_true(p->hosts[0].local);
	assert_null(p->hosts[0].site);
	assert_string_equal(p->hosts[1].name, "sooner");
	assert_string_equal(p->hosts[1].address, "sooner");
	assert_int_equal(p->hosts[1].addr.family, 0);
	assert_int_not_equal(p->hosts[1].active_when.family, 0);
	assert_int_equal(p->hosts[2].number, 3);
	assert_int_not_equal(p->hosts[2].addr.family, 0);
	assert_string_equal(p->hosts[3].name, "later");
	plan_unref(p);

	p = plan_new(site_parse("s", text, strlen(text), d), &list, "me", NULL, d);
	assert_string_equal(p->hosts[1].name, "later");
	assert_int_equal(p->hosts[1].number, 2);
	assert_string_equal(p->hosts[3].name, "sooner");
	assert_int_equal(p->hosts[3].number, 4);
	plan_unref(p);
	diag_free(d);
}

static void
found_by_number_and_name(void **state)
{
	struct plan *p = planfix(either, HOSTS);
	char name[PLAN_NAME_MAX];
	char cited[64];

	(void)state;
	for (uint32_t i = 0; i < p->nchecks; i++) {
		const struct check *c = &p->checks[i];

		assert_int_equal(plan_find(p, 7, plan_service(p, c)->number,
				     p->hosts[c->host].number),
		    i);
		assert_int_equal(plan_find_name(p, plan_check_name(p, c, name)), i);
	}
	assert_int_equal(plan_find(p, 7, 1, 1), -1);
	assert_int_equal(plan_find(p, 7, 5, 2), -1);
	assert_int_equal(plan_find(p, 6, 1, 2), -1);
	assert_int_equal(plan_find_name(p, "app/ldap@me"), -1);
	assert_string_equal(
	    plan_citation(p, planfix_check(p, "app/gc@s2"), cited, sizeof(cited)),
	    "The Document, Section, line 3");
	plan_unref(p);
}

/* A pair of which one has no such row is told. */
static void
group_of_a_host_without_a_row(void **state)
{
	(void)state;
	planfix_warning("1 web tcp 443 client server\n2 names udp 53 client DNS\n",
	    "hosts = ({ name = 'me'; local = true; roles = ['app:client']; },"
	    "{ name = 's2'; id = 2; roles = ['app:server']; },"
	    "{ name = 'd3'; id = 3; roles = ['app:DNS']; });"
	    "\ngroups = ({ name = 'pair'; hosts = ['s2', 'd3']; "
	    "services = ['app/web']; });",
	    "site.cfg:3: warning: group \"pair\": no check on host \"d3\" belongs to "
	    "it: see `svcport plan`");
}

/* The site's tls goes before the method that the catalogue states, its method before
 * both. */
static void
tls_of_the_site_and_method_of_the_catalogue(void **state)
{
	static const char services[] =
	    "1 plain tcp 1 client server application = 'HTTPS'; encryption = 'TLS'; "
	    "method = 'connect';\n"
	    "2 tls tcp 2 client server method = 'tls';\n"
	    "3 half tcp 3 client server method = 'syn';\n";
	struct plan *p = planfix(services, HOSTS);

	(void)state;
	assert_int_equal(spec_of(p, "app/plain@s2")->method, METHOD_CONNECT);
	assert_int_equal(spec_of(p, "app/tls@s2")->method, METHOD_TLS);
	plan_unref(p);
	p = planfix(services,
	    HOSTS "overrides = ({ service = 'app/plain'; tls = true; },"
		  "{ service = 'app/plain'; host = 's3'; method = 'greeting'; },"
		  "{ service = 'app/tls'; tls = false; },"
		  "{ service = 'app/half'; tls = false; });");
	assert_int_equal(spec_of(p, "app/plain@s2")->method, METHOD_TLS);
	assert_int_equal(spec_of(p, "app/plain@s3")->method, METHOD_GREETING);
	assert_int_equal(spec_of(p, "app/tls@s2")->method, METHOD_CONNECT);
	assert_int_equal(spec_of(p, "app/half@s2")->method, METHOD_SYN);
	plan_unref(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_by_default_and_site),
		cmocka_unit_test(parameters_by_host_and_instance),
		cmocka_unit_test(parameters_of_an_instance_and_its_document),
		cmocka_unit_test(ports_by_override),
		cmocka_unit_test(whole_sets_and_samples),
		cmocka_unit_test(samples_of_a_pattern),
		cmocka_unit_test(endpoints_are_shared),
		cmocka_unit_test(different_questions_are_not_shared),
		cmocka_unit_test(payload_by_document),
		cmocka_unit_test(payload_by_site),
		cmocka_unit_test(alternatives),
		cmocka_unit_test(unjudged_are_no_alternative),
		cmocka_unit_test(groups),
		cmocka_unit_test(what_must_be_closed_is_in_no_group),
		cmocka_unit_test(host_numbers),
		cmocka_unit_test(found_by_number_and_name),
		cmocka_unit_test(tls_of_the_site_and_method_of_the_catalogue),
		cmocka_unit_test(group_of_a_host_without_a_row),
	};

	return cmocka_run_group_tests_name("plan_probe", tests, NULL, NULL);
}
