#include "listen/portfilter.h"

#include <linux/netlink.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct gap {
	uint32_t width;
	uint32_t after; /* index of the range before it */
};

static int
widest_first(const void *va, const void *vb)
{
	const struct gap *a = va;
	const struct gap *b = vb;

	if (a->width != b->width)
		return a->width > b->width ? -1 : 1;
	return a->after < b->after ? -1 : 1;
}

static int
ascending(const void *va, const void *vb)
{
	const struct gap *a = va;
	const struct gap *b = vb;

	return a->after < b->after ? -1 : 1;
}

void
portfilter_cover(struct portfilter *f, const struct portset *set)
{
	const struct port_range *r = portset_ranges(set);
	uint32_t keep = PORTFILTER_RANGES - 1;
	struct gap *gaps;

	f->n = set->count;
	if (set->count <= PORTFILTER_RANGES) {
		for (uint32_t i = 0; i < f->n; i++)
			f->r[i] = r[i];
		return;
	}
	gaps = mem_array(struct gap, set->count - 1);
	for (uint32_t i = 0; i + 1 < set->count; i++)
		gaps[i] = (struct gap){ (uint32_t)(r[i + 1].low - r[i].high), i };
	qsort(gaps, set->count - 1, sizeof(*gaps), widest_first);
	qsort(gaps, keep, sizeof(*gaps), ascending);
	f->n = PORTFILTER_RANGES;
	f->r[0].low = r[0].low;
	for (uint32_t i = 0; i < keep; i++) {
		f->r[i].high = r[gaps[i].after].high;
		f->r[i + 1].low = r[gaps[i].after + 1].low;
	}
	f->r[keep].high = r[set->count - 1].high;
	free(gaps);
}

bool
portfilter_covers(const struct portfilter *f, uint16_t port)
{
	uint32_t low = 0, high = f->n;

	while (low < high) {
		uint32_t mid = (low + high) / 2;

		if (port > f->r[mid].high)
			low = mid + 1;
		else
			high = mid;
	}
	return low < f->n && port >= f->r[low].low;
}

/* ---- the dump's program */

/* Operations are counted in 4 octets, as in struct inet_diag_bc_op; a comparison takes
 * two, the second of which carries the port in `no`. */
struct emitter {
	const struct portfilter *f;
	struct inet_diag_bc_op *op;
	uint32_t pos, len;
};

/* Jumping to the end of the program accepts the socket, past it rejects. */
static unsigned short
to_end(const struct emitter *e, bool accept)
{
	return (unsigned short)(4 * (e->len - e->pos + (accept ? 0 : 1)));
}

static void
emit_compare(struct emitter *e, uint8_t code, uint16_t port, unsigned short no)
{
	e->op[e->pos++] = (struct inet_diag_bc_op){ .code = code, .yes = 8, .no = no };
	e->op[e->pos++] = (struct inet_diag_bc_op){ .no = port };
}

/* Of the ranges low..high - 1, when the port is known not to be below the first and to
 * be below the one at `high`. */
static void
emit_search(struct emitter *e, uint32_t low, uint32_t high)
{
	uint32_t mid = (low + high) / 2;
	uint32_t at = e->pos;

	if (high - low == 1) {
		emit_compare(e, INET_DIAG_BC_S_LE, e->f->r[low].high, to_end(e, false));
		e->op[e->pos] = (struct inet_diag_bc_op){
			.code = INET_DIAG_BC_JMP, .yes = 4, .no = to_end(e, true)
		};
		e->pos++;
		return;
	}
	emit_compare(e, INET_DIAG_BC_S_GE, e->f->r[mid].low, 0);
	emit_search(e, mid, high);
	e->op[at].no = (unsigned short)(4 * (e->pos - at));
	emit_search(e, low, mid);
}

uint32_t
portfilter_dump(
    const struct portfilter *f, struct inet_diag_bc_op out[PORTFILTER_DUMP_MAX])
{
	struct emitter e = { .f = f, .op = out, .len = 5 * f->n };

	if (f->n == 0)
		return 0;
	emit_compare(&e, INET_DIAG_BC_S_GE, f->r[0].low, to_end(&e, false));
	emit_search(&e, 0, f->n);
	return e.len;
}

/* ---- single sockets */

static uint32_t
address_len(const struct portfilter_end *e)
{
	return e->addr.family == AF_INET ? 4 : 16;
}

/* A condition on address and port, and the jump that accepts what meets it. */
static uint32_t
end_len(const struct portfilter_end *e)
{
	return (uint32_t)(2 * sizeof(struct inet_diag_bc_op) +
			  sizeof(struct inet_diag_hostcond)) +
	       address_len(e);
}

uint32_t
portfilter_ends(const struct portfilter_end *ends, uint32_t n,
    unsigned char out[PORTFILTER_ENDS_MAX])
{
	uint32_t len = 0;
	uint32_t pos = 0;

	for (uint32_t i = 0; i < n; i++)
		len += end_len(&ends[i]);
	for (uint32_t i = 0; i < n; i++) {
		const struct portfilter_end *e = &ends[i];
		uint32_t size = end_len(e);
		struct inet_diag_hostcond cond;
		/* To the next condition; the last one's way out is past the end. */
		struct inet_diag_bc_op test = { .code = INET_DIAG_BC_S_COND,
			.yes = (uint8_t)(size - 4),
			.no = (uint16_t)(i + 1 < n ? size : size + 4) };
		struct inet_diag_bc_op accept = { .code = INET_DIAG_BC_JMP,
			.yes = 4,
			.no = (uint16_t)(len - (pos + size - 4)) };

		/* It has holes, and all of it goes to the kernel. */
		memset(&cond, 0, sizeof(cond));
		cond.family = e->addr.family;
		cond.prefix_len = (uint8_t)(8 * address_len(e));
		cond.port = e->port;
		memcpy(out + pos, &test, sizeof(test));
		memcpy(out + pos + 4, &cond, sizeof(cond));
		memcpy(out + pos + 4 + sizeof(cond), e->addr.bytes, address_len(e));
		memcpy(out + pos + size - 4, &accept, sizeof(accept));
		pos += size;
	}
	return len;
}

/* ---- the events' program */

#define AT(field)                                                      \
	(NLMSG_HDRLEN + (uint32_t)offsetof(struct inet_diag_msg, id) + \
	    (uint32_t)offsetof(struct inet_diag_sockid, field))

/* Instructions of a search over n ranges. */
static uint32_t
search_len(uint32_t n)
{
	return 2 * n - 1;
}

/* Emits at *pos; the accepting return stands at `accept`, and what becomes of all that
 * is not looked for behind it. */
static void
bpf_search(const struct portfilter *f, struct sock_filter *out, uint32_t *pos,
    uint32_t low, uint32_t high, uint32_t accept)
{
	uint32_t mid = (low + high) / 2;
	uint32_t rest = accept - (*pos + 1);

	if (high - low == 1) {
		out[(*pos)++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K,
		    f->r[low].high, (uint8_t)(rest + 1), (uint8_t)rest);
		return;
	}
	out[(*pos)++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K,
	    f->r[mid].low, 0, (uint8_t)search_len(high - mid));
	bpf_search(f, out, pos, mid, high, accept);
	bpf_search(f, out, pos, low, mid, accept);
}

uint16_t
portfilter_events(
    const struct portfilter *f, struct sock_filter out[PORTFILTER_EVENTS_MAX])
{
	uint32_t accept = 4 + search_len(f->n);
	uint32_t pos = 4;

	if (f->n == 0) {
		out[0] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
		return 1;
	}
	out[0] = (struct sock_filter)BPF_STMT(
	    BPF_LD | BPF_H | BPF_ABS, AT(idiag_dport));
	out[1] = (struct sock_filter)BPF_JUMP(
	    BPF_JMP | BPF_JEQ | BPF_K, 0, 0, (uint8_t)(accept + 1 - 2));
	out[2] = (struct sock_filter)BPF_STMT(
	    BPF_LD | BPF_H | BPF_ABS, AT(idiag_sport));
	out[3] = (struct sock_filter)BPF_JUMP(
	    BPF_JMP | BPF_JGE | BPF_K, f->r[0].low, 0, (uint8_t)(accept + 1 - 4));
	bpf_search(f, out, &pos, 0, f->n, accept);
	out[accept] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, UINT32_MAX);
	out[accept + 1] = (struct sock_filter)BPF_STMT(
	    BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_RANDOM));
	out[accept + 2] = (struct sock_filter)BPF_JUMP(
	    BPF_JMP | BPF_JGE | BPF_K, UINT32_MAX / PORTFILTER_SAMPLE + 1, 1, 0);
	out[accept + 3] = out[accept];
	out[accept + 4] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	return (uint16_t)(accept + 5);
}
