#ifndef SVCPORT_SITE_H
#define SVCPORT_SITE_H

/*
 * What this installation adds to the catalogues: plain data, immutable once read.  The
 * file's schema is svcport.cfg(5); defaults here are the ones printed there.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "catalogue/catalogue.h"
#include "base/diag.h"
#include "base/mono.h"
#include "model/types.h"

/* One text of a list, with its place in the file. */
struct site_text {
	char *text;
	struct diag_pos pos;
};

/*
 * A named parameter's values: "base = 1980;" or "drive = [1, 2, 5];".  In the group
 * `parameters` of the site, a host or an instance, a bare name is for every catalogue
 * that has such a parameter (for an instance: its own), and a group below the name of a
 * catalogue or instance is for that one: "parameters = { sesam = { drive = [1, 2]; };
 * };"
 */
struct site_parameter {
	char *name; /* "prognosis:base" or, for every catalogue that has it, "base" */
	long *values;
	size_t nvalues;
	struct diag_pos pos;
};

struct site_host {
	char *name;
	bool local;
	uint16_t id;   /* 0: to be assigned and stored */
	char *address; /* literal or name; "" for the local host; name when absent */
	struct site_text *roles; /* "sevone-nms:PAS"; an instance's name may stand for
	                 the catalogue */
	size_t nroles;
	char *active_when;          /* address, "" for none */
	struct site_text *features; /* on this host only, beside the site's */
	size_t nfeatures;
	struct site_parameter *parameters; /* of this host */
	size_t nparameters;
	long interval; /* seconds, -1: the site's */
	struct diag_pos pos;
};

/* A second installation of a product. */
struct site_instance {
	char *catalogue;
	char *name;
	uint16_t number; /* >= 10000 */
	struct site_parameter *parameters;
	size_t nparameters;
	struct diag_pos pos;
};

/* Remote pairs: one alarm when fewer than `need` are open. */
struct site_group {
	char *name;
	struct site_text *hosts;
	size_t nhosts;
	struct site_text *services; /* globs "sevone-nms/ldap" */
	size_t nservices;
	unsigned need;
	struct diag_pos pos;
};

struct site_override {
	char *service;                   /* glob on "catalogue/service" */
	char *host;                      /* glob */
	char *ports;                     /* formula, "" for unchanged */
	int expect;                      /* enum requirement, -1 for unchanged */
	int scope;                       /* enum reach, -1 for unchanged */
	long interval, hold, timeout_ms; /* -1 for unchanged */
	long raise_after, clear_after;   /* observations, -1 for unchanged */
	int severity;                    /* enum severity, -1 for unchanged */
	int method;                      /* enum probe_method, -1 for unchanged */
	int tls, connect, expect_reply;  /* -1 for unchanged */
	int observe;                     /* enum observe, -1 for unchanged */
	struct payload payload;          /* PAYLOAD_DEFAULT for unchanged */
	char *reply;                     /* "" for unchanged */
	char *secret_file;               /* RADIUS; "" for none */
	char
	    *community; /* SNMP v2c for devices that ignore v3 discovery; "" for none */
	char *sample_ports; /* of a remote set: which ports to probe; "": up to 16 ports
	                       are probed whole, a larger set not at all */
	struct diag_pos pos, host_pos;
};

struct site_mute {
	char *host;    /* glob */
	char *service; /* glob on "catalogue/service", "" for the whole host */
	wall_t until;
	struct diag_pos pos, host_pos;
};

struct site {
	char *file;   /* "" for the built-in default */
	char **files; /* what the positions name: this file and those it includes */
	size_t nfiles;
	char *state_dir;
	char *agentx_socket;
	char *mib_root; /* "" for the one compiled in */
	char *context;
	bool allow_set;
	bool fast_path;
	char **catalogue_path;
	size_t ncatalogue_path;
	struct site_text *catalogues; /* globs of names to load */
	size_t ncatalogues;
	struct site_text *features; /* "sevone-nms:tracing" */
	size_t nfeatures;
	struct site_text *versions; /* "sevone-nms:5.4": the product's version here */
	size_t nversions;
	struct site_parameter *parameters;
	size_t nparameters;
	long interval, timeout_ms, listen_interval, listener_interval, hold, boot_grace;
	enum { VIEWPOINT_DEFAULT, VIEWPOINT_ROLES, VIEWPOINT_ALL } viewpoint;
	bool notify_enable;
	long notify_rate, notify_burst, notify_queue, event_history;
	long heartbeat, renotify; /* seconds, 0 for none */
	struct {
		bool notify;
		struct site_text *ignore; /* "tcp/111", "udp/32768-60999", "udp/all" */
		size_t nignore;
	} undocumented;
	struct {
		/* 0: as many as the work takes, no cap on starts a second */
		long concurrency, per_host, rate;
		char *source;    /* address to bind, "" for none */
		char *interface; /* SO_BINDTODEVICE, "" for none */
	} probe;
	struct site_host *hosts;
	size_t nhosts;
	struct site_instance *instances;
	size_t ninstances;
	struct site_group *groups;
	size_t ngroups;
	struct site_override *overrides; /* in file order: the last match wins */
	size_t noverrides;
	struct site_mute *mutes;
	size_t nmutes;
};

/* Whether the text is what agentx-socket takes: "/PATH", "unix:/PATH" or
 * "tcp:ADDRESS:PORT". */
bool site_is_agentx(const char *text);

/* The built-in site: this host, no role, every catalogue installed. */
struct site *site_default(void);
void site_free(struct site *s);

/*
 * Reads a site file.  One with semantic errors is returned nevertheless, so that
 * site_check() can add what it finds, and is fit for nothing else: ask diag_errors().
 * NULL when the file cannot be read or parsed.  Relative paths in it are taken from the
 * directory that the file is in.
 */
struct site *site_read(const char *file, struct diag *d);
/* As site_read() of a file with this name and content. */
struct site *site_parse(const char *name, const char *text, size_t len, struct diag *d);
/* Other directories instead of the site's own catalogue-path. */
void site_set_catalogue_path(struct site *s, char *const *dirs, size_t n);
/* catalogue_load() from the site's path, those that the site wants. */
void site_catalogues(const struct site *s, struct catalogue_list *out, struct diag *d);
/*
 * What only site and catalogues together can tell: unknown catalogues, roles, features,
 * parameters, parameter values outside their range, overrides, groups and mutes that
 * match nothing.
 */
void site_check(
    const struct site *s, const struct catalogue_list *catalogues, struct diag *d);

#endif
