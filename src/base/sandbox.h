#ifndef SVCPORT_SANDBOX_H
#define SVCPORT_SANDBOX_H

/*
 * What this process and its threads will never do, told to the kernel: run a program,
 * trace another process, change mounts, modules, the clock or another namespace, open a
 * socket of a family that it has no use for.  Such a call fails with EPERM.
 *
 * It is a list of what is denied, not of what is allowed: a C library or OpenSSL that
 * begins to use another harmless system call must not blind the daemon.  The unit file
 * adds the service manager's own filter.  Source: seccomp(2), seccomp_rule_add(3).
 */

/* For the calling thread and those it starts later; also sets no_new_privs.  Returns 0,
 * or -1 with errno; a kernel without seccomp is no reason not to run. */
int sandbox_enter(void);

#endif
