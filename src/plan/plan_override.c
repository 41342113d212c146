#include "plan/plan.h"
#include "plan/plan_build.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SERVICE_NAME_MAX 128

static bool
matches(const char *glob, const char *text)
{
	if (glob[0] == '\0')
		return true;
	/* Most name one host or service, and there may be thousands. */
	return strpbrk(glob, "*?[\\") != NULL ? fnmatch(glob, text, 0) == 0
	                                      : strcmp(glob, text) == 0;
}

/* The overrides of one host, whatever the service. */
struct of_host {
	const struct site_override **v;
	uint32_t n, cap;
	bool known;
};

/* The matching overrides of one check, which is asked about a dozen times in a row. */
struct plan_matches {
	const struct service *s; /* NULL: none yet */
	uint32_t cat, host;
	const struct site_override **v;
	size_t n;
	bool *of_service; /* by override: whether it is for this cat and service */
	struct of_host *hosts;
	uint32_t nhosts;
};

struct plan_matches *
plan_matches_new(const struct site *site)
{
	struct plan_matches *m = mem_new(struct plan_matches);

	m->v = mem_array(const struct site_override *, site->noverrides);
	m->of_service = mem_array(bool, site->noverrides);
	return m;
}

void
plan_matches_free(struct plan_matches *m)
{
	for (uint32_t h = 0; h < m->nhosts; h++)
		free(m->hosts[h].v);
	free(m->hosts);
	free(m->of_service);
	free(m->v);
	free(m);
}

static const struct of_host *
of_host(const struct build *b, uint32_t host)
{
	const struct site *site = b->plan->site;
	struct plan_matches *m = b->matches;
	struct of_host *h;

	if (m->hosts == NULL) {
		m->nhosts = b->plan->nhosts;
		m->hosts = mem_array(struct of_host, m->nhosts);
	}
	h = &m->hosts[host];
	for (size_t i = 0; i < site->noverrides && !h->known; i++) {
		if (!matches(site->overrides[i].host, b->plan->hosts[host].name))
			continue;
		mem_grow(h->v, h->n, h->cap);
		h->v[h->n++] = &site->overrides[i];
	}
	h->known = true;
	return h;
}

static void
find_service(const struct build *b, uint32_t cat, const struct service *s)
{
	const struct site *site = b->plan->site;
	struct plan_matches *m = b->matches;
	char name[SERVICE_NAME_MAX];

	m->s = s;
	m->cat = cat;
	snprintf(name, sizeof(name), "%s/%s", b->plan->cats[cat].name, s->name);
	for (size_t i = 0; i < site->noverrides; i++)
		m->of_service[i] = matches(site->overrides[i].service, name);
}

static void
find_matches(
    const struct build *b, uint32_t cat, const struct service *s, uint32_t host)
{
	struct plan_matches *m = b->matches;
	bool same = m->s == s && m->cat == cat;
	const struct of_host *h;

	if (same && m->host == host)
		return;
	if (!same)
		find_service(b, cat, s);
	m->host = host;
	m->n = 0;
	h = of_host(b, host);
	for (uint32_t i = 0; i < h->n; i++) {
		if (m->of_service[h->v[i] - b->plan->site->overrides])
			m->v[m->n++] = h->v[i];
	}
}

const struct site_override *
plan_override(const struct build *b, uint32_t cat, const struct service *s,
    uint32_t host, size_t *i)
{
	find_matches(b, cat, s, host);
	return *i < b->matches->n ? b->matches->v[(*i)++] : NULL;
}

long
plan_override_long(const struct build *b, uint32_t cat, const struct service *s,
    uint32_t host, size_t member, long otherwise)
{
	const struct site_override *o;
	size_t i = 0;
	long value;

	while ((o = plan_override(b, cat, s, host, &i)) != NULL) {
		memcpy(&value, (const char *)o + member, sizeof(value));
		if (value >= 0)
			otherwise = value;
	}
	return otherwise;
}

int
plan_override_int(const struct build *b, uint32_t cat, const struct service *s,
    uint32_t host, size_t member, int otherwise)
{
	const struct site_override *o;
	size_t i = 0;
	int value;

	while ((o = plan_override(b, cat, s, host, &i)) != NULL) {
		memcpy(&value, (const char *)o + member, sizeof(value));
		if (value >= 0)
			otherwise = value;
	}
	return otherwise;
}

const char *
plan_override_text(const struct build *b, uint32_t cat, const struct service *s,
    uint32_t host, size_t member, const char *otherwise)
{
	const struct site_override *o;
	size_t i = 0;
	const char *value;

	while ((o = plan_override(b, cat, s, host, &i)) != NULL) {
		memcpy(&value, (const char *)o + member, sizeof(value));
		if (value[0] != '\0')
			otherwise = value;
	}
	return otherwise;
}
