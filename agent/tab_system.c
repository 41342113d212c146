#include "mibview.h"
#include "publish/store.h"
#include "tables.h"

static const struct system_row *
sys(const struct mibview *v)
{
	return &v->store->sys;
}

static void
get_version(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)v, (void)row;
	value_text(out, "svcportd " SVCPORT_VERSION);
}

static void
get_start_time(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_date(out, sys(v)->start_time);
}

static void
get_discontinuity(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_ticks(out, mibview_ticks(v, v->start));
}

static void
get_config_time(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_date(out, sys(v)->config_time);
}

static void
get_config_status(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_integer(out, sys(v)->config_status);
}

static void
get_config_text(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_text(out, sys(v)->config_text);
}

static void
get_table_change(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_ticks(out, mibview_ticks(v, v->store->table_change));
}

static void
get_scan_age(const struct mibview *v, uint32_t row, struct value *out)
{
	struct mono last = sys(v)->last_scan;

	(void)row;
	/* before the first scan: how long there has been none */
	if (mono_before(last, v->start))
		last = v->start;
	if (mono_before(v->now, last))
		last = v->now;
	value_gauge(out, (uint32_t)(mono_diff_ms(v->now, last) / 1000));
}

static void
get_probe_lag(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, sys(v)->probe_lag);
}

static const struct mibtab_column columns[] = {
	MIBTAB_RO(1, STRING, "svcPortSystemVersion", get_version),
	MIBTAB_RO(2, STRING, "svcPortSystemStartTime", get_start_time),
	MIBTAB_RO(3, TICKS, "svcPortSystemDiscontinuity", get_discontinuity),
	MIBTAB_RO(4, STRING, "svcPortSystemConfigTime", get_config_time),
	MIBTAB_RO(5, INTEGER, "svcPortSystemConfigStatus", get_config_status),
	MIBTAB_RO(6, STRING, "svcPortSystemConfigText", get_config_text),
	MIBTAB_RO(7, TICKS, "svcPortSystemTableChange", get_table_change),
	MIBTAB_RO(8, GAUGE, "svcPortSystemScanAge", get_scan_age),
	MIBTAB_RO(9, GAUGE, "svcPortSystemProbeLag", get_probe_lag),
};

const struct mibtab tab_system = {
	.name = "svcPortSystem",
	.prefix = { 1, 1 },
	.prefix_len = 2,
	.rows = ROWS_ONE,
	MIBTAB_COLUMNS(columns),
};
