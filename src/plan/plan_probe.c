#include "plan/plan.h"
#include "plan/plan_build.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "plan/method.h"
#include "model/reason.h"

/* A set of at most so many ports is probed as a whole, a larger one by its samples. */
#define WHOLE_SET_MAX 16

/* One (check, port) pair before equal ones are joined to an endpoint. */
struct want {
	uint32_t check;
	uint16_t host, port, spec;
};

struct wants {
	struct want *v;
	uint32_t n, cap;
};

static bool
same_spec(const struct probe_spec *a, const struct probe_spec *b)
{
	return a->method == b->method && a->protocol == b->protocol &&
	       a->timeout_ms == b->timeout_ms && a->payload.kind == b->payload.kind &&
	       a->payload.len == b->payload.len &&
	       (a->payload.len == 0 ||
		   memcmp(a->payload.bytes, b->payload.bytes, a->payload.len) == 0) &&
	       a->expect_reply == b->expect_reply &&
	       a->silence_fine == b->silence_fine && strcmp(a->reply, b->reply) == 0 &&
	       strcmp(a->application, b->application) == 0 &&
	       strcmp(a->secret_file, b->secret_file) == 0 &&
	       strcmp(a->community, b->community) == 0;
}

static uint16_t
intern_spec(struct build *b, const struct probe_spec *spec, uint32_t *cap)
{
	struct plan *p = b->plan;

	for (uint32_t i = 0; i < p->nspecs; i++) {
		if (same_spec(&p->specs[i], spec))
			return (uint16_t)i;
	}
	if (p->nspecs == UINT16_MAX) {
		diag_error(b->diag, p->site->file, 0,
		    "more than %u different ways to probe: use fewer different "
		    "overrides",
		    UINT16_MAX);
		return 0;
	}
	mem_grow(p->specs, p->nspecs, *cap);
	p->specs[p->nspecs] = *spec;
	return (uint16_t)p->nspecs++;
}

/* The application is part of a spec only where the method speaks it: all plain connects
 * to a port are one piece of work, whatever the documents call the service. */
static const char *
spoken(enum probe_method method, const char *application)
{
	return method == METHOD_GREETING || method == METHOD_TLS ? application : "";
}

static struct payload
payload_of(const struct build *b, const struct check *c, const struct service *s)
{
	struct payload payload = s->payload;
	const struct site_override *o;
	size_t i = 0;

	while ((o = plan_override(b, c->cat, s, c->host, &i)) != NULL) {
		if (o->payload.kind != PAYLOAD_DEFAULT)
			payload = o->payload;
	}
	if (payload.kind == PAYLOAD_DEFAULT)
		payload.kind = method_payload(s->application);
	return payload;
}

#define OVERRIDE(field) offsetof(struct site_override, field)

/* The nearest says it: a site that is for or against TLS has not chosen the document's
 * method. */
static enum probe_method
method_here(const struct build *b, const struct check *c, const struct service *s)
{
	int tls = plan_override_int(b, c->cat, s, c->host, OVERRIDE(tls), -1);
	int method = plan_override_int(b, c->cat, s, c->host, OVERRIDE(method), -1);

	if (method < 0) {
		bool against = (tls == 1) != (s->method == METHOD_TLS);

		method = tls >= 0 && against ? METHOD_NONE : (int)s->method;
	}
	return method_of(s->protocol, s->application, s->encryption,
	    tls >= 0 ? tls : s->tls, (enum probe_method)method);
}

static struct probe_spec
spec_of(const struct build *b, const struct check *c, const struct service *s)
{
	struct probe_spec spec = { .protocol = s->protocol,
		.reply = "",
		.application = "",
		.secret_file = "",
		.community = "" };
	int expect;

	spec.method = method_here(b, c, s);
	spec.timeout_ms = (uint32_t)plan_override_long(
	    b, c->cat, s, c->host, OVERRIDE(timeout_ms), b->plan->site->timeout_ms);
	spec.application = spoken(spec.method, s->application);
	if (spec.method != METHOD_UDP)
		return spec;
	spec.payload = payload_of(b, c, s);
	spec.secret_file = plan_override_text(
	    b, c->cat, s, c->host, OVERRIDE(secret_file), "");
	/* Without the secret a RADIUS server answers nothing: RFC 5997 section 3. */
	if (spec.payload.kind == PAYLOAD_RADIUS && spec.secret_file[0] == '\0')
		spec.payload.kind = PAYLOAD_OFF;
	if (spec.payload.kind != PAYLOAD_RADIUS)
		spec.secret_file = "";
	if (spec.payload.kind == PAYLOAD_SNMP)
		spec.community = plan_override_text(
		    b, c->cat, s, c->host, OVERRIDE(community), "");
	expect = plan_override_int(
	    b, c->cat, s, c->host, OVERRIDE(expect_reply), s->expect_reply);
	spec.expect_reply = expect < 0 ? method_expects_reply(spec.payload.kind)
	                               : expect != 0;
	spec.silence_fine = expect == 0;
	spec.reply = plan_override_text(
	    b, c->cat, s, c->host, OVERRIDE(reply), s->reply);
	return spec;
}

/* The ports of a check that are probed; none, with the reason, when it is idle. */
static enum reason
sampled(const struct build *b, const struct check *c, const struct service *s,
    struct portset *out)
{
	const char *text = plan_override_text(
	    b, c->cat, s, c->host, OVERRIDE(sample_ports), "");
	struct portset samples = { 0 };

	/* A pattern reaches rows of other ports, too: theirs are not among these. */
	if (text[0] != '\0' && portset_parse(text, &samples))
		portset_common(out, &samples, &c->ports);
	portset_clear(&samples);
	if (out->count > 0)
		return REASON_NONE;
	if (portset_size(&c->ports) > WHOLE_SET_MAX)
		return REASON_NO_SAMPLE;
	portset_copy(out, &c->ports);
	return REASON_NONE;
}

static void
want_ports(struct wants *w, uint32_t check, const struct check *c, uint16_t spec,
    const struct portset *ports)
{
	const struct port_range *r = portset_ranges(ports);

	for (uint32_t i = 0; i < ports->count; i++) {
		for (uint32_t port = r[i].low; port <= r[i].high; port++) {
			mem_grow(w->v, w->n, w->cap);
			w->v[w->n++] = (struct want){ check, c->host, (uint16_t)port,
				spec };
		}
	}
}

static void
want_check(struct build *b, uint32_t i, struct wants *w, uint32_t *specs_cap)
{
	struct check *c = &b->plan->checks[i];
	const struct service *s = plan_service(b->plan, c);
	struct portset ports = { 0 };
	struct probe_spec spec;
	uint16_t id;

	c->method = METHOD_NONE;
	if ((c->flags & CHECK_CONNECT) == 0 || (c->flags & CHECK_UNJUDGED) != 0)
		return;
	spec = spec_of(b, c, s);
	if (spec.method == METHOD_NONE) {
		c->idle = REASON_PROTOCOL;
		return;
	}
	if (spec.method == METHOD_UDP && spec.payload.kind == PAYLOAD_OFF) {
		c->idle = payload_of(b, c, s).kind == PAYLOAD_RADIUS
		              ? REASON_NO_SECRET
		              : REASON_PAYLOAD_OFF;
		return;
	}
	if (spec.method == METHOD_ICMP) {
		c->method = METHOD_ICMP;
		id = intern_spec(b, &spec, specs_cap);
		mem_grow(w->v, w->n, w->cap);
		w->v[w->n++] = (struct want){ i, c->host, 0, id };
		return;
	}
	c->idle = (uint8_t)sampled(b, c, s, &ports);
	if (c->idle == REASON_NONE) {
		c->method = (uint8_t)spec.method;
		if (spec.method == METHOD_TLS)
			c->flags |= CHECK_TLS;
		id = intern_spec(b, &spec, specs_cap);
		want_ports(w, i, c, id, &ports);
	}
	portset_clear(&ports);
}

static int
by_endpoint(const void *pa, const void *pb)
{
	const struct want *a = pa;
	const struct want *b = pb;

	if (a->host != b->host)
		return a->host < b->host ? -1 : 1;
	if (a->spec != b->spec)
		return a->spec < b->spec ? -1 : 1;
	if (a->port != b->port)
		return a->port < b->port ? -1 : 1;
	return a->check < b->check ? -1 : a->check > b->check;
}

static bool
same_endpoint(const struct want *a, const struct want *b)
{
	return a->host == b->host && a->port == b->port && a->spec == b->spec;
}

/* Equal wants become one endpoint; probe_checks follows their order. */
static void
join_wants(struct plan *p, struct wants *w)
{
	uint32_t cap = 0;

	p->probe_checks = mem_array(uint32_t, w->n);
	for (uint32_t i = 0; i < w->n; i++) {
		const struct want *want = &w->v[i];
		const struct check *c = &p->checks[want->check];
		struct endpoint *e;

		if (i == 0 || !same_endpoint(want, want - 1)) {
			mem_grow(p->endpoints, p->nendpoints, cap);
			p->endpoints[p->nendpoints++] = (struct endpoint){
				.host = want->host,
				.port = want->port,
				.spec = want->spec,
				.interval = c->interval,
				.first_check = i,
			};
		}
		e = &p->endpoints[p->nendpoints - 1];
		e->nchecks++;
		if (c->interval < e->interval)
			e->interval = c->interval;
		p->probe_checks[i] = want->check;
		p->checks[want->check].nprobes++;
	}
}

/* The way back: which endpoints a check looks at. */
static void
index_probes(struct plan *p, uint32_t total)
{
	uint32_t next = 0;

	p->check_probes = mem_array(uint32_t, total);
	for (uint32_t i = 0; i < p->nchecks; i++) {
		p->checks[i].first_probe = next;
		next += p->checks[i].nprobes;
		p->checks[i].nprobes = 0;
	}
	for (uint32_t e = 0; e < p->nendpoints; e++) {
		struct endpoint *ep = &p->endpoints[e];
		struct plan_host *h = &p->hosts[ep->host];

		if (h->nendpoints++ == 0)
			h->first_endpoint = e;
		for (uint32_t k = 0; k < ep->nchecks; k++) {
			struct check *c =
			    &p->checks[p->probe_checks[ep->first_check + k]];

			p->check_probes[c->first_probe + c->nprobes++] = e;
		}
	}
}

void
plan_probes(struct build *b)
{
	struct wants w = { 0 };
	uint32_t specs_cap = 0;

	for (uint32_t i = 0; i < b->plan->nchecks; i++)
		want_check(b, i, &w, &specs_cap);
	if (w.n > 0)
		qsort(w.v, w.n, sizeof(*w.v), by_endpoint);
	join_wants(b->plan, &w);
	index_probes(b->plan, w.n);
	free(w.v);
}
