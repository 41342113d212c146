#include "plan.h"

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

const char *
plan_why(const struct plan *p, const struct check *c, char *buf, size_t size)
{
	const struct catalogue *cat = p->cats[c->cat].cat;
	const struct service *s = plan_service(p, c);
	char from[128];
	char to[128];

	catalogue_roles_text(cat, s, false, from, sizeof(from));
	catalogue_roles_text(cat, s, true, to, sizeof(to));
	switch ((enum check_why)c->why) {
	case WHY_NO_ROLES:
		snprintf(
		    buf, size, "no host has a role: every documented port is shown");
		break;
	case WHY_PLAYS_TO:
		snprintf(buf, size, "%s listens here for %s", to, from);
		break;
	case WHY_PLAYS_FROM:
		snprintf(buf, size, "this host, %s, connects to %s", from, to);
		break;
	case WHY_VIEWPOINT:
		snprintf(buf, size, "%s connects to %s; seen from here", from, to);
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
