#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>

#include "manager.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* svcPortCheckEntry is { module 1 7 1 }. */
static const oid entry_suffix[] = { 1, 7, 1 };

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

#define INDEX_LEN   3
#define REPETITIONS 7 /* 13 columns: below snmpd's 100 varbinds a response */

struct reading {
	struct manager_agent *agent;
	netsnmp_session *session; /* NULL when it is not under way */
	oid base[MAX_OID_LEN];
	size_t base_len; /* of the entry, without the column */
	bool done;
};

struct campaign {
	struct reading *v;
	size_t n, next, open, done;
};

static void
fail(struct reading *r, const char *why)
{
	if (r->agent->error == NULL)
		r->agent->error = mem_strdup(why);
	r->done = true;
}

/* ---- one request: the next rows behind `index`, or the first */

static void request(struct reading *r, const uint32_t *index);

static uint32_t
number(const netsnmp_variable_list *v)
{
	return v->val.integer != NULL ? (uint32_t)*v->val.integer : 0;
}

static char *
text(const netsnmp_variable_list *v)
{
	return v->type == ASN_OCTET_STR
	           ? mem_strndup((const char *)v->val.string, v->val_len)
	           : mem_strdup("");
}

static void
set_text(char **where, const netsnmp_variable_list *v)
{
	free(*where);
	*where = text(v);
}

static void
set_field(struct manager_row *row, enum field field, const netsnmp_variable_list *v)
{
	switch (field) {
	case FIELD_NAME:
		set_text(&row->name, v);
		break;
	case FIELD_CATALOGUE:
		set_text(&row->catalogue, v);
		break;
	case FIELD_HOST:
		set_text(&row->host, v);
		break;
	case FIELD_PORTS:
		set_text(&row->ports, v);
		break;
	case FIELD_REASON:
		set_text(&row->reason, v);
		break;
	case FIELD_PROTOCOL:
		row->protocol = (uint8_t)number(v);
		break;
	case FIELD_EXPECTED:
		row->expected = (uint8_t)number(v);
		break;
	case FIELD_LISTEN:
		row->listen = (uint8_t)number(v);
		break;
	case FIELD_CONNECT:
		row->connect = (uint8_t)number(v);
		break;
	case FIELD_VERDICT:
		row->verdict = (uint8_t)number(v);
		break;
	case FIELD_SEVERITY:
		row->severity = (uint8_t)number(v);
		break;
	case FIELD_STAGE:
		row->stage = (uint8_t)number(v);
		break;
	case FIELD_AGE:
		row->age = number(v);
		break;
	case FIELDS:
		break;
	}
}

/* True when the varbind is the field of some row; its index is copied out. */
static bool
is_field(const struct reading *r, const netsnmp_variable_list *v, enum field field,
    uint32_t index[INDEX_LEN])
{
	if (v->name_length != r->base_len + 1 + INDEX_LEN ||
	    snmp_oidtree_compare(v->name, r->base_len, r->base, r->base_len) != 0 ||
	    v->name[r->base_len] != columns[field] || v->type == SNMP_ENDOFMIBVIEW ||
	    v->type == SNMP_NOSUCHINSTANCE || v->type == SNMP_NOSUCHOBJECT)
		return false;
	for (size_t i = 0; i < INDEX_LEN; i++)
		index[i] = (uint32_t)v->name[r->base_len + 1 + i];
	return true;
}

static struct manager_row *
add_row(struct manager_agent *a, const uint32_t index[INDEX_LEN])
{
	struct manager_row *row;

	mem_grow(a->rows, a->nrows, a->cap);
	row = &a->rows[a->nrows++];
	*row = (struct manager_row){ 0 };
	memcpy(row->index, index, sizeof(row->index));
	row->name = mem_strdup("");
	row->catalogue = mem_strdup("");
	row->host = mem_strdup("");
	row->ports = mem_strdup("");
	row->reason = mem_strdup("");
	return row;
}

static bool
behind(const struct manager_agent *a, const uint32_t index[INDEX_LEN])
{
	const uint32_t *last;

	if (a->nrows == 0)
		return true;
	last = a->rows[a->nrows - 1].index;
	for (size_t i = 0; i < INDEX_LEN; i++) {
		if (index[i] != last[i])
			return index[i] > last[i];
	}
	return false;
}

/* Takes the rows of a response; true when there may be more. */
static bool
take(struct reading *r, const netsnmp_pdu *pdu)
{
	const netsnmp_variable_list *v = pdu->variables;
	bool more = false;

	while (v != NULL) {
		uint32_t index[INDEX_LEN];
		struct manager_row *row;

		if (!is_field(r, v, FIELD_NAME, index))
			return false;
		/* An agent that repeats itself would keep us for ever. */
		if (!behind(r->agent, index)) {
			fail(r, "its rows are not in order");
			return false;
		}
		row = add_row(r->agent, index);
		for (int field = 0; field < FIELDS && v != NULL; field++) {
			uint32_t at[INDEX_LEN];

			if (is_field(r, v, (enum field)field, at) &&
			    memcmp(at, index, sizeof(at)) == 0)
				set_field(row, (enum field)field, v);
			v = v->next_variable;
		}
		more = true;
	}
	return more;
}

static int
response(int op, netsnmp_session *session, int reqid, netsnmp_pdu *pdu, void *magic)
{
	struct reading *r = magic;

	(void)session;
	(void)reqid;
	if (op == NETSNMP_CALLBACK_OP_TIMED_OUT)
		fail(r, "no answer: host, SNMP port, community or user?");
	else if (op != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE)
		fail(r, "the request could not be sent");
	else if (pdu->command == SNMP_MSG_REPORT)
		fail(r, "the agent refuses the SNMPv3 user or its keys");
	else if (pdu->errstat != SNMP_ERR_NOERROR)
		fail(r, snmp_errstring((int)pdu->errstat));
	else if (take(r, pdu))
		request(r, r->agent->rows[r->agent->nrows - 1].index);
	else
		r->done = true;
	return 1;
}

static void
request(struct reading *r, const uint32_t *index)
{
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GETBULK);
	oid name[MAX_OID_LEN];
	size_t len = r->base_len;

	pdu->non_repeaters = 0;
	pdu->max_repetitions = REPETITIONS;
	memcpy(name, r->base, len * sizeof(*name));
	for (size_t i = 0; index != NULL && i < INDEX_LEN; i++)
		name[len + 1 + i] = index[i];
	for (int field = 0; field < FIELDS; field++) {
		name[len] = columns[field];
		snmp_add_null_var(pdu, name, len + 1 + (index != NULL ? INDEX_LEN : 0));
	}
	if (snmp_async_send(r->session, pdu, response, r) == 0) {
		snmp_free_pdu(pdu);
		fail(r, "the request could not be sent");
	}
}

/* ---- all agents */

static void
begin(struct campaign *c, const netsnmp_session *how)
{
	struct reading *r = &c->v[c->next++];
	netsnmp_session copy = *how;
	char *why = NULL;
	int liberr;
	int syserr;

	copy.peername = r->agent->peer;
	r->session = snmp_open(&copy);
	if (r->session == NULL) {
		snmp_error(&copy, &liberr, &syserr, &why);
		fail(r, why != NULL ? why : "cannot open a session");
		free(why);
		c->done++;
		return;
	}
	c->open++;
	request(r, NULL);
}

/* Sessions are closed outside their callbacks. */
static void
reap(struct campaign *c)
{
	for (size_t i = 0; i < c->next; i++) {
		if (!c->v[i].done || c->v[i].session == NULL)
			continue;
		snmp_close(c->v[i].session);
		c->v[i].session = NULL;
		c->open--;
		c->done++;
	}
}

static void
wait_for_answers(void)
{
	netsnmp_large_fd_set fds;
	struct timeval timeout = { 1, 0 };
	int numfds = 0;
	int block = 1;
	int n;

	netsnmp_large_fd_set_init(&fds, FD_SETSIZE);
	NETSNMP_LARGE_FD_ZERO(&fds);
	snmp_select_info2(&numfds, &fds, &timeout, &block);
	n = netsnmp_large_fd_set_select(
	    numfds, &fds, NULL, NULL, block ? NULL : &timeout);
	if (n > 0)
		snmp_read2(&fds);
	else
		snmp_timeout();
	netsnmp_large_fd_set_cleanup(&fds);
}

void
manager_read(const struct snmp_session *session, const uint32_t *root, size_t root_len,
    struct manager_agent *agents, size_t n, size_t at_once, manager_progress *progress,
    void *arg)
{
	struct campaign c = { .v = mem_array(struct reading, n), .n = n };

	for (size_t i = 0; i < n; i++) {
		struct reading *r = &c.v[i];

		r->agent = &agents[i];
		for (size_t k = 0; k < root_len; k++)
			r->base[k] = root[k];
		memcpy(r->base + root_len, entry_suffix, sizeof(entry_suffix));
		r->base_len = root_len + sizeof(entry_suffix) / sizeof(entry_suffix[0]);
	}
	while (c.done < n) {
		while (c.next < n && c.open < at_once)
			begin(&c, session);
		if (c.open > 0)
			wait_for_answers();
		reap(&c);
		if (progress != NULL)
			progress(arg, c.done, n);
	}
	free(c.v);
}

void
manager_clear(struct manager_agent *a)
{
	for (size_t i = 0; i < a->nrows; i++) {
		free(a->rows[i].name);
		free(a->rows[i].catalogue);
		free(a->rows[i].host);
		free(a->rows[i].ports);
		free(a->rows[i].reason);
	}
	free(a->rows);
	free(a->error);
	a->rows = NULL;
	a->nrows = a->cap = 0;
	a->error = NULL;
}
