#include <string.h>

#include "listen/listeners.h"
#include "mibview.h"
#include "plan/plan.h"
#include "publish/rowindex.h"
#include "publish/store.h"
#include "tables.h"

static const struct alarm_row *
alarm_at(const struct mibview *v, uint32_t row)
{
	return &v->store->alarms[row];
}

/* An alarm may be about a row that the plan in force has no longer. */
static const struct check *
check_of(const struct mibview *v, const struct alarm_row *a)
{
	return a->object < v->plan->nchecks ? &v->plan->checks[a->object] : NULL;
}

static const struct plan_host *
host_of(const struct mibview *v, const struct alarm_row *a)
{
	return a->object < v->plan->nhosts ? &v->plan->hosts[a->object] : NULL;
}

static const char *
object_name(const struct mibview *v, const struct alarm_row *a, char *buf)
{
	const struct plan_host *h = host_of(v, a);
	const struct check *c = check_of(v, a);

	if (a->type == ALARM_UNDOCUMENTED)
		return listeners_name(&a->listener, buf);
	if (a->type == ALARM_HOST_DOWN)
		return h != NULL ? h->name : "";
	return c != NULL ? plan_check_name(v->plan, c, buf) : "";
}

/* The name instance of the alarm's row, below the root; 0.0 (RFC 2579: points to
 * nothing) is the caller's when the length is 0. */
static size_t
pointer(const struct mibview *v, const struct alarm_row *a, uint32_t *out)
{
	static const uint32_t listener_name[] = { 1, 12, 1, 5 };
	static const uint32_t host_name[] = { 1, 6, 1, 2 };
	static const uint32_t check_name[] = { 1, 7, 1, 1 };
	const struct plan_host *h = host_of(v, a);
	const struct check *c = check_of(v, a);

	if (a->type == ALARM_UNDOCUMENTED) {
		memcpy(out, listener_name, sizeof(listener_name));
		return 4 + rowindex_listener(&a->listener, out + 4);
	}
	if (a->type == ALARM_HOST_DOWN && h != NULL) {
		memcpy(out, host_name, sizeof(host_name));
		return 4 + rowindex_host(h, out + 4);
	}
	if (a->type != ALARM_HOST_DOWN && c != NULL) {
		memcpy(out, check_name, sizeof(check_name));
		return 4 + rowindex_check(v->plan, c, out + 4);
	}
	return 0;
}

static void
get_active(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, v->store->nalarms);
}

static void
get_last_change(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_ticks(out, mibview_ticks(v, v->store->alarm_change));
}

static void
get_type(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, alarm_at(v, row)->type);
}

static void
get_object(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, object_name(v, alarm_at(v, row), out->room.text));
}

static void
get_pointer(const struct mibview *v, uint32_t row, struct value *out)
{
	static const uint32_t nothing[] = { 0, 0 };
	uint32_t tail[4 + EVENT_INDEX_MAX];
	size_t len = pointer(v, alarm_at(v, row), tail);

	if (len > 0)
		value_oid(out, v->root, v->root_len, tail, len);
	else
		value_oid(out, nothing, 2, NULL, 0);
}

static void
get_severity(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, alarm_at(v, row)->severity);
}

static void
get_state(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, alarm_at(v, row)->stage);
}

static void
get_time(const struct mibview *v, uint32_t row, struct value *out)
{
	value_date(out, alarm_at(v, row)->since);
}

static void
get_age(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, mibview_age(v, alarm_at(v, row)->since));
}

static void
get_notify_seq(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, alarm_at(v, row)->notify_seq);
}

static void
get_text(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, alarm_at(v, row)->text);
}

static const struct mibtab_column alarm_scalars_columns[] = {
	MIBTAB_RO(1, GAUGE, "svcPortAlarmActive", get_active),
	MIBTAB_RO(2, TICKS, "svcPortAlarmLastChange", get_last_change),
};

const struct mibtab tab_alarm_scalars = {
	.name = "svcPortAlarm",
	.prefix = { 1, 9 },
	.prefix_len = 2,
	.rows = ROWS_ONE,
	MIBTAB_COLUMNS(alarm_scalars_columns),
};

static const struct mibtab_column alarm_columns[] = {
	MIBTAB_RO(2, INTEGER, "svcPortAlarmType", get_type),
	MIBTAB_RO(3, STRING, "svcPortAlarmObject", get_object),
	MIBTAB_RO(4, OID, "svcPortAlarmPointer", get_pointer),
	MIBTAB_RO(5, INTEGER, "svcPortAlarmSeverity", get_severity),
	MIBTAB_RO(6, INTEGER, "svcPortAlarmState", get_state),
	MIBTAB_RO(7, STRING, "svcPortAlarmTime", get_time),
	MIBTAB_RO(8, GAUGE, "svcPortAlarmAge", get_age),
	MIBTAB_RO(9, GAUGE, "svcPortAlarmNotifySeq", get_notify_seq),
	MIBTAB_RO(10, STRING, "svcPortAlarmText", get_text),
};

const struct mibtab tab_alarm = {
	.name = "svcPortAlarmEntry",
	.prefix = { 1, 9, 3, 1 },
	.prefix_len = 4,
	.rows = ROWS_ALARMS,
	MIBTAB_COLUMNS(alarm_columns),
};
