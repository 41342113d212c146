#include "judge/strays.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct strays {
	const struct strays_ops *ops;
	void *arg;
	struct stray *v;
	size_t n, cap;
};

struct strays *
strays_new(const struct strays_ops *ops, void *arg)
{
	struct strays *s = mem_new(struct strays);

	s->ops = ops;
	s->arg = arg;
	return s;
}

void
strays_free(struct strays *s)
{
	if (s == NULL)
		return;
	free(s->v);
	free(s);
}

static bool
is_ignored(const struct listener *l, const char *rule)
{
	struct portset ports;
	bool hit;

	if (strncmp(rule, l->protocol == PROTO_TCP ? "tcp/" : "udp/", 4) != 0)
		return false;
	if (strcmp(rule + 4, "all") == 0)
		return true;
	if (!portset_parse(rule + 4, &ports))
		return false;
	hit = portset_has(&ports, l->port);
	portset_clear(&ports);
	return hit;
}

bool
strays_counts(const struct listener *l, const struct strays_rule *rule)
{
	if (l->services > 0 || listeners_is_local(l))
		return false;
	for (size_t i = 0; i < rule->nignore; i++) {
		if (is_ignored(l, rule->ignore[i].text))
			return false;
	}
	return true;
}

static bool
same(const struct listener *a, const struct listener *b)
{
	return a->protocol == b->protocol && a->port == b->port && a->dual == b->dual &&
	       addr_equal(&a->addr, &b->addr);
}

static struct stray *
find(struct strays *s, const struct listener *l)
{
	for (size_t i = 0; i < s->n; i++) {
		if (same(&s->v[i].listener, l))
			return &s->v[i];
	}
	return NULL;
}

static struct stray *
add(struct strays *s, const struct stray *stray)
{
	mem_grow(s->v, s->n, s->cap);
	s->v[s->n] = *stray;
	return &s->v[s->n++];
}

void
strays_restore(struct strays *s, const struct stray *stray)
{
	(void)add(s, stray);
}

static void
see(struct strays *s, const struct listener *l, struct mono now, wall_t wall)
{
	struct stray *known = find(s, l);

	if (known == NULL)
		known = add(s, &(struct stray){ .since = now, .since_wall = wall });
	known->listener = *l; /* the owner may have changed */
	known->present = true;
}

/* Those that are gone leave; those that stayed long enough are told of. */
static void
settle(struct strays *s, const struct strays_rule *rule, struct mono now)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n; i++) {
		struct stray *x = &s->v[i];

		if (!x->present) {
			if (x->alarm != 0)
				s->ops->clear(s->arg, x);
			continue;
		}
		if (x->alarm == 0 && !rule->quiet &&
		    !mono_before(now, mono_add_s(x->since, rule->hold)))
			s->ops->raise(s->arg, x);
		if (kept != i)
			s->v[kept] = *x;
		kept++;
	}
	s->n = kept;
}

void
strays_look(struct strays *s, const struct listener_table *t,
    const struct strays_rule *rule, struct mono now, wall_t wall)
{
	for (size_t i = 0; i < s->n; i++)
		s->v[i].present = false;
	for (uint32_t i = 0; rule->notify && i < t->n; i++) {
		if (strays_counts(&t->v[i], rule))
			see(s, &t->v[i], now, wall);
	}
	settle(s, rule, now);
}

size_t
strays_told(const struct strays *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->v[i].alarm != 0;
	return n;
}

size_t
strays_count(const struct strays *s)
{
	return s->n;
}

const struct stray *
strays_at(const struct strays *s, size_t i)
{
	return &s->v[i];
}
