#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "said.h"

static struct catalogue *
parse(const char *text, struct diag *d)
{
	return catalogue_parse("c.cfg", text, strlen(text), d);
}

static const char whole[] =
    "format = 1;\n"
    "catalogue = { number = 9; name = \"acme\"; vendor = \"ACME\"; product = "
    "\"Anvil\";\n"
    "version = \"7\"; document = { title = \"Ports\"; revision = \"B\"; lines = 7; };\n"
    "roles = ( { name = \"srv\"; own = true; descr = \"server\"; },\n"
    "  { name = \"agent\"; own = true; }, { name = \"user\"; } );\n"
    "features = ( { name = \"ldap\"; descr = \"directory\"; } );\n"
    "parameters = ( { name = \"base\"; default = 1960; min = 1; max = 65531; },\n"
    "  { name = \"drive\"; default = [1, 3]; max = 99; },\n"
    "  { name = \"extra\"; default = []; } );\n"
    "services = (\n"
    " { number = 30; line = 3; section = \"S\"; name = \"pool\"; descr = \"d\";\n"
    "   protocol = \"udp\"; ports = \"7000-7999\"; policy = \"pool\"; from = "
    "[\"user\"];\n"
    "   to = [\"srv\"]; expect = \"required\"; on-demand = true; payload = \"off\";\n"
    "   expect-reply = true; reply = \"ok\"; },\n"
    " { number = 10; line = 1; section = \"S\"; name = \"web\"; descr = \"d\";\n"
    "   protocol = \"tcp\"; ports = \"443\"; from = [\"user\"]; to = [\"srv\", "
    "\"agent\"];\n"
    "   expect = \"required\"; alternative = \"web\"; application = \"HTTPS\";\n"
    "   encryption = \"TLS\"; executable = \"httpd\"; versions = \"<= 1.6.0\";\n"
    "   configurable = true; default-on = false; observe = \"either\"; note = \"N\";\n"
    "   connect = true; method = \"tls\"; tls = true; },\n"
    " { number = 11; line = 1; section = \"S\"; name = \"web-alt\"; descr = \"d\";\n"
    "   protocol = \"tcp\"; ports = \"8443\"; from = [\"user\"]; to = [\"srv\"];\n"
    "   expect = \"required\"; alternative = \"web\"; },\n"
    " { number = 40; line = 4; section = \"S\"; name = \"ctl\"; descr = \"d\";\n"
    "   protocol = \"tcp\"; ports = \"${base}+4\"; from = [\"srv\"]; to = [\"srv\"];\n"
    "   expect = \"required\"; scope = \"local\"; },\n"
    " { number = 50; line = 5; section = \"S\"; name = \"dedup\"; descr = \"d\";\n"
    "   protocol = \"tcp\"; ports = \"11701+${drive}\"; from = [\"srv\"]; to = "
    "[\"user\"];\n"
    "   expect = \"recommended\"; feature = \"ldap\"; },\n"
    " { number = 60; line = 6; section = \"S\"; name = \"ping\"; descr = \"d\";\n"
    "   protocol = \"icmp\"; from = [\"srv\", \"user\"]; to = [\"user\", \"srv\"];\n"
    "   expect = \"closed\"; },\n"
    " { number = 61; line = 7; section = \"S\"; name = \"extra\"; descr = \"d\";\n"
    "   protocol = \"tcp\"; ports = \"${extra}\"; from = [\"user\"]; to = [\"srv\"];\n"
    "   expect = \"optional\"; },\n"
    " { number = 20; line = 2; section = \"S\"; name = \"nothing\"; descr = \"d\";\n"
    "   protocol = \"none\"; } );\n"
    "};\n";

static void
reads_all_there_is(void **state)
{
	struct diag *d = diag_new();
	struct catalogue *c = parse(whole, d);
	const struct service *s;
	char buf[256];

	(void)state;
	assert_non_null(c);
	assert_int_equal(c->number, 9);
	assert_string_equal(c->name, "acme");
	assert_string_equal(c->title, "Ports");
	assert_string_equal(c->revision, "B");
	assert_int_equal(c->lines, 7);
	assert_int_equal(c->nroles, 3);
	assert_true(c->roles[0].own);
	assert_false(c->roles[2].own);
	assert_int_equal(c->nservices, 8);
	for (size_t i = 1; i < c->nservices; i++)
		assert_true(c->services[i - 1].number < c->services[i].number);

	s = catalogue_service(c, "web");
	assert_ptr_equal(s, catalogue_service_number(c, 10));
	assert_null(catalogue_service_number(c, 12));
	assert_null(catalogue_service(c, "wob"));
	assert_int_equal(s->protocol, PROTO_TCP);
	assert_int_equal(s->pos.line, 15);
	assert_int_equal(s->policy, POLICY_SINGLE);
	assert_int_equal(s->alternative, 10);
	assert_int_equal(catalogue_service(c, "web-alt")->alternative, 10);
	assert_int_equal(s->observe, OBSERVE_EITHER);
	assert_true(s->observe_set);
	assert_int_equal(s->method, METHOD_TLS);
	assert_int_equal(s->tls, 1);
	assert_true(s->connect);
	assert_int_equal(s->expect_reply, -1);
	assert_string_equal(catalogue_note(s, buf, sizeof(buf)),
	    "executable: httpd; configurable: yes; default: off; versions: <= 1.6.0; "
	    "N");
	assert_string_equal(
	    catalogue_roles_text(c, s, true, buf, sizeof(buf)), "srv;agent");
	assert_string_equal(catalogue_roles_text(c, s, true, buf, 9), "srv");
	assert_string_equal(
	    catalogue_roles_text(c, s, false, buf, sizeof(buf)), "user");

	s = catalogue_service(c, "pool");
	assert_int_equal(s->policy, POLICY_POOL);
	assert_true(s->on_demand);
	assert_int_equal(s->payload.kind, PAYLOAD_OFF);
	assert_int_equal(s->expect_reply, 1);
	assert_string_equal(s->reply, "ok");
	assert_false(s->observe_set);
	assert_string_equal(catalogue_note(s, buf, sizeof(buf)), "");

	/* a set over a parameter's values must be open as a whole, if nothing is said
	 */
	assert_int_equal(catalogue_service(c, "dedup")->policy, POLICY_EVERY);
	assert_int_equal(catalogue_service(c, "ctl")->policy, POLICY_SINGLE);
	assert_true(c->parameters[1].several);
	assert_int_equal(c->parameters[1].min, 1);
	assert_int_equal(c->parameters[2].ndefaults, 0);
	assert_non_null(c->parameters[2].defaults);
	catalogue_free(c);
	said_nothing(d);
}

static void
derives_expectation_and_direction(void **state)
{
	struct diag *d = diag_new();
	struct catalogue *c = parse(whole, d);

	static const struct {
		const char *name;
		enum expected expected;
		enum direction direction;
	} want[] = {
		{ "web", EXPECTED_REQUIRED, DIRECTION_INBOUND },
		{ "ctl", EXPECTED_LOCAL, DIRECTION_INTERNAL },
		{ "dedup", EXPECTED_OPTIONAL, DIRECTION_OUTBOUND },
		{ "ping", EXPECTED_CLOSED, DIRECTION_BOTH },
		{ "extra", EXPECTED_OPTIONAL, DIRECTION_INBOUND },
		{ "nothing", EXPECTED_UNSPECIFIED, DIRECTION_UNSPECIFIED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		const struct service *s = catalogue_service(c, want[i].name);

		assert_int_equal(catalogue_expected(s), want[i].expected);
		assert_int_equal(catalogue_direction(c, s), want[i].direction);
	}
	catalogue_free(c);
	said_nothing(d);
}

/* One mistake a line, or two where they belong together. */
static const char wrong[] =
    "format = 1;\n"
    "catalogue = { number = 70000; name = \"ac me\"; vendr = \"ACME\";\n"
    "version = \"123456789012345678901234567890123\";\n"
    "document = { title = \"Ports\"; lines = 30; };\n"
    "roles = ( { name = \"srv\"; own = true; }, { name = \"user\"; },\n"
    "  { name = \"srv\"; } );\n"
    "features = ( { name = \"ldap\"; } );\n"
    "parameters = ( { name = \"base\"; default = 1960; max = 65535; },\n"
    "  { name = \"low\"; default = 5; min = 10; max = 20; } );\n"
    "services = (\n"
    " { number = 1; line = 1; section = \"S\"; name = \"a\"; descr = \"d\"; protocol = "
    "\"tcp\";\n"
    "   ports = \"80-90\"; from = [\"user\"]; to = [\"srv\"]; expect = \"required\"; "
    "},\n"
    " { number = 2; line = 2; section = \"S\"; name = \"b\"; descr = \"d\"; protocol = "
    "\"tcp\";\n"
    "   ports = \"80\"; policy = \"any\"; from = [\"usr\"]; to = [\"srv\"]; expect = "
    "\"required\";\n"
    "   note = \"also in a\"; },\n"
    " { number = 2; line = 31; section = \"S\"; name = \"c\"; descr = \"d\"; protocol "
    "= \"tcp\";\n"
    "   ports = \"99999\"; from = [\"user\"]; to = [\"srv\"]; expect = \"requierd\"; "
    "},\n"
    " { number = 4; line = 4; section = \"S\"; name = \"a\"; descr = \"d\"; protocol = "
    "\"tpc\"; },\n"
    " { number = 5; line = 5; section = \"S\"; name = \"e\"; descr = \"d\"; protocol = "
    "\"tcp\";\n"
    "   ports = \"${bse}+1\"; from = [\"user\"]; to = [\"srv\"]; expect = "
    "\"required\"; },\n"
    " { number = 6; line = 6; section = \"S\"; name = \"f\"; descr = \"d\"; protocol = "
    "\"tcp\";\n"
    "   ports = \"${base}+1\"; from = [\"user\"]; to = [\"srv\"]; expect = "
    "\"required\"; },\n"
    " { number = 7; line = 7; section = \"S\"; name = \"g\"; descr = \"d\"; protocol = "
    "\"udp\";\n"
    "   from = [\"user\"]; to = []; expect = \"required\"; feature = \"lpad\"; },\n"
    " { number = 8; line = 8; name = \"h\"; descr = \"d\"; protocol = \"icmp\"; ports "
    "= \"8\";\n"
    "   from = [\"user\"]; to = [\"srv\"]; expect = \"required\"; tls = true; },\n"
    " { number = 9; line = 9; section = \"S\"; name = \"i\"; descr = \"d\"; protocol = "
    "\"udp\";\n"
    "   ports = \"9-8\"; from = [\"user\"]; to = [\"srv\"]; expect = \"required\";\n"
    "   payload = \"hex:0\"; },\n"
    " { number = 0; line = \"10\"; section = \"S\"; name = \"j\"; descr = \"d\";\n"
    "   protocol = \"tcp\"; ports = \"1\"; from = [\"user\", \"user\"]; to = \"srv\";\n"
    "   expect = \"required\"; on-demnd = true; }\n"
    ");\n"
    "};\n"
    "extra = 1;\n";

static void
reports_every_semantic_error(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	assert_null(parse(wrong, d));
	SAID(d, "c.cfg:2: \"number\" is 70000: it must be 1 to 65535",
	    "c.cfg:2: \"name\": \"ac me\" is not a valid name: use letters, digits, "
	    "'.', '_' "
	    "and '-'",
	    "c.cfg:2: unknown key \"vendr\" in catalogue (did you mean \"vendor\"?)",
	    "c.cfg:3: \"version\" has 33 octets: at most 32 fit",
	    "c.cfg:4: warning: no service for these lines of the document: 3, 10-30",
	    "c.cfg:6: role \"srv\" is defined twice, first at line 5",
	    "c.cfg:6: warning: role \"srv\" is used by no service",
	    "c.cfg:7: warning: feature \"ldap\" is used by no service",
	    "c.cfg:9: parameter \"low\": default 5 is outside 10 to 20",
	    "c.cfg:9: warning: parameter \"low\" is used by no service",
	    "c.cfg:12: service \"a\": 11 ports need a policy: any, every or pool",
	    "c.cfg:14: \"from\": no role \"usr\" in this catalogue (did you mean "
	    "\"user\"?)",
	    "c.cfg:14: service \"b\": a single port has no policy: take it out",
	    "c.cfg:16: number 2 is service \"b\"'s at line 13 already: numbers are "
	    "never "
	    "reused",
	    "c.cfg:16: service \"c\": line 31, but the document has 30 "
	    "(document.lines)",
	    "c.cfg:17: \"expect\": \"requierd\" is not one of required, recommended, "
	    "optional, "
	    "closed, unspecified (did you mean \"required\"?)",
	    "c.cfg:17: service \"c\": \"ports\": \"99999\" gives port 99999, outside "
	    "1..65535",
	    "c.cfg:18: \"protocol\": \"tpc\" is not one of tcp, udp, icmp, icmpv6, "
	    "sctp, "
	    "none "
	    "(did you mean \"tcp\"?)",
	    "c.cfg:18: service \"a\" is defined twice, first at line 11",
	    "c.cfg:20: service \"e\": no parameter \"bse\" in this catalogue (did you "
	    "mean \"base\"?)",
	    "c.cfg:22: service \"f\": with its parameters' max: \"${base}+1\" gives "
	    "port "
	    "65536, outside 1..65535: narrow min and max",
	    "c.cfg:23: service \"g\": \"ports\" is missing",
	    "c.cfg:24: \"to\" is empty",
	    "c.cfg:24: no feature \"lpad\" in this catalogue (did you mean \"ldap\"?)",
	    "c.cfg:25: a service has no \"section\": add it",
	    "c.cfg:25: service \"h\": icmp has no ports",
	    "c.cfg:26: \"method\" and \"tls\" are for protocol \"tcp\" only",
	    "c.cfg:28: service \"i\": \"ports\": \"9-8\" runs backwards, from 9 to 8",
	    "c.cfg:29: \"payload\" has something else than pairs of hexadecimal digits",
	    "c.cfg:30: \"number\" is 0: it must be 1 to 65535",
	    "c.cfg:30: \"line\" must be a whole number without quotes",
	    "c.cfg:31: \"from\" has role \"user\" twice",
	    "c.cfg:31: \"to\" must be a list of texts: [\"one\", \"two\"]",
	    "c.cfg:32: unknown key \"on-demnd\" in a service (did you mean "
	    "\"on-demand\"?)",
	    "c.cfg:35: unknown key \"extra\" in the file; known here: format, "
	    "catalogue");
}

/* A catalogue with one service, whose keys are `keys`. */
static struct catalogue *
with(const char *keys, struct diag *d)
{
	char text[4096];

	snprintf(text, sizeof(text),
	    "format = 1; catalogue = { number = 1; name = \"x\";\n"
	    "document = { title = \"T\"; lines = 1; };\n"
	    "roles = ( { name = \"a\"; }, { name = \"b\"; } ); features = ( { name = "
	    "\"f\"; } );\n"
	    "services = ( { number = 1; line = 1; section = \"S\"; name = \"s\"; descr "
	    "= \"d\";\n"
	    "from = [\"a\"]; to = [\"b\"]; feature = \"f\"; %s } ); };",
	    keys);
	return parse(text, d);
}

static void
warns_about_what_is_odd(void **state)
{
	struct diag *d = diag_new();
	static const char two[] =
	    "format = 1; catalogue = { number = 1; name = \"x\";\n"
	    "document = { title = \"T\"; lines = 1; };\n"
	    "roles = ( { name = \"a\"; }, { name = \"b\"; } );\n"
	    "services = ( { number = 1; line = 1; section = \"S\"; name = \"s\"; descr "
	    "= \"d\";\n"
	    "from = [\"a\"]; to = [\"b\"]; expect = \"closed\"; protocol = \"tcp\"; "
	    "ports = "
	    "\"80\"; },\n"
	    "{ number = 2; line = 1; section = \"%s\"; name = \"t\"; descr = \"d\";\n"
	    "from = [\"a\"]; to = [\"b\"]; expect = \"closed\"; protocol = \"tcp\"; "
	    "ports = "
	    "\"79-81\"; policy = \"every\"; note = \"%s\"; } ); };";
	char text[2048];

	(void)state;
	assert_null(with("protocol = \"tcp\"; ports = \"1\"; expect = \"closed\";\n"
			 "versions = \"up to 1.6\";",
	    d));
	SAID(d, "c.cfg:4: service \"s\": \"versions\": \"up to 1.6\" is not a version "
		"limit: "
		"write \"<= "
		"1.6.0\", \">= 5.4\" or both with a comma");
	d = diag_new();
	catalogue_free(with("protocol = \"tcp\"; ports = \"1\"; expect = \"optional\"; "
			    "alternative = \"alt\";",
	    d));
	SAID(d,
	    "c.cfg:4: warning: service \"s\" stays optional when its feature is in "
	    "use: "
	    "\"expect\" says what holds then",
	    "c.cfg:4: warning: service \"s\" is the only one in alternative \"alt\"");

	d = diag_new();
	snprintf(text, sizeof(text), two, "S", "");
	catalogue_free(parse(text, d));
	SAID(d,
	    "c.cfg:6: warning: service \"t\" overlaps \"s\" at line 4 between the same "
	    "roles: say why in a note");
	d = diag_new();
	snprintf(text, sizeof(text), two, "S", "because");
	catalogue_free(parse(text, d));
	snprintf(text, sizeof(text), two, "other section", "");
	catalogue_free(parse(text, d));
	said_nothing(d);
}

static void
reads_payloads(void **state)
{
	static const char base[] =
	    "protocol = \"udp\"; ports = \"1\"; expect = \"closed\"; ";
	struct diag *d = diag_new();
	struct catalogue *c;
	char keys[2048];
	char digits[1100];

	(void)state;
	snprintf(keys, sizeof(keys), "%spayload = \"hex:00 ff0A\";", base);
	c = with(keys, d);
	assert_int_equal(c->services[0].payload.kind, PAYLOAD_BYTES);
	assert_int_equal(c->services[0].payload.len, 3);
	assert_memory_equal(c->services[0].payload.bytes, "\x00\xff\x0a", 3);
	catalogue_free(c);
	snprintf(keys, sizeof(keys), "%spayload = \"text:PING\\r\\n\";", base);
	c = with(keys, d);
	assert_int_equal(c->services[0].payload.len, 6);
	assert_memory_equal(c->services[0].payload.bytes, "PING\r\n", 6);
	catalogue_free(c);
	memset(digits, '0', 1026);
	digits[1026] = '\0';
	snprintf(keys, sizeof(keys), "%s\npayload = \"hex:%s\";", base, digits);
	assert_null(with(keys, d));
	SAID(d, "c.cfg:6: \"payload\" is 513 octets long: at most 512 are sent");
}

static void
note_is_checked_as_a_whole_and_cut_as_a_whole(void **state)
{
	struct diag *d = diag_new();
	char keys[1200];
	char text[256];
	char *c = text;
	struct service s = { .executable = (char *)"x",
		.versions = (char *)"",
		.note = text,
		.default_on = true };
	char buf[64];

	(void)state;
	memset(text, 'n', 250);
	text[250] = '\0';
	snprintf(keys, sizeof(keys),
	    "protocol = \"tcp\"; ports = \"1\"; expect = \"closed\"; executable = "
	    "\"x\";\n"
	    "note = \"%s\";",
	    text);
	assert_null(with(keys, d));
	SAID(d, "c.cfg:4: service \"s\": executable, versions and note have 265 octets "
		"together: at most 255 fit");
	/* "executable: x; " is 15 octets; an e acute must not be cut in two */
	for (int i = 0; i < 100; i++, c += 2)
		memcpy(c, "\xc3\xa9", 2);
	*c = '\0';
	catalogue_note(&s, buf, 19);
	assert_string_equal(buf, "executable: x; \xc3\xa9");
}

static void
stops_at_a_syntax_error(void **state)
{
	struct diag *d = diag_new();

	(void)state;
	assert_null(
	    parse("format = 1;\ncatalogue = { number = 1;\n  name = ; };\n", d));
	SAID(d, "c.cfg:3: syntax error at or before \"name = ; };\"; the rest was not "
		"checked");
	d = diag_new();
	assert_null(
	    parse("format = 1;\ncatalogue = { number = 1;\n  number = 2; };\n", d));
	SAID(d, "c.cfg:3: a key is used twice in the same group, the second time here: "
		"\"number = 2; };\"; the rest was not checked");
	d = diag_new();
	assert_null(parse("format = 2;\n", d));
	SAID(d, "c.cfg:1: format 2 is newer than this program, which reads format 1",
	    "c.cfg:1: the file has no \"catalogue\": add it");
	d = diag_new();
	assert_null(parse("catalogue = { };\n", d));
	SAID(d, "c.cfg:1: the file has no \"format\": begin with format = 1;",
	    "c.cfg:1: catalogue has no \"number\": add it",
	    "c.cfg:1: catalogue has no \"name\": add it",
	    "c.cfg:1: catalogue has no \"document\": add it",
	    "c.cfg:1: a catalogue without services says nothing");
}

/* As many as numbers allow, and one more; a reader that compares each service with each
 * other one would be at it for a minute. */
static void
takes_as_many_services_as_there_are_numbers(void **state)
{
	size_t size = 0;
	char *text;
	FILE *f = open_memstream(&text, &size);
	struct diag *d = diag_new();
	struct catalogue *c;
	char want[64];

	(void)state;
	fputs("format = 1; catalogue = { number = 9; name = \"acme\"; document = "
	      "{ title = \"T\"; lines = 65535; };\nroles = ( { name = \"srv\"; } ); "
	      "services = (\n",
	    f);
	for (unsigned i = 1; i <= 65535; i++)
		fprintf(f,
		    "%s{ number = %u; line = %u; section = \"S\"; name = \"s-%u\"; "
		    "descr = \"d\"; protocol = \"tcp\"; ports = \"%u\"; from = "
		    "[\"srv\"]; to = [\"srv\"]; expect = \"required\"; }\n",
		    i > 1 ? "," : "", i, i, i, i);
	fputs("); };", f);
	fclose(f);
	c = catalogue_parse("c.cfg", text, size, d);
	assert_non_null(c);
	assert_int_equal(c->nservices, 65535);
	assert_int_equal(catalogue_service_number(c, 40000)->line, 40000);
	catalogue_free(c);
	said_nothing(d);

	d = diag_new();
	memcpy(strstr(text, "number = 65535"), "number = 65536", 14);
	assert_null(catalogue_parse("c.cfg", text, size, d));
	snprintf(want, sizeof(want),
	    "c.cfg:65537: \"number\" is 65536: it must be 1 to "
	    "65535");
	SAID(d, want);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_all_there_is),
		cmocka_unit_test(derives_expectation_and_direction),
		cmocka_unit_test(reports_every_semantic_error),
		cmocka_unit_test(warns_about_what_is_odd),
		cmocka_unit_test(reads_payloads),
		cmocka_unit_test(note_is_checked_as_a_whole_and_cut_as_a_whole),
		cmocka_unit_test(stops_at_a_syntax_error),
		cmocka_unit_test(takes_as_many_services_as_there_are_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
