#include "journal/event.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/pack.h"
#include "base/utf8.h"

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

static void
write_field(struct packer *w, const struct field *f, const uint8_t *at)
{
	uint32_t v32;
	uint64_t v64;

	if (f->text) {
		pack_text(w, (const char *)at, f->size);
	} else if (f->size == sizeof(uint8_t)) {
		pack_number(w, *at, f->size);
	} else if (f->size == sizeof(v32)) {
		memcpy(&v32, at, sizeof(v32));
		pack_number(w, v32, f->size);
	} else {
		memcpy(&v64, at, sizeof(v64));
		pack_number(w, v64, f->size);
	}
}

size_t
event_encode(const struct event *e, uint8_t *buf, size_t size)
{
	struct packer w = { buf, buf + size, false };
	size_t n = e->index_len < EVENT_INDEX_MAX ? e->index_len : EVENT_INDEX_MAX;

	pack_number(&w, VERSION, 1);
	for (size_t i = 0; i < NFIELDS; i++)
		write_field(&w, &fields[i], (const uint8_t *)e + fields[i].offset);
	pack_number(&w, n, 1);
	for (size_t i = 0; i < n; i++)
		pack_number(&w, e->index[i], 4);
	return w.full ? 0 : (size_t)(w.p - buf);
}

static void
read_field(struct unpacker *r, const struct field *f, uint8_t *at)
{
	uint32_t v32;
	uint64_t v64;

	if (f->text) {
		pack_read_text(r, (char *)at, f->size);
	} else if (f->size == sizeof(uint8_t)) {
		*at = (uint8_t)pack_read_number(r, f->size);
	} else if (f->size == sizeof(v32)) {
		v32 = (uint32_t)pack_read_number(r, f->size);
		memcpy(at, &v32, sizeof(v32));
	} else {
		v64 = pack_read_number(r, f->size);
		memcpy(at, &v64, sizeof(v64));
	}
}

int
event_decode(const uint8_t *buf, size_t len, struct event *out)
{
	struct unpacker r = { buf, buf + len, false };
	size_t n;

	*out = (struct event){ 0 };
	if (pack_read_number(&r, 1) != VERSION)
		return -1;
	for (size_t i = 0; i < NFIELDS; i++)
		read_field(&r, &fields[i], (uint8_t *)out + fields[i].offset);
	n = (size_t)pack_read_number(&r, 1);
	if (n > EVENT_INDEX_MAX)
		return -1;
	out->index_len = (uint8_t)n;
	for (size_t i = 0; i < n; i++)
		out->index[i] = (uint32_t)pack_read_number(&r, 4);
	if (r.bad || r.p != r.end || find_kind((enum event_number)out->number) == NULL)
		return -1;
	return 0;
}
