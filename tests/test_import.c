#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/diag.h"
#include "base/mem.h"
#include "import/import.h"
#include "import/import_table.h"
#include "said.h"

/* ---- cells */

/* "tcp 443; 80-81" */
static void
ports_are(const char *cell, const char *want)
{
	struct import_ports p;
	char bad[32];
	char got[512] = "";

	if (!import_cell_ports(cell, &p, bad)) {
		snprintf(got, sizeof(got), "bad %s", bad);
	} else {
		for (size_t i = 0; i < p.n; i++) {
			const struct import_port *v = &p.v[i];
			char one[128] = "";

			for (size_t k = 0; k < v->protocols.n; k++)
				snprintf(one + strlen(one), sizeof(one) - strlen(one),
				    "%s ", types_proto(v->protocols.v[k]));
			snprintf(one + strlen(one), sizeof(one) - strlen(one),
			    v->range.low == v->range.high ? "%u; " : "%u-%u; ",
			    v->range.low, v->range.high);
			strcat(got, one);
		}
		strcat(got, p.alternatives ? "or " : "");
		strcat(got, p.unnamed ? "unnamed " : "");
		if (p.application[0] != '\0')
			snprintf(got + strlen(got), sizeof(got) - strlen(got), "(%s) ",
			    p.application);
	}
	if (strcmp(got, want) != 0)
		fail_msg("ports \"%s\": \"%s\", want \"%s\"", cell, got, want);
}

static void
ports(void **state)
{
	(void)state;
	ports_are("", "");
	ports_are("-", "");
	ports_are("n/a", "");
	ports_are("443", "443; ");
	ports_are("80, 443", "80; 443; ");
	ports_are("80/443", "80; 443; ");
	ports_are("80;443\n8080", "80; 443; 8080; ");
	ports_are("80 and 443", "80; 443; ");
	ports_are("443 or 8443", "443; 8443; or ");
	ports_are("7000-7999", "7000-7999; ");
	ports_are("7000 - 7999", "7000-7999; ");
	ports_are("7000\xe2\x80\x93"
		  "7999",
	    "7000-7999; ");
	ports_are("1024:65535", "1024-65535; ");
	ports_are("7000 to 7999", "7000-7999; ");
	ports_are("135, 49152-65535", "135; 49152-65535; ");
	ports_are("Port 25", "25; ");
	ports_are("any", "unnamed ");
	ports_are("*", "unnamed ");
	ports_are("135 and dynamic", "135; unnamed ");
	ports_are("443 (HTTPS)", "443; (HTTPS) ");
	ports_are("161 (SNMP over UDP)", "udp 161; (SNMP) ");
	/* protocols before or behind their ports */
	ports_are("TCP 80, 443; UDP 53", "tcp 80; tcp 443; udp 53; ");
	ports_are("TCP: 22", "tcp 22; ");
	ports_are("tcp/443", "tcp 443; ");
	ports_are("tcp-443", "tcp 443; ");
	ports_are("TCP/UDP 53", "tcp udp 53; ");
	ports_are("TCP 7000-7010", "tcp 7000-7010; ");
	ports_are("443/tcp, 53/udp", "tcp 443; udp 53; ");
	ports_are("80, 443 TCP; 53 UDP", "tcp 80; tcp 443; udp 53; ");
	ports_are("53 TCP/UDP", "tcp udp 53; ");
	/* a dash to a protocol begins no range */
	ports_are("80:TCP, 443:TCP", "tcp 80; tcp 443; ");
	ports_are("22-tcp; 161-udp", "tcp 22; udp 161; ");
	ports_are("80-tcp/443-tcp", "tcp 80; tcp 443; ");
	ports_are("80:TCP\n443:TCP", "tcp 80; tcp 443; ");
	ports_are("7000-\n7999", "7000-7999; ");
	ports_are("TCP 7000 - TCP 7010", "tcp 7000-7010; ");
	/* what is none */
	ports_are("0", "bad 0");
	ports_are("65536", "bad 65536");
	ports_are("99999999999999999999", "bad 99999999999999999999");
	ports_are("7999-7000", "bad 7000");
	ports_are("11701+drive", "bad +");
	ports_are("1024+", "bad +");
	ports_are("1024+ TCP", "bad +");
	ports_are(">1023", "bad >");
	ports_are("TCP > 1023", "bad >");
	ports_are("<= 1023", "bad <");
	ports_are("443 + 8443", "443; 8443; ");
	ports_are("TCP 443 + UDP 53", "tcp 443; udp 53; ");
}

static void
protocols(void **state)
{
	static const struct {
		const char *cell, *protocols, *application;
	} cases[] = {
		{ "TCP", "tcp ", "" },
		{ "tcp/udp", "tcp udp ", "" },
		{ "TCP, UDP", "tcp udp ", "" },
		{ "UDP and TCP", "udp tcp ", "" },
		{ "TCP/HTTPS", "tcp ", "HTTPS" },
		{ "HTTPS over TCP", "tcp ", "HTTPS" },
		{ "any", "tcp udp ", "" },
		{ "ICMP", "icmp ", "" },
		{ "Ping", "icmp ", "" },
		{ "SCTP", "sctp ", "" },
		{ "TCP/IP", "tcp ", "" },
		{ "SNMP trap", "", "SNMP trap" },
		{ "n/a", "", "" },
		{ "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct import_protocols p;
		char application[65];
		char got[64] = "";

		import_cell_protocols(cases[i].cell, &p, application);
		for (size_t k = 0; k < p.n; k++)
			snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s ",
			    types_proto(p.v[k]));
		if (strcmp(got, cases[i].protocols) != 0 ||
		    strcmp(application, cases[i].application) != 0)
			fail_msg(
			    "\"%s\": \"%s\", \"%s\"", cases[i].cell, got, application);
	}
}

static void
words(void **state)
{
	(void)state;
	assert_int_equal(import_cell_required("", false), REQUIRE_REQUIRED);
	assert_int_equal(import_cell_required("Yes", false), REQUIRE_REQUIRED);
	assert_int_equal(import_cell_required("no", false), REQUIRE_OPTIONAL);
	assert_int_equal(import_cell_required("Optional", false), REQUIRE_OPTIONAL);
	assert_int_equal(import_cell_required("yes", true), REQUIRE_OPTIONAL);
	assert_int_equal(import_cell_required("no", true), REQUIRE_REQUIRED);
	assert_int_equal(
	    import_cell_required("recommended", false), REQUIRE_RECOMMENDED);
	assert_int_equal(import_cell_required("Blocked", false), REQUIRE_CLOSED);
	assert_int_equal(import_cell_required("reserved", false), REQUIRE_UNSPECIFIED);
	assert_int_equal(import_cell_required("maybe", false), -1);
	assert_int_equal(import_cell_direction("Inbound"), IMPORT_IN);
	assert_int_equal(import_cell_direction("egress"), IMPORT_OUT);
	assert_int_equal(import_cell_direction("<->"), IMPORT_BOTH);
	assert_int_equal(import_cell_direction("n/a"), IMPORT_UNSTATED);
	assert_int_equal(import_cell_direction("sideways"), -1);
}

static void
slugs(void **state)
{
	static const char *const cases[][2] = {
		{ "Management Server", "management-server" },
		{ "  PAS / HSA ", "pas-hsa" },
		{ "7 dwarfs", "dwarfs" },
		{ "a.b_c", "a.b_c" },
		{ "a -- b", "a-b" },
		{ "Ger\xc3\xa4t", "ger-t" },
		{ "web-", "web" },
		{ "*", "" },
		{ "abcdefghijklmnop", "abcdefghijkl" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *got = import_slug(cases[i][0], 12 + (i < 8 ? 20 : 0));

		assert_string_equal(got, cases[i][1]);
		free(got);
	}
}

/* ---- whole tables */

static const struct import_options options = { .name = "acme",
	.number = 10001,
	.vendor = "Acme",
	.product = "Server",
	.title = "Ports of \"Acme\"" };

/* What a table becomes, line for line: "number line section name protocol/ports
 * from>to expect more".  The catalogue's own reader must have no objection. */
static char *
imported(const char *text, size_t len, struct diag *d)
{
	char *file, *got;
	size_t file_len, got_len;
	FILE *f = open_memstream(&file, &file_len);
	size_t n = import_csv("t.csv", text, len, &options, f, d);
	FILE *out = open_memstream(&got, &got_len);
	struct diag *own = diag_new();
	struct catalogue *c;
	char line[512];

	fclose(f);
	c = n > 0 ? catalogue_parse("acme.cfg", file, file_len, own) : NULL;
	for (size_t i = 0; i < diag_count(own); i++) {
		const struct diag_message *m = diag_get(own, i);

		if (m->level == DIAG_ERROR)
			fail_msg("%s\n%s", diag_format(m, line, sizeof(line)), file);
	}
	assert_int_equal(n, c != NULL ? c->nservices : 0);
	for (size_t i = 0; i < n; i++) {
		const struct service *s = &c->services[i];
		char from[128], to[128];

		fprintf(out, "%u %u %s | %s | %s/%s | %s > %s | %d %s%s%s%s%s%s%s\n",
		    s->number, s->line, s->section, s->name, types_proto(s->protocol),
		    s->ports, catalogue_roles_text(c, s, false, from, sizeof(from)),
		    catalogue_roles_text(c, s, true, to, sizeof(to)), (int)s->expect,
		    s->descr, s->application[0] != '\0' ? " app=" : "", s->application,
		    s->encryption[0] != '\0' ? " enc=" : "", s->encryption,
		    s->alternative_name[0] != '\0' ? " alt=" : "", s->alternative_name);
	}
	fclose(out);
	catalogue_free(c);
	diag_free(own);
	free(file);
	return got;
}

static void
becomes(const char *text, const char *want)
{
	struct diag *d = diag_new();
	char *got = imported(text, strlen(text), d);

	assert_string_equal(got, want);
	free(got);
	said_nothing(d);
}

static void
columns_in_any_order(void **state)
{
	static const char want[] = "1 1 Core | web-443 | tcp/443 | user > server | 0 "
				   "Web page app=HTTPS enc=TLS\n";

	(void)state;
	becomes("Source,Destination,Port,Protocol,Description,Section,Application,"
		"Encryption,Name\n"
		"User,Server,443,TCP,Web page,Core,HTTPS,TLS,web\n",
	    want);
	becomes("Service Name;Encrypted;L7 Protocol;Chapter;Purpose;Proto;"
		"Port Number(s);To;From\n"
		"web;TLS;HTTPS;Core;Web page;tcp;443;server;user\n",
	    want);
	becomes(
	    "encryption\tservice\tapp\tcategory\tusage\ttransport\tdst port\tdst\tsrc\n"
	    "TLS\tweb\tHTTPS\tCore\tWeb page\tTCP\t443\tServer\tUser\n",
	    want);
	becomes("name|security|application|area|details|protocol (L4)|ports *|target|"
		"client\n"
		"web|TLS|HTTPS|Core|Web page|tcp|443|server|user\n",
	    want);
}

/* "FIRST,FIRST+1,..." */
static void
print_ports(FILE *f, unsigned first, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		fprintf(f, "%s%u", i != 0 ? "," : "", first + i);
}

/* No port is left out without a word. */
static void
a_row_with_too_many_ports(void **state)
{
	char *text, *got;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	struct diag *d = diag_new();

	(void)state;
	fputs("from,to,tcp port,udp port,name\nA,B,\"", f);
	print_ports(f, 1000, 40);
	fputs("\",\"", f);
	print_ports(f, 2000, 40);
	fputs("\",x\nA,B,22,,y\n", f);
	fclose(f);
	got = imported(text, len, d);
	assert_string_equal(got, "1 2 Ports | y-22 | tcp/22 | a > b | 0 y\n");
	free(got);
	free(text);
	SAID(d, "t.csv:2: more than 64 ports in one row: write several rows");
}

/* CPU time of a large table in which all rows have one condition, or each its own. */
static double
seconds_for(bool own)
{
	static const struct import_options o = {
		.name = "n", .number = 10000, .vendor = "", .product = "", .title = "t"
	};
	struct diag *d = diag_new();
	char *text = NULL, *made = NULL;
	size_t size, made_size;
	FILE *table = mem_stream(&text, &size);
	FILE *out = mem_stream(&made, &made_size);
	clock_t start;

	fputs("from,to,port,protocol,condition\n", table);
	for (int i = 1; i <= 20000; i++)
		fprintf(table, "a,b,%d,tcp,c%d\n", i, own ? i : 1);
	mem_stream_end(table);
	start = clock();
	assert_int_equal(import_csv("t.csv", text, size, &o, out, d), 20000);
	mem_stream_end(out);
	free(text);
	free(made);
	diag_free(d);
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static void
many_names(void **state)
{
	(void)state;
	assert_true(seconds_for(true) < 4 * seconds_for(false) + 0.1);
}

/* Documents that number each section from 1. */
static void
alternatives_of_equal_numbers(void **state)
{
	(void)state;
	becomes("no,section,from,to,port,protocol,description\n"
		"1,One,A,B,443 or 8443,TCP,Web\n"
		"1,Two,A,B,22 or 23,TCP,Console\n",
	    "1 1 One | web-443 | tcp/443 | a > b | 0 Web alt=row-2\n"
	    "2 1 One | web-8443 | tcp/8443 | a > b | 0 Web alt=row-2\n"
	    "3 1 Two | console-22 | tcp/22 | a > b | 0 Console alt=row-3\n"
	    "4 1 Two | console-23 | tcp/23 | a > b | 0 Console alt=row-3\n");
}

static void
one_row_several_services(void **state)
{
	(void)state;
	becomes("from,to,port,protocol,description\n"
		"A,B,\"80, 443\",TCP,Web\n"
		"A,B,53,TCP/UDP,Names\n"
		"A,\"B, C and D\",389 or 636,TCP,Users\n"
		"A,B,\"TCP 21; UDP 69\",,Files\n",
	    "1 1 Ports | web-80 | tcp/80 | a > b | 0 Web\n"
	    "2 1 Ports | web-443 | tcp/443 | a > b | 0 Web\n"
	    "3 2 Ports | names-53 | tcp/53 | a > b | 0 Names\n"
	    "4 2 Ports | names-53-udp | udp/53 | a > b | 0 Names\n"
	    "5 3 Ports | users-389 | tcp/389 | a > b;c;d | 0 Users alt=row-4\n"
	    "6 3 Ports | users-636 | tcp/636 | a > b;c;d | 0 Users alt=row-4\n"
	    "7 4 Ports | files-21 | tcp/21 | a > b | 0 Files\n"
	    "8 4 Ports | files-69 | udp/69 | a > b | 0 Files\n");
}

static void
sections_lines_and_names(void **state)
{
	(void)state;
	/* headings, merged cells, the document's own numbers, equal names */
	becomes("no,from,to,port,protocol,description\n"
		"Management,,,,,\n"
		"3,A,B,22,TCP,The console of the server\n"
		",A,B,22,TCP,The console of the client\n"
		"Data,,,,,\n"
		"9,A,B,22,TCP,The console of a probe\n",
	    "1 3 Management | the-console-22 | tcp/22 | a > b | 0 The console of the "
	    "server\n"
	    "2 4 Management | the-console-22-tcp | tcp/22 | a > b | 0 The console of "
	    "the client\n"
	    "3 9 Data | the-console-22-2 | tcp/22 | a > b | 0 The console of a "
	    "probe\n");
	becomes("section,from,to,port,protocol,name\n"
		"One,A,B,1,TCP,x\n,A,B,2,TCP,x\nTwo,A,B,3,TCP,x\n",
	    "1 1 One | x-1 | tcp/1 | a > b | 0 x\n"
	    "2 2 One | x-2 | tcp/2 | a > b | 0 x\n"
	    "3 3 Two | x-3 | tcp/3 | a > b | 0 x\n");
}

static void
directions_and_requirements(void **state)
{
	(void)state;
	becomes("from,to,port,protocol,name,direction,required\n"
		"A,B,1,TCP,x,,yes\n"
		"A,B,2,TCP,x,both,optional\n"
		"A,B,3,TCP,x,inbound,recommended\n"
		"A,B,4,TCP,x,outbound,closed\n",
	    "1 1 Ports | x-1 | tcp/1 | a > b | 0 x\n"
	    "2 2 Ports | x-2 | tcp/2 | a;b > a;b | 2 x\n"
	    "3 3 Ports | x-3 | tcp/3 | a > b | 1 x\n"
	    "4 4 Ports | x-4 | tcp/4 | a > b | 3 x\n");
	becomes("from,to,tcp port,udp port,name,optional\n"
		"A,B,\"1, 2\",3,x,yes\n"
		"A,B,,4,y,no\n",
	    "1 1 Ports | x-1 | tcp/1 | a > b | 2 x\n"
	    "2 1 Ports | x-2 | tcp/2 | a > b | 2 x\n"
	    "3 1 Ports | x-3 | udp/3 | a > b | 2 x\n"
	    "4 2 Ports | y-4 | udp/4 | a > b | 0 y\n");
}

static void
rows_without_a_port(void **state)
{
	(void)state;
	becomes("from,to,port,protocol,name\n"
		"A,B,,ICMP,ping\n"
		"A,B,-,-,quiet\n",
	    "1 1 Ports | ping | icmp/ | a > b | 0 ping\n"
	    "2 2 Ports | quiet | none/ | a > b | 4 quiet\n");
}

/* Everything is told, with its line, and the rest of the table is read. */
static void
problems(void **state)
{
	static const char text[] = "\n\nTitle of it\n"
				   "from,to,port,protocol,required,colour,port range\n"
				   "A,B,70000,TCP,,red,\n"
				   "A,B,80,,,red,\n"
				   "A,B,,TCP,,red,\n"
				   "A,B,any,UDP,perhaps,red,\n"
				   "A,B,22,TCP,,red,\n";
	struct diag *d = diag_new();
	char *got = imported(text, sizeof(text) - 1, d);

	(void)state;
	assert_string_equal(got, "1 4 Ports | port | none/ | a > b | 4 port\n"
				 "2 5 Ports | port-22 | tcp/22 | a > b | 0 port-22\n");
	free(got);
	SAID(d, "t.csv:4: warning: column \"colour\" is not used",
	    "t.csv:4: warning: column \"port range\" is not used: \"port\" is there "
	    "already",
	    "t.csv:5: ports \"70000\": \"70000\" is not understood",
	    "t.csv:6: port 80 has no protocol: write TCP or UDP",
	    "t.csv:7: no port for tcp",
	    "t.csv:8: warning: \"perhaps\" is not understood: taken as required",
	    "t.csv:8: warning: ports \"any\" name none that could be checked: the "
	    "line is kept without one");
}

static void
ends_that_nobody_names(void **state)
{
	static const char text[] = "port,protocol,direction,description\n"
				   "80,TCP,inbound,Web\n"
				   "25,TCP,outbound,Mail\n"
				   "500,UDP,both,Peers\n"
				   "22,TCP,up,Console\n";
	struct diag *d = diag_new();
	char *got = imported(text, sizeof(text) - 1, d);

	(void)state;
	assert_string_equal(got,
	    "1 1 Ports | web-80 | tcp/80 | client > server | 0 Web\n"
	    "2 2 Ports | mail-25 | tcp/25 | server > remote | 0 Mail\n"
	    "3 3 Ports | peers-500 | udp/500 | client;server > client;server | 0 "
	    "Peers\n"
	    "4 4 Ports | console-22 | tcp/22 | client > server | 0 Console\n");
	free(got);
	SAID(d,
	    "t.csv:1: warning: rows without a source: whoever connects is called "
	    "\"client\"",
	    "t.csv:1: warning: rows without a destination: the ports are those of a "
	    "\"server\", or outbound those of a \"remote\"",
	    "t.csv:5: warning: direction \"up\" is not understood");
}

static void
no_table(void **state)
{
	static const char *const texts[] = { "", "hello\n", "name,colour\na,b\n",
		"port\n80\n", "\n\n\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct diag *d = diag_new();
		char *got = imported(texts[i], strlen(texts[i]), d);

		assert_string_equal(got, "");
		free(got);
		SAID(d, "t.csv: no header row with a column for ports (\"Port\") and "
			"another that is known: see svcport-catalogue(5)");
	}
}

/* Texts that would end a string of the file, or not fit. */
static void
texts_that_bite(void **state)
{
	static const char text[] =
	    "from,to,port,protocol,description,note\n"
	    "\"A \"\"x\"\"\",B\\,80,TCP,\"c:\\dir \"\"q\"\"\nnext\",\"a\tb\"\n";
	char long_text[800];
	struct diag *d = diag_new();
	char *got;

	(void)state;
	becomes(text, "1 1 Ports | c-dir-q-next-80 | tcp/80 | a-x > b | 0 c:\\dir "
		      "\"q\" next\n");
	snprintf(long_text, sizeof(long_text),
	    "from,to,port,protocol,description\nA,B,80,TCP,%0300d\n", 7);
	got = imported(long_text, strlen(long_text), d);
	assert_non_null(strstr(got, "tcp/80"));
	free(got);
	SAID(d, "t.csv:2: warning: the description is cut after 255 octets");
}

/* Whatever stands in a table: what comes out is a catalogue without an error. */
static void
any_table_makes_a_catalogue(void **state)
{
	static const char *const cells[] = { "", "443", "80,443", "TCP", "UDP", "any",
		"7000-7999", "A/B", "\"quoted, cell\"", "n/a", "x", "yes", "both",
		"ICMP", "22 or 23", "\"two\nlines\"", "#", "{ } ; = ( )", "\\",
		"@include", "Ger\xc3\xa4t", "0", "1-2-3", "\"\"\"\"", "TCP 5; UDP 6",
		"icmp/1" };
	uint32_t seed = 20260101;
	unsigned made = 0;

	(void)state;
	for (unsigned round = 0; round < 500; round++) {
		char *text;
		size_t len;
		FILE *f = open_memstream(&text, &len);
		struct diag *d = diag_new();
		char *got;

		fputs("port,protocol,from,to,description,section,name,direction,"
		      "required,note,condition,line,encryption\n",
		    f);
		for (int row = 0; row < 6; row++) {
			for (int c = 0; c < 13; c++) {
				seed = seed * 1664525 + 1013904223;
				fprintf(f, "%s%s", c != 0 ? "," : "",
				    cells[(seed >> 16) %
					  (sizeof(cells) / sizeof(cells[0]))]);
			}
			putc('\n', f);
		}
		fclose(f);
		got = imported(text, len, d);
		made += got[0] != '\0';
		free(got);
		free(text);
		diag_free(d);
	}
	assert_true(made > 250);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports),
		cmocka_unit_test(protocols),
		cmocka_unit_test(words),
		cmocka_unit_test(slugs),
		cmocka_unit_test(columns_in_any_order),
		cmocka_unit_test(many_names),
		cmocka_unit_test(alternatives_of_equal_numbers),
		cmocka_unit_test(one_row_several_services),
		cmocka_unit_test(a_row_with_too_many_ports),
		cmocka_unit_test(sections_lines_and_names),
		cmocka_unit_test(directions_and_requirements),
		cmocka_unit_test(rows_without_a_port),
		cmocka_unit_test(problems),
		cmocka_unit_test(ends_that_nobody_names),
		cmocka_unit_test(no_table),
		cmocka_unit_test(texts_that_bite),
		cmocka_unit_test(any_table_makes_a_catalogue),
	};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
