#include "monitor/hostnumbers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal.h"
#include "base/keymap.h"
#include "base/mem.h"
#include "base/pack.h"

#define PREFIX "host/"
#define FIRST  2 /* 1 is the local host */

struct hostnumbers {
	struct journal *journal;
	struct keymap *numbers; /* name -> 2 octets */
	uint8_t used[8192];     /* by any host, also one that is gone */
};

static void
use(struct hostnumbers *h, unsigned n)
{
	h->used[n / 8] |= (uint8_t)(1u << n % 8);
}

static void
load(void *arg, const char *key, const uint8_t *value, size_t len)
{
	struct hostnumbers *h = arg;
	struct unpacker r = { value, value + len, false };
	unsigned n = (unsigned)pack_read_number(&r, 2);

	if (r.bad || n < FIRST)
		return;
	keymap_set(h->numbers, key + strlen(PREFIX), value, len);
	use(h, n);
}

struct hostnumbers *
hostnumbers_new(struct journal *j)
{
	struct hostnumbers *h = mem_new(struct hostnumbers);

	h->journal = j;
	h->numbers = keymap_new();
	journal_each(j, PREFIX, load, h);
	return h;
}

void
hostnumbers_free(struct hostnumbers *h)
{
	if (h == NULL)
		return;
	keymap_free(h->numbers);
	free(h);
}

static bool
bit(const uint8_t *set, unsigned n)
{
	return (set[n / 8] & 1u << n % 8) != 0;
}

/* One that no host ever had; when all were used, one that no host has now. */
static unsigned
choose(const struct hostnumbers *h, const uint8_t *taken)
{
	for (unsigned n = FIRST; n <= UINT16_MAX; n++) {
		if (!bit(taken, n) && !bit(h->used, n))
			return n;
	}
	for (unsigned n = FIRST; n < UINT16_MAX; n++) {
		if (!bit(taken, n))
			return n;
	}
	return UINT16_MAX;
}

static uint16_t
number(void *arg, const char *name, const uint8_t *taken)
{
	struct hostnumbers *h = arg;
	size_t len;
	const uint8_t *stored = keymap_get(h->numbers, name, &len);
	uint8_t value[2];
	struct packer w = { value, value + sizeof(value), false };
	char key[80];
	unsigned n;

	if (stored != NULL) {
		n = (unsigned)stored[0] << 8 | stored[1];
		if (!bit(taken, n))
			return (uint16_t)n;
	}
	n = choose(h, taken);
	use(h, n);
	pack_number(&w, n, 2);
	keymap_set(h->numbers, name, value, sizeof(value));
	snprintf(key, sizeof(key), PREFIX "%s", name);
	journal_set(h->journal, key, value, sizeof(value));
	return (uint16_t)n;
}

struct host_numbers
hostnumbers_of(struct hostnumbers *h)
{
	return (struct host_numbers){ number, h };
}
