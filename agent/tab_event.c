#include "journal/eventlog.h"
#include "mibview.h"
#include "tables.h"

static const struct event *
event(const struct mibview *v, uint32_t row)
{
	return eventlog_at(v->events, row);
}

static void
get_last_seq(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, eventlog_last(v->events));
}

static void
get_time(const struct mibview *v, uint32_t row, struct value *out)
{
	value_date(out, event(v, row)->time);
}

static void
get_type(const struct mibview *v, uint32_t row, struct value *out)
{
	uint32_t tail[] = { 0, event(v, row)->number };

	value_oid(out, v->root, v->root_len, tail, 2);
}

static void
get_object(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, event(v, row)->object);
}

static void
get_severity(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, event(v, row)->severity);
}

static void
get_alarm_index(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, event(v, row)->alarm_index);
}

static void
get_sent(const struct mibview *v, uint32_t row, struct value *out)
{
	value_truth(out, event(v, row)->sent != 0);
}

static void
get_text(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, event(v, row)->message);
}

static const struct mibtab_column event_scalars_columns[] = {
	MIBTAB_RO(1, GAUGE, "svcPortEventLastSeq", get_last_seq),
};

const struct mibtab tab_event_scalars = {
	.name = "svcPortEvent",
	.prefix = { 1, 10 },
	.prefix_len = 2,
	.rows = ROWS_ONE,
	MIBTAB_COLUMNS(event_scalars_columns),
};

static const struct mibtab_column event_columns[] = {
	MIBTAB_RO(2, STRING, "svcPortEventTime", get_time),
	MIBTAB_RO(3, OID, "svcPortEventType", get_type),
	MIBTAB_RO(4, STRING, "svcPortEventObject", get_object),
	MIBTAB_RO(5, INTEGER, "svcPortEventSeverity", get_severity),
	MIBTAB_RO(6, GAUGE, "svcPortEventAlarmIndex", get_alarm_index),
	MIBTAB_RO(7, INTEGER, "svcPortEventSent", get_sent),
	MIBTAB_RO(8, STRING, "svcPortEventText", get_text),
};

const struct mibtab tab_event = {
	.name = "svcPortEventEntry",
	.prefix = { 1, 10, 2, 1 },
	.prefix_len = 4,
	.rows = ROWS_EVENTS,
	MIBTAB_COLUMNS(event_columns),
};
