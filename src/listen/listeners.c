#include "listen/listeners.h"

#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "listen/owner.h"

/* The InetAddressType that the address is published with (svcPortListenerAddrType). */
static int
addr_type(const struct listener *l)
{
	if (l->dual)
		return 0;
	if (l->addr.family == AF_INET)
		return 1;
	return l->addr.scope == 0 ? 2 : 4;
}

static int
order(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* The identity of an entry: protocol, port, address type, address. */
static int
compare_key(const struct listener *a, const struct listener *b)
{
	int c = order(a->protocol, b->protocol);

	if (c == 0)
		c = order(a->port, b->port);
	if (c == 0)
		c = addr_type(a) - addr_type(b);
	if (c == 0)
		c = memcmp(a->addr.bytes, b->addr.bytes, sizeof(a->addr.bytes));
	if (c == 0)
		c = order(a->addr.scope, b->addr.scope);
	return c;
}

/* Sockets that share an entry are ordered too, so that the entry's owner does not
 * depend on the order in which the kernel listed them. */
static int
compare(const void *va, const void *vb)
{
	const struct listener *a = va;
	const struct listener *b = vb;
	int c = compare_key(a, b);

	if (c == 0)
		c = order(a->cgroup, b->cgroup);
	if (c == 0)
		c = order(a->uid, b->uid);
	return c;
}

/* Of two accept queues the one nearer to its limit: with SO_REUSEPORT each socket has
 * its own, and one full queue already loses connections. */
static bool
fuller(uint32_t queue, uint32_t limit, uint32_t than, uint32_t than_limit)
{
	uint64_t a = (uint64_t)queue * (than_limit != 0 ? than_limit : 1);
	uint64_t b = (uint64_t)than * (limit != 0 ? limit : 1);

	return a > b || (a == b && queue == than && limit < than_limit);
}

static void
join(struct listener *into, const struct listener *l)
{
	into->sockets += l->sockets;
	into->on_lo = into->on_lo && l->on_lo;
	if (fuller(l->queue, l->queue_limit, into->queue, into->queue_limit)) {
		into->queue = l->queue;
		into->queue_limit = l->queue_limit;
	}
}

struct listener_table *
listeners_new(struct listener *v, uint32_t n)
{
	struct listener_table *t = mem_new(struct listener_table);

	t->refs = 1;
	t->v = v;
	if (n > 1)
		qsort(v, n, sizeof(*v), compare);
	for (uint32_t i = 0; i < n; i++) {
		if (t->n != 0 && compare_key(&v[t->n - 1], &v[i]) == 0)
			join(&v[t->n - 1], &v[i]);
		else if (t->n++ != i)
			v[t->n - 1] = v[i];
	}
	return t;
}

struct listener_table *
listeners_ref(struct listener_table *t)
{
	if (t != NULL)
		__atomic_add_fetch(&t->refs, 1, __ATOMIC_RELAXED);
	return t;
}

/* ---- owners */

struct owner_text {
	struct owner_text *next;
	uint64_t cgroup;
	uint32_t uid;
	char text[];
};

static void
free_owners(struct listener_table *t)
{
	while (t->owners != NULL) {
		struct owner_text *o = t->owners;

		t->owners = o->next;
		free(o);
	}
}

static struct owner_text *
add_owner(struct listener_table *t, struct owner *o, const struct listener *l)
{
	char buf[OWNER_MAX];
	const char *name = owner_name(o, l->cgroup, l->uid, buf);
	struct owner_text *text = mem_calloc(1, sizeof(*text) + strlen(name) + 1);

	text->next = t->owners;
	text->cgroup = l->cgroup;
	text->uid = l->uid;
	strcpy(text->text, name);
	t->owners = text;
	return text;
}

/* Fibonacci hashing, to one of 64. */
static unsigned
slot_of(const struct listener *l)
{
	uint64_t key = l->cgroup ^ (uint64_t)l->uid << 32;

	return (unsigned)(key * UINT64_C(0x9e3779b97f4a7c15) >> 58);
}

/* Thousands of listeners have few owners: those seen last are kept at hand. */
void
listeners_name_owners(struct listener_table *t, struct owner *o)
{
	struct owner_text *last[64] = { NULL };

	for (uint32_t i = 0; i < t->n; i++) {
		struct listener *l = &t->v[i];
		struct owner_text **at = &last[slot_of(l)];

		if (*at == NULL || (*at)->cgroup != l->cgroup || (*at)->uid != l->uid)
			*at = add_owner(t, o, l);
		l->owner = (*at)->text;
	}
}

/* ---- */

void
listeners_unref(struct listener_table *t)
{
	if (t == NULL || __atomic_sub_fetch(&t->refs, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	free_owners(t);
	free(t->v);
	free(t);
}

uint32_t
listeners_find(const struct listener_table *t, enum proto protocol, uint16_t port)
{
	uint32_t low = 0;
	uint32_t high = t->n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const struct listener *l = &t->v[mid];

		if (l->protocol < protocol ||
		    (l->protocol == protocol && l->port < port))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct listener *
listeners_same(const struct listener_table *t, const struct listener *l)
{
	uint32_t i = listeners_find(t, l->protocol, l->port);

	for (; i < t->n; i++) {
		int c = compare_key(&t->v[i], l);

		if (c == 0)
			return &t->v[i];
		if (c > 0)
			break;
	}
	return NULL;
}

void
listeners_date(
    struct listener_table *t, const struct listener_table *before, wall_t now)
{
	for (uint32_t i = 0; i < t->n; i++) {
		const struct listener *old = before != NULL
		                                 ? listeners_same(before, &t->v[i])
		                                 : NULL;

		t->v[i].first_seen = old != NULL ? old->first_seen : now;
	}
}

bool
listeners_is_local(const struct listener *l)
{
	return l->on_lo || addr_is_loopback(&l->addr);
}

static const char *
address_text(const struct listener *l, char buf[ADDR_TEXT])
{
	char plain[ADDR_TEXT];

	if (l->dual)
		return "*";
	addr_format(&l->addr, plain);
	if (l->addr.family == AF_INET6)
		snprintf(buf, ADDR_TEXT, "[%.*s]", ADDR_TEXT - 3, plain);
	else
		snprintf(buf, ADDR_TEXT, "%s", plain);
	return buf;
}

const char *
listeners_name(const struct listener *l, char buf[LISTENERS_NAME_MAX])
{
	struct addr a = l->addr;
	char text[ADDR_TEXT];
	const char *proto = types_proto(l->protocol);
	int n = snprintf(
	    buf, LISTENERS_NAME_MAX, "%s/%s:%u", proto, address_text(l, text), l->port);

	if (n < LISTENERS_NAME_MAX)
		return buf;
	/* Only a scoped address with a long interface name does not fit. */
	a.scope = 0;
	addr_format(&a, text);
	snprintf(buf, LISTENERS_NAME_MAX, "%s/[%.39s%%%u]:%u", proto, text,
	    l->addr.scope, l->port);
	return buf;
}

/* ---- what a set of ports amounts to */

struct tour {
	struct listen_view *out;
	uint32_t sockets; /* entries met */
	uint32_t outside; /* ports that can be reached from other hosts */
	size_t len;       /* of out->addrs */
	bool cut;
};

/* Whether the comma-separated list already has the item. */
static bool
has_item(const char *list, const char *item)
{
	size_t n = strlen(item);

	for (const char *p = list; (p = strstr(p, item)) != NULL; p += n) {
		if ((p == list || p[-1] == ',') && (p[n] == ',' || p[n] == '\0'))
			return true;
	}
	return false;
}

static void
add_address(struct tour *t, const struct listener *l)
{
	char buf[ADDR_TEXT], text[ADDR_TEXT + sizeof("%lo")];
	char *addrs = t->out->addrs;
	size_t size = sizeof(t->out->addrs);
	size_t n;

	snprintf(text, sizeof(text), "%s%s", address_text(l, buf),
	    l->on_lo && !addr_is_loopback(&l->addr) ? "%lo" : "");
	n = strlen(text);
	if (t->cut || has_item(addrs, text))
		return;
	/* A comma, the NUL, and room to say later that more follows. */
	if (t->len + 1 + n + sizeof(",...") > size) {
		snprintf(addrs + t->len, size - t->len, ",...");
		t->cut = true;
		return;
	}
	t->len += (size_t)snprintf(
	    addrs + t->len, size - t->len, "%s%s", t->len != 0 ? "," : "", text);
}

static void
visit(struct tour *t, const struct listener *l)
{
	struct listen_view *out = t->out;

	if (t->sockets++ == 0) {
		out->uid = l->uid;
		out->cgroup = l->cgroup;
		out->queue = l->queue;
		out->queue_limit = l->queue_limit;
	} else if (fuller(l->queue, l->queue_limit, out->queue, out->queue_limit)) {
		out->queue = l->queue;
		out->queue_limit = l->queue_limit;
	}
	add_address(t, l);
}

/* All entries of one port, from position i; returns the position behind them. */
static uint32_t
visit_port(struct tour *t, const struct listener_table *table, uint32_t i)
{
	const struct listener *first = &table->v[i];
	bool outside = false;

	for (; i < table->n && table->v[i].port == first->port &&
	       table->v[i].protocol == first->protocol;
	     i++) {
		visit(t, &table->v[i]);
		outside |= !listeners_is_local(&table->v[i]);
	}
	t->out->open_ports++;
	t->outside += outside;
	portset_add(&t->out->open, first->port, first->port);
	return i;
}

static enum listen_state
judge(const struct tour *t, enum range_policy policy, uint32_t documented)
{
	uint32_t open = t->out->open_ports;

	if (open == 0)
		return LISTEN_NOT;
	if (policy == POLICY_ANY || policy == POLICY_POOL)
		return t->outside != 0 ? LISTEN_LISTENING : LISTEN_LOOPBACK;
	if (t->outside == documented)
		return LISTEN_LISTENING;
	return t->outside == 0 && open == documented ? LISTEN_LOOPBACK : LISTEN_PARTIAL;
}

void
listeners_view(const struct listener_table *t, enum proto protocol,
    const struct portset *ports, enum range_policy policy, struct listen_view *out)
{
	const struct port_range *r = portset_ranges(ports);
	struct tour tour = { .out = out };

	memset(out, 0, sizeof(*out));
	for (uint32_t k = 0; k < ports->count; k++) {
		uint32_t i = listeners_find(t, protocol, r[k].low);

		while (i < t->n && t->v[i].protocol == protocol &&
		       t->v[i].port <= r[k].high)
			i = visit_port(&tour, t, i);
	}
	out->state = judge(&tour, policy, portset_size(ports));
}
