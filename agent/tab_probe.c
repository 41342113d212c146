#include "mibview.h"
#include "plan/plan.h"
#include "publish/store.h"
#include "tables.h"

static const struct row *
state(const struct mibview *v, uint32_t row)
{
	return &v->store->rows[row];
}

/* The row's texts; rows without any share the empty ones. */
static const struct row_detail *
detail(const struct mibview *v, uint32_t row)
{
	static char none[] = "";
	static const struct row_detail empty = {
		.open_ports = none,
		.addrs = none,
		.owner = none,
		.error = none,
		.tls_version = none,
	};
	const struct row_detail *d = state(v, row)->detail;

	return d != NULL ? d : &empty;
}

#define CERT_DAYS_NONE INT32_MAX
#define DAY_MS         86400000

static void
get_method(const struct mibview *v, uint32_t row, struct value *out)
{
	value_integer(out, v->plan->checks[row].method);
}

static void
get_interval(const struct mibview *v, uint32_t row, struct value *out)
{
	const struct check *c = &v->plan->checks[row];

	value_gauge(out, c->method != METHOD_NONE ? c->interval : 0);
}

static void
get_last_time(const struct mibview *v, uint32_t row, struct value *out)
{
	value_date(out, state(v, row)->last_probe);
}

static void
get_last_open(const struct mibview *v, uint32_t row, struct value *out)
{
	const struct row *r = state(v, row);
	struct mono scan = v->store->sys.last_scan;
	wall_t seen = r->last_open;

	/* That it still listens is no news, but it was seen. */
	if ((r->listen == LISTEN_LISTENING || r->listen == LISTEN_LOOPBACK ||
		r->listen == LISTEN_PARTIAL) &&
	    mono_before(scan, v->now)) {
		wall_t last = v->wall - mono_diff_ms(v->now, scan);

		if (last > seen)
			seen = last;
	}
	value_date(out, seen);
}

static void
get_rtt(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, state(v, row)->rtt_us);
}

static void
get_attempts(const struct mibview *v, uint32_t row, struct value *out)
{
	value_counter(out, state(v, row)->attempts);
}

static void
get_failures(const struct mibview *v, uint32_t row, struct value *out)
{
	value_counter(out, state(v, row)->failures);
}

static void
get_failures_in_row(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, state(v, row)->failures_row);
}

static void
get_transitions(const struct mibview *v, uint32_t row, struct value *out)
{
	value_counter(out, state(v, row)->transitions);
}

static void
get_open_ports(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, state(v, row)->open_ports);
}

static void
get_open_ports_text(const struct mibview *v, uint32_t row, struct value *out)
{
	const struct portset *all = &v->plan->checks[row].ports;
	const char *text = detail(v, row)->open_ports;

	if (text[0] == '\0' && state(v, row)->open_ports != 0 &&
	    state(v, row)->open_ports == portset_size(all))
		text = portset_format(all, out->room.text, sizeof(out->room.text));
	value_text(out, text);
}

static void
get_listen_addrs(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, detail(v, row)->addrs);
}

static void
get_owner(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, detail(v, row)->owner);
}

static void
get_error(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, detail(v, row)->error);
}

static void
get_queue(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, state(v, row)->queue);
}

static void
get_queue_limit(const struct mibview *v, uint32_t row, struct value *out)
{
	value_gauge(out, state(v, row)->queue_limit);
}

static void
get_tls_version(const struct mibview *v, uint32_t row, struct value *out)
{
	value_text(out, detail(v, row)->tls_version);
}

static void
get_cert_expiry(const struct mibview *v, uint32_t row, struct value *out)
{
	value_date(out, detail(v, row)->cert_expiry);
}

static void
get_cert_days(const struct mibview *v, uint32_t row, struct value *out)
{
	wall_t left = detail(v, row)->cert_expiry - v->wall;

	if (detail(v, row)->cert_expiry == 0)
		value_integer(out, CERT_DAYS_NONE);
	else /* whole days, rounded down: a certificate of yesterday has -1 */
		value_integer(
		    out, (int32_t)((left - (left < 0 ? DAY_MS - 1 : 0)) / DAY_MS));
}

static const struct mibtab_column columns[] = {
	MIBTAB_RO(1, INTEGER, "svcPortProbeMethod", get_method),
	MIBTAB_RO(2, GAUGE, "svcPortProbeInterval", get_interval),
	MIBTAB_RO(3, STRING, "svcPortProbeLastTime", get_last_time),
	MIBTAB_RO(4, STRING, "svcPortProbeLastOpen", get_last_open),
	MIBTAB_RO(5, GAUGE, "svcPortProbeRtt", get_rtt),
	MIBTAB_RO(6, COUNTER, "svcPortProbeAttempts", get_attempts),
	MIBTAB_RO(7, COUNTER, "svcPortProbeFailures", get_failures),
	MIBTAB_RO(8, GAUGE, "svcPortProbeFailuresInRow", get_failures_in_row),
	MIBTAB_RO(9, COUNTER, "svcPortProbeTransitions", get_transitions),
	MIBTAB_RO(10, GAUGE, "svcPortProbeOpenPorts", get_open_ports),
	MIBTAB_RO(11, STRING, "svcPortProbeOpenPortsText", get_open_ports_text),
	MIBTAB_RO(12, STRING, "svcPortProbeListenAddrs", get_listen_addrs),
	MIBTAB_RO(13, STRING, "svcPortProbeOwner", get_owner),
	MIBTAB_RO(14, STRING, "svcPortProbeError", get_error),
	MIBTAB_RO(15, GAUGE, "svcPortProbeQueue", get_queue),
	MIBTAB_RO(16, GAUGE, "svcPortProbeQueueLimit", get_queue_limit),
	MIBTAB_RO(17, STRING, "svcPortProbeTlsVersion", get_tls_version),
	MIBTAB_RO(18, STRING, "svcPortProbeCertExpiry", get_cert_expiry),
	MIBTAB_RO(19, INTEGER, "svcPortProbeCertDays", get_cert_days),
};

const struct mibtab tab_probe = {
	.name = "svcPortProbeEntry",
	.prefix = { 1, 8, 1 },
	.prefix_len = 3,
	.rows = ROWS_CHECKS,
	MIBTAB_COLUMNS(columns),
};
