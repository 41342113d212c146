#include "plan/plan.h"
#include "plan/plan_build.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#define SERVICE_NAME_MAX 128

static bool
matches(const char *glob, const char *text)
{
	return glob[0] == '\0' || fnmatch(glob, text, 0) == 0;
}

const struct site_override *
plan_override(const struct build *b, uint32_t cat, const struct service *s,
    uint32_t host, size_t *i)
{
	const struct site *site = b->plan->site;
	char name[SERVICE_NAME_MAX];

	snprintf(name, sizeof(name), "%s/%s", b->plan->cats[cat].name, s->name);
	while (*i < site->noverrides) {
		const struct site_override *o = &site->overrides[(*i)++];

		if (matches(o->service, name) &&
		    matches(o->host, b->plan->hosts[host].name))
			return o;
	}
	return NULL;
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
