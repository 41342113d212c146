#include "hostwatch_priv.h"

#include <stdlib.h>

#include "mem.h"
#include "plan.h"

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
	uint32_t n = 0;

	for (uint32_t i = 0; i < hw->nhosts && n < max; i++) {
		const struct hostwatch_host *h;

		hw->cursor = (hw->cursor + 1) % hw->nhosts;
		h = &hw->hosts[hw->cursor];
		if (hostwatch_tallied(h) && h->class == ANSWERING && !h->suspect)
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

void
hostwatch_carry(
    struct hostwatch *hw, uint32_t host, const struct hostwatch *old, uint32_t old_host)
{
	struct hostwatch_host *h = &hw->hosts[host];
	const struct hostwatch_host *o = &old->hosts[old_host];

	hw->isolated = old->isolated;
	hw->last_answer = old->last_answer;
	if (h->left_out || o->left_out)
		return;
	h->ever = o->ever;
	h->down = o->down;
	h->sweeps = o->sweeps;
	if (o->class == ANSWERING || o->class == SILENT)
		hostwatch_set_class(hw, h, (enum class)o->class);
	if (o->class == ANSWERING)
		h->sweeping = false;
}
