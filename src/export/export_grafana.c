/* Grafana: a dashboard over what Prometheus has. */

#include "export/export.h"
#include "export/exportkinds.h"
#include "export/exporttext.h"
#include "base/template.h"

static const struct export_file files[] = {
	{ "svcport.json", "the dashboard", NULL, exporttext_grafana_json,
	    template_json },
};

const struct export_kind export_grafana = {
	"grafana",
	"Grafana: compliance, states, worst hosts, round-trip times",
	0,
	files,
	sizeof(files) / sizeof(files[0]),
};
