#include "cmd/report.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "plan/plan.h"
#include "cmd/reporttext.h"
#include "publish/row.h"
#include "publish/rowtext.h"

struct page {
	FILE *to;
	const struct plan *p;
	report_row *row;
	void *arg;
};

/* HTML's own characters as entities. */
static void
put(const struct page *g, const char *text)
{
	for (; *text != '\0'; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", g->to);
			break;
		case '>':
			fputs("&gt;", g->to);
			break;
		case '&':
			fputs("&amp;", g->to);
			break;
		case '"':
			fputs("&quot;", g->to);
			break;
		default:
			putc(*text, g->to);
		}
	}
}

static enum verdict
verdict_of(const struct page *g, uint32_t check)
{
	return (enum verdict)g->row(g->arg, check)->verdict;
}

/* ---- compliance per product */

struct sum {
	uint32_t checks, by[VERDICT_MAX + 1];
};

static struct sum
sum_of(const struct page *g, const struct plan_catalogue *pc)
{
	struct sum s = { .checks = pc->nchecks };

	for (uint32_t i = 0; i < pc->nchecks; i++)
		s.by[verdict_of(g, pc->first_check + i)]++;
	return s;
}

static void
put_summary_row(const struct page *g, const struct plan_catalogue *pc)
{
	struct sum s = sum_of(g, pc);
	uint32_t bad = s.by[VERDICT_CLOSED_RECOMMENDED] + s.by[VERDICT_NOT_ENCRYPTED] +
	               s.by[VERDICT_OPEN_FORBIDDEN] + s.by[VERDICT_CLOSED_REQUIRED];
	uint32_t judged = s.by[VERDICT_COMPLIANT] + bad;
	uint32_t percent = judged > 0 ? 100 * s.by[VERDICT_COMPLIANT] / judged : 100;

	fputs("<tr><th scope=\"row\">", g->to);
	put(g, pc->cat->product[0] != '\0' ? pc->cat->product : pc->name);
	fputs("</th><td>", g->to);
	put(g, pc->cat->title);
	fprintf(g->to,
	    "</td><td class=\"n\">%u</td><td class=\"n\">%u</td><td class=\"n\">%u</td>"
	    "<td class=\"n\">%u</td><td class=\"n\">%u</td>",
	    s.checks, s.by[VERDICT_COMPLIANT], bad, s.by[VERDICT_UNKNOWN],
	    s.by[VERDICT_NOT_EVALUATED]);
	if (judged > 0)
		fprintf(g->to,
		    "<td><div class=\"bar\" role=\"img\" aria-label=\"%u percent "
		    "compliant\"><span style=\"width:%u%%\"></span></div>%u "
		    "%%</td></tr>\n",
		    percent, percent, percent);
	else
		fputs("<td>nothing judged</td></tr>\n", g->to);
}

static void
put_summary(const struct page *g)
{
	fputs(
	    "<h2>Compliance by product</h2>\n<table><caption>Deviations are ports that "
	    "are "
	    "closed though required or recommended, open though forbidden, or not "
	    "encrypted as documented.</caption>\n<thead><tr><th "
	    "scope=\"col\">Product</th>"
	    "<th scope=\"col\">Document</th><th scope=\"col\" class=\"n\">Checks</th>"
	    "<th scope=\"col\" class=\"n\">Compliant</th><th scope=\"col\" class=\"n\">"
	    "Deviations</th><th scope=\"col\" class=\"n\">Unknown</th><th "
	    "scope=\"col\" "
	    "class=\"n\">Not judged</th><th "
	    "scope=\"col\">Compliance</th></tr></thead>\n"
	    "<tbody>\n",
	    g->to);
	for (uint32_t i = 0; i < g->p->ncats; i++) {
		if (g->p->cats[i].nchecks > 0)
			put_summary_row(g, &g->p->cats[i]);
	}
	fputs("</tbody></table>\n", g->to);
}

/* ---- who must reach whom */

struct cell {
	uint32_t services, checks;
	uint8_t worst; /* enum verdict, 0 without a check */
};

/* A service stands in the cell of each pair of its roles. */
static void
fill_cells(const struct page *g, const struct plan_catalogue *pc, struct cell *cells)
{
	const struct catalogue *c = pc->cat;
	uint32_t at = pc->first_check;
	uint32_t end = at + pc->nchecks;

	for (size_t i = 0; i < c->nservices; i++) {
		const struct service *s = &c->services[i];
		struct cell here = { .services = 1 };

		for (; at < end && g->p->checks[at].service == i; at++) {
			enum verdict v = verdict_of(g, at);

			here.checks++;
			here.worst = v > here.worst ? (uint8_t)v : here.worst;
		}
		for (size_t f = 0; f < s->nfrom; f++) {
			for (size_t t = 0; t < s->nto; t++) {
				struct cell *cell =
				    &cells[s->from[f] * c->nroles + s->to[t]];

				cell->services++;
				cell->checks += here.checks;
				if (here.worst > cell->worst)
					cell->worst = here.worst;
			}
		}
	}
}

static bool
used(const struct cell *cells, size_t n, size_t role, bool as_to)
{
	for (size_t i = 0; i < n; i++) {
		if (cells[as_to ? i * n + role : role * n + i].checks > 0)
			return true;
	}
	return false;
}

static void
put_cell(const struct page *g, const struct cell *c, const char *from, const char *to)
{
	if (c->checks == 0) {
		fputs("<td></td>", g->to);
		return;
	}
	fprintf(g->to, "<td class=\"m%u\" title=\"", c->worst);
	put(g, from);
	fputs(" to ", g->to);
	put(g, to);
	fprintf(g->to, ": %u checks, worst: %s\">%u %s</td>", c->checks,
	    types_verdict((enum verdict)c->worst), c->checks,
	    types_verdict((enum verdict)c->worst));
}

static void
put_matrix(const struct page *g, const struct plan_catalogue *pc)
{
	const struct catalogue *c = pc->cat;
	size_t n = c->nroles;
	struct cell *cells = mem_array(struct cell, n * n);

	fill_cells(g, pc, cells);
	fputs("<h3>", g->to);
	put(g, pc->cat->product[0] != '\0' ? pc->cat->product : pc->name);
	fputs(
	    "</h3>\n<div class=\"matrix\" tabindex=\"0\" role=\"region\" aria-label=\"",
	    g->to);
	put(g, pc->name);
	fputs(" roles\"><table><thead><tr><th scope=\"col\">from \\ to</th>", g->to);
	for (size_t t = 0; t < n; t++) {
		if (!used(cells, n, t, true))
			continue;
		fputs("<th scope=\"col\">", g->to);
		put(g, c->roles[t].name);
		fputs("</th>", g->to);
	}
	fputs("</tr></thead>\n<tbody>\n", g->to);
	for (size_t f = 0; f < n; f++) {
		if (!used(cells, n, f, false))
			continue;
		fputs("<tr><th scope=\"row\">", g->to);
		put(g, c->roles[f].name);
		fputs("</th>", g->to);
		for (size_t t = 0; t < n; t++) {
			if (used(cells, n, t, true))
				put_cell(g, &cells[f * n + t], c->roles[f].name,
				    c->roles[t].name);
		}
		fputs("</tr>\n", g->to);
	}
	fputs("</tbody></table></div>\n", g->to);
	free(cells);
}

/* ---- every row */

static void
put_check(const struct page *g, uint32_t i)
{
	const struct check *c = &g->p->checks[i];
	const struct row *row = g->row(g->arg, i);
	const struct service *s = plan_service(g->p, c);
	char name[PLAN_NAME_MAX];
	char text[700];

	fprintf(g->to,
	    "<tr data-verdict=\"%u\"><td data-key=\"%u\"><span class=\"v v%u\">%s"
	    "</span></td><td>",
	    row->verdict, 9u - row->verdict, row->verdict,
	    types_verdict((enum verdict)row->verdict));
	put(g, plan_check_name(g->p, c, name));
	fprintf(g->to, "</td><td>%s%s", types_proto(s->protocol),
	    c->ports.count > 0 ? "/" : "");
	put(g, portset_format(&c->ports, text, sizeof(text)));
	fprintf(g->to, "</td><td>%s</td><td>%s</td><td>",
	    types_expected((enum expected)c->expected),
	    row->listen != LISTEN_NA ? types_listen((enum listen_state)row->listen)
				     : types_connect((enum connect_state)row->connect));
	put(g, rowtext_why(g->p, i, row, text, sizeof(text)));
	fputs("</td><td>", g->to);
	put(g, s->descr);
	fputs("<br><span class=\"cite\">", g->to);
	put(g, plan_citation(g->p, c, text, sizeof(text)));
	fputs("</span></td></tr>\n", g->to);
}

static void
put_checks(const struct page *g)
{
	static const char *const heads[] = { "Verdict", "Check", "Ports", "Expected",
		"Seen", "Why", "What it is for, and where it is documented" };

	fputs(
	    "<h2>Every check</h2>\n<form><div><label for=\"text\">Rows that "
	    "contain</label>"
	    "<input id=\"text\" type=\"search\"></div><div><label "
	    "for=\"verdict\">Verdict"
	    "</label><select id=\"verdict\"><option value=\"0\">all</option>"
	    "<option value=\"3\">unknown and worse</option><option "
	    "value=\"4\">deviations"
	    "</option><option value=\"6\">forbidden or required ports</option></select>"
	    "</div><div id=\"count\" role=\"status\"></div></form>\n<table "
	    "id=\"checks\">"
	    "<caption>Click a heading to sort.</caption>\n<thead><tr>",
	    g->to);
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		fprintf(g->to,
		    "<th scope=\"col\"><button type=\"button\">%s</button></th>",
		    heads[i]);
	fputs("</tr></thead>\n<tbody>\n", g->to);
	for (int v = VERDICT_MAX; v >= VERDICT_COMPLIANT; v--) {
		for (uint32_t i = 0; i < g->p->nchecks; i++) {
			if (verdict_of(g, i) == (enum verdict)v)
				put_check(g, i);
		}
	}
	fputs("</tbody></table>\n", g->to);
}

/* ---- the page */

void
report_html(FILE *to, const struct plan *p, report_row *row, void *arg, wall_t now)
{
	const struct page g = { to, p, row, arg };
	time_t seconds = (time_t)(now / 1000);
	struct tm tm;
	char when[64] = "";

	if (localtime_r(&seconds, &tm) != NULL)
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S %z", &tm);
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<title>Service ports seen "
	      "from ",
	    to);
	put(&g, p->local_name);
	fputs("</title>\n", to);
	fputs(reporttext_report_head_html, to);
	fputs("</head>\n<body>\n<main>\n<h1>Service ports seen from ", to);
	put(&g, p->local_name);
	fprintf(to,
	    "</h1>\n<p class=\"about\">%s, svcport " SVCPORT_VERSION
	    ": %u checks on %u hosts. What the vendors' documents require, and what "
	    "was found.</p>\n",
	    when, p->nchecks, p->nhosts);
	put_summary(&g);
	fputs("<h2>Who must reach whom</h2>\n<p class=\"about\">Rows connect, columns "
	      "listen: "
	      "the number of checks and the worst verdict. Roles without a check here "
	      "are "
	      "left out.</p>\n",
	    to);
	for (uint32_t i = 0; i < p->ncats; i++) {
		if (p->cats[i].nchecks > 0)
			put_matrix(&g, &p->cats[i]);
	}
	put_checks(&g);
	fputs("</main>\n", to);
	fputs(reporttext_report_tail_html, to);
	fputs("</body>\n</html>\n", to);
}
