#include "cmd/report_page.h"

#include "plan/plan.h"
#include "publish/row.h"
#include "publish/rowtext.h"

static const char form[] =
    "<form hidden><div><label for=\"text\">Rows that contain</label>"
    "<input id=\"text\" type=\"search\"></div>\n"
    "<div><label for=\"verdict\">Verdict</label><select id=\"verdict\">"
    "<option value=\"1-7\">all</option><option value=\"4-7\">deviations</option>"
    "<option value=\"6-7\">forbidden or required ports</option>"
    "<option value=\"3-3\">unknown</option><option value=\"2-2\">not judged</option>"
    "<option value=\"1-1\">compliant</option></select></div>\n"
    "<div><label for=\"product\">Product</label><select id=\"product\">"
    "<option value=\"\">all</option></select></div>\n"
    "<div><label for=\"host\">Host</label><select id=\"host\">"
    "<option value=\"\">all</option></select></div>\n"
    "<div id=\"count\" role=\"status\"></div></form>\n";

static void
put_check(const struct report_page *g, uint32_t i)
{
	const struct check *c = &g->p->checks[i];
	const struct row *row = g->row(g->arg, i);
	const struct service *s = plan_service(g->p, c);
	char name[PLAN_NAME_MAX];
	char text[700];

	fprintf(g->to, "<tr data-v=\"%u\" data-p=\"", row->verdict);
	report_page_put(g, g->p->cats[c->cat].name);
	fputs("\" data-h=\"", g->to);
	report_page_put(g, g->p->hosts[c->host].name);
	fprintf(g->to,
	    "\"><td data-key=\"%u\"><span class=\"v v%u\">%s</span></td><td>",
	    VERDICT_MAX + 1u - row->verdict, row->verdict,
	    types_verdict((enum verdict)row->verdict));
	report_page_put(g, plan_check_name(g->p, c, name));
	fprintf(g->to, "</td><td>%s%s", types_proto(s->protocol),
	    c->ports.count > 0 ? "/" : "");
	report_page_put(g, portset_format(&c->ports, text, sizeof(text)));
	fprintf(g->to, "</td><td>%s</td><td>%s</td><td>",
	    types_expected((enum expected)c->expected),
	    row->listen != LISTEN_NA ? types_listen((enum listen_state)row->listen)
				     : types_connect((enum connect_state)row->connect));
	report_page_put(g, rowtext_why(g->p, i, row, text, sizeof(text)));
	fputs("</td><td>", g->to);
	report_page_put(g, s->descr);
	fputs("<br><span class=\"cite\">", g->to);
	report_page_put(g, plan_citation(g->p, c, text, sizeof(text)));
	fputs("</span></td></tr>\n", g->to);
}

void
report_checks(const struct report_page *g)
{
	static const char *const heads[] = { "Verdict", "Check", "Ports", "Expected",
		"Seen", "Why", "What it is for, and where it is documented" };

	fprintf(g->to,
	    "<h2 id=\"every-check\">Every check</h2>\n%s<table id=\"checks\">"
	    "<caption>The worst first; headings sort.</caption>\n<thead><tr>",
	    form);
	/* The label once more for paper, where headings repeat and buttons do not. */
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		fprintf(g->to,
		    "<th scope=\"col\" data-label=\"%s\"><button "
		    "type=\"button\">%s</button></th>",
		    heads[i], heads[i]);
	fputs("</tr></thead>\n<tbody>\n", g->to);
	for (int v = VERDICT_MAX; v >= VERDICT_COMPLIANT; v--) {
		for (uint32_t i = 0; i < g->p->nchecks; i++) {
			if (report_page_verdict(g, i) == (enum verdict)v)
				put_check(g, i);
		}
	}
	fputs("</tbody></table>\n", g->to);
}
