#include "import/import.h"
#include "import/import_table.h"

#include <string.h>

#include "catalogue/catfield.h"

/* libconfig's strings: RFC-like escapes for what would end them. */
static void
put_string(FILE *out, const char *text)
{
	putc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', out);
		putc(*text, out);
	}
	putc('"', out);
}

static void
put_key(FILE *out, const char *key, const char *text)
{
	fprintf(out, "%s = ", key);
	put_string(out, text);
	putc(';', out);
}

/* Only where it says something. */
static void
put_some(FILE *out, const char *key, const char *text)
{
	if (text[0] == '\0')
		return;
	fputs("\n      ", out);
	put_key(out, key, text);
}

static void
put_names(FILE *out, const char *key, const struct import_role *v, size_t n)
{
	if (n == 0)
		return;
	fprintf(out, "  %s = (\n", key);
	for (size_t i = 0; i < n; i++) {
		fputs("    { ", out);
		put_key(out, "name", v[i].name);
		putc(' ', out);
		put_key(out, "descr", v[i].descr);
		fprintf(out, " }%s\n", i + 1 < n ? "," : "");
	}
	fputs("  );\n\n", out);
}

static void
put_roles(
    FILE *out, const char *key, const struct import *im, const size_t *v, size_t n)
{
	fprintf(out, "%s = [", key);
	for (size_t i = 0; i < n; i++) {
		fputs(i != 0 ? ", " : "", out);
		put_string(out, im->roles[v[i]].name);
	}
	fputs("];", out);
}

static void
put_ports(FILE *out, const struct import_service *s)
{
	fprintf(out, "protocol = \"%s\"; ports = \"", types_proto(s->protocol));
	if (s->ports.low == 0)
		fputs("\";", out);
	else if (s->ports.low == s->ports.high)
		fprintf(out, "%u\";", s->ports.low);
	else
		fprintf(out, "%u-%u\"; policy = \"any\";", s->ports.low, s->ports.high);
}

static void
put_service(FILE *out, const struct import *im, size_t i)
{
	const struct import_service *s = &im->services[i];

	fprintf(out, "    { number = %zu; line = %u; ", i + 1, s->line);
	put_key(out, "section", s->section);
	put_some(out, "name", s->name);
	put_some(out, "descr", s->descr);
	fputs("\n      ", out);
	put_ports(out, s);
	fputs("\n      ", out);
	put_roles(out, "from", im, s->from, s->nfrom);
	putc(' ', out);
	put_roles(out, "to", im, s->to, s->nto);
	fprintf(out, "\n      expect = \"%s\";", catfield_expect(s->expect));
	put_some(out, "feature", s->feature);
	put_some(out, "alternative", s->alternative);
	put_some(out, "application", s->application);
	put_some(out, "encryption", s->encryption);
	put_some(out, "executable", s->executable);
	put_some(out, "note", s->note);
	fprintf(out, " }%s\n", i + 1 < im->nservices ? "," : "");
}

void
import_write(const struct import *im, const struct import_options *o, FILE *out)
{
	fputs(
	    "# A first catalogue, made of a table.  What no table says, see\n"
	    "# svcport-catalogue(5):\n"
	    "#   own = true       for the roles that are parts of the product\n"
	    "#   policy           of ranges: \"any\" is a guess; \"every\", \"pool\"\n"
	    "#   on-demand = true for ports that listen only while they are used\n"
	    "#   scope = \"local\"  for ports that must not be reached from outside\n"
	    "#   feature          for ports that are needed under a condition\n"
	    "# Numbers are never reused: keep them when lines come and go.\n"
	    "format = 1;\n\n",
	    out);
	fprintf(out, "catalogue = {\n  number = %u;\n  ", o->number);
	put_key(out, "name", o->name);
	fputs("\n  ", out);
	put_key(out, "vendor", o->vendor);
	fputs("\n  ", out);
	put_key(out, "product", o->product);
	fputs("\n  version = \"\";\n  document = {\n    ", out);
	put_key(out, "title", o->title);
	fprintf(out, "\n    revision = \"\";\n    lines = %u;\n  };\n\n", im->lines);
	put_names(out, "roles", im->roles, im->nroles);
	put_names(out, "features", im->features, im->nfeatures);
	fputs("  services = (\n", out);
	for (size_t i = 0; i < im->nservices; i++)
		put_service(out, im, i);
	fputs("  );\n};\n", out);
}
