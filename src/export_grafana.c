/* Grafana: a dashboard over what Prometheus has. */

#include "export.h"
#include "exportkinds.h"
#include "exporttext.h"
#include "template.h"

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
