#include "monitor/learnt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/keymap.h"
#include "base/mem.h"
#include "journal/journal.h"

#define PREFIX  "answers/"
#define KEY_MAX 64

struct learnt {
	struct journal *journal; /* NULL for none */
	struct keymap *keys; /* "answers/HOST/PORT/QUESTION" -> the host's address */
};

static void
load(void *arg, const char *key, const uint8_t *value, size_t len)
{
	struct learnt *l = arg;

	keymap_set(l->keys, key, value, len);
}

struct learnt *
learnt_new(struct journal *j)
{
	struct learnt *l = mem_new(struct learnt);

	l->journal = j;
	l->keys = keymap_new();
	if (j != NULL)
		journal_each(j, PREFIX, load, l);
	return l;
}

void
learnt_free(struct learnt *l)
{
	if (l == NULL)
		return;
	keymap_free(l->keys);
	free(l);
}

/* What is asked; "" where silence is never remembered. */
static const char *
question(const struct probe_spec *s)
{
	static const char *const words[] = { [PAYLOAD_NONE] = "none",
		[PAYLOAD_SNMP] = "snmp",
		[PAYLOAD_NTP] = "ntp",
		[PAYLOAD_DNS] = "dns",
		[PAYLOAD_RADIUS] = "radius",
		[PAYLOAD_SIP] = "sip",
		[PAYLOAD_TFTP] = "tftp",
		[PAYLOAD_BYTES] = "bytes" };

	if (s->method != METHOD_UDP || s->expect_reply || s->silence_fine ||
	    words[s->payload.kind] == NULL)
		return "";
	/* An engine that answers a community need not answer version 3. */
	return s->community[0] != '\0' ? "snmp2c" : words[s->payload.kind];
}

/* FNV-1a of what a literal payload asks and of what must come; 0 for other payloads. */
static uint32_t
words_of(const struct probe_spec *s)
{
	uint32_t hash = 2166136261u;

	if (s->payload.kind != PAYLOAD_BYTES)
		return 0;
	for (size_t i = 0; i < s->payload.len; i++)
		hash = (hash ^ s->payload.bytes[i]) * 16777619u;
	for (const char *p = s->reply; *p != '\0'; p++)
		hash = (hash ^ (uint8_t)*p) * 16777619u;
	return hash;
}

/* False where nothing is remembered. */
static bool
key_of(const struct plan *p, uint32_t endpoint, char buf[KEY_MAX])
{
	const struct endpoint *e = &p->endpoints[endpoint];
	const char *asked = question(&p->specs[e->spec]);
	uint32_t words = words_of(&p->specs[e->spec]);
	char literal[16] = "";

	if (asked[0] == '\0')
		return false;
	if (words != 0)
		snprintf(literal, sizeof(literal), "-%08x", words);
	snprintf(buf, KEY_MAX, PREFIX "%u/%u/%s%s", p->hosts[e->host].number, e->port,
	    asked, literal);
	return true;
}

static const char *
address_of(const struct plan *p, uint32_t endpoint)
{
	return p->hosts[p->endpoints[endpoint].host].address;
}

bool
learnt_has(const struct learnt *l, const struct plan *p, uint32_t endpoint)
{
	const char *address = address_of(p, endpoint);
	char key[KEY_MAX];
	const uint8_t *value;
	size_t len;

	if (!key_of(p, endpoint, key))
		return false;
	value = keymap_get(l->keys, key, &len);
	return value != NULL && len == strlen(address) &&
	       memcmp(value, address, len) == 0;
}

void
learnt_add(struct learnt *l, const struct plan *p, uint32_t endpoint)
{
	const char *address = address_of(p, endpoint);
	char key[KEY_MAX];

	if (learnt_has(l, p, endpoint) || !key_of(p, endpoint, key))
		return;
	keymap_set(l->keys, key, address, strlen(address));
	if (l->journal != NULL)
		journal_set(l->journal, key, address, strlen(address));
}

struct sieve {
	const struct keymap *kept;
	struct journal *journal;
};

static void
drop(void *arg, const char *key, const uint8_t *value, size_t len)
{
	const struct sieve *s = arg;
	size_t kept;

	(void)value;
	(void)len;
	if (s->journal != NULL && keymap_get(s->kept, key, &kept) == NULL)
		journal_del(s->journal, key);
}

void
learnt_keep(struct learnt *l, const struct plan *p)
{
	struct keymap *kept = keymap_new();
	struct sieve sieve = { kept, l->journal };
	char key[KEY_MAX];

	for (uint32_t e = 0; e < p->nendpoints; e++) {
		const char *address = address_of(p, e);

		if (learnt_has(l, p, e) && key_of(p, e, key))
			keymap_set(kept, key, address, strlen(address));
	}
	keymap_each(l->keys, drop, &sieve);
	keymap_free(l->keys);
	l->keys = kept;
}
