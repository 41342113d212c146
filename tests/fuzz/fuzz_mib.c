/*
 * libFuzzer target: any text as a MIB module is an index that can be asked about every
 * one of its nodes, or a message.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "export/mibindex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
ask(const struct mibindex *m, const struct mib_node *n)
{
	char brief[64];
	long value;

	mibindex_brief(n, brief, sizeof(brief));
	(void)mibindex_base(m, n);
	(void)mibindex_enumeration(m, n);
	(void)mibindex_label(m, n->name, "one", &value);
	if (mibindex_is_column(m, n))
		(void)mibindex_row(m, n);
	if (mibindex_find(m, n->name) == NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	char err[160] = "";
	struct mibindex *m = mibindex_new(text, err, sizeof(err));

	free(text);
	if (m == NULL && err[0] == '\0')
		abort();
	for (size_t i = 0; m != NULL && i < mibindex_count(m); i++)
		ask(m, mibindex_at(m, i));
	mibindex_free(m);
	return 0;
}
