#include "catalogue/catalogue_overlap.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "catalogue/catalogue.h"
#include "model/portset.h"

struct candidate {
	const struct service *s; /* in the order of their numbers */
	const struct portset *ports;
	uint16_t low, high;            /* the first port and the last */
	const struct service *overlap; /* the first before `s`, NULL for none */
};

static int
by_section_and_port(const void *pa, const void *pb)
{
	const struct candidate *a = pa;
	const struct candidate *b = pb;
	int c = (a->s->protocol > b->s->protocol) - (a->s->protocol < b->s->protocol);

	if (c == 0)
		c = strcmp(a->s->section, b->s->section);
	if (c == 0)
		c = (a->low > b->low) - (a->low < b->low);
	return c != 0 ? c : (a->s > b->s) - (a->s < b->s);
}

static bool
share(const uint16_t *a, size_t na, const uint16_t *b, size_t nb)
{
	for (size_t i = 0; i < na; i++) {
		for (size_t j = 0; j < nb; j++) {
			if (a[i] == b[j])
				return true;
		}
	}
	return false;
}

static void
compare(struct candidate *a, struct candidate *b)
{
	struct candidate *later = a->s > b->s ? a : b;
	struct candidate *first = a->s > b->s ? b : a;

	if ((later->overlap == NULL || first->s < later->overlap) &&
	    portset_overlaps(a->ports, b->ports) &&
	    share(a->s->to, a->s->nto, b->s->to, b->s->nto) &&
	    share(a->s->from, a->s->nfrom, b->s->from, b->s->nfrom))
		later->overlap = first->s;
}

static bool
may_overlap(const struct candidate *a, const struct candidate *b)
{
	return b->low <= a->high && b->s->protocol == a->s->protocol &&
	       strcmp(b->s->section, a->s->section) == 0;
}

static size_t
gather(const struct catalogue *c, const struct portset *ports, struct candidate *v)
{
	size_t n = 0;

	for (size_t i = 0; i < c->nservices; i++) {
		const struct service *s = &c->services[i];
		const struct port_range *r = portset_ranges(&ports[i]);

		if (s->note[0] == '\0' && s->policy != POLICY_POOL &&
		    ports[i].count > 0)
			v[n++] = (struct candidate){ s, &ports[i], r[0].low,
				r[ports[i].count - 1].high, NULL };
	}
	qsort(v, n, sizeof(*v), by_section_and_port);
	return n;
}

void
catalogue_overlap(
    const struct catalogue *c, const struct portset *ports, struct diag *d)
{
	struct candidate *v = mem_array(struct candidate, c->nservices);
	size_t n = gather(c, ports, v);

	for (size_t i = 0; i < n; i++) {
		for (size_t k = i + 1; k < n && may_overlap(&v[i], &v[k]); k++)
			compare(&v[i], &v[k]);
	}
	for (size_t i = 0; i < n; i++) {
		if (v[i].overlap != NULL)
			diag_warn_at(d, v[i].s->pos,
			    "service \"%s\" overlaps \"%s\" at line %u between the "
			    "same roles: say why in a note",
			    v[i].s->name, v[i].overlap->name, v[i].overlap->pos.line);
	}
	free(v);
}
