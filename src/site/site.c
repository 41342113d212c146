#include "site/site.h"

#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/mem.h"
#include "model/addr.h"

static void
default_paths(struct site *s)
{
	s->catalogue_path = mem_array(char *, 2);
	s->catalogue_path[s->ncatalogue_path++] = mem_strdup(
	    SVCPORT_SYSCONFDIR "/catalogues");
	s->catalogue_path[s->ncatalogue_path++] = mem_strdup(
	    SVCPORT_DATADIR "/catalogues");
	s->catalogues = mem_array(struct site_text, 1);
	s->catalogues[s->ncatalogues++] = (struct site_text){
		.text = mem_strdup("*"),
		.pos = { s->file, 0 },
	};
	s->state_dir = mem_strdup(SVCPORT_STATEDIR);
	s->agentx_socket = mem_strdup(SVCPORT_AGENTX_SOCKET);
	s->mib_root = mem_strdup("");
	s->context = mem_strdup("");
	s->probe.source = mem_strdup("");
	s->probe.interface = mem_strdup("");
}

bool
site_is_agentx(const char *text)
{
	const char *path = strncmp(text, "unix:", 5) == 0 ? text + 5 : text;
	struct addr a;
	uint16_t port;

	if (strncmp(text, "tcp:", 4) == 0)
		return addr_parse_port(text + 4, &a, &port);
	return path[0] == '/' &&
	       strlen(path) < sizeof(((struct sockaddr_un *)0)->sun_path);
}

struct site *
site_default(void)
{
	struct site *s = mem_new(struct site);

	s->file = mem_strdup("");
	default_paths(s);
	s->interval = 60;
	s->timeout_ms = 4000;
	s->listen_interval = 1;
	s->listener_interval = 10;
	s->hold = 15;
	s->boot_grace = 300;
	s->viewpoint = VIEWPOINT_DEFAULT;
	s->fast_path = true;
	s->notify_enable = true;
	s->notify_rate = 100;
	s->notify_burst = 200;
	s->notify_queue = 10000;
	s->event_history = 1000;
	s->probe.per_host = 16;
	return s;
}

static void
free_texts(struct site_text *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i].text);
	free(v);
}

static void
free_parameters(struct site_parameter *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(v[i].name);
		free(v[i].values);
	}
	free(v);
}

static void
free_host(struct site_host *h)
{
	free(h->name);
	free(h->address);
	free(h->active_when);
	free_texts(h->roles, h->nroles);
	free_texts(h->features, h->nfeatures);
	free_parameters(h->parameters, h->nparameters);
}

static void
free_override(struct site_override *o)
{
	free(o->service);
	free(o->host);
	free(o->ports);
	free(o->payload.bytes);
	free(o->reply);
	free(o->secret_file);
	free(o->community);
	free(o->sample_ports);
}

static void
free_lists(struct site *s)
{
	for (size_t i = 0; i < s->nhosts; i++)
		free_host(&s->hosts[i]);
	for (size_t i = 0; i < s->ninstances; i++) {
		free(s->instances[i].catalogue);
		free(s->instances[i].name);
		free_parameters(
		    s->instances[i].parameters, s->instances[i].nparameters);
	}
	for (size_t i = 0; i < s->ngroups; i++) {
		free(s->groups[i].name);
		free_texts(s->groups[i].hosts, s->groups[i].nhosts);
		free_texts(s->groups[i].services, s->groups[i].nservices);
	}
	for (size_t i = 0; i < s->noverrides; i++)
		free_override(&s->overrides[i]);
	for (size_t i = 0; i < s->nmutes; i++) {
		free(s->mutes[i].host);
		free(s->mutes[i].service);
	}
	free(s->hosts);
	free(s->instances);
	free(s->groups);
	free(s->overrides);
	free(s->mutes);
}

static void
free_strings(char **v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i]);
	free(v);
}

void
site_free(struct site *s)
{
	if (s == NULL)
		return;
	free_lists(s);
	free_strings(s->catalogue_path, s->ncatalogue_path);
	free_strings(s->files, s->nfiles);
	free_texts(s->catalogues, s->ncatalogues);
	free_texts(s->features, s->nfeatures);
	free_texts(s->versions, s->nversions);
	free_texts(s->undocumented.ignore, s->undocumented.nignore);
	free_parameters(s->parameters, s->nparameters);
	free(s->file);
	free(s->state_dir);
	free(s->agentx_socket);
	free(s->mib_root);
	free(s->context);
	free(s->probe.source);
	free(s->probe.interface);
	free(s);
}

void
site_set_catalogue_path(struct site *s, char *const *dirs, size_t n)
{
	free_strings(s->catalogue_path, s->ncatalogue_path);
	s->catalogue_path = mem_array(char *, n);
	s->ncatalogue_path = n;
	for (size_t i = 0; i < n; i++)
		s->catalogue_path[i] = mem_strdup(dirs[i]);
}

void
site_catalogues(const struct site *s, struct catalogue_list *out, struct diag *d)
{
	char **globs = mem_array(char *, s->ncatalogues);

	for (size_t i = 0; i < s->ncatalogues; i++)
		globs[i] = s->catalogues[i].text;
	catalogue_load(
	    s->catalogue_path, s->ncatalogue_path, globs, s->ncatalogues, out, d);
	free(globs);
}
