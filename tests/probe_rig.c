#include "probe_rig.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

static void
on_result(void *arg, const struct probe_result *r)
{
	struct rig *rig = arg;

	if (r->endpoint >= rig->plan.nendpoints)
		abort();
	rig->results[r->endpoint] = *r;
	snprintf(rig->details[r->endpoint], 80, "%s", r->detail);
	rig->counts[r->endpoint]++;
	rig->total++;
	if (rig->hook != NULL)
		rig->hook(rig, r);
}

void
rig_open(struct rig *rig, const struct probe_config *config)
{
	rig_open_on(rig, loop_new(), config);
}

void
rig_open_on(struct rig *rig, struct loop *loop, const struct probe_config *config)
{
	memset(rig, 0, sizeof(*rig));
	rig->loop = loop;
	rig->engine = probe_engine_new(rig->loop, config, on_result, rig);
	if (rig->engine == NULL)
		abort();
}

static void
clear_plan(struct rig *rig)
{
	free(rig->plan.hosts);
	free(rig->plan.specs);
	free(rig->plan.endpoints);
	free(rig->results);
	free(rig->details);
	free(rig->counts);
}

void
rig_close(struct rig *rig)
{
	probe_engine_free(rig->engine);
	loop_free(rig->loop);
	clear_plan(rig);
}

uint16_t
rig_host(struct rig *rig, const char *address)
{
	struct plan *p = &rig->plan;
	struct plan_host *h;

	p->hosts = mem_resize(p->hosts, p->nhosts + 1, sizeof(*p->hosts));
	h = &p->hosts[p->nhosts];
	*h = (struct plan_host){ .number = (uint16_t)(p->nhosts + 1),
		.local = address[0] == '\0',
		.name = address,
		.address = address,
		.first_endpoint = p->nendpoints };
	(void)addr_parse(address, &h->addr);
	return (uint16_t)p->nhosts++;
}

uint16_t
rig_spec(
    struct rig *rig, enum probe_method method, enum proto protocol, uint32_t timeout_ms)
{
	struct plan *p = &rig->plan;

	p->specs = mem_resize(p->specs, p->nspecs + 1, sizeof(*p->specs));
	p->specs[p->nspecs] = (struct probe_spec){ .method = method,
		.protocol = protocol,
		.timeout_ms = timeout_ms,
		.payload = { .kind = PAYLOAD_NONE },
		.reply = "",
		.application = "",
		.secret_file = "",
		.community = "" };
	return (uint16_t)p->nspecs++;
}

uint32_t
rig_endpoint(
    struct rig *rig, uint16_t host, uint16_t spec, uint16_t port, uint32_t interval)
{
	struct plan *p = &rig->plan;

	if ((p->nendpoints & (p->nendpoints - 1)) == 0) {
		uint32_t cap = p->nendpoints != 0 ? 2 * p->nendpoints : 1;

		p->endpoints = mem_resize(p->endpoints, cap, sizeof(*p->endpoints));
		rig->results = mem_resize(rig->results, cap, sizeof(*rig->results));
		rig->details = mem_resize(rig->details, cap, sizeof(*rig->details));
		rig->counts = mem_resize(rig->counts, cap, sizeof(*rig->counts));
	}
	rig->counts[p->nendpoints] = 0;
	p->endpoints[p->nendpoints] = (struct endpoint){
		.host = host, .spec = spec, .port = port, .interval = interval
	};
	if (p->hosts[host].nendpoints++ == 0)
		p->hosts[host].first_endpoint = p->nendpoints;
	return p->nendpoints++;
}

void
rig_go(struct rig *rig)
{
	probe_engine_set_plan(rig->engine, &rig->plan);
}

bool
rig_until(struct rig *rig, uint32_t total, int ms)
{
	struct mono end = mono_add_ms(mono_now(), ms);

	while (rig->total < total && mono_before(mono_now(), end)) {
		if (loop_turn(rig->loop, 20) != 0)
			abort();
	}
	return rig->total >= total;
}

void
rig_for(struct rig *rig, int ms)
{
	(void)rig_until(rig, UINT32_MAX, ms);
}

static int
bound(const char *address, int type, uint16_t *port)
{
	struct addr a;
	struct sockaddr_storage sa;
	socklen_t len;
	int fd;

	if (!addr_parse(address, &a))
		abort();
	len = addr_sockaddr(&a, *port, &sa);
	fd = socket(a.family, type | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, len) != 0 ||
	    getsockname(fd, (struct sockaddr *)&sa, &len) != 0)
		abort();
	*port = ntohs(((struct sockaddr_in *)&sa)->sin_port);
	return fd;
}

int
rig_listen(const char *address, uint16_t *port, int backlog)
{
	int fd;

	*port = 0;
	fd = bound(address, SOCK_STREAM, port);
	if (listen(fd, backlog) != 0)
		abort();
	return fd;
}

uint16_t
rig_free_port(const char *address, int type)
{
	uint16_t port = 0;

	close(bound(address, type, &port));
	return port;
}
