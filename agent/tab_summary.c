#include "mibview.h"
#include "publish/store.h"
#include "tables.h"

static void
get_worst_verdict(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_integer(out, (int32_t)store_tally_worst(&v->store->total));
}

static void
get_worst_severity(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_integer(out, (int32_t)store_worst_severity(v->store));
}

static void
get_checks(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, v->store->total.checks);
}

static void
get_compliant(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, v->store->total.by_verdict[VERDICT_COMPLIANT]);
}

static void
get_not_evaluated(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, v->store->total.by_verdict[VERDICT_NOT_EVALUATED]);
}

static void
get_unknown(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, v->store->total.by_verdict[VERDICT_UNKNOWN]);
}

static void
get_closed_recommended(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, v->store->total.by_verdict[VERDICT_CLOSED_RECOMMENDED]);
}

static void
get_open_forbidden(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, v->store->total.by_verdict[VERDICT_OPEN_FORBIDDEN]);
}

static void
get_closed_required(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, v->store->total.by_verdict[VERDICT_CLOSED_REQUIRED]);
}

static void
get_hosts_down(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, store_hosts_down(v->store));
}

static void
get_muted(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, v->store->sys.muted);
}

static void
get_compliance(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, store_tally_compliance(&v->store->total));
}

static void
get_undocumented(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, v->store->sys.undocumented);
}

static void
get_not_encrypted(const struct mibview *v, uint32_t row, struct value *out)
{
	(void)row;
	value_gauge(out, v->store->total.by_verdict[VERDICT_NOT_ENCRYPTED]);
}

static const struct mibtab_column columns[] = {
	MIBTAB_RO(1, INTEGER, "svcPortSummaryWorstVerdict", get_worst_verdict),
	MIBTAB_RO(2, INTEGER, "svcPortSummaryWorstSeverity", get_worst_severity),
	MIBTAB_RO(3, GAUGE, "svcPortSummaryChecks", get_checks),
	MIBTAB_RO(4, GAUGE, "svcPortSummaryCompliant", get_compliant),
	MIBTAB_RO(5, GAUGE, "svcPortSummaryNotEvaluated", get_not_evaluated),
	MIBTAB_RO(6, GAUGE, "svcPortSummaryUnknown", get_unknown),
	MIBTAB_RO(7, GAUGE, "svcPortSummaryClosedRecommended", get_closed_recommended),
	MIBTAB_RO(8, GAUGE, "svcPortSummaryOpenForbidden", get_open_forbidden),
	MIBTAB_RO(9, GAUGE, "svcPortSummaryClosedRequired", get_closed_required),
	MIBTAB_RO(10, GAUGE, "svcPortSummaryHostsDown", get_hosts_down),
	MIBTAB_RO(11, GAUGE, "svcPortSummaryMuted", get_muted),
	MIBTAB_RO(12, GAUGE, "svcPortSummaryCompliance", get_compliance),
	MIBTAB_RO(13, GAUGE, "svcPortSummaryUndocumented", get_undocumented),
	MIBTAB_RO(14, GAUGE, "svcPortSummaryNotEncrypted", get_not_encrypted),
};

const struct mibtab tab_summary = {
	.name = "svcPortSummary",
	.prefix = { 1, 2 },
	.prefix_len = 2,
	.rows = ROWS_ONE,
	MIBTAB_COLUMNS(columns),
};
