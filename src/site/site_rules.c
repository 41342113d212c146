#include "site/site_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/conf.h"
#include "config/conf_list.h"
#include "config/conf_word.h"
#include "catalogue/confkeys.h"
#include "catalogue/formula.h"
#include "base/mem.h"
#include "model/portset.h"
#include "base/rfc3339.h"
#include "site/site.h"
#include "site/site_parts.h"

#define GLOB_MAX       200
#define TEXT_MAX_ANY   255
#define FORMULA_MAX    160
#define INTERVAL_MAX   86400
#define TIMEOUT_MIN_MS 50
#define TIMEOUT_MAX_MS 60000
#define COUNT_MAX      100 /* observations */

static const long *
any_parameter(void *arg, const char *name, size_t *count)
{
	(void)name;
	*count = 1;
	return arg;
}

/* A formula is evaluated for each service it meets; what is wrong with every one is
 * told here. */
static char *
read_ports(struct conf_group *g, const char *key)
{
	static long one = 1;
	char *text = conf_text(g, key, FORMULA_MAX, "");
	struct portset ports;
	char err[160];

	if (formula_eval(text, any_parameter, &one, &ports, err, sizeof(err)))
		portset_clear(&ports);
	else if (!formula_has_parameter(text))
		conf_error(g, key, "\"%s\": %s", key, err);
	return text;
}

/* No formula: which ports of a set are probed is for the site to choose. */
static char *
read_sample_ports(struct conf_group *g)
{
	char *text = conf_text(g, "sample-ports", FORMULA_MAX, "");
	struct portset ports;

	if (text[0] == '\0')
		return text;
	if (portset_parse(text, &ports))
		portset_clear(&ports);
	else
		conf_error(g, "sample-ports",
		    "\"sample-ports\": \"%s\" is not a list of ports such as "
		    "7000,7500-7502",
		    text);
	return text;
}

static int
read_severity(struct conf_group *g)
{
	static const struct conf_word words[] = {
		{ "warning", SEVERITY_WARNING },
		{ "minor", SEVERITY_MINOR },
		{ "major", SEVERITY_MAJOR },
		{ "critical", SEVERITY_CRITICAL },
		{ NULL, 0 },
	};

	return conf_word(g, "severity", words, -1);
}

static char *
read_glob(struct conf_group *g, const char *key)
{
	char *text = conf_text(g, key, GLOB_MAX, "");

	if (text[0] == '\0') {
		free(text);
		text = mem_strdup("*");
	}
	return text;
}

/* "*" stands for every service; any other pattern is on "CATALOGUE/SERVICE". */
static void
check_service_glob(struct conf_group *g, const char *text)
{
	if (strcmp(text, "*") != 0 && text[0] != '\0' && strchr(text, '/') == NULL)
		conf_error(g, "service",
		    "\"service\": \"%s\" names no catalogue: write \"CATALOGUE/%s\"",
		    text, text);
}

static void
read_expectation(struct conf_group *g, struct site_override *o)
{
	o->service = read_glob(g, "service");
	o->host = read_glob(g, "host");
	o->ports = read_ports(g, "ports");
	o->expect = confkeys_expect(g, "expect");
	o->scope = confkeys_scope(g, "scope");
	o->interval = conf_int(g, "interval", 1, INTERVAL_MAX, -1);
	o->hold = conf_int(g, "hold", 0, INTERVAL_MAX, -1);
	o->timeout_ms = conf_int(g, "timeout-ms", TIMEOUT_MIN_MS, TIMEOUT_MAX_MS, -1);
	o->raise_after = conf_int(g, "raise-after", 1, COUNT_MAX, -1);
	o->clear_after = conf_int(g, "clear-after", 1, COUNT_MAX, -1);
	o->severity = read_severity(g);
}

static void
read_probing(struct conf_group *g, struct site *s, struct site_override *o)
{
	char *path;

	o->method = confkeys_method(g, "method");
	o->tls = conf_tristate(g, "tls");
	o->connect = conf_tristate(g, "connect");
	o->expect_reply = conf_tristate(g, "expect-reply");
	o->observe = confkeys_observe(g, "observe");
	o->payload = confkeys_payload(g, "payload");
	o->reply = confkeys_reply(g, "reply");
	path = conf_text(g, "secret-file", TEXT_MAX_ANY, "");
	o->secret_file = site_parts_path(s, path);
	free(path);
	o->community = conf_text(g, "community", PAYLOAD_COMMUNITY_MAX, "");
	o->sample_ports = read_sample_ports(g);
	if (o->payload.kind == PAYLOAD_RADIUS && o->secret_file[0] == '\0')
		conf_error(g, "payload",
		    "a RADIUS server answers only those who know its secret: add "
		    "\"secret-file\"");
}

void
site_rules_overrides(struct conf_group *g, struct site *s)
{
	size_t n = conf_list_groups(g, "overrides");

	s->overrides = mem_array(struct site_override, n);
	for (size_t i = 0; i < n; i++) {
		struct site_override *o = &s->overrides[s->noverrides];
		struct conf_group item;

		if (!conf_list_group(g, "overrides", i, "an override", &item))
			continue;
		s->noverrides++;
		o->pos = conf_pos(&item, "service");
		o->host_pos = conf_pos(&item, "host");
		read_expectation(&item, o);
		read_probing(&item, s, o);
		conf_end(&item);
		check_service_glob(&item, o->service);
		if (!conf_has(&item, "service") && !conf_has(&item, "host"))
			conf_error(&item, NULL,
			    "the override is for everything: say so with service = "
			    "\"*\"");
	}
}

static wall_t
read_until(struct conf_group *g)
{
	char *text;
	wall_t until = 0;

	if (!conf_need(g, "until"))
		return 0;
	text = conf_text(g, "until", TEXT_MAX_ANY, "");
	if (text[0] != '\0' && !rfc3339_parse(text, &until))
		conf_error(g, "until",
		    "\"until\": \"%s\" is not a time: write it with its offset, such "
		    "as "
		    "\"2026-12-01T06:00:00+01:00\"",
		    text);
	free(text);
	return until;
}

void
site_rules_mutes(struct conf_group *g, struct site *s)
{
	size_t n = conf_list_groups(g, "mutes");

	s->mutes = mem_array(struct site_mute, n);
	for (size_t i = 0; i < n; i++) {
		struct site_mute *m = &s->mutes[s->nmutes];
		struct conf_group item;

		if (!conf_list_group(g, "mutes", i, "a mute", &item))
			continue;
		s->nmutes++;
		m->pos = conf_pos(&item, "service");
		m->host_pos = conf_pos(&item, "host");
		m->host = read_glob(&item, "host");
		m->service = conf_text(&item, "service", GLOB_MAX, "");
		m->until = read_until(&item);
		conf_end(&item);
		check_service_glob(&item, m->service);
	}
}
