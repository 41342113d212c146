#include "cmd/cmd_mib.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/mibtext.h"

int
cmd_mib(int argc, char **argv)
{
	const char *root = "";
	char *text;
	int status = 0;

	if (argc == 3 && strcmp(argv[1], "--root") == 0) {
		root = argv[2];
	} else if (argc != 1) {
		fprintf(stderr, "usage: svcport mib [--root OID]\n");
		return 2;
	}
	text = mibtext_render(root);
	if (text == NULL) {
		fprintf(stderr,
		    "svcport: %s: no root for the MIB: want dotted numbers below "
		    "1.3.6.1\n",
		    root);
		return 2;
	}
	if (fputs(text, stdout) == EOF || fflush(stdout) == EOF) {
		perror("svcport: standard output");
		status = 1;
	}
	free(text);
	return status;
}
