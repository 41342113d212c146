/* nftables: what the documents imply for the local host, as two chains to jump to. */

#include <stdlib.h>
#include <string.h>

#include "export/export.h"
#include "export/exportkinds.h"
#include "plan/flows.h"
#include "base/mem.h"
#include "plan/plan.h"

#define LOCAL 0 /* plan.hosts[0] */

struct ruleset {
	const struct plan *plan;
	FILE *out;
	const char *table;
	bool inbound; /* the peers are sources */
};

/* One service, its ports on one side and the peers on the other. */
struct rule {
	const struct check *check;
	enum flow_need need;
	const struct plan_host **peers;
	size_t npeers, cap;
};

/* ---- peers: by address, or by a set that people fill */

static bool
has_address(const struct plan_host *h)
{
	return h->addr.family != 0;
}

/* "role acme-pbx:phone" or "dc1" as the name of a set for IPv4 or IPv6. */
static void
set_name(const struct plan_host *h, int family, FILE *out)
{
	const char *name = h->name;

	if (flows_is_role(h))
		name = strchr(name, ' ') + 1;
	fputs("svcport.", out);
	for (; *name != '\0'; name++)
		putc(*name == ':' ? '.' : *name, out);
	fprintf(out, ".%d", family);
}

static void
set(struct ruleset *r, const struct plan_host *h)
{
	fprintf(r->out, "\n\t# %s%s%s: put the addresses here or, at run time:\n",
	    h->name, flows_is_role(h) ? ", which no host of the site plays" : ", ",
	    flows_is_role(h) ? "" : h->address);
	fprintf(r->out, "\t# nft add element inet %s ", r->table);
	set_name(h, 4, r->out);
	fputs(" '{ 192.0.2.0/24 }'\n", r->out);
	for (int family = 4; family <= 6; family += 2) {
		fputs("\tset ", r->out);
		set_name(h, family, r->out);
		fprintf(r->out, " {\n\t\ttype ipv%d_addr\n\t\tflags interval\n\t}\n",
		    family);
	}
}

/* Every peer without an address, once. */
static void
sets(struct ruleset *r, const struct flow *flows, size_t n)
{
	bool *wanted = mem_array(bool, r->plan->nhosts);

	for (size_t i = 0; i < n; i++) {
		if (flows[i].check->host == LOCAL)
			wanted[flows[i].source] = true;
		else if (flows[i].source == LOCAL)
			wanted[flows[i].check->host] = true;
	}
	for (uint32_t h = 1; h < r->plan->nhosts; h++) {
		if (wanted[h] && !has_address(&r->plan->hosts[h]))
			set(r, &r->plan->hosts[h]);
	}
	free(wanted);
}

/* ---- rules */

static void
ports(struct ruleset *r, const struct check *c, int family)
{
	const struct service *s = plan_service(r->plan, c);
	const struct port_range *range = portset_ranges(&c->ports);

	if (s->protocol == PROTO_ICMP || s->protocol == PROTO_ICMPV6) {
		fprintf(
		    r->out, "%s type echo-request", family == 4 ? "icmp" : "icmpv6");
		return;
	}
	fprintf(r->out, "%s dport { ", types_proto(s->protocol));
	for (uint32_t i = 0; i < c->ports.count; i++) {
		fprintf(r->out, "%s%u", i > 0 ? ", " : "", range[i].low);
		if (range[i].high != range[i].low)
			fprintf(r->out, "-%u", range[i].high);
	}
	fputs(" }", r->out);
}

/* In a comment of the file: one line, whatever the document's text has. */
static void
remark(struct ruleset *r, const char *text)
{
	for (; *text != '\0'; text++)
		putc((unsigned char)*text < ' ' ? ' ' : *text, r->out);
}

static void
verdict(struct ruleset *r, const struct check *c, const char *word)
{
	const struct service *s = plan_service(r->plan, c);

	/* nft takes 128 octets */
	fprintf(r->out, " %s comment \"%.32s/%.64s, line %u\"\n", word,
	    r->plan->cats[c->cat].name, s->name, s->line);
}

/* `peer` is a list of addresses of the family, or one set. */
static void
accept_from(struct ruleset *r, const struct rule *rule, int family, const char *peer)
{
	fprintf(r->out, "\t\t%s%s %s %s ", rule->need == FLOW_OPTIONAL ? "# " : "",
	    family == 4 ? "ip" : "ip6", r->inbound ? "saddr" : "daddr", peer);
	ports(r, rule->check, family);
	verdict(r, rule->check, "accept");
}

static void
accept_family(struct ruleset *r, const struct rule *rule, int family)
{
	char *list = NULL;
	size_t size = 0;
	FILE *made = mem_stream(&list, &size);
	size_t n = 0;
	char text[ADDR_TEXT];

	for (size_t i = 0; i < rule->npeers; i++) {
		struct addr a = rule->peers[i]->addr;

		/* nft knows the interface of a link-local address as iifname only. */
		a.scope = 0;
		if (a.family == (family == 4 ? AF_INET : AF_INET6))
			fprintf(
			    made, "%s%s", n++ > 0 ? ", " : "{ ", addr_format(&a, text));
	}
	fputs(" }", made);
	mem_stream_end(made);
	if (n > 0)
		accept_from(r, rule, family, list);
	free(list);
}

static void
accept_set(struct ruleset *r, const struct rule *rule, const struct plan_host *h)
{
	for (int family = 4; family <= 6; family += 2) {
		char *name = NULL;
		size_t size = 0;
		FILE *made = mem_stream(&name, &size);

		putc('@', made);
		set_name(h, family, made);
		mem_stream_end(made);
		accept_from(r, rule, family, name);
		free(name);
	}
}

static void
write_rule(struct ruleset *r, const struct rule *rule)
{
	const struct service *s = plan_service(r->plan, rule->check);
	char cited[700];

	fprintf(r->out, "\n\t\t# %s, %s%s: ", flows_need(rule->need),
	    s->alternative != 0 ? "one alternative of " : "",
	    s->alternative != 0 ? s->alternative_name : s->name);
	remark(r, s->descr);
	fputs("\n\t\t# ", r->out);
	remark(r, plan_citation(r->plan, rule->check, cited, sizeof(cited)));
	putc('\n', r->out);
	accept_family(r, rule, 4);
	accept_family(r, rule, 6);
	for (size_t i = 0; i < rule->npeers; i++) {
		if (!has_address(rule->peers[i]))
			accept_set(r, rule, rule->peers[i]);
	}
}

static bool
same_rule(const struct ruleset *r, const struct rule *rule, const struct flow *f)
{
	const struct check *c = rule->check;

	if (c == NULL || r->inbound)
		return c == f->check;
	return c->cat == f->check->cat && c->service == f->check->service &&
	       rule->need == f->need && portset_equal(&c->ports, &f->check->ports);
}

/* Flows that differ in the peer only make one rule. */
static void
rules(struct ruleset *r, const struct flow *flows, size_t n)
{
	struct rule rule = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct flow *f = &flows[i];
		uint16_t own = r->inbound ? f->check->host : f->source;
		uint16_t peer = r->inbound ? f->source : f->check->host;

		if (own != LOCAL)
			continue;
		if (rule.npeers > 0 && !same_rule(r, &rule, f)) {
			write_rule(r, &rule);
			rule.npeers = 0;
		}
		rule.check = f->check;
		rule.need = f->need;
		mem_grow(rule.peers, rule.npeers, rule.cap);
		rule.peers[rule.npeers++] = &r->plan->hosts[peer];
	}
	if (rule.npeers > 0)
		write_rule(r, &rule);
	free(rule.peers);
}

/* Last, so that a port of two services stays open for those who need it. */
static void
drops(struct ruleset *r)
{
	char cited[700];

	for (uint32_t i = 0; i < r->plan->nchecks; i++) {
		const struct check *c = &r->plan->checks[i];

		if (c->host != LOCAL || !flows_is_forbidden(c) || c->ports.count == 0)
			continue;
		fprintf(r->out, "\n\t\t# %s: ",
		    c->expected == EXPECTED_LOCAL ? "local only" : "must be closed");
		remark(r, plan_citation(r->plan, c, cited, sizeof(cited)));
		fputs("\n\t\tiifname != \"lo\" ", r->out);
		ports(r, c, 4);
		verdict(r, c, "drop");
	}
}

/* ---- the file */

static void
preamble(struct ruleset *r)
{
	fprintf(r->out,
	    "# What the documents imply for %s, made by `svcport export nftables`:\n"
	    "# check with nft -c -f FILE, load with nft -f FILE, as often as you "
	    "like.\n"
	    "# Nothing is filtered until a base chain of yours jumps here, behind its\n"
	    "# rule for established connections:\n"
	    "#   nft add rule inet %s input jump svcport-in\n"
	    "#   nft add rule inet %s output jump svcport-out\n"
	    "# Optional ports are there as comments.\n",
	    r->plan->hosts[LOCAL].name, r->table, r->table);
	if (!r->plan->hosts[LOCAL].has_roles)
		fputs("# Nothing follows: the site file gives this host no role.\n",
		    r->out);
	fprintf(r->out,
	    "\ntable inet %s {\n\tchain svcport-in {\n\t}\n\tchain svcport-out {\n\t}\n"
	    "}\nflush chain inet %s svcport-in\nflush chain inet %s svcport-out\n"
	    "\ntable inet %s {",
	    r->table, r->table, r->table, r->table);
}

static bool
write_ruleset(const struct export_context *x, FILE *out)
{
	struct ruleset r = { .plan = x->plan, .out = out, .table = x->table };
	size_t n;
	struct flow *flows = flows_of(x->plan, &n);

	preamble(&r);
	sets(&r, flows, n);
	r.inbound = true;
	fputs("\n\tchain svcport-in {", out);
	rules(&r, flows, n);
	drops(&r);
	r.inbound = false;
	fputs("\t}\n\n\tchain svcport-out {", out);
	rules(&r, flows, n);
	fputs("\t}\n}\n", out);
	free(flows);
	return true;
}

static const struct export_file files[] = {
	{ "svcport.nft", "chains svcport-in and svcport-out", write_ruleset, NULL,
	    NULL },
};

const struct export_kind export_nftables = {
	"nftables",
	"firewall rules that the documents imply for this host",
	EXPORT_FLOWS,
	files,
	sizeof(files) / sizeof(files[0]),
};
