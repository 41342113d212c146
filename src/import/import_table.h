#ifndef SVCPORT_IMPORT_TABLE_H
#define SVCPORT_IMPORT_TABLE_H

/* What the files of the import share: a table's columns, and what its cells say. */

#include <stdio.h>

#include "catalogue/catalogue.h"
#include "base/csv.h"
#include "model/portset.h"

enum import_column {
	IMPORT_PORTS,
	IMPORT_TCP_PORTS, /* a column for each protocol */
	IMPORT_UDP_PORTS,
	IMPORT_PROTOCOL,
	IMPORT_FROM,
	IMPORT_TO,
	IMPORT_DESCR,
	IMPORT_NAME,
	IMPORT_SECTION,
	IMPORT_LINE,
	IMPORT_DIRECTION,
	IMPORT_REQUIRED,
	IMPORT_OPTIONAL, /* its opposite */
	IMPORT_ENCRYPTION,
	IMPORT_APPLICATION,
	IMPORT_EXECUTABLE,
	IMPORT_CONDITION,
	IMPORT_NOTE,
	IMPORT_SOURCE_PORT, /* known, and of no use */
	IMPORT_COLUMNS
};

/* ---- import_head.c: the header row */

struct import_head {
	size_t row;                 /* of the table; what comes before are titles */
	int column[IMPORT_COLUMNS]; /* index of the cell, -1 for none */
};

/* Finds it among the first rows.  Returns how many columns are known, 0 when there is
 * no header with a column of ports. */
size_t import_head_find(const struct csv *table, struct import_head *out);
/* Says which columns are not used. */
void import_head_report(const char *file, const struct csv *table,
    const struct import_head *h, struct diag *d);
/* The cell of a column in a row, "" when there is none. */
const char *import_head_cell(
    const struct import_head *h, const struct csv_row *row, enum import_column c);

/* ---- import_cell.c: what a cell says */

#define IMPORT_PROTOCOLS_MAX 4
#define IMPORT_PORTS_MAX     64

struct import_protocols {
	enum proto v[IMPORT_PROTOCOLS_MAX];
	size_t n;
};

struct import_port {
	struct port_range range;
	struct import_protocols protocols; /* named beside it: "tcp/443" */
};

struct import_ports {
	struct import_port v[IMPORT_PORTS_MAX]; /* in the order of the cell */
	size_t n;
	struct import_protocols protocols; /* named without any port */
	bool alternatives;                 /* "443 or 8443" */
	bool unnamed;         /* "any", "dynamic": no port that can be checked */
	char application[65]; /* in parentheses behind them: "443 (HTTPS)" */
};

/* False, with the word that is not understood in `bad`, when there is one. */
bool import_cell_ports(const char *text, struct import_ports *out, char bad[32]);
/* "TCP", "TCP/UDP", "HTTPS over TCP": words that are no transport go to `application`
 * (room for 65), joined by spaces. */
void import_cell_protocols(
    const char *text, struct import_protocols *out, char application[65]);
/* enum requirement, -1 when the words are not understood; an empty cell is required. */
int import_cell_required(const char *text, bool optional);

enum import_direction { IMPORT_UNSTATED, IMPORT_IN, IMPORT_OUT, IMPORT_BOTH };
/* -1 when the words are not understood. */
int import_cell_direction(const char *text);
/* Whether the cell says that there is nothing: "", "-", "n/a", "none". */
bool import_cell_is_none(const char *text);

/* ---- import_write.c: the file */

struct import_role {
	char *name, *descr;
};

struct import_service {
	unsigned line; /* of the document */
	char *section, *name, *descr;
	enum proto protocol;
	struct port_range ports; /* low 0 for none */
	size_t *from, *to;       /* indexes of roles */
	size_t nfrom, nto;
	enum requirement expect;
	char *alternative, *application, *encryption, *executable, *feature, *note;
};

struct import {
	struct import_role *roles;
	size_t nroles, roles_cap;
	struct import_role *features;
	size_t nfeatures, features_cap;
	struct import_service *services;
	size_t nservices, services_cap;
	unsigned lines; /* of the document */
};

/* ---- import_text.c: the texts of a row */

struct importer {
	const char *file;
	struct diag *d;
	struct import_head head;
	struct import im;
	struct keymap *names;            /* of the services so far */
	struct keymap *roles, *features; /* their names -> their index */
	char *section;                   /* of the rows that follow a heading */
	unsigned rows;                   /* read so far */
	bool no_from, no_to;             /* some row names no one */
};

/* A row while it is taken apart: what its services share, and what makes them differ.
 */
struct import_entry {
	const struct csv_row *row;
	struct import_service s; /* strings and lists are owned */
	struct import_ports ports;
	struct import_protocols protocols; /* of their own column */
	char *stem;                        /* of the services' names */
};

const char *import_text_cell(
    const struct importer *i, const struct import_entry *e, enum import_column c);
/* A copy, fit for a catalogue: line ends and other control characters become spaces; at
 * most `max` octets.  What is lost is told; `what` is its name. */
char *import_text_clean(
    struct importer *i, unsigned line, const char *what, const char *text, size_t max);
/* The same of a cell. */
char *import_text(struct importer *i, const struct import_entry *e,
    enum import_column c, const char *what, size_t max);

/* ---- import_ends.c: who connects to whom, and when */

/* A direction is the product's: inbound to it, outbound from it; where source and
 * target stand in columns of their own only "both" adds to them. */
void import_ends_read(struct importer *i, struct import_entry *e);
void import_ends_condition(struct importer *i, struct import_entry *e);

/* ---- import_name.c: what the services are called */

/* What the names of the row's services begin with, into e->stem: its own name, else the
 * application, else the description's first words. */
void import_name_stem(struct importer *i, struct import_entry *e);
/* "web-443", and where that is taken "web-443-udp", "web-443-2"; port 0 for none.  The
 * caller frees it. */
char *import_name_unique(struct importer *i, const struct import_entry *e,
    enum proto protocol, unsigned port);

/* ---- import_row.c: a row becomes services */

void import_row_read(struct importer *i, const struct csv_row *row);

struct import_options;
void import_write(const struct import *im, const struct import_options *o, FILE *out);

#endif
