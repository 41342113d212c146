#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "plan/load.h"

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

int
options_parse(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt(argc, argv, "c:fhtx:u:d:V")) != -1) {
		switch (c) {
		case 'c':
			free(o->file);
			o->file = realpath(optarg, NULL);
			if (o->file == NULL) /* the reader will say so */
				o->file = mem_strdup(optarg);
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
	if (optind < argc) {
		fprintf(stderr, "svcportd: unexpected argument \"%s\"\n", argv[optind]);
		usage(stderr);
		return OPTIONS_EXIT_CONFIG;
	}
	return -1;
}
