#include "export/mibtext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/oidtext.h"

static const uint32_t internet[] = { 1, 3, 6, 1 };
static const uint32_t enterprises[] = { 1, 3, 6, 1, 4, 1 };
static const uint32_t playpen[] = { 1, 3, 6, 1, 4, 1, 8072, 9999, 9999 };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
below(const uint32_t *root, size_t len, const uint32_t *prefix, size_t prefix_len)
{
	return len > prefix_len &&
	       memcmp(root, prefix, prefix_len * sizeof(*root)) == 0;
}

/*
 * The value of the module's OID: "enterprises svcPortRoot7(12345) 3".  Every number but
 * the last has a label, since a checker calls one without an implicit definition.
 */
static void
root_value(const uint32_t *root, size_t len, FILE *out)
{
	/* the arcs below internet that SNMPv2-SMI names */
	static const char *const labels[] = { NULL, "directory", "mgmt", "experimental",
		"private", "security", "snmpV2" };
	size_t i;

	if (below(root, len, playpen, COUNT(playpen))) {
		fputs("enterprises netSnmp(8072) netSnmpExperimental(9999) "
		      "netSnmpPlaypen(9999)",
		    out);
		i = COUNT(playpen);
	} else if (below(root, len, enterprises, COUNT(enterprises))) {
		fputs("enterprises", out);
		i = COUNT(enterprises);
	} else {
		fputs("iso org(3) dod(6) internet(1)", out);
		i = COUNT(internet);
	}
	if (i == 4 && len > 5 && root[4] > 0 && root[4] < COUNT(labels)) {
		fprintf(out, " %s(%u)", labels[root[4]], root[4]);
		i++;
	}
	for (; i + 1 < len; i++)
		fprintf(out, " svcPortRoot%zu(%u)", i + 1, root[i]);
	fprintf(out, " %u", root[i]);
}

char *
mibtext_render(const char *root)
{
	static const char import[] = "@MIB_ROOT_IMPORT@", value[] = "@MIB_ROOT_VALUE@";
	const char *at = mibtext_template, *mark;
	uint32_t ids[OIDTEXT_MAX];
	size_t len, size;
	char *text;
	FILE *out;

	if (root[0] == '\0')
		root = SVCPORT_MIB_ROOT;
	if (!oidtext_parse(root, ids, &len) ||
	    !below(ids, len, internet, COUNT(internet)))
		return NULL;
	out = mem_stream(&text, &size);
	mark = strstr(at, import);
	fwrite(at, 1, (size_t)(mark - at), out);
	if (below(ids, len, enterprises, COUNT(enterprises)))
		fputs(", enterprises", out);
	at = mark + strlen(import);
	mark = strstr(at, value);
	fwrite(at, 1, (size_t)(mark - at), out);
	root_value(ids, len, out);
	fputs(mark + strlen(value), out);
	mem_stream_end(out);
	return text;
}
