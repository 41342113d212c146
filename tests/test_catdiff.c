#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/catdiff.h"
#include "catalogue/catfield.h"
#include "base/diag.h"
#include "base/mem.h"

static struct catalogue *
parse(const char *text)
{
	struct diag *d = diag_new();
	struct catalogue *c = catalogue_parse("c.cfg", text, strlen(text), d);

	for (size_t i = 0; c == NULL && i < diag_count(d); i++)
		print_error("%s\n", diag_get(d, i)->text);
	assert_non_null(c);
	diag_free(d);
	return c;
}

static void
print_fact(void *arg, const struct catdiff_fact *f)
{
	FILE *out = arg;

	fprintf(out, "%s %s %u %s %s [%s] [%s]\n", catdiff_word(f->kind), f->what,
	    f->number, f->name, f->field, f->before, f->after);
}

static void
differs(const char *before, const char *after, const char *want)
{
	struct catalogue *a = parse(before);
	struct catalogue *b = parse(after);
	char *text;
	size_t len;
	size_t lines = 0;
	FILE *out = open_memstream(&text, &len);
	size_t n = catdiff(a, b, print_fact, out);

	fclose(out);
	for (const char *p = want; (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	assert_string_equal(text, want);
	assert_int_equal(n, lines);
	free(text);
	catalogue_free(a);
	catalogue_free(b);
}

#define HEAD                                                                     \
	"format = 1; catalogue = { number = 7; name = \"app\"; vendor = \"V\"; " \
	"product = \"App\"; version = \"1\"; document = { title = \"T\"; "       \
	"revision = \"a\"; lines = 3; };\n"
#define ROLES                                                          \
	"roles = ({ name = \"client\"; own = true; descr = \"C\"; }, " \
	"{ name = \"server\"; own = true; descr = \"S\"; });\n"
#define FEATURES "features = ({ name = \"f\"; descr = \"F\"; });\n"
#define PARAMETERS                                                                 \
	"parameters = ({ name = \"base\"; default = 10; max = 99; descr = \"B\"; " \
	"});\n"
#define ONE                                                                        \
	"{ number = 1; line = 1; section = \"S\"; name = \"one\"; descr = \"D\"; " \
	"protocol = \"tcp\"; ports = \"${base}+1\"; from = [\"client\"]; "         \
	"to = [\"server\"]; expect = \"required\"; feature = \"f\"; }"
#define TWO                                                                        \
	"{ number = 2; line = 2; section = \"S\"; name = \"two\"; descr = \"D\"; " \
	"protocol = \"udp\"; ports = \"53\"; from = [\"client\"]; "                \
	"to = [\"server\"]; expect = \"optional\"; }"
#define FIVE                                                                        \
	"{ number = 5; line = 3; section = \"Z\"; name = \"five\"; descr = \"D\"; " \
	"protocol = \"icmp\"; ports = \"\"; from = [\"client\", \"server\"]; "      \
	"to = [\"server\"]; expect = \"closed\"; }"
#define ALL(services) HEAD ROLES FEATURES PARAMETERS "services = (" services "); };"

static void
same(void **state)
{
	(void)state;
	differs(ALL(ONE ", " TWO), ALL(ONE ", " TWO), "");
	/* The order in the file is nobody's business. */
	differs(ALL(ONE ", " TWO), ALL(TWO ", " ONE), "");
}

static void
services_come_and_go_by_number(void **state)
{
	(void)state;
	differs(ALL(ONE ", " TWO), ALL(ONE ", " FIVE),
	    "removed service 2 two  [udp/53, client -> server, optional; S, line 2] "
	    "[]\n"
	    "added service 5 five  [] [icmp, client;server -> server, closed; Z, line "
	    "3]\n");
	differs(ALL(ONE ", " FIVE), ALL(ONE ", " TWO ", " FIVE),
	    "added service 2 two  [] [udp/53, client -> server, optional; S, line "
	    "2]\n");
}

static void
documents_roles_features_parameters(void **state)
{
	(void)state;
	differs(ALL(ONE),
	    "format = 1; catalogue = { number = 7; name = \"app\"; vendor = \"W\"; "
	    "product = \"App\"; version = \"2\"; document = { title = \"T\"; "
	    "revision = \"b\"; lines = 4; };\n"
	    "roles = ({ name = \"client\"; descr = \"C\"; }, "
	    "{ name = \"server\"; own = true; descr = \"S\"; }, "
	    "{ name = \"new\"; descr = \"N\"; });\n"
	    "features = ({ name = \"f\"; descr = \"G\"; }, "
	    "{ name = \"g\"; descr = \"New\"; });\n"
	    "parameters = ({ name = \"base\"; default = [10, 20]; max = 98; "
	    "descr = \"B\"; }, { name = \"x\"; default = 1; descr = \"X\"; });\n"
	    "services = (" ONE "); };",
	    "changed document 0 app vendor [V] [W]\n"
	    "changed document 0 app version [1] [2]\n"
	    "changed document 0 app revision [a] [b]\n"
	    "changed document 0 app lines [3] [4]\n"
	    "changed role 0 client own [true] [false]\n"
	    "added role 0 new  [] [N]\n"
	    "changed feature 0 f descr [F] [G]\n"
	    "added feature 0 g  [] [New]\n"
	    "changed parameter 0 base default [10, 1 to 99] [[10, 20], 1 to 98]\n"
	    "added parameter 0 x  [] [1, 1 to 65535]\n"
	    "changed service 1 one policy [] [every]\n");
}

static void
what_went(void **state)
{
	(void)state;
	differs(ALL(ONE),
	    HEAD "roles = ({ name = \"server\"; own = true; descr = \"S\"; }); "
		 "services = ({ number = 1; line = 1; section = \"S\"; "
		 "name = \"one\"; descr = \"D\"; protocol = \"tcp\"; ports = \"11\"; "
		 "from = [\"server\"]; to = [\"server\"]; expect = \"required\"; }); "
		 "};",
	    "removed role 0 client  [C] []\n"
	    "removed feature 0 f  [F] []\n"
	    "removed parameter 0 base  [10, 1 to 99] []\n"
	    "changed service 1 one ports [${base}+1] [11]\n"
	    "changed service 1 one from [client] [server]\n"
	    "changed service 1 one feature [f] []\n");
}

static const char *const base_keys[][2] = {
	{ "number", "number = 1;" },
	{ "name", "name = \"one\";" },
	{ "line", "line = 1;" },
	{ "section", "section = \"S\";" },
	{ "descr", "descr = \"D\";" },
	{ "protocol", "protocol = \"tcp\";" },
	{ "ports", "ports = \"1\";" },
	{ "from", "from = [\"client\"];" },
	{ "to", "to = [\"server\"];" },
	{ "expect", "expect = \"required\";" },
};

/* A catalogue of one service with the keys above, one of them otherwise. */
static struct catalogue *
one_service(const char *key, const char *setting)
{
	struct catalogue *c;
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	fputs(HEAD ROLES FEATURES "services = ({ ", f);
	for (size_t i = 0; i < sizeof(base_keys) / sizeof(base_keys[0]); i++) {
		if (strcmp(base_keys[i][0], key) != 0)
			fputs(base_keys[i][1], f);
	}
	fprintf(f, "%s }); };", setting);
	fclose(f);
	c = parse(text);
	free(text);
	return c;
}

/* Each key of a service is noticed when it changes: one that the table forgets fails
 * here. */
static void
every_key_of_a_service(void **state)
{
	static const char *const keys[][2] = {
		{ "line", "line = 3;" },
		{ "section", "section = \"Other\";" },
		{ "descr", "descr = \"Other\";" },
		{ "protocol", "protocol = \"udp\";" },
		{ "ports", "ports = \"99\";" },
		{ "from", "from = [\"server\"];" },
		{ "to", "to = [\"client\"];" },
		{ "expect", "expect = \"recommended\";" },
		{ "scope", "scope = \"local\";" },
		{ "on-demand", "on-demand = true;" },
		{ "feature", "feature = \"f\";" },
		{ "alternative", "alternative = \"x\";" },
		{ "application", "application = \"HTTP\";" },
		{ "encryption", "encryption = \"TLS\";" },
		{ "executable", "executable = \"httpd\";" },
		{ "versions", "versions = \">= 2\";" },
		{ "configurable", "configurable = true;" },
		{ "default-on", "default-on = false;" },
		{ "observe", "observe = \"either\";" },
		{ "connect", "connect = true;" },
		{ "method", "method = \"syn\";" },
		{ "tls", "tls = true;" },
		{ "expect-reply", "expect-reply = false;" },
		{ "reply", "reply = \"x\";" },
		{ "note", "note = \"n\";" },
		{ "name", "name = \"other\";" },
	};
	struct catalogue *a = one_service("", "");

	(void)state;
	/* payload and policy need others beside them: see below. */
	assert_int_equal(catfield_count, sizeof(keys) / sizeof(keys[0]) + 2);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct catalogue *b = one_service(keys[i][0], keys[i][1]);
		char *want = mem_printf(" %s [", keys[i][0]);
		char *text;
		size_t len;
		FILE *out = open_memstream(&text, &len);

		assert_int_equal(catdiff(a, b, print_fact, out), 1);
		fclose(out);
		if (strstr(text, want) == NULL)
			fail_msg("%s: %s", keys[i][0], text);
		free(text);
		free(want);
		catalogue_free(b);
	}
	catalogue_free(a);
}

/* Octets that are no text are told in digits: one such reply is not the other. */
static void
replies_of_any_octets(void **state)
{
	(void)state;
#define UDP(keys)                                                                      \
	ALL("{ number = 1; line = 1; section = \"S\"; name = \"one\"; descr = \"D\"; " \
	    "protocol = \"udp\"; ports = \"1\"; from = [\"client\"]; to = "            \
	    "[\"server\"]; "                                                           \
	    "expect = \"required\"; reply = \"" keys "\"; }")
	differs(UDP("a\tb"), UDP("a\nb"),
	    "changed service 1 one reply [hex:610962] [hex:610a62]\n");
	differs(UDP("\x80"), UDP("ok"), "changed service 1 one reply [hex:80] [ok]\n");
#undef UDP
}

static void
no_fact(void *arg, const struct catdiff_fact *f)
{
	(void)arg, (void)f;
}

/* What changes at the end of a long list is a change. */
static void
long_lists(void **state)
{
	struct catalogue *a, *b;
	char *text[2];

	(void)state;
	for (size_t t = 0; t < 2; t++) {
		size_t size;
		FILE *to = mem_stream(&text[t], &size);

		fputs(HEAD "roles = (", to);
		for (int i = 100; i < 300; i++)
			fprintf(to, "%s{ name = \"a-role-with-a-long-name-%d\"; }",
			    i != 100 ? ", " : "", i);
		fputs("); parameters = ({ name = \"base\"; default = [", to);
		for (int i = 100; i < 300; i++)
			fprintf(to, "%d, ", i);
		fprintf(to, "%zu]; }); services = ({ number = 1; line = 1; ", 300 + t);
		fputs("section = \"S\"; name = \"one\"; descr = \"D\"; protocol = "
		      "\"tcp\"; ports = \"${base}\"; expect = \"required\"; from = [",
		    to);
		for (int i = 100; i < 299 + (int)t; i++)
			fprintf(to, "%s\"a-role-with-a-long-name-%d\"",
			    i != 100 ? ", " : "", i);
		fputs("]; to = [\"a-role-with-a-long-name-100\"]; }); };", to);
		mem_stream_end(to);
	}
	a = parse(text[0]);
	b = parse(text[1]);
	assert_int_equal(catdiff(a, b, no_fact, NULL), 2);
	catalogue_free(a);
	catalogue_free(b);
	free(text[0]);
	free(text[1]);
}

static void
payload_and_policy(void **state)
{
	static const char service[] =
	    "{ number = 1; line = 1; section = \"S\"; name = \"one\"; descr = \"D\"; "
	    "protocol = \"udp\"; from = [\"client\"]; to = [\"server\"]; "
	    "expect = \"required\"; %s }";
	char before[512];
	char after[512];
	char *ta, *tb;

	(void)state;
	snprintf(before, sizeof(before), service,
	    "ports = \"1-2\"; policy = \"any\"; payload = \"off\";");
	snprintf(after, sizeof(after), service,
	    "ports = \"1-2\"; policy = \"pool\"; payload = \"hex:00fF\";");
	ta = mem_printf("%sservices = (%s); };", HEAD ROLES, before);
	tb = mem_printf("%sservices = (%s); };", HEAD ROLES, after);
	differs(ta, tb,
	    "changed service 1 one policy [any] [pool]\n"
	    "changed service 1 one payload [off] [hex:00ff]\n");
	free(ta);
	free(tb);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same),
		cmocka_unit_test(services_come_and_go_by_number),
		cmocka_unit_test(documents_roles_features_parameters),
		cmocka_unit_test(what_went),
		cmocka_unit_test(every_key_of_a_service),
		cmocka_unit_test(replies_of_any_octets),
		cmocka_unit_test(long_lists),
		cmocka_unit_test(payload_and_policy),
	};

	return cmocka_run_group_tests_name("catdiff", tests, NULL, NULL);
}
