#include "export/exportwords.h"

#include "export/exportwords_priv.h"
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plan/plan.h"

/* ---- what a turn is about */

static bool
of_list(const struct template_turn *turn, const char *const *names)
{
	for (; *names != NULL; names++) {
		if (strcmp(turn->list, *names) == 0)
			return true;
	}
	return false;
}

static const void *
innermost(const struct template_turn *turn, const char *const *names)
{
	while (turn != NULL && !of_list(turn, names))
		turn = turn->outer;
	return turn != NULL ? turn->item : NULL;
}

static const char *const node_lists[] = { "column", "scalar", "labelled", "enumeration",
	"notification", "raise", "varbind", NULL };
static const char *const notification_lists[] = { "notification", "raise", NULL };
static const char *const label_lists[] = { "label", NULL };
static const char *const check_lists[] = { "check", NULL };

const struct mib_node *
exportwords_node(const struct export_context *x, const struct template_turn *turn,
    const struct template_args *args)
{
	if (args->n > 1)
		return NULL;
	return args->n == 1 ? mibindex_find(x->mib, args->v[0])
	                    : innermost(turn, node_lists);
}

const struct mib_node *
exportwords_notification(const struct template_turn *turn)
{
	return innermost(turn, notification_lists);
}

/* ---- values */

#define VALUE(id)                                                          \
	static char *get_##id(void *ctx, const struct template_turn *turn, \
	    const struct template_args *args)

VALUE(version)
{
	(void)ctx;
	(void)turn;
	return args->n == 0 ? mem_strdup(SVCPORT_VERSION) : NULL;
}

VALUE(root)
{
	const struct export_context *x = ctx;

	(void)turn;
	return args->n == 0 ? mem_strdup(mibindex_module(x->mib)->oid) : NULL;
}

VALUE(community)
{
	const struct export_context *x = ctx;

	(void)turn;
	return args->n == 0 ? mem_strdup(x->community) : NULL;
}

VALUE(name)
{
	const struct mib_node *n = exportwords_node(ctx, turn, args);

	return n != NULL ? mem_strdup(n->name) : NULL;
}

VALUE(oid)
{
	const struct mib_node *n = exportwords_node(ctx, turn, args);

	return n != NULL && n->oid[0] != '\0' ? mem_strdup(n->oid) : NULL;
}

VALUE(brief)
{
	const struct mib_node *n = exportwords_node(ctx, turn, args);
	char buf[1024];

	return n != NULL ? mem_strdup(mibindex_brief(n, buf, sizeof(buf))) : NULL;
}

VALUE(descr)
{
	const struct mib_node *n = exportwords_node(ctx, turn, args);

	return n != NULL ? mem_strdup(n->descr) : NULL;
}

VALUE(units)
{
	const struct mib_node *n = exportwords_node(ctx, turn, args);

	return n != NULL ? mem_strdup(n->units) : NULL;
}

VALUE(arc)
{
	const struct mib_node *n = exportwords_node(ctx, turn, args);

	return n != NULL ? mem_printf("%" PRIu32, n->number) : NULL;
}

/* What the labels of a node are called: the convention's name, or the node's own. */
VALUE(map)
{
	const struct export_context *x = ctx;
	const struct mib_node *n = exportwords_node(ctx, turn, args);

	if (n != NULL)
		n = mibindex_enumeration(x->mib, n);
	return n != NULL ? mem_strdup(n->name) : NULL;
}

VALUE(number)
{
	const struct export_context *x = ctx;
	long value;

	(void)turn;
	if (args->n != 2 || !mibindex_label(x->mib, args->v[0], args->v[1], &value))
		return NULL;
	return mem_printf("%ld", value);
}

VALUE(turn)
{
	(void)ctx;
	return turn != NULL && args->n == 0 ? mem_printf("%zu", turn->i + 1) : NULL;
}

VALUE(label)
{
	const struct mib_label *l = innermost(turn, label_lists);

	(void)ctx;
	return l != NULL && args->n == 0 ? mem_strdup(l->name) : NULL;
}

VALUE(value)
{
	const struct mib_label *l = innermost(turn, label_lists);

	(void)ctx;
	return l != NULL && args->n == 0 ? mem_printf("%ld", l->value) : NULL;
}

/* "closedRequired" as "closed required" */
VALUE(words)
{
	const struct mib_label *l = innermost(turn, label_lists);
	char *text;
	size_t n = 0;

	(void)ctx;
	if (l == NULL || args->n != 0)
		return NULL;
	text = mem_calloc(2 * strlen(l->name) + 1, 1);
	for (const char *p = l->name; *p != '\0'; p++) {
		if (isupper((unsigned char)*p))
			text[n++] = ' ';
		text[n++] = (char)tolower((unsigned char)*p);
	}
	return text;
}

/* ---- identifiers */

/* FNV-1a with another start for each half, mixed so that similar texts differ
 * everywhere. */
static uint64_t
hash(const char *text, uint64_t h)
{
	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3;
	h ^= h >> 30;
	h *= 0xbf58476d1ce4e5b9;
	h ^= h >> 27;
	h *= 0x94d049bb133111eb;
	return h ^ h >> 31;
}

/* In the form of version 4 (RFC 4122, 4.4), which is what Zabbix demands: 32 digits. */
VALUE(uuid)
{
	const struct mib_node *n = innermost(turn, node_lists);
	char *of = mem_printf("%s %s", args->rest, n != NULL ? n->name : "");
	uint64_t high = hash(of, 0xcbf29ce484222325);
	uint64_t low = hash(of, 0x9ae16a3b2f90404f);

	(void)ctx;
	free(of);
	if (args->n == 0)
		return NULL;
	high = (high & ~UINT64_C(0xf000)) | 0x4000;
	low = (low & ~(UINT64_C(3) << 62)) | UINT64_C(2) << 62;
	return mem_printf("%016" PRIx64 "%016" PRIx64, high, low);
}

/* ---- values of the plan */

VALUE(local)
{
	const struct export_context *x = ctx;

	(void)turn;
	return x->plan != NULL && args->n == 0 ? mem_strdup(x->plan->hosts[0].name)
	                                       : NULL;
}

VALUE(check)
{
	const struct export_context *x = ctx;
	const struct check *c = innermost(turn, check_lists);
	char name[PLAN_NAME_MAX];

	(void)args;
	return c != NULL ? mem_strdup(plan_check_name(x->plan, c, name)) : NULL;
}

VALUE(index)
{
	const struct export_context *x = ctx;
	const struct check *c = innermost(turn, check_lists);

	(void)args;
	if (c == NULL)
		return NULL;
	return mem_printf("%u.%u.%u", x->plan->cats[c->cat].number,
	    plan_service(x->plan, c)->number, x->plan->hosts[c->host].number);
}

VALUE(citation)
{
	const struct export_context *x = ctx;
	const struct check *c = innermost(turn, check_lists);
	char buf[700];

	(void)args;
	return c != NULL ? mem_strdup(plan_citation(x->plan, c, buf, sizeof(buf)))
	                 : NULL;
}

/* "severity WARNING=3 MAJOR=5": the word behind the one that the value is. */
VALUE(case)
{
	const struct template_args none = { .rest = "" };
	const struct template_value *v = exportwords_values;
	char *is = NULL;
	char *out = NULL;

	while (args->n > 0 && v->name != NULL && strcmp(v->name, args->v[0]) != 0)
		v++;
	if (args->n > 0 && v->name != NULL)
		is = v->get(ctx, turn, &none);
	for (size_t i = 1; is != NULL && out == NULL && i < args->n; i++) {
		size_t len = strlen(is);

		if (strncmp(args->v[i], is, len) == 0 && args->v[i][len] == '=')
			out = mem_strdup(args->v[i] + len + 1);
	}
	free(is);
	return out;
}

const struct template_value exportwords_values[] = {
	{ "case", get_case },
	{ "version", get_version },
	{ "root", get_root },
	{ "community", get_community },
	{ "name", get_name },
	{ "oid", get_oid },
	{ "brief", get_brief },
	{ "descr", get_descr },
	{ "units", get_units },
	{ "arc", get_arc },
	{ "map", get_map },
	{ "number", get_number },
	{ "turn", get_turn },
	{ "label", get_label },
	{ "value", get_value },
	{ "words", get_words },
	{ "type", exportwords_type },
	{ "severity", exportwords_severity },
	{ "state", exportwords_state },
	{ "varbinds", exportwords_varbinds },
	{ "clear", exportwords_clear },
	{ "clear-oid", exportwords_clear_oid },
	{ "key", exportwords_key },
	{ "key-oid", exportwords_key_oid },
	{ "key-turn", exportwords_key_turn },
	{ "key-variable", exportwords_key_variable },
	{ "uuid", get_uuid },
	{ "local", get_local },
	{ "check", get_check },
	{ "index", get_index },
	{ "citation", get_citation },
	{ NULL, NULL },
};
