#include "probe/resolve.h"

#include <ares.h>
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>

#include "probe/dnsloop.h"
#include "base/log.h"
#include "base/mem.h"

#define CONF_CHECK_S 10 /* how often the time of resolv.conf is looked at */

/* What c-ares holds while it asks: outlives its name, which may be deleted. */
struct question {
	struct resolve_name *name; /* NULL: nobody wants the answer */
	struct resolver *resolver;
};

struct resolve_name {
	TAILQ_ENTRY(resolve_name) link;
	TAILQ_ENTRY(resolve_name) told; /* in resolver.decided */
	struct resolver *resolver;
	char *text;
	resolve_cb *cb;
	void *arg;
	struct question *asking; /* NULL when not */
	bool decided;            /* the callback is due */
	struct resolve_answer answer;
};

struct resolver {
	struct loop *loop;
	struct dnsloop *channel;
	struct loop_timer *tell; /* calls back outside of c-ares */
	struct resolve_config config;
	struct in_addr *servers;
	char *lookups;
	char *resolv_conf;
	struct timespec conf_time; /* of resolv.conf as it was read */
	struct mono conf_checked;
	bool closing;
	TAILQ_HEAD(, resolve_name) names;
	TAILQ_HEAD(, resolve_name) decided;
};

static void ask(struct resolve_name *name, struct mono now);

/* ---- c-ares */

/* The answers are kept here, each for its time to live: c-ares' own cache, which came
 * with 1.31 and is on unless told otherwise, would hand out old ones. */
#ifdef ARES_OPT_QUERY_CACHE
static int
without_cache(struct ares_options *o)
{
	o->qcache_max_ttl = 0;
	return ARES_OPT_QUERY_CACHE;
}
#else
static int
without_cache(struct ares_options *o)
{
	(void)o;
	return 0;
}
#endif

static struct dnsloop *
open_channel(struct resolver *r)
{
	struct ares_options o = { .timeout = (int)r->config.timeout_ms,
		.tries = (int)r->config.tries,
		.udp_port = r->config.port, /* host order, unlike elsewhere in c-ares */
		.tcp_port = r->config.port,
		.servers = r->servers,
		.nservers = (int)r->config.nservers,
		.lookups = r->lookups };
	int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | without_cache(&o);

	if (r->config.port != 0)
		mask |= ARES_OPT_UDP_PORT | ARES_OPT_TCP_PORT;
	if (r->servers != NULL)
		mask |= ARES_OPT_SERVERS;
	if (r->lookups != NULL)
		mask |= ARES_OPT_LOOKUPS;
	return dnsloop_new(r->loop, &o, mask);
}

/* ---- answers */

static int
to_errno(int status)
{
	switch (status) {
	case ARES_SUCCESS:
		return 0;
	case ARES_ENODATA:
	case ARES_ENOTFOUND:
	case ARES_ENONAME:
		return ENOENT;
	case ARES_ETIMEOUT:
		return ETIMEDOUT;
	case ARES_ECONNREFUSED:
		return ECONNREFUSED;
	case ARES_EREFUSED:
		return EACCES;
	case ARES_EBADNAME:
		return EINVAL;
	case ARES_ENOMEM:
		return ENOMEM;
	default:
		return EIO;
	}
}

/* The records' own time to live: an alias may live shorter than what it points to. */
static int64_t
lifetime(const struct ares_addrinfo *info)
{
	int ttl = RESOLVE_TTL_MAX;

	for (const struct ares_addrinfo_node *n = info->nodes; n != NULL;
	     n = n->ai_next)
		ttl = n->ai_ttl < ttl ? n->ai_ttl : ttl;
	for (const struct ares_addrinfo_cname *c = info->cnames; c != NULL; c = c->next)
		ttl = c->ttl < ttl ? c->ttl : ttl;
	return ttl > RESOLVE_TTL_MIN ? ttl : RESOLVE_TTL_MIN;
}

static void
take_addrs(struct resolve_answer *a, const struct ares_addrinfo *info)
{
	for (const struct ares_addrinfo_node *n = info->nodes;
	     n != NULL && a->n < RESOLVE_ADDRS; n = n->ai_next) {
		struct addr addr = addr_from_sockaddr(n->ai_addr);
		bool known = addr.family == 0;

		for (size_t i = 0; i < a->n; i++)
			known = known || addr_equal(&a->addrs[i], &addr);
		if (!known)
			a->addrs[a->n++] = addr;
	}
}

static void
decide(struct resolve_name *name, int status, const struct ares_addrinfo *info)
{
	struct resolver *r = name->resolver;
	struct resolve_answer *a = &name->answer;
	struct mono now = loop_now(r->loop);

	*a = (struct resolve_answer){ .text = "" };
	if (status == ARES_SUCCESS)
		take_addrs(a, info);
	if (a->n == 0) {
		if (status == ARES_SUCCESS)
			status = ARES_ENODATA;
		a->error = to_errno(status);
		a->text = ares_strerror(status);
		a->until = mono_add_s(now, RESOLVE_TTL_FAILED);
	} else {
		a->until = mono_add_s(now, lifetime(info));
	}
	log_debug("probe", "name %s: %zu addresses %s", name->text, a->n, a->text);
	name->decided = true;
	TAILQ_INSERT_TAIL(&r->decided, name, told);
	loop_timer_set(r->tell, now);
}

static void
on_answer(void *arg, int status, int timeouts, struct ares_addrinfo *info)
{
	struct question *q = arg;

	(void)timeouts;
	if (q->name != NULL && !q->resolver->closing) {
		q->name->asking = NULL;
		/* The name servers are others now: they are asked. */
		if (status == ARES_EDESTRUCTION)
			ask(q->name, q->resolver->conf_checked);
		else
			decide(q->name, status, info);
	}
	if (info != NULL)
		ares_freeaddrinfo(info);
	free(q);
}

/* A name that decided is told once; its callback may delete any name. */
static void
on_tell(void *arg)
{
	struct resolver *r = arg;
	struct resolve_name *name;

	while ((name = TAILQ_FIRST(&r->decided)) != NULL) {
		TAILQ_REMOVE(&r->decided, name, told);
		name->decided = false;
		name->cb(name->arg);
	}
}

/* ---- the configuration of the system */

static struct timespec
conf_time(const struct resolver *r)
{
	struct stat st;

	if (stat(r->resolv_conf, &st) != 0)
		return (struct timespec){ 0 };
	return st.st_mtim;
}

/* c-ares reads resolv.conf once; a laptop or a DHCP lease changes it. */
static void
follow_conf(struct resolver *r, struct mono now)
{
	struct timespec t;
	struct dnsloop *fresh, *old = r->channel;

	if (r->servers != NULL ||
	    mono_diff_ns(now, r->conf_checked) < CONF_CHECK_S * INT64_C(1000000000))
		return;
	r->conf_checked = now;
	t = conf_time(r);
	if (t.tv_sec == r->conf_time.tv_sec && t.tv_nsec == r->conf_time.tv_nsec)
		return;
	r->conf_time = t;
	fresh = open_channel(r);
	if (fresh == NULL) {
		log_warn("probe", "%s: cannot be read again", r->resolv_conf);
		return;
	}
	r->channel = fresh;
	dnsloop_free(old);
	log_info("probe", "%s changed: name servers read again", r->resolv_conf);
}

/* ---- names */

static void
ask(struct resolve_name *name, struct mono now)
{
	static const struct ares_addrinfo_hints hints = { .ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM };
	struct resolver *r = name->resolver;
	struct question *q = mem_new(struct question);

	follow_conf(r, now);
	q->name = name;
	q->resolver = r;
	name->asking = q;
	ares_getaddrinfo(
	    dnsloop_channel(r->channel), name->text, NULL, &hints, on_answer, q);
	dnsloop_asked(r->channel);
}

struct resolve_name *
resolve_add(struct resolver *r, const char *text, resolve_cb *cb, void *arg)
{
	struct resolve_name *name = mem_new(struct resolve_name);

	name->resolver = r;
	name->text = mem_strdup(text);
	name->cb = cb;
	name->arg = arg;
	name->answer.text = "";
	TAILQ_INSERT_TAIL(&r->names, name, link);
	return name;
}

void
resolve_move(struct resolve_name *name, void *arg)
{
	name->arg = arg;
}

void
resolve_del(struct resolve_name *name)
{
	if (name == NULL)
		return;
	if (name->asking != NULL)
		name->asking->name = NULL;
	if (name->decided)
		TAILQ_REMOVE(&name->resolver->decided, name, told);
	TAILQ_REMOVE(&name->resolver->names, name, link);
	free(name->text);
	free(name);
}

enum resolve_state
resolve_get(
    struct resolve_name *name, struct mono now, const struct resolve_answer **answer)
{
	if (name->asking == NULL && !name->decided) {
		if (mono_before(now, name->answer.until)) {
			*answer = &name->answer;
			return name->answer.n != 0 ? RESOLVE_READY : RESOLVE_FAILED;
		}
		ask(name, now);
	}
	return RESOLVE_PENDING;
}

/* ---- */

static void
copy_servers(struct resolver *r)
{
	size_t n = r->config.nservers;

	if (n == 0)
		return;
	r->servers = mem_array(struct in_addr, n);
	for (size_t i = 0; i < n; i++)
		memcpy(&r->servers[i], r->config.servers[i].bytes, 4);
}

struct resolver *
resolve_new(struct loop *loop, const struct resolve_config *config)
{
	struct resolver *r = mem_new(struct resolver);
	const char *conf = config->resolv_conf;

	r->loop = loop;
	r->config = *config;
	if (r->config.timeout_ms == 0)
		r->config.timeout_ms = 2000;
	if (r->config.tries == 0)
		r->config.tries = 2;
	r->lookups = config->lookups != NULL ? mem_strdup(config->lookups) : NULL;
	r->resolv_conf = mem_strdup(conf != NULL ? conf : "/etc/resolv.conf");
	copy_servers(r);
	TAILQ_INIT(&r->names);
	TAILQ_INIT(&r->decided);
	r->tell = loop_timer_add(loop, on_tell, r);
	r->conf_time = conf_time(r);
	r->conf_checked = loop_now(loop);
	if (ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS) {
		r->channel = open_channel(r);
		if (r->channel != NULL)
			return r;
		ares_library_cleanup();
	}
	resolve_free(r);
	errno = EIO;
	return NULL;
}

void
resolve_free(struct resolver *r)
{
	struct resolve_name *name;

	if (r == NULL)
		return;
	r->closing = true;
	while ((name = TAILQ_FIRST(&r->names)) != NULL)
		resolve_del(name);
	if (r->channel != NULL) {
		dnsloop_free(r->channel);
		ares_library_cleanup();
	}
	loop_timer_del(r->tell);
	free(r->servers);
	free(r->lookups);
	free(r->resolv_conf);
	free(r);
}
