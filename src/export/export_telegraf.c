/* Telegraf: an input for telegraf.d. */

#include "export/export.h"
#include "export/exportkinds.h"
#include "export/exporttext.h"
#include "base/template.h"

static const struct export_file files[] = {
	{ "telegraf.conf", "an input for telegraf.d", NULL, exporttext_telegraf_conf,
	    template_plain },
};

const struct export_kind export_telegraf = {
	"telegraf",
	"Telegraf: polling by inputs.snmp",
	0,
	files,
	sizeof(files) / sizeof(files[0]),
};
