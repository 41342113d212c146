#include "import/import_table.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"

#define TITLE_ROWS 20 /* a header is not looked for further down */
#define KEY_MAX    64

/* What people call the columns: letters and digits only, in lower case; a list ends
 * with NULL. */
static const char *const words[IMPORT_COLUMNS][24] = {
	[IMPORT_PORTS] = { "port", "ports", "portnumber", "portnumbers", "portno",
	    "portnr", "portrange", "portranges", "destinationport", "destinationports",
	    "destport", "dstport", "dport", "targetport", "serverport", "listeningport",
	    "listenport", "listeningports", "defaultport", "networkport",
	    "portprotocol", "portandprotocol", "protocolport", NULL },
	[IMPORT_TCP_PORTS] = { "tcp", "tcpport", "tcpports", "tcpportnumber", NULL },
	[IMPORT_UDP_PORTS] = { "udp", "udpport", "udpports", "udpportnumber", NULL },
	[IMPORT_PROTOCOL] = { "protocol", "protocols", "proto", "transport",
	    "transportprotocol", "l4", "l4protocol", "layer4", "ipprotocol", "tcpudp",
	    "tcporudp", "networkprotocol", NULL },
	[IMPORT_FROM] = { "from", "source", "src", "sources", "client", "initiator",
	    "origin", "sourcehost", "sourcesystem", "sourceserver", "sourcezone",
	    "sourcecomponent", "sourcerole", "sourceip", "sourceaddress", "clients",
	    "initiatedby", NULL },
	[IMPORT_TO] = { "to", "destination", "dst", "dest", "destinations", "target",
	    "server", "listener", "destinationhost", "destinationsystem",
	    "destinationserver", "destinationzone", "destinationcomponent",
	    "destinationrole", "destinationip", "destinationaddress", "targethost",
	    "targetsystem", "responder", NULL },
	[IMPORT_DESCR] = { "description", "descr", "desc", "purpose", "usage", "use",
	    "function", "details", "detail", "explanation", "usedfor", "reason", NULL },
	[IMPORT_NAME] = { "name", "service", "servicename", "portname", "rulename",
	    "identifier", NULL },
	[IMPORT_SECTION] = { "section", "chapter", "category", "table", "group", "area",
	    "component", "module", "topic", "subsystem", NULL },
	[IMPORT_LINE] = { "line", "lineno", "linenumber", "no", "nr", "row", "item",
	    "id", "position", "pos", NULL },
	[IMPORT_DIRECTION] = { "direction", "dir", "trafficdirection", "flow",
	    "inboundoutbound", "inout", NULL },
	[IMPORT_REQUIRED] = { "required", "mandatory", "requirement", "expect",
	    "expected", "needed", "status", "necessity", "isrequired", "must", NULL },
	[IMPORT_OPTIONAL] = { "optional", "isoptional", NULL },
	[IMPORT_ENCRYPTION] = { "encryption", "encrypted", "cipher", "security", "tls",
	    "ssl", "ssltls", "tlsssl", "encryptiontype", NULL },
	[IMPORT_APPLICATION] = { "application", "app", "applicationprotocol",
	    "appprotocol", "l7", "l7protocol", "layer7", "protocolname", NULL },
	[IMPORT_EXECUTABLE] = { "executable", "process", "binary", "program", "daemon",
	    "processname", NULL },
	[IMPORT_CONDITION] = { "condition", "conditions", "when", "feature", "onlyif",
	    "requiredfor", "requiredif", NULL },
	[IMPORT_NOTE] = { "note", "notes", "remark", "remarks", "comment", "comments",
	    NULL },
	[IMPORT_SOURCE_PORT] = { "sourceport", "sourceports", "srcport", "sport",
	    "clientport", NULL },
};

/* "Port(s) *" -> "ports"; "Protocol (L4)" -> "protocol" */
static void
key_of(const char *text, char key[KEY_MAX])
{
	size_t n = 0;

	for (; *text != '\0' && n + 1 < KEY_MAX; text++) {
		const char *close = *text == '(' ? strchr(text, ')') : NULL;

		/* "(s)" is a plural, anything longer an explanation. */
		if (close != NULL && close - text > 2)
			text = close;
		else if (isalnum((unsigned char)*text))
			key[n++] = (char)tolower((unsigned char)*text);
	}
	key[n] = '\0';
}

static int
column_of(const char *text)
{
	char key[KEY_MAX];

	key_of(text, key);
	for (int c = 0; c < IMPORT_COLUMNS; c++) {
		for (size_t i = 0; words[c][i] != NULL; i++) {
			if (strcmp(words[c][i], key) == 0)
				return c;
		}
	}
	return strcmp(text, "#") == 0 ? IMPORT_LINE : -1;
}

/* Of two columns for one thing the first counts. */
static size_t
read_header(const struct csv_row *row, struct import_head *out)
{
	size_t known = 0;

	for (int c = 0; c < IMPORT_COLUMNS; c++)
		out->column[c] = -1;
	for (size_t i = 0; i < row->n; i++) {
		int c = column_of(row->cells[i]);

		if (c >= 0 && out->column[c] < 0) {
			out->column[c] = (int)i;
			known++;
		}
	}
	if (out->column[IMPORT_PORTS] < 0 && out->column[IMPORT_TCP_PORTS] < 0 &&
	    out->column[IMPORT_UDP_PORTS] < 0)
		return 0;
	return known;
}

size_t
import_head_find(const struct csv *table, struct import_head *out)
{
	size_t best = 0;

	for (size_t i = 0; i < table->n && i < TITLE_ROWS; i++) {
		struct import_head h = { .row = i };
		size_t known = read_header(&table->rows[i], &h);

		if (known > best && known >= 2) {
			best = known;
			*out = h;
		}
	}
	return best;
}

void
import_head_report(const char *file, const struct csv *table,
    const struct import_head *h, struct diag *d)
{
	const struct csv_row *row = &table->rows[h->row];

	for (size_t i = 0; i < row->n; i++) {
		int c = column_of(row->cells[i]);

		if (row->cells[i][0] == '\0' || c == IMPORT_SOURCE_PORT)
			continue;
		if (c < 0)
			diag_warn(d, file, row->line, "column \"%s\" is not used",
			    row->cells[i]);
		else if (h->column[c] != (int)i)
			diag_warn(d, file, row->line,
			    "column \"%s\" is not used: \"%s\" is there already",
			    row->cells[i], row->cells[h->column[c]]);
	}
}

const char *
import_head_cell(
    const struct import_head *h, const struct csv_row *row, enum import_column c)
{
	int i = h->column[c];

	return i >= 0 && (size_t)i < row->n ? row->cells[i] : "";
}
