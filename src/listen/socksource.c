#include "listen/socksource.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "listen/procnet.h"
#include "listen/sockdiag.h"

enum origin { ORIGIN_NETLINK, ORIGIN_PROC, ORIGIN_NONE };

struct side {
	enum origin origin;
	char trouble[160];
};

struct socksource {
	bool force_proc;
	struct sockdiag *nl; /* NULL while it is not to be had */
	struct side tcp, udp;
};

struct socksource *
socksource_new(bool force_proc)
{
	struct socksource *s = mem_new(struct socksource);

	s->force_proc = force_proc;
	return s;
}

void
socksource_free(struct socksource *s)
{
	if (s == NULL)
		return;
	sockdiag_close(s->nl);
	free(s);
}

/* Returns 0 or an errno. */
static int
read_netlink(struct socksource *s, enum proto protocol, const struct portset *ports,
    struct socklist *out)
{
	int error;

	if (s->force_proc)
		return EOPNOTSUPP;
	if (s->nl == NULL)
		s->nl = sockdiag_open();
	if (s->nl == NULL)
		return errno;
	if (sockdiag_dump(s->nl, protocol, ports, out) == 0)
		return 0;
	error = errno;
	if (error != ENOENT && error != EINTR) {
		sockdiag_close(s->nl);
		s->nl = NULL;
	}
	return error;
}

static const char *
netlink_words(int error)
{
	return error == ENOENT ? "the kernel has no diag module for it"
	                       : strerror(error);
}

/* Notes where the answer came from and logs it when that has changed. */
static void
settle(struct side *side, const char *name, enum origin origin, int netlink_error,
    int proc_error)
{
	if (origin == ORIGIN_NETLINK)
		side->trouble[0] = '\0';
	else if (origin == ORIGIN_PROC)
		snprintf(side->trouble, sizeof(side->trouble),
		    "no netlink (%s): read from /proc/net",
		    netlink_words(netlink_error));
	else
		snprintf(side->trouble, sizeof(side->trouble),
		    "no netlink (%s), no /proc/net/%s (%s)",
		    netlink_words(netlink_error), name, strerror(proc_error));
	if (origin == side->origin)
		return;
	side->origin = origin;
	if (origin == ORIGIN_NETLINK)
		log_info("listen", "%s sockets: read by netlink again", name);
	else if (origin == ORIGIN_PROC)
		log_warn("listen",
		    "%s sockets: %s: a closed port is noticed at the next scan only, "
		    "owners are users only, queue limits are unknown",
		    name, side->trouble);
	else
		log_error("listen",
		    "%s sockets cannot be read: %s: whether ports listen is unknown",
		    name, side->trouble);
}

int
socksource_read(struct socksource *s, enum proto protocol, const struct portset *ports,
    struct socklist *out)
{
	struct side *side = protocol == PROTO_TCP ? &s->tcp : &s->udp;
	const char *name = types_proto(protocol);
	int netlink_error;
	int proc_error;

	/* No question, no answer: this says nothing of the source. */
	if (ports != NULL && ports->count == 0) {
		socklist_reset(out);
		return 0;
	}
	netlink_error = read_netlink(s, protocol, ports, out);
	if (netlink_error == 0) {
		settle(side, name, ORIGIN_NETLINK, 0, 0);
		return 0;
	}
	if (procnet_read(protocol, ports, out) == 0) {
		settle(side, name, ORIGIN_PROC, netlink_error, 0);
		return 0;
	}
	proc_error = errno;
	settle(side, name, ORIGIN_NONE, netlink_error, proc_error);
	errno = proc_error;
	return -1;
}

/* What is missing, looked for alone.  /proc/net cannot be asked for single sockets: a
 * second look is the best there is. */
static int
read_again(struct socksource *s, enum proto protocol, const struct portset *ports,
    const struct socklist *missing, struct socklist *out)
{
	if (s->nl == NULL)
		return procnet_read(protocol, ports, out);
	if (missing == NULL)
		return sockdiag_dump(s->nl, protocol, ports, out);
	return sockdiag_confirm(s->nl, protocol, missing, out);
}

void
socksource_complete(struct socksource *s, enum proto protocol,
    const struct portset *ports, const struct socklist *before, struct socklist *list)
{
	struct socklist missing = { 0 };
	struct socklist found = { 0 };

	if (!list->split)
		return;
	if (before != NULL)
		socklist_missing(before, list, ports, &missing);
	if ((before == NULL || missing.n != 0) &&
	    read_again(s, protocol, ports, before != NULL ? &missing : NULL, &found) ==
		0)
		socklist_unite(list, &found);
	socklist_clear(&missing);
	socklist_clear(&found);
}

const char *
socksource_trouble(const struct socksource *s, enum proto protocol)
{
	return protocol == PROTO_TCP ? s->tcp.trouble : s->udp.trouble;
}
