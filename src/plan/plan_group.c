#include "plan/plan.h"
#include "plan/plan_build.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/keymap.h"
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

	snprintf(name, sizeof(name), "%s/%s", p->cats[c->cat].name,
	    plan_service(p, c)->name);
	for (size_t i = 0; i < g->nservices; i++) {
		if (fnmatch(g->services[i].text, name, 0) == 0)
			return true;
	}
	return false;
}

/* A port that must not be open cannot stand in for one that must. */
static bool
may_stand_in(const struct plan *p, const struct check *c)
{
	return !p->hosts[c->host].local && (c->flags & CHECK_UNJUDGED) == 0 &&
	       c->expected != EXPECTED_CLOSED && c->expected != EXPECTED_LOCAL;
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

/* The groups that name a host, in the order of the file. */
struct named {
	uint32_t group;
	bool joined; /* a row of the host belongs to it */
};

struct named_by {
	struct named *v;
	uint32_t n, cap;
};

static struct named_by *
groups_by_host(const struct plan *p)
{
	struct named_by *v = mem_array(struct named_by, p->nhosts);
	struct keymap *hosts = keymap_new();

	for (uint32_t h = 0; h < p->nhosts; h++)
		keymap_set(hosts, p->hosts[h].name, &h, sizeof(h));
	for (uint32_t k = 0; k < p->ngroups; k++) {
		const struct site_group *g = &p->site->groups[k];

		for (size_t i = 0; i < g->nhosts; i++) {
			size_t len;
			const uint8_t *at = keymap_get(hosts, g->hosts[i].text, &len);
			struct named_by *by;
			uint32_t h;

			if (at == NULL)
				continue;
			memcpy(&h, at, sizeof(h));
			by = &v[h];
			if (by->n > 0 && by->v[by->n - 1].group == k)
				continue; /* named twice */
			mem_grow(by->v, by->n, by->cap);
			by->v[by->n++] = (struct named){ .group = k };
		}
	}
	keymap_free(hosts);
	return v;
}

struct filling {
	struct named_by *by; /* of each host */
	uint32_t *caps;      /* of each group's members */
	bool *told;          /* of each group, that another has its rows */
};

static void
join_groups(struct build *b, const struct filling *f, uint32_t check)
{
	struct plan *p = b->plan;
	struct check *c = &p->checks[check];
	const struct named_by *by = &f->by[c->host];

	for (uint32_t i = 0; i < by->n; i++) {
		uint32_t k = by->v[i].group;
		const struct site_group *g = &p->site->groups[k];
		struct plan_group *out = &p->groups[k];

		if (!in_group(p, g, c))
			continue;
		if (c->group != 0 && !f->told[k]) {
			told_twice(b, g, c);
			f->told[k] = true;
		}
		mem_grow(out->members, out->n, f->caps[k]);
		out->members[out->n++] = check;
		by->v[i].joined = true;
		c->group = k + 1;
	}
}

/* A pair of which one has no such port is no pair. */
static void
idle_members(struct build *b, const struct named_by *by, uint32_t host)
{
	const struct plan *p = b->plan;

	for (uint32_t i = 0; i < by->n; i++) {
		uint32_t k = by->v[i].group;
		const struct site_group *g = &p->site->groups[k];

		if (!by->v[i].joined && p->groups[k].n >= g->need)
			diag_warn(b->diag, g->pos.file, g->pos.line,
			    "group \"%s\": no check on host \"%s\" belongs to it: see "
			    "`svcport plan`",
			    g->name, p->hosts[host].name);
	}
}

void
plan_groups(struct build *b)
{
	struct plan *p = b->plan;
	const struct site *site = p->site;
	struct filling f;

	p->ngroups = (uint32_t)site->ngroups;
	p->groups = mem_array(struct plan_group, site->ngroups);
	f = (struct filling){ groups_by_host(p), mem_array(uint32_t, p->ngroups),
		mem_array(bool, p->ngroups) };
	for (uint32_t k = 0; k < p->ngroups; k++) {
		p->groups[k].name = site->groups[k].name;
		p->groups[k].need = site->groups[k].need;
	}
	for (uint32_t i = 0; i < p->nchecks; i++) {
		if (may_stand_in(p, &p->checks[i]))
			join_groups(b, &f, i);
	}
	for (uint32_t k = 0; k < p->ngroups; k++) {
		const struct site_group *g = &site->groups[k];

		if (p->groups[k].n < g->need)
			diag_error(b->diag, g->pos.file, g->pos.line,
			    "group \"%s\" needs %u open ports, but only %u checks "
			    "belong to it: see `svcport plan` for hosts and services",
			    g->name, g->need, p->groups[k].n);
	}
	for (uint32_t h = 0; h < p->nhosts; h++) {
		idle_members(b, &f.by[h], h);
		free(f.by[h].v);
	}
	free(f.by);
	free(f.caps);
	free(f.told);
}
