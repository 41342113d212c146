#include "site/site.h"

#include <stdlib.h>
#include <string.h>

#include "model/addr.h"
#include "config/conf.h"
#include "config/conf_word.h"
#include "catalogue/confkeys.h"
#include "base/mem.h"
#include "base/oidtext.h"
#include "model/portset.h"
#include "site/site_parts.h"
#include "site/site_rules.h"

#define TEXT_MAX_ANY    255
#define PATH_TEXT_MAX   1024
#define CONTEXT_MAX     32 /* RFC 3411, SnmpAdminString of a context name */
#define INTERFACE_MAX   15 /* IFNAMSIZ without NUL */
#define NAME_MAX_GLOB   64
#define DAY             86400
#define HEARTBEAT_MIN   60 /* svcPortHeartbeatInterval */
#define ROOT_MAX        61 /* numbers: as --with-mib-root takes them */
#define CONCURRENCY_MAX 10000
#define QUEUE_MAX       1000000

/* Each key's default is what site_default() has put into the field. */
static void
text_into(char **field, struct conf_group *g, const char *key, size_t max)
{
	char *text = conf_text(g, key, max, *field);

	free(*field);
	*field = text;
}

static void
path_into(const struct site *s, char **field, struct conf_group *g, const char *key)
{
	char *path;

	if (!conf_has(g, key))
		return;
	conf_need(g, key);
	text_into(field, g, key, PATH_TEXT_MAX);
	path = site_parts_path(s, *field);
	free(*field);
	*field = path;
}

static void
int_into(long *field, struct conf_group *g, const char *key, long min, long max)
{
	*field = conf_int(g, key, min, max, *field);
}

/* As int_into(), and 0 means off, below the least useful value. */
static void
period_into(long *field, struct conf_group *g, const char *key, long least)
{
	long n = conf_int(g, key, 0, DAY, *field);

	if (n > 0 && n < least)
		conf_error(g, key, "\"%s\" is %ld: it must be 0 for none, or %ld to %d",
		    key, n, least, DAY);
	else
		*field = n;
}

static bool
is_root(const char *text)
{
	static const uint32_t internet[] = { 1, 3, 6, 1 };
	uint32_t oid[OIDTEXT_MAX];
	size_t len;

	return oidtext_parse(text, oid, &len) && len > 4 && len <= ROOT_MAX &&
	       memcmp(oid, internet, sizeof(internet)) == 0;
}

static void
read_agent(struct conf_group *g, struct site *s)
{
	path_into(s, &s->state_dir, g, "state-dir");
	if (conf_has(g, "agentx-socket"))
		conf_need(g, "agentx-socket");
	text_into(&s->agentx_socket, g, "agentx-socket", TEXT_MAX_ANY);
	if (s->agentx_socket[0] != '\0' && !site_is_agentx(s->agentx_socket))
		conf_error(g, "agentx-socket",
		    "\"agentx-socket\": \"%s\" is neither \"/PATH\" (107 octets "
		    "at most) nor \"tcp:ADDRESS:PORT\"",
		    s->agentx_socket);
	text_into(&s->mib_root, g, "mib-root", TEXT_MAX_ANY);
	if (s->mib_root[0] != '\0' && !is_root(s->mib_root))
		conf_error(g, "mib-root",
		    "\"mib-root\": \"%s\" is not an OID below 1.3.6.1: write dotted "
		    "numbers such as 1.3.6.1.4.1.8072.9999.9999.2741",
		    s->mib_root);
	text_into(&s->context, g, "context", CONTEXT_MAX);
	s->allow_set = conf_bool(g, "allow-set", s->allow_set);
	s->fast_path = conf_bool(g, "fast-path", s->fast_path);
}

static void
read_catalogue_path(struct conf_group *g, struct site *s)
{
	struct site_text *v;
	char **dirs;
	size_t n;

	if (!conf_has(g, "catalogue-path"))
		return;
	v = site_parts_texts(g, "catalogue-path", PATH_TEXT_MAX, &n);
	dirs = mem_array(char *, n);
	for (size_t i = 0; i < n; i++)
		dirs[i] = site_parts_path(s, v[i].text);
	site_set_catalogue_path(s, dirs, n);
	for (size_t i = 0; i < n; i++) {
		free(dirs[i]);
		free(v[i].text);
	}
	free(dirs);
	free(v);
}

static void
read_catalogues(struct conf_group *g, struct site *s)
{
	read_catalogue_path(g, s);
	if (conf_has(g, "catalogues")) {
		for (size_t i = 0; i < s->ncatalogues; i++)
			free(s->catalogues[i].text);
		free(s->catalogues);
		s->catalogues = site_parts_texts(
		    g, "catalogues", NAME_MAX_GLOB, &s->ncatalogues);
	}
	s->features = site_parts_qualified(g, "features", &s->nfeatures);
	s->versions = site_parts_qualified(g, "versions", &s->nversions);
	s->parameters = site_parts_parameters(g, &s->nparameters);
}

static void
read_times(struct conf_group *g, struct site *s)
{
	static const struct conf_word viewpoints[] = {
		{ "roles", VIEWPOINT_ROLES },
		{ "all", VIEWPOINT_ALL },
		{ NULL, 0 },
	};

	int_into(&s->interval, g, "interval", 1, DAY);
	int_into(&s->timeout_ms, g, "timeout-ms", 50, 60000);
	int_into(&s->listen_interval, g, "listen-interval", 1, 3600);
	int_into(&s->listener_interval, g, "listener-interval", 1, DAY);
	int_into(&s->hold, g, "hold", 0, DAY);
	int_into(&s->boot_grace, g, "boot-grace", 0, DAY);
	switch (conf_word(g, "viewpoint", viewpoints, VIEWPOINT_DEFAULT)) {
	case VIEWPOINT_ROLES:
		s->viewpoint = VIEWPOINT_ROLES;
		break;
	case VIEWPOINT_ALL:
		s->viewpoint = VIEWPOINT_ALL;
		break;
	}
	if (s->timeout_ms > s->interval * 1000)
		conf_error(g, conf_has(g, "timeout-ms") ? "timeout-ms" : "interval",
		    "a probe's timeout of %ld ms is longer than the interval of %ld s",
		    s->timeout_ms, s->interval);
}

/* "tcp/111", "udp/32768-60999", "udp/all" */
static bool
is_ignorable(const char *text)
{
	struct portset ports;

	if (strncmp(text, "tcp/", 4) != 0 && strncmp(text, "udp/", 4) != 0)
		return false;
	if (strcmp(text + 4, "all") == 0)
		return true;
	if (!portset_parse(text + 4, &ports))
		return false;
	portset_clear(&ports);
	return true;
}

static void
read_undocumented(struct conf_group *g, struct site *s)
{
	struct conf_group u;

	if (!conf_open(g, "undocumented", &u))
		return;
	s->undocumented.notify = conf_bool(&u, "notify", s->undocumented.notify);
	s->undocumented.ignore = site_parts_texts(
	    &u, "ignore", TEXT_MAX_ANY, &s->undocumented.nignore);
	for (size_t i = 0; i < s->undocumented.nignore; i++) {
		if (!is_ignorable(s->undocumented.ignore[i].text))
			conf_error_at(g, s->undocumented.ignore[i].pos,
			    "\"ignore\": \"%s\" is not one of \"tcp/111\", "
			    "\"udp/32768-60999\", \"udp/all\"",
			    s->undocumented.ignore[i].text);
	}
	conf_end(&u);
}

static void
read_notify(struct conf_group *g, struct site *s)
{
	s->notify_enable = conf_bool(g, "notify-enable", s->notify_enable);
	int_into(&s->notify_rate, g, "notify-rate", 0, 100000);
	int_into(&s->notify_burst, g, "notify-burst", 1, 100000);
	int_into(&s->notify_queue, g, "notify-queue", 10, QUEUE_MAX);
	int_into(&s->event_history, g, "event-history", 0, QUEUE_MAX);
	period_into(&s->heartbeat, g, "heartbeat", HEARTBEAT_MIN);
	period_into(&s->renotify, g, "renotify", HEARTBEAT_MIN);
	read_undocumented(g, s);
}

static void
read_probe(struct conf_group *g, struct site *s)
{
	struct conf_group p;
	struct addr a;

	if (!conf_open(g, "probe", &p))
		return;
	int_into(&s->probe.concurrency, &p, "concurrency", 0, CONCURRENCY_MAX);
	int_into(&s->probe.per_host, &p, "per-host", 1, CONCURRENCY_MAX);
	int_into(&s->probe.rate, &p, "rate", 0, 1000000);
	text_into(&s->probe.source, &p, "source", ADDR_TEXT);
	if (s->probe.source[0] != '\0' && !addr_parse(s->probe.source, &a))
		conf_error(&p, "source",
		    "\"source\": \"%s\" is not an address: write one of this host's "
		    "own",
		    s->probe.source);
	text_into(&s->probe.interface, &p, "interface", INTERFACE_MAX);
	conf_end(&p);
}

static struct site *
from_conf(const char *file, struct conf *conf)
{
	struct conf_group g;
	struct site *s;

	if (conf == NULL)
		return NULL;
	s = site_default();
	free(s->file);
	s->file = mem_strdup(file);
	for (size_t i = 0; i < s->ncatalogues; i++)
		s->catalogues[i].pos.file = s->file;
	g = conf_root(conf, "the site file");
	confkeys_format(&g);
	read_agent(&g, s);
	read_catalogues(&g, s);
	read_times(&g, s);
	read_notify(&g, s);
	read_probe(&g, s);
	site_parts_hosts(&g, s);
	site_parts_instances(&g, s);
	site_parts_groups(&g, s);
	site_rules_overrides(&g, s);
	site_rules_mutes(&g, s);
	conf_end(&g);
	s->files = conf_take_files(conf, &s->nfiles);
	conf_free(conf);
	return s;
}

struct site *
site_read(const char *file, struct diag *d)
{
	return from_conf(file, conf_read(file, d));
}

struct site *
site_parse(const char *name, const char *text, size_t len, struct diag *d)
{
	return from_conf(name, conf_parse(name, text, len, d));
}
