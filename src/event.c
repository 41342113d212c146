#include "event.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "utf8.h"

#define MESSAGE_MAX 255

struct kind {
	const char *name;
	enum event_kind kind;
};

static const struct kind kinds[] = {
	[EVENT_REQUIRED_CLOSED] = { "svcPortRequiredClosed", EVENT_KIND_CHECK },
	[EVENT_REQUIRED_RESTORED] = { "svcPortRequiredRestored", EVENT_KIND_CHECK },
	[EVENT_RECOMMENDED_CLOSED] = { "svcPortRecommendedClosed", EVENT_KIND_CHECK },
	[EVENT_RECOMMENDED_RESTORED] = { "svcPortRecommendedRestored",
	    EVENT_KIND_CHECK },
	[EVENT_FORBIDDEN_OPEN] = { "svcPortForbiddenOpen", EVENT_KIND_CHECK },
	[EVENT_FORBIDDEN_RESTORED] = { "svcPortForbiddenRestored", EVENT_KIND_CHECK },
	[EVENT_HOST_DOWN] = { "svcPortHostDown", EVENT_KIND_HOST },
	[EVENT_HOST_UP] = { "svcPortHostUp", EVENT_KIND_HOST },
	[EVENT_HEARTBEAT] = { "svcPortHeartbeat", EVENT_KIND_HEARTBEAT },
	[EVENT_INVENTORY] = { "svcPortInventoryChange", EVENT_KIND_INVENTORY },
	[EVENT_OVERFLOW] = { "svcPortNotifyOverflow", EVENT_KIND_OVERFLOW },
	[EVENT_QUEUE_FULL] = { "svcPortQueueFull", EVENT_KIND_CHECK },
	[EVENT_QUEUE_DRAINED] = { "svcPortQueueDrained", EVENT_KIND_CHECK },
	[EVENT_UNDOCUMENTED_OPEN] = { "svcPortUndocumentedOpen", EVENT_KIND_LISTENER },
	[EVENT_UNDOCUMENTED_GONE] = { "svcPortUndocumentedGone", EVENT_KIND_LISTENER },
	[EVENT_NOT_ENCRYPTED] = { "svcPortNotEncrypted", EVENT_KIND_CHECK },
	[EVENT_ENCRYPTION_RESTORED] = { "svcPortEncryptionRestored", EVENT_KIND_CHECK },
};

static const struct kind *
find_kind(enum event_number number)
{
	if ((unsigned)number >= sizeof(kinds) / sizeof(kinds[0]) ||
	    kinds[number].name == NULL)
		return NULL;
	return &kinds[number];
}

enum event_kind
event_kind(enum event_number number)
{
	const struct kind *k = find_kind(number);

	return k != NULL ? k->kind : EVENT_KIND_CHECK;
}

const char *
event_name(enum event_number number)
{
	const struct kind *k = find_kind(number);

	return k != NULL ? k->name : "?";
}

/* ---- the message */

struct text {
	char *buf;
	size_t len;
};

static void
put(struct text *t, const char *s, size_t max)
{
	size_t room = MESSAGE_MAX - t->len;
	size_t n = utf8_cut(s, max < room ? max : room);

	memcpy(t->buf + t->len, s, n);
	t->len += n;
	t->buf[t->len] = '\0';
}

/* As put(), and shows by "..." that something is missing. */
static void
put_cut(struct text *t, const char *s, size_t max)
{
	if (strlen(s) <= max) {
		put(t, s, max);
	} else if (max >= 3) {
		put(t, s, max - 3);
		put(t, "...", 3);
	}
}

static void
put_pair(struct text *t, const char *before, const char *s)
{
	if (s[0] != '\0') {
		put(t, before, MESSAGE_MAX);
		put(t, s, MESSAGE_MAX);
	}
}

static size_t
cut_by(size_t len, size_t *over)
{
	size_t cut = len < *over ? len : *over;

	*over -= cut;
	return len - cut;
}

void
event_message(const struct event_words *w, char out[256])
{
	char citation[128] = "", line[32] = "";
	struct text t = { out, 0 };
	size_t title = strlen(w->title), reason = strlen(w->reason);
	size_t rest, over;

	out[0] = '\0';
	put(&t, w->verb, MESSAGE_MAX);
	put_pair(&t, " ", w->what);
	put_pair(&t, " ", w->name);
	put_pair(&t, " ", w->endpoint);
	put_pair(&t, " on ", w->host);
	put_pair(&t, " seen from ", w->observer);
	put(&t, ": ", 2);

	if (w->line != 0)
		snprintf(line, sizeof(line), "line %u", w->line);
	snprintf(citation, sizeof(citation), "%.*s%s%s", (int)utf8_cut(w->section, 96),
	    w->section, w->section[0] != '\0' && line[0] != '\0' ? ", " : "", line);
	rest = strlen(citation);
	if (title > 0 && rest > 0)
		rest += 2;
	if (title + rest > 0)
		rest += 3; /* " [" and "]" */
	over = t.len + reason + title + rest;
	over = over > MESSAGE_MAX ? over - MESSAGE_MAX : 0;
	title = cut_by(title, &over);
	reason = cut_by(reason, &over);
	if (over > 0 || title + rest == 0) {
		/* There is no citation, or no room for it. */
		put_cut(&t, w->reason, MESSAGE_MAX - t.len);
		return;
	}
	put_cut(&t, w->reason, reason);
	put(&t, " [", 2);
	put_cut(&t, w->title, title);
	if (t.buf[t.len - 1] != '[' && citation[0] != '\0')
		put(&t, ", ", 2);
	put(&t, citation, MESSAGE_MAX);
	put(&t, "]", 1);
}

/* ---- the compact form: a version, the fields in this order, the index; numbers in
 * network order, texts as a length octet and their octets */

#define VERSION 1

struct field {
	uint16_t offset, size;
	bool text;
};

#define SIZE(f) sizeof(((const struct event *)NULL)->f)
#define NUMBER(f)                                         \
	{                                                 \
		offsetof(struct event, f), SIZE(f), false \
	}
#define TEXT(f)                                          \
	{                                                \
		offsetof(struct event, f), SIZE(f), true \
	}

static const struct field fields[] = {
	NUMBER(seq),
	NUMBER(time),
	NUMBER(number),
	NUMBER(severity),
	NUMBER(suppressed),
	NUMBER(sent),
	NUMBER(alarm_index),
	TEXT(object),
	TEXT(message),
	TEXT(catalogue),
	TEXT(service),
	TEXT(host),
	TEXT(ports),
	NUMBER(protocol),
	NUMBER(expected),
	NUMBER(listen),
	NUMBER(connect),
	NUMBER(verdict),
	NUMBER(last_change),
	TEXT(addr_text),
	NUMBER(host_state),
	NUMBER(checks),
	NUMBER(deviations),
	NUMBER(scope),
	TEXT(owner),
	NUMBER(alarms),
	NUMBER(worst_severity),
	NUMBER(closed_required),
	NUMBER(config_status),
	NUMBER(dropped),
};
#define NFIELDS (sizeof(fields) / sizeof(fields[0]))

struct writer {
	uint8_t *p, *end;
	bool full;
};

static void
write_number(struct writer *w, uint64_t v, size_t octets)
{
	if (w->full || (size_t)(w->end - w->p) < octets) {
		w->full = true;
		return;
	}
	for (size_t i = octets; i-- > 0;)
		*w->p++ = (uint8_t)(v >> (8 * i));
}

static void
write_text(struct writer *w, const char *s, size_t size)
{
	size_t n = strnlen(s, size - 1);

	write_number(w, n, 1);
	if (w->full || (size_t)(w->end - w->p) < n) {
		w->full = true;
		return;
	}
	memcpy(w->p, s, n);
	w->p += n;
}

static void
write_field(struct writer *w, const struct field *f, const uint8_t *at)
{
	uint32_t v32;
	uint64_t v64;

	if (f->text) {
		write_text(w, (const char *)at, f->size);
	} else if (f->size == sizeof(uint8_t)) {
		write_number(w, *at, f->size);
	} else if (f->size == sizeof(v32)) {
		memcpy(&v32, at, sizeof(v32));
		write_number(w, v32, f->size);
	} else {
		memcpy(&v64, at, sizeof(v64));
		write_number(w, v64, f->size);
	}
}

size_t
event_encode(const struct event *e, uint8_t *buf, size_t size)
{
	struct writer w = { buf, buf + size, false };
	size_t n = e->index_len < EVENT_INDEX_MAX ? e->index_len : EVENT_INDEX_MAX;

	write_number(&w, VERSION, 1);
	for (size_t i = 0; i < NFIELDS; i++)
		write_field(&w, &fields[i], (const uint8_t *)e + fields[i].offset);
	write_number(&w, n, 1);
	for (size_t i = 0; i < n; i++)
		write_number(&w, e->index[i], 4);
	return w.full ? 0 : (size_t)(w.p - buf);
}

struct reader {
	const uint8_t *p, *end;
	bool bad;
};

static uint64_t
read_number(struct reader *r, size_t octets)
{
	uint64_t v = 0;

	if (r->bad || (size_t)(r->end - r->p) < octets) {
		r->bad = true;
		return 0;
	}
	for (size_t i = 0; i < octets; i++)
		v = v << 8 | *r->p++;
	return v;
}

static void
read_text(struct reader *r, char *out, size_t size)
{
	size_t n = (size_t)read_number(r, 1);

	if (r->bad || n >= size || (size_t)(r->end - r->p) < n ||
	    memchr(r->p, '\0', n) != NULL) {
		r->bad = true;
		return;
	}
	memcpy(out, r->p, n);
	out[n] = '\0';
	r->p += n;
}

static void
read_field(struct reader *r, const struct field *f, uint8_t *at)
{
	uint32_t v32;
	uint64_t v64;

	if (f->text) {
		read_text(r, (char *)at, f->size);
	} else if (f->size == sizeof(uint8_t)) {
		*at = (uint8_t)read_number(r, f->size);
	} else if (f->size == sizeof(v32)) {
		v32 = (uint32_t)read_number(r, f->size);
		memcpy(at, &v32, sizeof(v32));
	} else {
		v64 = read_number(r, f->size);
		memcpy(at, &v64, sizeof(v64));
	}
}

int
event_decode(const uint8_t *buf, size_t len, struct event *out)
{
	struct reader r = { buf, buf + len, false };
	size_t n;

	*out = (struct event){ 0 };
	if (read_number(&r, 1) != VERSION)
		return -1;
	for (size_t i = 0; i < NFIELDS; i++)
		read_field(&r, &fields[i], (uint8_t *)out + fields[i].offset);
	n = (size_t)read_number(&r, 1);
	if (n > EVENT_INDEX_MAX)
		return -1;
	out->index_len = (uint8_t)n;
	for (size_t i = 0; i < n; i++)
		out->index[i] = (uint32_t)read_number(&r, 4);
	if (r.bad || r.p != r.end || find_kind((enum event_number)out->number) == NULL)
		return -1;
	return 0;
}
