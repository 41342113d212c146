#ifndef SVCPORT_OPTIONS_H
#define SVCPORT_OPTIONS_H

/* svcportd's command line. */

#include <stdbool.h>

#define OPTIONS_EXIT_CONFIG 2 /* usage or configuration */

struct options {
	char *
	    file; /* absolute, since a daemon leaves the directory; NULL: the default */
	const char *agentx;
	const char *user;
	bool foreground;
	bool test;
};

/* Fills in what is given and leaves the rest; returns -1 to go on, else the exit
 * status: it has printed what was asked for, or what is wrong.  `file` is to be
 * freed. */
int options_parse(int argc, char **argv, struct options *o);

#endif
