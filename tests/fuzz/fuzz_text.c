/*
 * libFuzzer target: short texts that people and the kernel write.  The first octet
 * chooses the reader; what one accepts, its writer writes so that it is read again as
 * the same.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/int32.h"
#include "base/oidtext.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "catalogue/confkeys.h"
#include "catalogue/formula.h"
#include "catalogue/version.h"
#include "import/import.h"
#include "listen/procnet.h"
#include "model/addr.h"
#include "model/portset.h"
#include "model/types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
date(const char *text)
{
	wall_t t = -1;

	must(rfc3339_parse(text, &t) ? t >= 0 : t == -1);
}

static void
oid(const char *text)
{
	uint32_t ids[OIDTEXT_MAX];
	size_t len = 0;

	if (oidtext_parse(text, ids, &len))
		must(len >= 2 && len <= OIDTEXT_MAX && ids[0] <= 2);
}

static void
ports(const char *text)
{
	static char buf[65536 * 6];
	struct portset a;
	struct portset b;

	if (!portset_parse(text, &a))
		return;
	must(portset_size(&a) > 0);
	must(portset_parse(portset_format(&a, buf, sizeof(buf)), &b));
	must(portset_equal(&a, &b));
	portset_clear(&a);
	portset_clear(&b);
}

static void
address(const char *text)
{
	char buf[ADDR_TEXT];
	struct addr a;
	struct addr b;

	if (!addr_parse(text, &a))
		return;
	must(addr_parse(addr_format(&a, buf), &b) && addr_equal(&a, &b));
}

static const long *
values(void *arg, const char *name, size_t *count)
{
	static const long some[] = { 1960, 0, -1, 65535, 70000, INT64_MAX, INT64_MIN };

	(void)arg;
	if (name[0] == 'x')
		return NULL;
	*count = (size_t)(name[0] % 8);
	return some;
}

static void
formula(const char *text)
{
	struct portset set;
	char err[160] = "";
	char display[256];

	if (formula_eval(text, values, NULL, &set, err, sizeof(err)))
		portset_clear(&set);
	else
		must(err[0] != '\0');
	formula_display(text, display, sizeof(display));
	must(strlen(display) <= strlen(text));
}

static void
version(const char *text)
{
	const char *second = strchr(text, ';');
	bool readable;

	version_within("5.4.1", text, &readable);
	if (second != NULL)
		must(version_compare(text, second + 1) ==
		     -version_compare(second + 1, text));
}

static void
utf8(const char *text)
{
	size_t len = strlen(text);

	if (!utf8_valid(text))
		return;
	for (size_t max = 0; max <= len; max++) {
		char *cut = strndup(text, utf8_cut(text, max));

		must(strlen(cut) <= max && strlen(cut) + 3 >= max && utf8_valid(cut));
		free(cut);
	}
}

static void
name(const char *text)
{
	char *slug = import_slug(text, 64);

	must(slug[0] == '\0' || (confkeys_is_name(slug) && strlen(slug) <= 64));
	free(slug);
	int32_is_wide(text, text + strlen(text));
}

static void
proc(const char *text)
{
	struct sock s;

	for (int i = 0; i < 4; i++) {
		if (procnet_line(text, i % 2 == 0 ? PROTO_TCP : PROTO_UDP,
			i < 2 ? AF_INET : AF_INET6, &s))
			must(s.l.port != 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(const char *) = { date, oid, ports, address,
		formula, version, utf8, name, proc };
	char *text;

	if (size == 0)
		return 0;
	text = strndup((const char *)data + 1, size - 1);
	readers[data[0] % (sizeof(readers) / sizeof(readers[0]))](text);
	free(text);
	return 0;
}
