#include "site/site_parts.h"

#include <stdlib.h>
#include <string.h>

#include "model/addr.h"
#include "config/conf.h"
#include "config/conf_list.h"
#include "catalogue/confkeys.h"
#include "base/keymap.h"
#include "base/mem.h"

#define NAME_MAX_HOST      64 /* svcPortHostName */
#define NAME_MAX_CATALOGUE 32
#define NAME_MAX_GROUP     64
#define QUALIFIED_MAX      128
#define GLOB_MAX           200
#define HOSTNAME_MAX       253 /* RFC 1035 section 2.3.4, without the last dot */
#define LOCAL_ID           1
#define HOSTS_MAX          65534 /* 1 is the local host's number, 65535 the last */
#define FIRST_OWN_NUMBER   10000 /* catalogues shipped have smaller ones */
#define INTERVAL_MAX       86400

struct site_text *
site_parts_texts(struct conf_group *g, const char *key, size_t max, size_t *n)
{
	size_t count = conf_list_texts(g, key);
	struct site_text *v = mem_array(struct site_text, count);

	*n = 0;
	for (size_t i = 0; i < count; i++) {
		v[*n].text = conf_list_text(g, key, i, max, &v[*n].pos);
		if (v[*n].text != NULL)
			(*n)++;
	}
	return v;
}

static bool
is_qualified(const char *text)
{
	const char *colon = strchr(text, ':');
	char *catalogue;
	bool ok;

	if (colon == NULL || colon[1] == '\0')
		return false;
	catalogue = mem_strndup(text, (size_t)(colon - text));
	ok = confkeys_is_name(catalogue);
	free(catalogue);
	return ok;
}

static bool
has_text(const struct site_text *v, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(v[i].text, text) == 0)
			return true;
	}
	return false;
}

struct site_text *
site_parts_qualified(struct conf_group *g, const char *key, size_t *n)
{
	size_t count;
	struct site_text *v = site_parts_texts(g, key, QUALIFIED_MAX, &count);

	*n = 0;
	for (size_t i = 0; i < count; i++) {
		const char *text = v[i].text;

		if (is_qualified(text) && !has_text(v, *n, text)) {
			v[(*n)++] = v[i];
			continue;
		}
		if (is_qualified(text))
			conf_error_at(
			    g, v[i].pos, "\"%s\" has \"%s\" twice", key, text);
		else
			conf_error_at(g, v[i].pos,
			    "\"%s\": \"%s\" names no catalogue: write \"CATALOGUE:%s\"",
			    key, text, text);
		free(v[i].text);
	}
	return v;
}

struct parameters {
	struct site_parameter *v;
	size_t n, cap;
};

/* One level of `parameters`; below a catalogue's name there is no further one. */
static void
read_parameters(struct conf_group *g, const char *catalogue, struct parameters *out)
{
	const char *key;

	for (size_t i = 0; (key = conf_key(g, i)) != NULL; i++) {
		struct site_parameter p = { .pos = conf_pos(g, key) };
		struct conf_group sub;
		bool array;

		if (catalogue == NULL && conf_is_group(g, key)) {
			if (conf_open(g, key, &sub))
				read_parameters(&sub, key, out);
			continue;
		}
		if (!conf_list_ints(g, key, &p.values, &p.nvalues, &array))
			continue;
		p.name = catalogue != NULL ? mem_printf("%s:%s", catalogue, key)
		                           : mem_strdup(key);
		mem_grow(out->v, out->n, out->cap);
		out->v[out->n++] = p;
	}
}

struct site_parameter *
site_parts_parameters(struct conf_group *g, size_t *n)
{
	struct parameters out = { 0 };
	struct conf_group group;

	if (conf_open(g, "parameters", &group))
		read_parameters(&group, NULL, &out);
	*n = out.n;
	return out.v;
}

char *
site_parts_path(const struct site *s, const char *path)
{
	const char *slash = strrchr(s->file, '/');

	if (path[0] == '/' || path[0] == '\0' || slash == NULL)
		return mem_strdup(path);
	return mem_printf("%.*s/%s", (int)(slash - s->file), s->file, path);
}

/* Names as the Internet has them, underscores allowed: RFC 1123 section 2.1, and what
 * is found in the field. */
static bool
is_hostname(const char *text)
{
	size_t label = 0;
	const char *p = text;

	for (; *p != '\0'; p++) {
		if (*p == '.' && (label == 0 || p[-1] == '-'))
			return false;
		if (*p == '-' && label == 0)
			return false;
		label = *p == '.' ? 0 : label + 1;
		if (label > 63)
			return false;
	}
	/* A name of digits and dots is a mistyped address. */
	return confkeys_is_name(text) && p - text <= HOSTNAME_MAX && p[-1] != '-' &&
	       text[strspn(text, "0123456789.")] != '\0';
}

static char *
read_address(struct conf_group *g)
{
	char *text = conf_text(g, "address", HOSTNAME_MAX, "");
	struct addr a;

	if (text[0] != '\0' && !addr_parse(text, &a) && !is_hostname(text))
		conf_error(g, "address",
		    "\"%s\" is neither an address nor a host's name", text);
	if (text[0] != '\0' && addr_parse(text, &a) && addr_is_any(&a))
		conf_error(g, "address",
		    "\"%s\" is no other host: a probe of it reaches this one", text);
	return text;
}

static char *
read_literal(struct conf_group *g, const char *key)
{
	char *text = conf_text(g, key, ADDR_TEXT, "");
	struct addr a;

	if (text[0] != '\0' && !addr_parse(text, &a))
		conf_error(g, key,
		    "\"%s\": \"%s\" is not an address: write one such as 192.0.2.7 or "
		    "2001:db8::7",
		    key, text);
	return text;
}

/* The hosts read so far, as indexes into site.hosts + 1. */
struct seen {
	struct keymap *names;
	uint32_t *ids;
	uint32_t local;
};

static const struct site_host *
seen_host(const struct site *s, uint32_t index)
{
	return index != 0 ? &s->hosts[index - 1] : NULL;
}

static const struct site_host *
seen_name(const struct seen *seen, const struct site *s, const char *name)
{
	size_t len;
	const uint8_t *found = keymap_get(seen->names, name, &len);
	uint32_t index = 0;

	if (found != NULL)
		memcpy(&index, found, sizeof(index));
	return seen_host(s, index);
}

static void
check_twice(struct conf_group *g, const struct site *s, const struct site_host *h,
    struct seen *seen)
{
	const struct site_host *name = seen_name(seen, s, h->name);
	const struct site_host *id = seen_host(s, seen->ids[h->id]);
	const struct site_host *local = seen_host(s, seen->local);
	uint32_t index = (uint32_t)(h - s->hosts) + 1;

	if (h->name[0] != '\0' && name != NULL)
		conf_error(g, "name", "host \"%s\" is defined twice, first at line %u",
		    h->name, name->pos.line);
	else
		keymap_set(seen->names, h->name, &index, sizeof(index));
	if (h->id != 0 && id != NULL)
		conf_error(g, "id", "id %u is host \"%s\"'s already, at line %u", h->id,
		    id->name, id->pos.line);
	else
		seen->ids[h->id] = index;
	if (h->local && local != NULL)
		conf_error(g, "local",
		    "host \"%s\" at line %u is the local one already", local->name,
		    local->pos.line);
	else if (h->local)
		seen->local = index;
}

/* A link-local address is on every link: which one, an interface tells. */
static bool
is_ambiguous(const char *address)
{
	struct addr a;

	return addr_parse(address, &a) && addr_is_link_local(&a) && a.scope == 0;
}

static void
check_host(struct conf_group *g, const struct site *s, const struct site_host *h)
{
	struct addr a;

	if (is_ambiguous(h->address) && s->probe.interface[0] == '\0')
		conf_error(g, "address",
		    "\"%s\" is a link-local address: write its interface behind it, "
		    "such as %s%%eth0",
		    h->address, h->address);

	if (h->local && h->id != 0 && h->id != LOCAL_ID)
		conf_error(
		    g, "id", "the local host's id is always %d: take it out", LOCAL_ID);
	if (!h->local && h->id == LOCAL_ID)
		conf_error(
		    g, "id", "id %d is the local host's: take 2 to 65535", LOCAL_ID);
	if (!h->local && h->address[0] == '\0' && h->name[0] != '\0' &&
	    !addr_parse(h->name, &a) && !is_hostname(h->name))
		conf_error(g, "name",
		    "\"%s\" is not a valid host name: add an \"address\"", h->name);
}

static void
read_host(struct conf_group *g, struct site_host *h)
{
	h->name = confkeys_name(g, "name", NAME_MAX_HOST);
	h->pos = conf_pos(g, "name");
	h->local = conf_bool(g, "local", false);
	h->id = (uint16_t)conf_int(g, "id", 1, UINT16_MAX, 0);
	h->address = read_address(g);
	h->roles = site_parts_qualified(g, "roles", &h->nroles);
	h->active_when = read_literal(g, "active-when");
	h->features = site_parts_qualified(g, "features", &h->nfeatures);
	h->parameters = site_parts_parameters(g, &h->nparameters);
	h->interval = conf_int(g, "interval", 1, INTERVAL_MAX, -1);
	conf_end(g);
}

void
site_parts_hosts(struct conf_group *g, struct site *s)
{
	size_t n = conf_list_groups(g, "hosts");
	struct seen seen = { .names = keymap_new(),
		.ids = mem_array(uint32_t, UINT16_MAX + 1) };

	if (n > HOSTS_MAX)
		conf_error(g, "hosts", "%zu hosts: at most %d can have a number", n,
		    HOSTS_MAX);
	s->hosts = mem_array(struct site_host, n);
	for (size_t i = 0; i < n; i++) {
		struct site_host *h = &s->hosts[s->nhosts];
		struct conf_group item;

		if (!conf_list_group(g, "hosts", i, "a host", &item))
			continue;
		s->nhosts++;
		read_host(&item, h);
		check_twice(&item, s, h, &seen);
		check_host(&item, s, h);
	}
	keymap_free(seen.names);
	free(seen.ids);
}

static void
check_instance(
    struct conf_group *g, const struct site *s, const struct site_instance *in)
{
	for (const struct site_instance *o = s->instances; o < in; o++) {
		if (in->name[0] != '\0' && strcmp(o->name, in->name) == 0)
			conf_error(g, "name",
			    "instance \"%s\" is defined twice, first at line %u",
			    in->name, o->pos.line);
		if (in->number != 0 && o->number == in->number)
			conf_error(g, "number",
			    "number %u is instance \"%s\"'s already, at line %u",
			    in->number, o->name, o->pos.line);
	}
}

void
site_parts_instances(struct conf_group *g, struct site *s)
{
	size_t n = conf_list_groups(g, "instances");

	s->instances = mem_array(struct site_instance, n);
	for (size_t i = 0; i < n; i++) {
		struct site_instance *in = &s->instances[s->ninstances];
		struct conf_group item;

		if (!conf_list_group(g, "instances", i, "an instance", &item))
			continue;
		s->ninstances++;
		in->catalogue = confkeys_name(&item, "catalogue", NAME_MAX_CATALOGUE);
		in->name = confkeys_name(&item, "name", NAME_MAX_CATALOGUE);
		in->pos = conf_pos(&item, "name");
		conf_need(&item, "number");
		in->number = (uint16_t)conf_int(
		    &item, "number", FIRST_OWN_NUMBER, UINT16_MAX, 0);
		in->parameters = site_parts_parameters(&item, &in->nparameters);
		conf_end(&item);
		check_instance(&item, s, in);
	}
}

static void
check_group(struct conf_group *g, const struct site *s, const struct site_group *group)
{
	for (const struct site_group *o = s->groups; o < group; o++) {
		if (group->name[0] != '\0' && strcmp(o->name, group->name) == 0)
			conf_error(g, "name",
			    "group \"%s\" is defined twice, first at line %u",
			    group->name, o->pos.line);
	}
	conf_need_some(g, "hosts");
	conf_need_some(g, "services");
}

void
site_parts_groups(struct conf_group *g, struct site *s)
{
	size_t n = conf_list_groups(g, "groups");

	s->groups = mem_array(struct site_group, n);
	for (size_t i = 0; i < n; i++) {
		struct site_group *group = &s->groups[s->ngroups];
		struct conf_group item;

		if (!conf_list_group(g, "groups", i, "a group", &item))
			continue;
		s->ngroups++;
		group->name = confkeys_name(&item, "name", NAME_MAX_GROUP);
		group->pos = conf_pos(&item, "name");
		group->hosts = site_parts_texts(
		    &item, "hosts", NAME_MAX_HOST, &group->nhosts);
		group->services = site_parts_texts(
		    &item, "services", GLOB_MAX, &group->nservices);
		group->need = (unsigned)conf_int(&item, "need", 1, UINT16_MAX, 1);
		conf_end(&item);
		check_group(&item, s, group);
	}
}
