/* Prometheus' snmp_exporter: a module of its snmp.yml. */

#include <stdlib.h>
#include <string.h>

#include "export/export.h"
#include "export/exportkinds.h"
#include "export/exporttext.h"
#include "export/mibindex.h"
#include "base/template.h"

/* What is worth a time series.  A scalar is fetched, a column walked. */
static const char *const metrics[] = {
	"svcPortSystemVersion",
	"svcPortSystemStartTime",
	"svcPortSystemConfigTime",
	"svcPortSystemConfigStatus",
	"svcPortSystemScanAge",
	"svcPortSystemProbeLag",
	"svcPortSummaryWorstVerdict",
	"svcPortSummaryWorstSeverity",
	"svcPortSummaryChecks",
	"svcPortSummaryCompliant",
	"svcPortSummaryNotEvaluated",
	"svcPortSummaryUnknown",
	"svcPortSummaryClosedRecommended",
	"svcPortSummaryOpenForbidden",
	"svcPortSummaryClosedRequired",
	"svcPortSummaryHostsDown",
	"svcPortSummaryMuted",
	"svcPortSummaryCompliance",
	"svcPortSummaryUndocumented",
	"svcPortSummaryNotEncrypted",
	"svcPortAlarmActive",
	"svcPortCatalogueServices",
	"svcPortCatalogueChecks",
	"svcPortCatalogueDeviations",
	"svcPortCatalogueWorstVerdict",
	"svcPortHostState",
	"svcPortHostChecks",
	"svcPortHostDeviations",
	"svcPortHostWorstVerdict",
	"svcPortHostSeverity",
	"svcPortCheckExpectedState",
	"svcPortCheckListenState",
	"svcPortCheckConnectState",
	"svcPortCheckVerdict",
	"svcPortCheckSeverity",
	"svcPortCheckAlarmState",
	"svcPortCheckLastChange",
	"svcPortCheckReason",
	"svcPortProbeRtt",
	"svcPortProbeAttempts",
	"svcPortProbeFailures",
	"svcPortProbeTransitions",
	"svcPortProbeOpenPorts",
	"svcPortProbeQueue",
	"svcPortProbeQueueLimit",
	"svcPortProbeCertDays",
};

#define NMETRICS (sizeof(metrics) / sizeof(metrics[0]))

/* The labels of a row's series: short words instead of index numbers. */
static const struct label {
	const char *entry, *label, *object;
} labels[] = {
	{ "svcPortCatalogueEntry", "catalogue", "svcPortCatalogueName" },
	{ "svcPortHostEntry", "host", "svcPortHostName" },
	{ "svcPortCheckEntry", "check", "svcPortCheckName" },
	{ "svcPortCheckEntry", "catalogue", "svcPortCheckCatalogueName" },
	{ "svcPortCheckEntry", "service", "svcPortCheckServiceName" },
	{ "svcPortCheckEntry", "host", "svcPortCheckHostName" },
	{ "svcPortCheckEntry", "port", "svcPortCheckPortText" },
};

#define NLABELS (sizeof(labels) / sizeof(labels[0]))

/* The exporter's name of a type. */
static const char *
type_of(const struct mibindex *m, const struct mib_node *n)
{
	static const struct {
		const char *base, *type;
	} types[] = { { "SnmpAdminString", "DisplayString" },
		{ "DateAndTime", "DateAndTime" }, { "Counter32", "counter" },
		{ "Counter64", "counter" } };
	const char *base = mibindex_base(m, n);

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(types[i].base, base) == 0)
			return types[i].type;
	}
	return "gauge";
}

struct writer {
	const struct mibindex *mib;
	FILE *out;
	const char *pad; /* before each line: the module may stand deeper */
};

static void
help(struct writer *w, const struct mib_node *n)
{
	char brief[1024];

	fprintf(w->out, "%s    help: \"", w->pad);
	template_json(mibindex_brief(n, brief, sizeof(brief)), w->out);
	fprintf(w->out, " - %s\"\n", n->oid);
}

static void
row_labels(struct writer *w, const struct mib_node *entry)
{
	const char *p = w->pad;

	fprintf(w->out, "%s    indexes:\n", p);
	for (size_t i = 0; i < entry->nnames; i++)
		fprintf(w->out, "%s    - labelname: %s\n%s      type: gauge\n", p,
		    entry->names[i], p);
	fprintf(w->out, "%s    lookups:\n", p);
	for (size_t k = 0; k < NLABELS; k++) {
		const struct mib_node *n = mibindex_find(w->mib, labels[k].object);

		if (strcmp(labels[k].entry, entry->name) != 0)
			continue;
		fprintf(w->out, "%s    - labels:\n", p);
		for (size_t i = 0; i < entry->nnames; i++)
			fprintf(w->out, "%s      - %s\n", p, entry->names[i]);
		fprintf(w->out,
		    "%s      labelname: %s\n%s      oid: %s\n%s      type: %s\n", p,
		    labels[k].label, p, n->oid, p, type_of(w->mib, n));
	}
	/* A lookup without labels takes the index itself out of the series. */
	for (size_t i = 0; i < entry->nnames; i++)
		fprintf(w->out, "%s    - labels: []\n%s      labelname: %s\n", p, p,
		    entry->names[i]);
}

static void
metric(struct writer *w, const struct mib_node *n)
{
	const struct mib_node *words = mibindex_enumeration(w->mib, n);

	fprintf(w->out, "%s  - name: %s\n%s    oid: %s\n%s    type: %s\n", w->pad,
	    n->name, w->pad, n->oid, w->pad, type_of(w->mib, n));
	help(w, n);
	if (mibindex_is_column(w->mib, n))
		row_labels(w, mibindex_row(w->mib, n));
	if (words == NULL)
		return;
	fprintf(w->out, "%s    enum_values:\n", w->pad);
	for (size_t i = 0; i < words->nlabels; i++)
		fprintf(w->out, "%s      %ld: %s\n", w->pad, words->labels[i].value,
		    words->labels[i].name);
}

/* The columns that are metrics or labels, and the scalars' instances. */
static void
what_to_fetch(struct writer *w)
{
	fprintf(w->out, "%s  walk:\n", w->pad);
	for (size_t i = 0; i < NLABELS; i++)
		fprintf(w->out, "%s  - %s\n", w->pad,
		    mibindex_find(w->mib, labels[i].object)->oid);
	for (size_t i = 0; i < NMETRICS; i++) {
		const struct mib_node *n = mibindex_find(w->mib, metrics[i]);

		if (mibindex_is_column(w->mib, n))
			fprintf(w->out, "%s  - %s\n", w->pad, n->oid);
	}
	fprintf(w->out, "%s  get:\n", w->pad);
	for (size_t i = 0; i < NMETRICS; i++) {
		const struct mib_node *n = mibindex_find(w->mib, metrics[i]);

		if (!mibindex_is_column(w->mib, n))
			fprintf(w->out, "%s  - %s.0\n", w->pad, n->oid);
	}
}

static bool
known(const struct mibindex *m)
{
	for (size_t i = 0; i < NMETRICS; i++) {
		if (mibindex_find(m, metrics[i]) == NULL)
			return false;
	}
	for (size_t i = 0; i < NLABELS; i++) {
		if (mibindex_find(m, labels[i].object) == NULL)
			return false;
	}
	return true;
}

static bool
write_module(const struct export_context *x, FILE *out)
{
	struct writer w = { x->mib, out, x->auths ? "  " : "" };

	if (!known(x->mib))
		return false;
	fputs("# SVCPORT-MIB for snmp_exporter, made by `svcport export snmp-exporter`."
	      "\n",
	    out);
	if (x->auths)
		fprintf(out,
		    "# For releases from 0.23 on.\n"
		    "auths:\n"
		    "  svcport_v2:\n"
		    "    version: 2\n"
		    "    community: %s\n"
		    "modules:\n",
		    x->community);
	else
		fputs("# For releases up to 0.22; add --auths for newer ones.\n", out);
	fprintf(out, "%ssvcport:\n", w.pad);
	what_to_fetch(&w);
	fprintf(out, "%s  metrics:\n", w.pad);
	for (size_t i = 0; i < NMETRICS; i++)
		metric(&w, mibindex_find(x->mib, metrics[i]));
	fprintf(out, "%s  max_repetitions: 50\n", w.pad);
	if (!x->auths)
		fprintf(
		    out, "  version: 2\n  auth:\n    community: %s\n", x->community);
	return true;
}

static const struct export_file files[] = {
	{ "snmp.yml", "the exporter's module `svcport`", write_module, NULL, NULL },
	{ "scrape.yml", "the job for prometheus.yml", NULL,
	    exporttext_prometheus_scrape_yml, template_plain },
};

const struct export_kind export_snmp_exporter = {
	"snmp-exporter",
	"Prometheus: polling by snmp_exporter",
	0,
	files,
	sizeof(files) / sizeof(files[0]),
};
