#include "listen/listen.h"

#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "listen/sockhint.h"
#include "listen/sockscan.h"
#include "listen/socksource.h"
#include "listen/udprule.h"

#define NS_PER_MS 1000000

/* Of one protocol. */
struct side {
	struct listen *w;
	enum proto protocol;
	struct portset ports;  /* watched */
	struct socklist seen;  /* on them, at the last look */
	int error;             /* why that look failed, 0: it did not */
	bool first;            /* there was no complete look at these ports yet */
	struct sockhint *hint; /* NULL with force_proc */
};

struct listen {
	struct loop *loop;
	struct listen_config config;
	listen_cb *cb;
	void *arg;
	struct socksource *source;
	struct side tcp, udp;
	struct udprule watched_rule, all_rule;
	struct loop_timer *watched_timer, *full_timer;
	struct mono watched_due;
	struct mono looked; /* at all watched ports */
	bool fresh;         /* the first look at newly set ports is due */
	struct sockscan *scan;
	struct socklist all_tcp, all_udp; /* the last complete look */
	struct listen_stats stats;
};

/* ---- reporting */

static void
report(struct listen *w, struct listen_report *r, const struct socklist *tcp,
    const struct socklist *udp)
{
	r->table = socklist_table(tcp, udp);
	r->now = loop_now(w->loop);
	w->cb(w->arg, r);
	listeners_unref(r->table);
}

/* `part`: as in struct listen_report. */
static void
report_watched(struct listen *w, enum proto part_protocol, const struct portset *part)
{
	struct listen_report r = { .scan = LISTEN_SCAN_WATCHED,
		.tcp_error = w->tcp.error,
		.udp_error = w->udp.error,
		.part_protocol = part_protocol,
		.part = part };

	report(w, &r, &w->tcp.seen, &w->udp.seen);
}

/* ---- looking */

static int64_t
documented_ns(const struct listen *w)
{
	return w->config.interval_ms * NS_PER_MS / 2;
}

/* Looks at all watched ports of one protocol. */
static void
look_side(struct side *s)
{
	struct listen *w = s->w;
	struct socklist now = { 0 };

	s->error = 0;
	if (socksource_read(w->source, s->protocol, &s->ports, &now) == -1)
		s->error = errno;
	else
		socksource_complete(w->source, s->protocol, &s->ports,
		    s->first ? NULL : &s->seen, &now);
	s->first = s->error != 0;
	if (s->error == 0 && s->protocol == PROTO_UDP)
		udprule_apply(&w->watched_rule, &now, loop_now(w->loop), NULL,
		    documented_ns(w), 0);
	socklist_clear(&s->seen);
	s->seen = now;
}

/* Looks at some of the watched ports. */
static void
look_part(struct side *s, const struct portset *ports)
{
	struct listen *w = s->w;
	struct socklist now = { 0 };

	if (socksource_read(w->source, s->protocol, ports, &now) == -1) {
		s->error = errno;
		s->first = true;
		socklist_reset(&s->seen);
		return;
	}
	socksource_complete(w->source, s->protocol, ports, &s->seen, &now);
	if (s->protocol == PROTO_UDP)
		udprule_apply_part(&w->watched_rule, &now, loop_now(w->loop), NULL,
		    documented_ns(w), 0);
	socklist_replace(&s->seen, ports, &now);
	socklist_clear(&now);
}

/* The look that follows answers all hints; events that come after it are new. */
static void
prepare(struct side *s)
{
	if (s->hint == NULL)
		return;
	sockhint_retry(s->hint);
	sockhint_forget(s->hint);
}

static void
look(struct listen *w)
{
	struct mono now = loop_now(w->loop);

	log_debug("listen", "looking %lld ms after the look before",
	    (long long)mono_diff_ms(now, w->looked));
	w->looked = now;
	w->fresh = false;
	prepare(&w->tcp);
	prepare(&w->udp);
	look_side(&w->tcp);
	look_side(&w->udp);
	w->stats.watched++;
	report_watched(w, PROTO_NONE, NULL);
}

static bool
rests(const struct listen *w)
{
	return (w->tcp.hint != NULL && sockhint_rests(w->tcp.hint)) ||
	       (w->udp.hint != NULL && sockhint_rests(w->udp.hint));
}

/* The next look at all watched ports, an interval after the one that was due. */
static void
set_watched_timer(struct listen *w)
{
	struct mono now = loop_now(w->loop);
	int64_t ms = w->config.interval_ms;

	if (ms > LISTEN_REST_MS && rests(w))
		ms = LISTEN_REST_MS;
	w->watched_due = mono_add_ms(w->watched_due, ms);
	if (mono_before(w->watched_due, now))
		w->watched_due = mono_add_ms(now, ms);
	loop_timer_set(w->watched_timer, w->watched_due);
}

static void
on_watched_timer(void *arg)
{
	struct listen *w = arg;

	set_watched_timer(w);
	look(w);
}

void
listen_look(struct listen *w, int64_t max_age_ms)
{
	if (mono_diff_ms(loop_now(w->loop), w->looked) >= max_age_ms)
		look(w);
}

/* ---- hints */

static void
on_hint(void *arg, const struct portset *ports)
{
	struct side *s = arg;

	/* A report now would show ports closed that were not looked at yet. */
	if (s->w->fresh)
		return;
	if (ports == NULL && rests(s->w)) {
		s->w->watched_due = loop_now(s->w->loop);
		set_watched_timer(s->w);
	}
	s->w->stats.relooks++;
	/* After a failure nothing is known of the other ports. */
	if (s->error != 0)
		ports = NULL;
	if (ports == NULL)
		look_side(s);
	else
		look_part(s, ports);
	/* One that failed leaves nothing of the other ports. */
	report_watched(s->w, s->protocol, s->error == 0 ? ports : NULL);
}

/* ---- looking at everything */

/* What the sliced look could not read is read at one go, from wherever it can be. */
static int
finish_list(struct listen *w, enum proto protocol, int error, struct socklist *before,
    struct socklist *now)
{
	if (error != 0 && socksource_read(w->source, protocol, NULL, now) == -1)
		return errno;
	socksource_complete(
	    w->source, protocol, NULL, before->n != 0 ? before : NULL, now);
	return 0;
}

/* What could not be read is shown as it was seen last. */
static void
keep(int error, struct socklist *into, struct socklist *from)
{
	socklist_clear(error == 0 ? into : from);
	if (error == 0)
		*into = *from;
	*from = (struct socklist){ 0 };
}

static void
on_scanned(
    void *arg, struct socklist *tcp, int tcp_error, struct socklist *udp, int udp_error)
{
	struct listen *w = arg;
	struct listen_report r = { .scan = LISTEN_SCAN_ALL };

	r.tcp_error = finish_list(w, PROTO_TCP, tcp_error, &w->all_tcp, tcp);
	r.udp_error = finish_list(w, PROTO_UDP, udp_error, &w->all_udp, udp);
	if (r.udp_error == 0)
		udprule_apply(&w->all_rule, udp, loop_now(w->loop), &w->udp.ports,
		    documented_ns(w), w->config.udp_age_ms * NS_PER_MS);
	keep(r.tcp_error, &w->all_tcp, tcp);
	keep(r.udp_error, &w->all_udp, udp);
	w->stats.full++;
	report(w, &r, &w->all_tcp, &w->all_udp);
}

static void
on_full_timer(void *arg)
{
	struct listen *w = arg;

	loop_timer_set(
	    w->full_timer, mono_add_ms(loop_now(w->loop), w->config.full_ms));
	udprule_read_range(&w->watched_rule);
	udprule_read_range(&w->all_rule);
	if (w->config.force_proc) {
		struct socklist tcp = { 0 };
		struct socklist udp = { 0 };

		on_scanned(w, &tcp, EOPNOTSUPP, &udp, EOPNOTSUPP);
		return;
	}
	sockscan_start(w->scan);
}

/* ---- life */

static void
side_init(struct side *s, struct listen *w, enum proto protocol)
{
	s->w = w;
	s->protocol = protocol;
	if (!w->config.force_proc)
		s->hint = sockhint_new(w->loop, protocol, on_hint, s);
}

static void
side_clear(struct side *s)
{
	sockhint_free(s->hint);
	portset_clear(&s->ports);
	socklist_clear(&s->seen);
}

struct listen *
listen_new(
    struct loop *loop, const struct listen_config *config, listen_cb *cb, void *arg)
{
	struct listen *w = mem_new(struct listen);

	w->loop = loop;
	w->config = *config;
	w->cb = cb;
	w->arg = arg;
	w->source = socksource_new(config->force_proc);
	w->scan = sockscan_new(loop, on_scanned, w);
	w->watched_timer = loop_timer_add(loop, on_watched_timer, w);
	w->full_timer = loop_timer_add(loop, on_full_timer, w);
	side_init(&w->tcp, w, PROTO_TCP);
	side_init(&w->udp, w, PROTO_UDP);
	udprule_read_range(&w->watched_rule);
	udprule_read_range(&w->all_rule);
	w->all_rule.trust = true;
	if (config->full_ms > 0)
		loop_timer_set(w->full_timer, loop_now(loop));
	return w;
}

void
listen_free(struct listen *w)
{
	if (w == NULL)
		return;
	side_clear(&w->tcp);
	side_clear(&w->udp);
	loop_timer_del(w->watched_timer);
	loop_timer_del(w->full_timer);
	sockscan_free(w->scan);
	socksource_free(w->source);
	udprule_clear(&w->watched_rule);
	udprule_clear(&w->all_rule);
	socklist_clear(&w->all_tcp);
	socklist_clear(&w->all_udp);
	free(w);
}

static void
watch(struct side *s, const struct portset *ports)
{
	portset_clear(&s->ports);
	portset_copy(&s->ports, ports);
	s->first = true;
	if (s->hint != NULL)
		sockhint_watch(s->hint, ports);
}

void
listen_set_ports(struct listen *w, const struct portset *tcp, const struct portset *udp)
{
	watch(&w->tcp, tcp);
	watch(&w->udp, udp);
	w->fresh = true;
	w->watched_rule.trust = true;
	w->all_rule.trust = true;
	w->watched_due = loop_now(w->loop);
	loop_timer_set(w->watched_timer, w->watched_due);
}

void
listen_rescan(struct listen *w)
{
	w->watched_due = loop_now(w->loop);
	loop_timer_set(w->watched_timer, w->watched_due);
	if (w->config.full_ms > 0)
		loop_timer_set(w->full_timer, loop_now(w->loop));
}

const char *
listen_trouble(const struct listen *w, enum proto protocol)
{
	return socksource_trouble(w->source, protocol);
}

struct listen_stats
listen_stats(const struct listen *w)
{
	struct listen_stats stats = w->stats;
	const struct sockhint *hints[] = { w->tcp.hint, w->udp.hint };

	for (size_t i = 0; i < 2; i++) {
		if (hints[i] == NULL)
			continue;
		stats.hints += sockhint_count(hints[i]);
		stats.overflows += sockhint_overflows(hints[i]);
	}
	stats.rests = rests(w);
	return stats;
}
