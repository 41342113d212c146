/* Nagios, Icinga and what else runs monitoring plugins. */

#include "export/export.h"
#include "export/exportkinds.h"
#include "export/exporttext.h"
#include "base/template.h"

/* In a definition ';' begins a comment and '$' a macro. */
static void
escape(const char *text, FILE *out)
{
	for (; *text != '\0'; text++) {
		if (*text == ';')
			putc('\\', out);
		else if (*text == '$')
			putc('$', out);
		putc(*text, out);
	}
}

static const struct export_file files[] = {
	{ "commands.cfg", "command definitions", NULL, exporttext_nagios_commands_cfg,
	    template_plain },
	{ "services.cfg", "a service for each port of this site", NULL,
	    exporttext_nagios_services_cfg, escape },
	{ "icinga2.conf", "the same for Icinga 2", NULL, exporttext_icinga2_conf,
	    template_json },
};

const struct export_kind export_nagios = {
	"nagios",
	"Nagios and Icinga 2: check_snmp on each port",
	EXPORT_PLAN,
	files,
	sizeof(files) / sizeof(files[0]),
};
