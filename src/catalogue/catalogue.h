#ifndef SVCPORT_CATALOGUE_H
#define SVCPORT_CATALOGUE_H

/*
 * A catalogue is one vendor document, transcribed: plain data, immutable once read.
 * Strings are owned by the catalogue, never NULL ("" when absent), UTF-8, no longer
 * than their MIB column.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "model/types.h"

enum requirement { /* `expect` in the file */
	REQUIRE_REQUIRED,
	REQUIRE_RECOMMENDED,
	REQUIRE_OPTIONAL,
	REQUIRE_CLOSED,
	REQUIRE_UNSPECIFIED,
};

/* Who may reach a port, whatever is expected of it; `scope` in the file. */
enum reach {
	REACH_ANY,
	REACH_LOCAL, /* processes of the same host */
	REACH_FROM,  /* hosts that play a `from` role, and nobody else */
};

/* What a UDP probe sends; `payload` in the file. */
enum payload_kind {
	PAYLOAD_DEFAULT = 0, /* by application protocol, see payload.h */
	PAYLOAD_OFF,         /* send nothing: the row is not probed */
	PAYLOAD_NONE,        /* one empty datagram */
	PAYLOAD_SNMP,        /* SNMPv3 engine discovery, RFC 3414 section 4 */
	PAYLOAD_NTP,         /* RFC 5905 client request */
	PAYLOAD_DNS,         /* RFC 1035 query for the root's NS */
	PAYLOAD_RADIUS,      /* RFC 5997 Status-Server; wants a secret-file */
	PAYLOAD_SIP,         /* RFC 3261 OPTIONS */
	PAYLOAD_TFTP,        /* RFC 1350 read request of a name that does not exist */
	PAYLOAD_BYTES,       /* "hex:..." or "text:..." */
};

#define PAYLOAD_COMMUNITY_MAX 64 /* octets that PAYLOAD_SNMP has room for */

struct payload {
	enum payload_kind kind;
	uint8_t *bytes; /* PAYLOAD_BYTES: owned */
	uint16_t len;
};

struct role {
	char *name;
	char *descr;
	bool own; /* a part of the product itself */
	struct diag_pos pos;
};

struct feature {
	char *name;
	char *descr;
	struct diag_pos pos;
};

struct parameter {
	char *name;
	long *defaults; /* never NULL; one or, for an array, any number, also none */
	size_t ndefaults;
	bool several; /* the default is an array: a site may give several values */
	long min, max;
	char *descr;
	struct diag_pos pos;
};

struct service {
	uint16_t number;     /* never reused */
	unsigned line;       /* of the document */
	struct diag_pos pos; /* of its number in the catalogue file */
	struct diag_pos name_pos, ports_pos;
	char *section;
	char *name;
	char *descr;
	enum proto protocol;
	char *ports; /* "2055", "7000-7999", "${base}+4", "11701+${drive}", "" */
	enum range_policy policy;
	uint16_t *from; /* indexes into catalogue.roles */
	size_t nfrom;
	uint16_t *to;
	size_t nto;
	enum requirement expect;
	enum reach scope;
	bool on_demand;
	int feature;            /* index into catalogue.features, -1 for none */
	unsigned alternative;   /* lowest service number of the group, 0 for none */
	char *alternative_name; /* the group's name in the file */
	char *application;
	char *encryption;
	char *executable;
	char *versions;
	bool configurable;
	bool default_on;
	enum observe observe;
	bool observe_set;
	char *note;
	/* How to probe; defaults follow from application and encryption. */
	bool connect; /* also connect to the own address on the local host */
	enum probe_method method; /* METHOD_NONE (1): by default */
	int tls;                  /* 1 yes, 0 no, -1: by default */
	struct payload payload;
	int expect_reply; /* 1 yes, 0 no, -1: by default */
	char *reply;      /* a pattern that the answer must contain, "" for any */
};

struct catalogue {
	char *file;   /* as read */
	char **files; /* what the positions name: this file and those it includes */
	size_t nfiles;
	uint16_t number;
	char *name;
	char *vendor;
	char *product;
	char *version;
	char *title; /* of the document */
	char *revision;
	unsigned lines; /* printed port lines of the document */
	struct diag_pos pos, lines_pos;
	struct role *roles;
	size_t nroles;
	struct feature *features;
	size_t nfeatures;
	struct parameter *parameters;
	size_t nparameters;
	struct service *services; /* ascending number */
	size_t nservices;
};

/*
 * Reads one catalogue file.  Every semantic error goes to `d` with file and line, and
 * the reader goes on; a syntax error or duplicate key ends the reading and says that
 * the rest was not checked.  Returns the catalogue, which the caller frees, or NULL
 * when there was any error.
 */
struct catalogue *catalogue_read(const char *file, struct diag *d);
/* As catalogue_read() of a file with this name and content. */
struct catalogue *catalogue_parse(
    const char *name, const char *text, size_t len, struct diag *d);
void catalogue_free(struct catalogue *c);

/* Ascending number; numbers and names occur once. */
struct catalogue_list {
	struct catalogue **v; /* owned */
	size_t n;
	bool incomplete; /* one with errors was left out */
};

/*
 * The catalogues in the directories: files "NAME.cfg" whose NAME, which must be the
 * catalogue's own, matches one of the globs (fnmatch(3)); the first directory that has
 * a file wins.  A directory that does not exist is skipped.  Files with errors are left
 * out of the result.
 */
void catalogue_load(char *const *dirs, size_t ndirs, char *const *globs, size_t nglobs,
    struct catalogue_list *out, struct diag *d);
/* Takes over `c`.  False when its number or name is taken: reported, and `c` freed. */
bool catalogue_list_add(
    struct catalogue_list *list, struct catalogue *c, struct diag *d);
void catalogue_list_clear(struct catalogue_list *list);

/* Index by name, -1 when there is none. */
int catalogue_role(const struct catalogue *c, const char *name);
int catalogue_feature(const struct catalogue *c, const char *name);
int catalogue_parameter(const struct catalogue *c, const char *name);
const struct service *catalogue_service(const struct catalogue *c, const char *name);
const struct service *catalogue_service_number(
    const struct catalogue *c, unsigned number);

/* Names joined by ';' into buf (cut after a whole name): the roles that connect or,
 * with `to`, that listen. */
const char *catalogue_roles_text(const struct catalogue *c, const struct service *s,
    bool to, char *buf, size_t size);

/* The MIB's view of a service. */
enum expected catalogue_expected(const struct service *s);
enum direction catalogue_direction(const struct catalogue *c, const struct service *s);
/* "executable: irnetrtr; configurable: yes; versions: <= 1.6.0; NOTE" */
const char *catalogue_note(const struct service *s, char *buf, size_t size);

#endif
