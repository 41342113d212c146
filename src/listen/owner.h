#ifndef SVCPORT_OWNER_H
#define SVCPORT_OWNER_H

/*
 * Who owns a socket: the service manager's unit that its creator ran in, by the cgroup
 * that the kernel keeps with each socket; else the user.  Neither needs a privilege.
 *
 * A cgroup's id is the inode of its directory below the cgroup2 mount
 * (Documentation/admin-guide/cgroup-v2.rst).  The tree is walked when an id is asked
 * for that was not there at the last walk; an id that is still unknown after that is
 * outside our view for good (a cgroup that is gone, another cgroup namespace) and is
 * not looked for again.  Users are read from the passwd file itself: a name service
 * may wait for the network, and watching must not.
 */

#include <stddef.h>
#include <stdint.h>

struct owner;

/* NULL for either means the system's: /proc/self/mounts, /etc/passwd. */
struct owner *owner_new(const char *mounts, const char *passwd);
void owner_free(struct owner *o);

#define OWNER_MAX 129 /* svcPortProbeOwner, with NUL */

/*
 * "nginx.service"; "socket-activated" for sockets that the service manager itself
 * opened; else the user's name, or "uid 1234" where the passwd file has none.  `cgroup`
 * 0 means not known.  Returns buf.
 */
const char *owner_name(
    struct owner *o, uint64_t cgroup, uint32_t uid, char buf[OWNER_MAX]);

/*
 * The unit in the path of a cgroup below its mount: "/system.slice/nginx.service/x" ->
 * "nginx.service", "/init.scope" -> "socket-activated", "" when there is none.  Slices
 * are skipped, and of nested units the outermost counts, as in systemctl(1).  Returns
 * buf.
 */
const char *owner_unit(const char *path, char buf[OWNER_MAX]);

#endif
