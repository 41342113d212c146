#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "said.h"
#include "site/site.h"

static struct site *
parse(const char *text, struct diag *d)
{
	return site_parse("dir/s.cfg", text, strlen(text), d);
}

static const char acme[] =
    "format = 1; catalogue = { number = 9; name = \"acme\";\n"
    "document = { title = \"T\"; lines = 3; };\n"
    "roles = ( { name = \"server\"; own = true; }, { name = \"agent\"; } );\n"
    "features = ( { name = \"ldap\"; } );\n"
    "parameters = ( { name = \"base\"; default = 1960; max = 60000; },\n"
    "  { name = \"drive\"; default = [1]; max = 99; } );\n"
    "services = ( { number = 1; line = 1; section = \"S\"; name = \"ctl\"; descr = "
    "\"d\";\n"
    "protocol = \"tcp\"; ports = \"${base}+4\"; from = [\"agent\"]; to = "
    "[\"server\"];\n"
    "expect = \"required\"; },\n"
    "{ number = 2; line = 2; section = \"S\"; name = \"data\"; descr = \"d\";\n"
    "protocol = \"tcp\"; ports = \"11701+${drive}\"; from = [\"agent\"]; to = "
    "[\"server\"];\n"
    "expect = \"required\"; feature = \"ldap\"; },\n"
    "{ number = 3; line = 3; section = \"S\"; name = \"trap\"; descr = \"d\";\n"
    "protocol = \"udp\"; ports = \"162\"; from = [\"server\"]; to = [\"agent\"];\n"
    "expect = \"required\"; } ); };";

static void
load(struct catalogue_list *list, struct diag *d)
{
	struct catalogue *c = catalogue_parse("acme.cfg", acme, strlen(acme), d);

	assert_non_null(c);
	*list = (struct catalogue_list){ 0 };
	assert_true(catalogue_list_add(list, c, d));
}

static const char whole[] =
    "format = 1;\n"
    "state-dir = \"/tmp/x\"; agentx-socket = \"tcp:127.0.0.1:7050\";\n"
    "mib-root = \"1.3.6.1.4.1.99999.1\"; context = \"lab\"; allow-set = true;\n"
    "fast-path = true; catalogue-path = [\"cats\", \"/abs\"]; catalogues = [\"ac*\"];\n"
    "features = [\"acme:ldap\"]; versions = [\"acme:5.4\"];\n"
    "parameters = { base = 100; acme = { drive = [1, 2, 5]; }; };\n"
    "interval = 30; timeout-ms = 2000; listen-interval = 2; listener-interval = 20;\n"
    "hold = 0; boot-grace = 0; viewpoint = \"all\"; notify-enable = false;\n"
    "notify-rate = 0; notify-burst = 5; notify-queue = 50; event-history = 0;\n"
    "heartbeat = 60; renotify = 3600;\n"
    "undocumented = { notify = true; ignore = [\"tcp/111\", \"udp/1-9\", \"udp/all\"]; "
    "};\n"
    "probe = { concurrency = 8; per-host = 2; rate = 7; source = \"192.0.2.1\";\n"
    "  interface = \"eth0\"; };\n"
    "hosts = ( { name = \"here\"; local = true; roles = [\"acme:server\", "
    "\"acme-b:agent\"];\n"
    "  active-when = \"192.0.2.9\"; features = [\"acme-b:ldap\"]; },\n"
    "  { name = \"there\"; id = 10; address = \"2001:db8::1\"; interval = 5;\n"
    "    parameters = { acme-b = { base = 7; }; }; },\n"
    "  { name = \"my_host.example\"; } );\n"
    "instances = ( { catalogue = \"acme\"; name = \"acme-b\"; number = 10001;\n"
    "  parameters = { base = 200; }; } );\n"
    "groups = ( { name = \"pair\"; hosts = [\"there\", \"my_host.example\"];\n"
    "  services = [\"acme/trap\", \"acme-b/*\"]; need = 2; } );\n"
    "overrides = ( { service = \"acme/*\"; hold = 3; severity = \"critical\"; },\n"
    "  { service = \"acme-b/ctl\"; host = \"h*\"; ports = \"${base}+9\"; expect = "
    "\"closed\";\n"
    "    scope = \"local\"; interval = 9; timeout-ms = 99; raise-after = 3;\n"
    "    clear-after = 4; method = \"greeting\"; tls = false; connect = true;\n"
    "    expect-reply = true; observe = \"either\"; payload = \"radius\"; reply = "
    "\"R\";\n"
    "    secret-file = \"secret\"; community = \"public\"; sample-ports = \"1,9\"; } "
    ");\n"
    "mutes = ( { until = \"2026-12-01T06:00:00+01:00\"; },\n"
    "  { host = \"there\"; service = \"acme/trap\"; until = \"2026-12-01T05:00:00Z\"; "
    "} );\n";

/* A number for each: 2 to 65535 for those that are not the local one. */
static void
takes_as_many_hosts_as_there_are_numbers(void **state)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	struct diag *d = diag_new();
	struct site *s;

	(void)state;
	fputs("format = 1; hosts = (\n", f);
	for (unsigned i = 1; i <= 65535; i++)
		fprintf(f, "%s{ name = \"h%u\"; id = %u; }\n", i > 1 ? "," : "",
		    i == 65535 ? 7 : i, i == 1 ? 2 : i);
	fputs(");", f);
	fclose(f);
	s = parse(text, d);
	assert_non_null(s);
	assert_int_equal(s->nhosts, 65535);
	site_free(s);
	SAID(d, "dir/s.cfg:1: 65535 hosts: at most 65534 can have a number",
	    "dir/s.cfg:3: id 2 is host \"h1\"'s already, at line 2",
	    "dir/s.cfg:65536: host \"h7\" is defined twice, first at line 8");
	free(text);
}

static void
sample_ports_are_plain_ports(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	site_free(parse("format = 1; overrides = ( { service = \"*\"; sample-ports = "
			"\"${base}+4\"; } );",
	    d));
	SAID(d, "dir/s.cfg:1: \"sample-ports\": \"${base}+4\" is not a list of ports "
		"such as 7000,7500-7502");
}

/* One that no datagram is made with would fail each time, without a word why. */
static void
a_community_that_is_too_long(void **state)
{
	char text[256];
	struct diag *d = diag_new();

	(void)state;
	snprintf(text, sizeof(text),
	    "format = 1; overrides = ( { service = \"*\"; community = \"%065d\"; } );",
	    1);
	site_free(parse(text, d));
	SAID(d, "dir/s.cfg:1: \"community\" has 65 octets: at most 64 fit");
	d = diag_new();
	snprintf(text, sizeof(text),
	    "format = 1; overrides = ( { service = \"*\"; community = \"%064d\"; } );",
	    1);
	site_free(parse(text, d));
	said_nothing(d);
}

/* As in a payload, with which it is pasted. */
static void
a_reply_in_hexadecimal(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	site_free(parse("format = 1; overrides = (\n"
			"{ service = \"*\"; reply = \"hex:00 ff\"; },\n"
			"{ service = \"*\"; reply = \"hex:0g\"; },\n"
			"{ service = \"*\"; reply = \"hex:\"; } );",
	    d));
	SAID(d,
	    "dir/s.cfg:3: \"reply\" has something else than pairs of hexadecimal "
	    "digits",
	    "dir/s.cfg:4: \"reply\" has something else than pairs of hexadecimal "
	    "digits");
}

static void
knows_agentx_addresses(void **state)
{
	static const char *const good[] = { "/var/agentx/master", "unix:/x",
		"tcp:127.0.0.1:705", "tcp:[::1]:1", "tcp:[fe80::1%1]:65535" };
	static const char *const bad[] = { "", "master", "unix:x", "tcp:", "tcp::705",
		"tcp:localhost:705", "tcp:127.0.0.1", "tcp:127.0.0.1:0",
		"tcp:127.0.0.1:65536", "tcp:127.0.0.1:7x", "tcp:::1:705",
		"tcp:[127.0.0.1]:705" };
	char path[110];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(site_is_agentx(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(site_is_agentx(bad[i]));
	memset(path, '/', 109);
	path[107] = '\0';
	assert_true(site_is_agentx(path));
	path[107] = '/';
	path[108] = '\0';
	assert_false(site_is_agentx(path));
}

static void
reads_the_top_level(void **state)
{
	struct diag *d = diag_new();
	struct site *s = parse(whole, d);

	(void)state;
	assert_string_equal(s->file, "dir/s.cfg");
	assert_string_equal(s->state_dir, "/tmp/x");
	assert_string_equal(s->agentx_socket, "tcp:127.0.0.1:7050");
	assert_string_equal(s->mib_root, "1.3.6.1.4.1.99999.1");
	assert_string_equal(s->context, "lab");
	assert_true(s->allow_set && s->fast_path && !s->notify_enable);
	assert_int_equal(s->ncatalogue_path, 2);
	assert_string_equal(s->catalogue_path[0], "dir/cats");
	assert_string_equal(s->catalogue_path[1], "/abs");
	assert_string_equal(s->catalogues[0].text, "ac*");
	assert_string_equal(s->features[0].text, "acme:ldap");
	assert_int_equal(s->features[0].pos.line, 5);
	assert_string_equal(s->versions[0].text, "acme:5.4");
	assert_int_equal(s->nparameters, 2);
	assert_string_equal(s->parameters[0].name, "base");
	assert_string_equal(s->parameters[1].name, "acme:drive");
	assert_int_equal(s->parameters[1].nvalues, 3);
	assert_int_equal(s->parameters[1].values[2], 5);
	assert_int_equal(s->interval, 30);
	assert_int_equal(s->timeout_ms, 2000);
	assert_int_equal(s->listen_interval, 2);
	assert_int_equal(s->listener_interval, 20);
	assert_int_equal(
	    s->hold + s->boot_grace + s->notify_rate + s->event_history, 0);
	assert_int_equal(s->viewpoint, VIEWPOINT_ALL);
	assert_int_equal(s->notify_burst, 5);
	assert_int_equal(s->notify_queue, 50);
	assert_int_equal(s->heartbeat, 60);
	assert_int_equal(s->renotify, 3600);
	assert_true(s->undocumented.notify);
	assert_int_equal(s->undocumented.nignore, 3);
	assert_int_equal(s->probe.concurrency, 8);
	assert_int_equal(s->probe.per_host, 2);
	assert_int_equal(s->probe.rate, 7);
	assert_string_equal(s->probe.source, "192.0.2.1");
	assert_string_equal(s->probe.interface, "eth0");
	site_free(s);
	said_nothing(d);
}

static void
reads_the_lists(void **state)
{
	struct diag *d = diag_new();
	struct site *s = parse(whole, d);
	struct site_override *o;

	(void)state;
	assert_int_equal(s->nhosts, 3);
	assert_true(s->hosts[0].local);
	assert_string_equal(s->hosts[0].roles[1].text, "acme-b:agent");
	assert_string_equal(s->hosts[0].active_when, "192.0.2.9");
	assert_string_equal(s->hosts[0].features[0].text, "acme-b:ldap");
	assert_int_equal(s->hosts[0].interval, -1);
	assert_int_equal(s->hosts[1].id, 10);
	assert_string_equal(s->hosts[1].address, "2001:db8::1");
	assert_int_equal(s->hosts[1].interval, 5);
	assert_string_equal(s->hosts[1].parameters[0].name, "acme-b:base");
	assert_int_equal(s->hosts[1].pos.line, 16);
	assert_string_equal(s->hosts[2].address, "");
	assert_int_equal(s->ninstances, 1);
	assert_int_equal(s->instances[0].number, 10001);
	assert_int_equal(s->instances[0].parameters[0].values[0], 200);
	assert_int_equal(s->groups[0].need, 2);
	assert_string_equal(s->groups[0].hosts[1].text, "my_host.example");
	assert_string_equal(s->groups[0].services[0].text, "acme/trap");

	o = &s->overrides[0];
	assert_string_equal(o->host, "*");
	assert_int_equal(o->hold, 3);
	assert_int_equal(o->severity, SEVERITY_CRITICAL);
	assert_int_equal(o->interval, -1);
	assert_int_equal(o->raise_after, -1);
	assert_int_equal(o->expect, -1);
	assert_int_equal(o->scope, -1);
	assert_int_equal(o->method, -1);
	assert_int_equal(o->tls, -1);
	assert_int_equal(o->observe, -1);
	assert_int_equal(o->payload.kind, PAYLOAD_DEFAULT);
	assert_string_equal(o->ports, "");
	o = &s->overrides[1];
	assert_string_equal(o->host, "h*");
	assert_string_equal(o->ports, "${base}+9");
	assert_int_equal(o->expect, REQUIRE_CLOSED);
	assert_int_equal(o->scope, REACH_LOCAL);
	assert_int_equal(o->interval, 9);
	assert_int_equal(o->timeout_ms, 99);
	assert_int_equal(o->raise_after, 3);
	assert_int_equal(o->clear_after, 4);
	assert_int_equal(o->method, METHOD_GREETING);
	assert_int_equal(o->tls, 0);
	assert_int_equal(o->connect, 1);
	assert_int_equal(o->expect_reply, 1);
	assert_int_equal(o->observe, OBSERVE_EITHER);
	assert_int_equal(o->payload.kind, PAYLOAD_RADIUS);
	assert_string_equal(o->reply, "R");
	assert_string_equal(o->secret_file, "dir/secret");
	assert_string_equal(o->community, "public");
	assert_string_equal(o->sample_ports, "1,9");

	assert_string_equal(s->mutes[0].host, "*");
	assert_string_equal(s->mutes[0].service, "");
	assert_int_equal(s->mutes[0].until, s->mutes[1].until);
	assert_int_equal(s->mutes[0].until, 1796101200000);
	site_free(s);
	said_nothing(d);
}

static void
whole_fits_its_catalogue(void **state)
{
	struct diag *d = diag_new();
	struct catalogue_list list;
	struct site *s = parse(whole, d);

	(void)state;
	load(&list, d);
	site_check(s, &list, d);
	catalogue_list_clear(&list);
	site_free(s);
	said_nothing(d);
}

/* What reading alone can tell. */
static const char wrong[] =
    "format = 1;\n"
    "intervall = 30;\n"
    "hold = \"15\";\n"
    "notify-rate = 99999999999;\n"
    "viewpoint = \"role\";\n"
    "features = [\"plain\", \"acme:ldap\", \"acme:ldap\"];\n"
    "mib-root = \"1.3.x\";\n"
    "heartbeat = 5;\n"
    "interval = 1; timeout-ms = 2000;\n"
    "undocumented = { ignore = [\"tcp/0\"]; };\n"
    "probe = { concurency = 5; source = \"localhost\"; };\n"
    "hosts = ( { name = \"a\"; local = true; id = 7; },\n"
    "  { name = \"a\"; local = true; address = \"300.1.2.3\"; },\n"
    "  { name = \"c d\"; id = 1; },\n"
    "  { name = \"e\"; id = 12; active-when = \"x\"; },\n"
    "  { name = \"f\"; id = 12;\n"
    "    interval = 0; },\n"
    "  { name = \"-g\"; } );\n"
    "overrides = ( { hold = 1; },\n"
    "  { service = \"zzz\"; severity = \"fatal\"; },\n"
    "  { service = \"acme/*\"; ports = \"0\"; payload = \"radius\"; } );\n"
    "mutes = ( { host = \"e\"; until = \"2026-12-01 06:00\"; } );\n"
    "groups = ( { name = \"g\"; hosts = []; need = 0; } );\n"
    "instances = ( { catalogue = \"acme\"; name = \"b\"; number = 5; } );\n"
    "agentx-socket = \"\";\n";

static void
reports_every_semantic_error(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	site_free(parse(wrong, d));
	SAID(d,
	    "dir/s.cfg:2: unknown key \"intervall\" in the site file (did you mean "
	    "\"interval\"?)",
	    "dir/s.cfg:3: \"hold\" must be a whole number without quotes",
	    "dir/s.cfg:4: 99999999999 does not fit into 32 bits: write a smaller "
	    "number",
	    "dir/s.cfg:5: \"viewpoint\": \"role\" is not one of roles, all (did you "
	    "mean "
	    "\"roles\"?)",
	    "dir/s.cfg:6: \"features\": \"plain\" names no catalogue: write "
	    "\"CATALOGUE:plain\"",
	    "dir/s.cfg:6: \"features\" has \"acme:ldap\" twice",
	    "dir/s.cfg:7: \"mib-root\": \"1.3.x\" is not an OID below 1.3.6.1: write "
	    "dotted numbers such as 1.3.6.1.4.1.8072.9999.9999.2741",
	    "dir/s.cfg:8: \"heartbeat\" is 5: it must be 0 for none, or 60 to 86400",
	    "dir/s.cfg:9: a probe's timeout of 2000 ms is longer than the interval of "
	    "1 s",
	    "dir/s.cfg:10: \"ignore\": \"tcp/0\" is not one of \"tcp/111\", "
	    "\"udp/32768-60999\", \"udp/all\"",
	    "dir/s.cfg:11: \"source\": \"localhost\" is not an address: write one of "
	    "this "
	    "host's own",
	    "dir/s.cfg:11: unknown key \"concurency\" in probe (did you mean "
	    "\"concurrency\"?)",
	    "dir/s.cfg:12: the local host's id is always 1: take it out",
	    "dir/s.cfg:13: \"300.1.2.3\" is neither an address nor a host's name",
	    "dir/s.cfg:13: host \"a\" is defined twice, first at line 12",
	    "dir/s.cfg:13: host \"a\" at line 12 is the local one already",
	    "dir/s.cfg:14: \"name\": \"c d\" is not a valid name: use letters, digits, "
	    "'.', '_' "
	    "and "
	    "'-'",
	    "dir/s.cfg:14: id 1 is the local host's: take 2 to 65535",
	    "dir/s.cfg:15: \"active-when\": \"x\" is not an address: write one such as "
	    "192.0.2.7 or 2001:db8::7",
	    "dir/s.cfg:16: id 12 is host \"e\"'s already, at line 15",
	    "dir/s.cfg:17: \"interval\" is 0: it must be 1 to 86400",
	    "dir/s.cfg:18: \"-g\" is not a valid host name: add an \"address\"",
	    "dir/s.cfg:19: the override is for everything: say so with service = \"*\"",
	    "dir/s.cfg:20: \"severity\": \"fatal\" is not one of warning, minor, "
	    "major, "
	    "critical",
	    "dir/s.cfg:20: \"service\": \"zzz\" names no catalogue: write "
	    "\"CATALOGUE/zzz\"",
	    "dir/s.cfg:21: \"ports\": \"0\" gives port 0, outside 1..65535",
	    "dir/s.cfg:21: a RADIUS server answers only those who know its secret: add "
	    "\"secret-file\"",
	    "dir/s.cfg:22: \"until\": \"2026-12-01 06:00\" is not a time: write it "
	    "with "
	    "its "
	    "offset, such as \"2026-12-01T06:00:00+01:00\"",
	    "dir/s.cfg:23: \"need\" is 0: it must be 1 to 65535",
	    "dir/s.cfg:23: \"hosts\" is empty",
	    "dir/s.cfg:23: a group has no \"services\": add it",
	    "dir/s.cfg:24: \"number\" is 5: it must be 10000 to 65535",
	    "dir/s.cfg:25: \"agentx-socket\" is empty");
}

/* What only the catalogues can tell. */
static const char misfit[] =
    "format = 1;\n"
    "catalogues = [\"acme\", \"acem\", \"z*\"];\n"
    "features = [\"acme:lpad\",\n"
    "  \"acem:ldap\"];\n"
    "versions = [\"zzz:1\"];\n"
    "parameters = { bsae = 1; base = 70000;\n"
    "  acme = { drive = [1, 100]; drvie = 1; };\n"
    "  acne = { base = 1; }; };\n"
    "hosts = ( { name = \"here\"; local = true;\n"
    "    roles = [\"acme:sever\",\n"
    "      \"amce:server\"]; },\n"
    "  { name = \"there\"; parameters = { base = [1, 2]; };\n"
    "    features = [\"acme:x\"]; } );\n"
    "instances = ( { catalogue = \"acne\"; name = \"b\"; number = 10001; },\n"
    "  { catalogue = \"acme\"; name = \"acme\"; number = 10002;\n"
    "    parameters = { rdive = 1; }; } );\n"
    "groups = ( { name = \"g\"; hosts = [\"ther\",\n"
    "    \"here\"]; services = [\"acme/trp\"]; } );\n"
    "overrides = ( { service = \"acme/dta\"; host = \"ther\"; },\n"
    "  { service = \"acme/x*\";\n"
    "    host = \"x*\"; } );\n"
    "mutes = ( { service = \"acem/ctl\"; until = \"2026-12-01T06:00:00Z\"; } );\n";

static void
reports_every_misfit(void **state)
{
	struct diag *d = diag_new();
	struct catalogue_list list;
	struct site *s = parse(misfit, d);

	(void)state;
	load(&list, d);
	site_check(s, &list, d);
	catalogue_list_clear(&list);
	site_free(s);
	SAID(d, "dir/s.cfg:2: no file \"acem.cfg\" in any directory of catalogue-path",
	    "dir/s.cfg:2: warning: no catalogue matches \"z*\": is catalogue-path "
	    "right?",
	    "dir/s.cfg:3: catalogue \"acme\" has no feature \"lpad\" (did you mean "
	    "\"ldap\"?)",
	    "dir/s.cfg:4: no catalogue \"acem\" is loaded (did you mean \"acme\"?): "
	    "see "
	    "`svcport catalogues`",
	    "dir/s.cfg:5: no catalogue \"zzz\" is loaded: see `svcport catalogues`",
	    "dir/s.cfg:6: no catalogue has a parameter \"bsae\" (did you mean "
	    "\"base\"?)",
	    "dir/s.cfg:6: parameter \"base\" is 70000: catalogue \"acme\" allows 1 to "
	    "60000",
	    "dir/s.cfg:7: parameter \"drive\" is 100: catalogue \"acme\" allows 1 to "
	    "99",
	    "dir/s.cfg:7: catalogue \"acme\" has no parameter \"drvie\" (did you mean "
	    "\"drive\"?)",
	    "dir/s.cfg:8: no catalogue \"acne\" is loaded (did you mean \"acme\"?): "
	    "see "
	    "`svcport catalogues`",
	    "dir/s.cfg:10: host \"here\": catalogue \"acme\" has no role \"sever\" "
	    "(did you "
	    "mean \"server\"?)",
	    "dir/s.cfg:11: no catalogue \"amce\" is loaded (did you mean \"acme\"?): "
	    "see "
	    "`svcport catalogues`",
	    "dir/s.cfg:12: parameter \"base\" of catalogue \"acme\" takes one value, "
	    "not 2",
	    "dir/s.cfg:13: catalogue \"acme\" has no feature \"x\"",
	    "dir/s.cfg:14: no catalogue \"acne\" is loaded (did you mean \"acme\"?): "
	    "see "
	    "`svcport catalogues`",
	    "dir/s.cfg:15: instance \"acme\" has a catalogue's name: take another",
	    "dir/s.cfg:16: catalogue \"acme\" has no parameter \"rdive\" (did you mean "
	    "\"drive\"?)",
	    "dir/s.cfg:17: group \"g\": no host \"ther\" (did you mean \"there\"?)",
	    "dir/s.cfg:18: catalogue \"acme\" has no service \"trp\" (did you mean "
	    "\"trap\"?)",
	    "dir/s.cfg:18: group \"g\": \"here\" is the local host: groups are of "
	    "remote "
	    "ones",
	    "dir/s.cfg:19: catalogue \"acme\" has no service \"dta\" (did you mean "
	    "\"data\"?)",
	    "dir/s.cfg:19: no host \"ther\" (did you mean \"there\"?)",
	    "dir/s.cfg:20: warning: \"acme/x*\" matches no service",
	    "dir/s.cfg:21: warning: \"x*\" matches no host",
	    "dir/s.cfg:22: no catalogue \"acem\" is loaded (did you mean \"acme\"?): "
	    "see "
	    "`svcport catalogues`");
}

/* What the MIB cannot hang below, and what registering rows below would overflow. */
static void
roots_of_the_mib(void **state)
{
	static const char *const roots[] = { "2.16.840.1.5", "1.3.6.1", "1.3.6.2.1",
		"1.3.6.1.1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6.7.8.9.0."
		"1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6.7.8" };
	char text[300], want[400];

	(void)state;
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		struct diag *d = diag_new();

		snprintf(
		    text, sizeof(text), "format = 1; mib-root = \"%s\";", roots[i]);
		snprintf(want, sizeof(want),
		    "dir/s.cfg:1: \"mib-root\": \"%s\" is not an OID below 1.3.6.1: "
		    "write dotted numbers such as 1.3.6.1.4.1.8072.9999.9999.2741",
		    roots[i]);
		site_free(parse(text, d));
		SAID(d, want);
	}
}

/* A connection to them ends on this host, or nowhere. */
static void
addresses_that_reach_no_other_host(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	site_free(parse("format = 1;\n"
			"hosts = ( { name = \"a\"; address = \"0.0.0.0\"; },\n"
			"  { name = \"b\"; address = \"[::]\"; },\n"
			"  { name = \"c\"; address = \"fe80::1\"; },\n"
			"  { name = \"d\"; address = \"fe80::1%lo\"; } );\n",
	    d));
	SAID(d,
	    "dir/s.cfg:2: \"0.0.0.0\" is no other host: a probe of it reaches this one",
	    "dir/s.cfg:3: \"[::]\" is no other host: a probe of it reaches this one",
	    "dir/s.cfg:4: \"fe80::1\" is a link-local address: write its interface "
	    "behind it, such as fe80::1%eth0");
	d = diag_new();
	site_free(parse("format = 1; probe = { interface = \"lo\"; };\n"
			"hosts = ( { name = \"c\"; address = \"fe80::1\"; } );\n",
	    d));
	said_nothing(d);
}

/* A service without its catalogue was in no row of the group, and nobody told. */
static void
group_services_without_a_catalogue(void **state)
{
	struct diag *d = diag_new();
	struct catalogue_list list;
	struct site *s = parse(
	    "format = 1; hosts = ( { name = \"a\"; }, { name = \"b\"; } );\n"
	    "groups = ( { name = \"g\"; hosts = [\"a\", \"b\"];\n"
	    "  services = [\"acme/trap\",\n"
	    "    \"ctl\", \"*\"]; } );\n",
	    d);

	(void)state;
	load(&list, d);
	site_check(s, &list, d);
	catalogue_list_clear(&list);
	site_free(s);
	SAID(d, "dir/s.cfg:4: group \"g\": \"ctl\" names no catalogue: write "
		"\"CATALOGUE/ctl\"");
}

/* Limits are compared number by number, and a product has one version. */
static void
versions_that_mean_nothing(void **state)
{
	struct diag *d = diag_new();
	struct catalogue_list list;
	struct site *s = parse(
	    "format = 1; instances = ( { catalogue = \"acme\"; name = \"acme-b\"; "
	    "number = 10001; } );\n"
	    "versions = [\"acme:v5.4\",\n"
	    "  \"acme-b:5.4\",\n"
	    "  \"acme-b:6-rc1\"];\n",
	    d);

	(void)state;
	load(&list, d);
	site_check(s, &list, d);
	catalogue_list_clear(&list);
	site_free(s);
	SAID(d,
	    "dir/s.cfg:2: \"versions\": \"acme:v5.4\" does not begin with a number: "
	    "write \"acme:5.4\"",
	    "dir/s.cfg:4: \"versions\": \"acme-b\" has version \"5.4\" already");
}

/* When a catalogue was left out for its own errors, its absence is no second error. */
static void
says_nothing_about_what_may_be_missing(void **state)
{
	struct diag *d = diag_new();
	struct catalogue_list list;
	struct site *s = parse(
	    "format = 1; features = [\"beta:x\"]; catalogues = [\"beta\"];\n"
	    "parameters = { unknown = 1; };\n"
	    "overrides = ( { service = \"beta/y\"; hold = 1; } );\n",
	    d);

	(void)state;
	load(&list, d);
	list.incomplete = true;
	site_check(s, &list, d);
	catalogue_list_clear(&list);
	site_free(s);
	said_nothing(d);
}

static void
stops_at_a_syntax_error(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	assert_null(parse("format = 1;\nhold = ;\nintervall = 3;\n", d));
	SAID(d, "dir/s.cfg:2: syntax error at or before \"hold = ;\"; the rest was not "
		"checked");
	d = diag_new();
	assert_null(parse("format = 1;\nhold = 1;\n\nhold = 2;\nintervall = 3;\n", d));
	SAID(d,
	    "dir/s.cfg:4: a key is used twice in the same group, the second time here: "
	    "\"hold = 2;\"; the rest was not checked");
}

static void
errors_of_a_catalogue_are_its_own(void **state)
{
	struct diag *d = diag_new();
	struct catalogue_list list;
	struct site *s;

	(void)state;
	said_file("acme.cfg", acme);
	said_file("good.cfg.off", "no catalogue");
	s = site_read(
	    said_file("site.txt", "format = 1; catalogue-path = [\".\"];\n"), d);
	site_catalogues(s, &list, d);
	assert_int_equal(list.n, 1);
	assert_false(list.incomplete);
	catalogue_list_clear(&list);
	site_free(s);
	said_nothing(d);

	/* the site adds none to them, though it names the catalogue */
	d = diag_new();
	said_file("beta.cfg", "format = 1; catalogue = { };");
	s = site_read(said_file("site2.txt", "format = 1; catalogue-path = [\".\"];\n"
					     "features = [\"beta:x\"];\n"),
	    d);
	site_catalogues(s, &list, d);
	site_check(s, &list, d);
	assert_int_equal(list.n, 1);
	assert_true(list.incomplete);
	assert_int_equal(diag_errors(d), 4);
	assert_non_null(strstr(diag_get(d, 0)->file, "beta.cfg"));
	catalogue_list_clear(&list);
	site_free(s);
	diag_free(d);
}

static void
first_directory_wins(void **state)
{
	static const char named[] =
	    "format = 1; catalogue = { number = %d; name = \"%s\";\n"
	    "document = { title = \"T\"; lines = 1; };\n"
	    "services = ( { number = 1; line = 1; section = \"S\"; name = \"s\"; descr "
	    "= "
	    "\"d\"; protocol = \"none\"; } ); };";
	struct diag *d = diag_new();
	struct catalogue_list list;
	char text[1024];
	char base[256];
	char sub[300];
	char *dirs[3] = { sub, (char *)"/nonexistent", base };
	char *globs[1] = { (char *)"*" };
	char command[700];

	(void)state;
	snprintf(text, sizeof(text), named, 3, "one");
	snprintf(base, sizeof(base), "%s", said_file("marker", ""));
	*strrchr(base, '/') = '\0';
	snprintf(sub, sizeof(sub), "%s/cats", base);
	snprintf(command, sizeof(command), "mkdir %s", sub);
	assert_int_equal(system(command), 0);
	said_file("cats/one.cfg", text);
	snprintf(text, sizeof(text), named, 4, "one");
	said_file("one.cfg", text);
	snprintf(text, sizeof(text), named, 2, "two");
	said_file("cats/two.cfg", text);
	snprintf(text, sizeof(text), named, 2, "six");
	said_file("cats/six.cfg", text);
	snprintf(text, sizeof(text), named, 8, "eight");
	said_file("cats/seven.cfg", text);
	catalogue_load(dirs, 1, globs, 1, &list, d);
	assert_int_equal(list.n, 2);
	assert_true(list.incomplete);
	assert_int_equal(list.v[0]->number, 2);
	assert_string_equal(list.v[1]->name, "one");
	assert_int_equal(list.v[1]->number, 3);
	catalogue_list_clear(&list);
	assert_int_equal(diag_errors(d), 2);
	assert_non_null(strstr(diag_get(d, 0)->text, "must be called \"eight.cfg\""));
	assert_non_null(strstr(diag_get(d, 1)->text, "has the number of 2 \"six\""));
	diag_free(d);

	d = diag_new();
	globs[0] = (char *)"on[e]";
	catalogue_load(dirs, 3, globs, 1, &list, d);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0]->number, 3);
	catalogue_list_clear(&list);
	said_nothing(d);
	snprintf(command, sizeof(command), "rm -r %s", sub);
	assert_int_equal(system(command), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sample_ports_are_plain_ports),
		cmocka_unit_test(a_community_that_is_too_long),
		cmocka_unit_test(a_reply_in_hexadecimal),
		cmocka_unit_test(knows_agentx_addresses),
		cmocka_unit_test(reads_the_top_level),
		cmocka_unit_test(takes_as_many_hosts_as_there_are_numbers),
		cmocka_unit_test(reads_the_lists),
		cmocka_unit_test(whole_fits_its_catalogue),
		cmocka_unit_test(reports_every_semantic_error),
		cmocka_unit_test(reports_every_misfit),
		cmocka_unit_test(roots_of_the_mib),
		cmocka_unit_test(addresses_that_reach_no_other_host),
		cmocka_unit_test(group_services_without_a_catalogue),
		cmocka_unit_test(versions_that_mean_nothing),
		cmocka_unit_test(says_nothing_about_what_may_be_missing),
		cmocka_unit_test(stops_at_a_syntax_error),
		cmocka_unit_test(errors_of_a_catalogue_are_its_own),
		cmocka_unit_test(first_directory_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
