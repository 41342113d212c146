/* SevOne NMS: a sheet to fill its editors from; it imports no file of this kind. */

#include "export/export.h"
#include "export/exportkinds.h"
#include "export/exporttext.h"
#include "base/template.h"

static const struct export_file files[] = {
	{ "svcport-sevone.md", "the sheet", NULL, exporttext_sevone_md,
	    template_plain },
};

const struct export_kind export_sevone = {
	"sevone",
	"SevOne: what to enter as object types and trap events",
	0,
	files,
	sizeof(files) / sizeof(files[0]),
};
