/* Centreon: command lines for its check commands. */

#include "export/export.h"
#include "export/exportkinds.h"
#include "export/exporttext.h"
#include "base/template.h"

static const struct export_file files[] = {
	{ "commands.txt", "command lines for its check commands", NULL,
	    exporttext_centreon_commands_txt, template_plain },
};

const struct export_kind export_centreon = {
	"centreon",
	"Centreon: its plugins on the table and the sums",
	0,
	files,
	sizeof(files) / sizeof(files[0]),
};
