#include "varbinds.h"

#include <string.h>

static void
get_seq(const struct event *e, struct value *out)
{
	value_gauge(out, e->seq);
}

static void
get_time(const struct event *e, struct value *out)
{
	value_date(out, e->time);
}

static void
get_alarm_index(const struct event *e, struct value *out)
{
	value_gauge(out, e->alarm_index);
}

static void
get_message(const struct event *e, struct value *out)
{
	value_text(out, e->message);
}

static void
get_dropped(const struct event *e, struct value *out)
{
	value_gauge(out, e->dropped);
}

static void
get_object(const struct event *e, struct value *out)
{
	value_text(out, e->object);
}

static void
get_catalogue(const struct event *e, struct value *out)
{
	value_text(out, e->catalogue);
}

static void
get_service(const struct event *e, struct value *out)
{
	value_text(out, e->service);
}

static void
get_host(const struct event *e, struct value *out)
{
	value_text(out, e->host);
}

static void
get_protocol(const struct event *e, struct value *out)
{
	value_integer(out, e->protocol);
}

static void
get_ports(const struct event *e, struct value *out)
{
	value_text(out, e->ports);
}

static void
get_expected(const struct event *e, struct value *out)
{
	value_integer(out, e->expected);
}

static void
get_listen(const struct event *e, struct value *out)
{
	value_integer(out, e->listen);
}

static void
get_connect(const struct event *e, struct value *out)
{
	value_integer(out, e->connect);
}

static void
get_verdict(const struct event *e, struct value *out)
{
	value_integer(out, e->verdict);
}

static void
get_severity(const struct event *e, struct value *out)
{
	value_integer(out, e->severity);
}

static void
get_last_change(const struct event *e, struct value *out)
{
	value_date(out, e->last_change);
}

static void
get_addr_text(const struct event *e, struct value *out)
{
	value_text(out, e->addr_text);
}

static void
get_host_state(const struct event *e, struct value *out)
{
	value_integer(out, e->host_state);
}

static void
get_checks(const struct event *e, struct value *out)
{
	value_gauge(out, e->checks);
}

static void
get_deviations(const struct event *e, struct value *out)
{
	value_gauge(out, e->deviations);
}

static void
get_scope(const struct event *e, struct value *out)
{
	value_integer(out, e->scope);
}

static void
get_owner(const struct event *e, struct value *out)
{
	value_text(out, e->owner);
}

static void
get_alarms(const struct event *e, struct value *out)
{
	value_gauge(out, e->alarms);
}

static void
get_worst_severity(const struct event *e, struct value *out)
{
	value_integer(out, e->worst_severity);
}

static void
get_closed_required(const struct event *e, struct value *out)
{
	value_gauge(out, e->closed_required);
}

static void
get_config_status(const struct event *e, struct value *out)
{
	value_integer(out, e->config_status);
}

#define SCALAR(name, a, b, c, type, get)                                 \
	{                                                                \
		(name), { (a), (b), (c) }, 3, false, VALUE_##type, (get) \
	}
#define COLUMN(name, a, b, c, d, type, get)                                  \
	{                                                                    \
		(name), { (a), (b), (c), (d) }, 4, true, VALUE_##type, (get) \
	}

static const struct varbind check_varbinds[] = {
	SCALAR("svcPortNotifySeq", 1, 11, 1, GAUGE, get_seq),
	SCALAR("svcPortNotifyTime", 1, 11, 2, STRING, get_time),
	SCALAR("svcPortNotifyAlarmIndex", 1, 11, 3, GAUGE, get_alarm_index),
	COLUMN("svcPortCheckName", 1, 7, 1, 1, STRING, get_object),
	COLUMN("svcPortCheckCatalogueName", 1, 7, 1, 2, STRING, get_catalogue),
	COLUMN("svcPortCheckServiceName", 1, 7, 1, 3, STRING, get_service),
	COLUMN("svcPortCheckHostName", 1, 7, 1, 4, STRING, get_host),
	COLUMN("svcPortCheckProtocol", 1, 7, 1, 5, INTEGER, get_protocol),
	COLUMN("svcPortCheckPortText", 1, 7, 1, 6, STRING, get_ports),
	COLUMN("svcPortCheckExpectedState", 1, 7, 1, 7, INTEGER, get_expected),
	COLUMN("svcPortCheckListenState", 1, 7, 1, 8, INTEGER, get_listen),
	COLUMN("svcPortCheckConnectState", 1, 7, 1, 9, INTEGER, get_connect),
	COLUMN("svcPortCheckVerdict", 1, 7, 1, 10, INTEGER, get_verdict),
	COLUMN("svcPortCheckSeverity", 1, 7, 1, 11, INTEGER, get_severity),
	COLUMN("svcPortCheckLastChange", 1, 7, 1, 13, STRING, get_last_change),
	SCALAR("svcPortNotifyMessage", 1, 11, 4, STRING, get_message),
};

static const struct varbind host_varbinds[] = {
	SCALAR("svcPortNotifySeq", 1, 11, 1, GAUGE, get_seq),
	SCALAR("svcPortNotifyTime", 1, 11, 2, STRING, get_time),
	SCALAR("svcPortNotifyAlarmIndex", 1, 11, 3, GAUGE, get_alarm_index),
	COLUMN("svcPortHostName", 1, 6, 1, 2, STRING, get_object),
	COLUMN("svcPortHostAddrText", 1, 6, 1, 5, STRING, get_addr_text),
	COLUMN("svcPortHostState", 1, 6, 1, 6, INTEGER, get_host_state),
	COLUMN("svcPortHostChecks", 1, 6, 1, 9, GAUGE, get_checks),
	COLUMN("svcPortHostDeviations", 1, 6, 1, 10, GAUGE, get_deviations),
	COLUMN("svcPortHostSeverity", 1, 6, 1, 12, INTEGER, get_severity),
	COLUMN("svcPortHostLastChange", 1, 6, 1, 7, STRING, get_last_change),
	SCALAR("svcPortNotifyMessage", 1, 11, 4, STRING, get_message),
};

static const struct varbind listener_varbinds[] = {
	SCALAR("svcPortNotifySeq", 1, 11, 1, GAUGE, get_seq),
	SCALAR("svcPortNotifyTime", 1, 11, 2, STRING, get_time),
	SCALAR("svcPortNotifyAlarmIndex", 1, 11, 3, GAUGE, get_alarm_index),
	COLUMN("svcPortListenerName", 1, 12, 1, 5, STRING, get_object),
	COLUMN("svcPortListenerScope", 1, 12, 1, 6, INTEGER, get_scope),
	COLUMN("svcPortListenerOwner", 1, 12, 1, 9, STRING, get_owner),
	SCALAR("svcPortNotifyMessage", 1, 11, 4, STRING, get_message),
};

static const struct varbind heartbeat_varbinds[] = {
	SCALAR("svcPortNotifySeq", 1, 11, 1, GAUGE, get_seq),
	SCALAR("svcPortNotifyTime", 1, 11, 2, STRING, get_time),
	SCALAR("svcPortAlarmActive", 1, 9, 1, GAUGE, get_alarms),
	SCALAR("svcPortSummaryWorstSeverity", 1, 2, 2, INTEGER, get_worst_severity),
	SCALAR("svcPortSummaryChecks", 1, 2, 3, GAUGE, get_checks),
	SCALAR("svcPortSummaryClosedRequired", 1, 2, 9, GAUGE, get_closed_required),
	SCALAR("svcPortNotifyMessage", 1, 11, 4, STRING, get_message),
};

static const struct varbind inventory_varbinds[] = {
	SCALAR("svcPortNotifySeq", 1, 11, 1, GAUGE, get_seq),
	SCALAR("svcPortNotifyTime", 1, 11, 2, STRING, get_time),
	SCALAR("svcPortSystemConfigStatus", 1, 1, 5, INTEGER, get_config_status),
	SCALAR("svcPortSummaryChecks", 1, 2, 3, GAUGE, get_checks),
	SCALAR("svcPortNotifyMessage", 1, 11, 4, STRING, get_message),
};

static const struct varbind overflow_varbinds[] = {
	SCALAR("svcPortNotifySeq", 1, 11, 1, GAUGE, get_seq),
	SCALAR("svcPortNotifyTime", 1, 11, 2, STRING, get_time),
	SCALAR("svcPortNotifySuppressed", 1, 11, 5, GAUGE, get_dropped),
	SCALAR("svcPortAlarmActive", 1, 9, 1, GAUGE, get_alarms),
	SCALAR("svcPortSummaryWorstSeverity", 1, 2, 2, INTEGER, get_worst_severity),
	SCALAR("svcPortNotifyMessage", 1, 11, 4, STRING, get_message),
};

#define LIST(list)                                       \
	{                                                \
		(list), sizeof(list) / sizeof((list)[0]) \
	}

static const struct {
	const struct varbind *v;
	size_t n;
} lists[] = {
	[EVENT_KIND_CHECK] = LIST(check_varbinds),
	[EVENT_KIND_HOST] = LIST(host_varbinds),
	[EVENT_KIND_LISTENER] = LIST(listener_varbinds),
	[EVENT_KIND_HEARTBEAT] = LIST(heartbeat_varbinds),
	[EVENT_KIND_INVENTORY] = LIST(inventory_varbinds),
	[EVENT_KIND_OVERFLOW] = LIST(overflow_varbinds),
};

const struct varbind *
varbinds_of(enum event_kind kind, size_t *n)
{
	*n = lists[kind].n;
	return lists[kind].v;
}

size_t
varbinds_name(
    const struct varbind *vb, const struct event *e, uint32_t out[VARBINDS_NAME_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < vb->object_len; i++)
		out[n++] = vb->object[i];
	if (!vb->indexed) {
		out[n++] = 0;
		return n;
	}
	for (size_t i = 0; i < e->index_len && i < EVENT_INDEX_MAX; i++)
		out[n++] = e->index[i];
	return n;
}
