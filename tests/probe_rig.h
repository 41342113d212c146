#ifndef PROBE_RIG_H
#define PROBE_RIG_H

/* A plan made by hand, an engine at work on it, and what it told. */

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "plan/plan.h"
#include "probe/probe.h"

struct rig {
	struct loop *loop;
	struct probe_engine *engine;
	struct plan plan;
	struct probe_result *results; /* the last one of each endpoint */
	char (*details)[80];
	uint32_t *counts; /* results of each endpoint */
	uint32_t total;
	void (*hook)(struct rig *rig, const struct probe_result *r);
};

void rig_open(struct rig *rig, const struct probe_config *config);
/* The same on a loop that is there already; rig_close() frees it. */
void rig_open_on(struct rig *rig, struct loop *loop, const struct probe_config *config);
void rig_close(struct rig *rig);

/* In ascending order: hosts, and endpoints by host.  They return the index. */
uint16_t rig_host(struct rig *rig, const char *address);
uint16_t rig_spec(struct rig *rig, enum probe_method method, enum proto protocol,
    uint32_t timeout_ms);
uint32_t rig_endpoint(
    struct rig *rig, uint16_t host, uint16_t spec, uint16_t port, uint32_t interval);
/* Gives the plan as it is to the engine. */
void rig_go(struct rig *rig);

/* Runs the loop until `total` results have come, or `ms` passed: false. */
bool rig_until(struct rig *rig, uint32_t total, int ms);
/* Runs the loop for `ms`. */
void rig_for(struct rig *rig, int ms);

/* A listening TCP socket on `address`, its port in *port; never accepts. */
int rig_listen(const char *address, uint16_t *port, int backlog);
/* A port of `address` on which nothing listens. */
uint16_t rig_free_port(const char *address, int type);

#endif
