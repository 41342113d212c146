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
	return glob[0] == '\0' || fnmatch(glob, text, 0) == 0;
}

/* The matching overrides of one check, which is asked about a dozen times in a row. */
struct plan_matches {
	const struct service *s; /* NULL: none yet */
	uint32_t cat, host;
	const struct site_override **v;
	size_t n;
};

struct plan_matches *
plan_matches_new(const struct site *site)
{
	struct plan_matches *m = mem_new(struct plan_matches);

	m->v = mem_array(const struct site_override *, site->noverrides);
	return m;
}

void
plan_matches_free(struct plan_matches *m)
{
	free(m->v);
	free(m);
}

static void
find_matches(
    const struct build *b, uint32_t cat, const struct service *s, uint32_t host)
{
	const struct site *site = b->plan->site;
	struct plan_matches *m = b->matches;
	char name[SERVICE_NAME_MAX];

	if (m->s == s && m->cat == cat && m->host == host)
		return;
	m->s = s;
	m->cat = cat;
	m->host = host;
	m->n = 0;
	snprintf(name, sizeof(name), "%s/%s", b->plan->cats[cat].name, s->name);
	for (size_t i = 0; i < site->noverrides; i++) {
		const struct site_override *o = &site->overrides[i];

		if (matches(o->host, b->plan->hosts[host].name) &&
		    matches(o->service, name))
			m->v[m->n++] = o;
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
