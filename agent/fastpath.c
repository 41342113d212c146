#include "fastpath.h"

#include <string.h>

#include "axpdu.h"
#include "mibview.h"
#include "mibwalk.h"

static bool
context_is_ours(
    const struct fastpath *f, const struct axpdu_header *h, struct axpdu_reader *r)
{
	const uint8_t *text;
	size_t len;

	if ((h->flags & AXPDU_CONTEXT) == 0)
		return f->context[0] == '\0';
	text = axpdu_read_string(r, &len);
	return text != NULL && len == strlen(f->context) &&
	       memcmp(text, f->context, len) == 0;
}

static void
write_place(const struct fastpath *f, struct axpdu_writer *w,
    const struct mibwalk_place *place, const uint32_t *tail, size_t tail_len)
{
	struct value value;

	place->column->get(f->view, place->row, &value);
	axpdu_write_u16(w, (uint16_t)value.type);
	axpdu_write_u16(w, 0);
	axpdu_write_oid(w, f->view->root, f->view->root_len, tail, tail_len, false);
	axpdu_write_value(w, &value);
}

static void
write_exception(
    struct axpdu_writer *w, enum axpdu_exception type, const struct axpdu_oid *name)
{
	axpdu_write_u16(w, (uint16_t)type);
	axpdu_write_u16(w, 0);
	axpdu_write_oid(w, name->ids, name->n, NULL, 0, false);
}

static void
answer_get(
    const struct fastpath *f, struct axpdu_writer *w, const struct axpdu_oid *name)
{
	const struct mibview *v = f->view;
	struct mibwalk_place place;
	bool before;
	long n = mibview_below(v, name->ids, name->n, &before);
	enum mibwalk_result result = MIBWALK_NO_OBJECT;

	if (n >= 0)
		result = mibwalk_find(v, name->ids + v->root_len, (size_t)n, &place);
	if (result == MIBWALK_FOUND)
		write_place(f, w, &place, name->ids + v->root_len, (size_t)n);
	else
		write_exception(w,
		    result == MIBWALK_NO_OBJECT ? AXPDU_NO_SUCH_OBJECT
						: AXPDU_NO_SUCH_INSTANCE,
		    name);
}

/* Is root.tail before `end`, which is no bound when it is null? */
static bool
in_scope(const struct mibview *v, const uint32_t *tail, size_t tail_len,
    const struct axpdu_oid *end)
{
	size_t n = end->n < v->root_len ? end->n : v->root_len;
	int cmp;

	if (end->n == 0)
		return true;
	cmp = mibwalk_compare(v->root, n, end->ids, n);
	if (cmp != 0)
		return cmp < 0;
	return mibwalk_compare(tail, tail_len, end->ids + n, end->n - n) < 0;
}

static void
answer_next(const struct fastpath *f, struct axpdu_writer *w,
    const struct axpdu_oid *start, const struct axpdu_oid *end)
{
	const struct mibview *v = f->view;
	struct mibwalk_place place;
	uint32_t tail[MIBWALK_NAME_MAX];
	size_t tail_len;
	bool before;
	long n = mibview_below(v, start->ids, start->n, &before);

	if ((n >= 0 || before) && mibwalk_next(v, start->ids + v->root_len,
				      n > 0 ? (size_t)n : 0, start->include, &place)) {
		tail_len = mibwalk_name(v, &place, tail);
		if (in_scope(v, tail, tail_len, end)) {
			write_place(f, w, &place, tail, tail_len);
			return;
		}
	}
	write_exception(w, AXPDU_END_OF_MIB_VIEW, start);
}

static struct axpdu_writer
begin_response(const struct axpdu_header *request, uint8_t *out, size_t size)
{
	struct axpdu_header h = *request;
	struct axpdu_writer w;

	h.type = AXPDU_RESPONSE;
	h.flags &= AXPDU_NETWORK;
	w = axpdu_begin(out, size, &h);
	axpdu_write_u32(&w, 0); /* sysUpTime: the master's own counts */
	axpdu_write_u16(&w, 0); /* noError */
	axpdu_write_u16(&w, 0);
	return w;
}

size_t
fastpath_answer(
    const struct fastpath *f, const uint8_t *pdu, size_t len, uint8_t *out, size_t size)
{
	struct axpdu_header h;
	struct axpdu_reader r;
	struct axpdu_writer w;

	if (len < AXPDU_HEADER)
		return 0;
	h = axpdu_header(pdu);
	if (h.version != 1 || (h.type != AXPDU_GET && h.type != AXPDU_GETNEXT) ||
	    (h.flags & ~(AXPDU_CONTEXT | AXPDU_NETWORK)) != 0 ||
	    h.session != f->session || h.payload != len - AXPDU_HEADER)
		return 0;
	r = axpdu_reader(pdu + AXPDU_HEADER, h.payload, (h.flags & AXPDU_NETWORK) != 0);
	if (!context_is_ours(f, &h, &r) || r.at == r.end)
		return 0;
	w = begin_response(&h, out, size);
	while (r.at < r.end && !r.failed && !w.failed) {
		struct axpdu_oid start, end;

		axpdu_read_oid(&r, &start);
		axpdu_read_oid(&r, &end);
		if (r.failed || start.n == 0)
			return 0;
		if (h.type == AXPDU_GET)
			answer_get(f, &w, &start);
		else
			answer_next(f, &w, &start, &end);
	}
	return r.failed ? 0 : axpdu_end(&w);
}
