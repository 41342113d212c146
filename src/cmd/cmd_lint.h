#ifndef SVCPORT_CMD_LINT_H
#define SVCPORT_CMD_LINT_H

/*
 * `svcport lint FILE...`: every error of catalogue and site files as "FILE:LINE: TEXT"
 * on standard output.  argv[0] is "svcport lint".  Returns the exit status: 0, also
 * with warnings; 2 for any error.
 */
int cmd_lint(int argc, char **argv);

#endif
