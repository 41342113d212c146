#include "mibview.h"
#include "plan/plan.h"
#include "publish/store.h"
#include "tables.h"

static const struct host_row *
host(const struct mibview *v, uint32_t row)
{
	return &v->store->hosts[row];
}

static const struct tally *
tally(const struct mibview *v, uint32_t row)
{
	return &v->store->hosts_tally[row];
}

static void
get_name(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, v->plan->hosts[row].name);
}

static void
get_addr_type(const struct mibview *v, uint32_t row, struct value *out)
{
	value_address_type(out, &host(v, row)->addr);
}

static void
get_addr(const struct mibview *v, uint32_t row, struct value *out)
{
	value_address(out, &host(v, row)->addr);
}

static void
get_addr_text(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, addr_format(&host(v, row)->addr, out->room.text));
}

static void
get_state(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, host(v, row)->state);
}

static void
get_last_change(const struct mibview *v, uint32_t row, struct value *out)
{
	value_date(out, host(v, row)->last_change);
}

static void
get_state_age(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, mibview_age(v, host(v, row)->last_change));
}

static void
get_checks(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, tally(v, row)->checks);
}

static void
get_deviations(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, store_tally_deviations(tally(v, row)));
}

static void
get_worst_verdict(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, (int32_t)store_tally_worst(tally(v, row)));
}

static void
get_severity(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, host(v, row)->severity);
}

static const struct mibtab_column columns[] = {
	MIBTAB_RO(2, STRING, "svcPortHostName", get_name),
	MIBTAB_RO(3, INTEGER, "svcPortHostAddrType", get_addr_type),
	MIBTAB_RO(4, STRING, "svcPortHostAddr", get_addr),
	MIBTAB_RO(5, STRING, "svcPortHostAddrText", get_addr_text),
	MIBTAB_RO(6, INTEGER, "svcPortHostState", get_state),
	MIBTAB_RO(7, STRING, "svcPortHostLastChange", get_last_change),
	MIBTAB_RO(8, GAUGE, "svcPortHostStateAge", get_state_age),
	MIBTAB_RO(9, GAUGE, "svcPortHostChecks", get_checks),
	MIBTAB_RO(10, GAUGE, "svcPortHostDeviations", get_deviations),
	MIBTAB_RO(11, INTEGER, "svcPortHostWorstVerdict", get_worst_verdict),
	MIBTAB_RO(12, INTEGER, "svcPortHostSeverity", get_severity),
};

const struct mibtab tab_host = {
	.name = "svcPortHostEntry",
	.prefix = { 1, 6, 1 },
	.prefix_len = 3,
	.rows = ROWS_HOSTS,
	MIBTAB_COLUMNS(columns),
};
