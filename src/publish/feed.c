#include "publish/feed.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "listen/listeners.h"
#include "base/mem.h"
#include "plan/plan.h"
#include "publish/store.h"

struct pending_row {
	uint32_t check;
	struct row row;
};

struct pending_host {
	uint32_t host;
	struct host_row row;
};

struct pending_alarm {
	bool gone;
	struct alarm_row alarm; /* only its index counts when it is gone */
};

/* What the reader has not fetched yet.  Two of them: the writer fills one under the
 * lock, the reader takes it away whole and applies it without the lock. */
struct batch {
	struct plan *plan; /* NULL: no new plan; else rows and hosts of it follow */
	struct row *rows;
	struct host_row *hosts;
	struct pending_row *changed;
	uint32_t nchanged, changed_cap;
	struct pending_host *host_changed;
	uint32_t nhosts, hosts_cap;
	struct pending_alarm *alarms;
	uint32_t nalarms, alarms_cap;
	uint32_t *places; /* hash of an alarm's index -> place in `alarms`, plus one */
	uint32_t nplaces; /* a power of two, more than twice nalarms; or 0 */
	struct system_row *sys;
	struct listener_table *listeners;
	bool any;
};

struct feed {
	pthread_mutex_t lock;
	int fd;
	int command_fd;
	struct batch batch;
	/* of a check in batch.changed, of a host in batch.host_changed, plus one; 0:
	 * not pending */
	uint32_t *slot, *host_slot;
	struct command commands[FEED_COMMANDS_MAX];
	uint32_t first_command, ncommands;
};

struct feed *
feed_new(void)
{
	struct feed *f = mem_new(struct feed);

	pthread_mutex_init(&f->lock, NULL);
	f->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	f->command_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (f->fd < 0 || f->command_fd < 0) {
		feed_free(f);
		return NULL;
	}
	return f;
}

static void
drop_rows(struct batch *b)
{
	for (uint32_t i = 0; i < b->nchanged; i++)
		row_detail_unref(b->changed[i].row.detail);
	b->nchanged = 0;
	b->nhosts = 0;
	for (uint32_t i = 0; b->plan != NULL && i < b->plan->nchecks; i++)
		row_detail_unref(b->rows[i].detail);
	free(b->rows);
	free(b->hosts);
	plan_unref(b->plan);
	b->rows = NULL;
	b->hosts = NULL;
	b->plan = NULL;
}

static void
batch_clear(struct batch *b)
{
	drop_rows(b);
	free(b->changed);
	free(b->host_changed);
	free(b->alarms);
	free(b->places);
	free(b->sys);
	listeners_unref(b->listeners);
	*b = (struct batch){ 0 };
}

void
feed_free(struct feed *f)
{
	if (f == NULL)
		return;
	batch_clear(&f->batch);
	free(f->slot);
	free(f->host_slot);
	if (f->fd >= 0)
		close(f->fd);
	if (f->command_fd >= 0)
		close(f->command_fd);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

static void
signal_fd(int fd)
{
	static const uint64_t one = 1;

	(void)!write(fd, &one, sizeof(one));
}

/* ---- the writer */

void
feed_plan(struct feed *f, struct plan *plan, const struct row *rows,
    const struct host_row *hosts)
{
	struct row *rows_copy = mem_array(struct row, plan->nchecks);
	struct host_row *hosts_copy = mem_array(struct host_row, plan->nhosts);
	uint32_t *slot = mem_array(uint32_t, plan->nchecks), *old_slot;
	uint32_t *host_slot = mem_array(uint32_t, plan->nhosts), *old_host_slot;

	memcpy(rows_copy, rows, plan->nchecks * sizeof(*rows));
	memcpy(hosts_copy, hosts, plan->nhosts * sizeof(*hosts));
	for (uint32_t i = 0; i < plan->nchecks; i++)
		row_detail_ref(rows_copy[i].detail);
	pthread_mutex_lock(&f->lock);
	drop_rows(&f->batch);
	f->batch.plan = plan_ref(plan);
	f->batch.rows = rows_copy;
	f->batch.hosts = hosts_copy;
	f->batch.any = true;
	old_slot = f->slot;
	f->slot = slot;
	old_host_slot = f->host_slot;
	f->host_slot = host_slot;
	pthread_mutex_unlock(&f->lock);
	free(old_slot);
	free(old_host_slot);
}

void
feed_row(struct feed *f, uint32_t check, const struct row *row)
{
	struct batch *b = &f->batch;
	struct row_detail *old = NULL;

	row_detail_ref(row->detail);
	pthread_mutex_lock(&f->lock);
	if (f->slot[check] != 0) {
		old = b->changed[f->slot[check] - 1].row.detail;
	} else {
		mem_grow(b->changed, b->nchanged, b->changed_cap);
		b->nchanged++;
		f->slot[check] = b->nchanged;
	}
	b->changed[f->slot[check] - 1] = (struct pending_row){ check, *row };
	b->any = true;
	pthread_mutex_unlock(&f->lock);
	row_detail_unref(old);
}

void
feed_host(struct feed *f, uint32_t host, const struct host_row *row)
{
	struct batch *b = &f->batch;

	pthread_mutex_lock(&f->lock);
	if (f->host_slot[host] == 0) {
		mem_grow(b->host_changed, b->nhosts, b->hosts_cap);
		f->host_slot[host] = ++b->nhosts;
	}
	b->host_changed[f->host_slot[host] - 1] = (struct pending_host){ host, *row };
	b->any = true;
	pthread_mutex_unlock(&f->lock);
}

/* Where the place of an alarm is noted, or is to be: linear probing, since alarms are
 * numbered one after the other. */
static uint32_t *
place_of(const struct batch *b, uint32_t index)
{
	uint32_t mask = b->nplaces - 1, i = index & mask;

	while (b->places[i] != 0 && b->alarms[b->places[i] - 1].alarm.index != index)
		i = (i + 1) & mask;
	return &b->places[i];
}

static void
grow_places(struct batch *b)
{
	free(b->places);
	b->nplaces = b->nplaces > 0 ? 2 * b->nplaces : 64;
	b->places = mem_array(uint32_t, b->nplaces);
	for (uint32_t i = 0; i < b->nalarms; i++)
		*place_of(b, b->alarms[i].alarm.index) = i + 1;
}

static void
put_alarm(struct feed *f, const struct pending_alarm *p)
{
	struct batch *b = &f->batch;
	uint32_t *place;

	pthread_mutex_lock(&f->lock);
	if (2 * (b->nalarms + 1) > b->nplaces)
		grow_places(b);
	place = place_of(b, p->alarm.index);
	if (*place == 0) {
		mem_grow(b->alarms, b->nalarms, b->alarms_cap);
		*place = ++b->nalarms;
	}
	b->alarms[*place - 1] = *p;
	b->any = true;
	pthread_mutex_unlock(&f->lock);
}

void
feed_alarm(struct feed *f, const struct alarm_row *alarm)
{
	struct pending_alarm p = { .alarm = *alarm };

	put_alarm(f, &p);
}

void
feed_alarm_gone(struct feed *f, uint32_t index)
{
	struct pending_alarm p = { .gone = true, .alarm = { .index = index } };

	put_alarm(f, &p);
}

void
feed_system(struct feed *f, const struct system_row *sys)
{
	pthread_mutex_lock(&f->lock);
	if (f->batch.sys == NULL)
		f->batch.sys = mem_new(struct system_row);
	*f->batch.sys = *sys;
	f->batch.any = true;
	pthread_mutex_unlock(&f->lock);
}

void
feed_listeners(struct feed *f, struct listener_table *table)
{
	struct listener_table *old;

	listeners_ref(table);
	pthread_mutex_lock(&f->lock);
	old = f->batch.listeners;
	f->batch.listeners = table;
	f->batch.any = true;
	pthread_mutex_unlock(&f->lock);
	listeners_unref(old);
}

void
feed_flush(struct feed *f)
{
	bool any;

	pthread_mutex_lock(&f->lock);
	any = f->batch.any;
	pthread_mutex_unlock(&f->lock);
	if (any)
		signal_fd(f->fd);
}

/* ---- the reader */

int
feed_fd(const struct feed *f)
{
	return f->fd;
}

static bool
take_batch(struct feed *f, struct batch *out)
{
	uint64_t count;
	bool any;

	(void)!read(f->fd, &count, sizeof(count));
	pthread_mutex_lock(&f->lock);
	*out = f->batch;
	any = out->any;
	f->batch = (struct batch){ 0 };
	for (uint32_t i = 0; i < out->nchanged; i++)
		f->slot[out->changed[i].check] = 0;
	for (uint32_t i = 0; i < out->nhosts; i++)
		f->host_slot[out->host_changed[i].host] = 0;
	pthread_mutex_unlock(&f->lock);
	return any;
}

bool
feed_drain(struct feed *f, struct store *store, struct mono now)
{
	struct batch b;

	if (!take_batch(f, &b))
		return false;
	if (b.plan != NULL)
		store_set_plan(store, b.plan, b.rows, b.hosts, now);
	for (uint32_t i = 0; i < b.nchanged; i++) {
		store_set_row(store, b.changed[i].check, &b.changed[i].row);
		b.changed[i].row.detail = NULL; /* the store's now */
	}
	for (uint32_t i = 0; i < b.nhosts; i++)
		store_set_host(store, b.host_changed[i].host, &b.host_changed[i].row);
	for (uint32_t i = 0; i < b.nalarms; i++) {
		if (b.alarms[i].gone)
			store_drop_alarm(store, b.alarms[i].alarm.index, now);
		else
			store_set_alarm(store, &b.alarms[i].alarm, now);
	}
	store_settle(store);
	if (b.sys != NULL)
		store->sys = *b.sys;
	if (b.listeners != NULL) {
		listeners_unref(store->listeners);
		store->listeners = listeners_ref(b.listeners);
	}
	batch_clear(&b);
	return true;
}

/* ---- commands */

bool
feed_command(struct feed *f, const struct command *c)
{
	bool room;

	pthread_mutex_lock(&f->lock);
	room = f->ncommands < FEED_COMMANDS_MAX;
	if (room) {
		f->commands[(f->first_command + f->ncommands) % FEED_COMMANDS_MAX] = *c;
		f->ncommands++;
	}
	pthread_mutex_unlock(&f->lock);
	if (room)
		signal_fd(f->command_fd);
	return room;
}

int
feed_command_fd(const struct feed *f)
{
	return f->command_fd;
}

bool
feed_command_next(struct feed *f, struct command *out)
{
	uint64_t count;
	bool any;

	pthread_mutex_lock(&f->lock);
	any = f->ncommands > 0;
	if (any) {
		*out = f->commands[f->first_command];
		f->first_command = (f->first_command + 1) % FEED_COMMANDS_MAX;
		f->ncommands--;
	} else {
		(void)!read(f->command_fd, &count, sizeof(count));
	}
	pthread_mutex_unlock(&f->lock);
	return any;
}
