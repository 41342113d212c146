/*
 * A manager that measures.
 *
 *   agent_client ADDRESS walk REPETITIONS ROWS OID...   columns OID row by row, so many
 *                                                       rows or (0) all of them:
 *                                                       "VARBINDS MICROSECONDS"
 *   agent_client ADDRESS get COUNT OID                  GETs one after the other:
 *                                                       "P50 P99 WORST" in microseconds
 */

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mono.h"

#define COLUMNS_MAX 32

struct column {
	oid base[MAX_OID_LEN], next[MAX_OID_LEN];
	size_t base_len, next_len;
};

static void
die(const char *what)
{
	fprintf(stderr, "agent_client: %s\n", what);
	exit(1);
}

static netsnmp_session *
open_session(char *address)
{
	netsnmp_session s, *open;
	static u_char community[] = "public";

	init_snmp("agent_client");
	snmp_sess_init(&s);
	s.version = SNMP_VERSION_2c;
	s.peername = address;
	s.community = community;
	s.community_len = 6;
	s.timeout = 5000000;
	s.retries = 2;
	open = snmp_open(&s);
	if (open == NULL)
		die("no session");
	return open;
}

static void
read_column(struct column *c, const char *text)
{
	c->base_len = MAX_OID_LEN;
	if (read_objid(text, c->base, &c->base_len) == 0)
		die(text);
	memcpy(c->next, c->base, sizeof(c->base));
	c->next_len = c->base_len;
}

/* Takes the rows of a response; returns how many varbinds lie in the columns. */
static unsigned long
take_rows(struct column *c, int n, const netsnmp_pdu *response, bool *end)
{
	unsigned long count = 0;
	int i = 0;

	for (netsnmp_variable_list *v = response->variables; v != NULL;
	     v = v->next_variable, i = (i + 1) % n) {
		if (v->type == SNMP_ENDOFMIBVIEW ||
		    snmp_oidtree_compare(
			c[i].base, c[i].base_len, v->name, v->name_length) != 0) {
			*end = true;
			continue;
		}
		memcpy(c[i].next, v->name, v->name_length * sizeof(oid));
		c[i].next_len = v->name_length;
		count++;
	}
	return count;
}

static void
walk(netsnmp_session *s, int repetitions, unsigned long rows, char **oids, int n)
{
	struct column *c = calloc(COLUMNS_MAX, sizeof(*c));
	struct mono begin = mono_now();
	unsigned long count = 0;
	bool end = false;

	for (int i = 0; i < n; i++)
		read_column(&c[i], oids[i]);
	while (!end && (rows == 0 || count < rows * (unsigned long)n)) {
		netsnmp_pdu *q = snmp_pdu_create(SNMP_MSG_GETBULK), *r = NULL;

		q->non_repeaters = 0;
		q->max_repetitions = repetitions;
		for (int i = 0; i < n; i++)
			snmp_add_null_var(q, c[i].next, c[i].next_len);
		if (snmp_synch_response(s, q, &r) != STAT_SUCCESS || r == NULL ||
		    r->errstat != 0)
			die("no answer");
		count += take_rows(c, n, r, &end);
		snmp_free_pdu(r);
	}
	printf(
	    "%lu %lld\n", count, (long long)(mono_diff_ns(mono_now(), begin) / 1000));
	free(c);
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
get(netsnmp_session *s, int count, const char *name)
{
	int64_t *took = calloc((size_t)count, sizeof(*took));
	struct column c;

	read_column(&c, name);
	for (int i = 0; i < count; i++) {
		netsnmp_pdu *q = snmp_pdu_create(SNMP_MSG_GET), *r = NULL;
		struct mono begin = mono_now();

		snmp_add_null_var(q, c.base, c.base_len);
		if (snmp_synch_response(s, q, &r) != STAT_SUCCESS || r == NULL)
			die("no answer");
		took[i] = mono_diff_ns(mono_now(), begin) / 1000;
		snmp_free_pdu(r);
	}
	qsort(took, (size_t)count, sizeof(*took), by_size);
	printf("%lld %lld %lld\n", (long long)took[count / 2],
	    (long long)took[count * 99 / 100], (long long)took[count - 1]);
	free(took);
}

int
main(int argc, char **argv)
{
	netsnmp_session *s;

	if (argc < 5 || argc - 5 > COLUMNS_MAX) {
		fprintf(stderr,
		    "usage: agent_client ADDRESS walk REPETITIONS ROWS OID...\n"
		    "       agent_client ADDRESS get COUNT OID\n");
		return 2;
	}
	s = open_session(argv[1]);
	if (strcmp(argv[2], "walk") == 0)
		walk(s, atoi(argv[3]), strtoul(argv[4], NULL, 10), argv + 5, argc - 5);
	else
		get(s, atoi(argv[3]), argv[4]);
	snmp_close(s);
	return 0;
}
