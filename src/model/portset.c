#include "model/portset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const struct port_range *
portset_ranges(const struct portset *set)
{
	return set->count > 1 ? set->many : &set->one;
}

void
portset_clear(struct portset *set)
{
	free(set->many);
	*set = (struct portset){ 0 };
}

void
portset_copy(struct portset *to, const struct portset *from)
{
	*to = *from;
	if (from->count > 1) {
		to->many = mem_array(struct port_range, from->count);
		memcpy(to->many, from->many, from->count * sizeof(*to->many));
	}
}

void
portset_add(struct portset *set, uint16_t low, uint16_t high)
{
	const struct port_range *old = portset_ranges(set);
	struct port_range *merged = mem_array(struct port_range, set->count + 1);
	struct port_range add = { low, high };
	uint32_t i = 0;
	uint32_t n = 0;

	while (i < set->count && (uint32_t)old[i].high + 1 < add.low)
		merged[n++] = old[i++];
	for (; i < set->count && old[i].low <= (uint32_t)add.high + 1; i++) {
		if (old[i].low < add.low)
			add.low = old[i].low;
		if (old[i].high > add.high)
			add.high = old[i].high;
	}
	merged[n++] = add;
	while (i < set->count)
		merged[n++] = old[i++];
	free(set->many);
	set->many = NULL;
	set->count = n;
	if (n == 1) {
		set->one = merged[0];
		free(merged);
	} else {
		set->many = merged;
	}
}

bool
portset_has(const struct portset *set, uint16_t port)
{
	const struct port_range *r = portset_ranges(set);
	uint32_t low = 0;
	uint32_t high = set->count;

	while (low < high) {
		uint32_t mid = (low + high) / 2;

		if (port < r[mid].low)
			high = mid;
		else if (port > r[mid].high)
			low = mid + 1;
		else
			return true;
	}
	return false;
}

uint32_t
portset_size(const struct portset *set)
{
	const struct port_range *r = portset_ranges(set);
	uint32_t sum = 0;

	for (uint32_t i = 0; i < set->count; i++)
		sum += (uint32_t)r[i].high - r[i].low + 1;
	return sum;
}

bool
portset_equal(const struct portset *a, const struct portset *b)
{
	return a->count == b->count &&
	       (a->count == 0 || memcmp(portset_ranges(a), portset_ranges(b),
				     a->count * sizeof(struct port_range)) == 0);
}

bool
portset_overlaps(const struct portset *a, const struct portset *b)
{
	const struct port_range *ra = portset_ranges(a);
	const struct port_range *rb = portset_ranges(b);
	uint32_t i = 0;
	uint32_t k = 0;

	while (i < a->count && k < b->count) {
		if (ra[i].high < rb[k].low)
			i++;
		else if (rb[k].high < ra[i].low)
			k++;
		else
			return true;
	}
	return false;
}

void
portset_common(struct portset *out, const struct portset *a, const struct portset *b)
{
	const struct port_range *ra = portset_ranges(a);
	const struct port_range *rb = portset_ranges(b);
	uint32_t i = 0;
	uint32_t k = 0;

	while (i < a->count && k < b->count) {
		uint16_t low = ra[i].low > rb[k].low ? ra[i].low : rb[k].low;
		uint16_t high = ra[i].high < rb[k].high ? ra[i].high : rb[k].high;

		if (low <= high)
			portset_add(out, low, high);
		if (ra[i].high < rb[k].high)
			i++;
		else
			k++;
	}
}

static bool
parse_port(const char **text, uint16_t *out)
{
	const char *p = *text;
	unsigned n = 0;

	p += strspn(p, " ");
	if (*p < '0' || *p > '9')
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		n = n * 10 + (unsigned)(*p - '0');
		if (n > UINT16_MAX)
			return false;
	}
	if (n == 0)
		return false;
	*text = p + strspn(p, " ");
	*out = (uint16_t)n;
	return true;
}

bool
portset_parse(const char *text, struct portset *out)
{
	struct portset set = { 0 };
	uint16_t low;
	uint16_t high;

	for (;; text++) {
		if (!parse_port(&text, &low))
			goto fail;
		high = low;
		if (*text == '-') {
			text++;
			if (!parse_port(&text, &high) || high < low)
				goto fail;
		}
		portset_add(&set, low, high);
		if (*text == '\0')
			break;
		if (*text != ',')
			goto fail;
	}
	*out = set;
	return true;
fail:
	portset_clear(&set);
	return false;
}

const char *
portset_format(const struct portset *set, char *buf, size_t size)
{
	const struct port_range *r = portset_ranges(set);
	char item[16];
	size_t len = 0;

	buf[0] = '\0';
	for (uint32_t i = 0; i < set->count; i++) {
		int n = r[i].low == r[i].high
		            ? snprintf(item, sizeof(item), "%s%u", i != 0 ? "," : "",
				  r[i].low)
		            : snprintf(item, sizeof(item), "%s%u-%u", i != 0 ? "," : "",
				  r[i].low, r[i].high);
		/* Room for the element, and for "..." unless it is the last one. */
		size_t rest = i + 1 < set->count ? 3 : 0;

		if (len + (size_t)n + rest + 1 > size) {
			snprintf(buf + len, size - len, "...");
			break;
		}
		memcpy(buf + len, item, (size_t)n + 1);
		len += (size_t)n;
	}
	return buf;
}

char *
portset_text(const struct portset *set)
{
	/* "65534-65535," and a NUL */
	size_t size = 12 * (size_t)set->count + 1;
	char *text = mem_calloc(size, 1);

	portset_format(set, text, size);
	return text;
}
