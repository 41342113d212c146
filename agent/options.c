#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "plan/load.h"
#include "site/site.h"

static void
usage(FILE *to)
{
	fputs("usage: svcportd [-ftV] [-c FILE] [-x AGENTX-ADDRESS] [-u USER] [-d "
	      "TOKENS]\n"
	      "\n"
	      "  -c FILE     site file [" LOAD_DEFAULT_FILE "]\n"
	      "  -f          stay in the foreground, log to stderr\n"
	      "  -t          test the configuration and exit\n"
	      "  -x ADDRESS  snmpd's AgentX socket, instead of agentx-socket in the "
	      "file\n"
	      "  -u USER     user to run as when started by root [" SVCPORT_USER "]\n"
	      "  -d TOKENS   debug lines of these modules, or \"all\"\n"
	      "  -V          print the version and exit\n",
	    to);
}

/* Links are not followed: a reload reads what the name leads to then. */
static char *
absolute(const char *path)
{
	char *dir = path[0] != '/' ? getcwd(NULL, 0) : NULL;
	char *out = dir != NULL ? mem_printf("%s/%s", dir, path) : mem_strdup(path);

	free(dir);
	return out;
}

int
options_parse(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt(argc, argv, "c:fhtx:u:d:V")) != -1) {
		switch (c) {
		case 'c':
			free(o->file);
			o->file = absolute(optarg);
			break;
		case 'f':
			o->foreground = true;
			break;
		case 't':
			o->test = true;
			break;
		case 'x':
			o->agentx = optarg;
			break;
		case 'u':
			o->user = optarg;
			break;
		case 'd':
			log_debug_tokens(optarg);
			break;
		case 'V':
			puts("svcportd " SVCPORT_VERSION);
			return 0;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return OPTIONS_EXIT_CONFIG;
		}
	}
	if (o->agentx != NULL && !site_is_agentx(o->agentx)) {
		fprintf(stderr,
		    "svcportd: -x: \"%s\" is neither \"/PATH\" (107 octets at most) "
		    "nor \"tcp:ADDRESS:PORT\"\n",
		    o->agentx);
		return OPTIONS_EXIT_CONFIG;
	}
	if (optind < argc) {
		fprintf(stderr, "svcportd: unexpected argument \"%s\"\n", argv[optind]);
		usage(stderr);
		return OPTIONS_EXIT_CONFIG;
	}
	return -1;
}
