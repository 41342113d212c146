#include "plan/plan.h"
#include "plan/plan_build.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/reason.h"

/* ---- catalogues and instances */

static int
by_number(const void *pa, const void *pb)
{
	const struct plan_catalogue *a = pa;
	const struct plan_catalogue *b = pb;

	return a->number < b->number ? -1 : a->number > b->number;
}

static const struct catalogue *
find_catalogue(const struct plan *p, const char *name)
{
	for (size_t i = 0; i < p->catalogues.n; i++) {
		if (strcmp(p->catalogues.v[i]->name, name) == 0)
			return p->catalogues.v[i];
	}
	return NULL;
}

static void
check_unique_cats(const struct build *b)
{
	const struct plan *p = b->plan;

	for (uint32_t i = 0; i < p->ncats; i++) {
		for (uint32_t k = 0; k < i; k++) {
			if (p->cats[i].number == p->cats[k].number)
				diag_error(b->diag, p->site->file, 0,
				    "\"%s\" and \"%s\" both have catalogue number %u: "
				    "give the instance another one",
				    p->cats[k].name, p->cats[i].name,
				    p->cats[i].number);
			if (strcmp(p->cats[i].name, p->cats[k].name) == 0)
				diag_error(b->diag, p->site->file, 0,
				    "the name \"%s\" is given to two catalogues or "
				    "instances",
				    p->cats[i].name);
		}
	}
}

static void
make_cats(struct build *b)
{
	struct plan *p = b->plan;
	const struct site *site = p->site;

	p->cats = mem_array(struct plan_catalogue, p->catalogues.n + site->ninstances);
	for (size_t i = 0; i < p->catalogues.n; i++) {
		const struct catalogue *c = p->catalogues.v[i];

		p->cats[p->ncats++] = (struct plan_catalogue){
			.cat = c, .number = c->number, .name = c->name
		};
	}
	for (size_t i = 0; i < site->ninstances; i++) {
		const struct site_instance *in = &site->instances[i];
		const struct catalogue *c = find_catalogue(p, in->catalogue);

		if (c == NULL)
			diag_error(b->diag, in->pos.file, in->pos.line,
			    "instance \"%s\": catalogue \"%s\" is not loaded", in->name,
			    in->catalogue);
		else
			p->cats[p->ncats++] = (struct plan_catalogue){
				.cat = c, .number = in->number, .name = in->name
			};
	}
	if (p->ncats > 0)
		qsort(p->cats, p->ncats, sizeof(*p->cats), by_number);
	check_unique_cats(b);
	b->cats = mem_array(struct build_cat, p->ncats);
	for (size_t i = 0; i < site->ninstances; i++) {
		for (uint32_t k = 0; k < p->ncats; k++) {
			if (p->cats[k].name == site->instances[i].name)
				b->cats[k].instance = &site->instances[i];
		}
	}
}

/* ---- who plays what */

static void
make_players(struct build *b, uint32_t cat)
{
	const struct plan *p = b->plan;
	struct build_cat *bc = &b->cats[cat];
	size_t nroles = p->cats[cat].cat->nroles;
	uint32_t n = 0;
	uint32_t cap = 0;

	bc->role_first = mem_array(uint32_t, nroles + 1);
	for (size_t r = 0; r < nroles; r++) {
		bc->role_first[r] = n;
		for (uint32_t h = 0; h < p->nhosts; h++) {
			if (!plan_plays(p, cat, h, (int)r))
				continue;
			mem_grow(bc->players, n, cap);
			bc->players[n++] = (uint16_t)h;
		}
	}
	bc->role_first[nroles] = n;
}

/* Marks the hosts that play one of the roles; returns whether the local one does. */
static bool
mark_players(
    const struct build_cat *bc, const uint16_t *roles, size_t n, uint8_t *marks)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t end = bc->role_first[roles[i] + 1];

		for (uint32_t k = bc->role_first[roles[i]]; k < end; k++)
			marks[bc->players[k]] = 1;
	}
	return marks[0] != 0;
}

/* ---- checks */

#define OVERRIDE(field) offsetof(struct site_override, field)

static long
interval_of(const struct build *b, uint32_t cat, const struct service *s, uint32_t host)
{
	const struct site_host *sh = b->plan->hosts[host].site;
	long base = sh != NULL && sh->interval > 0 ? sh->interval
	                                           : b->plan->site->interval;

	return plan_override_long(b, cat, s, host, OVERRIDE(interval), base);
}

static uint16_t
observe_flags(
    const struct build *b, uint32_t cat, const struct service *s, uint32_t host)
{
	int connect = plan_override_int(
	    b, cat, s, host, OVERRIDE(connect), s->connect ? 1 : 0);

	/* The kernel itself answers an echo: no socket shows it. */
	if (s->protocol == PROTO_ICMP || s->protocol == PROTO_ICMPV6 ||
	    s->protocol == PROTO_SCTP)
		return 0;
	switch ((enum observe)plan_override_int(
	    b, cat, s, host, OVERRIDE(observe), (int)s->observe)) {
	case OBSERVE_CONNECT:
		return CHECK_CONNECT;
	case OBSERVE_EITHER:
		return CHECK_LISTEN | CHECK_CONNECT | CHECK_EITHER;
	case OBSERVE_LISTEN:
		break;
	}
	return connect != 0 ? CHECK_LISTEN | CHECK_CONNECT : CHECK_LISTEN;
}

static void
fill_rules(const struct build *b, uint32_t cat, const struct service *s, uint32_t host,
    struct check *c)
{
	c->severity = (uint8_t)plan_override_int(
	    b, cat, s, host, OVERRIDE(severity), 0);
	c->raise_after = (uint8_t)plan_override_long(
	    b, cat, s, host, OVERRIDE(raise_after), 0);
	c->clear_after = (uint8_t)plan_override_long(
	    b, cat, s, host, OVERRIDE(clear_after), 0);
	c->hold = (uint32_t)plan_override_long(
	    b, cat, s, host, OVERRIDE(hold), b->plan->site->hold);
	if ((c->flags & CHECK_CONNECT) != 0)
		c->interval = (uint32_t)interval_of(b, cat, s, host);
}

static void
add_check(struct build *b, uint32_t cat, const struct service *s, uint32_t host,
    enum check_why why)
{
	struct plan *p = b->plan;
	bool here = p->hosts[host].local;
	struct check c = { .cat = (uint16_t)cat,
		.host = (uint16_t)host,
		.service = (uint16_t)(s - p->cats[cat].cat->services),
		.policy = (uint8_t)s->policy,
		.why = (uint8_t)why,
		.method = METHOD_NONE };
	struct plan_rule e = plan_expect(b, cat, s, host, why);

	if (!plan_ports(b, cat, s, host, &c.ports))
		return;
	/* A formula over nothing (no drive configured) documents no port here. */
	if (c.ports.count == 0 &&
	    (s->protocol == PROTO_TCP || s->protocol == PROTO_UDP))
		return;
	c.expected = (uint8_t)e.expected;
	c.flags = (uint16_t)(e.flags | (here ? observe_flags(b, cat, s, host)
					     : (uint16_t)CHECK_CONNECT));
	if (why == WHY_NO_ROLES)
		c.flags = (uint16_t)((c.flags & ~CHECK_CONNECT) | CHECK_NO_ROLE);
	if (why == WHY_VIEWPOINT)
		c.flags |= CHECK_FOREIGN;
	if (s->on_demand || s->policy == POLICY_POOL)
		c.flags |= CHECK_UNJUDGED;
	if ((c.flags & (CHECK_LISTEN | CHECK_CONNECT)) == 0) {
		c.flags |= CHECK_UNJUDGED;
		c.idle = REASON_PROTOCOL;
	}
	fill_rules(b, cat, s, host, &c);
	mem_grow(p->checks, p->nchecks, b->checks_cap);
	p->checks[p->nchecks++] = c;
}

/* The rows of one service, in the order of host numbers. */
static void
check_service(
    struct build *b, uint32_t cat, const struct service *s, uint8_t *marks, bool all)
{
	const struct build_cat *bc = &b->cats[cat];
	bool from_here;
	bool to_here;

	if (s->protocol == PROTO_NONE)
		return;
	if (!b->any_roles) {
		add_check(b, cat, s, 0, WHY_NO_ROLES);
		return;
	}
	memset(marks, 0, b->plan->nhosts);
	from_here = mark_players(bc, s->from, s->nfrom, marks);
	memset(marks, 0, b->plan->nhosts);
	to_here = mark_players(bc, s->to, s->nto, marks);
	if (to_here)
		add_check(b, cat, s, 0, WHY_PLAYS_TO);
	for (uint32_t h = 1; h < b->plan->nhosts; h++) {
		if (marks[h] != 0 && (from_here || all))
			add_check(
			    b, cat, s, h, from_here ? WHY_PLAYS_FROM : WHY_VIEWPOINT);
	}
}

static void
make_checks(struct build *b)
{
	struct plan *p = b->plan;
	uint8_t *marks = mem_calloc(p->nhosts, 1);
	bool all = p->site->viewpoint == VIEWPOINT_ALL ||
	           (p->site->viewpoint == VIEWPOINT_DEFAULT && b->any_roles &&
		       !p->roles_here);

	for (uint32_t cat = 0; cat < p->ncats; cat++) {
		const struct catalogue *c = p->cats[cat].cat;

		make_players(b, cat);
		p->cats[cat].first_check = p->nchecks;
		for (size_t i = 0; i < c->nservices; i++)
			check_service(b, cat, &c->services[i], marks, all);
		p->cats[cat].nchecks = p->nchecks - p->cats[cat].first_check;
	}
	free(marks);
}

/* ---- the plan */

static void
build_clear(struct build *b)
{
	for (uint32_t i = 0; b->cats != NULL && i < b->plan->ncats; i++) {
		free(b->cats[i].players);
		free(b->cats[i].role_first);
	}
	free(b->cats);
	plan_matches_free(b->matches);
}

struct plan *
plan_new(struct site *site, struct catalogue_list *catalogues, const char *local_name,
    const struct host_numbers *numbers, struct diag *d)
{
	struct build b = { .plan = mem_new(struct plan), .diag = d };
	struct plan *p = b.plan;
	size_t errors = diag_errors(d);

	p->refs = 1;
	p->site = site;
	p->catalogues = *catalogues;
	*catalogues = (struct catalogue_list){ 0 };
	b.matches = plan_matches_new(site);
	make_cats(&b);
	plan_hosts(&b, local_name, numbers);
	make_checks(&b);
	plan_probes(&b);
	plan_alternatives(&b);
	plan_groups(&b);
	build_clear(&b);
	if (diag_errors(d) > errors) {
		plan_unref(p);
		return NULL;
	}
	return p;
}

struct plan *
plan_ref(struct plan *p)
{
	__atomic_add_fetch(&p->refs, 1, __ATOMIC_RELAXED);
	return p;
}

void
plan_unref(struct plan *p)
{
	if (p == NULL || __atomic_sub_fetch(&p->refs, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	for (uint32_t i = 0; i < p->nchecks; i++)
		portset_clear(&p->checks[i].ports);
	for (uint32_t i = 0; i < p->nalternatives; i++)
		free(p->alternatives[i].members);
	for (uint32_t i = 0; i < p->ngroups; i++)
		free(p->groups[i].members);
	free(p->cats);
	free(p->hosts);
	free(p->checks);
	free(p->endpoints);
	free(p->specs);
	free(p->check_probes);
	free(p->probe_checks);
	free(p->alternatives);
	free(p->groups);
	free(p->local_name);
	catalogue_list_clear(&p->catalogues);
	site_free(p->site);
	free(p);
}
