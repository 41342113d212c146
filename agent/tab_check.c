#include "mibview.h"
#include "plan/plan.h"
#include "publish/store.h"
#include "tables.h"

static const struct check *
check(const struct mibview *v, uint32_t row)
{
	return &v->plan->checks[row];
}

static const struct service *
service(const struct mibview *v, uint32_t row)
{
	return plan_service(v->plan, check(v, row));
}

static const struct row *
state(const struct mibview *v, uint32_t row)
{
	return &v->store->rows[row];
}

#define PORT_TEXT_MAX 128 /* octets of svcPortCheckPortText */

static void
get_name(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, plan_check_name(v->plan, check(v, row), out->room.text));
}

static void
get_catalogue_name(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, v->plan->cats[check(v, row)->cat].name);
}

static void
get_service_name(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, service(v, row)->name);
}

static void
get_host_name(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, v->plan->hosts[check(v, row)->host].name);
}

static void
get_protocol(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, (int32_t)service(v, row)->protocol);
}

static void
get_port_text(const struct mibview *v, uint32_t row, struct value *out)
{
	enum proto protocol = service(v, row)->protocol;

	if (protocol == PROTO_ICMP || protocol == PROTO_ICMPV6)
		value_text(out, "echo");
	else
		value_text(out, portset_format(&check(v, row)->ports, out->room.text,
				    PORT_TEXT_MAX + 1));
}

static void
get_expected_state(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, check(v, row)->expected);
}

static void
get_listen_state(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, state(v, row)->listen);
}

static void
get_connect_state(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, state(v, row)->connect);
}

static void
get_verdict(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, state(v, row)->verdict);
}

static void
get_severity(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, state(v, row)->severity);
}

static void
get_alarm_state(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, state(v, row)->stage);
}

static void
get_last_change(const struct mibview *v, uint32_t row, struct value *out)
{
	value_date(out, state(v, row)->last_change);
}

static void
get_state_age(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, mibview_age(v, state(v, row)->last_change));
}

static void
get_reason(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(
	    out, store_reason(v->store, row, out->room.text, sizeof(out->room.text)));
}

static const struct mibtab_column columns[] = {
	MIBTAB_RO(1, STRING, "svcPortCheckName", get_name),
	MIBTAB_RO(2, STRING, "svcPortCheckCatalogueName", get_catalogue_name),
	MIBTAB_RO(3, STRING, "svcPortCheckServiceName", get_service_name),
	MIBTAB_RO(4, STRING, "svcPortCheckHostName", get_host_name),
	MIBTAB_RO(5, INTEGER, "svcPortCheckProtocol", get_protocol),
	MIBTAB_RO(6, STRING, "svcPortCheckPortText", get_port_text),
	MIBTAB_RO(7, INTEGER, "svcPortCheckExpectedState", get_expected_state),
	MIBTAB_RO(8, INTEGER, "svcPortCheckListenState", get_listen_state),
	MIBTAB_RO(9, INTEGER, "svcPortCheckConnectState", get_connect_state),
	MIBTAB_RO(10, INTEGER, "svcPortCheckVerdict", get_verdict),
	MIBTAB_RO(11, INTEGER, "svcPortCheckSeverity", get_severity),
	MIBTAB_RO(12, INTEGER, "svcPortCheckAlarmState", get_alarm_state),
	MIBTAB_RO(13, STRING, "svcPortCheckLastChange", get_last_change),
	MIBTAB_RO(14, GAUGE, "svcPortCheckStateAge", get_state_age),
	MIBTAB_RO(15, STRING, "svcPortCheckReason", get_reason),
};

const struct mibtab tab_check = {
	.name = "svcPortCheckEntry",
	.prefix = { 1, 7, 1 },
	.prefix_len = 3,
	.rows = ROWS_CHECKS,
	MIBTAB_COLUMNS(columns),
};
