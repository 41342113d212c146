#include "fixture.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "listen/listeners.h"
#include "base/mem.h"
#include "model/reason.h"
#include "publish/rowindex.h"
#include "publish/store.h"

#define WALL 1790000000000 /* ms: some day of 2026 */

static const enum proto protocols[] = { PROTO_TCP, PROTO_UDP, PROTO_ICMP, PROTO_NONE };

static struct service
make_service(uint32_t i)
{
	struct service s = { .number = (uint16_t)(1 + 2 * i),
		.line = i / 2 + 1,
		.protocol = protocols[i % 4],
		.policy = POLICY_SINGLE,
		.expect = (enum requirement)(i % 5),
		.feature = i % 3 == 0 ? 0 : -1,
		.alternative = i % 7 == 0 ? 1 : 0,
		.method = METHOD_NONE,
		.expect_reply = -1,
		.tls = -1 };

	s.section = mem_printf("Table %u", i / 10 + 1);
	s.name = mem_printf("service-%u", i);
	s.descr = mem_printf("What service %u is for", i);
	s.ports = i % 4 > 1    ? mem_strdup("")
	          : i % 5 == 0 ? mem_strdup("${base}+4")
	                       : mem_printf("%u", 1024 + i % 60000);
	s.alternative_name = mem_strdup("");
	s.application = mem_strdup(i % 2 == 0 ? "HTTPS" : "");
	s.encryption = mem_strdup(i % 2 == 0 ? "TLS" : "none");
	s.executable = mem_strdup("");
	s.versions = mem_strdup("");
	s.note = mem_strdup(i % 4 == 0 ? "as the document says" : "");
	s.reply = mem_strdup("");
	s.from = mem_array(uint16_t, 1);
	s.nfrom = 1;
	s.to = mem_array(uint16_t, 1);
	s.nto = 1;
	s.to[0] = 1;
	return s;
}

static struct catalogue *
make_catalogue(uint32_t i, uint32_t services)
{
	struct catalogue *c = mem_new(struct catalogue);

	c->file = mem_strdup("");
	c->number = (uint16_t)(1 + 3 * i);
	c->name = mem_printf("product-%u", i);
	c->vendor = mem_printf("Vendor %u", i);
	c->product = mem_strdup("Product");
	c->version = mem_strdup("1.0");
	c->title = mem_strdup("Port Requirements");
	c->revision = mem_strdup("A");
	c->lines = services / 2 + 1;
	c->nroles = 2;
	c->roles = mem_array(struct role, 2);
	c->roles[0].name = mem_strdup("client");
	c->roles[0].descr = mem_strdup("");
	c->roles[1].name = mem_strdup("server");
	c->roles[1].descr = mem_strdup("");
	c->nfeatures = 1;
	c->features = mem_array(struct feature, 1);
	c->features[0].name = mem_strdup("ldap");
	c->features[0].descr = mem_strdup("");
	c->nparameters = 1;
	c->parameters = mem_array(struct parameter, 1);
	c->parameters[0].name = mem_strdup("base");
	c->parameters[0].descr = mem_strdup("");
	c->parameters[0].defaults = mem_array(long, 1);
	c->parameters[0].defaults[0] = 1960;
	c->parameters[0].ndefaults = 1;
	c->parameters[0].min = 1;
	c->parameters[0].max = 65535;
	c->nservices = services;
	c->services = mem_array(struct service, services);
	for (uint32_t s = 0; s < services; s++)
		c->services[s] = make_service(s);
	return c;
}

static void
add_check(struct plan *p, uint32_t cat, uint32_t service, uint32_t host)
{
	const struct service *s = &p->cats[cat].cat->services[service];
	struct check *c = &p->checks[p->nchecks++];

	c->cat = (uint16_t)cat;
	c->service = (uint16_t)service;
	c->host = (uint16_t)host;
	c->flags = host == 0 ? CHECK_LISTEN : CHECK_CONNECT;
	c->expected = (uint8_t)(1 + service % 6);
	c->policy = (uint8_t)s->policy;
	c->method = METHOD_CONNECT;
	c->interval = 60;
	if (s->protocol == PROTO_TCP || s->protocol == PROTO_UDP) {
		uint16_t port = (uint16_t)(1024 + service % 60000);

		portset_add(&c->ports, port, port);
		if (service % 8 == 1)
			portset_add(
			    &c->ports, (uint16_t)(port + 2), (uint16_t)(port + 5));
	}
}

static void
make_hosts(struct plan *p, uint32_t n)
{
	struct site *site = site_default();

	site->nhosts = n;
	site->hosts = mem_array(struct site_host, n);
	p->site = site;
	p->nhosts = n;
	p->hosts = mem_array(struct plan_host, n);
	for (uint32_t i = 0; i < n; i++) {
		struct plan_host *h = &p->hosts[i];

		site->hosts[i].name = mem_printf("host-%u", i);
		h->number = (uint16_t)(1 + 5 * i);
		h->local = i == 0;
		h->has_roles = true;
		h->name = site->hosts[i].name;
		h->address = "";
	}
}

struct plan *
fixture_plan(const struct fixture_size *size)
{
	struct plan *p = mem_new(struct plan);
	uint32_t n = 0;

	p->refs = 1;
	p->local_name = mem_strdup("here");
	p->roles_here = true;
	p->catalogues.n = p->ncats = size->cats;
	p->catalogues.v = mem_array(struct catalogue *, size->cats);
	p->cats = mem_array(struct plan_catalogue, size->cats);
	for (uint32_t i = 0; i < size->cats; i++) {
		struct catalogue *c = make_catalogue(i, size->services);

		p->catalogues.v[i] = c;
		p->cats[i].cat = c;
		p->cats[i].number = c->number;
		p->cats[i].name = c->name;
	}
	make_hosts(p, size->hosts);
	p->checks = mem_array(
	    struct check, (size_t)size->cats * size->services * size->hosts);
	for (uint32_t c = 0; c < size->cats; c++) {
		p->cats[c].first_check = p->nchecks;
		for (uint32_t s = 0; s < size->services; s++)
			for (uint32_t h = 0; h < size->hosts; h++)
				if (size->skip == 0 || ++n % size->skip != 0)
					add_check(p, c, s, h);
		p->cats[c].nchecks = p->nchecks - p->cats[c].first_check;
	}
	return p;
}

struct row
fixture_row(const struct plan *p, uint32_t check, uint32_t round)
{
	uint32_t x = check + round;
	struct row r = { .listen = (uint8_t)(1 + x % 6),
		.connect = (uint8_t)(1 + x % 10),
		.verdict = (uint8_t)(1 + x % 7),
		.severity = (uint8_t)(1 + x % 6),
		.stage = (uint8_t)(1 + x % 5),
		.reason = REASON_LISTENING,
		.flags = (uint8_t)(x % 4),
		.rtt_us = 100 + x,
		.last_change = WALL - 1000 * (wall_t)(x % 5000),
		.last_probe = x % 9 == 0 ? 0 : WALL - 100 * (wall_t)(x % 700),
		.last_open = x % 8 == 0 ? 0 : WALL - 900 * (wall_t)(x % 600),
		.attempts = 1000 + x,
		.failures = x % 1000,
		.failures_row = x % 10,
		.transitions = x % 77,
		.open_ports = x % 3,
		.queue = x % 128,
		.queue_limit = 128,
		.mute_until = x % 11 == 0 ? 2000000000 : 0 };

	(void)p;
	if (check % 3 == 0)
		r.detail = row_detail_new("1024,1026-1029", "0.0.0.0,[::]",
		    "nginx.service", "", check % 6 == 0 ? "TLSv1.3" : "",
		    check % 6 == 0 ? WALL + 86400000 * (wall_t)(check % 400) : 0);
	return r;
}

/* IPv4, IPv6, link-local IPv6 and none, in turn. */
static struct addr
make_address(uint32_t i)
{
	struct addr a = { 0 };
	char text[64];

	switch (i % 4) {
	case 0:
		snprintf(text, sizeof(text), "192.0.%u.%u", i / 256 % 256, i % 256);
		addr_parse(text, &a);
		break;
	case 1:
		snprintf(text, sizeof(text), "2001:db8::%x", i % 65536);
		addr_parse(text, &a);
		break;
	case 2:
		addr_parse("fe80::1", &a);
		a.scope = 2 + i;
		break;
	default:
		break;
	}
	return a;
}

struct host_row
fixture_host(const struct plan *p, uint32_t host, uint32_t round)
{
	(void)p;
	return (struct host_row){
		.state = (uint8_t)(1 + (host + round) % 3),
		.severity = (uint8_t)(1 + host % 6),
		.mute_until = host % 4 == 0 ? 2000000000 : 0,
		.last_change = WALL - 5000 * (wall_t)host,
		.addr = make_address(host),
	};
}

struct alarm_row
fixture_alarm(const struct plan *p, uint32_t index)
{
	static const enum alarm_type types[] = { ALARM_REQUIRED_CLOSED,
		ALARM_RECOMMENDED_CLOSED, ALARM_FORBIDDEN_OPEN, ALARM_HOST_DOWN,
		ALARM_QUEUE_FULL, ALARM_UNDOCUMENTED, ALARM_NOT_ENCRYPTED };
	enum alarm_type type = types[index % 7];
	struct alarm_row a = { .index = index,
		.type = (uint8_t)type,
		.severity = (uint8_t)(3 + index % 4),
		.stage = (uint8_t)(STAGE_RAISED + index % 3),
		.object = index % (type == ALARM_HOST_DOWN ? p->nhosts : p->nchecks),
		.notify_seq = 100 + index,
		.since = WALL - 60000 * (wall_t)index,
		.listener = { .protocol = PROTO_TCP,
		    .port = (uint16_t)(1 + index),
		    .addr = make_address(index % 3) } };

	snprintf(a.text, sizeof(a.text), "RAISE alarm %u", index);
	return a;
}

struct system_row
fixture_system(void)
{
	struct system_row sys = { .config_status = CONFIG_WARNINGS,
		.config_text = "svcport.cfg:7: something to look at",
		.config_time = WALL - 3600000,
		.start_time = WALL - 7200000,
		.probe_lag = 3,
		.undocumented = 4,
		.muted = 5,
		.mute_until = 2000000000,
		.heartbeat = 300,
		.notify_enable = true };

	return sys;
}

struct listener_table *
fixture_listeners(uint32_t n)
{
	struct listener *v = mem_array(struct listener, n);

	for (uint32_t i = 0; i < n; i++) {
		v[i].protocol = i % 2 == 0 ? PROTO_TCP : PROTO_UDP;
		v[i].port = (uint16_t)(1 + i / 8);
		v[i].addr = make_address(i % 4 == 3 ? 1 : i);
		if (i % 4 == 3) {
			v[i].dual = true;
			memset(v[i].addr.bytes, 0, sizeof(v[i].addr.bytes));
		}
		v[i].queue = i % 16;
		v[i].queue_limit = 16;
		v[i].sockets = 1;
		v[i].first_seen = WALL - 1000 * (wall_t)i;
		v[i].services = (uint16_t)(i % 3);
		v[i].service = i % 3;
		v[i].owner = i % 5 == 0 ? NULL : "sshd.service";
	}
	return listeners_new(v, n);
}

static void
about_check(struct event *e, const struct plan *p)
{
	const struct check *c = &p->checks[0];

	plan_check_name(p, c, e->object);
	snprintf(e->catalogue, sizeof(e->catalogue), "%s", p->cats[c->cat].name);
	snprintf(e->service, sizeof(e->service), "%s", plan_service(p, c)->name);
	snprintf(e->host, sizeof(e->host), "%s", p->hosts[c->host].name);
	portset_format(&c->ports, e->ports, sizeof(e->ports));
	e->protocol = (uint8_t)plan_service(p, c)->protocol;
	e->expected = c->expected;
	e->listen = LISTEN_NOT;
	e->connect = CONNECT_NA;
	e->verdict = VERDICT_CLOSED_REQUIRED;
	e->index_len = (uint8_t)rowindex_check(p, c, e->index);
}

static void
about_listener(struct event *e)
{
	struct listener l = { .protocol = PROTO_TCP, .port = 4444, .dual = true };

	listeners_name(&l, e->object);
	e->scope = 1;
	snprintf(e->owner, sizeof(e->owner), "nc");
	e->index_len = (uint8_t)rowindex_listener(&l, e->index);
}

struct event
fixture_event(const struct plan *p, enum event_number number, uint32_t seq)
{
	struct event e = { .seq = seq,
		.time = WALL + 100 * (wall_t)seq,
		.number = (uint8_t)number,
		.severity = SEVERITY_MAJOR,
		.alarm_index = 1000 + seq,
		.last_change = WALL - 1234,
		.host_state = HOST_UNREACHABLE,
		.checks = 12,
		.deviations = 3,
		.alarms = 7,
		.worst_severity = SEVERITY_CRITICAL,
		.closed_required = 2,
		.config_status = CONFIG_FAILED,
		.dropped = 9 };

	snprintf(e.message, sizeof(e.message), "message of event %u", seq);
	switch (event_kind(number)) {
	case EVENT_KIND_CHECK:
		about_check(&e, p);
		break;
	case EVENT_KIND_HOST:
		snprintf(e.object, sizeof(e.object), "%s", p->hosts[0].name);
		snprintf(e.host, sizeof(e.host), "%s", p->hosts[0].name);
		snprintf(e.addr_text, sizeof(e.addr_text), "192.0.2.7");
		e.index_len = (uint8_t)rowindex_host(&p->hosts[0], e.index);
		break;
	case EVENT_KIND_LISTENER:
		about_listener(&e);
		break;
	case EVENT_KIND_HEARTBEAT:
	case EVENT_KIND_INVENTORY:
	case EVENT_KIND_OVERFLOW:
		break;
	}
	return e;
}

void
fixture_store(struct store *s, const struct fixture_size *size, uint32_t alarms,
    uint32_t listeners, int64_t now_ns)
{
	struct mono now = { now_ns };
	struct plan *p = fixture_plan(size);
	struct row *rows = mem_array(struct row, p->nchecks);
	struct host_row *hosts = mem_array(struct host_row, p->nhosts);

	store_init(s);
	for (uint32_t i = 0; i < p->nchecks; i++)
		rows[i] = fixture_row(p, i, 0);
	for (uint32_t i = 0; i < p->nhosts; i++)
		hosts[i] = fixture_host(p, i, 0);
	store_set_plan(s, p, rows, hosts, now);
	for (uint32_t i = 0; i < p->nchecks; i++)
		row_detail_unref(rows[i].detail);
	free(rows);
	free(hosts);
	for (uint32_t i = 0; i < alarms; i++) {
		struct alarm_row a = fixture_alarm(p, 3 + 2 * i);

		store_set_alarm(s, &a, now);
	}
	s->sys = fixture_system();
	s->listeners = fixture_listeners(listeners);
	plan_unref(p);
}
