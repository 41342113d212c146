#include "base/sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

static const int denied[] = {
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(setns),
	SCMP_SYS(unshare),
	SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(request_key),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(delete_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(reboot),
	SCMP_SYS(settimeofday),
	SCMP_SYS(clock_settime),
	SCMP_SYS(adjtimex),
	SCMP_SYS(sethostname),
	SCMP_SYS(setdomainname),
	SCMP_SYS(swapon),
	SCMP_SYS(swapoff),
	SCMP_SYS(userfaultfd),
};

static bool
family_used(int family)
{
	return family == AF_UNIX || family == AF_INET || family == AF_INET6 ||
	       family == AF_NETLINK;
}

static int
deny_family(scmp_filter_ctx ctx, scmp_datum_t family)
{
	const struct scmp_arg_cmp is_family = {
		.arg = 0, .op = SCMP_CMP_EQ, .datum_a = family
	};

	return seccomp_rule_add_array(
	    ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1, &is_family);
}

static int
deny_families(scmp_filter_ctx ctx)
{
	int error = 0;

	for (int family = 0; family < AF_MAX && error == 0; family++) {
		if (!family_used(family))
			error = deny_family(ctx, (scmp_datum_t)family);
	}
	return error;
}

int
sandbox_enter(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int error = ctx != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]) && error == 0; i++)
		error = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), denied[i], 0);
	if (error == 0)
		error = deny_families(ctx);
	if (error == 0)
		error = seccomp_load(ctx);
	seccomp_release(ctx);
	if (error == 0)
		return 0;
	errno = -error;
	return -1;
}
