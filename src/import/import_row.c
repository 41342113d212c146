#include "import/import_table.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/diag.h"
#include "import/import.h"
#include "base/mem.h"

/* The sizes that catalogue files allow, in octets. */
#define TEXT_MAX_SECTION 128
#define TEXT_MAX_SHORT   64
#define TEXT_MAX_ANY     255

/* ---- ports and protocols */

/* What one cell says joins what the ones before it said; `p` is the column's protocol,
 * PROTO_NONE: as the row says. */
static void
join_ports(struct import_ports *all, const struct import_ports *one, enum proto p)
{
	for (size_t k = 0; k < one->n; k++) {
		all->v[all->n] = one->v[k];
		if (p != PROTO_NONE)
			all->v[all->n].protocols = (struct import_protocols){ { p },
				1 };
		all->n++;
	}
	all->alternatives = all->alternatives || one->alternatives;
	all->unnamed = all->unnamed || one->unnamed;
	if (one->protocols.n > 0)
		all->protocols = one->protocols;
	if (one->application[0] != '\0')
		memcpy(all->application, one->application, sizeof(one->application));
}

static bool
read_ports(struct importer *i, struct import_entry *e)
{
	static const struct {
		enum import_column column;
		enum proto protocol;
	} columns[] = { { IMPORT_PORTS, PROTO_NONE }, { IMPORT_TCP_PORTS, PROTO_TCP },
		{ IMPORT_UDP_PORTS, PROTO_UDP } };
	struct import_ports one;
	char bad[32];

	for (size_t c = 0; c < sizeof(columns) / sizeof(columns[0]); c++) {
		const char *words = import_text_cell(i, e, columns[c].column);

		if (!import_cell_ports(words, &one, bad)) {
			diag_error(i->d, i->file, e->row->line,
			    "ports \"%s\": \"%s\" is not understood", words, bad);
			return false;
		}
		if (one.n > IMPORT_PORTS_MAX - e->ports.n) {
			diag_error(i->d, i->file, e->row->line,
			    "more than %d ports in one row: write several rows",
			    IMPORT_PORTS_MAX);
			return false;
		}
		join_ports(&e->ports, &one, columns[c].protocol);
	}
	return true;
}

/* The application protocol: its own column, else what stands beside the transport or
 * the ports. */
static void
read_protocols(struct importer *i, struct import_entry *e)
{
	char beside[65];

	import_cell_protocols(
	    import_text_cell(i, e, IMPORT_PROTOCOL), &e->protocols, beside);
	e->s.application = import_text(
	    i, e, IMPORT_APPLICATION, "the application", TEXT_MAX_SHORT);
	if (e->s.application[0] == '\0') {
		free(e->s.application);
		e->s.application = mem_strdup(
		    beside[0] != '\0' ? beside : e->ports.application);
	}
}

/* ---- what is left */

static void
read_required(struct importer *i, struct import_entry *e)
{
	bool inverse = import_text_cell(i, e, IMPORT_REQUIRED)[0] == '\0' &&
	               i->head.column[IMPORT_OPTIONAL] >= 0;
	const char *words = import_text_cell(
	    i, e, inverse ? IMPORT_OPTIONAL : IMPORT_REQUIRED);
	int expect = import_cell_required(words, inverse);

	if (expect < 0) {
		diag_warn(i->d, i->file, e->row->line,
		    "\"%s\" is not understood: taken as required", words);
		expect = REQUIRE_REQUIRED;
	}
	e->s.expect = (enum requirement)expect;
}

static void
read_encryption(struct importer *i, struct import_entry *e)
{
	static const char *const yes[] = { "yes", "y", "true", "x", "encrypted" };
	const char *words = import_text_cell(i, e, IMPORT_ENCRYPTION);

	e->s.encryption = import_text(
	    i, e, IMPORT_ENCRYPTION, "the encryption", TEXT_MAX_SHORT);
	for (size_t k = 0; k < sizeof(yes) / sizeof(yes[0]); k++) {
		if (strcasecmp(words, yes[k]) == 0) {
			free(e->s.encryption);
			e->s.encryption = mem_strdup("yes");
		}
	}
	if (words[0] != '\0' && import_cell_is_none(words)) {
		free(e->s.encryption);
		e->s.encryption = mem_strdup("none");
	}
}

/* The document's own numbering where it has one, else the rows are counted. */
static void
read_line(struct importer *i, struct import_entry *e)
{
	const char *words = import_text_cell(i, e, IMPORT_LINE);
	char *end;
	unsigned long n = strtoul(words, &end, 10);

	e->s.line = ++i->rows;
	if (words[0] == '\0' || *end != '\0' || n < 1 || n > 100000)
		return;
	e->s.line = (unsigned)n;
	i->rows = e->s.line;
}

static void
read_texts(struct importer *i, struct import_entry *e)
{
	struct import_service *s = &e->s;

	s->section = import_text(i, e, IMPORT_SECTION, "the section", TEXT_MAX_SECTION);
	if (s->section[0] == '\0') {
		free(s->section);
		s->section = mem_strdup(i->section != NULL ? i->section : "Ports");
	} else {
		/* Merged cells leave the rest of their rows empty. */
		free(i->section);
		i->section = mem_strdup(s->section);
	}
	s->descr = import_text(i, e, IMPORT_DESCR, "the description", TEXT_MAX_ANY);
	if (s->descr[0] == '\0') {
		free(s->descr);
		s->descr = import_text(i, e, IMPORT_NAME, "the name", TEXT_MAX_ANY);
	}
	s->executable = import_text(
	    i, e, IMPORT_EXECUTABLE, "the executable", TEXT_MAX_ANY);
	s->note = import_text(i, e, IMPORT_NOTE, "the note", TEXT_MAX_ANY);
}

/* ---- services */

static size_t *
copy_list(const size_t *v, size_t n)
{
	size_t *copy = mem_array(size_t, n);

	memcpy(copy, v, n * sizeof(*v));
	return copy;
}

static void
add_service(struct importer *i, const struct import_entry *e, enum proto protocol,
    struct port_range r)
{
	struct import *im = &i->im;
	struct import_service s = e->s;

	if (im->nservices == UINT16_MAX) {
		diag_error(i->d, i->file, 0,
		    "more than %u services: a catalogue has no numbers for the rest, "
		    "which is left out",
		    UINT16_MAX);
		return;
	}
	s.name = import_name_unique(i, e, protocol, r.low);
	s.protocol = protocol;
	s.ports = r;
	s.section = mem_strdup(e->s.section);
	s.descr = mem_strdup(e->s.descr[0] != '\0' ? e->s.descr : s.name);
	s.from = copy_list(e->s.from, e->s.nfrom);
	s.to = copy_list(e->s.to, e->s.nto);
	s.application = mem_strdup(e->s.application);
	s.encryption = mem_strdup(e->s.encryption);
	s.executable = mem_strdup(e->s.executable);
	s.feature = mem_strdup(e->s.feature != NULL ? e->s.feature : "");
	s.note = mem_strdup(e->s.note);
	/* Not by the document's line: many number each section from 1. */
	s.alternative = e->ports.alternatives && e->ports.n > 1
	                    ? mem_printf("row-%u", e->row->line)
	                    : mem_strdup("");
	if (s.line > im->lines)
		im->lines = s.line;
	mem_grow(im->services, im->nservices, im->services_cap);
	im->services[im->nservices++] = s;
}

static bool
is_portless(enum proto p)
{
	return p == PROTO_ICMP || p == PROTO_ICMPV6;
}

/* A row without a port that could be checked: an echo, or a line that says so. */
static void
add_portless(struct importer *i, struct import_entry *e,
    const struct import_protocols *protocols)
{
	bool any = false;

	for (size_t k = 0; k < protocols->n; k++) {
		if (is_portless(protocols->v[k])) {
			add_service(i, e, protocols->v[k], (struct port_range){ 0, 0 });
			any = true;
		}
	}
	if (any)
		return;
	if (protocols->n > 0 && !e->ports.unnamed) {
		diag_error(i->d, i->file, e->row->line, "no port for %s",
		    types_proto(protocols->v[0]));
		return;
	}
	if (e->ports.unnamed)
		diag_warn(i->d, i->file, e->row->line,
		    "ports \"%s\" name none that could be checked: the line is kept "
		    "without one",
		    import_text_cell(i, e, IMPORT_PORTS));
	e->s.expect = REQUIRE_UNSPECIFIED;
	add_service(i, e, PROTO_NONE, (struct port_range){ 0, 0 });
}

static void
add_services(struct importer *i, struct import_entry *e)
{
	const struct import_protocols *row = e->protocols.n > 0 ? &e->protocols
	                                                        : &e->ports.protocols;

	if (e->ports.n == 0) {
		add_portless(i, e, row);
		return;
	}
	for (size_t k = 0; k < e->ports.n; k++) {
		const struct import_protocols *own = &e->ports.v[k].protocols;
		const struct import_protocols *p = own->n > 0 ? own : row;

		if (p->n == 0) {
			diag_error(i->d, i->file, e->row->line,
			    "port %u has no protocol: write TCP or UDP",
			    e->ports.v[k].range.low);
			return;
		}
		for (size_t j = 0; j < p->n; j++) {
			if (!is_portless(p->v[j]))
				add_service(i, e, p->v[j], e->ports.v[k].range);
		}
	}
}

/* A row with one filled cell, not under the ports, is the heading of what follows. */
static bool
read_heading(struct importer *i, const struct csv_row *row)
{
	const char *only = NULL;

	for (size_t k = 0; k < row->n; k++) {
		if (row->cells[k][0] == '\0')
			continue;
		if (only != NULL || (int)k == i->head.column[IMPORT_PORTS])
			return false;
		only = row->cells[k];
	}
	if (only == NULL)
		return true;
	free(i->section);
	i->section = import_text_clean(
	    i, row->line, "the section", only, TEXT_MAX_SECTION);
	return true;
}

void
import_row_read(struct importer *i, const struct csv_row *row)
{
	struct import_entry e = { .row = row };

	if (read_heading(i, row))
		return;
	read_line(i, &e);
	if (!read_ports(i, &e))
		return;
	read_protocols(i, &e);
	import_ends_read(i, &e);
	import_ends_condition(i, &e);
	read_required(i, &e);
	read_encryption(i, &e);
	read_texts(i, &e);
	import_name_stem(i, &e);
	add_services(i, &e);
	free(e.stem);
	free(e.s.section);
	free(e.s.descr);
	free(e.s.from);
	free(e.s.to);
	free(e.s.application);
	free(e.s.encryption);
	free(e.s.executable);
	free(e.s.feature);
	free(e.s.note);
}
