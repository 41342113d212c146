#include "catalogue/catalogue_coverage.h"

#include <stdio.h>
#include <stdlib.h>

#include "catalogue/catalogue.h"
#include "base/diag.h"
#include "catalogue/formula.h"
#include "base/mem.h"

/* What the services make use of: by index of role, feature, parameter. */
struct used {
	const struct catalogue *c;
	bool *roles, *features, *parameters;
};

static void
use_parameter(void *arg, const char *name)
{
	struct used *u = arg;
	int i = catalogue_parameter(u->c, name);

	if (i >= 0)
		u->parameters[i] = true;
}

static void
use_service(struct used *u, const struct service *s)
{
	for (size_t i = 0; i < s->nfrom; i++)
		u->roles[s->from[i]] = true;
	for (size_t i = 0; i < s->nto; i++)
		u->roles[s->to[i]] = true;
	if (s->feature >= 0)
		u->features[s->feature] = true;
	formula_parameters(s->ports, use_parameter, u);
}

static void
check_used(const struct catalogue *c, struct diag *d)
{
	static const char text[] = "%s \"%s\" is used by no service";
	struct used u = { c, mem_array(bool, c->nroles), mem_array(bool, c->nfeatures),
		mem_array(bool, c->nparameters) };

	for (size_t i = 0; i < c->nservices; i++)
		use_service(&u, &c->services[i]);
	for (size_t i = 0; i < c->nroles; i++) {
		if (!u.roles[i])
			diag_warn_at(
			    d, c->roles[i].pos, text, "role", c->roles[i].name);
	}
	for (size_t i = 0; i < c->nfeatures; i++) {
		if (!u.features[i])
			diag_warn_at(d, c->features[i].pos, text, "feature",
			    c->features[i].name);
	}
	for (size_t i = 0; i < c->nparameters; i++) {
		if (!u.parameters[i])
			diag_warn_at(d, c->parameters[i].pos, text, "parameter",
			    c->parameters[i].name);
	}
	free(u.roles);
	free(u.features);
	free(u.parameters);
}

/* Which lines of the document have a service, from 1 on. */
static bool *
lines_with_service(const struct catalogue *c)
{
	bool *seen = mem_array(bool, c->lines + (size_t)1);

	for (size_t i = 0; i < c->nservices; i++) {
		if (c->services[i].line <= c->lines)
			seen[c->services[i].line] = true;
	}
	return seen;
}

/* A transcription is complete when every printed line has a service. */
static void
check_lines(const struct catalogue *c, struct diag *d)
{
	char text[200] = "";
	size_t len = 0;
	bool *seen;

	/* Each service has one line, so a count far beyond is a slip, not a gap. */
	if (c->lines > 2 * c->nservices + 1000) {
		diag_warn_at(d, c->lines_pos,
		    "%zu services for %u lines of the document", c->nservices,
		    c->lines);
		return;
	}
	seen = lines_with_service(c);
	for (unsigned line = 1; line <= c->lines && len < sizeof(text); line++) {
		unsigned first = line;

		while (line <= c->lines && !seen[line])
			line++;
		if (line - first == 1)
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%u",
			    len != 0 ? ", " : "", first);
		else if (line != first)
			len += (size_t)snprintf(text + len, sizeof(text) - len,
			    "%s%u-%u", len != 0 ? ", " : "", first, line - 1);
	}
	free(seen);
	if (len != 0)
		diag_warn_at(d, c->lines_pos,
		    "no service for these lines of the document: %s%s", text,
		    len < sizeof(text) ? "" : "...");
}

void
catalogue_coverage(const struct catalogue *c, struct diag *d)
{
	check_used(c, d);
	check_lines(c, d);
}
