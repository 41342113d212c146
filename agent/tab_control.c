#include "mibview.h"
#include "publish/store.h"
#include "tables.h"

static void
get_notify_enable(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_truth(out, v->store->sys.notify_enable);
}

static void
get_mute_time(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, mibview_left(v, v->store->sys.mute_until));
}

static void
get_heartbeat_interval(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, v->store->sys.heartbeat);
}

static void
get_probe_now(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)v, (void)row;
	value_integer(out, CONTROL_PROBE_IDLE);
}

static void
get_host_mute_time(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, mibview_left(v, v->store->hosts[row].mute_until));
}

static void
get_check_admin_status(const struct mibview *v, uint32_t row, struct value *out)
{
	bool off = (v->store->rows[row].flags & ROW_DISABLED) != 0;

	value_integer(out, off ? CONTROL_DISABLED : CONTROL_ENABLED);
}

static void
get_check_mute_time(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, mibview_left(v, v->store->rows[row].mute_until));
}

static const struct mibtab_column control_columns[] = {
	MIBTAB_RW(1, INTEGER, "svcPortNotifyEnable", get_notify_enable),
	MIBTAB_RW(2, GAUGE, "svcPortMuteTime", get_mute_time),
	MIBTAB_RW(3, GAUGE, "svcPortHeartbeatInterval", get_heartbeat_interval),
	MIBTAB_RW(4, INTEGER, "svcPortProbeNow", get_probe_now),
};

const struct mibtab tab_control = {
	.name = "svcPortControl",
	.prefix = { 1, 3 },
	.prefix_len = 2,
	.rows = ROWS_ONE,
	MIBTAB_COLUMNS(control_columns),
};

static const struct mibtab_column control_host_columns[] = {
	MIBTAB_RW(1, GAUGE, "svcPortHostMuteTime", get_host_mute_time),
};

const struct mibtab tab_control_host = {
	.name = "svcPortHostControlEntry",
	.prefix = { 1, 3, 5, 1 },
	.prefix_len = 4,
	.rows = ROWS_HOSTS,
	MIBTAB_COLUMNS(control_host_columns),
};

static const struct mibtab_column control_check_columns[] = {
	MIBTAB_RW(1, INTEGER, "svcPortCheckAdminStatus", get_check_admin_status),
	MIBTAB_RW(2, GAUGE, "svcPortCheckMuteTime", get_check_mute_time),
};

const struct mibtab tab_control_check = {
	.name = "svcPortCheckControlEntry",
	.prefix = { 1, 3, 6, 1 },
	.prefix_len = 4,
	.rows = ROWS_CHECKS,
	MIBTAB_COLUMNS(control_check_columns),
};
