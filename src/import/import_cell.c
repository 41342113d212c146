#include "import/import_table.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WORD_MAX 32

static bool
one_of(const char *word, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (strcasecmp(word, *list) == 0)
			return true;
	}
	return false;
}

static bool
is_word(char c)
{
	return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* The next run of letters and digits into `word`; NULL at the end of the text, else
 * what follows. */
static const char *
next_word(const char *text, char word[WORD_MAX])
{
	size_t n = 0;

	while (*text != '\0' && !is_word(*text) && !isdigit((unsigned char)*text))
		text++;
	if (*text == '\0')
		return NULL;
	while (is_word(*text) || isdigit((unsigned char)*text) || *text == '\'') {
		if (n + 1 < WORD_MAX)
			word[n++] = *text;
		text++;
	}
	word[n] = '\0';
	return text;
}

bool
import_cell_is_none(const char *text)
{
	static const char *const none[] = { "", "-", "--", "n/a", "na", "n.a.", "none",
		"no", "nil", "not applicable", "?", "tbd", NULL };

	return one_of(text, none) || strcmp(text, "\xe2\x80\x93") == 0 ||
	       strcmp(text, "\xe2\x80\x94") == 0;
}

/* ---- protocols */

static void
add_protocol(struct import_protocols *p, enum proto v)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i] == v)
			return;
	}
	if (p->n < IMPORT_PROTOCOLS_MAX)
		p->v[p->n++] = v;
}

static bool
take_protocol(const char *word, struct import_protocols *out)
{
	static const struct {
		const char *word;
		enum proto v;
	} known[] = { { "tcp", PROTO_TCP }, { "udp", PROTO_UDP },
		{ "icmp", PROTO_ICMP }, { "icmpv4", PROTO_ICMP },
		{ "ping", PROTO_ICMP }, { "icmpv6", PROTO_ICMPV6 },
		{ "icmp6", PROTO_ICMPV6 }, { "sctp", PROTO_SCTP },
		{ "tcp6", PROTO_TCP }, { "udp6", PROTO_UDP } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcasecmp(word, known[i].word) == 0) {
			add_protocol(out, known[i].v);
			return true;
		}
	}
	return false;
}

void
import_cell_protocols(
    const char *text, struct import_protocols *out, char application[65])
{
	static const char *const fill[] = { "and", "or", "over", "ip", "ipv4", "ipv6",
		"na", "n", "a", "none", NULL };
	static const char *const both[] = { "any", "all", "both", NULL };
	char word[WORD_MAX];

	*out = (struct import_protocols){ .n = 0 };
	application[0] = '\0';
	while ((text = next_word(text, word)) != NULL) {
		size_t len = strlen(application);

		if (take_protocol(word, out) || one_of(word, fill))
			continue;
		if (one_of(word, both)) {
			add_protocol(out, PROTO_TCP);
			add_protocol(out, PROTO_UDP);
		} else if (len + strlen(word) + 2 <= 65) {
			snprintf(application + len, 65 - len, "%s%s",
			    len != 0 ? " " : "", word);
		}
	}
}

/* ---- ports */

/* Protocols stand before their ports ("TCP 80, 443; UDP 53") or behind ("80, 443 TCP"):
 * what the cell begins with tells. */
struct port_reader {
	const char *p;
	struct import_ports *out;
	bool range;  /* a dash was read: the next number ends the range */
	bool named;  /* and a protocol behind it, with which it may be no dash */
	bool before; /* protocols stand before their ports */
	struct import_protocols current;
	size_t done; /* ports whose protocols have been read */
};

/* A dash in any of the shapes that word processors make of it, a colon as in nftables'
 * neighbours, or two dots; 0 when there is none. */
static size_t
dash_at(const char *p)
{
	static const char *const dashes[] = { "-", "\xe2\x80\x90", "\xe2\x80\x91",
		"\xe2\x80\x92", "\xe2\x80\x93", "\xe2\x80\x94", "..", ":", NULL };

	for (size_t i = 0; dashes[i] != NULL; i++) {
		size_t len = strlen(dashes[i]);

		if (strncmp(p, dashes[i], len) == 0)
			return len;
	}
	return 0;
}

static bool
take_number(struct port_reader *r)
{
	struct import_ports *out = r->out;
	char *end;
	unsigned long n = strtoul(r->p, &end, 10);

	r->p = end;
	if (n < 1 || n > UINT16_MAX)
		return false;
	if (r->range && out->n > 0) {
		r->range = false;
		if (n < out->v[out->n - 1].range.low)
			return false;
		out->v[out->n - 1].range.high = (uint16_t)n;
		return true;
	}
	if (out->n == IMPORT_PORTS_MAX)
		return false;
	out->v[out->n++] = (struct import_port){ { (uint16_t)n, (uint16_t)n },
		r->current };
	return true;
}

static void
note_protocols(struct port_reader *r, const struct import_protocols *named)
{
	struct import_ports *out = r->out;

	if (r->before && r->done < out->n)
		r->current = (struct import_protocols){ .n = 0 };
	/* "53 TCP/UDP": the second one is for the same ports as the first. */
	if (!r->before && r->done == out->n && out->n > 0)
		r->done--;
	for (size_t i = 0; i < named->n; i++) {
		if (r->before)
			add_protocol(&r->current, named->v[i]);
		for (size_t k = r->done; !r->before && k < out->n; k++)
			add_protocol(&out->v[k].protocols, named->v[i]);
		add_protocol(&out->protocols, named->v[i]);
	}
	r->done = out->n;
}

static bool
take_word(struct port_reader *r, char bad[32])
{
	static const char *const fill[] = { "and", "port", "ports", "na", "n", "a",
		"none", "default", "plus", NULL };
	static const char *const unnamed[] = { "any", "all", "dynamic", "ephemeral",
		"random", "high", "rpc", "various", NULL };
	static const char *const to[] = { "to", "through", "thru", "bis", NULL };
	struct import_protocols named = { .n = 0 };
	char word[WORD_MAX];

	r->p = next_word(r->p, word);
	if (take_protocol(word, &named)) {
		note_protocols(r, &named);
		r->named = r->range;
		return true;
	}
	if (one_of(word, fill))
		return true;
	if (strcasecmp(word, "or") == 0)
		r->out->alternatives = true;
	else if (one_of(word, unnamed))
		r->out->unnamed = true;
	else if (one_of(word, to))
		r->range = true;
	else {
		snprintf(bad, 32, "%s", word);
		return false;
	}
	return true;
}

/* "80:TCP, 443:TCP": what stands between two ports separates them, so that the colon
 * before it began no range; a line that was only broken behind a dash goes on. */
static void
take_separator(struct port_reader *r)
{
	if (strchr(",;/&|", *r->p) != NULL || (*r->p == '\n' && r->named))
		r->range = false;
	r->p++;
}

/* "> 1023", "1024+": more ports than the one that is named; "443 + 8443" are two. */
static bool
is_open_ended(const char *text, const char *p)
{
	const char *next = p + 1 + strspn(p + 1, " ");

	if (*p == '<' || *p == '>')
		return true;
	if (*p != '+' || isdigit((unsigned char)*next))
		return false;
	return p == text || p[-1] != ' ' || !isalpha((unsigned char)*next);
}

/* "(HTTPS)": what is spoken there. */
static void
take_parentheses(struct port_reader *r)
{
	struct import_protocols named;
	char text[WORD_MAX + 64];
	const char *close = strchr(r->p, ')');
	size_t len = close != NULL ? (size_t)(close - r->p) : strlen(r->p);

	snprintf(text, sizeof(text), "%.*s", (int)(len < 64 ? len : 64), r->p);
	r->p += len + (close != NULL);
	import_cell_protocols(text, &named, r->out->application);
	if (named.n > 0)
		note_protocols(r, &named);
}

bool
import_cell_ports(const char *text, struct import_ports *out, char bad[32])
{
	struct port_reader r = { .p = text, .out = out, .before = is_word(*text) };

	*out = (struct import_ports){ .n = 0 };
	if (import_cell_is_none(text))
		return true;
	while (*r.p != '\0') {
		size_t dash = dash_at(r.p);
		const char *at = r.p;

		if (*r.p == '*') {
			out->unnamed = true;
			r.p++;
		} else if (*r.p == '(') {
			take_parentheses(&r);
		} else if (isdigit((unsigned char)*r.p)) {
			if (!take_number(&r)) {
				snprintf(bad, 32, "%.*s",
				    (int)(r.p - at < 20 ? r.p - at : 20), at);
				return false;
			}
		} else if (dash > 0) {
			/* "TCP: 443" has no range, "tcp-443" neither. */
			r.range = out->n > 0;
			r.named = false;
			r.p += dash;
		} else if (is_word(*r.p)) {
			if (!take_word(&r, bad))
				return false;
		} else if (is_open_ended(text, r.p)) {
			snprintf(bad, 32, "%c", *r.p);
			return false;
		} else {
			take_separator(&r);
		}
	}
	return true;
}

/* ---- other cells */

int
import_cell_required(const char *text, bool optional)
{
	static const char *const yes[] = { "yes", "y", "true", "1", "x", "required",
		"mandatory", "must", "needed", "always", "open", "allow",
		"\xe2\x9c\x93", "\xe2\x9c\x94", NULL };
	static const char *const no[] = { "no", "n", "false", "0", "optional",
		"conditional", "if used", "if needed", "as needed", "not required",
		"sometimes", "-", NULL };
	static const char *const should[] = { "recommended", "should", "preferred",
		NULL };
	static const char *const never[] = { "closed", "forbidden", "never", "deny",
		"denied", "block", "blocked", "must not", "must be closed", NULL };
	static const char *const unused[] = { "reserved", "unused", "not used",
		"unspecified", "deprecated", NULL };

	if (text[0] == '\0')
		return REQUIRE_REQUIRED;
	if (one_of(text, should))
		return REQUIRE_RECOMMENDED;
	if (one_of(text, never))
		return REQUIRE_CLOSED;
	if (one_of(text, unused))
		return REQUIRE_UNSPECIFIED;
	if (strcasecmp(text, "optional") == 0)
		return REQUIRE_OPTIONAL;
	if (strcasecmp(text, "required") == 0)
		return REQUIRE_REQUIRED;
	if (one_of(text, yes))
		return optional ? REQUIRE_OPTIONAL : REQUIRE_REQUIRED;
	if (one_of(text, no))
		return optional ? REQUIRE_REQUIRED : REQUIRE_OPTIONAL;
	return -1;
}

int
import_cell_direction(const char *text)
{
	static const char *const in[] = { "in", "inbound", "incoming", "ingress",
		"listen", "<-", "\xe2\x86\x90", NULL };
	static const char *const outward[] = { "out", "outbound", "outgoing", "egress",
		"->", "\xe2\x86\x92", NULL };
	static const char *const both[] = { "both", "bidirectional", "bi-directional",
		"two-way", "in/out", "inbound/outbound", "inbound and outbound",
		"inbound / outbound", "in and out", "duplex", "<->", "\xe2\x86\x94",
		NULL };

	if (import_cell_is_none(text))
		return IMPORT_UNSTATED;
	if (one_of(text, in))
		return IMPORT_IN;
	if (one_of(text, outward))
		return IMPORT_OUT;
	return one_of(text, both) ? IMPORT_BOTH : -1;
}
