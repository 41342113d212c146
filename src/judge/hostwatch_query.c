#include "judge/hostwatch_priv.h"

#include <stdlib.h>

#include "base/mem.h"
#include "plan/plan.h"

/* ---- what is known */

enum host_state
hostwatch_state(const struct hostwatch *hw, uint32_t host)
{
	const struct hostwatch_host *h = &hw->hosts[host];

	if (host == 0)
		return hw->isolated ? HOST_UNREACHABLE : HOST_REACHABLE;
	if (hw->isolated || h->left_out)
		return HOST_UNKNOWN;
	if (h->down)
		return HOST_UNREACHABLE;
	return h->class == ANSWERING ? HOST_REACHABLE : HOST_UNKNOWN;
}

bool
hostwatch_suspects(const struct hostwatch *hw, uint32_t host)
{
	return hw->hosts[host].suspect;
}

bool
hostwatch_ever(const struct hostwatch *hw, uint32_t host)
{
	return host == 0 || hw->hosts[host].ever;
}

bool
hostwatch_wants(const struct hostwatch *hw, uint32_t endpoint)
{
	const struct hostwatch_host *h = &hw->hosts[hw->host_of[endpoint]];
	const struct hostwatch_look *l = &hw->looks[endpoint];

	if (h->left_out || (l->flags & OFF) != 0)
		return false;
	return h->sweeping ? (l->flags & AWAITED) != 0 : endpoint == h->last_yes;
}

bool
hostwatch_probed(const struct hostwatch *hw, uint32_t host)
{
	const struct hostwatch_host *h = &hw->hosts[host];

	for (uint32_t k = h->first; k < h->first + h->n; k++) {
		if ((hw->looks[k].flags & OFF) == 0)
			return true;
	}
	return false;
}

bool
hostwatch_isolated(const struct hostwatch *hw)
{
	return hw->isolated;
}

bool
hostwatch_network(const struct hostwatch *hw, struct mono since)
{
	const uint32_t *t = hw->tally;

	if (!mono_before(hw->last_answer, since))
		return true;
	return t[ANSWERING] + t[UNSEEN] == 0 ||
	       t[ANSWERING] + t[UNSEEN] + t[SILENT] < HOSTS_TO_TELL;
}

uint32_t
hostwatch_canvass(struct hostwatch *hw, uint32_t *hosts, uint32_t max)
{
	enum class class = hw->isolated ? SILENT : ANSWERING;
	uint32_t n = 0;

	for (uint32_t i = 0; i < hw->nhosts && n < max; i++) {
		const struct hostwatch_host *h;

		hw->cursor = (hw->cursor + 1) % hw->nhosts;
		h = &hw->hosts[hw->cursor];
		if (hostwatch_tallied(h) && h->class == class && !h->suspect)
			hosts[n++] = hw->cursor;
	}
	return n;
}

/* ---- life */

static bool
counts(const struct probe_spec *s)
{
	return s->protocol != PROTO_UDP || s->expect_reply;
}

struct hostwatch *
hostwatch_new(const struct plan *plan)
{
	struct hostwatch *hw = mem_new(struct hostwatch);

	hw->plan = plan;
	hw->nhosts = plan->nhosts;
	hw->hosts = mem_array(struct hostwatch_host, plan->nhosts);
	hw->looks = mem_array(struct hostwatch_look, plan->nendpoints);
	hw->host_of = mem_array(uint32_t, plan->nendpoints);
	hw->per_host = plan->site->probe.per_host > 0
	                   ? (uint32_t)plan->site->probe.per_host
	                   : 1;
	hw->last_answer.ns = INT64_MIN;
	for (uint32_t i = 0; i < plan->nspecs; i++) {
		if (plan->specs[i].timeout_ms > hw->timeout_ms)
			hw->timeout_ms = plan->specs[i].timeout_ms;
	}
	for (uint32_t i = 0; i < plan->nhosts; i++) {
		const struct plan_host *ph = &plan->hosts[i];
		struct hostwatch_host *h = &hw->hosts[i];

		h->first = ph->first_endpoint;
		h->n = ph->nendpoints;
		h->last_yes = UINT32_MAX;
		h->left_out = ph->local;
		h->deadline = MONO_NEVER;
		for (uint32_t k = h->first; k < h->first + h->n; k++) {
			hw->host_of[k] = i;
			hw->looks[k].last = ANSWER_YES;
			if (counts(&plan->specs[plan->endpoints[k].spec])) {
				hw->looks[k].flags = COUNTS;
				h->counting++;
			}
		}
		hw->tally[UNSEEN] += hostwatch_tallied(h);
		hostwatch_open_sweep(hw, h);
	}
	return hw;
}

void
hostwatch_free(struct hostwatch *hw)
{
	if (hw == NULL)
		return;
	free(hw->hosts);
	free(hw->looks);
	free(hw->host_of);
	free(hw);
}

void
hostwatch_restore_down(struct hostwatch *hw, uint32_t host)
{
	struct hostwatch_host *h = &hw->hosts[host];

	if (host != 0) {
		h->ever = h->down = true;
		h->sweeps = QUICK_SWEEPS;
	}
}

/* The same probe of the same host, under two plans: <0, 0, >0. */
static int
compare(const struct plan *a, uint32_t i, const struct plan *b, uint32_t k)
{
	const struct probe_spec *sa = &a->specs[a->endpoints[i].spec];
	const struct probe_spec *sb = &b->specs[b->endpoints[k].spec];

	if (sa->protocol != sb->protocol)
		return sa->protocol < sb->protocol ? -1 : 1;
	if (a->endpoints[i].port != b->endpoints[k].port)
		return a->endpoints[i].port < b->endpoints[k].port ? -1 : 1;
	return 0;
}

/* Endpoints that are in both plans; both are sorted.  Returns whether all are. */
static bool
carry_looks(struct hostwatch *hw, const struct hostwatch_host *h,
    const struct hostwatch *old, const struct hostwatch_host *o)
{
	uint32_t i = o->first, k = h->first, same = 0;

	while (i < o->first + o->n && k < h->first + h->n) {
		int order = compare(old->plan, i, hw->plan, k);

		if (order == 0) {
			hw->looks[k++] = old->looks[i++];
			same++;
		} else if (order < 0) {
			i++;
		} else {
			k++;
		}
	}
	return same == h->n && same == o->n;
}

static uint32_t
count_counting(const struct hostwatch *hw, const struct hostwatch_host *h)
{
	uint32_t n = 0;

	for (uint32_t k = h->first; k < h->first + h->n; k++)
		n += (hw->looks[k].flags & (COUNTS | OFF)) == COUNTS;
	return n;
}

void
hostwatch_carry(
    struct hostwatch *hw, uint32_t host, const struct hostwatch *old, uint32_t old_host)
{
	struct hostwatch_host *h = &hw->hosts[host];
	const struct hostwatch_host *o = &old->hosts[old_host];
	uint32_t first = h->first;
	bool same;

	hw->isolated = old->isolated;
	hw->last_answer = old->last_answer;
	hw->cursor = old->cursor % hw->nhosts;
	if (hw->plan->hosts[host].local)
		return;
	same = carry_looks(hw, h, old, o);
	hostwatch_set_counting(hw, h, count_counting(hw, h));
	h->ever = o->ever;
	h->answers = o->answers;
	if (h->left_out || o->left_out) {
		hostwatch_open_sweep(hw, h);
		return;
	}
	hostwatch_set_class(hw, h, (enum class)o->class);
	h->down = o->down;
	h->sweeps = o->sweeps;
	h->sweeping = o->sweeping;
	if (same) {
		*h = *o;
		h->first = first;
		if (o->last_yes != UINT32_MAX)
			h->last_yes = o->last_yes - o->first + first;
	} else if (o->sweeping) {
		hostwatch_open_sweep(hw, h);
	}
}
