#include "plan/plan.h"
#include "plan/plan_build.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define LOCAL_NUMBER 1

static const struct site_host *
local_of(const struct site *site)
{
	for (size_t i = 0; i < site->nhosts; i++) {
		if (site->hosts[i].local)
			return &site->hosts[i];
	}
	return NULL;
}

static void
take(uint8_t *taken, unsigned number)
{
	taken[number / 8] |= (uint8_t)(1u << number % 8);
}

static uint16_t
count_up(const uint8_t *taken)
{
	unsigned n = LOCAL_NUMBER + 1;

	while (n < UINT16_MAX && (taken[n / 8] & 1u << n % 8) != 0)
		n++;
	return (uint16_t)n;
}

static struct plan_host
make_host(const struct site_host *sh, uint16_t number)
{
	struct plan_host h = { .number = number,
		.name = sh->name,
		.site = sh,
		.local = number == LOCAL_NUMBER,
		.has_roles = sh->nroles > 0,
		.address = sh->address };

	if (h.address[0] == '\0' && !h.local)
		h.address = sh->name;
	(void)addr_parse(h.address, &h.addr);
	(void)addr_parse(sh->active_when, &h.active_when);
	return h;
}

struct numbered {
	const struct site_host *host;
	uint16_t number;
};

static int
by_host_number(const void *pa, const void *pb)
{
	const struct numbered *a = pa;
	const struct numbered *b = pb;

	return a->number < b->number ? -1 : a->number > b->number;
}

void
plan_hosts(struct build *b, const char *local_name, const struct host_numbers *numbers)
{
	struct plan *p = b->plan;
	const struct site *site = p->site;
	const struct site_host *local = local_of(site);
	struct numbered *v = mem_array(struct numbered, site->nhosts);
	uint8_t *taken = mem_calloc(8192, 1);
	uint32_t n = 0;

	take(taken, 0);
	take(taken, LOCAL_NUMBER);
	for (size_t i = 0; i < site->nhosts; i++)
		take(taken, site->hosts[i].id);
	for (size_t i = 0; i < site->nhosts; i++) {
		const struct site_host *sh = &site->hosts[i];
		uint16_t number = sh->id;

		if (sh == local)
			continue;
		if (number == 0) {
			number = numbers != NULL && numbers->number != NULL
			             ? numbers->number(numbers->arg, sh->name, taken)
			             : count_up(taken);
			take(taken, number);
		}
		v[n++] = (struct numbered){ sh, number };
	}
	if (n > 0)
		qsort(v, n, sizeof(*v), by_host_number);
	p->hosts = mem_array(struct plan_host, n + 1);
	p->local_name = mem_strdup(local != NULL ? local->name : local_name);
	p->hosts[0] = local != NULL ? make_host(local, LOCAL_NUMBER)
	                            : (struct plan_host){ .number = LOCAL_NUMBER,
					      .local = true,
					      .address = "" };
	p->hosts[0].name = p->local_name;
	for (uint32_t i = 0; i < n; i++)
		p->hosts[i + 1] = make_host(v[i].host, v[i].number);
	p->nhosts = n + 1;
	p->roles_here = p->hosts[0].has_roles;
	for (uint32_t i = 0; i < p->nhosts; i++)
		b->any_roles = b->any_roles || p->hosts[i].has_roles;
	free(taken);
	free(v);
}
