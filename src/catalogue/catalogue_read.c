#include "catalogue/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue_check.h"
#include "catalogue/catalogue_parts.h"
#include "config/conf.h"
#include "config/conf_list.h"
#include "config/conf_word.h"
#include "catalogue/confkeys.h"
#include "catalogue/formula.h"
#include "base/keymap.h"
#include "base/mem.h"
#include "base/suggest.h"

/* The sizes of the MIB's columns, in octets; 255 where the column has no own limit. */
#define NAME_MAX_CATALOGUE 32
#define NAME_MAX_SERVICE   64
#define TEXT_MAX_ANY       255
#define TEXT_MAX_SHORT     64  /* vendor, product, revision, application, encryption */
#define TEXT_MAX_VERSION   32  /* of the product */
#define TEXT_MAX_SECTION   128 /* svcPortServiceDocRef */
#define TEXT_MAX_FORMULA   160 /* its display form has 64 */

static void
unknown_role(struct conf_group *g, const char *key, const struct catalogue *c,
    const char *name, struct diag_pos pos)
{
	struct suggest near = SUGGEST(name);
	char hint[SUGGEST_TEXT];

	for (size_t i = 0; i < c->nroles; i++)
		suggest_offer(&near, c->roles[i].name);
	conf_error_at(g, pos, "\"%s\": no role \"%s\" in this catalogue%s", key, name,
	    suggest_text(&near, hint));
}

static uint16_t *
read_role_list(
    struct conf_group *g, const char *key, const struct catalogue *c, size_t *count)
{
	size_t n = conf_list_texts(g, key);
	uint16_t *roles = mem_array(uint16_t, n);

	*count = 0;
	for (size_t i = 0; i < n; i++) {
		struct diag_pos pos;
		char *name = conf_list_text(g, key, i, CATALOGUE_PARTS_ROLE, &pos);
		int role = name != NULL ? catalogue_role(c, name) : -1;
		bool twice = false;

		for (size_t k = 0; k < *count; k++)
			twice = twice || roles[k] == role;
		if (twice)
			conf_error_at(
			    g, pos, "\"%s\" has role \"%s\" twice", key, name);
		else if (role >= 0)
			roles[(*count)++] = (uint16_t)role;
		else if (name != NULL)
			unknown_role(g, key, c, name, pos);
		free(name);
	}
	return roles;
}

static enum proto
read_protocol(struct conf_group *g)
{
	static const struct conf_word words[] = {
		{ "tcp", PROTO_TCP },
		{ "udp", PROTO_UDP },
		{ "icmp", PROTO_ICMP },
		{ "icmpv6", PROTO_ICMPV6 },
		{ "sctp", PROTO_SCTP },
		{ "none", PROTO_NONE },
		{ NULL, 0 },
	};

	if (!conf_need(g, "protocol"))
		return PROTO_NONE;
	return (enum proto)conf_word(g, "protocol", words, PROTO_NONE);
}

static enum range_policy
read_policy(struct conf_group *g)
{
	static const struct conf_word words[] = {
		{ "any", POLICY_ANY },
		{ "every", POLICY_EVERY },
		{ "pool", POLICY_POOL },
		{ NULL, 0 },
	};

	return (enum range_policy)conf_word(g, "policy", words, POLICY_SINGLE);
}

static void
unknown_feature(struct conf_group *g, const struct catalogue *c, const char *name)
{
	struct suggest near = SUGGEST(name);
	char hint[SUGGEST_TEXT];

	for (size_t i = 0; i < c->nfeatures; i++)
		suggest_offer(&near, c->features[i].name);
	conf_error(g, "feature", "no feature \"%s\" in this catalogue%s", name,
	    suggest_text(&near, hint));
}

static int
read_feature(struct conf_group *g, const struct catalogue *c)
{
	char *name = conf_text(g, "feature", CATALOGUE_PARTS_FEATURE, "");
	int feature = -1;

	if (name[0] != '\0') {
		feature = catalogue_feature(c, name);
		if (feature < 0)
			unknown_feature(g, c, name);
	}
	free(name);
	return feature;
}

/* What and where the document says. */
static void
read_citation(struct conf_group *g, struct service *s)
{
	s->pos = conf_pos(g, "number");
	s->name_pos = conf_pos(g, "name");
	s->ports_pos = conf_pos(g, "ports");
	conf_need(g, "number");
	s->number = (uint16_t)conf_int(g, "number", 1, UINT16_MAX, 0);
	conf_need(g, "line");
	s->line = (unsigned)conf_int(g, "line", 1, INT32_MAX, 0);
	conf_need(g, "section");
	s->section = conf_text(g, "section", TEXT_MAX_SECTION, "");
	s->name = confkeys_name(g, "name", NAME_MAX_SERVICE);
	conf_need(g, "descr");
	s->descr = conf_text(g, "descr", TEXT_MAX_ANY, "");
	s->application = conf_text(g, "application", TEXT_MAX_SHORT, "");
	s->encryption = conf_text(g, "encryption", TEXT_MAX_SHORT, "");
	s->executable = conf_text(g, "executable", TEXT_MAX_ANY, "");
	s->versions = conf_text(g, "versions", TEXT_MAX_ANY, "");
	s->configurable = conf_bool(g, "configurable", false);
	s->default_on = conf_bool(g, "default-on", true);
	s->note = conf_text(g, "note", TEXT_MAX_ANY, "");
}

/* Between whom, and what is expected. */
static void
read_expectation(struct conf_group *g, const struct catalogue *c, struct service *s)
{
	int expect, scope;

	s->protocol = read_protocol(g);
	s->ports = conf_text(g, "ports", TEXT_MAX_FORMULA, "");
	s->policy = read_policy(g);
	s->from = read_role_list(g, "from", c, &s->nfrom);
	s->to = read_role_list(g, "to", c, &s->nto);
	if (s->protocol != PROTO_NONE) {
		conf_need_some(g, "from");
		conf_need_some(g, "to");
		conf_need(g, "expect");
	}
	expect = confkeys_expect(g, "expect");
	s->expect = expect >= 0 ? (enum requirement)expect : REQUIRE_UNSPECIFIED;
	scope = confkeys_scope(g, "scope");
	s->scope = scope >= 0 ? (enum reach)scope : REACH_ANY;
	s->on_demand = conf_bool(g, "on-demand", false);
	s->feature = read_feature(g, c);
	s->alternative_name = conf_text(g, "alternative", NAME_MAX_SERVICE, "");
}

static void
read_probing(struct conf_group *g, struct service *s)
{
	int observe = confkeys_observe(g, "observe");
	int method = confkeys_method(g, "method");

	s->observe_set = observe >= 0;
	s->observe = s->observe_set ? (enum observe)observe : OBSERVE_LISTEN;
	s->method = method >= 0 ? (enum probe_method)method : METHOD_NONE;
	s->connect = conf_bool(g, "connect", false);
	s->tls = conf_tristate(g, "tls");
	s->payload = confkeys_payload(g, "payload");
	s->expect_reply = conf_tristate(g, "expect-reply");
	s->reply = confkeys_reply(g, "reply");
	if (s->protocol != PROTO_TCP && (method >= 0 || s->tls == 1))
		conf_error(g, method >= 0 ? "method" : "tls",
		    "\"method\" and \"tls\" are for protocol \"tcp\" only");
	if (s->protocol != PROTO_UDP &&
	    (s->payload.kind != PAYLOAD_DEFAULT || s->expect_reply == 1))
		conf_error(g,
		    s->payload.kind != PAYLOAD_DEFAULT ? "payload" : "expect-reply",
		    "\"payload\" and \"expect-reply\" are for protocol \"udp\" only");
}

struct several {
	const struct catalogue *c;
	bool found;
};

static void
any_several(void *arg, const char *name)
{
	struct several *l = arg;
	int i = catalogue_parameter(l->c, name);

	l->found = l->found || (i >= 0 && l->c->parameters[i].several);
}

/* A formula whose parameter may have several values gives a set without a policy of its
 * own: all of it must be open. */
static void
default_policy(const struct catalogue *c, struct service *s)
{
	struct several l = { c, false };

	formula_parameters(s->ports, any_several, &l);
	if (s->policy == POLICY_SINGLE && l.found)
		s->policy = POLICY_EVERY;
}

static void
read_services(struct conf_group *g, struct catalogue *c)
{
	size_t n = conf_list_groups(g, "services");

	c->services = mem_array(struct service, n);
	for (size_t i = 0; i < n; i++) {
		struct conf_group item;
		struct service *s = &c->services[c->nservices];

		if (!conf_list_group(g, "services", i, "a service", &item))
			continue;
		c->nservices++;
		read_citation(&item, s);
		read_expectation(&item, c, s);
		read_probing(&item, s);
		default_policy(c, s);
		conf_end(&item);
	}
	if (n == 0)
		conf_error(g, "services", "a catalogue without services says nothing");
}

static void
read_document(struct conf_group *g, struct catalogue *c)
{
	struct conf_group doc;
	bool found = conf_need(g, "document") && conf_open(g, "document", &doc);

	if (!found) {
		c->title = mem_strdup("");
		c->revision = mem_strdup("");
		return;
	}
	conf_need(&doc, "title");
	c->title = conf_text(&doc, "title", TEXT_MAX_ANY, "");
	c->revision = conf_text(&doc, "revision", TEXT_MAX_SHORT, "");
	conf_need(&doc, "lines");
	c->lines = (unsigned)conf_int(&doc, "lines", 1, INT32_MAX, 0);
	c->lines_pos = conf_pos(&doc, "lines");
	conf_end(&doc);
}

static void
read_catalogue(struct conf_group *g, struct catalogue *c)
{
	c->pos = conf_pos(g, "number");
	conf_need(g, "number");
	c->number = (uint16_t)conf_int(g, "number", 1, UINT16_MAX, 0);
	c->name = confkeys_name(g, "name", NAME_MAX_CATALOGUE);
	c->vendor = conf_text(g, "vendor", TEXT_MAX_SHORT, "");
	c->product = conf_text(g, "product", TEXT_MAX_SHORT, "");
	c->version = conf_text(g, "version", TEXT_MAX_VERSION, "");
	read_document(g, c);
	catalogue_parts(g, c);
	read_services(g, c);
	conf_end(g);
}

static int
by_number(const void *a, const void *b)
{
	const struct service *sa = a;
	const struct service *sb = b;

	if (sa->number != sb->number)
		return sa->number < sb->number ? -1 : 1;
	/* Equal numbers are an error, reported at the later one. */
	return (sa->pos.line > sb->pos.line) - (sa->pos.line < sb->pos.line);
}

/* A group's number is the lowest service number in it. */
static void
number_alternatives(struct catalogue *c)
{
	struct keymap *groups = keymap_new();

	for (size_t i = 0; i < c->nservices; i++) {
		struct service *s = &c->services[i];
		const uint8_t *lowest;
		uint16_t number = s->number;
		size_t len;

		if (s->alternative_name[0] == '\0')
			continue;
		lowest = keymap_get(groups, s->alternative_name, &len);
		if (lowest != NULL)
			memcpy(&number, lowest, sizeof(number));
		else
			keymap_set(
			    groups, s->alternative_name, &number, sizeof(number));
		s->alternative = number;
	}
	keymap_free(groups);
}

static struct catalogue *
from_conf(const char *file, struct conf *conf, struct diag *d)
{
	size_t before = diag_errors(d);
	struct catalogue *c;
	struct conf_group root, group;

	if (conf == NULL)
		return NULL;
	c = mem_new(struct catalogue);
	c->file = mem_strdup(file);
	root = conf_root(conf, "the file");
	confkeys_format(&root);
	if (conf_need(&root, "catalogue") && conf_open(&root, "catalogue", &group)) {
		read_catalogue(&group, c);
		c->files = conf_take_files(conf, &c->nfiles);
		if (c->nservices > 0)
			qsort(
			    c->services, c->nservices, sizeof(*c->services), by_number);
		number_alternatives(c);
		catalogue_check(c, d);
	}
	conf_end(&root);
	conf_free(conf);
	if (diag_errors(d) != before) {
		catalogue_free(c);
		return NULL;
	}
	return c;
}

struct catalogue *
catalogue_read(const char *file, struct diag *d)
{
	return from_conf(file, conf_read(file, d), d);
}

struct catalogue *
catalogue_parse(const char *name, const char *text, size_t len, struct diag *d)
{
	return from_conf(name, conf_parse(name, text, len, d), d);
}
