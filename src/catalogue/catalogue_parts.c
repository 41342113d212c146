#include "catalogue/catalogue_parts.h"

#include "catalogue/catalogue.h"
#include "config/conf.h"
#include "config/conf_list.h"
#include "catalogue/confkeys.h"
#include "base/mem.h"

#define NAME_MAX_PARAMETER 32
#define TEXT_MAX_ANY       255

static void
read_roles(struct conf_group *g, struct catalogue *c)
{
	size_t n = conf_list_groups(g, "roles");

	if (n > CATALOGUE_PARTS_ROLES_MAX)
		conf_error(
		    g, "roles", "%zu roles: at most %d", n, CATALOGUE_PARTS_ROLES_MAX);
	c->roles = mem_array(struct role, n);
	for (size_t i = 0; i < n; i++) {
		struct role *r = &c->roles[c->nroles];
		struct conf_group item;

		if (!conf_list_group(g, "roles", i, "a role", &item))
			continue;
		c->nroles++;
		r->name = confkeys_name(&item, "name", CATALOGUE_PARTS_ROLE);
		r->descr = conf_text(&item, "descr", TEXT_MAX_ANY, "");
		r->own = conf_bool(&item, "own", false);
		r->pos = conf_pos(&item, "name");
		conf_end(&item);
	}
}

static void
read_features(struct conf_group *g, struct catalogue *c)
{
	size_t n = conf_list_groups(g, "features");

	c->features = mem_array(struct feature, n);
	for (size_t i = 0; i < n; i++) {
		struct feature *f = &c->features[c->nfeatures];
		struct conf_group item;

		if (!conf_list_group(g, "features", i, "a feature", &item))
			continue;
		c->nfeatures++;
		f->name = confkeys_name(&item, "name", CATALOGUE_PARTS_FEATURE);
		f->descr = conf_text(&item, "descr", TEXT_MAX_ANY, "");
		f->pos = conf_pos(&item, "name");
		conf_end(&item);
	}
}

static void
read_parameter(struct conf_group *g, struct parameter *p)
{
	p->name = confkeys_name(g, "name", NAME_MAX_PARAMETER);
	p->descr = conf_text(g, "descr", TEXT_MAX_ANY, "");
	p->min = conf_int(g, "min", 0, UINT16_MAX, 1);
	p->max = conf_int(g, "max", 0, UINT16_MAX, UINT16_MAX);
	p->pos = conf_pos(g, "name");
	conf_need(g, "default");
	if (!conf_list_ints(g, "default", &p->defaults, &p->ndefaults, &p->several))
		p->defaults = mem_array(long, 1);
	conf_end(g);
}

static void
read_parameters(struct conf_group *g, struct catalogue *c)
{
	size_t n = conf_list_groups(g, "parameters");
	struct conf_group item;

	c->parameters = mem_array(struct parameter, n);
	for (size_t i = 0; i < n; i++) {
		if (conf_list_group(g, "parameters", i, "a parameter", &item))
			read_parameter(&item, &c->parameters[c->nparameters++]);
	}
}

void
catalogue_parts(struct conf_group *g, struct catalogue *c)
{
	read_roles(g, c);
	read_features(g, c);
	read_parameters(g, c);
}
