#include "settx.h"

#include <stdlib.h>

#include "publish/feed.h"
#include "base/log.h"
#include "base/mem.h"
#include "mibview.h"
#include "mibwalk.h"
#include "plan/plan.h"
#include "publish/store.h"
#include "tables.h"

#define HEARTBEAT_MIN 60
#define HEARTBEAT_MAX 86400

struct settx {
	const struct mibview *view;
	struct feed *feed;
	long id;
	struct command *undo; /* in the order they were done */
	uint32_t nundo, undo_cap;
	struct mono last_probe; /* svcPortProbeNow; {0}: never */
};

struct settx *
settx_new(const struct mibview *view, struct feed *feed)
{
	struct settx *t = mem_new(struct settx);

	t->view = view;
	t->feed = feed;
	return t;
}

void
settx_free(struct settx *t)
{
	if (t == NULL)
		return;
	free(t->undo);
	free(t);
}

void
settx_begin(struct settx *t, long id)
{
	t->id = id;
	t->nundo = 0;
}

/* What a writable column means: its command and the values it takes. */
static bool
command_kind(const struct mibwalk_place *p, enum command_kind *kind)
{
	static const enum command_kind scalars[] = { COMMAND_NOTIFY_ENABLE,
		COMMAND_MUTE, COMMAND_HEARTBEAT, COMMAND_PROBE_NOW };

	if (p->column->access != MIBTAB_WRITE)
		return false;
	if (p->table == &tab_control)
		*kind = scalars[p->column->number - 1];
	else if (p->table == &tab_control_check && p->column->number == 1)
		*kind = COMMAND_ADMIN;
	else
		*kind = COMMAND_MUTE;
	return true;
}

static bool
in_range(enum command_kind kind, int64_t value)
{
	switch (kind) {
	case COMMAND_NOTIFY_ENABLE:
	case COMMAND_PROBE_NOW:
	case COMMAND_ADMIN:
		return value == 1 || value == 2;
	case COMMAND_MUTE:
		return value >= 0 && value <= MIBVIEW_MUTE_MAX;
	case COMMAND_HEARTBEAT:
		return value == 0 || (value >= HEARTBEAT_MIN && value <= HEARTBEAT_MAX);
	}
	return false;
}

static bool
probed_lately(const struct settx *t)
{
	return t->last_probe.ns != 0 &&
	       mono_before(
		   t->view->now, mono_add_s(t->last_probe, SETTX_PROBE_SECONDS));
}

enum settx_error
settx_reserve(
    const struct settx *t, const uint32_t *name, size_t len, int type, int64_t value)
{
	struct mibwalk_place place;
	enum command_kind kind;

	switch (mibwalk_find(t->view, name, len, &place)) {
	case MIBWALK_NO_OBJECT:
		return SETTX_NOT_WRITABLE;
	case MIBWALK_NO_INSTANCE:
		return SETTX_NO_CREATION;
	case MIBWALK_FOUND:
		break;
	}
	if (!command_kind(&place, &kind))
		return SETTX_NOT_WRITABLE;
	if (type != (int)place.column->type)
		return SETTX_WRONG_TYPE;
	if (!in_range(kind, value))
		return SETTX_WRONG_VALUE;
	if (kind == COMMAND_PROBE_NOW && value == CONTROL_PROBE_START &&
	    probed_lately(t))
		return SETTX_UNAVAILABLE;
	return SETTX_OK;
}

/* The row that a command is about. */
static void
set_row(const struct mibview *v, const struct mibwalk_place *p, struct command *c)
{
	const struct mibtab_index *x = mibview_index(v, p->table->rows);
	const uint32_t *ids = x->ids + (size_t)p->row * x->stride;

	c->catalogue = c->service = c->host = 0;
	if (p->table == &tab_control_host) {
		c->host = (uint16_t)ids[0];
	} else if (p->table == &tab_control_check) {
		c->catalogue = (uint16_t)ids[0];
		c->service = (uint16_t)ids[1];
		c->host = (uint16_t)ids[2];
	}
}

/* The command that restores the present state. */
static struct command
inverse(const struct mibview *v, const struct mibwalk_place *p, enum command_kind kind)
{
	const struct store *s = v->store;
	struct command c = { .kind = kind };

	set_row(v, p, &c);
	switch (kind) {
	case COMMAND_NOTIFY_ENABLE:
		c.value = s->sys.notify_enable;
		break;
	case COMMAND_HEARTBEAT:
		c.value = s->sys.heartbeat;
		break;
	case COMMAND_ADMIN:
		c.value = (s->rows[p->row].flags & ROW_DISABLED) == 0;
		break;
	case COMMAND_MUTE:
		if (p->table == &tab_control_host)
			c.value = s->hosts[p->row].mute_until;
		else if (p->table == &tab_control_check)
			c.value = s->rows[p->row].mute_until;
		else
			c.value = s->sys.mute_until;
		break;
	case COMMAND_PROBE_NOW:
		break;
	}
	return c;
}

static uint32_t
command_value(const struct mibview *v, enum command_kind kind, int64_t value)
{
	switch (kind) {
	case COMMAND_NOTIFY_ENABLE:
	case COMMAND_ADMIN:
		return value == 1;
	case COMMAND_MUTE:
		return value == 0 ? 0 : (uint32_t)(v->wall / 1000 + value);
	case COMMAND_HEARTBEAT:
	case COMMAND_PROBE_NOW:
		break;
	}
	return (uint32_t)value;
}

enum settx_error
settx_action(struct settx *t, long id, const uint32_t *name, size_t len, int64_t value)
{
	struct mibwalk_place place;
	struct command c, back;

	if (id != t->id || mibwalk_find(t->view, name, len, &place) != MIBWALK_FOUND ||
	    !command_kind(&place, &c.kind))
		return SETTX_COMMIT_FAILED; /* the row went since RESERVE */
	if (c.kind == COMMAND_PROBE_NOW && value != CONTROL_PROBE_START)
		return SETTX_OK;
	back = inverse(t->view, &place, c.kind);
	set_row(t->view, &place, &c);
	c.value = command_value(t->view, c.kind, value);
	if (!feed_command(t->feed, &c))
		return SETTX_COMMIT_FAILED;
	log_info("agentx", "SET %s of row %u.%u.%u: %lld", place.column->name,
	    c.catalogue, c.service, c.host, (long long)value);
	if (c.kind == COMMAND_PROBE_NOW) {
		t->last_probe = t->view->now; /* a round more harms nobody: stays */
		return SETTX_OK;
	}
	mem_grow(t->undo, t->nundo, t->undo_cap);
	t->undo[t->nundo++] = back;
	return SETTX_OK;
}

enum settx_error
settx_undo(struct settx *t, long id)
{
	enum settx_error error = SETTX_OK;

	if (id != t->id)
		return SETTX_OK;
	while (t->nundo > 0) {
		const struct command *back = &t->undo[--t->nundo];

		if (feed_command(t->feed, back)) {
			log_info("agentx", "SET of row %u.%u.%u undone",
			    back->catalogue, back->service, back->host);
			continue;
		}
		log_error("agentx", "SET could not be undone: %u.%u.%u",
		    back->catalogue, back->service, back->host);
		error = SETTX_UNDO_FAILED;
	}
	return error;
}

void
settx_end(struct settx *t, long id)
{
	if (id == t->id)
		t->nundo = 0;
}
