/*
 * libFuzzer target: whatever netlink delivers, no dump, event or list of addresses
 * takes more of it than there is.  The linker puts the two functions below in the place
 * of libmnl's; the messages are the input.
 */

#include <errno.h>
#include <libmnl/libmnl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/loop.h"
#include "listen/addrwatch.h"
#include "listen/sockdiag.h"
#include "listen/sockevents.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
ssize_t __wrap_mnl_socket_sendto(
    const struct mnl_socket *nl, const void *req, size_t size);
ssize_t __wrap_mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size);

static struct {
	const uint8_t *at, *end;
	uint32_t seq;
	uint32_t portid;
	bool mend; /* the headers are put right, so that the rest is reached */
} input;

/* libmnl takes a length of 2^31 or more for a small one; the kernel sends none. */
#define LENGTH_MAX INT32_MAX

ssize_t
__wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *req, size_t size)
{
	const struct nlmsghdr *nlh = req;

	input.seq = nlh->nlmsg_seq;
	input.portid = mnl_socket_get_portid(nl);
	return (ssize_t)size;
}

static void
mend_headers(uint8_t *buf, size_t len)
{
	while (len >= sizeof(struct nlmsghdr)) {
		struct nlmsghdr *nlh = (struct nlmsghdr *)buf;
		size_t step;

		nlh->nlmsg_len &= LENGTH_MAX;
		if (input.mend) {
			nlh->nlmsg_seq = input.seq;
			nlh->nlmsg_pid = input.portid;
			if (nlh->nlmsg_len < sizeof(*nlh))
				nlh->nlmsg_len = sizeof(*nlh) + nlh->nlmsg_len % 128;
		}
		step = MNL_ALIGN(nlh->nlmsg_len);
		if (nlh->nlmsg_len < sizeof(*nlh) || step > len)
			return;
		buf += step;
		len -= step;
	}
}

/* One read: as many octets as the first two say. */
ssize_t
__wrap_mnl_socket_recvfrom(const struct mnl_socket *nl, void *buf, size_t size)
{
	size_t len;

	(void)nl;
	if (input.end - input.at < 2) {
		errno = input.at < input.end ? ENOBUFS : EAGAIN;
		input.at = input.end;
		return -1;
	}
	len = (size_t)(input.at[0] | input.at[1] << 8);
	input.at += 2;
	if (len > (size_t)(input.end - input.at))
		len = (size_t)(input.end - input.at);
	if (len > size) {
		errno = ENOSPC;
		return -1;
	}
	memcpy(buf, input.at, len);
	input.at += len;
	mend_headers(buf, len);
	return (ssize_t)len;
}

static void
dump(enum proto protocol, const struct portset *ports)
{
	struct sockdiag *d = sockdiag_open();
	struct socklist list = { 0 };

	if (d != NULL)
		sockdiag_dump(d, protocol, ports, &list);
	sockdiag_close(d);
	socklist_clear(&list);
}

static void
events(enum proto protocol, const struct portset *ports)
{
	struct sockevents *e = sockevents_open(protocol, ports);
	struct portset ended = { 0 };
	uint64_t count = 0;

	if (e != NULL)
		sockevents_read(e, &ended, &count);
	sockevents_close(e);
	portset_clear(&ended);
}

static void
nothing(void *arg)
{
	(void)arg;
}

static void
addresses(void)
{
	static struct loop *loop;
	struct addrwatch *w;
	struct addr a = { 0 };

	if (loop == NULL)
		loop = loop_new();
	w = addrwatch_new(loop, nothing, NULL);
	if (w != NULL)
		(void)addrwatch_has(w, &a);
	addrwatch_free(w);
	loop_turn(loop, 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct portset ports = { 0 };

	if (size == 0)
		return 0;
	input.at = data + 1;
	input.end = data + size;
	input.mend = (data[0] & 1) != 0;
	portset_add(&ports, 1, 1024);
	switch (data[0] >> 1 & 3) {
	case 0:
		dump(PROTO_TCP, (data[0] & 8) != 0 ? &ports : NULL);
		break;
	case 1:
		dump(PROTO_UDP, (data[0] & 8) != 0 ? &ports : NULL);
		break;
	case 2:
		events(PROTO_TCP, &ports);
		break;
	default:
		addresses();
		break;
	}
	portset_clear(&ports);
	return 0;
}
