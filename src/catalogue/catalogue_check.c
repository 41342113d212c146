#include "catalogue/catalogue_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "catalogue/catalogue_coverage.h"
#include "catalogue/catalogue_overlap.h"
#include "base/diag.h"
#include "base/keymap.h"
#include "catalogue/formula.h"
#include "base/mem.h"
#include "model/portset.h"
#include "base/suggest.h"
#include "catalogue/version.h"

/* Columns that are put together from several keys, in octets. */
#define COLUMN_PORTS 64
#define COLUMN_ROLES 128
#define COLUMN_NOTE  255

struct checker {
	const struct catalogue *c;
	struct diag *d;
	struct portset *ports; /* of each service, with the parameters' defaults */
	struct keymap *names;  /* of services -> the first one that has it */
	struct keymap *alternatives; /* names of groups -> count of services */
};

/* How a formula's parameters are looked up: by default, or one of the bounds. */
enum bound { BOUND_DEFAULT, BOUND_MIN, BOUND_MAX };

struct lookup {
	const struct catalogue *c;
	enum bound bound;
	bool several; /* a parameter that may have several values was asked for */
	bool empty;   /* one without a default was */
};

static const long *
look_up(void *arg, const char *name, size_t *count)
{
	struct lookup *l = arg;
	int i = catalogue_parameter(l->c, name);
	const struct parameter *p;

	if (i < 0)
		return NULL;
	p = &l->c->parameters[i];
	l->several = l->several || p->several;
	l->empty = l->empty || p->ndefaults == 0;
	*count = 1;
	if (l->bound != BOUND_DEFAULT)
		return l->bound == BOUND_MIN ? &p->min : &p->max;
	*count = p->ndefaults;
	return p->defaults;
}

static void
twice(struct checker *k, struct diag_pos pos, const char *what, const char *name,
    struct diag_pos first)
{
	diag_error_at(k->d, pos, "%s \"%s\" is defined twice, first at line %u", what,
	    name, first.line);
}

static void
check_roles(struct checker *k)
{
	const struct catalogue *c = k->c;

	for (size_t i = 0; i < c->nroles; i++) {
		const struct role *r = &c->roles[i];
		int first = catalogue_role(c, r->name);

		if (r->name[0] != '\0' && (size_t)first < i)
			twice(k, r->pos, "role", r->name, c->roles[first].pos);
	}
}

static void
check_features(struct checker *k)
{
	const struct catalogue *c = k->c;

	for (size_t i = 0; i < c->nfeatures; i++) {
		const struct feature *f = &c->features[i];
		int first = catalogue_feature(c, f->name);

		if (f->name[0] != '\0' && (size_t)first < i)
			twice(k, f->pos, "feature", f->name, c->features[first].pos);
	}
}

/* What a site file can use as a key: libconfig's names. */
static bool
is_key(const char *name)
{
	return ((name[0] >= 'a' && name[0] <= 'z') ||
		   (name[0] >= 'A' && name[0] <= 'Z')) &&
	       strchr(name, '.') == NULL;
}

static void
check_parameter(struct checker *k, const struct parameter *p)
{
	if (!is_key(p->name))
		diag_error_at(k->d, p->pos,
		    "parameter \"%s\" cannot be a key in site files: begin with a "
		    "letter and use no dot",
		    p->name);
	if (p->min > p->max)
		diag_error_at(k->d, p->pos,
		    "parameter \"%s\": min %ld is above max %ld", p->name, p->min,
		    p->max);
	for (size_t i = 0; i < p->ndefaults; i++) {
		if (p->defaults[i] < p->min || p->defaults[i] > p->max)
			diag_error_at(k->d, p->pos,
			    "parameter \"%s\": default %ld is outside %ld to %ld",
			    p->name, p->defaults[i], p->min, p->max);
	}
}

static void
check_parameters(struct checker *k)
{
	const struct catalogue *c = k->c;

	for (size_t i = 0; i < c->nparameters; i++) {
		const struct parameter *p = &c->parameters[i];
		int first = catalogue_parameter(c, p->name);

		if (p->name[0] == '\0')
			continue;
		if ((size_t)first < i)
			twice(
			    k, p->pos, "parameter", p->name, c->parameters[first].pos);
		check_parameter(k, p);
	}
	if (c->nparameters > 0 && c->name[0] != '\0' && !is_key(c->name))
		diag_error_at(k->d, c->pos,
		    "catalogue \"%s\" has parameters, so its name must be able to be a "
		    "key in site files: begin with a letter and use no dot",
		    c->name);
}

static void
check_identity(struct checker *k, size_t i)
{
	const struct service *s = &k->c->services[i];
	const struct service *same;
	size_t len;

	memcpy(&same, keymap_get(k->names, s->name, &len), sizeof(same));
	if (i > 0 && s->number != 0 && s->number == s[-1].number)
		diag_error_at(k->d, s->pos,
		    "number %u is service \"%s\"'s at line %u already: numbers are "
		    "never "
		    "reused",
		    s->number, s[-1].name, s[-1].pos.line);
	if (s->name[0] != '\0' && same != s)
		twice(k, s->name_pos, "service", s->name, same->name_pos);
	if (k->c->lines != 0 && s->line > k->c->lines)
		diag_error_at(k->d, s->pos,
		    "service \"%s\": line %u, but the document has %u (document.lines)",
		    s->name, s->line, k->c->lines);
}

static void
check_policy(struct checker *k, const struct service *s, uint32_t nports, bool several)
{
	if (several)
		return;
	if (nports > 1 && s->policy == POLICY_SINGLE)
		diag_error_at(k->d, s->ports_pos,
		    "service \"%s\": %u ports need a policy: any, every or pool",
		    s->name, nports);
	if (nports == 1 && s->policy != POLICY_SINGLE)
		diag_error_at(k->d, s->ports_pos,
		    "service \"%s\": a single port has no policy: take it out",
		    s->name);
}

/* At its parameters' bounds, too, a formula must give ports: else a legal value in a
 * site file would break it. */
static void
check_bounds(struct checker *k, const struct service *s)
{
	struct portset ports;
	char err[160];

	for (enum bound b = BOUND_MIN; b <= BOUND_MAX; b++) {
		struct lookup l = { .c = k->c, .bound = b };

		if (formula_eval(s->ports, look_up, &l, &ports, err, sizeof(err)))
			portset_clear(&ports);
		else
			diag_error_at(k->d, s->ports_pos,
			    "service \"%s\": with its parameters' %s: %s: narrow min "
			    "and "
			    "max",
			    s->name, b == BOUND_MIN ? "min" : "max", err);
	}
}

struct needed {
	struct checker *k;
	const struct service *s;
	bool missing;
};

static void
need_parameter(void *arg, const char *name)
{
	struct needed *n = arg;
	const struct catalogue *c = n->k->c;
	struct suggest near = SUGGEST(name);
	char hint[SUGGEST_TEXT];

	if (catalogue_parameter(c, name) >= 0)
		return;
	for (size_t i = 0; i < c->nparameters; i++)
		suggest_offer(&near, c->parameters[i].name);
	diag_error_at(n->k->d, n->s->ports_pos,
	    "service \"%s\": no parameter \"%s\" in this catalogue%s", n->s->name, name,
	    suggest_text(&near, hint));
	n->missing = true;
}

static void
check_ports(struct checker *k, size_t i)
{
	const struct service *s = &k->c->services[i];
	struct needed n = { k, s, false };
	struct lookup l = { .c = k->c, .bound = BOUND_DEFAULT };
	bool portless = s->protocol == PROTO_ICMP || s->protocol == PROTO_ICMPV6;
	char err[160];
	char display[256];

	formula_parameters(s->ports, need_parameter, &n);
	if (n.missing)
		return;
	if (!formula_eval(s->ports, look_up, &l, &k->ports[i], err, sizeof(err))) {
		diag_error_at(
		    k->d, s->ports_pos, "service \"%s\": \"ports\": %s", s->name, err);
		return;
	}
	if (portless && s->ports[0] != '\0')
		diag_error_at(k->d, s->ports_pos, "service \"%s\": %s has no ports",
		    s->name, types_proto(s->protocol));
	if (!portless && s->protocol != PROTO_NONE && k->ports[i].count == 0 &&
	    !l.empty)
		diag_error_at(k->d, s->ports_pos,
		    "service \"%s\": \"ports\" is missing", s->name);
	formula_display(s->ports, display, sizeof(display));
	if (strlen(display) > COLUMN_PORTS)
		diag_error_at(k->d, s->ports_pos,
		    "service \"%s\": \"ports\" has %zu octets: at most %d fit", s->name,
		    strlen(display), COLUMN_PORTS);
	check_policy(k, s, portset_size(&k->ports[i]), l.several);
	if (formula_has_parameter(s->ports))
		check_bounds(k, s);
}

static void
check_texts(struct checker *k, const struct service *s)
{
	char text[1024];
	bool readable = true;

	catalogue_note(s, text, sizeof(text));
	if (strlen(text) > COLUMN_NOTE)
		diag_error_at(k->d, s->pos,
		    "service \"%s\": executable, versions and note have %zu octets "
		    "together: at most %d fit",
		    s->name, strlen(text), COLUMN_NOTE);
	for (int to = 0; to <= 1; to++) {
		size_t n = to ? s->nto : s->nfrom;
		const uint16_t *roles = to ? s->to : s->from;
		size_t len = 0;

		for (size_t i = 0; i < n; i++)
			len += strlen(k->c->roles[roles[i]].name) + (i != 0);
		if (len > COLUMN_ROLES)
			diag_warn_at(k->d, s->pos,
			    "service \"%s\": the names in \"%s\" have %zu octets: the "
			    "MIB shows the first %d",
			    s->name, to ? "to" : "from", len, COLUMN_ROLES);
	}
	version_within("1", s->versions, &readable);
	if (s->versions[0] != '\0' && !readable)
		diag_error_at(k->d, s->pos,
		    "service \"%s\": \"versions\": \"%s\" is not a version limit: "
		    "write \"<= "
		    "1.6.0\", "
		    "\">= 5.4\" or both with a comma",
		    s->name, s->versions);
	if (s->feature >= 0 && s->expect == REQUIRE_OPTIONAL)
		diag_warn_at(k->d, s->pos,
		    "service \"%s\" stays optional when its feature is in use: "
		    "\"expect\" "
		    "says what holds then",
		    s->name);
}

/* How many services name an alternative, and which service has a name first. */
static void
count_alternative(struct checker *k, const char *name)
{
	size_t len;
	const uint8_t *found = keymap_get(k->alternatives, name, &len);
	size_t n = 0;

	if (found != NULL)
		memcpy(&n, found, sizeof(n));
	n++;
	keymap_set(k->alternatives, name, &n, sizeof(n));
}

static void
index_names(struct checker *k)
{
	for (size_t i = 0; i < k->c->nservices; i++) {
		const struct service *s = &k->c->services[i];
		size_t len;

		if (keymap_get(k->names, s->name, &len) == NULL)
			keymap_set(k->names, s->name, &s, sizeof(s));
		if (s->alternative_name[0] != '\0')
			count_alternative(k, s->alternative_name);
	}
}

static void
check_alternative(struct checker *k, const struct service *s)
{
	size_t members = 0;
	size_t len;
	const uint8_t *found = keymap_get(k->alternatives, s->alternative_name, &len);

	if (found != NULL)
		memcpy(&members, found, sizeof(members));
	if (members == 1)
		diag_warn_at(k->d, s->pos,
		    "service \"%s\" is the only one in alternative \"%s\"", s->name,
		    s->alternative_name);
}

void
catalogue_check(const struct catalogue *c, struct diag *d)
{
	struct checker k = { .c = c,
		.d = d,
		.ports = mem_array(struct portset, c->nservices),
		.names = keymap_new(),
		.alternatives = keymap_new() };

	check_roles(&k);
	check_features(&k);
	check_parameters(&k);
	index_names(&k);
	for (size_t i = 0; i < c->nservices; i++) {
		check_identity(&k, i);
		check_ports(&k, i);
		check_texts(&k, &c->services[i]);
		check_alternative(&k, &c->services[i]);
	}
	catalogue_overlap(c, k.ports, d);
	catalogue_coverage(c, d);
	for (size_t i = 0; i < c->nservices; i++)
		portset_clear(&k.ports[i]);
	free(k.ports);
	keymap_free(k.names);
	keymap_free(k.alternatives);
}
