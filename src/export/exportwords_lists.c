/* Lists of templates. */

#include "export/exportwords.h"
#include "export/exportwords_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plan/plan.h"

static const void **
room(const struct mibindex *m)
{
	return mem_array(const void *, mibindex_count(m) + 1);
}

static bool
list_label(void *ctx, const struct template_turn *turn,
    const struct template_args *args, const void ***items, size_t *n)
{
	const struct export_context *x = ctx;
	const struct mib_node *of = exportwords_node(ctx, turn, args);

	if (of != NULL)
		of = mibindex_enumeration(x->mib, of);
	if (of == NULL)
		return false;
	*items = mem_array(const void *, of->nlabels);
	for (*n = 0; *n < of->nlabels; ++*n)
		(*items)[*n] = &of->labels[*n];
	return true;
}

/* One turn for a node with labels, none for another. */
static bool
list_labelled(void *ctx, const struct template_turn *turn,
    const struct template_args *args, const void ***items, size_t *n)
{
	const struct export_context *x = ctx;
	const struct mib_node *of = exportwords_node(ctx, turn, args);

	*items = mem_array(const void *, 1);
	*n = of != NULL && mibindex_enumeration(x->mib, of) != NULL ? 1 : 0;
	(*items)[0] = of;
	return of != NULL;
}

/* Everything that has labels of its own: conventions, and objects without one. */
static bool
list_enumeration(void *ctx, const struct template_turn *turn,
    const struct template_args *args, const void ***items, size_t *n)
{
	const struct export_context *x = ctx;

	(void)turn;
	*items = room(x->mib);
	for (size_t i = 0; i < mibindex_count(x->mib); i++) {
		if (mibindex_at(x->mib, i)->nlabels > 0)
			(*items)[(*n)++] = mibindex_at(x->mib, i);
	}
	return args->n == 0;
}

static bool
readable(const struct mib_node *n)
{
	return strncmp(n->access, "read-", 5) == 0;
}

/* The readable objects directly below a node. */
static bool
list_child(void *ctx, const struct template_turn *turn,
    const struct template_args *args, const void ***items, size_t *n)
{
	const struct export_context *x = ctx;

	(void)turn;
	if (args->n != 1 || mibindex_find(x->mib, args->v[0]) == NULL)
		return false;
	*items = room(x->mib);
	for (size_t i = 0; i < mibindex_count(x->mib); i++) {
		const struct mib_node *k = mibindex_at(x->mib, i);

		if (strcmp(k->parent, args->v[0]) == 0 && readable(k))
			(*items)[(*n)++] = k;
	}
	return *n > 0;
}

static bool
list_notification(void *ctx, const struct template_turn *turn,
    const struct template_args *args, const void ***items, size_t *n)
{
	const struct export_context *x = ctx;

	(void)turn;
	*items = room(x->mib);
	for (size_t i = 0; i < mibindex_count(x->mib); i++) {
		const struct mib_node *k = mibindex_at(x->mib, i);

		if (k->kind == MIB_NOTIFICATION)
			(*items)[(*n)++] = k;
	}
	return args->n == 0;
}

static bool
list_raise(void *ctx, const struct template_turn *turn,
    const struct template_args *args, const void ***items, size_t *n)
{
	const struct export_context *x = ctx;
	size_t all = 0;
	bool ok = list_notification(ctx, turn, args, items, &all);

	for (size_t i = 0; i < all; i++) {
		if (exportwords_clearing(x->mib, (*items)[i]) != NULL)
			(*items)[(*n)++] = (*items)[i];
	}
	return ok;
}

static bool
list_varbind(void *ctx, const struct template_turn *turn,
    const struct template_args *args, const void ***items, size_t *n)
{
	const struct export_context *x = ctx;
	const struct mib_node *of = exportwords_notification(turn);

	if (of == NULL || args->n != 0)
		return false;
	*items = mem_array(const void *, of->nnames);
	for (*n = 0; *n < of->nnames; ++*n)
		(*items)[*n] = mibindex_find(x->mib, of->names[*n]);
	return true;
}

static bool
list_check(void *ctx, const struct template_turn *turn,
    const struct template_args *args, const void ***items, size_t *n)
{
	const struct export_context *x = ctx;

	(void)turn;
	if (x->plan == NULL || args->n != 0)
		return false;
	*items = mem_array(const void *, x->plan->nchecks + 1);
	for (*n = 0; *n < x->plan->nchecks; ++*n)
		(*items)[*n] = &x->plan->checks[*n];
	return true;
}

/* One turn, or none: what stands inside belongs to one of two formats. */
static bool
list_auths(void *ctx, const struct template_turn *turn,
    const struct template_args *args, const void ***items, size_t *n)
{
	const struct export_context *x = ctx;

	(void)turn;
	*items = mem_array(const void *, 1);
	*n = x->auths ? 1 : 0;
	return args->n == 0;
}

const struct template_list exportwords_lists[] = {
	{ "auths", list_auths },
	{ "label", list_label },
	{ "labelled", list_labelled },
	{ "enumeration", list_enumeration },
	{ "column", list_child },
	{ "scalar", list_child },
	{ "notification", list_notification },
	{ "raise", list_raise },
	{ "varbind", list_varbind },
	{ "check", list_check },
	{ NULL, NULL },
};
