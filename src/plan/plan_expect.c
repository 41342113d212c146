#include "plan/plan.h"
#include "plan/plan_build.h"

#include <stddef.h>
#include <string.h>

#include "catalogue/version.h"

/* "sevone-nms:tracing" names feature `tracing` of catalogue (or instance) `cat`. */
static bool
names(const char *text, const char *cat, const char *word)
{
	size_t len = strlen(cat);

	return strncmp(text, cat, len) == 0 && text[len] == ':' &&
	       strcmp(text + len + 1, word) == 0;
}

static bool
listed(const struct site_text *list, size_t n, const char *cat, const char *word)
{
	for (size_t i = 0; i < n; i++) {
		if (names(list[i].text, cat, word))
			return true;
	}
	return false;
}

/* A feature is in use when the site says so, for everybody or for this host, by the
 * name of the catalogue or of the instance. */
static bool
feature_on(const struct build *b, uint32_t cat, const struct service *s, uint32_t host)
{
	const struct site *site = b->plan->site;
	const struct plan_catalogue *pc = &b->plan->cats[cat];
	const char *word = pc->cat->features[s->feature].name;
	const struct site_host *sh = b->plan->hosts[host].site;

	if (listed(site->features, site->nfeatures, pc->name, word) ||
	    listed(site->features, site->nfeatures, pc->cat->name, word))
		return true;
	return sh != NULL &&
	       (listed(sh->features, sh->nfeatures, pc->name, word) ||
		   listed(sh->features, sh->nfeatures, pc->cat->name, word));
}

/* The product's version here, "" when the site does not say. */
static const char *
version_here(const struct site *site, const struct plan_catalogue *pc)
{
	const char *names_of[] = { pc->name, pc->cat->name };

	for (size_t k = 0; k < 2; k++) {
		size_t len = strlen(names_of[k]);

		for (size_t i = 0; i < site->nversions; i++) {
			const char *v = site->versions[i].text;

			if (strncmp(v, names_of[k], len) == 0 && v[len] == ':')
				return v + len + 1;
		}
	}
	return "";
}

static bool
version_off(const struct build *b, uint32_t cat, const struct service *s)
{
	const char *version = version_here(b->plan->site, &b->plan->cats[cat]);

	return version[0] != '\0' && s->versions[0] != '\0' &&
	       !version_within(version, s->versions, NULL);
}

/* Without its feature a port is optional: open and closed are both right.  One that
 * must be closed with a feature may do as it likes without. */
static enum requirement
without_feature(enum requirement r)
{
	switch (r) {
	case REQUIRE_REQUIRED:
	case REQUIRE_RECOMMENDED:
		return REQUIRE_OPTIONAL;
	case REQUIRE_CLOSED:
		return REQUIRE_UNSPECIFIED;
	case REQUIRE_OPTIONAL:
	case REQUIRE_UNSPECIFIED:
		break;
	}
	return r;
}

static enum expected
expected_of(enum requirement r)
{
	switch (r) {
	case REQUIRE_REQUIRED:
		return EXPECTED_REQUIRED;
	case REQUIRE_RECOMMENDED:
		return EXPECTED_RECOMMENDED;
	case REQUIRE_OPTIONAL:
		return EXPECTED_OPTIONAL;
	case REQUIRE_CLOSED:
		return EXPECTED_CLOSED;
	case REQUIRE_UNSPECIFIED:
		break;
	}
	return EXPECTED_UNSPECIFIED;
}

/* Who may reach the port is another matter than whether it must be open, and holds
 * where the line itself does. */
static void
apply_scope(
    struct plan_rule *e, enum reach scope, enum requirement r, enum check_why why)
{
	if (r == REQUIRE_CLOSED || (e->flags & CHECK_VERSION_OFF) != 0)
		return;
	if (scope == REACH_LOCAL) {
		e->expected = EXPECTED_LOCAL;
		/* From elsewhere a closed local port is as it should be, whoever
		 * requires it. */
		if (r == REQUIRE_REQUIRED &&
		    (why == WHY_PLAYS_TO || why == WHY_NO_ROLES))
			e->flags |= CHECK_LOCAL_REQUIRED;
	} else if (scope == REACH_FROM && why == WHY_VIEWPOINT &&
		   (e->flags & CHECK_FEATURE_OFF) == 0) {
		e->expected = EXPECTED_CLOSED;
		e->flags |= CHECK_OUTSIDE;
	}
}

struct plan_rule
plan_expect(const struct build *b, uint32_t cat, const struct service *s, uint32_t host,
    enum check_why why)
{
	struct plan_rule e = { 0 };
	enum requirement r = s->expect;
	int stated;

	if (version_off(b, cat, s)) {
		e.flags |= CHECK_VERSION_OFF;
		r = REQUIRE_UNSPECIFIED;
	} else if (s->feature >= 0 && !feature_on(b, cat, s, host)) {
		e.flags |= CHECK_FEATURE_OFF;
		r = without_feature(r);
	}
	stated = plan_override_int(
	    b, cat, s, host, offsetof(struct site_override, expect), -1);
	if (stated >= 0) {
		r = (enum requirement)stated;
		e.flags = 0;
	}
	e.expected = expected_of(r);
	apply_scope(&e,
	    (enum reach)plan_override_int(
		b, cat, s, host, offsetof(struct site_override, scope), (int)s->scope),
	    r, why);
	return e;
}
