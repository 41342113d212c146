#include "judge/verdict.h"

#define SOURCES (CHECK_LISTEN | CHECK_CONNECT | CHECK_EITHER)

/* What was seen, and the look that decided. */
struct view {
	enum seen seen;
	const struct sight *sight;
	enum reason reason;
};

struct observed
verdict_unseen(unsigned flags)
{
	static const struct sight none_listen = { LISTEN_NA, REASON_NONE, 0 };
	static const struct sight none_connect = { CONNECT_NA, REASON_NONE, 0 };
	struct observed o = { none_listen, none_connect };

	if ((flags & (CHECK_LISTEN | CHECK_EITHER)) != 0)
		o.listen = (struct sight){ LISTEN_UNKNOWN, REASON_NOT_YET, 0 };
	if ((flags & (CHECK_CONNECT | CHECK_EITHER)) != 0)
		o.connect = (struct sight){ CONNECT_UNKNOWN, REASON_NOT_YET, 0 };
	return o;
}

bool
verdict_wants_probe(unsigned flags, enum listen_state listen)
{
	if ((flags & CHECK_EITHER) != 0)
		return listen != LISTEN_LISTENING;
	return (flags & CHECK_CONNECT) != 0;
}

static bool
wants_closed(const struct expectation *e)
{
	return e->expected == EXPECTED_LOCAL || e->expected == EXPECTED_CLOSED;
}

static struct view
by_listen(const struct observed *o)
{
	struct view v = { SEEN_BLIND, &o->listen, (enum reason)o->listen.reason };

	switch ((enum listen_state)o->listen.state) {
	case LISTEN_LISTENING:
		v.seen = SEEN_OPEN;
		break;
	case LISTEN_LOOPBACK:
		v.seen = SEEN_LOCAL;
		break;
	case LISTEN_NOT:
	case LISTEN_PARTIAL:
		v.seen = SEEN_CLOSED;
		break;
	case LISTEN_NA:
		v.seen = SEEN_SILENT;
		break;
	case LISTEN_UNKNOWN:
		break;
	}
	return v;
}

static struct view
by_connect(const struct expectation *e, const struct observed *o)
{
	struct view v = { SEEN_BLIND, &o->connect, (enum reason)o->connect.reason };

	switch ((enum connect_state)o->connect.state) {
	case CONNECT_OPEN:
		v.seen = SEEN_OPEN;
		break;
	case CONNECT_CLOSED:
	case CONNECT_FILTERED:
	case CONNECT_PARTIAL:
		v.seen = SEEN_CLOSED;
		break;
	case CONNECT_UNREACHABLE:
		/* Whoever is cut off sees every port closed: no proof of a good one. */
		v.seen = wants_closed(e) ? SEEN_BLIND : SEEN_CLOSED;
		break;
	case CONNECT_OPEN_OR_FILTERED:
	case CONNECT_NA:
		v.seen = SEEN_SILENT;
		break;
	case CONNECT_NAME_ERROR:
	case CONNECT_PROBE_ERROR:
	case CONNECT_UNKNOWN:
		break;
	}
	return v;
}

/* The sockets could not be read, and the probe did not get through: a loopback listener
 * would look the same, so it is no proof where that matters. */
static struct view
closed_outside(
    const struct expectation *e, const struct view *listen, const struct view *connect)
{
	return wants_closed(e) ? *listen : *connect;
}

/* It got through on the inside, to a socket that listens there only. */
static bool
stays_local(
    const struct expectation *e, const struct view *listen, const struct view *connect)
{
	return e->inside && listen->seen == SEEN_LOCAL && connect->seen == SEEN_OPEN;
}

/* connect = true */
static struct view
by_both(const struct expectation *e, const struct observed *o)
{
	struct view listen = by_listen(o), connect = by_connect(e, o);

	if (stays_local(e, &listen, &connect))
		return listen;
	if (o->listen.state == LISTEN_NA || connect.seen == SEEN_OPEN)
		return connect;
	if (connect.seen != SEEN_CLOSED)
		return listen;
	if (listen.seen == SEEN_OPEN) {
		connect.reason = REASON_SELF_CONNECT_FAILED;
		return connect;
	}
	if (listen.seen == SEEN_BLIND)
		return closed_outside(e, &listen, &connect);
	return listen;
}

/* observe = either */
static struct view
by_either(const struct expectation *e, const struct observed *o)
{
	struct view listen = by_listen(o), connect = by_connect(e, o);

	if (listen.seen == SEEN_OPEN || o->connect.state == CONNECT_NA ||
	    stays_local(e, &listen, &connect))
		return listen;
	if (o->listen.state == LISTEN_NA || connect.seen == SEEN_OPEN ||
	    connect.seen == SEEN_BLIND)
		return connect;
	if (listen.seen == SEEN_LOCAL)
		return listen;
	if (listen.seen == SEEN_BLIND)
		return connect.seen == SEEN_CLOSED
		           ? closed_outside(e, &listen, &connect)
		           : listen;
	return connect.seen == SEEN_CLOSED ? listen : connect;
}

static struct view
look(const struct expectation *e, const struct observed *o)
{
	if ((e->flags & CHECK_EITHER) != 0)
		return by_either(e, o);
	if ((e->flags & CHECK_LISTEN) != 0 && (e->flags & CHECK_CONNECT) != 0)
		return by_both(e, o);
	if ((e->flags & CHECK_LISTEN) != 0)
		return by_listen(o);
	return by_connect(e, o);
}

static enum verdict
compare(const struct expectation *e, enum seen seen)
{
	static const uint8_t table[][5] = {
		/* open, local, closed, silent, blind */
		[EXPECTED_REQUIRED] = { 1, 7, 7, 2, 3 },
		[EXPECTED_RECOMMENDED] = { 1, 4, 4, 2, 3 },
		[EXPECTED_OPTIONAL] = { 2, 2, 2, 2, 2 },
		[EXPECTED_LOCAL] = { 6, 1, 1, 2, 3 },
		[EXPECTED_CLOSED] = { 6, 6, 1, 2, 3 },
		[EXPECTED_UNSPECIFIED] = { 2, 2, 2, 2, 2 },
	};

	/* From another host a required local port must look closed. */
	if (e->expected == EXPECTED_LOCAL && seen == SEEN_CLOSED &&
	    (e->flags & CHECK_LOCAL_REQUIRED) != 0 &&
	    (e->flags & (CHECK_LISTEN | CHECK_EITHER)) != 0)
		return VERDICT_CLOSED_REQUIRED;
	if (e->expected < EXPECTED_REQUIRED || e->expected > EXPECTED_UNSPECIFIED)
		return VERDICT_NOT_EVALUATED;
	return (enum verdict)table[e->expected][seen];
}

/* Why no observation counts; REASON_NONE when one does. */
static enum reason
settled(const struct expectation *e)
{
	if (e->disabled)
		return REASON_DISABLED;
	if (e->standby)
		return REASON_STANDBY;
	if ((e->flags & SOURCES) == 0) {
		if (e->protocol == PROTO_NONE || e->protocol == PROTO_TCP)
			return REASON_NO_PORT;
		return e->protocol == PROTO_UDP ? REASON_PAYLOAD_OFF : REASON_PROTOCOL;
	}
	if ((e->flags & CHECK_NO_ROLE) != 0)
		return REASON_NO_ROLE;
	if ((e->flags & CHECK_UNJUDGED) != 0)
		return e->policy == POLICY_POOL ? REASON_POOL : REASON_ON_DEMAND;
	/* Nothing looks at it: neither a probe nor a socket table. */
	if ((e->flags & (CHECK_LISTEN | CHECK_EITHER)) == 0)
		return (enum reason)e->idle;
	return REASON_NONE;
}

static bool
plain(const struct expectation *e, const struct view *v)
{
	return (e->flags & CHECK_TLS) != 0 &&
	       (v->reason == REASON_TLS_REFUSED || v->reason == REASON_TLS_PLAIN);
}

void
verdict_judge(
    const struct expectation *e, const struct observed *o, struct judgement *out)
{
	enum reason fixed = settled(e);
	struct view v = look(e, o);

	*out = (struct judgement){ .seen = (uint8_t)v.seen,
		.reason = (uint8_t)v.reason,
		.error = v.sight->error };
	out->no_answer = v.seen == SEEN_CLOSED && v.sight == &o->connect &&
	                 (v.sight->state == CONNECT_FILTERED ||
			     v.sight->state == CONNECT_UNREACHABLE);
	out->probed = v.sight == &o->connect ||
	              ((e->flags & CHECK_EITHER) != 0 && v.seen != SEEN_OPEN &&
			  o->connect.state != CONNECT_NA);
	if (fixed != REASON_NONE) {
		out->verdict = VERDICT_NOT_EVALUATED;
		out->reason = (uint8_t)fixed;
		out->error = 0;
		out->settled = out->out = true;
		return;
	}
	out->out = (e->flags & CHECK_VERSION_OFF) != 0;
	if (out->out || e->expected == EXPECTED_OPTIONAL ||
	    e->expected == EXPECTED_UNSPECIFIED) {
		out->verdict = VERDICT_NOT_EVALUATED;
		out->settled = true;
		return;
	}
	out->verdict = (uint8_t)compare(e, v.seen);
	if (out->verdict == VERDICT_COMPLIANT && v.seen == SEEN_OPEN && plain(e, &v))
		out->verdict = VERDICT_NOT_ENCRYPTED;
}
