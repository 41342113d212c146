#include "publish/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "listen/listeners.h"
#include "base/mem.h"
#include "plan/plan.h"
#include "publish/rowtext.h"

void
store_init(struct store *s)
{
	*s = (struct store){ 0 };
	s->sys.config_status = CONFIG_OK;
	s->sys.notify_enable = true;
}

static void
clear_plan(struct store *s)
{
	for (uint32_t i = 0; s->plan != NULL && i < s->plan->nchecks; i++)
		row_detail_unref(s->rows[i].detail);
	free(s->rows);
	free(s->hosts);
	free(s->cats);
	free(s->hosts_tally);
	free(s->services);
	free(s->service_base);
	plan_unref(s->plan);
}

void
store_clear(struct store *s)
{
	clear_plan(s);
	free(s->alarms);
	listeners_unref(s->listeners);
	store_init(s);
}

/* ---- sums: a row is taken out of them before it changes and put back after */

static void
tally_count(struct tally *t, const struct row *row, int sign)
{
	bool open = row->listen == LISTEN_LISTENING || row->listen == LISTEN_LOOPBACK ||
	            row->connect == CONNECT_OPEN;

	t->checks += (uint32_t)sign;
	t->by_verdict[row->verdict] += (uint32_t)sign;
	if (open)
		t->open += (uint32_t)sign;
}

static void
count_row(struct store *s, uint32_t i, int sign)
{
	const struct check *c = &s->plan->checks[i];
	const struct row *row = &s->rows[i];

	tally_count(&s->total, row, sign);
	tally_count(&s->cats[c->cat], row, sign);
	tally_count(&s->hosts_tally[c->host], row, sign);
	tally_count(&s->services[s->service_base[c->cat] + c->service], row, sign);
}

void
store_set_plan(struct store *s, struct plan *plan, const struct row *rows,
    const struct host_row *hosts, struct mono now)
{
	bool same = s->plan != NULL && plan_same_rows(s->plan, plan);
	uint32_t base = 0;

	clear_plan(s);
	s->plan = plan_ref(plan);
	s->rows = mem_array(struct row, plan->nchecks);
	s->hosts = mem_array(struct host_row, plan->nhosts);
	s->cats = mem_array(struct tally, plan->ncats);
	s->hosts_tally = mem_array(struct tally, plan->nhosts);
	s->service_base = mem_array(uint32_t, plan->ncats);
	for (uint32_t i = 0; i < plan->ncats; i++) {
		s->service_base[i] = base;
		base += (uint32_t)plan->cats[i].cat->nservices;
	}
	s->nservices = base;
	s->services = mem_array(struct tally, base);
	s->total = (struct tally){ 0 };
	memcpy(s->hosts, hosts, plan->nhosts * sizeof(*hosts));
	for (uint32_t i = 0; i < plan->nchecks; i++) {
		s->rows[i] = rows[i];
		row_detail_ref(s->rows[i].detail);
		count_row(s, i, 1);
	}
	if (!same)
		s->table_change = now;
}

void
store_set_row(struct store *s, uint32_t check, const struct row *row)
{
	count_row(s, check, -1);
	row_detail_unref(s->rows[check].detail);
	s->rows[check] = *row;
	count_row(s, check, 1);
}

void
store_set_host(struct store *s, uint32_t host, const struct host_row *row)
{
	s->hosts[host] = *row;
}

/* ---- alarms */

uint32_t
store_alarm_at_least(const struct store *s, uint32_t index)
{
	uint32_t low = 0;
	uint32_t high = s->nalarms;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (s->alarms[mid].index < index)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void
store_set_alarm(struct store *s, const struct alarm_row *alarm, struct mono now)
{
	uint32_t i = store_alarm_at_least(s, alarm->index);

	if (i == s->nalarms || s->alarms[i].index != alarm->index) {
		mem_grow(s->alarms, s->nalarms, s->alarms_cap);
		memmove(s->alarms + i + 1, s->alarms + i,
		    (s->nalarms - i) * sizeof(*s->alarms));
		s->nalarms++;
	} else if (s->alarms[i].type == ALARM_NONE) {
		s->ndropped--;
	}
	s->alarms[i] = *alarm;
	s->alarm_change = now;
}

/* Marked only: when thousands go at once the rest moves up once, not each time. */
void
store_drop_alarm(struct store *s, uint32_t index, struct mono now)
{
	uint32_t i = store_alarm_at_least(s, index);

	if (i == s->nalarms || s->alarms[i].index != index ||
	    s->alarms[i].type == ALARM_NONE)
		return;
	s->alarms[i].type = ALARM_NONE;
	s->ndropped++;
	s->alarm_change = now;
}

void
store_settle(struct store *s)
{
	uint32_t n = 0;

	if (s->ndropped == 0)
		return;
	for (uint32_t i = 0; i < s->nalarms; i++) {
		if (s->alarms[i].type != ALARM_NONE)
			s->alarms[n++] = s->alarms[i];
	}
	s->nalarms = n;
	s->ndropped = 0;
}

/* ---- readers */

const struct tally *
store_service(const struct store *s, uint32_t cat, uint32_t service)
{
	return &s->services[s->service_base[cat] + service];
}

uint32_t
store_tally_deviations(const struct tally *t)
{
	uint32_t n = 0;

	for (int v = VERDICT_CLOSED_RECOMMENDED; v <= VERDICT_MAX; v++)
		n += t->by_verdict[v];
	return n;
}

enum verdict
store_tally_worst(const struct tally *t)
{
	for (int v = VERDICT_MAX; v >= VERDICT_COMPLIANT; v--) {
		if (t->by_verdict[v] > 0)
			return (enum verdict)v;
	}
	return VERDICT_NOT_EVALUATED;
}

uint32_t
store_tally_compliance(const struct tally *t)
{
	uint64_t good = t->by_verdict[VERDICT_COMPLIANT];
	uint64_t all = good + store_tally_deviations(t);

	return all == 0 ? 1000 : (uint32_t)(good * 1000 / all);
}

enum severity
store_worst_severity(const struct store *s)
{
	uint8_t worst = SEVERITY_CLEARED;

	for (uint32_t i = 0; i < s->nalarms; i++) {
		if (s->alarms[i].severity > worst)
			worst = s->alarms[i].severity;
	}
	return (enum severity)worst;
}

uint32_t
store_hosts_down(const struct store *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; s->plan != NULL && i < s->plan->nhosts; i++)
		n += s->hosts[i].state == HOST_UNREACHABLE;
	return n;
}

const char *
store_reason(const struct store *s, uint32_t check, char *buf, size_t size)
{
	return rowtext_reason(s->plan, check, &s->rows[check], buf, size);
}
