/* Values of templates that are about a notification. */

#include "export/exportwords_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

EXPORTWORDS_VALUE(type)
{
	const struct mib_node *n = exportwords_notification(turn);

	(void)ctx;
	return n != NULL && args->n == 0 ? mem_strdup(n->type) : NULL;
}

EXPORTWORDS_VALUE(severity)
{
	const struct mib_node *n = exportwords_notification(turn);

	(void)ctx;
	return n != NULL && args->n == 0 ? mem_strdup(n->severity) : NULL;
}

EXPORTWORDS_VALUE(state)
{
	const struct mib_node *n = exportwords_notification(turn);

	(void)ctx;
	return n != NULL && args->n == 0 ? mem_strdup(n->state) : NULL;
}

EXPORTWORDS_VALUE(varbinds)
{
	const struct mib_node *n = exportwords_notification(turn);

	(void)ctx;
	return n != NULL && args->n == 0 ? mem_printf("%zu", n->nnames) : NULL;
}

const struct mib_node *
exportwords_clearing(const struct mibindex *m, const struct mib_node *raise)
{
	for (size_t i = 0; raise != NULL && i < mibindex_count(m); i++) {
		const struct mib_node *n = mibindex_at(m, i);

		if (n->kind == MIB_NOTIFICATION && raise->number % 2 == 1 &&
		    n->number == raise->number + 1)
			return n;
	}
	return NULL;
}

EXPORTWORDS_VALUE(clear)
{
	const struct export_context *x = ctx;
	const struct mib_node *n = exportwords_clearing(
	    x->mib, exportwords_notification(turn));

	return n != NULL && args->n == 0 ? mem_strdup(n->name) : NULL;
}

EXPORTWORDS_VALUE(clear_oid)
{
	const struct export_context *x = ctx;
	const struct mib_node *n = exportwords_clearing(
	    x->mib, exportwords_notification(turn));

	return n != NULL && args->n == 0 ? mem_strdup(n->oid) : NULL;
}

/* The first varbind that is a name: of the check, the host or the listener. */
static size_t
key_of(const struct mib_node *notification)
{
	size_t i = 0;

	while (notification != NULL && i < notification->nnames) {
		const char *name = notification->names[i++];
		size_t len = strlen(name);

		if (len > 4 && strcmp(name + len - 4, "Name") == 0)
			return i;
	}
	return 0;
}

EXPORTWORDS_VALUE(key)
{
	const struct mib_node *n = exportwords_notification(turn);
	size_t i = key_of(n);

	(void)ctx;
	return i > 0 && args->n == 0 ? mem_strdup(n->names[i - 1]) : NULL;
}

EXPORTWORDS_VALUE(key_oid)
{
	const struct export_context *x = ctx;
	const struct mib_node *n = exportwords_notification(turn);
	size_t i = key_of(n);

	return i > 0 && args->n == 0
	           ? mem_strdup(mibindex_find(x->mib, n->names[i - 1])->oid)
	           : NULL;
}

EXPORTWORDS_VALUE(key_turn)
{
	size_t i = key_of(exportwords_notification(turn));

	(void)ctx;
	return i > 0 && args->n == 0 ? mem_printf("%zu", i) : NULL;
}

/* As snmptt refers to it: "$4", or "-" where nothing is named. */
EXPORTWORDS_VALUE(key_variable)
{
	const struct mib_node *n = exportwords_notification(turn);
	size_t i = key_of(n);

	(void)ctx;
	if (n == NULL || args->n != 0)
		return NULL;
	return i > 0 ? mem_printf("$%zu", i) : mem_strdup("-");
}
