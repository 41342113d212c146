#include "plan/plan.h"
#include "plan/plan_build.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct member {
	uint32_t cat, host, group, check;
};

static int
by_group(const void *pa, const void *pb)
{
	const struct member *a = pa;
	const struct member *b = pb;

	if (a->cat != b->cat)
		return a->cat < b->cat ? -1 : 1;
	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (a->host != b->host)
		return a->host < b->host ? -1 : 1;
	return a->check < b->check ? -1 : a->check > b->check;
}

static bool
same_group(const struct member *a, const struct member *b)
{
	return a->cat == b->cat && a->group == b->group && a->host == b->host;
}

static void
add_alternative(struct plan *p, const struct member *v, uint32_t n)
{
	struct plan_alternative *a;

	p->alternatives = mem_resize(p->alternatives, p->nalternatives + 1, sizeof(*a));
	a = &p->alternatives[p->nalternatives++];
	a->n = n;
	a->members = mem_array(uint32_t, n);
	for (uint32_t i = 0; i < n; i++) {
		a->members[i] = v[i].check;
		p->checks[v[i].check].alternative = p->nalternatives;
	}
}

void
plan_alternatives(struct build *b)
{
	struct plan *p = b->plan;
	struct member *v = mem_array(struct member, p->nchecks);
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->nchecks; i++) {
		const struct check *c = &p->checks[i];
		const struct service *s = plan_service(p, c);

		if (s->alternative != 0 &&
		    (c->flags & (CHECK_UNJUDGED | CHECK_NO_ROLE)) == 0)
			v[n++] = (struct member){ c->cat, c->host, s->alternative, i };
	}
	qsort(v, n, sizeof(*v), by_group);
	for (uint32_t i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && same_group(&v[i], &v[k]); k++)
			;
		if (k - i > 1)
			add_alternative(p, &v[i], k - i);
	}
	free(v);
}

static bool
in_group(const struct plan *p, const struct site_group *g, const struct check *c)
{
	char name[128];
	bool host = false;

	if (p->hosts[c->host].local || (c->flags & CHECK_UNJUDGED) != 0)
		return false;
	/* A port that must not be open cannot stand in for one that must. */
	if (c->expected == EXPECTED_CLOSED || c->expected == EXPECTED_LOCAL)
		return false;
	for (size_t i = 0; i < g->nhosts && !host; i++)
		host = strcmp(g->hosts[i].text, p->hosts[c->host].name) == 0;
	if (!host)
		return false;
	snprintf(name, sizeof(name), "%s/%s", p->cats[c->cat].name,
	    plan_service(p, c)->name);
	for (size_t i = 0; i < g->nservices; i++) {
		if (fnmatch(g->services[i].text, name, 0) == 0)
			return true;
	}
	return false;
}

/* One row, one alarm: it cannot be judged by two groups. */
static void
told_twice(struct build *b, const struct site_group *g, const struct check *c)
{
	const struct plan *p = b->plan;
	char name[PLAN_NAME_MAX];

	diag_error(b->diag, g->pos.file, g->pos.line,
	    "group \"%s\": %s belongs to group \"%s\" already: let only one of them "
	    "name it",
	    g->name, plan_check_name(p, c, name), p->groups[c->group - 1].name);
}

void
plan_groups(struct build *b)
{
	struct plan *p = b->plan;
	const struct site *site = p->site;

	p->ngroups = (uint32_t)site->ngroups;
	p->groups = mem_array(struct plan_group, site->ngroups);
	for (uint32_t k = 0; k < p->ngroups; k++) {
		const struct site_group *g = &site->groups[k];
		struct plan_group *out = &p->groups[k];
		uint32_t cap = 0;
		bool told = false;

		out->name = g->name;
		out->need = g->need;
		for (uint32_t i = 0; i < p->nchecks; i++) {
			if (!in_group(p, g, &p->checks[i]))
				continue;
			if (p->checks[i].group != 0 && !told) {
				told_twice(b, g, &p->checks[i]);
				told = true;
			}
			mem_grow(out->members, out->n, cap);
			out->members[out->n++] = i;
			p->checks[i].group = k + 1;
		}
		if (out->n < g->need)
			diag_error(b->diag, g->pos.file, g->pos.line,
			    "group \"%s\" needs %u open ports, but only %u checks "
			    "belong to it: see `svcport plan` for hosts and services",
			    g->name, g->need, out->n);
	}
}
