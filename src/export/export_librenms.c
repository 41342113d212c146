/* LibreNMS: state sensors, and a handler for traps. */

#include "export/export.h"
#include "export/exportkinds.h"
#include "export/exporttext.h"
#include "base/template.h"

static const struct export_file files[] = {
	{ "linux.yaml", "lists for the discovery of Linux hosts", NULL,
	    exporttext_librenms_linux_yaml, template_plain },
	{ "SvcPort.php", "the trap handler", NULL, exporttext_librenms_SvcPort_php,
	    template_php },
	{ "snmptraps.php", "lines that give it our traps", NULL,
	    exporttext_librenms_snmptraps_php, template_php },
};

const struct export_kind export_librenms = {
	"librenms",
	"LibreNMS: discovery and trap handler",
	0,
	files,
	sizeof(files) / sizeof(files[0]),
};
