#ifndef SVCPORT_EXPORTWORDS_PRIV_H
#define SVCPORT_EXPORTWORDS_PRIV_H

/* What exportwords.c, exportwords_traps.c and exportwords_lists.c share. */

#include "export/exportcontext.h"
#include "base/template.h"
#include "export/mibindex.h"

/* The node that the first argument names, or that the turn is about. */
const struct mib_node *exportwords_node(const struct export_context *x,
    const struct template_turn *turn, const struct template_args *args);
/* The notification that the turn is about, NULL when it is about none. */
const struct mib_node *exportwords_notification(const struct template_turn *turn);
/* An odd notification raises, the next even one, when there is one, clears. */
const struct mib_node *exportwords_clearing(
    const struct mibindex *m, const struct mib_node *raise);

#define EXPORTWORDS_VALUE(id)                                               \
	char *exportwords_##id(void *ctx, const struct template_turn *turn, \
	    const struct template_args *args)

EXPORTWORDS_VALUE(type);
EXPORTWORDS_VALUE(severity);
EXPORTWORDS_VALUE(state);
EXPORTWORDS_VALUE(varbinds);
EXPORTWORDS_VALUE(clear);
EXPORTWORDS_VALUE(clear_oid);
EXPORTWORDS_VALUE(key);
EXPORTWORDS_VALUE(key_oid);
EXPORTWORDS_VALUE(key_turn);
EXPORTWORDS_VALUE(key_variable);

#endif
