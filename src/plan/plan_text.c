#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
plan_check_name(const struct plan *p, const struct check *c, char buf[PLAN_NAME_MAX])
{
	snprintf(buf, PLAN_NAME_MAX, "%s/%s@%s", p->cats[c->cat].name,
	    plan_service(p, c)->name, p->hosts[c->host].name);
	return buf;
}

const char *
plan_citation(const struct plan *p, const struct check *c, char *buf, size_t size)
{
	const struct service *s = plan_service(p, c);

	snprintf(buf, size, "%s, %s, line %u", p->cats[c->cat].cat->title, s->section,
	    s->line);
	return buf;
}

/* "psm:server": the role when the part before ':' names `cat`, else NULL. */
static const char *
role_in(const struct plan_catalogue *pc, const char *text)
{
	size_t len = strlen(pc->name);

	return strncmp(text, pc->name, len) == 0 && text[len] == ':' ? text + len + 1
	                                                             : NULL;
}

bool
plan_plays(const struct plan *p, uint32_t cat, uint32_t host, int role)
{
	const struct plan_catalogue *pc = &p->cats[cat];
	const struct site_host *sh = p->hosts[host].site;

	for (size_t i = 0; sh != NULL && i < sh->nroles; i++) {
		const char *name = role_in(pc, sh->roles[i].text);

		if (name != NULL && strcmp(name, pc->cat->roles[role].name) == 0)
			return true;
	}
	return false;
}

/* Those of the roles that the host plays, joined by ';'. */
static const char *
played(const struct plan *p, const struct check *c, uint32_t host,
    const uint16_t *roles, size_t n, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < n && len < size; i++) {
		if (plan_plays(p, c->cat, host, roles[i]))
			len += (size_t)snprintf(buf + len, size - len, "%s%s",
			    len != 0 ? ";" : "",
			    p->cats[c->cat].cat->roles[roles[i]].name);
	}
	return buf;
}

const char *
plan_why(const struct plan *p, const struct check *c, char *buf, size_t size)
{
	const struct plan_catalogue *pc = &p->cats[c->cat];
	const struct service *s = plan_service(p, c);
	const char *host = p->hosts[c->host].name;
	char from[256];
	char to[256];

	played(p, c, c->host, s->to, s->nto, to, sizeof(to));
	switch ((enum check_why)c->why) {
	case WHY_NO_ROLES:
		snprintf(
		    buf, size, "no host has a role: every documented port is shown");
		break;
	case WHY_PLAYS_TO:
		catalogue_roles_text(pc->cat, s, false, from, sizeof(from));
		snprintf(buf, size, "this host is %s:%s%s%s", pc->name, to,
		    from[0] != '\0' ? ", used by " : "", from);
		break;
	case WHY_PLAYS_FROM:
		played(p, c, 0, s->from, s->nfrom, from, sizeof(from));
		snprintf(buf, size, "this host is %s:%s, %s plays %s", pc->name, from,
		    host, to);
		break;
	case WHY_VIEWPOINT:
		catalogue_roles_text(pc->cat, s, false, from, sizeof(from));
		snprintf(buf, size, "%s plays %s:%s; seen from here%s%s", host,
		    pc->name, to, from[0] != '\0' ? ", not from " : "", from);
		break;
	}
	return buf;
}

long
plan_find(const struct plan *p, unsigned cat, unsigned service, unsigned host)
{
	uint32_t low = 0;
	uint32_t high = p->nchecks;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const struct check *c = &p->checks[mid];
		unsigned have[3] = { p->cats[c->cat].number, plan_service(p, c)->number,
			p->hosts[c->host].number };
		unsigned want[3] = { cat, service, host };
		int k = 0;

		while (k < 2 && have[k] == want[k])
			k++;
		if (have[k] == want[k])
			return (long)mid;
		if (have[k] < want[k])
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}

static bool
same_services(const struct plan_catalogue *a, const struct plan_catalogue *b)
{
	if (a->number != b->number || strcmp(a->name, b->name) != 0 ||
	    a->cat->nservices != b->cat->nservices)
		return false;
	for (size_t i = 0; i < a->cat->nservices; i++) {
		const struct service *s = &a->cat->services[i];
		const struct service *t = &b->cat->services[i];

		if (s->number != t->number || strcmp(s->name, t->name) != 0)
			return false;
	}
	return true;
}

bool
plan_same_rows(const struct plan *a, const struct plan *b)
{
	if (a->ncats != b->ncats || a->nhosts != b->nhosts || a->nchecks != b->nchecks)
		return false;
	for (uint32_t i = 0; i < a->ncats; i++) {
		if (!same_services(&a->cats[i], &b->cats[i]))
			return false;
	}
	for (uint32_t i = 0; i < a->nhosts; i++) {
		if (a->hosts[i].number != b->hosts[i].number ||
		    strcmp(a->hosts[i].name, b->hosts[i].name) != 0)
			return false;
	}
	for (uint32_t i = 0; i < a->nchecks; i++) {
		const struct check *c = &a->checks[i], *d = &b->checks[i];

		if (c->cat != d->cat || c->service != d->service || c->host != d->host)
			return false;
	}
	return true;
}

long
plan_find_name(const struct plan *p, const char *name)
{
	char buf[PLAN_NAME_MAX];

	for (uint32_t i = 0; i < p->nchecks; i++) {
		if (strcmp(plan_check_name(p, &p->checks[i], buf), name) == 0)
			return (long)i;
	}
	return -1;
}
