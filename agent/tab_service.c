#include "catalogue/formula.h"
#include "mibview.h"
#include "plan/plan.h"
#include "publish/store.h"
#include "tables.h"

static const struct catalogue *
cat(const struct mibview *v, uint32_t row)
{
	return v->plan->cats[v->services[row].cat].cat;
}

static const struct service *
service(const struct mibview *v, uint32_t row)
{
	return &cat(v, row)->services[v->services[row].service];
}

static const struct tally *
tally(const struct mibview *v, uint32_t row)
{
	return store_service(v->store, v->services[row].cat, v->services[row].service);
}

/* octets of svcPortServicePortText, and of svcPortServiceSource and -Destination */
#define PORT_TEXT_MAX 64
#define ROLES_MAX     128

static void
get_name(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, service(v, row)->name);
}

static void
get_descr(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, service(v, row)->descr);
}

static void
get_protocol(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, (int32_t)service(v, row)->protocol);
}

static void
get_port_low(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, v->services[row].low);
}

static void
get_port_high(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, v->services[row].high);
}

static void
get_port_text(const struct mibview *v, uint32_t row, struct value *out)
{
	const struct service *s = service(v, row);

	if (s->protocol == PROTO_ICMP || s->protocol == PROTO_ICMPV6)
		value_text(out, "echo");
	else
		value_text(
		    out, formula_display(s->ports, out->room.text, PORT_TEXT_MAX + 1));
}

static void
get_range_policy(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, (int32_t)service(v, row)->policy);
}

static void
get_expected_state(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, (int32_t)catalogue_expected(service(v, row)));
}

static void
get_direction(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, (int32_t)catalogue_direction(cat(v, row), service(v, row)));
}

static void
get_source(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, catalogue_roles_text(cat(v, row), service(v, row), false,
			    out->room.text, ROLES_MAX + 1));
}

static void
get_destination(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, catalogue_roles_text(cat(v, row), service(v, row), true,
			    out->room.text, ROLES_MAX + 1));
}

static void
get_application(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, service(v, row)->application);
}

static void
get_doc_entry(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, service(v, row)->line);
}

static void
get_doc_ref(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, service(v, row)->section);
}

static void
get_encryption(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, service(v, row)->encryption);
}

static void
get_feature(const struct mibview *v, uint32_t row, struct value *out)
{
	int feature = service(v, row)->feature;

	value_text(out, feature >= 0 ? cat(v, row)->features[feature].name : "");
}

static void
get_alternative(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, service(v, row)->alternative);
}

static void
get_checks(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, tally(v, row)->checks);
}

static void
get_open(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, tally(v, row)->open);
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
get_note(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out,
	    catalogue_note(service(v, row), out->room.text, sizeof(out->room.text)));
}

static const struct mibtab_column columns[] = {
	MIBTAB_RO(2, STRING, "svcPortServiceName", get_name),
	MIBTAB_RO(3, STRING, "svcPortServiceDescr", get_descr),
	MIBTAB_RO(4, INTEGER, "svcPortServiceProtocol", get_protocol),
	MIBTAB_RO(5, GAUGE, "svcPortServicePortLow", get_port_low),
	MIBTAB_RO(6, GAUGE, "svcPortServicePortHigh", get_port_high),
	MIBTAB_RO(7, STRING, "svcPortServicePortText", get_port_text),
	MIBTAB_RO(8, INTEGER, "svcPortServiceRangePolicy", get_range_policy),
	MIBTAB_RO(9, INTEGER, "svcPortServiceExpectedState", get_expected_state),
	MIBTAB_RO(10, INTEGER, "svcPortServiceDirection", get_direction),
	MIBTAB_RO(11, STRING, "svcPortServiceSource", get_source),
	MIBTAB_RO(12, STRING, "svcPortServiceDestination", get_destination),
	MIBTAB_RO(13, STRING, "svcPortServiceApplication", get_application),
	MIBTAB_RO(14, GAUGE, "svcPortServiceDocEntry", get_doc_entry),
	MIBTAB_RO(15, STRING, "svcPortServiceDocRef", get_doc_ref),
	MIBTAB_RO(16, STRING, "svcPortServiceEncryption", get_encryption),
	MIBTAB_RO(17, STRING, "svcPortServiceFeature", get_feature),
	MIBTAB_RO(18, GAUGE, "svcPortServiceAlternative", get_alternative),
	MIBTAB_RO(19, GAUGE, "svcPortServiceChecks", get_checks),
	MIBTAB_RO(20, GAUGE, "svcPortServiceOpen", get_open),
	MIBTAB_RO(21, GAUGE, "svcPortServiceDeviations", get_deviations),
	MIBTAB_RO(22, INTEGER, "svcPortServiceWorstVerdict", get_worst_verdict),
	MIBTAB_RO(23, STRING, "svcPortServiceNote", get_note),
};

const struct mibtab tab_service = {
	.name = "svcPortServiceEntry",
	.prefix = { 1, 5, 1 },
	.prefix_len = 3,
	.rows = ROWS_SERVICES,
	MIBTAB_COLUMNS(columns),
};
