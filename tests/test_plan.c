/* Which rows a site makes of a catalogue, and what is expected of each. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "planfix.h"
#include "model/reason.h"

/* A client connects to a server, servers to each other, and all to a name server. */
static const char three[] = "1 web tcp 443 client server\n"
			    "2 sync tcp 7000 server server\n"
			    "3 names tcp 53 server DNS\n";

#define S2          "{ name = 's2'; id = 2; address = '192.0.2.2'; roles = ['app:server']; }"
#define C3          "{ name = 'c3'; id = 3; address = '192.0.2.3'; roles = ['app:client']; }"
#define D4          "{ name = 'd4'; id = 4; address = '192.0.2.4'; roles = ['app:DNS']; }"
#define SERVER_HERE "{ name = 'me'; local = true; roles = ['app:server']; }"
#define CLIENT_HERE "{ name = 'me'; local = true; roles = ['app:client']; }"

static void
why_is(const struct plan *p, const char *name, enum check_why why, const char *words)
{
	const struct check *c = planfix_check(p, name);
	char text[256];

	assert_int_equal(c->why, why);
	assert_string_equal(plan_why(p, c, text, sizeof(text)), words);
}

/* ---- roles and viewpoint */

/* Without any role everything documented is shown for this host, and nobody is paged.
 */
static void
no_roles(void **state)
{
	struct plan *p = planfix(three, "");

	(void)state;
	PLANFIX_NAMES(p, "app/web@here", "app/sync@here", "app/names@here");
	assert_false(p->roles_here);
	for (uint32_t i = 0; i < p->nchecks; i++) {
		assert_int_equal(p->checks[i].flags, CHECK_LISTEN | CHECK_NO_ROLE);
		assert_int_equal(p->checks[i].expected, EXPECTED_REQUIRED);
		assert_int_equal(p->checks[i].nprobes, 0);
	}
	assert_int_equal(p->nendpoints, 0);
	why_is(p, "app/names@here", WHY_NO_ROLES,
	    "no host has a role: every documented port is shown");
	plan_unref(p);
}

static void
server_here(void **state)
{
	struct plan *p = planfix(
	    three, "hosts = (" SERVER_HERE "," S2 "," C3 "," D4 ");");

	(void)state;
	PLANFIX_NAMES(p, "app/web@me", "app/sync@me", "app/sync@s2", "app/names@d4");
	assert_true(p->roles_here);
	assert_int_equal(planfix_check(p, "app/web@me")->flags, CHECK_LISTEN);
	assert_int_equal(planfix_check(p, "app/sync@s2")->flags, CHECK_CONNECT);
	why_is(
	    p, "app/web@me", WHY_PLAYS_TO, "this host is app:server, used by client");
	why_is(
	    p, "app/sync@me", WHY_PLAYS_TO, "this host is app:server, used by server");
	why_is(p, "app/sync@s2", WHY_PLAYS_FROM,
	    "this host is app:server, s2 plays server");
	why_is(
	    p, "app/names@d4", WHY_PLAYS_FROM, "this host is app:server, d4 plays DNS");
	plan_unref(p);
}

static void
client_here(void **state)
{
	struct plan *p = planfix(
	    three, "hosts = (" CLIENT_HERE "," S2 "," C3 "," D4 ");");

	(void)state;
	PLANFIX_NAMES(p, "app/web@s2");
	why_is(p, "app/web@s2", WHY_PLAYS_FROM,
	    "this host is app:client, s2 plays server");
	plan_unref(p);
}

/* Of several roles in a line only those are named that the two hosts play. */
static void
several_roles_in_a_line(void **state)
{
	struct plan *p = planfix("1 x tcp 1 a,b b,c,d\n",
	    "hosts = ({ name = 'me'; local = true; roles = ['app:a', 'app:b']; },"
	    "{ name = 'r2'; id = 2; roles = ['app:c', 'app:d']; },"
	    "{ name = 'r3'; id = 3; roles = ['app:d']; });");

	(void)state;
	why_is(p, "app/x@me", WHY_PLAYS_TO, "this host is app:b, used by a;b");
	why_is(p, "app/x@r2", WHY_PLAYS_FROM, "this host is app:a;b, r2 plays c;d");
	why_is(p, "app/x@r3", WHY_PLAYS_FROM, "this host is app:a;b, r3 plays d");
	plan_unref(p);
}

static void
why_is_cut_at_size(void **state)
{
	struct plan *p = planfix(three, "hosts = (" SERVER_HERE ");");
	char text[13] = "############";

	(void)state;
	assert_string_equal(
	    plan_why(p, planfix_check(p, "app/web@me"), text, 12), "this host i");
	plan_unref(p);
}

/* "<-> between peers": a host is never its own peer. */
static void
never_its_own_peer(void **state)
{
	struct plan *p = planfix(three, "hosts = (" SERVER_HERE ");");

	(void)state;
	PLANFIX_NAMES(p, "app/web@me", "app/sync@me");
	assert_int_equal(planfix_check(p, "app/sync@me")->flags, CHECK_LISTEN);
	assert_int_equal(p->nendpoints, 0);
	plan_unref(p);
}

/* A host without a role of its own, among hosts that have some: the central poller. */
static void
central_poller(void **state)
{
	struct plan *p = planfix(three, "hosts = (" S2 "," C3 "," D4 ");");

	(void)state;
	PLANFIX_NAMES(p, "app/web@s2", "app/sync@s2", "app/names@d4");
	assert_int_equal(
	    planfix_check(p, "app/web@s2")->flags, CHECK_CONNECT | CHECK_FOREIGN);
	why_is(p, "app/web@s2", WHY_VIEWPOINT,
	    "s2 plays app:server; seen from here, not from client");
	plan_unref(p);

	p = planfix(three, "hosts = (" S2 "," C3 "," D4 "); viewpoint = 'roles';");
	assert_int_equal(p->nchecks, 0);
	plan_unref(p);
}

/* With "all" what this host connects to is its own business; only the rest is foreign.
 */
static void
viewpoint_all(void **state)
{
	struct plan *p = planfix(three,
	    "hosts = (" SERVER_HERE "," S2 "," C3 "," D4 "); viewpoint = 'all';");

	(void)state;
	PLANFIX_NAMES(p, "app/web@me", "app/web@s2", "app/sync@me", "app/sync@s2",
	    "app/names@d4");
	assert_int_equal(
	    planfix_check(p, "app/web@s2")->flags, CHECK_CONNECT | CHECK_FOREIGN);
	assert_int_equal(planfix_check(p, "app/sync@s2")->flags, CHECK_CONNECT);
	plan_unref(p);
}

/* ---- what is expected */

static const char featured[] =
    "1 req tcp 101 client server feature = 'f';\n"
    "2 rec tcp 102 client server feature = 'f'; expect = 'recommended';\n"
    "3 closed tcp 103 client server feature = 'f'; expect = 'closed';\n"
    "4 local tcp 104 client server feature = 'f'; scope = 'local';\n"
    "5 helper tcp 105 server DNS\n";

static void
expects(const struct plan *p, const char *name, enum expected expected, unsigned flags)
{
	static const unsigned asked = CHECK_FEATURE_OFF | CHECK_VERSION_OFF |
	                              CHECK_LOCAL_REQUIRED | CHECK_OUTSIDE;
	const struct check *c = planfix_check(p, name);

	if (c->expected != expected)
		fail_msg("%s: %s, want %s", name,
		    types_expected((enum expected)c->expected),
		    types_expected(expected));
	assert_int_equal(c->flags & asked, flags);
}

static void
feature_off_and_on(void **state)
{
	struct plan *p = planfix(featured, "hosts = (" SERVER_HERE "," D4 ");");

	(void)state;
	expects(p, "app/req@me", EXPECTED_OPTIONAL, CHECK_FEATURE_OFF);
	expects(p, "app/rec@me", EXPECTED_OPTIONAL, CHECK_FEATURE_OFF);
	expects(p, "app/closed@me", EXPECTED_UNSPECIFIED, CHECK_FEATURE_OFF);
	/* From outside it must not be reachable, whether in use or not. */
	expects(p, "app/local@me", EXPECTED_LOCAL, CHECK_FEATURE_OFF);
	expects(p, "app/helper@d4", EXPECTED_REQUIRED, 0);
	plan_unref(p);

	p = planfix(
	    featured, "features = ['app:f']; hosts = (" SERVER_HERE "," D4 ");");
	expects(p, "app/req@me", EXPECTED_REQUIRED, 0);
	expects(p, "app/rec@me", EXPECTED_RECOMMENDED, 0);
	expects(p, "app/closed@me", EXPECTED_CLOSED, 0);
	expects(p, "app/local@me", EXPECTED_LOCAL, CHECK_LOCAL_REQUIRED);
	plan_unref(p);
}

/* A host's own feature is not its neighbour's. */
static void
feature_of_a_host(void **state)
{
	struct plan *p = planfix(featured,
	    "hosts = (" CLIENT_HERE "," S2 ", { name = 's3'; id = 3; "
	    "roles = ['app:server']; features = ['app:f']; });");

	(void)state;
	expects(p, "app/req@s2", EXPECTED_OPTIONAL, CHECK_FEATURE_OFF);
	expects(p, "app/req@s3", EXPECTED_REQUIRED, 0);
	/* From elsewhere a local port has to be closed, whoever needs it over there. */
	expects(p, "app/local@s3", EXPECTED_LOCAL, 0);
	plan_unref(p);
}

static void
versions(void **state)
{
	static const char catalogue[] = "1 old tcp 1 client server versions = '< 6';\n"
					"2 any tcp 2 client server\n";
	struct plan *p = planfix(catalogue, "hosts = (" SERVER_HERE ");");

	(void)state;
	expects(p, "app/old@me", EXPECTED_REQUIRED, 0);
	plan_unref(p);
	p = planfix(catalogue, "versions = ['app:5.9']; hosts = (" SERVER_HERE ");");
	expects(p, "app/old@me", EXPECTED_REQUIRED, 0);
	plan_unref(p);
	p = planfix(catalogue, "versions = ['app:6.0']; hosts = (" SERVER_HERE ");");
	expects(p, "app/old@me", EXPECTED_UNSPECIFIED, CHECK_VERSION_OFF);
	expects(p, "app/any@me", EXPECTED_REQUIRED, 0);
	plan_unref(p);
}

/* What the site says outweighs feature and document; the last one to say it counts. */
static void
overrides(void **state)
{
	struct plan *p = planfix(featured,
	    "interval = 30; hold = 5; overrides = ("
	    "{ service = 'app/*'; host = 's2'; expect = 'recommended'; hold = 60; "
	    "severity = 'minor'; raise-after = 3; },"
	    "{ service = 'app/req'; host = '*'; interval = 10; clear-after = 4; },"
	    "{ service = 'app/req'; host = 's[12]'; hold = 0; });"
	    "hosts = (" CLIENT_HERE "," S2 ", { name = 's3'; id = 3; interval = 20; "
	    "roles = ['app:server']; });");
	const struct check *c = planfix_check(p, "app/req@s2");

	(void)state;
	expects(p, "app/req@s2", EXPECTED_RECOMMENDED, 0);
	expects(p, "app/req@s3", EXPECTED_OPTIONAL, CHECK_FEATURE_OFF);
	assert_int_equal(c->hold, 0);
	assert_int_equal(c->interval, 10);
	assert_int_equal(c->severity, SEVERITY_MINOR);
	assert_int_equal(c->raise_after, 3);
	assert_int_equal(c->clear_after, 4);
	c = planfix_check(p, "app/rec@s2");
	assert_int_equal(c->hold, 60);
	assert_int_equal(c->interval, 30);
	c = planfix_check(p, "app/rec@s3");
	assert_int_equal(c->hold, 5);
	assert_int_equal(c->interval, 20);
	assert_int_equal(c->severity, 0);
	plan_unref(p);
}

static void
override_of_scope(void **state)
{
	struct plan *p = planfix(three,
	    "overrides = ({ service = 'app/web'; scope = 'local'; });"
	    "hosts = (" SERVER_HERE "," S2 "); viewpoint = 'all';");

	(void)state;
	expects(p, "app/web@me", EXPECTED_LOCAL, CHECK_LOCAL_REQUIRED);
	expects(p, "app/web@s2", EXPECTED_LOCAL, 0);
	plan_unref(p);
}

/* Local is a matter of its own: it holds also where nothing is expected, but not in a
 * version that does not have the line. */
static void
scope_of_what_is_unspecified(void **state)
{
	static const char unspecified[] =
	    "1 spare tcp 101 client server expect = 'unspecified'; scope = 'local'; "
	    "versions = '< 6';\n";
	struct plan *p = planfix(unspecified, "hosts = (" SERVER_HERE ");");

	(void)state;
	expects(p, "app/spare@me", EXPECTED_LOCAL, 0);
	plan_unref(p);
	p = planfix(unspecified, "versions = ['app:6.0']; hosts = (" SERVER_HERE ");");
	expects(p, "app/spare@me", EXPECTED_UNSPECIFIED, CHECK_VERSION_OFF);
	plan_unref(p);
}

/* Required between its own, not to be exposed to anybody else. */
static void
scope_from_is_closed_to_others(void **state)
{
	static const char nodes[] =
	    "1 vxlan udp 8472 server server feature = 'f'; scope = 'from';\n"
	    "2 web tcp 443 client server\n";
	const char *in_use = "features = ['app:f']; viewpoint = 'all'; ";
	char site[512];
	struct plan *p;

	(void)state;
	snprintf(site, sizeof(site), "%shosts = (" SERVER_HERE "," S2 ");", in_use);
	p = planfix(nodes, site);
	expects(p, "app/vxlan@me", EXPECTED_REQUIRED, 0);
	expects(p, "app/vxlan@s2", EXPECTED_REQUIRED, 0);
	plan_unref(p);

	snprintf(site, sizeof(site), "%shosts = (" CLIENT_HERE "," S2 ");", in_use);
	p = planfix(nodes, site);
	expects(p, "app/vxlan@s2", EXPECTED_CLOSED, CHECK_OUTSIDE);
	expects(p, "app/web@s2", EXPECTED_REQUIRED, 0);
	assert_true((planfix_check(p, "app/vxlan@s2")->flags & CHECK_FOREIGN) != 0);
	plan_unref(p);

	/* Who does not look at others has no opinion of them. */
	p = planfix(nodes, "features = ['app:f']; hosts = (" CLIENT_HERE "," S2 ");");
	assert_int_equal(plan_find_name(p, "app/vxlan@s2"), -1);
	plan_unref(p);

	/* Without the feature the port may be anything, as before. */
	p = planfix(nodes, "viewpoint = 'all'; hosts = (" CLIENT_HERE "," S2 ");");
	expects(p, "app/vxlan@s2", EXPECTED_OPTIONAL, CHECK_FEATURE_OFF);
	plan_unref(p);

	snprintf(site, sizeof(site),
	    "%soverrides = ({ service = 'app/web'; scope = 'from'; }, "
	    "{ service = 'app/vxlan'; scope = 'any'; }); hosts = ({ name = 'poller'; "
	    "local = true; }," S2 ");",
	    in_use);
	p = planfix(nodes, site);
	expects(p, "app/web@s2", EXPECTED_CLOSED, CHECK_OUTSIDE);
	expects(p, "app/vxlan@s2", EXPECTED_REQUIRED, 0);
	plan_unref(p);
}

/* ---- how a local row is observed */

static void
flags_are(const char *keys, unsigned flags)
{
	struct plan *p = planfix("1 x tcp 1 client server\n", keys);

	assert_int_equal(planfix_check(p, "app/x@me")->flags, flags);
	plan_unref(p);
}

static void
local_observation(void **state)
{
	(void)state;
	flags_are("hosts = (" SERVER_HERE ");", CHECK_LISTEN);
	flags_are("hosts = (" SERVER_HERE "); overrides = "
		  "({ service = 'app/x'; connect = true; });",
	    CHECK_LISTEN | CHECK_CONNECT);
	flags_are("hosts = (" SERVER_HERE "); overrides = "
		  "({ service = 'app/x'; observe = 'connect'; });",
	    CHECK_CONNECT);
	flags_are("hosts = (" SERVER_HERE "); overrides = "
		  "({ service = 'app/x'; observe = 'either'; });",
	    CHECK_LISTEN | CHECK_CONNECT | CHECK_EITHER);
	flags_are("hosts = (" SERVER_HERE "); overrides = "
		  "({ service = 'app/x'; observe = 'either'; }, "
		  "{ service = 'app/x'; observe = 'listen'; });",
	    CHECK_LISTEN);
}

static void
never_judged(void **state)
{
	static const char catalogue[] =
	    "1 data tcp 20 client server on-demand = true;\n"
	    "2 pool tcp 5000-5100 client server policy = 'pool';\n"
	    "3 ping icmp - client server\n"
	    "4 nothing none - - server expect = 'unspecified';\n";
	struct plan *p = planfix(catalogue, "hosts = (" SERVER_HERE ");");

	(void)state;
	/* A line without a port is documented, and nothing to check. */
	PLANFIX_NAMES(p, "app/data@me", "app/pool@me", "app/ping@me");
	assert_int_equal(
	    planfix_check(p, "app/data@me")->flags, CHECK_LISTEN | CHECK_UNJUDGED);
	assert_int_equal(
	    planfix_check(p, "app/pool@me")->flags, CHECK_LISTEN | CHECK_UNJUDGED);
	/* No socket shows an echo. */
	assert_int_equal(planfix_check(p, "app/ping@me")->flags, CHECK_UNJUDGED);
	assert_int_equal(planfix_check(p, "app/ping@me")->idle, REASON_PROTOCOL);
	plan_unref(p);

	p = planfix(catalogue, "hosts = (" CLIENT_HERE "," S2 ");");
	PLANFIX_NAMES(p, "app/data@s2", "app/pool@s2", "app/ping@s2");
	assert_int_equal(planfix_check(p, "app/data@s2")->nprobes, 0);
	assert_int_equal(planfix_check(p, "app/pool@s2")->nprobes, 0);
	assert_int_equal(planfix_check(p, "app/ping@s2")->nprobes, 1);
	assert_int_equal(planfix_check(p, "app/ping@s2")->method, METHOD_ICMP);
	plan_unref(p);
}

/* ---- large sites */

#define MANY 5000

static void
an_override(FILE *out, int i)
{
	fprintf(out, "{ host = 'h%d'; hold = 1; }", i);
}

static void
a_group(FILE *out, int i)
{
	fprintf(out, "{ name = 'g%d'; hosts = ['h%d']; services = ['app/a']; }", i, i);
}

static void
a_mute(FILE *out, int i)
{
	fprintf(out, "{ host = 'h%d'; until = '2030-01-01T00:00:00Z'; }", i);
}

/* CPU time of the plan of many hosts, each with a rule of its own. */
static double
seconds_for(const char *key, void (*rule)(FILE *out, int i))
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = mem_stream(&text, &size);
	clock_t start = clock();

	fputs("hosts = (" CLIENT_HERE, out);
	for (int i = 0; i < MANY; i++)
		fprintf(out,
		    ",{ name = 'h%d'; id = %d; address = '192.0.2.1'; "
		    "roles = ['app:server']; }",
		    i, i + 2);
	fprintf(out, "); %s = (", key);
	for (int i = 0; i < MANY && rule != NULL; i++) {
		fputs(i != 0 ? ", " : "", out);
		rule(out, i);
	}
	fputs(");", out);
	mem_stream_end(out);
	plan_unref(planfix("1 a tcp 1 client server\n2 b tcp 2 client server\n"
			   "3 c tcp 3 client server\n4 d tcp 4 client server\n",
	    text));
	free(text);
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* Not each rule with each row: that is minutes for the largest sites. */
static void
many_hosts_with_rules_of_their_own(void **state)
{
	double most = 8 * seconds_for("overrides", NULL) + 0.1;

	(void)state;
	assert_true(seconds_for("overrides", an_override) < most);
	assert_true(seconds_for("groups", a_group) < most);
	assert_true(seconds_for("mutes", a_mute) < most);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_roles),
		cmocka_unit_test(server_here),
		cmocka_unit_test(client_here),
		cmocka_unit_test(several_roles_in_a_line),
		cmocka_unit_test(why_is_cut_at_size),
		cmocka_unit_test(never_its_own_peer),
		cmocka_unit_test(central_poller),
		cmocka_unit_test(viewpoint_all),
		cmocka_unit_test(feature_off_and_on),
		cmocka_unit_test(feature_of_a_host),
		cmocka_unit_test(versions),
		cmocka_unit_test(overrides),
		cmocka_unit_test(override_of_scope),
		cmocka_unit_test(scope_of_what_is_unspecified),
		cmocka_unit_test(scope_from_is_closed_to_others),
		cmocka_unit_test(local_observation),
		cmocka_unit_test(never_judged),
		cmocka_unit_test(many_hosts_with_rules_of_their_own),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
