#include "plan/workload.h"

#include "base/diag.h"
#include "plan/plan.h"

#define ANSWER_MS 100 /* of what answers, though from far away */

/* A tenth more, since starts come in batches; at least 1. */
static uint32_t
rounded(double load)
{
	load = load * 1.1 + 1.5;
	return load < UINT32_MAX ? (uint32_t)load : UINT32_MAX;
}

struct workload
workload_of(const struct plan *p)
{
	double starts = 0, usual = 0, at_most = 0;

	for (uint32_t i = 0; i < p->nendpoints; i++) {
		const struct endpoint *e = &p->endpoints[i];
		double rate = 1.0 / (e->interval != 0 ? e->interval : 60);
		double silent = p->specs[e->spec].timeout_ms * rate / 1000;

		starts += rate;
		usual += 0.1 * silent + 0.9 * ANSWER_MS * rate / 1000;
		at_most += silent;
	}
	return (struct workload){ .starts = rounded(starts),
		.usual = rounded(usual),
		.at_most = rounded(at_most) };
}

uint32_t
workload_concurrency(const struct workload *w)
{
	if (w->at_most < WORKLOAD_LEAST)
		return WORKLOAD_LEAST;
	return w->at_most < WORKLOAD_MOST ? w->at_most : WORKLOAD_MOST;
}

void
workload_check(const struct plan *p, struct diag *d)
{
	const struct site *site = p->site;
	struct workload w = workload_of(p);
	uint32_t cap = site->probe.concurrency != 0 ? (uint32_t)site->probe.concurrency
	                                            : WORKLOAD_MOST;

	if (cap < w.usual)
		diag_warn(d, site->file, 0,
		    "probe.concurrency %u is too low for %u endpoints: when one in ten "
		    "is silent %u probes are under way at once; rounds will take "
		    "longer "
		    "than the interval",
		    cap, p->nendpoints, w.usual);
	if (site->probe.rate != 0 && (uint32_t)site->probe.rate < w.starts)
		diag_warn(d, site->file, 0,
		    "probe.rate %ld is too low for %u endpoints: their intervals want "
		    "%u starts a second; rounds will take longer than the interval",
		    site->probe.rate, p->nendpoints, w.starts);
}
