#include "fleet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/oidtext.h"

#define AT_ONCE 256 /* sessions, a descriptor each */

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
	    "svcport: --worse-than takes a verdict such as notEvaluated or "
	    "unknown, not \"%s\"\n",
	    text);
	return false;
}

static bool
parse_interval(const char *text, long *out)
{
	char *end;
	long seconds = strtol(text, &end, 10);

	if (*text == '\0' || *end != '\0' || seconds < 1 || seconds > 86400) {
		fprintf(stderr,
		    "svcport: --interval takes seconds, up to 86400, not \"%s\"\n",
		    text);
		return false;
	}
	*out = seconds;
	return true;
}

enum ours { FORMAT, CATALOGUE, HOST, WORSE_THAN, INTERVAL, ROOT, LONG, HOSTS, NOURS };

static const struct {
	const char *name;
	bool value;
} ours[NOURS] = {
	[FORMAT] = { "format", true },
	[CATALOGUE] = { "catalogue", true },
	[HOST] = { "host", true },
	[WORSE_THAN] = { "worse-than", true },
	[INTERVAL] = { "interval", true },
	[ROOT] = { "root", true },
	[LONG] = { "long", false },
	[HOSTS] = { "hosts", false },
};

static bool
set_option(struct fleet_options *o, enum ours which, const char *value)
{
	switch (which) {
	case FORMAT:
		if (output_parse_format(value, &o->format))
			return true;
		fprintf(stderr, "svcport: --format is table, tsv or json, not \"%s\"\n",
		    value);
		return false;
	case CATALOGUE:
		o->catalogue = value;
		return true;
	case HOST:
		o->host = value;
		return true;
	case WORSE_THAN:
		return parse_verdict(value, &o->worse_than);
	case INTERVAL:
		return parse_interval(value, &o->interval);
	case ROOT:
		if (oidtext_parse(value, o->root, &o->root_len))
			return true;
		fprintf(stderr, "svcport: --root takes dotted numbers, not \"%s\"\n",
		    value);
		return false;
	case LONG:
		o->whole = true;
		return true;
	case HOSTS:
		o->hosts = true;
		return true;
	case NOURS:
		break;
	}
	return false;
}

/* Which of ours "--NAME" or "--NAME=VALUE" is, NOURS when it is none. */
static enum ours
find_ours(const char *arg)
{
	size_t len;

	if (strncmp(arg, "--", 2) != 0)
		return NOURS;
	len = strcspn(arg + 2, "=");
	for (int i = 0; i < NOURS; i++) {
		if (strlen(ours[i].name) == len &&
		    strncmp(ours[i].name, arg + 2, len) == 0)
			return (enum ours)i;
	}
	return NOURS;
}

/* Takes our long options out of argv; what is left is net-snmp's.  -1 on an error. */
static int
take_ours(struct fleet_options *o, int argc, char **argv, char **rest)
{
	int n = 0;

	for (int i = 0; i < argc; i++) {
		enum ours which = i > 0 ? find_ours(argv[i]) : NOURS;
		const char *value = strchr(argv[i], '=');

		if (which == NOURS) {
			rest[n++] = argv[i];
			continue;
		}
		if (ours[which].value && value == NULL) {
			if (i + 1 >= argc) {
				fprintf(stderr, "svcport: %s needs a value\n", argv[i]);
				return -1;
			}
			value = argv[++i];
		} else if (value != NULL) {
			value++;
		}
		if (!set_option(o, which, value))
			return -1;
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

/* The library wants a host to parse options at all.  Its options have values but for
 * these (snmp_parse_args.c). */
static bool
names_host(int argc, char **argv)
{
	static const char flags[] = "dhHV";

	for (int i = 1; i < argc; i++) {
		if (argv[i][0] != '-' || argv[i][1] == '\0')
			return true;
		if (argv[i][1] == '-')
			return argv[i][2] == '\0' && i + 1 < argc;
		/* -D has its value joined to it, or none */
		if (argv[i][2] == '\0' && argv[i][1] != 'D' &&
		    strchr(flags, argv[i][1]) == NULL)
			i++;
	}
	return false;
}

/* Rows are read by GETBULK, which SNMPv1 has not. */
static bool
version_will_do(const netsnmp_session *session)
{
	if (session->version != SNMP_VERSION_1)
		return true;
	fprintf(stderr, "svcport: SNMPv1 is not supported: use -v 2c or -v 3\n");
	return false;
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
		fprintf(n < 0 ? stderr : stdout, "usage: %s %s\n", argv[0], usage);
		free(rest);
		return n < 0 ? FLEET_USAGE_ERROR : 0;
	}
	if (!names_host(n, rest))
		rest[n++] = localhost;
	/* Names of MIB objects are not needed, and their files may be missing. */
	setenv("MIBS", "", 1);
	first = snmp_parse_args(n, rest, &o->session, "", no_more_options);
	if (first < 0) {
		free(rest);
		return first == NETSNMP_PARSE_ARGS_SUCCESS_EXIT ? 0 : FLEET_USAGE_ERROR;
	}
	if (!version_will_do(&o->session)) {
		free(rest);
		return FLEET_USAGE_ERROR;
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

struct manager_query
fleet_query(const struct fleet_options *o)
{
	return (struct manager_query){ .session = &o->session,
		.root = o->root,
		.root_len = o->root_len,
		.at_once = AT_ONCE };
}
