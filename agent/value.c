#include "value.h"

#include <arpa/inet.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"

static void
set_number(struct value *v, enum value_type type, uint32_t number)
{
	v->type = type;
	v->number = number;
	v->bytes = NULL;
	v->len = 0;
}

void
value_integer(struct value *v, int32_t number)
{
	set_number(v, VALUE_INTEGER, (uint32_t)number);
}

void
value_counter(struct value *v, uint32_t number)
{
	set_number(v, VALUE_COUNTER, number);
}

void
value_gauge(struct value *v, uint32_t number)
{
	set_number(v, VALUE_GAUGE, number);
}

void
value_ticks(struct value *v, uint32_t centiseconds)
{
	set_number(v, VALUE_TICKS, centiseconds);
}

void
value_truth(struct value *v, bool truth)
{
	value_integer(v, truth ? 1 : 2);
}

void
value_text(struct value *v, const char *text)
{
	value_bytes(v, text, utf8_cut(text, VALUE_TEXT_MAX));
}

void
value_bytes(struct value *v, const void *bytes, size_t len)
{
	v->type = VALUE_STRING;
	v->number = 0;
	v->bytes = bytes;
	v->len = len;
}

void
value_date(struct value *v, wall_t when)
{
	time_t seconds = (time_t)(when / 1000);
	uint8_t *o = v->room.octets;
	struct tm tm;
	long offset;

	value_bytes(v, o, 11);
	memset(o, 0, 11);
	o[8] = '+';
	if (when <= 0 || localtime_r(&seconds, &tm) == NULL)
		return;
	o[0] = (uint8_t)((tm.tm_year + 1900) >> 8);
	o[1] = (uint8_t)((tm.tm_year + 1900) & 0xff);
	o[2] = (uint8_t)(tm.tm_mon + 1);
	o[3] = (uint8_t)tm.tm_mday;
	o[4] = (uint8_t)tm.tm_hour;
	o[5] = (uint8_t)tm.tm_min;
	o[6] = (uint8_t)tm.tm_sec;
	o[7] = (uint8_t)(when % 1000 / 100);
	offset = tm.tm_gmtoff / 60;
	if (offset < 0) {
		o[8] = '-';
		offset = -offset;
	}
	o[9] = (uint8_t)(offset / 60);
	o[10] = (uint8_t)(offset % 60);
}

/* ipv4(1), ipv6(2), ipv6z(4), unknown(0) */
static int32_t
address_type(const struct addr *a)
{
	if (a->family == AF_INET)
		return 1;
	if (a->family == AF_INET6)
		return a->scope != 0 ? 4 : 2;
	return 0;
}

void
value_address_type(struct value *v, const struct addr *a)
{
	value_integer(v, address_type(a));
}

void
value_address(struct value *v, const struct addr *a)
{
	static const size_t len[] = { 0, 4, 16, 0, 20 };
	uint32_t zone = htonl(a->scope);

	memcpy(v->room.octets, a->bytes, sizeof(a->bytes));
	memcpy(v->room.octets + sizeof(a->bytes), &zone, sizeof(zone));
	value_bytes(v, v->room.octets, len[address_type(a)]);
}

void
value_oid(struct value *v, const uint32_t *root, size_t root_len, const uint32_t *tail,
    size_t tail_len)
{
	if (root_len > VALUE_OID_MAX)
		root_len = VALUE_OID_MAX;
	if (tail_len > VALUE_OID_MAX - root_len)
		tail_len = VALUE_OID_MAX - root_len;
	v->type = VALUE_OID;
	v->number = 0;
	v->bytes = NULL;
	v->len = root_len + tail_len;
	memcpy(v->room.oid, root, root_len * sizeof(*root));
	if (tail_len > 0)
		memcpy(v->room.oid + root_len, tail, tail_len * sizeof(*tail));
}
