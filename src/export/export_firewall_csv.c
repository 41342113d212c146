/* What the documents ask of the firewalls between the hosts of this site, as a sheet
 * for the people who own them: CSV as RFC 4180 has it. */

#include <stdlib.h>
#include <string.h>

#include "export/export.h"
#include "export/exportkinds.h"
#include "plan/flows.h"
#include "plan/plan.h"

struct sheet {
	const struct plan *plan;
	FILE *out;
	bool first; /* cell of the line */
};

/* A cell that a spreadsheet might take for a formula gets an apostrophe before it. */
static void
cell(struct sheet *s, const char *text)
{
	if (!s->first)
		putc(',', s->out);
	s->first = false;
	putc('"', s->out);
	if (text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL)
		putc('\'', s->out);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putc('"', s->out);
		putc(*text, s->out);
	}
	putc('"', s->out);
}

static void
end_line(struct sheet *s)
{
	fputs("\r\n", s->out);
	s->first = true;
}

static void
header(struct sheet *s)
{
	static const char *const columns[] = { "action", "requirement", "source",
		"source address", "destination", "destination address", "protocol",
		"ports", "service", "why", "citation" };

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		cell(s, columns[i]);
	end_line(s);
}

static void
host(struct sheet *s, const struct plan_host *h)
{
	cell(s, h->name);
	cell(s, flows_is_role(h) ? "" : h->address);
}

/* Destination, what, why. */
static void
rest(struct sheet *s, const struct check *c)
{
	const struct plan *p = s->plan;
	const struct service *service = plan_service(p, c);
	char *ports = portset_text(&c->ports);
	char name[160];
	char why[512];
	char cited[700];

	snprintf(name, sizeof(name), "%s/%s", p->cats[c->cat].name, service->name);
	snprintf(why, sizeof(why), "%s%s%s%s", service->descr,
	    service->alternative != 0 ? " (one alternative of " : "",
	    service->alternative != 0 ? service->alternative_name : "",
	    service->alternative != 0 ? " is enough)" : "");
	host(s, &p->hosts[c->host]);
	cell(s, types_proto(service->protocol));
	cell(s, ports);
	cell(s, name);
	cell(s, why);
	cell(s, plan_citation(p, c, cited, sizeof(cited)));
	end_line(s);
	free(ports);
}

static void
allow(struct sheet *s, const struct flow *f)
{
	cell(s, "allow");
	cell(s, flows_need(f->need));
	host(s, &s->plan->hosts[f->source]);
	rest(s, f->check);
}

static void
block(struct sheet *s, const struct check *c)
{
	cell(s, "block");
	cell(s, c->expected == EXPECTED_LOCAL ? "local only" : "must be closed");
	cell(s, "any other host");
	cell(s, "");
	rest(s, c);
}

static bool
write_sheet(const struct export_context *x, FILE *out)
{
	struct sheet s = { .plan = x->plan, .out = out, .first = true };
	size_t n;
	struct flow *flows = flows_of(x->plan, &n);

	header(&s);
	for (size_t i = 0; i < n; i++)
		allow(&s, &flows[i]);
	for (uint32_t i = 0; i < x->plan->nchecks; i++) {
		const struct check *c = &x->plan->checks[i];

		if (flows_is_forbidden(c) && !flows_is_role(&x->plan->hosts[c->host]))
			block(&s, c);
	}
	free(flows);
	return true;
}

static const struct export_file files[] = {
	{ "svcport-firewall.csv", "request sheet: who, whom, which port, why",
	    write_sheet, NULL, NULL },
};

const struct export_kind export_firewall_csv = {
	"firewall-csv",
	"for the people who own the firewalls: every flow of this site",
	EXPORT_FLOWS,
	files,
	sizeof(files) / sizeof(files[0]),
};
