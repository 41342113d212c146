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
	const struct site_host **hosts; /* beside plan.hosts; NULL for one not in it */
	bool stand_ins_alone;           /* no host of the site has a role */
	struct flow *v;
	size_t n, cap;
};

static void
match_hosts(struct gather *g)
{
	const struct plan *p = g->plan;
	const struct site *site = p->site;

	g->hosts = mem_array(const struct site_host *, p->nhosts);
	g->stand_ins_alone = true;
	for (uint32_t h = 0; h < p->nhosts; h++) {
		for (size_t i = 0; i < site->nhosts; i++) {
			if (strcmp(site->hosts[i].name, p->hosts[h].name) == 0)
				g->hosts[h] = &site->hosts[i];
		}
		if (p->hosts[h].has_roles && !flows_is_role(&p->hosts[h]))
			g->stand_ins_alone = false;
	}
}

/* Whether a host plays one of the service's `from` roles. */
static bool
is_source(const struct gather *g, const struct check *c, uint32_t host)
{
	const struct plan_catalogue *pc = &g->plan->cats[c->cat];
	const struct service *s = plan_service(g->plan, c);
	const struct site_host *sh = g->hosts[host];
	size_t len = strlen(pc->name);

	for (size_t i = 0; sh != NULL && i < s->nfrom; i++) {
		const char *role = pc->cat->roles[s->from[i]].name;

		for (size_t k = 0; k < sh->nroles; k++) {
			const char *text = sh->roles[k].text;

			if (strncmp(text, pc->name, len) == 0 && text[len] == ':' &&
			    strcmp(text + len + 1, role) == 0)
				return true;
		}
	}
	return false;
}

/* What the documents want of a check's flows; false when nothing. */
static bool
need_of(const struct check *c, enum flow_need *out)
{
	if ((c->flags & (CHECK_FEATURE_OFF | CHECK_VERSION_OFF)) != 0)
		return false;
	switch ((enum expected)c->expected) {
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
	for (uint32_t h = 0; h < p->nhosts; h++) {
		bool from_role = flows_is_role(&p->hosts[h]);

		if (h == c->host || !is_source(g, c, h) ||
		    (to_role && from_role && !g->stand_ins_alone))
			continue;
		mem_grow(g->v, g->n, g->cap);
		g->v[g->n++] = (struct flow){ c, (uint16_t)h, need };
	}
}

struct flow *
flows_of(const struct plan *p, size_t *n)
{
	struct gather g = { .plan = p };

	match_hosts(&g);
	for (uint32_t i = 0; i < p->nchecks; i++)
		gather_check(&g, &p->checks[i]);
	free(g.hosts);
	*n = g.n;
	return g.v;
}

bool
flows_is_forbidden(const struct check *c)
{
	return c->expected == EXPECTED_LOCAL || c->expected == EXPECTED_CLOSED;
}

const char *
flows_need(enum flow_need need)
{
	static const char *const words[] = { [FLOW_REQUIRED] = "required",
		[FLOW_RECOMMENDED] = "recommended",
		[FLOW_OPTIONAL] = "optional" };

	return words[need];
}
