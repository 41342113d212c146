#include "listen/udprule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/slurp.h"

#define SYSCTL_MAX 65536

struct udprule_age {
	uint32_t inode;
	struct mono since;
};

/* ---- the range of ports that clients get */

/* All of `range` but what is in `reserved`. */
static void
subtract(struct portset *out, struct port_range range, const struct portset *reserved)
{
	const struct port_range *r = portset_ranges(reserved);
	uint32_t low = range.low;

	for (uint32_t i = 0; i < reserved->count && low <= range.high; i++) {
		if (r[i].high < low || r[i].low > range.high)
			continue;
		if (r[i].low > low)
			portset_add(out, (uint16_t)low, (uint16_t)(r[i].low - 1));
		low = (uint32_t)r[i].high + 1;
	}
	if (low <= range.high)
		portset_add(out, (uint16_t)low, range.high);
}

void
udprule_set_range(struct udprule *u, const char *range, const char *reserved)
{
	struct port_range r = { 32768, 60999 };
	struct portset holes = { 0 };
	unsigned low;
	unsigned high;

	if (range != NULL && sscanf(range, "%u %u", &low, &high) == 2 && low <= high &&
	    high <= UINT16_MAX)
		r = (struct port_range){ (uint16_t)low, (uint16_t)high };
	if (reserved != NULL) {
		char *text = mem_strdup(reserved);

		text[strcspn(text, "\n")] = '\0';
		(void)portset_parse(text, &holes);
		free(text);
	}
	portset_clear(&u->ephemeral);
	subtract(&u->ephemeral, r, &holes);
	portset_clear(&holes);
}

/* In one read(2) that has room for all of it: of a bitmap the kernel gives no more. */
static char *
read_sysctl(const char *path)
{
	const char *why;
	size_t len;
	char *text = slurp(path, SYSCTL_MAX, &len, &why);

	if (text == NULL)
		return NULL;
	text = mem_resize(text, len + 1, 1);
	text[len] = '\0';
	return text;
}

void
udprule_read_range(struct udprule *u)
{
	char *range = read_sysctl("/proc/sys/net/ipv4/ip_local_port_range");
	char *reserved = read_sysctl("/proc/sys/net/ipv4/ip_local_reserved_ports");

	udprule_set_range(u, range, reserved);
	free(range);
	free(reserved);
}

void
udprule_clear(struct udprule *u)
{
	portset_clear(&u->ephemeral);
	free(u->v);
	*u = (struct udprule){ 0 };
}

/* ---- ages */

static int
compare(const void *va, const void *vb)
{
	const struct udprule_age *a = va;
	const struct udprule_age *b = vb;

	return a->inode < b->inode ? -1 : a->inode > b->inode;
}

static const struct udprule_age *
find(const struct udprule *u, uint32_t inode)
{
	struct udprule_age key = { .inode = inode };

	return u->n != 0 ? bsearch(&key, u->v, u->n, sizeof(key), compare) : NULL;
}

static bool
old_enough(const struct sock *s, struct mono since, struct mono now,
    const struct portset *documented, int64_t documented_ns, int64_t other_ns)
{
	bool known = documented == NULL || portset_has(documented, s->l.port);

	return mono_diff_ns(now, since) >= (known ? documented_ns : other_ns);
}

void
udprule_apply(struct udprule *u, struct socklist *list, struct mono now,
    const struct portset *documented, int64_t documented_ns, int64_t other_ns)
{
	struct mono unknown = u->trust ? mono_add_ns(now, -documented_ns) : now;
	struct udprule_age *ages = mem_array(struct udprule_age, (size_t)list->n + 1);
	uint32_t n = 0;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < list->n; i++) {
		const struct sock *s = &list->v[i];

		if (portset_has(&u->ephemeral, s->l.port)) {
			const struct udprule_age *age = find(u, s->inode);
			struct mono since = age != NULL ? age->since : unknown;

			ages[n++] = (struct udprule_age){ s->inode, since };
			if (!old_enough(
				s, since, now, documented, documented_ns, other_ns))
				continue;
		}
		list->v[kept++] = *s;
	}
	list->n = kept;
	qsort(ages, n, sizeof(*ages), compare);
	free(u->v);
	u->v = ages;
	u->n = n;
	u->trust = false;
}

void
udprule_apply_part(struct udprule *u, struct socklist *list, struct mono now,
    const struct portset *documented, int64_t documented_ns, int64_t other_ns)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < list->n; i++) {
		const struct sock *s = &list->v[i];
		const struct udprule_age *age = find(u, s->inode);

		if (!portset_has(&u->ephemeral, s->l.port) ||
		    (age != NULL && old_enough(s, age->since, now, documented,
					documented_ns, other_ns)))
			list->v[kept++] = *s;
	}
	list->n = kept;
}
