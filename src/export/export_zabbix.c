/* Zabbix 6.0: a template, and the traps as its server wants them. */

#include "export/export.h"
#include "export/exportkinds.h"
#include "export/exporttext.h"
#include "base/template.h"

static const struct export_file files[] = {
	{ "svcport.yaml", "the template `Service ports by SNMP`", NULL,
	    exporttext_zabbix_yaml, template_json },
	{ "snmptt.conf", "snmptt's lines in the form that the server reads", NULL,
	    exporttext_zabbix_snmptt_conf, template_plain },
};

const struct export_kind export_zabbix = {
	"zabbix",
	"Zabbix 6.0 and later: discovery, triggers, traps, graphs",
	0,
	files,
	sizeof(files) / sizeof(files[0]),
};
