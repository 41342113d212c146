/* Prognosis: a sheet for its SNMP collector and trap receiver. */

#include "export/export.h"
#include "export/exportkinds.h"
#include "export/exporttext.h"
#include "base/template.h"

static const struct export_file files[] = {
	{ "svcport-prognosis.md", "the sheet", NULL, exporttext_prognosis_md,
	    template_plain },
};

const struct export_kind export_prognosis = {
	"prognosis",
	"Prognosis: what to collect, thresholds, traps",
	0,
	files,
	sizeof(files) / sizeof(files[0]),
};
