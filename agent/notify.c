#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include "notify.h"

#include <stdlib.h>
#include <string.h>

#include "axpdu.h"
#include "base/bucket.h"
#include "journal/eventlog.h"
#include "base/log.h"
#include "base/mem.h"
#include "journal/outbox.h"
#include "transport.h"
#include "varbinds.h"

/* The library's own timeout: so long that the stream's end always comes first. */
#define TIMEOUT_S  86400
#define RETRY_MS   100  /* after a PDU that could not be sent */
#define REFUSED_MS 1000 /* after one that was refused for now */

struct notify {
	struct notify_config conf;
	struct bucket bucket;
	struct snmp_session *session; /* NULL without one */
	/* Of the session, so that the end of an old request is not taken for that of
	 * the present one: a session's address may be used again. */
	uintptr_t generation;
	bool waiting;      /* for the acknowledgement of the head */
	bool token;        /* taken for the head, which was not sent yet */
	struct mono retry; /* not before; {0} for at once */
	int64_t failed;    /* to be tried again after so many milliseconds; 0: no */
	uint32_t seq;      /* of the head that is waited for */
	struct log_limit limit;
	struct mono now; /* of the last turn */
};

static struct notify *current; /* the library's callbacks carry the generation */

struct notify *
notify_new(const struct notify_config *config, struct mono now)
{
	struct notify *n = mem_new(struct notify);

	n->conf = *config;
	bucket_init(&n->bucket, config->rate, config->burst, now);
	current = n;
	return n;
}

void
notify_free(struct notify *n)
{
	if (n == current)
		current = NULL;
	free(n);
}

void
notify_up(struct notify *n, struct snmp_session *s)
{
	n->session = s;
	n->waiting = false;
	n->failed = 0;
	n->generation++;
}

void
notify_down(struct notify *n)
{
	n->session = NULL;
	n->waiting = false;
	n->generation++;
}

void
notify_set_rate(struct notify *n, uint32_t rate, uint32_t burst, struct mono now)
{
	bucket_init(&n->bucket, rate, burst, now);
}

static void
acknowledged(struct notify *n)
{
	log_debug("notify", "event %u acknowledged", n->seq);
	eventlog_sent(n->conf.log, n->seq);
	outbox_acked(n->conf.outbox);
	n->token = false;
}

/* The master answered with an error: it has no such session any more, whereas a new
 * one it may have, or it calls the PDU malformed, and will each time. */
static void
refused(struct notify *n, long error)
{
	unsigned skipped;

	if (error == AXPDU_NOT_OPEN)
		transport_drop();
	if (error != AXPDU_PARSE_ERROR && error != AXPDU_PROCESSING_ERROR) {
		n->failed = REFUSED_MS;
		if (log_allow(&n->limit, 1, n->now.ns / 1000000000, &skipped))
			log_warn("notify",
			    "event %u: the master answered error %ld: kept", n->seq,
			    error);
		return;
	}
	log_error("notify",
	    "event %u: the master rejects it as malformed (error %ld): dropped", n->seq,
	    error);
	outbox_drop(n->conf.outbox);
	n->token = false;
}

static int
on_outcome(int op, netsnmp_session *s, int reqid, netsnmp_pdu *pdu, void *magic)
{
	struct notify *n = current;

	(void)s, (void)reqid;
	if (op == NETSNMP_CALLBACK_OP_RESEND || n == NULL ||
	    (uintptr_t)magic != n->generation || !n->waiting)
		return 1;
	n->waiting = false;
	if (op != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE)
		n->failed = RETRY_MS; /* not sent, or the session is being closed */
	else if (pdu->errstat == SNMP_ERR_NOERROR)
		acknowledged(n);
	else
		refused(n, pdu->errstat);
	return 1;
}

static void
add_varbind(const struct notify *n, netsnmp_pdu *pdu, const uint32_t *tail,
    size_t tail_len, const struct value *value)
{
	oid name[2 * VALUE_OID_MAX], text[VALUE_OID_MAX];
	size_t len = 0;
	long number = (long)value->number;

	for (size_t i = 0; i < n->conf.root_len; i++)
		name[len++] = n->conf.root[i];
	for (size_t i = 0; i < tail_len; i++)
		name[len++] = tail[i];
	switch (value->type) {
	case VALUE_STRING:
		snmp_pdu_add_variable(
		    pdu, name, len, ASN_OCTET_STR, value->bytes, value->len);
		return;
	case VALUE_OID:
		for (size_t i = 0; i < value->len; i++)
			text[i] = value->room.oid[i];
		snmp_pdu_add_variable(
		    pdu, name, len, ASN_OBJECT_ID, text, value->len * sizeof(*text));
		return;
	case VALUE_INTEGER:
		number = (int32_t)value->number;
		break;
	case VALUE_COUNTER:
	case VALUE_GAUGE:
	case VALUE_TICKS:
		break;
	}
	snmp_pdu_add_variable(
	    pdu, name, len, (u_char)value->type, &number, sizeof(number));
}

static void
add_trap_oid(const struct notify *n, netsnmp_pdu *pdu, const struct event *e)
{
	static const oid snmp_trap_oid[] = { 1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0 };
	oid type[VALUE_OID_MAX + 2];
	size_t len = 0;

	for (size_t i = 0; i < n->conf.root_len; i++)
		type[len++] = n->conf.root[i];
	type[len++] = 0;
	type[len++] = e->number;
	snmp_pdu_add_variable(pdu, snmp_trap_oid, OID_LENGTH(snmp_trap_oid),
	    ASN_OBJECT_ID, type, len * sizeof(*type));
}

static netsnmp_pdu *
build(const struct notify *n, const struct event *e)
{
	netsnmp_pdu *pdu = snmp_pdu_create(AXPDU_NOTIFY);
	const struct varbind *vb;
	size_t count;

	if (pdu == NULL)
		return NULL;
	pdu->version = n->session->version;
	pdu->sessid = n->session->sessid;
	pdu->reqid = snmp_get_next_reqid();
	pdu->msgid = snmp_get_next_msgid();
	pdu->flags |= UCD_MSG_FLAG_PDU_TIMEOUT;
	pdu->time = TIMEOUT_S;
	if (n->conf.context[0] != '\0') {
		pdu->contextName = strdup(n->conf.context);
		pdu->contextNameLen = strlen(n->conf.context);
	}
	add_trap_oid(n, pdu, e);
	vb = varbinds_of(event_kind(e->number), &count);
	for (size_t i = 0; i < count; i++) {
		uint32_t tail[VARBINDS_NAME_MAX];
		size_t len = varbinds_name(&vb[i], e, tail);
		struct value value;

		vb[i].get(e, &value);
		add_varbind(n, pdu, tail, len, &value);
	}
	return pdu;
}

/* Hands the head to the library; on_outcome() tells what became of it. */
static void
send_head(struct notify *n, const struct event *e)
{
	netsnmp_pdu *pdu = build(n, e);

	n->seq = e->seq;
	n->waiting = true;
	log_debug(
	    "notify", "event %u: %s %s", e->seq, event_name(e->number), e->object);
	if (pdu == NULL ||
	    snmp_async_send(n->session, pdu, on_outcome, (void *)n->generation) == 0) {
		snmp_free_pdu(pdu);
		n->waiting = false;
		n->failed = RETRY_MS;
	}
}

int64_t
notify_run(struct notify *n, struct mono now)
{
	struct event e;
	int64_t wait;

	while (outbox_arrived(n->conf.outbox, &e))
		eventlog_add(n->conf.log, &e);
	n->now = now;
	if (n->failed > 0)
		n->retry = mono_add_ms(now, n->failed);
	n->failed = 0;
	if (n->session == NULL || n->waiting || !outbox_head(n->conf.outbox, &e))
		return -1;
	if (mono_before(now, n->retry))
		return mono_diff_ms(n->retry, now) + 1;
	if (!n->token) {
		wait = bucket_take(&n->bucket, now);
		if (wait > 0)
			return wait;
		n->token = true;
	}
	send_head(n, &e);
	return n->failed > 0 ? n->failed : -1;
}
