#include "plan/plan.h"
#include "plan/plan_build.h"

#include <stddef.h>
#include <string.h>

#include "catalogue/formula.h"

struct scope {
	const struct build *b;
	uint32_t cat;
	uint32_t host;
};

/* How closely "prognosis-b:base", "prognosis:base" or "base" means this parameter: as
 * the instance's, the document's, everybody's; 0 when it does not. */
static int
closeness(
    const struct site_parameter *p, const struct plan_catalogue *pc, const char *name)
{
	const char *colon = strchr(p->name, ':');
	size_t len;

	if (strcmp(colon != NULL ? colon + 1 : p->name, name) != 0)
		return 0;
	if (colon == NULL)
		return 1;
	len = (size_t)(colon - p->name);
	if (strlen(pc->name) == len && strncmp(p->name, pc->name, len) == 0)
		return 3;
	return strlen(pc->cat->name) == len && strncmp(p->name, pc->cat->name, len) == 0
	           ? 2
	           : 0;
}

/* Of one group: what is for this instance goes before what is for the document, and
 * that before what is for all of them, in any order. */
static const struct site_parameter *
find(const struct site_parameter *v, size_t n, const struct plan_catalogue *pc,
    const char *name)
{
	const struct site_parameter *found = NULL;
	int closest = 0;

	for (size_t i = 0; i < n; i++) {
		int close = closeness(&v[i], pc, name);

		if (close > closest) {
			closest = close;
			found = &v[i];
		}
	}
	return found;
}

/* The nearest says it: host, instance, site, and at last the document's default. */
static const long *
lookup(void *arg, const char *name, size_t *count)
{
	const struct scope *scope = arg;
	const struct plan_catalogue *pc = &scope->b->plan->cats[scope->cat];
	const struct site_host *sh = scope->b->plan->hosts[scope->host].site;
	const struct site_instance *in = scope->b->cats[scope->cat].instance;
	const struct site *site = scope->b->plan->site;
	const struct site_parameter *p = NULL;
	int i;

	if (sh != NULL)
		p = find(sh->parameters, sh->nparameters, pc, name);
	if (p == NULL && in != NULL)
		p = find(in->parameters, in->nparameters, pc, name);
	if (p == NULL)
		p = find(site->parameters, site->nparameters, pc, name);
	if (p != NULL) {
		*count = p->nvalues;
		return p->values;
	}
	i = catalogue_parameter(pc->cat, name);
	if (i < 0)
		return NULL;
	*count = pc->cat->parameters[i].ndefaults;
	return pc->cat->parameters[i].defaults;
}

bool
plan_ports(const struct build *b, uint32_t cat, const struct service *s, uint32_t host,
    struct portset *out)
{
	struct scope scope = { b, cat, host };
	const struct site_override *o = NULL;
	const struct site_override *match;
	const char *text = s->ports;
	char error[256];
	size_t i = 0;

	while ((match = plan_override(b, cat, s, host, &i)) != NULL) {
		/* A pattern reaches echoes, too. */
		if (match->ports[0] != '\0' && s->protocol != PROTO_ICMP &&
		    s->protocol != PROTO_ICMPV6)
			o = match;
	}
	if (o != NULL)
		text = o->ports;
	if (formula_eval(text, lookup, &scope, out, error, sizeof(error)))
		return true;
	if (o != NULL)
		diag_error(b->diag, o->pos.file, o->pos.line,
		    "ports \"%s\" of %s/%s on %s: %s", text, b->plan->cats[cat].name,
		    s->name, b->plan->hosts[host].name, error);
	else
		diag_error(b->diag, s->pos.file, s->pos.line,
		    "ports \"%s\" of %s/%s on %s: %s", text, b->plan->cats[cat].name,
		    s->name, b->plan->hosts[host].name, error);
	return false;
}
