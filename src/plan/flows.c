#include "plan/flows.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* No host of a site file can be called so. */
#define ROLE_MARK "role "

/* ---- a site with every role played */

static bool
played(const struct site *site, const char *role)
{
	for (size_t h = 0; h < site->nhosts; h++) {
		for (size_t i = 0; i < site->hosts[h].nroles; i++) {
			if (strcmp(site->hosts[h].roles[i].text, role) == 0)
				return true;
		}
	}
	return false;
}

static void
stand_in(struct site *site, const char *catalogue, const struct role *role)
{
	char *text = mem_printf("%s:%s", catalogue, role->name);
	struct site_host *h;

	if (played(site, text)) {
		free(text);
		return;
	}
	site->hosts = mem_resize(site->hosts, site->nhosts + 1, sizeof(*site->hosts));
	h = &site->hosts[site->nhosts++];
	*h = (struct site_host){ .name = mem_printf(ROLE_MARK "%s", text),
		.address = mem_strdup(""),
		.active_when = mem_strdup(""),
		.roles = mem_array(struct site_text, 1),
		.nroles = 1,
		.interval = -1,
		.pos = { site->file, 0 } };
	h->roles[0] = (struct site_text){ text, { site->file, 0 } };
}

void
flows_widen(struct site *site, const struct catalogue_list *catalogues)
{
	site->viewpoint = VIEWPOINT_ALL;
	for (size_t i = 0; i < catalogues->n; i++) {
		const struct catalogue *c = catalogues->v[i];

		for (size_t r = 0; r < c->nroles; r++)
			stand_in(site, c->name, &c->roles[r]);
		for (size_t k = 0; k < site->ninstances; k++) {
			const struct site_instance *in = &site->instances[k];

			for (size_t r = 0;
			     strcmp(in->catalogue, c->name) == 0 && r < c->nroles; r++)
				stand_in(site, in->name, &c->roles[r]);
		}
	}
}

bool
flows_is_role(const struct plan_host *h)
{
	return strncmp(h->name, ROLE_MARK, strlen(ROLE_MARK)) == 0;
}

/* ---- flows */

struct gather {
	const struct plan *plan;
	bool stand_ins_alone; /* no host of the site has a role */
	/* The hosts that connect to the service which was looked at last. */
	uint16_t cat, service;
	uint16_t *sources;
	uint32_t nsources;
	bool known;
	struct flow *v;
	size_t n, cap;
};

static bool
only_stand_ins(const struct plan *p)
{
	for (uint32_t h = 0; h < p->nhosts; h++) {
		if (p->hosts[h].has_roles && !flows_is_role(&p->hosts[h]))
			return false;
	}
	return true;
}

/* Whether a host plays one of the service's `from` roles. */
static bool
is_source(const struct plan *p, const struct check *c, uint32_t host)
{
	const struct service *s = plan_service(p, c);

	for (size_t i = 0; i < s->nfrom; i++) {
		if (plan_plays(p, c->cat, host, s->from[i]))
			return true;
	}
	return false;
}

/* The checks of a service follow each other. */
static void
find_sources(struct gather *g, const struct check *c)
{
	if (g->known && g->cat == c->cat && g->service == c->service)
		return;
	g->known = true;
	g->cat = c->cat;
	g->service = c->service;
	g->nsources = 0;
	for (uint32_t h = 0; h < g->plan->nhosts; h++) {
		if (is_source(g->plan, c, h))
			g->sources[g->nsources++] = (uint16_t)h;
	}
}

/* What the documents want of a check's flows; false when nothing. */
static bool
need_of(const struct check *c, enum flow_need *out)
{
	enum expected expected = (enum expected)c->expected;

	if ((c->flags & (CHECK_FEATURE_OFF | CHECK_VERSION_OFF)) != 0)
		return false;
	/* Its sources are those that may. */
	if ((c->flags & CHECK_OUTSIDE) != 0)
		expected = EXPECTED_REQUIRED;
	switch (expected) {
	case EXPECTED_REQUIRED:
		*out = FLOW_REQUIRED;
		return true;
	case EXPECTED_RECOMMENDED:
		*out = FLOW_RECOMMENDED;
		return true;
	case EXPECTED_OPTIONAL:
		*out = FLOW_OPTIONAL;
		return true;
	case EXPECTED_LOCAL:
	case EXPECTED_CLOSED:
	case EXPECTED_UNSPECIFIED:
		break;
	}
	return false;
}

static void
gather_check(struct gather *g, const struct check *c)
{
	const struct plan *p = g->plan;
	bool to_role = flows_is_role(&p->hosts[c->host]);
	enum flow_need need;

	if (!need_of(c, &need))
		return;
	find_sources(g, c);
	for (uint32_t i = 0; i < g->nsources; i++) {
		uint16_t h = g->sources[i];
		bool from_role = flows_is_role(&p->hosts[h]);

		if (h == c->host || (to_role && from_role && !g->stand_ins_alone))
			continue;
		mem_grow(g->v, g->n, g->cap);
		g->v[g->n++] = (struct flow){ c, h, need };
	}
}

struct flow *
flows_of(const struct plan *p, size_t *n)
{
	struct gather g = { .plan = p,
		.stand_ins_alone = only_stand_ins(p),
		.sources = mem_array(uint16_t, p->nhosts) };

	for (uint32_t i = 0; i < p->nchecks; i++)
		gather_check(&g, &p->checks[i]);
	free(g.sources);
	*n = g.n;
	return g.v;
}

bool
flows_is_forbidden(const struct check *c)
{
	return c->expected == EXPECTED_LOCAL ||
	       (c->expected == EXPECTED_CLOSED && (c->flags & CHECK_OUTSIDE) == 0);
}

const char *
flows_need(enum flow_need need)
{
	static const char *const words[] = { [FLOW_REQUIRED] = "required",
		[FLOW_RECOMMENDED] = "recommended",
		[FLOW_OPTIONAL] = "optional" };

	return words[need];
}
