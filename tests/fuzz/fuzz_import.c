/*
 * libFuzzer target: whatever a table has in it, what svcport import makes of it is a
 * catalogue that its own reader has no error in.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "catalogue/catalogue.h"
#include "base/diag.h"
#include "import/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_right(const char *text, size_t len, size_t services)
{
	struct diag *d = diag_new();
	struct catalogue *c = catalogue_parse("made.cfg", text, len, d);
	char line[1400];

	if (c == NULL || c->nservices != services) {
		for (size_t i = 0; i < diag_count(d); i++)
			fprintf(stderr, "%s\n",
			    diag_format(diag_get(d, i), line, sizeof(line)));
		fwrite(text, 1, len, stderr);
		abort();
	}
	catalogue_free(c);
	diag_free(d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct import_options o = { .name = "made",
		.number = 10000,
		.vendor = "V",
		.product = "P",
		.title = "T" };
	struct diag *d = diag_new();
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	size_t services;

	services = import_csv("t.csv", (const char *)data, size, &o, f, d);
	fclose(f);
	if (services > 0)
		must_be_right(text, len, services);
	else if (len > 0 || diag_errors(d) == 0)
		abort();
	free(text);
	diag_free(d);
	return 0;
}
