#include "publish/rowindex.h"

#include "listen/listeners.h"
#include "plan/plan.h"

size_t
rowindex_check(
    const struct plan *p, const struct check *c, uint32_t out[EVENT_INDEX_MAX])
{
	out[0] = p->cats[c->cat].number;
	out[1] = plan_service(p, c)->number;
	out[2] = p->hosts[c->host].number;
	return 3;
}

size_t
rowindex_host(const struct plan_host *h, uint32_t out[EVENT_INDEX_MAX])
{
	out[0] = h->number;
	return 1;
}

size_t
rowindex_listener(const struct listener *l, uint32_t out[EVENT_INDEX_MAX])
{
	const struct addr *a = &l->addr;
	size_t n = 0, octets = 0;
	uint32_t type = 0;

	if (!l->dual && a->family == AF_INET) {
		type = 1;
		octets = 4;
	} else if (!l->dual && a->family == AF_INET6) {
		type = a->scope != 0 ? 4 : 2;
		octets = 16;
	}
	out[n++] = l->protocol;
	out[n++] = l->port;
	out[n++] = type;
	out[n++] = (uint32_t)octets + (type == 4 ? 4 : 0);
	for (size_t i = 0; i < octets; i++)
		out[n++] = a->bytes[i];
	if (type == 4)
		for (int shift = 24; shift >= 0; shift -= 8)
			out[n++] = a->scope >> shift & 0xff;
	return n;
}
