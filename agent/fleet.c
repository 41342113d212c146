#include "fleet.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/oidtext.h"

#define USAGE_ERROR 3

/* ---- options */

static bool
parse_verdict(const char *text, enum verdict *out)
{
	for (int v = VERDICT_COMPLIANT; v <= VERDICT_MAX; v++) {
		if (strcmp(text, types_verdict((enum verdict)v)) == 0) {
			*out = (enum verdict)v;
			return true;
		}
	}
	fprintf(stderr,
	    "svcport: --worse-than wants a verdict such as notEvaluated or "
	    "unknown, not \"%s\"\n",
	    text);
	return false;
}

static bool
set_option(struct fleet_options *o, const char *name, const char *value)
{
	char *end;

	if (strcmp(name, "format") == 0) {
		if (output_parse_format(value, &o->format))
			return true;
		fprintf(stderr, "svcport: --format is table, tsv or json, not \"%s\"\n",
		    value);
		return false;
	}
	if (strcmp(name, "catalogue") == 0) {
		o->catalogue = value;
		return true;
	}
	if (strcmp(name, "host") == 0) {
		o->host = value;
		return true;
	}
	if (strcmp(name, "worse-than") == 0)
		return parse_verdict(value, &o->worse_than);
	if (strcmp(name, "interval") == 0) {
		o->interval = strtol(value, &end, 10);
		if (*end == '\0' && o->interval > 0 && o->interval <= 86400)
			return true;
		fprintf(
		    stderr, "svcport: --interval wants seconds, not \"%s\"\n", value);
		return false;
	}
	if (strcmp(name, "root") == 0) {
		if (oidtext_parse(value, o->root, &o->root_len))
			return true;
		fprintf(stderr, "svcport: --root wants dotted numbers, not \"%s\"\n",
		    value);
		return false;
	}
	return false;
}

static bool
is_ours(const char *name, size_t len)
{
	static const char *const names[] = { "format", "catalogue", "host",
		"worse-than", "interval", "root" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i]) == len && strncmp(names[i], name, len) == 0)
			return true;
	}
	return false;
}

/* Takes our long options out of argv; what is left is net-snmp's.  -1 on an error. */
static int
take_ours(struct fleet_options *o, int argc, char **argv, char **rest)
{
	int n = 0;

	for (int i = 0; i < argc; i++) {
		const char *name = argv[i] + 2;
		size_t len;
		char word[32];

		if (i == 0 || strncmp(argv[i], "--", 2) != 0) {
			rest[n++] = argv[i];
			continue;
		}
		len = strcspn(name, "=");
		if (!is_ours(name, len)) {
			rest[n++] = argv[i];
			continue;
		}
		snprintf(word, sizeof(word), "%.*s", (int)len, name);
		if (name[len] == '=') {
			if (!set_option(o, word, name + len + 1))
				return -1;
		} else if (i + 1 >= argc || !set_option(o, word, argv[++i])) {
			return -1;
		}
	}
	rest[n] = NULL;
	return n;
}

static void
no_more_options(int argc, char *const *argv, int opt)
{
	(void)argc;
	(void)argv;
	(void)opt;
}

static void
add_agent(struct fleet_options *o, const char *peer)
{
	o->agents = mem_resize(o->agents, o->nagents + 1, sizeof(*o->agents));
	o->agents[o->nagents++] = (struct manager_agent){ .peer = mem_strdup(peer) };
}

static bool
wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	}
	return false;
}

/* The library wants a host to parse options at all. */
static bool
names_host(int argc, char **argv)
{
	int i = 1;

	while (i < argc && argv[i][0] == '-')
		i += argv[i][1] != '\0' && argv[i][2] == '\0' ? 2 : 1;
	return i < argc;
}

int
fleet_options(struct fleet_options *o, int argc, char **argv, const char *usage)
{
	static char localhost[] = "localhost";
	char **rest = mem_array(char *, (size_t)argc + 2);
	int n;
	int first;

	*o = (struct fleet_options){ .format = OUTPUT_TABLE, .interval = 5 };
	(void)oidtext_parse(SVCPORT_MIB_ROOT, o->root, &o->root_len);
	n = take_ours(o, argc, argv, rest);
	if (n < 0 || wants_help(argc, argv)) {
		fprintf(
		    n < 0 ? stderr : stdout, "usage: svcport %s %s\n", argv[0], usage);
		free(rest);
		return n < 0 ? USAGE_ERROR : 0;
	}
	if (!names_host(n, rest))
		rest[n++] = localhost;
	/* Names of MIB objects are not needed, and their files may be missing. */
	setenv("MIBS", "", 1);
	first = snmp_parse_args(n, rest, &o->session, "", no_more_options);
	if (first < 0) {
		free(rest);
		return first == NETSNMP_PARSE_ARGS_SUCCESS_EXIT ? 0 : USAGE_ERROR;
	}
	/* It counts from the first argument behind the agent. */
	for (int i = first - 1; i < n; i++)
		add_agent(o, rest[i]);
	free(rest);
	return -1;
}

void
fleet_options_clear(struct fleet_options *o)
{
	for (size_t i = 0; i < o->nagents; i++) {
		manager_clear(&o->agents[i]);
		free(o->agents[i].peer);
	}
	free(o->agents);
}

/* ---- rows */

static bool
wanted(const struct fleet_options *o, const struct manager_row *row)
{
	return (o->catalogue == NULL ||
		   fnmatch(o->catalogue, row->catalogue, 0) == 0) &&
	       (o->host == NULL || fnmatch(o->host, row->host, 0) == 0) &&
	       row->verdict > (uint8_t)o->worse_than;
}

/* Worst first; unknown stands behind deviations and before what is fine. */
static int
worst_first(const void *pa, const void *pb)
{
	const struct fleet_row *a = pa;
	const struct fleet_row *b = pb;
	int order;

	if (a->row->verdict != b->row->verdict)
		return a->row->verdict > b->row->verdict ? -1 : 1;
	order = strcmp(a->row->name, b->row->name);
	return order != 0 ? order : strcmp(a->agent->peer, b->agent->peer);
}

struct fleet_row *
fleet_rows(const struct fleet_options *o, size_t *n)
{
	struct fleet_row *v = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t i = 0; i < o->nagents; i++) {
		const struct manager_agent *a = &o->agents[i];

		for (size_t k = 0; k < a->nrows; k++) {
			if (!wanted(o, &a->rows[k]))
				continue;
			mem_grow(v, *n, cap);
			v[(*n)++] = (struct fleet_row){ a, &a->rows[k] };
		}
	}
	if (*n > 0)
		qsort(v, *n, sizeof(*v), worst_first);
	return v;
}

const char *
fleet_age(uint32_t seconds, char buf[24])
{
	uint32_t days = seconds / 86400;
	int n = days > 0 ? snprintf(buf, 24, "%ud ", days) : 0;

	snprintf(buf + n, (size_t)(24 - n), "%02u:%02u:%02u", seconds / 3600 % 24,
	    seconds / 60 % 60, seconds % 60);
	return buf;
}

const char *
fleet_seen(const struct manager_row *row)
{
	if (row->listen != LISTEN_NA)
		return types_listen((enum listen_state)row->listen);
	return types_connect((enum connect_state)row->connect);
}
