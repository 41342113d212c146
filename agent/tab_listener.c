#include <stdio.h>

#include "listen/listeners.h"
#include "mibview.h"
#include "plan/plan.h"
#include "tables.h"

enum scope { SCOPE_ANY = 1, SCOPE_ONE = 2, SCOPE_LOOPBACK = 3 };

static const struct listener *
listener(const struct mibview *v, uint32_t row)
{
	return &v->listeners->v[row];
}

/* The first documented service that names it, NULL for none. */
static const struct check *
documented(const struct mibview *v, uint32_t row)
{
	uint32_t n = listener(v, row)->service;

	return n > 0 && n <= v->plan->nchecks ? &v->plan->checks[n - 1] : NULL;
}

static void
get_name(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, listeners_name(listener(v, row), out->room.text));
}

static void
get_scope(const struct mibview *v, uint32_t row, struct value *out)
{
	const struct listener *l = listener(v, row);

	if (listeners_is_local(l))
		value_integer(out, SCOPE_LOOPBACK);
	else
		value_integer(
		    out, l->dual || addr_is_any(&l->addr) ? SCOPE_ANY : SCOPE_ONE);
}

static void
get_services(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, listener(v, row)->services);
}

static void
get_service(const struct mibview *v, uint32_t row, struct value *out)
{
	const struct check *c = documented(v, row);

	if (c == NULL) {
		value_text(out, "");
		return;
	}
	snprintf(out->room.text, sizeof(out->room.text), "%s/%s",
	    v->plan->cats[c->cat].name, plan_service(v->plan, c)->name);
	value_text(out, out->room.text);
}

static void
get_owner(const struct mibview *v, uint32_t row, struct value *out)
{
	const char *owner = listener(v, row)->owner;

	value_text(out, owner != NULL ? owner : "");
}

static void
get_queue(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, listener(v, row)->queue);
}

static void
get_queue_limit(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, listener(v, row)->queue_limit);
}

static void
get_first_seen(const struct mibview *v, uint32_t row, struct value *out)
{
	value_date(out, listener(v, row)->first_seen);
}

static const struct mibtab_column columns[] = {
	MIBTAB_RO(5, STRING, "svcPortListenerName", get_name),
	MIBTAB_RO(6, INTEGER, "svcPortListenerScope", get_scope),
	MIBTAB_RO(7, GAUGE, "svcPortListenerServices", get_services),
	MIBTAB_RO(8, STRING, "svcPortListenerService", get_service),
	MIBTAB_RO(9, STRING, "svcPortListenerOwner", get_owner),
	MIBTAB_RO(10, GAUGE, "svcPortListenerQueue", get_queue),
	MIBTAB_RO(11, GAUGE, "svcPortListenerQueueLimit", get_queue_limit),
	MIBTAB_RO(12, STRING, "svcPortListenerFirstSeen", get_first_seen),
};

const struct mibtab tab_listener = {
	.name = "svcPortListenerEntry",
	.prefix = { 1, 12, 1 },
	.prefix_len = 3,
	.rows = ROWS_LISTENERS,
	MIBTAB_COLUMNS(columns),
};
