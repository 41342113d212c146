#include "cmd/report.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "plan/plan.h"
#include "cmd/reporttext.h"

/* ---- sums */

static uint32_t
deviations(const struct tally *t)
{
	uint32_t n = 0;

	for (int v = VERDICT_CLOSED_RECOMMENDED; v <= VERDICT_MAX; v++)
		n += t->by_verdict[v];
	return n;
}

static void
put_share(const struct report_page *g, int kind, uint32_t n, uint32_t all)
{
	if (n > 0)
		fprintf(g->to, "<span class=\"b%d\" style=\"width:%.1f%%\"></span>",
		    kind, 100.0 * n / all);
}

/* Cells: the figures, and a bar of what could be judged or should have been. */
static void
put_figures(const struct report_page *g, const struct tally *t)
{
	uint32_t good = t->by_verdict[VERDICT_COMPLIANT];
	uint32_t bad = deviations(t);
	uint32_t unknown = t->by_verdict[VERDICT_UNKNOWN];
	uint32_t all = good + bad + unknown;

	fprintf(g->to,
	    "<td class=\"n\">%u</td><td class=\"n\">%u</td><td class=\"n\">%u</td>"
	    "<td class=\"n\">%u</td><td class=\"n\">%u</td>",
	    t->rows, good, bad, unknown, t->by_verdict[VERDICT_NOT_EVALUATED]);
	if (all == 0) {
		fputs("<td>nothing judged</td></tr>\n", g->to);
		return;
	}
	fprintf(g->to,
	    "<td><div class=\"share\"><div class=\"bar\" role=\"img\" aria-label=\"%u "
	    "compliant, %u deviations, %u unknown\">",
	    good, bad, unknown);
	put_share(g, 1, good, all);
	put_share(g, 7, bad, all);
	put_share(g, 3, unknown, all);
	fputs("</div><b>", g->to);
	if (good + bad > 0)
		fprintf(g->to, "%u\u00a0%%", 100 * good / (good + bad));
	else
		fputs("unknown", g->to);
	fputs("</b></div></td></tr>\n", g->to);
}

static void
put_tile(const struct report_page *g, int kind, const char *range, uint32_t n,
    const char *what)
{
	fprintf(g->to,
	    "<button type=\"button\" class=\"tile t%d\" data-range=\"%s\"><b>%u</b> "
	    "%s</button>\n",
	    kind, range, n, what);
}

static void
put_tiles(const struct report_page *g)
{
	struct tally t = { .status = TALLY_OK };
	uint32_t bad;

	for (uint32_t i = 0; i < g->p->nchecks; i++)
		tally_add(&t, report_page_verdict(g, i));
	bad = deviations(&t);
	fputs("<div class=\"tiles\">\n", g->to);
	put_tile(g, bad > 0 ? 7 : 1, "4-7", bad, bad == 1 ? "deviation" : "deviations");
	put_tile(g, 3, "3-3", t.by_verdict[VERDICT_UNKNOWN], "unknown");
	put_tile(g, 1, "1-1", t.by_verdict[VERDICT_COMPLIANT], "compliant");
	put_tile(g, 2, "2-2", t.by_verdict[VERDICT_NOT_EVALUATED], "not judged");
	fputs("</div>\n", g->to);
}

static const char figure_heads[] =
    "<th scope=\"col\" class=\"n\">Checks</th><th scope=\"col\" class=\"n\">Compliant"
    "</th><th scope=\"col\" class=\"n\">Deviations</th><th scope=\"col\" class=\"n\">"
    "Unknown</th><th scope=\"col\" class=\"n\">Not judged</th><th scope=\"col\">"
    "Compliance</th></tr></thead>\n<tbody>\n";

static void
begin_sums(const struct report_page *g, const char *what, const char *about,
    const char *first, const char *second)
{
	fprintf(g->to,
	    "<h2>Compliance by %s</h2>\n<p class=\"about\">%s</p>\n<div "
	    "class=\"scroll\" "
	    "tabindex=\"0\" role=\"region\" aria-label=\"Compliance by %s\"><table "
	    "class=\"sums\">\n<thead><tr><th scope=\"col\">%s</th>"
	    "<th scope=\"col\">%s</th>%s",
	    what, about, what, first, second, figure_heads);
}

static void
put_products(const struct report_page *g)
{
	begin_sums(g, "product",
	    "Deviations are ports that are closed though required or recommended, open "
	    "though forbidden, or not encrypted as documented. The percentage is of "
	    "what "
	    "could be judged.",
	    "Product", "Document");
	for (uint32_t i = 0; i < g->p->ncats; i++) {
		const struct plan_catalogue *pc = &g->p->cats[i];
		struct tally t = { .status = TALLY_OK };

		if (pc->nchecks == 0)
			continue;
		for (uint32_t k = 0; k < pc->nchecks; k++)
			tally_add(&t, report_page_verdict(g, pc->first_check + k));
		fputs("<tr><th scope=\"row\">", g->to);
		report_page_put(
		    g, pc->cat->product[0] != '\0' ? pc->cat->product : pc->name);
		fputs("</th><td>", g->to);
		report_page_put(g, pc->cat->title);
		fputs("</td>", g->to);
		put_figures(g, &t);
	}
	fputs("</tbody></table></div>\n", g->to);
}

/* ---- hosts */

struct host {
	const struct plan_host *host;
	struct tally sum;
};

static int
worst_first(const void *pa, const void *pb)
{
	const struct host *a = pa;
	const struct host *b = pb;
	uint32_t bad_a = deviations(&a->sum);
	uint32_t bad_b = deviations(&b->sum);

	if (bad_a != bad_b)
		return bad_a > bad_b ? -1 : 1;
	if (a->sum.by_verdict[VERDICT_UNKNOWN] != b->sum.by_verdict[VERDICT_UNKNOWN])
		return a->sum.by_verdict[VERDICT_UNKNOWN] >
		               b->sum.by_verdict[VERDICT_UNKNOWN]
		           ? -1
		           : 1;
	return strcmp(a->host->name, b->host->name);
}

static void
put_hosts(const struct report_page *g)
{
	uint32_t n = g->p->nhosts;
	struct host *v = mem_array(struct host, n);

	for (uint32_t i = 0; i < n; i++)
		v[i].host = &g->p->hosts[i];
	for (uint32_t i = 0; i < g->p->nchecks; i++)
		tally_add(&v[g->p->checks[i].host].sum, report_page_verdict(g, i));
	qsort(v, n, sizeof(*v), worst_first);
	begin_sums(g, "host", "The worst first; hosts without a check are left out.",
	    "Host", "Address");
	for (uint32_t i = 0; i < n; i++) {
		if (v[i].sum.rows == 0)
			continue;
		fputs("<tr><th scope=\"row\">", g->to);
		report_page_put(g, v[i].host->name);
		fputs("</th><td>", g->to);
		report_page_put(g, v[i].host->local ? "this host" : v[i].host->address);
		fputs("</td>", g->to);
		put_figures(g, &v[i].sum);
	}
	fputs("</tbody></table></div>\n", g->to);
	free(v);
}

static void
put_matrices(const struct report_page *g)
{
	fputs(
	    "<h2>Who must reach whom</h2>\n<p class=\"about\">Rows connect, columns "
	    "listen: the number of checks and the worst verdict. Roles without a check "
	    "here are left out. <b>C</b>\u00a0closed though required, "
	    "<b>O</b>\u00a0open though forbidden, <b>E</b>\u00a0not encrypted, "
	    "<b>R</b>\u00a0closed though recommended, <b>?</b>\u00a0unknown, "
	    "<b>\u2013</b>\u00a0not judged, <b>\u2713</b>\u00a0compliant.</p>\n",
	    g->to);
	for (uint32_t i = 0; i < g->p->ncats; i++) {
		if (g->p->cats[i].nchecks > 0)
			report_matrix(g, i);
	}
}

/* ---- the page */

void
report_html(FILE *to, const struct plan *p, report_row *row, void *arg, wall_t now)
{
	const struct report_page g = { to, p, row, arg };
	time_t seconds = (time_t)(now / 1000);
	struct tm tm;
	char when[64] = "";

	if (localtime_r(&seconds, &tm) != NULL)
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S %z", &tm);
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<title>Service ports seen "
	      "from ",
	    to);
	report_page_put(&g, p->local_name);
	fputs("</title>\n", to);
	fputs(reporttext_report_head_html, to);
	fputs("</head>\n<body>\n<main>\n<h1>Service ports seen from ", to);
	report_page_put(&g, p->local_name);
	fprintf(to,
	    "</h1>\n<p class=\"about\">%s, svcport " SVCPORT_VERSION
	    ": %u checks on %u host%s. What the vendors' documents require, and what "
	    "was found.</p>\n",
	    when, p->nchecks, p->nhosts, p->nhosts == 1 ? "" : "s");
	put_tiles(&g);
	put_products(&g);
	put_hosts(&g);
	put_matrices(&g);
	report_checks(&g);
	fputs("</main>\n", to);
	fputs(reporttext_report_tail_html, to);
	fputs("</body>\n</html>\n", to);
}
