#include "cmd/report_page.h"

#include <stdlib.h>

#include "base/mem.h"
#include "plan/plan.h"

struct cell {
	uint32_t checks;
	uint8_t worst; /* enum verdict, 0 without a check */
};

struct matrix {
	const struct report_page *g;
	const struct catalogue *c;
	struct cell *cells; /* row by row: from, to */
};

static struct cell *
cell_at(const struct matrix *m, size_t from, size_t to)
{
	return &m->cells[from * m->c->nroles + to];
}

/* A service stands in the cell of each pair of its roles. */
static void
add_service(struct matrix *m, const struct service *s, const struct cell *sum)
{
	for (size_t f = 0; f < s->nfrom; f++) {
		for (size_t t = 0; t < s->nto; t++) {
			struct cell *cell = cell_at(m, s->from[f], s->to[t]);

			cell->checks += sum->checks;
			if (sum->worst > cell->worst)
				cell->worst = sum->worst;
		}
	}
}

static void
fill(struct matrix *m, const struct plan_catalogue *pc)
{
	uint32_t at = pc->first_check;
	uint32_t end = at + pc->nchecks;

	for (size_t i = 0; i < m->c->nservices; i++) {
		struct cell sum = { 0 };

		for (; at < end && m->g->p->checks[at].service == i; at++) {
			enum verdict v = report_page_verdict(m->g, at);

			sum.checks++;
			sum.worst = v > sum.worst ? (uint8_t)v : sum.worst;
		}
		add_service(m, &m->c->services[i], &sum);
	}
}

static bool
listens(const struct matrix *m, size_t role)
{
	for (size_t i = 0; i < m->c->nroles; i++) {
		if (cell_at(m, i, role)->checks > 0)
			return true;
	}
	return false;
}

static bool
connects(const struct matrix *m, size_t role)
{
	for (size_t i = 0; i < m->c->nroles; i++) {
		if (cell_at(m, role, i)->checks > 0)
			return true;
	}
	return false;
}

/* A letter beside the colour, for those who see none; the legend is in report.c. */
static const char *
mark(enum verdict v)
{
	static const char *const marks[VERDICT_MAX + 1] = {
		[VERDICT_COMPLIANT] = "\u2713",
		[VERDICT_NOT_EVALUATED] = "\u2013",
		[VERDICT_UNKNOWN] = "?",
		[VERDICT_CLOSED_RECOMMENDED] = "R",
		[VERDICT_NOT_ENCRYPTED] = "E",
		[VERDICT_OPEN_FORBIDDEN] = "O",
		[VERDICT_CLOSED_REQUIRED] = "C"
	};

	return marks[v];
}

static void
put_cell(const struct matrix *m, size_t from, size_t to)
{
	const struct cell *cell = cell_at(m, from, to);
	const struct report_page *g = m->g;
	enum verdict worst = (enum verdict)cell->worst;

	if (cell->checks == 0) {
		fputs("<td></td>", g->to);
		return;
	}
	fprintf(g->to, "<td class=\"m%u\" title=\"", cell->worst);
	report_page_put(g, m->c->roles[from].name);
	fputs(" to ", g->to);
	report_page_put(g, m->c->roles[to].name);
	fprintf(g->to,
	    ": %u checks, worst: %s\">%u\u00a0%s<span class=\"unseen\"> %s</span></td>",
	    cell->checks, types_verdict(worst), cell->checks, mark(worst),
	    types_verdict(worst));
}

static void
put_head(const struct matrix *m)
{
	const struct report_page *g = m->g;

	fputs("<tr><th scope=\"col\">from \\ to</th>", g->to);
	for (size_t t = 0; t < m->c->nroles; t++) {
		if (!listens(m, t))
			continue;
		fputs("<th scope=\"col\" class=\"up\"><span>", g->to);
		report_page_put(g, m->c->roles[t].name);
		fputs("</span></th>", g->to);
	}
	fputs("</tr>", g->to);
}

static void
put_row(const struct matrix *m, size_t from)
{
	const struct report_page *g = m->g;

	fputs("<tr><th scope=\"row\">", g->to);
	report_page_put(g, m->c->roles[from].name);
	fputs("</th>", g->to);
	for (size_t to = 0; to < m->c->nroles; to++) {
		if (listens(m, to))
			put_cell(m, from, to);
	}
	fputs("</tr>\n", g->to);
}

void
report_matrix(const struct report_page *g, uint32_t cat)
{
	const struct plan_catalogue *pc = &g->p->cats[cat];
	const struct catalogue *c = pc->cat;
	struct matrix m = { g, c, mem_array(struct cell, c->nroles * c->nroles) };

	fill(&m, pc);
	fputs("<h3>", g->to);
	report_page_put(g, c->product[0] != '\0' ? c->product : pc->name);
	fputs("</h3>\n<div class=\"scroll matrix\" tabindex=\"0\" role=\"region\" "
	      "aria-label=\"",
	    g->to);
	report_page_put(g, pc->name);
	fputs(" roles\"><table><thead>", g->to);
	put_head(&m);
	fputs("</thead>\n<tbody>\n", g->to);
	for (size_t from = 0; from < c->nroles; from++) {
		if (connects(&m, from))
			put_row(&m, from);
	}
	fputs("</tbody></table></div>\n", g->to);
	free(m.cells);
}
