/*
 * libFuzzer target: whatever a configuration file has in it, reading it ends with
 * messages or a result, and both can be freed.  The first octet chooses the kind of
 * file.  Files are not included: the input must be all there is.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "base/diag.h"
#include "site/site.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libconfig 1.5 drops the string it was reading when it meets a syntax error. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\nleak:libconfig_yylex\n";
}

static const char known[] =
    "format = 1; catalogue = { number = 9; name = \"acme\";\n"
    "document = { title = \"T\"; lines = 1; };\n"
    "roles = ( { name = \"server\"; own = true; }, { name = \"agent\"; } );\n"
    "features = ( { name = \"ldap\"; } );\n"
    "parameters = ( { name = \"base\"; default = 1960; max = 60000; } );\n"
    "services = ( { number = 1; line = 1; section = \"S\"; name = \"ctl\"; descr = "
    "\"d\";\n"
    "protocol = \"tcp\"; ports = \"${base}+4\"; from = [\"agent\"]; to = "
    "[\"server\"];\n"
    "expect = \"required\"; feature = \"ldap\"; } ); };";

static void
read_site(const char *text, size_t len, struct diag *d)
{
	struct catalogue_list list = { 0 };
	struct site *s = site_parse("fuzz.cfg", text, len, d);
	struct catalogue *c;

	if (s == NULL)
		return;
	c = catalogue_parse("known.cfg", known, sizeof(known) - 1, d);
	if (c == NULL)
		abort();
	catalogue_list_add(&list, c, d);
	site_check(s, &list, d);
	catalogue_list_clear(&list);
	site_free(s);
}

static void
format_all(struct diag *d)
{
	char line[1400];

	for (size_t i = 0; i < diag_count(d); i++) {
		diag_format(diag_get(d, i), line, sizeof(line));
		if (strpbrk(line, "\n\r\t\x1b") != NULL)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	struct diag *d;

	if (size == 0 || memmem(data, size, "@include", 8) != NULL)
		return 0;
	d = diag_new();
	if (data[0] % 2 == 0)
		read_site(text, size - 1, d);
	else
		catalogue_free(catalogue_parse("fuzz.cfg", text, size - 1, d));
	format_all(d);
	diag_free(d);
	return 0;
}
