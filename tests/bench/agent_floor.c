/*
 * The least an AgentX subagent can do: one connection, one table of 15 columns in
 * memory, GetNext answered from it and nothing else.  What svcportd's walks are
 * measured against.
 *
 *   agent_floor SOCKET ROWS      (below 1.3.6.1.4.1.8072.9999.9999.2742.1.7.1)
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "axpdu.h"
#include "base/mem.h"

#define COLUMNS  15
#define ROOT_LEN 13

static const uint32_t root[ROOT_LEN] = { 1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 2742, 1, 7,
	1 };

struct row {
	uint32_t index[3];
	char texts[6][40];
};

static struct row *rows;
static uint32_t nrows;
static int fd;

/* Texts where svcPortCheckTable has some, of about their length. */
static const char is_text[COLUMNS + 1] = { 0, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0,
	1 };

static void
make_rows(uint32_t n)
{
	nrows = n;
	rows = mem_array(struct row, n);
	for (uint32_t i = 0; i < n; i++) {
		struct row *r = &rows[i];

		r->index[0] = 1;
		r->index[1] = 1 + i / 100;
		r->index[2] = 1 + i % 100;
		snprintf(
		    r->texts[0], 40, "product-0/service-%u@host-%u", i / 100, i % 100);
		snprintf(r->texts[1], 40, "product-0");
		snprintf(r->texts[2], 40, "service-%u", i / 100);
		snprintf(r->texts[3], 40, "host-%u", i % 100);
		snprintf(r->texts[4], 40, "%u", 1024 + i / 100);
		snprintf(r->texts[5], 40, "no socket listens on it");
	}
}

static int
compare(const uint32_t *a, const uint32_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

/* The first row behind an index of n sub-identifiers. */
static uint32_t
row_behind(const uint32_t *index, size_t n)
{
	uint32_t low = 0, high = nrows;

	if (n > 3)
		n = 3;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int cmp = compare(rows[middle].index, index, n);

		if (cmp < 0 || (cmp == 0 && n == 3))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
write_column(struct axpdu_writer *w, uint32_t column, const struct row *r)
{
	static const char date[11] = "\7\352\11\25\14\15\24\0+\0";
	static const uint8_t text_of[COLUMNS + 1] = { 0, 0, 1, 2, 3, 0, 4, 0, 0, 0, 0,
		0, 0, 0, 0, 5 };
	uint16_t type = is_text[column] != 0 ? VALUE_STRING
	                : column == 14       ? VALUE_GAUGE
	                                     : VALUE_INTEGER;
	uint32_t tail[4] = { column, r->index[0], r->index[1], r->index[2] };

	axpdu_write_u16(w, type);
	axpdu_write_u16(w, 0);
	axpdu_write_oid(w, root, ROOT_LEN, tail, 4, false);
	if (is_text[column] == 1)
		axpdu_write_string(
		    w, r->texts[text_of[column]], strlen(r->texts[text_of[column]]));
	else if (is_text[column] == 2)
		axpdu_write_string(w, date, sizeof(date));
	else
		axpdu_write_u32(w, column);
}

static void
answer_next(struct axpdu_writer *w, const struct axpdu_oid *start)
{
	size_t n = start->n > ROOT_LEN ? start->n - ROOT_LEN : 0;
	uint32_t column = n > 0 ? start->ids[ROOT_LEN] : 1, row = 0;

	if (n > 1)
		row = row_behind(start->ids + ROOT_LEN + 1, n - 1);
	if (column < 1) {
		column = 1;
		row = 0;
	}
	if (row == nrows) {
		row = 0;
		column++;
	}
	if (column <= COLUMNS) {
		write_column(w, column, &rows[row]);
		return;
	}
	axpdu_write_u16(w, AXPDU_END_OF_MIB_VIEW);
	axpdu_write_u16(w, 0);
	axpdu_write_oid(w, start->ids, start->n, NULL, 0, false);
}

static void
serve(const uint8_t *pdu, size_t len)
{
	static uint8_t out[65536];
	struct axpdu_header h = axpdu_header(pdu);
	struct axpdu_reader r = axpdu_reader(
	    pdu + AXPDU_HEADER, len - AXPDU_HEADER, (h.flags & AXPDU_NETWORK) != 0);
	struct axpdu_writer w;

	if (h.type != AXPDU_GETNEXT)
		return;
	h.type = AXPDU_RESPONSE;
	w = axpdu_begin(out, sizeof(out), &h);
	axpdu_write_u32(&w, 0);
	axpdu_write_u32(&w, 0);
	while (r.at < r.end) {
		struct axpdu_oid start, end;

		axpdu_read_oid(&r, &start);
		axpdu_read_oid(&r, &end);
		answer_next(&w, &start);
	}
	len = axpdu_end(&w);
	if (len == 0 || send(fd, out, len, 0) != (ssize_t)len)
		exit(1);
}

/* Sends what was begun in `buf` and returns the response's session id. */
static uint32_t
command(uint8_t *buf, struct axpdu_writer *w)
{
	if (send(fd, buf, axpdu_end(w), 0) == -1 || recv(fd, buf, 1024, 0) < 28 ||
	    buf[24] != 0 || buf[25] != 0)
		exit(1);
	return axpdu_header(buf).session;
}

static void
open_session(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct axpdu_header h = {
		.version = 1, .type = AXPDU_OPEN, .flags = AXPDU_NETWORK
	};
	struct axpdu_writer w;
	uint8_t buf[1024];

	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
	if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == -1) {
		perror(path);
		exit(1);
	}
	w = axpdu_begin(buf, sizeof(buf), &h);
	axpdu_write_u32(&w, 0);
	axpdu_write_oid(&w, root, ROOT_LEN, NULL, 0, false);
	axpdu_write_string(&w, "floor", 5);
	h.session = command(buf, &w);
	h.type = AXPDU_REGISTER;
	w = axpdu_begin(buf, sizeof(buf), &h);
	axpdu_write_u32(&w, 0x007f0000); /* no timeout, priority 127, no range */
	axpdu_write_oid(&w, root, ROOT_LEN, NULL, 0, false);
	command(buf, &w);
}

int
main(int argc, char **argv)
{
	static uint8_t in[65536];
	size_t len = 0;

	if (argc != 3)
		return 2;
	make_rows((uint32_t)atoi(argv[2]));
	open_session(argv[1]);
	for (;;) {
		ssize_t n = recv(fd, in + len, sizeof(in) - len, 0);
		size_t whole;

		if (n <= 0)
			return 0;
		len += (size_t)n;
		while (len >= AXPDU_HEADER &&
		       len >= (whole = AXPDU_HEADER + axpdu_header(in).payload)) {
			serve(in, whole);
			len -= whole;
			memmove(in, in + whole, len);
		}
	}
}
