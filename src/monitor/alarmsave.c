#include "monitor/alarmsave.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "journal/journal.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/pack.h"
#include "plan/plan.h"
#include "judge/strays.h"

#define VERSION   1
#define VALUE_MAX 1024
#define KEY_MAX   32

void
alarmsave_put(struct journal *j, const struct alarm_saved *a)
{
	uint8_t buf[VALUE_MAX];
	struct packer w = { buf, buf + sizeof(buf), false };
	char key[KEY_MAX];

	pack_number(&w, VERSION, 1);
	pack_number(&w, a->index, 4);
	pack_number(&w, a->notify_seq, 4);
	pack_number(&w, (uint64_t)a->since, 8);
	pack_number(&w, a->catalogue, 2);
	pack_number(&w, a->service, 2);
	pack_number(&w, a->host, 2);
	pack_number(&w, a->type, 1);
	pack_number(&w, a->severity, 1);
	pack_number(&w, a->stage, 1);
	pack_number(&w, a->notified, 1);
	pack_number(&w, a->protocol, 1);
	pack_number(&w, a->expected, 1);
	pack_text(&w, a->catalogue_name, sizeof(a->catalogue_name));
	pack_text(&w, a->service_name, sizeof(a->service_name));
	pack_text(&w, a->host_name, sizeof(a->host_name));
	pack_text(&w, a->ports, sizeof(a->ports));
	pack_text(&w, a->text, sizeof(a->text));
	snprintf(key, sizeof(key), ALARMSAVE_ALARMS "%" PRIu32, a->index);
	journal_set(j, key, buf, (size_t)(w.p - buf));
}

/* The listener's name stands where a check has its ports. */
void
alarmsave_put_stray(struct journal *j, const struct stray *s)
{
	struct alarm_saved a = { .index = s->alarm,
		.notify_seq = s->seq,
		.since = s->since_wall,
		.type = ALARM_UNDOCUMENTED,
		.severity = SEVERITY_WARNING,
		.stage = STAGE_RAISED,
		.notified = 1,
		.protocol = s->listener.protocol };

	memcpy(a.ports, s->name, sizeof(s->name));
	memcpy(a.text, s->text, sizeof(a.text));
	alarmsave_put(j, &a);
}

/* An address of an interface that is gone is like no listener's any more. */
static bool
read_address(char *text, struct addr *out)
{
	char *zone = strchr(text, '%');

	if (addr_parse(text, out))
		return true;
	if (zone == NULL || zone[strlen(zone) - 1] != ']')
		return false;
	strcpy(zone, "]");
	if (!addr_parse(text, out))
		return false;
	out->scope = UINT32_MAX;
	return true;
}

/* "tcp/0.0.0.0:443", "udp/[::1]:80", "tcp/(any):443" with a star for dual. */
static bool
read_listener(const char *name, struct listener *out)
{
	const char *slash = strchr(name, '/');
	const char *colon = strrchr(name, ':');
	struct listener l = { 0 };
	char text[ADDR_TEXT];
	long port;

	if (slash == NULL || colon == NULL || colon < slash ||
	    (size_t)(colon - slash) > sizeof(text))
		return false;
	l.protocol = strncmp(name, "udp/", 4) == 0 ? PROTO_UDP : PROTO_TCP;
	snprintf(text, sizeof(text), "%.*s", (int)(colon - slash - 1), slash + 1);
	if (strcmp(text, "*") == 0) {
		l.dual = true;
		l.addr.family = AF_INET6;
	} else if (!read_address(text, &l.addr)) {
		return false;
	}
	port = strtol(colon + 1, NULL, 10);
	if (port < 1 || port > UINT16_MAX)
		return false;
	l.port = (uint16_t)port;
	*out = l;
	return true;
}

bool
alarmsave_stray(const struct alarm_saved *a, struct stray *out)
{
	struct stray s = {
		.alarm = a->index, .seq = a->notify_seq, .since_wall = a->since
	};

	if (a->type != ALARM_UNDOCUMENTED || !read_listener(a->ports, &s.listener))
		return false;
	memcpy(s.name, a->ports, sizeof(s.name) - 1);
	memcpy(s.text, a->text, sizeof(s.text));
	*out = s;
	return true;
}

static bool
read_alarm(const uint8_t *value, size_t len, struct alarm_saved *a)
{
	struct unpacker r = { value, value + len, false };

	if (pack_read_number(&r, 1) != VERSION)
		return false;
	a->index = (uint32_t)pack_read_number(&r, 4);
	a->notify_seq = (uint32_t)pack_read_number(&r, 4);
	a->since = (wall_t)pack_read_number(&r, 8);
	a->catalogue = (uint16_t)pack_read_number(&r, 2);
	a->service = (uint16_t)pack_read_number(&r, 2);
	a->host = (uint16_t)pack_read_number(&r, 2);
	a->type = (uint8_t)pack_read_number(&r, 1);
	a->severity = (uint8_t)pack_read_number(&r, 1);
	a->stage = (uint8_t)pack_read_number(&r, 1);
	a->notified = (uint8_t)pack_read_number(&r, 1);
	a->protocol = (uint8_t)pack_read_number(&r, 1);
	a->expected = (uint8_t)pack_read_number(&r, 1);
	pack_read_text(&r, a->catalogue_name, sizeof(a->catalogue_name));
	pack_read_text(&r, a->service_name, sizeof(a->service_name));
	pack_read_text(&r, a->host_name, sizeof(a->host_name));
	pack_read_text(&r, a->ports, sizeof(a->ports));
	pack_read_text(&r, a->text, sizeof(a->text));
	return !r.bad && r.p == r.end;
}

void
alarmsave_drop(struct journal *j, uint32_t index)
{
	char key[KEY_MAX];

	snprintf(key, sizeof(key), ALARMSAVE_ALARMS "%" PRIu32, index);
	journal_del(j, key);
}

void
alarmsave_mute(struct journal *j, const struct mute_saved *m)
{
	uint8_t buf[16];
	struct packer w = { buf, buf + sizeof(buf), false };
	char key[KEY_MAX];

	snprintf(key, sizeof(key), ALARMSAVE_MUTES "%u/%u/%u", m->catalogue, m->service,
	    m->host);
	if (m->until == 0) {
		journal_del(j, key);
		return;
	}
	pack_number(&w, m->catalogue, 2);
	pack_number(&w, m->service, 2);
	pack_number(&w, m->host, 2);
	pack_number(&w, m->until, 4);
	journal_set(j, key, buf, (size_t)(w.p - buf));
}

static void
load_alarm(void *arg, const char *key, const uint8_t *value, size_t len)
{
	struct alarmsave *out = arg;
	struct alarm_saved a = { 0 };

	if (!read_alarm(value, len, &a)) {
		log_warn("journal", "%s: not readable, left out", key);
		return;
	}
	out->alarms = mem_resize(out->alarms, out->nalarms + 1, sizeof(a));
	out->alarms[out->nalarms++] = a;
}

static void
load_mute(void *arg, const char *key, const uint8_t *value, size_t len)
{
	struct alarmsave *out = arg;
	struct unpacker r = { value, value + len, false };
	struct mute_saved m;

	m.catalogue = (uint16_t)pack_read_number(&r, 2);
	m.service = (uint16_t)pack_read_number(&r, 2);
	m.host = (uint16_t)pack_read_number(&r, 2);
	m.until = (uint32_t)pack_read_number(&r, 4);
	if (r.bad || r.p != r.end) {
		log_warn("journal", "%s: not readable, left out", key);
		return;
	}
	out->mutes = mem_resize(out->mutes, out->nmutes + 1, sizeof(m));
	out->mutes[out->nmutes++] = m;
}

void
alarmsave_load(struct journal *j, struct alarmsave *out)
{
	*out = (struct alarmsave){ 0 };
	journal_each(j, ALARMSAVE_ALARMS, load_alarm, out);
	journal_each(j, ALARMSAVE_MUTES, load_mute, out);
}
