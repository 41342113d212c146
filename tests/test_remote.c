#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "remote.h"
#include "model/types.h"

static const oid root[] = { 1, 3, 6, 1, 4, 1, 99 };
#define ROOT_LEN (sizeof(root) / sizeof(root[0]))

/* The columns that are asked for, in that order; 14 is a gauge, texts are named. */
static const struct {
	oid column;
	const char *text; /* NULL: the number */
	long number;
} cells[] = { { 1, "acme/web@h", 0 }, { 2, "acme", 0 }, { 4, "h", 0 }, { 5, NULL, 6 },
	{ 6, "80", 0 }, { 7, NULL, 1 }, { 8, NULL, 2 }, { 9, NULL, 10 },
	{ 10, NULL, 7 }, { 11, NULL, 5 }, { 12, NULL, 3 }, { 14, NULL, 42 },
	{ 15, "why", 0 } };
#define NCELLS (sizeof(cells) / sizeof(cells[0]))

static void
add(netsnmp_pdu *pdu, oid column, oid service, u_char type, const void *value,
    size_t len)
{
	oid name[MAX_OID_LEN];
	const oid rest[] = { 1, 7, 1, column, 10, service, 1 };

	memcpy(name, root, sizeof(root));
	memcpy(name + ROOT_LEN, rest, sizeof(rest));
	snmp_pdu_add_variable(pdu, name, ROOT_LEN + 7, type, value, len);
}

/* A whole row; `text` is the reason. */
static void
add_row(netsnmp_pdu *pdu, oid service, const char *text, size_t len)
{
	for (size_t i = 0; i < NCELLS; i++) {
		if (cells[i].column == 15)
			add(pdu, 15, service, ASN_OCTET_STR, text, len);
		else if (cells[i].text != NULL)
			add(pdu, cells[i].column, service, ASN_OCTET_STR, cells[i].text,
			    strlen(cells[i].text));
		else
			add(pdu, cells[i].column, service,
			    cells[i].column == 14 ? ASN_GAUGE : ASN_INTEGER,
			    &cells[i].number, sizeof(cells[i].number));
	}
}

static enum remote_take
take(struct remote_rows *rows, netsnmp_pdu *pdu)
{
	enum remote_take result = remote_rows_take(rows, pdu, root, ROOT_LEN);

	snmp_free_pdu(pdu);
	return result;
}

static netsnmp_pdu *
response(void)
{
	return snmp_pdu_create(SNMP_MSG_RESPONSE);
}

static void
a_row_is_read(void **state)
{
	struct remote_rows rows = { 0 };
	netsnmp_pdu *pdu = response();
	const struct remote_row *r;

	(void)state;
	add_row(pdu, 1, "why", 3);
	add_row(pdu, 2, "because", 7);
	assert_int_equal(take(&rows, pdu), REMOTE_MORE);
	assert_int_equal(rows.n, 2);
	r = &rows.v[1];
	assert_string_equal(r->name, "acme/web@h");
	assert_string_equal(r->catalogue, "acme");
	assert_string_equal(r->host, "h");
	assert_string_equal(r->ports, "80");
	assert_string_equal(r->reason, "because");
	assert_int_equal(r->protocol, PROTO_TCP);
	assert_int_equal(r->expected, EXPECTED_REQUIRED);
	assert_int_equal(r->listen, LISTEN_NOT);
	assert_int_equal(r->connect, CONNECT_NA);
	assert_int_equal(r->verdict, VERDICT_CLOSED_REQUIRED);
	assert_int_equal(r->severity, SEVERITY_MAJOR);
	assert_int_equal(r->stage, STAGE_RAISED);
	assert_int_equal(r->age, 42);
	remote_rows_clear(&rows);
	assert_int_equal(rows.n, 0);
}

/* The next request goes on behind the last row. */
static void
requests_go_on(void **state)
{
	struct remote_rows rows = { 0 };
	netsnmp_pdu *pdu = remote_rows_request(&rows, root, ROOT_LEN);
	const netsnmp_variable_list *v = pdu->variables;
	const oid first[] = { 1, 7, 1, 1 };
	const oid next[] = { 1, 7, 1, 2, 10, 5, 1 };

	(void)state;
	assert_int_equal(pdu->command, SNMP_MSG_GETBULK);
	assert_int_equal(v->name_length, ROOT_LEN + 4);
	assert_memory_equal(v->name + ROOT_LEN, first, sizeof(first));
	snmp_free_pdu(pdu);
	pdu = response();
	add_row(pdu, 5, "", 0);
	assert_int_equal(take(&rows, pdu), REMOTE_MORE);
	pdu = remote_rows_request(&rows, root, ROOT_LEN);
	v = pdu->variables->next_variable;
	assert_int_equal(v->name_length, ROOT_LEN + 7);
	assert_memory_equal(v->name + ROOT_LEN, next, sizeof(next));
	snmp_free_pdu(pdu);
	remote_rows_clear(&rows);
}

static void
ends_behind_the_table(void **state)
{
	struct remote_rows rows = { 0 };
	netsnmp_pdu *pdu = response();

	(void)state;
	add_row(pdu, 1, "why", 3);
	/* the first column is at its end when its successor begins */
	add(pdu, 2, 1, ASN_OCTET_STR, "acme", 4);
	assert_int_equal(take(&rows, pdu), REMOTE_END);
	assert_int_equal(rows.n, 1);
	pdu = response();
	add(pdu, 1, 2, SNMP_ENDOFMIBVIEW, NULL, 0);
	assert_int_equal(take(&rows, pdu), REMOTE_END);
	assert_int_equal(rows.n, 1);
	assert_int_equal(take(&rows, response()), REMOTE_END);
	remote_rows_clear(&rows);
}

/* An agent that goes in circles is left. */
static void
order_is_demanded(void **state)
{
	struct remote_rows rows = { 0 };
	netsnmp_pdu *pdu = response();

	(void)state;
	add_row(pdu, 3, "", 0);
	add_row(pdu, 3, "", 0);
	assert_int_equal(take(&rows, pdu), REMOTE_DISORDER);
	pdu = response();
	add_row(pdu, 2, "", 0);
	assert_int_equal(take(&rows, pdu), REMOTE_DISORDER);
	assert_int_equal(rows.n, 1);
	remote_rows_clear(&rows);
}

/* What its packet had no room for is asked for again. */
static void
a_part_of_a_row_is_asked_for_again(void **state)
{
	struct remote_rows rows = { 0 };
	netsnmp_pdu *pdu = response();
	const oid next[] = { 1, 7, 1, 1, 10, 1, 1 };

	(void)state;
	add_row(pdu, 1, "why", 3);
	add(pdu, 1, 2, ASN_OCTET_STR, "acme/db@h", 9);
	add(pdu, 2, 2, ASN_OCTET_STR, "acme", 4);
	assert_int_equal(take(&rows, pdu), REMOTE_MORE);
	assert_int_equal(rows.n, 1);
	pdu = remote_rows_request(&rows, root, ROOT_LEN);
	assert_memory_equal(pdu->variables->name + ROOT_LEN, next, sizeof(next));
	snmp_free_pdu(pdu);
	remote_rows_clear(&rows);
}

/* A response that was cut in the middle of its only row, and columns of another row. */
static void
holes_are_empty(void **state)
{
	struct remote_rows rows = { 0 };
	netsnmp_pdu *pdu = response();
	long verdict = 7;

	(void)state;
	add(pdu, 1, 1, ASN_OCTET_STR, "acme/web@h", 10);
	add(pdu, 2, 9, ASN_OCTET_STR, "other", 5);
	add(pdu, 10, 1, ASN_INTEGER, &verdict, sizeof(verdict));
	assert_int_equal(take(&rows, pdu), REMOTE_MORE);
	assert_int_equal(rows.n, 1);
	assert_string_equal(rows.v[0].catalogue, "");
	assert_string_equal(rows.v[0].reason, "");
	assert_int_equal(rows.v[0].expected, 0);
	/* nobody takes that for well */
	assert_int_equal(rows.v[0].verdict, VERDICT_UNKNOWN);
	remote_rows_clear(&rows);
}

/* What an agent sends goes to a terminal. */
static void
texts_are_tame(void **state)
{
	static const struct {
		const char *sent;
		size_t len;
		const char *kept;
	} texts[] = { { "\033[2Jgone\a\n\177", 11, " [2Jgone   " },
		{ "caf\xc3\xa9", 5, "caf\xc3\xa9" },
		{ "\xc2\x9b"
		  "31m",
		    5, "  31m" },
		{ "\x9b\xff\xc3", 3, "???" }, { "a\0b", 3, "a" } };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct remote_rows rows = { 0 };
		netsnmp_pdu *pdu = response();

		add_row(pdu, 1, texts[i].sent, texts[i].len);
		assert_int_equal(take(&rows, pdu), REMOTE_MORE);
		assert_string_equal(rows.v[0].reason, texts[i].kept);
		remote_rows_clear(&rows);
	}
}

/* No agent may send longer ones: whatever they are put in, they are cut where a
 * character ends. */
static void
texts_are_bounded(void **state)
{
	struct remote_rows rows = { 0 };
	netsnmp_pdu *pdu = response();
	char text[600];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	add_row(pdu, 1, text, sizeof(text));
	assert_int_equal(take(&rows, pdu), REMOTE_MORE);
	assert_int_equal(strlen(rows.v[0].reason), 254);
	remote_rows_clear(&rows);
}

/* ---- what it says of itself */

static void
add_self(netsnmp_pdu *pdu, const oid *rest, size_t n, u_char type, const void *value,
    size_t len)
{
	oid name[MAX_OID_LEN];

	memcpy(name, root, sizeof(root));
	memcpy(name + ROOT_LEN, rest, n * sizeof(*rest));
	snmp_pdu_add_variable(pdu, name, ROOT_LEN + n, type, value, len);
}

static void
agents_introduce_themselves(void **state)
{
	static const oid version[] = { 1, 1, 1, 0 }, status[] = { 1, 1, 5, 0 },
			 said[] = { 1, 1, 6, 0 }, scan[] = { 1, 1, 8, 0 },
			 lag[] = { 1, 1, 9, 0 }, name[] = { 1, 6, 1, 2, 1 },
			 checks[] = { 1, 2, 3, 0 };
	const long failed = CONFIG_FAILED, age = 3, late = 20, rows = 5;
	struct remote_self self = { 0 };
	netsnmp_pdu *asked = remote_self_request(root, ROOT_LEN);
	netsnmp_pdu *pdu = response();
	const netsnmp_variable_list *v = asked->variables;
	const netsnmp_variable_list *given;

	(void)state;
	add_self(pdu, version, 4, ASN_OCTET_STR, "svcportd 1", 10);
	add_self(pdu, status, 4, ASN_INTEGER, &failed, sizeof(failed));
	add_self(pdu, said, 4, ASN_OCTET_STR, "line 7", 6);
	add_self(pdu, scan, 4, ASN_GAUGE, &age, sizeof(age));
	add_self(pdu, lag, 4, ASN_GAUGE, &late, sizeof(late));
	add_self(pdu, name, 5, ASN_OCTET_STR, "fmc1", 4);
	add_self(pdu, checks, 4, ASN_GAUGE, &rows, sizeof(rows));
	/* these are the ones that are asked for */
	for (given = pdu->variables; given != NULL; given = given->next_variable) {
		assert_non_null(v);
		assert_int_equal(snmp_oid_compare(v->name, v->name_length, given->name,
				     given->name_length),
		    0);
		v = v->next_variable;
	}
	assert_null(v);
	assert_true(remote_self_take(&self, pdu));
	assert_string_equal(self.version, "svcportd 1");
	assert_string_equal(self.name, "fmc1");
	assert_string_equal(self.complaint, "line 7");
	assert_true(self.config_failed);
	assert_int_equal(self.scan_age, 3);
	assert_int_equal(self.probe_lag, 20);
	assert_int_equal(self.checks, 5);
	snmp_free_pdu(asked);
	snmp_free_pdu(pdu);
	remote_self_clear(&self);
}

static void
agents_may_not_be_there(void **state)
{
	struct remote_self self = { 0 };
	netsnmp_pdu *pdu = remote_self_request(root, ROOT_LEN);

	(void)state;
	for (netsnmp_variable_list *v = pdu->variables; v != NULL; v = v->next_variable)
		v->type = SNMP_NOSUCHOBJECT;
	assert_false(remote_self_take(&self, pdu));
	snmp_free_pdu(pdu);
	pdu = response();
	assert_false(remote_self_take(&self, pdu));
	snmp_free_pdu(pdu);
	remote_self_clear(&self);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_is_read),
		cmocka_unit_test(requests_go_on),
		cmocka_unit_test(ends_behind_the_table),
		cmocka_unit_test(order_is_demanded),
		cmocka_unit_test(a_part_of_a_row_is_asked_for_again),
		cmocka_unit_test(holes_are_empty),
		cmocka_unit_test(texts_are_tame),
		cmocka_unit_test(texts_are_bounded),
		cmocka_unit_test(agents_introduce_themselves),
		cmocka_unit_test(agents_may_not_be_there),
	};

	return cmocka_run_group_tests_name("remote", tests, NULL, NULL);
}
