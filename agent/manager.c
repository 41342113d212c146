#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>

#include "manager.h"

#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "remote.h"
#include "base/mem.h"

/* An SNMPv3 agent is asked for its engine first: the library would do that by itself,
 * and wait for each in turn. */
enum stage {
	STAGE_IDLE,
	STAGE_QUEUED,
	STAGE_ENGINE,
	STAGE_SELF,
	STAGE_ROWS,
	STAGE_DONE, /* and its session to be closed, which a callback must not do */
};

struct reading {
	const struct manager *m;
	struct manager_agent *agent;
	netsnmp_session *session; /* NULL when it is not under way */
	enum stage stage;
	bool again; /* for the second time, since rows were missing */
	struct remote_self self;
	struct remote_rows rows;
};

struct manager {
	const struct manager_query *query;
	oid root[MAX_OID_LEN];
	size_t root_len;
	struct reading *v;
	size_t n;
	size_t queued, open;
	size_t turn; /* whose it is to begin next, so that all of them come to it */
};

static void
fail(struct reading *r, const char *why)
{
	free(r->agent->error);
	r->agent->error = mem_strdup(why);
	r->stage = STAGE_DONE;
}

static void
succeed(struct reading *r)
{
	struct manager_agent *a = r->agent;

	free(a->error);
	a->error = NULL;
	remote_rows_clear(&a->rows);
	a->rows = r->rows;
	r->rows = (struct remote_rows){ 0 };
	remote_self_clear(&a->self);
	a->self = r->self;
	r->self = (struct remote_self){ 0 };
	a->fresh = true;
	r->stage = STAGE_DONE;
}

/* ---- one request after the other */

static int response(
    int op, netsnmp_session *session, int reqid, netsnmp_pdu *pdu, void *magic);

static void
ask(struct reading *r)
{
	const struct manager *m = r->m;
	netsnmp_pdu *pdu;

	switch (r->stage) {
	case STAGE_ENGINE:
		pdu = engine_request();
		break;
	case STAGE_SELF:
		pdu = remote_self_request(m->root, m->root_len);
		break;
	default:
		pdu = remote_rows_request(&r->rows, m->root, m->root_len);
		break;
	}
	if (snmp_async_send(r->session, pdu, response, r) == 0) {
		snmp_free_pdu(pdu);
		fail(r, snmp_api_errstring(r->session->s_snmp_errno));
	}
}

/* Rows that are missing must not pass for rows that are well: the agent may have been
 * restarted meanwhile, or its table be outside the view. */
static void
check_rows(struct reading *r)
{
	if (r->rows.n >= r->self.checks) {
		succeed(r);
	} else if (r->again) {
		fail(r, "shows fewer rows than it has: is all of its OID in the view "
			"of this community or user?");
	} else {
		r->again = true;
		remote_rows_clear(&r->rows);
		r->stage = STAGE_SELF;
		ask(r);
	}
}

static void
take_rows(struct reading *r, const netsnmp_pdu *pdu)
{
	switch (remote_rows_take(&r->rows, pdu, r->m->root, r->m->root_len)) {
	case REMOTE_MORE:
		ask(r);
		break;
	case REMOTE_END:
		check_rows(r);
		break;
	case REMOTE_DISORDER:
		fail(r, "its rows are not in order");
		break;
	}
}

static void
take(struct reading *r, const netsnmp_pdu *pdu)
{
	switch (r->stage) {
	case STAGE_ENGINE:
		if (engine_take(r->session, pdu)) {
			r->stage = STAGE_SELF;
			ask(r);
		} else {
			fail(r, "no SNMPv3 engine, or a user without a passphrase");
		}
		break;
	case STAGE_SELF:
		if (pdu->command == SNMP_MSG_REPORT) {
			fail(r, engine_report_text(pdu));
		} else if (remote_self_take(&r->self, pdu)) {
			r->stage = STAGE_ROWS;
			ask(r);
		} else {
			fail(r, "answers, but shows nothing of svcportd: is it running "
				"there, and its OID in the view of this community or "
				"user?");
		}
		break;
	default:
		if (pdu->command == SNMP_MSG_REPORT)
			fail(r, engine_report_text(pdu));
		else
			take_rows(r, pdu);
		break;
	}
}

static const char *
silence(const struct reading *r)
{
	if (r->stage == STAGE_ENGINE)
		return "no answer: host, SNMP port or firewall?";
	if (r->session->version == SNMP_VERSION_3)
		return "answers, but not to this user: privacy protocol or passphrase "
		       "(-x, -X)?";
	return "no answer: host, SNMP port, firewall or community?";
}

static const char *
refusal(long errstat)
{
	if (errstat == SNMP_ERR_AUTHORIZATIONERROR || errstat == SNMP_ERR_NOACCESS)
		return "this user may not read anything at this security level (-l)";
	return snmp_errstring((int)errstat);
}

static int
response(int op, netsnmp_session *session, int reqid, netsnmp_pdu *pdu, void *magic)
{
	struct reading *r = magic;

	(void)session;
	(void)reqid;
	if (r->stage == STAGE_DONE)
		return 1; /* given up */
	switch (op) {
	case NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE:
		if (pdu->errstat == SNMP_ERR_NOERROR)
			take(r, pdu);
		else
			fail(r, refusal(pdu->errstat));
		return 1;
	case NETSNMP_CALLBACK_OP_RESEND:
	case NETSNMP_CALLBACK_OP_SEC_ERROR: /* not the end of it: more will follow */
		return 0;
	case NETSNMP_CALLBACK_OP_TIMED_OUT:
		fail(r, silence(r));
		return 1;
	default:
		fail(r, "the request could not be sent");
		return 1;
	}
}

/* ---- all agents */

static void
begin(struct manager *m, struct reading *r)
{
	netsnmp_session copy = *m->query->session;
	char *why = NULL;
	int liberr;
	int syserr;

	m->queued--;
	m->open++;
	r->again = false;
	copy.peername = r->agent->peer;
	copy.flags |= SNMP_FLAGS_DONT_PROBE;
	r->session = snmp_open(&copy);
	if (r->session == NULL) {
		snmp_error(&copy, &liberr, &syserr, &why);
		fail(r, why != NULL ? why : "cannot open a session");
		free(why);
		return;
	}
	/* Opening takes the flag away again, and sending would ask and wait. */
	r->session->flags |= SNMP_FLAGS_DONT_PROBE;
	r->stage = copy.version == SNMP_VERSION_3 && copy.securityEngineIDLen == 0
	               ? STAGE_ENGINE
	               : STAGE_SELF;
	ask(r);
}

static void
fill(struct manager *m)
{
	while (m->queued > 0 && m->open < m->query->at_once) {
		struct reading *r = &m->v[m->turn];

		m->turn = (m->turn + 1) % m->n;
		if (r->stage == STAGE_QUEUED)
			begin(m, r);
	}
}

static void
finish(struct reading *r)
{
	r->stage = STAGE_DONE; /* what closing calls back with is of no interest */
	if (r->session != NULL)
		snmp_close(r->session);
	r->session = NULL;
	remote_rows_clear(&r->rows);
	remote_self_clear(&r->self);
	r->stage = STAGE_IDLE;
}

static void
reap(struct manager *m)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->v[i].stage != STAGE_DONE)
			continue;
		finish(&m->v[i]);
		m->open--;
	}
}

struct manager *
manager_new(const struct manager_query *query, struct manager_agent *agents, size_t n)
{
	struct manager *m = mem_new(struct manager);

	m->query = query;
	for (size_t i = 0; i < query->root_len; i++)
		m->root[i] = query->root[i];
	m->root_len = query->root_len;
	m->n = n;
	m->v = mem_array(struct reading, n);
	for (size_t i = 0; i < n; i++)
		m->v[i] = (struct reading){ .m = m, .agent = &agents[i] };
	return m;
}

void
manager_ask(struct manager *m, size_t i)
{
	if (m->v[i].stage != STAGE_IDLE)
		return;
	m->v[i].stage = STAGE_QUEUED;
	m->queued++;
}

bool
manager_busy(const struct manager *m, size_t i)
{
	return m->v[i].stage != STAGE_IDLE;
}

size_t
manager_pending(const struct manager *m)
{
	return m->queued + m->open;
}

bool
manager_wait(struct manager *m, int fd, int ms)
{
	netsnmp_large_fd_set fds;
	struct timeval timeout = { ms / 1000, ms % 1000 * 1000 };
	int numfds = 0;
	int block = 0;
	bool readable = false;
	int n;

	fill(m);
	netsnmp_large_fd_set_init(&fds, FD_SETSIZE);
	NETSNMP_LARGE_FD_ZERO(&fds);
	snmp_select_info2(&numfds, &fds, &timeout, &block);
	if (fd >= 0) {
		NETSNMP_LARGE_FD_SET(fd, &fds);
		numfds = fd >= numfds ? fd + 1 : numfds;
	}
	n = netsnmp_large_fd_set_select(numfds, &fds, NULL, NULL, &timeout);
	if (n > 0) {
		readable = fd >= 0 && NETSNMP_LARGE_FD_ISSET(fd, &fds);
		snmp_read2(&fds);
	}
	/* Whoever answers must not keep those waiting who do not. */
	snmp_timeout();
	netsnmp_large_fd_set_cleanup(&fds);
	reap(m);
	return readable;
}

void
manager_free(struct manager *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->n; i++)
		finish(&m->v[i]);
	free(m->v);
	free(m);
}

void
manager_clear(struct manager_agent *a)
{
	remote_rows_clear(&a->rows);
	remote_self_clear(&a->self);
	free(a->error);
	a->error = NULL;
	a->fresh = false;
}
