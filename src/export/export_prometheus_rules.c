/* Prometheus: recording and alerting rules over what snmp_exporter fetches. */

#include "export/export.h"
#include "export/exportkinds.h"
#include "export/exporttext.h"
#include "base/template.h"

static const struct export_file files[] = {
	{ "svcport.rules.yml", "recording and alerting rules", NULL,
	    exporttext_prometheus_rules_yml, template_plain },
};

const struct export_kind export_prometheus_rules = {
	"prometheus-rules",
	"Prometheus: what to record and when to alert",
	0,
	files,
	sizeof(files) / sizeof(files[0]),
};
