#include "mibview.h"
#include "plan/plan.h"
#include "publish/store.h"
#include "tables.h"

static const struct plan_catalogue *
cat(const struct mibview *v, uint32_t row)
{
	return &v->plan->cats[row];
}

static void
get_name(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, cat(v, row)->name);
}

static void
get_vendor(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, cat(v, row)->cat->vendor);
}

static void
get_product(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, cat(v, row)->cat->product);
}

static void
get_version(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, cat(v, row)->cat->version);
}

static void
get_doc_title(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, cat(v, row)->cat->title);
}

static void
get_doc_revision(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, cat(v, row)->cat->revision);
}

static void
get_services(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, (uint32_t)cat(v, row)->cat->nservices);
}

static void
get_checks(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, v->store->cats[row].checks);
}

static void
get_deviations(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, store_tally_deviations(&v->store->cats[row]));
}

static void
get_worst_verdict(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, (int32_t)store_tally_worst(&v->store->cats[row]));
}

static const struct mibtab_column columns[] = {
	MIBTAB_RO(2, STRING, "svcPortCatalogueName", get_name),
	MIBTAB_RO(3, STRING, "svcPortCatalogueVendor", get_vendor),
	MIBTAB_RO(4, STRING, "svcPortCatalogueProduct", get_product),
	MIBTAB_RO(5, STRING, "svcPortCatalogueVersion", get_version),
	MIBTAB_RO(6, STRING, "svcPortCatalogueDocTitle", get_doc_title),
	MIBTAB_RO(7, STRING, "svcPortCatalogueDocRevision", get_doc_revision),
	MIBTAB_RO(8, GAUGE, "svcPortCatalogueServices", get_services),
	MIBTAB_RO(9, GAUGE, "svcPortCatalogueChecks", get_checks),
	MIBTAB_RO(10, GAUGE, "svcPortCatalogueDeviations", get_deviations),
	MIBTAB_RO(11, INTEGER, "svcPortCatalogueWorstVerdict", get_worst_verdict),
};

const struct mibtab tab_catalogue = {
	.name = "svcPortCatalogueEntry",
	.prefix = { 1, 4, 1 },
	.prefix_len = 3,
	.rows = ROWS_CATALOGUES,
	MIBTAB_COLUMNS(columns),
};
