/* snmptt and snmptrapd: traps as lines. */

#include "export/export.h"
#include "export/exportkinds.h"
#include "export/exporttext.h"
#include "base/template.h"

static const struct export_file files[] = {
	{ "snmptt.conf", "an EVENT for each notification", NULL, exporttext_snmptt_conf,
	    template_plain },
	{ "snmptrapd.conf", "lines for snmptrapd: handler and log format", NULL,
	    exporttext_snmptrapd_conf, template_plain },
};

const struct export_kind export_snmptt = {
	"snmptt",
	"snmptrapd and snmptt: traps as lines with a severity",
	0,
	files,
	sizeof(files) / sizeof(files[0]),
};
