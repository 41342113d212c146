#include "mibview.h"

#include <stdlib.h>
#include <string.h>

#include "journal/eventlog.h"
#include "catalogue/formula.h"
#include "listen/listeners.h"
#include "base/mem.h"
#include "plan/plan.h"
#include "publish/rowindex.h"
#include "publish/store.h"

/* Empties an index and makes room for n rows. */
static void
index_reset(struct mibtab_index *x, uint32_t n, uint32_t stride)
{
	x->ids = mem_resize(x->ids, (size_t)n * stride, sizeof(*x->ids));
	x->stride = stride;
	x->n = n;
}

static void
index_free(struct mibtab_index *x)
{
	free(x->ids);
	free(x->lens);
	memset(x, 0, sizeof(*x));
}

void
mibview_init(struct mibview *v, const struct store *store,
    const struct eventlog *events, const uint32_t *root, size_t root_len)
{
	memset(v, 0, sizeof(*v));
	v->store = store;
	v->events = events;
	v->root = root;
	v->root_len = root_len;
	index_reset(&v->index[ROWS_ONE], 1, 1);
	v->index[ROWS_ONE].ids[0] = 0;
}

void
mibview_clear(struct mibview *v)
{
	for (int i = 0; i < ROWS_SETS; i++)
		index_free(&v->index[i]);
	free(v->services);
	if (v->plan != NULL)
		plan_unref(v->plan);
	if (v->listeners != NULL)
		listeners_unref(v->listeners);
}

/* A catalogue's own values of a parameter. */
static const long *
catalogue_default(void *arg, const char *name, size_t *count)
{
	const struct catalogue *cat = arg;
	int i = catalogue_parameter(cat, name);

	if (i == -1)
		return NULL;
	*count = cat->parameters[i].ndefaults;
	return cat->parameters[i].defaults;
}

static struct mibview_service
make_service(const struct plan *p, uint32_t cat, uint32_t service)
{
	struct catalogue *c = (struct catalogue *)p->cats[cat].cat;
	struct mibview_service out = { .cat = cat, .service = service };
	struct portset ports = { 0 };
	char err[128];

	if (formula_eval(c->services[service].ports, catalogue_default, c, &ports, err,
		sizeof(err)) &&
	    ports.count > 0) {
		const struct port_range *r = portset_ranges(&ports);

		out.low = r[0].low;
		out.high = r[ports.count - 1].high;
	}
	portset_clear(&ports);
	return out;
}

static void
render_services(struct mibview *v, const struct plan *p)
{
	struct mibtab_index *x = &v->index[ROWS_SERVICES];
	uint32_t n = 0;

	for (uint32_t c = 0; c < p->ncats; c++)
		n += (uint32_t)p->cats[c].cat->nservices;
	index_reset(x, n, 2);
	v->services = mem_resize(v->services, n, sizeof(*v->services));
	n = 0;
	for (uint32_t c = 0; c < p->ncats; c++) {
		const struct catalogue *cat = p->cats[c].cat;

		for (uint32_t s = 0; s < cat->nservices; s++, n++) {
			x->ids[2 * n] = p->cats[c].number;
			x->ids[2 * n + 1] = cat->services[s].number;
			v->services[n] = make_service(p, c, s);
		}
	}
}

static void
render_plan(struct mibview *v, struct plan *p)
{
	struct mibtab_index *cats = &v->index[ROWS_CATALOGUES];
	struct mibtab_index *hosts = &v->index[ROWS_HOSTS];
	struct mibtab_index *checks = &v->index[ROWS_CHECKS];
	uint32_t ids[EVENT_INDEX_MAX];

	index_reset(cats, p->ncats, 1);
	for (uint32_t i = 0; i < p->ncats; i++)
		cats->ids[i] = p->cats[i].number;
	index_reset(hosts, p->nhosts, 1);
	for (uint32_t i = 0; i < p->nhosts; i++)
		hosts->ids[i] = p->hosts[i].number;
	index_reset(checks, p->nchecks, 3);
	for (uint32_t i = 0; i < p->nchecks; i++) {
		rowindex_check(p, &p->checks[i], ids);
		memcpy(checks->ids + (size_t)3 * i, ids, 3 * sizeof(*ids));
	}
	render_services(v, p);
}

static void
render_listeners(struct mibview *v, const struct listener_table *t)
{
	struct mibtab_index *x = &v->index[ROWS_LISTENERS];

	index_reset(x, t->n, EVENT_INDEX_MAX);
	x->lens = mem_resize(x->lens, t->n, sizeof(*x->lens));
	for (uint32_t i = 0; i < t->n; i++)
		x->lens[i] = (uint8_t)rowindex_listener(
		    &t->v[i], x->ids + (size_t)i * EVENT_INDEX_MAX);
}

static void
render_alarms(struct mibview *v)
{
	struct mibtab_index *x = &v->index[ROWS_ALARMS];

	index_reset(x, v->store->nalarms, 1);
	for (uint32_t i = 0; i < x->n; i++)
		x->ids[i] = v->store->alarms[i].index;
}

static void
render_events(struct mibview *v)
{
	struct mibtab_index *x = &v->index[ROWS_EVENTS];

	index_reset(x, (uint32_t)eventlog_count(v->events), 1);
	for (uint32_t i = 0; i < x->n; i++)
		x->ids[i] = eventlog_at(v->events, i)->seq;
}

/* The references keep what was rendered alive, so that an address tells old from new.
 */
void
mibview_refresh(struct mibview *v)
{
	const struct store *s = v->store;

	if (s->plan != v->plan) {
		plan_unref(v->plan);
		v->plan = plan_ref(s->plan);
		render_plan(v, v->plan);
	}
	if (s->listeners != v->listeners) {
		if (v->listeners != NULL)
			listeners_unref(v->listeners);
		v->listeners = listeners_ref(s->listeners);
		render_listeners(v, v->listeners);
	}
	if (v->alarm_change.ns != s->alarm_change.ns ||
	    v->index[ROWS_ALARMS].n != s->nalarms) {
		v->alarm_change = s->alarm_change;
		render_alarms(v);
	}
	if (v->events_change != eventlog_changes(v->events)) {
		v->events_change = eventlog_changes(v->events);
		render_events(v);
	}
}

long
mibview_below(const struct mibview *v, const uint32_t *name, size_t len, bool *before)
{
	*before = false;
	for (size_t i = 0; i < v->root_len; i++) {
		if (i == len || name[i] < v->root[i]) {
			*before = true;
			return -1;
		}
		if (name[i] > v->root[i])
			return -1;
	}
	return (long)(len - v->root_len);
}

uint32_t
mibview_ticks(const struct mibview *v, struct mono t)
{
	if (!mono_before(v->epoch, t))
		return 0;
	return (uint32_t)(mono_diff_ms(t, v->epoch) / 10);
}

uint32_t
mibview_age(const struct mibview *v, wall_t t)
{
	if (t >= v->wall)
		return 0;
	return (uint32_t)((v->wall - t) / 1000);
}

uint32_t
mibview_left(const struct mibview *v, uint32_t until)
{
	wall_t now = v->wall / 1000;

	if (until <= now)
		return 0;
	return until - now < MIBVIEW_MUTE_MAX ? (uint32_t)(until - now)
	                                      : MIBVIEW_MUTE_MAX;
}
