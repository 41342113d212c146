#include "remote.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "model/types.h"

#define TEXT_MAX     255 /* SnmpAdminString, RFC 3411 */
#define INDEX_LEN    3
#define REPETITIONS  7 /* 13 columns: below snmpd's 100 varbinds a response */
#define NAME_MAX_LEN MAX_OID_LEN

/* ---- values */

static uint32_t
number(const netsnmp_variable_list *v)
{
	switch (v->type) {
	case ASN_INTEGER:
	case ASN_GAUGE:
	case ASN_COUNTER:
	case ASN_TIMETICKS:
		return v->val.integer != NULL ? (uint32_t)*v->val.integer : 0;
	default:
		return 0;
	}
}

/* Nothing in it that a terminal would obey: neither C0 nor C1 controls. */
static void
tame(char *text)
{
	bool valid = utf8_valid(text);
	unsigned char before = 0;

	for (unsigned char *p = (unsigned char *)text; *p != '\0'; p++) {
		if (*p < 0x20 || *p == 0x7f) {
			*p = ' ';
		} else if (*p >= 0x80 && !valid) {
			*p = '?';
		} else if (before == 0xc2 && *p < 0xa0) {
			p[-1] = ' ';
			*p = ' ';
		}
		before = *p;
	}
}

static void
set_text(char **where, const netsnmp_variable_list *v)
{
	free(*where);
	*where = v->type == ASN_OCTET_STR
	             ? mem_strndup((const char *)v->val.string, v->val_len)
	             : mem_strdup("");
	tame(*where);
	(*where)[utf8_cut(*where, TEXT_MAX)] = '\0';
}

static bool
has_value(const netsnmp_variable_list *v)
{
	return v->type != SNMP_ENDOFMIBVIEW && v->type != SNMP_NOSUCHINSTANCE &&
	       v->type != SNMP_NOSUCHOBJECT && v->type != ASN_NULL;
}

static size_t
append(oid *name, size_t len, const oid *suffix, size_t n)
{
	memcpy(name + len, suffix, n * sizeof(*name));
	return len + n;
}

/* ---- the agent itself */

enum self_field {
	SELF_VERSION,
	SELF_STATUS,
	SELF_COMPLAINT,
	SELF_SCAN_AGE,
	SELF_LAG,
	SELF_NAME,
	SELF_CHECKS,
	SELF_FIELDS
};

/* svcPortSystem is { module 1 1 }, svcPortHostName of host 1 { module 1 6 1 2 1 },
 * svcPortSummaryChecks { module 1 2 3 }. */
static const struct {
	oid suffix[5];
	size_t len;
} self_fields[SELF_FIELDS] = {
	[SELF_VERSION] = { { 1, 1, 1, 0 }, 4 },
	[SELF_STATUS] = { { 1, 1, 5, 0 }, 4 },
	[SELF_COMPLAINT] = { { 1, 1, 6, 0 }, 4 },
	[SELF_SCAN_AGE] = { { 1, 1, 8, 0 }, 4 },
	[SELF_LAG] = { { 1, 1, 9, 0 }, 4 },
	[SELF_NAME] = { { 1, 6, 1, 2, 1 }, 5 },
	[SELF_CHECKS] = { { 1, 2, 3, 0 }, 4 },
};

netsnmp_pdu *
remote_self_request(const oid *root, size_t root_len)
{
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GET);

	for (int i = 0; i < SELF_FIELDS; i++) {
		oid name[NAME_MAX_LEN];
		size_t len = append(name, 0, root, root_len);

		len = append(name, len, self_fields[i].suffix, self_fields[i].len);
		snmp_add_null_var(pdu, name, len);
	}
	return pdu;
}

bool
remote_self_take(struct remote_self *self, const netsnmp_pdu *pdu)
{
	const netsnmp_variable_list *v[SELF_FIELDS];
	const netsnmp_variable_list *next = pdu->variables;

	for (int i = 0; i < SELF_FIELDS; i++) {
		if (next == NULL)
			return false;
		v[i] = next;
		next = next->next_variable;
	}
	if (!has_value(v[SELF_VERSION]))
		return false;
	set_text(&self->version, v[SELF_VERSION]);
	set_text(&self->complaint, v[SELF_COMPLAINT]);
	set_text(&self->name, v[SELF_NAME]);
	self->config_failed = number(v[SELF_STATUS]) == CONFIG_FAILED;
	self->scan_age = number(v[SELF_SCAN_AGE]);
	self->probe_lag = number(v[SELF_LAG]);
	self->checks = number(v[SELF_CHECKS]);
	return true;
}

void
remote_self_clear(struct remote_self *self)
{
	free(self->version);
	free(self->complaint);
	free(self->name);
	*self = (struct remote_self){ 0 };
}

/* ---- its rows */

/* svcPortCheckEntry is { module 1 7 1 }. */
static const oid entry_suffix[] = { 1, 7, 1 };
#define ENTRY_LEN (sizeof(entry_suffix) / sizeof(entry_suffix[0]))

enum field {
	FIELD_NAME,
	FIELD_CATALOGUE,
	FIELD_HOST,
	FIELD_PROTOCOL,
	FIELD_PORTS,
	FIELD_EXPECTED,
	FIELD_LISTEN,
	FIELD_CONNECT,
	FIELD_VERDICT,
	FIELD_SEVERITY,
	FIELD_STAGE,
	FIELD_AGE,
	FIELD_REASON,
	FIELDS
};

/* The column's number in the table. */
static const oid columns[FIELDS] = {
	[FIELD_NAME] = 1,
	[FIELD_CATALOGUE] = 2,
	[FIELD_HOST] = 4,
	[FIELD_PROTOCOL] = 5,
	[FIELD_PORTS] = 6,
	[FIELD_EXPECTED] = 7,
	[FIELD_LISTEN] = 8,
	[FIELD_CONNECT] = 9,
	[FIELD_VERDICT] = 10,
	[FIELD_SEVERITY] = 11,
	[FIELD_STAGE] = 12,
	[FIELD_AGE] = 14,
	[FIELD_REASON] = 15,
};

netsnmp_pdu *
remote_rows_request(const struct remote_rows *rows, const oid *root, size_t root_len)
{
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GETBULK);
	oid name[NAME_MAX_LEN];
	size_t entry = append(name, 0, root, root_len);
	size_t len;

	pdu->non_repeaters = 0;
	pdu->max_repetitions = REPETITIONS;
	entry = append(name, entry, entry_suffix, ENTRY_LEN);
	len = entry + 1;
	for (size_t i = 0; rows->n > 0 && i < INDEX_LEN; i++)
		name[len++] = rows->v[rows->n - 1].index[i];
	for (int field = 0; field < FIELDS; field++) {
		name[entry] = columns[field];
		snmp_add_null_var(pdu, name, len);
	}
	return pdu;
}

static uint8_t
word(const netsnmp_variable_list *v)
{
	uint32_t n = number(v);

	return n <= UINT8_MAX ? (uint8_t)n : 0;
}

static void
set_field(struct remote_row *row, enum field field, const netsnmp_variable_list *v)
{
	char **const texts[FIELDS] = { [FIELD_NAME] = &row->name,
		[FIELD_CATALOGUE] = &row->catalogue,
		[FIELD_HOST] = &row->host,
		[FIELD_PORTS] = &row->ports,
		[FIELD_REASON] = &row->reason };
	uint8_t *const words[FIELDS] = { [FIELD_PROTOCOL] = &row->protocol,
		[FIELD_EXPECTED] = &row->expected,
		[FIELD_LISTEN] = &row->listen,
		[FIELD_CONNECT] = &row->connect,
		[FIELD_VERDICT] = &row->verdict,
		[FIELD_SEVERITY] = &row->severity,
		[FIELD_STAGE] = &row->stage };

	if (texts[field] != NULL)
		set_text(texts[field], v);
	else if (words[field] != NULL)
		*words[field] = word(v);
	else
		row->age = number(v);
}

/* True when the varbind is the field of some row; its index is copied out. */
static bool
is_field(const netsnmp_variable_list *v, const oid *root, size_t root_len,
    enum field field, uint32_t index[INDEX_LEN])
{
	const oid *rest = v->name + root_len;

	if (v->name_length != root_len + ENTRY_LEN + 1 + INDEX_LEN ||
	    memcmp(v->name, root, root_len * sizeof(*root)) != 0 ||
	    memcmp(rest, entry_suffix, sizeof(entry_suffix)) != 0 ||
	    rest[ENTRY_LEN] != columns[field] || !has_value(v))
		return false;
	for (size_t i = 0; i < INDEX_LEN; i++)
		index[i] = (uint32_t)rest[ENTRY_LEN + 1 + i];
	return true;
}

static struct remote_row *
add_row(struct remote_rows *rows, const uint32_t index[INDEX_LEN])
{
	struct remote_row *row;

	mem_grow(rows->v, rows->n, rows->cap);
	row = &rows->v[rows->n++];
	*row = (struct remote_row){ 0 };
	memcpy(row->index, index, sizeof(row->index));
	row->name = mem_strdup("");
	row->catalogue = mem_strdup("");
	row->host = mem_strdup("");
	row->ports = mem_strdup("");
	row->reason = mem_strdup("");
	return row;
}

static bool
behind(const struct remote_rows *rows, const uint32_t index[INDEX_LEN])
{
	const uint32_t *last;

	if (rows->n == 0)
		return true;
	last = rows->v[rows->n - 1].index;
	for (size_t i = 0; i < INDEX_LEN; i++) {
		if (index[i] != last[i])
			return index[i] > last[i];
	}
	return false;
}

/* Reads one row from *v on; false when the response ends before the row does. */
static bool
take_row(struct remote_row *row, const netsnmp_variable_list **v, const oid *root,
    size_t root_len)
{
	int field;

	for (field = 0; field < FIELDS && *v != NULL; field++) {
		uint32_t at[INDEX_LEN];

		if (is_field(*v, root, root_len, (enum field)field, at) &&
		    memcmp(at, row->index, sizeof(at)) == 0)
			set_field(row, (enum field)field, *v);
		*v = (*v)->next_variable;
	}
	/* One that was not sent, or that only a newer agent knows, is nothing good. */
	if (row->verdict < VERDICT_COMPLIANT || row->verdict > VERDICT_MAX)
		row->verdict = VERDICT_UNKNOWN;
	return field == FIELDS;
}

static void
free_row(struct remote_row *row)
{
	free(row->name);
	free(row->catalogue);
	free(row->host);
	free(row->ports);
	free(row->reason);
}

/* An agent ends a response where its packet is full (RFC 3416, 4.2.3), in the middle of
 * a row as well: that one is asked for again, unless it was the only one. */
enum remote_take
remote_rows_take(
    struct remote_rows *rows, const netsnmp_pdu *pdu, const oid *root, size_t root_len)
{
	const netsnmp_variable_list *v = pdu->variables;
	enum remote_take result = REMOTE_END;

	while (v != NULL) {
		uint32_t index[INDEX_LEN];

		if (!is_field(v, root, root_len, FIELD_NAME, index))
			return REMOTE_END;
		if (!behind(rows, index))
			return REMOTE_DISORDER;
		if (!take_row(add_row(rows, index), &v, root, root_len) &&
		    result == REMOTE_MORE)
			free_row(&rows->v[--rows->n]);
		result = REMOTE_MORE;
	}
	return result;
}

void
remote_rows_clear(struct remote_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		free_row(&rows->v[i]);
	free(rows->v);
	*rows = (struct remote_rows){ 0 };
}
