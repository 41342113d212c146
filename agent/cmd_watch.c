/* svcport watch: the fleet's table, read again and again, with what changed. */

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include "cmd_status.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "fleet.h"
#include "base/keymap.h"
#include "base/mono.h"
#include "base/utf8.h"

#define AT_ONCE     64
#define FRESH_S     30 /* a change is highlighted for so long */
#define FILTER_MAX  64
#define SEEN_OCTETS 9 /* verdict 1, time of change 8 */
#define ESC_KEY     27

enum sort { SORT_WORST, SORT_NAME, SORT_RECENT, SORTS };
static const char *const sort_words[] = { "worst first", "by name",
	"latest change first" };

struct screen {
	struct fleet_options *o;
	struct keymap *seen; /* agent and name -> verdict and when it changed */
	struct termios before;
	enum sort sort;
	bool deviations; /* only verdicts of unknown and worse */
	bool typing;     /* keys go to the filter */
	char filter[FILTER_MAX];
	size_t top; /* first row shown */
	unsigned width, height;
	struct mono now;
};

static volatile sig_atomic_t ending;

static void
on_signal(int sig)
{
	(void)sig;
	ending = 1;
}

/* ---- the terminal: plain ANSI (ECMA-48), and xterm's alternate screen */

static int
open_screen(struct screen *s)
{
	struct termios raw;
	struct sigaction sa = { .sa_handler = on_signal };

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
	    tcgetattr(STDIN_FILENO, &s->before) != 0) {
		fprintf(stderr, "svcport: watch wants a terminal; for scripts there is "
				"`svcport status --format json`\n");
		return -1;
	}
	raw = s->before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	fputs("\033[?1049h\033[?25l", stdout);
	return 0;
}

static void
close_screen(const struct screen *s)
{
	fputs("\033[?25h\033[?1049l", stdout);
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSANOW, &s->before);
}

static void
measure(struct screen *s)
{
	struct winsize ws;

	s->width = 80;
	s->height = 24;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0 &&
	    ws.ws_row > 0) {
		s->width = ws.ws_col;
		s->height = ws.ws_row;
	}
}

/* ---- what changed */

static void
key_of(const struct fleet_row *fr, char *buf, size_t size)
{
	snprintf(buf, size, "%s\t%s", fr->agent->peer, fr->row->name);
}

static int64_t
changed_at(const struct screen *s, const struct fleet_row *fr)
{
	char key[512];
	size_t len;
	const uint8_t *v;
	int64_t ns = 0;

	key_of(fr, key, sizeof(key));
	v = keymap_get(s->seen, key, &len);
	if (v != NULL)
		memcpy(&ns, v + 1, sizeof(ns));
	return ns;
}

static void
note_changes(struct screen *s)
{
	for (size_t i = 0; i < s->o->nagents; i++) {
		const struct manager_agent *a = &s->o->agents[i];

		for (size_t k = 0; k < a->nrows; k++) {
			struct fleet_row fr = { a, &a->rows[k] };
			uint8_t v[SEEN_OCTETS] = { fr.row->verdict };
			const uint8_t *old;
			char key[512];
			size_t len;

			key_of(&fr, key, sizeof(key));
			old = keymap_get(s->seen, key, &len);
			if (old != NULL && old[0] == fr.row->verdict)
				continue;
			if (old != NULL)
				memcpy(v + 1, &s->now.ns, sizeof(s->now.ns));
			keymap_set(s->seen, key, v, sizeof(v));
		}
	}
}

static bool
is_fresh(const struct screen *s, const struct fleet_row *fr)
{
	int64_t ns = changed_at(s, fr);

	return ns != 0 && s->now.ns - ns < FRESH_S * 1000000000LL;
}

/* ---- order */

static int
by_name(const void *pa, const void *pb)
{
	const struct fleet_row *a = pa;
	const struct fleet_row *b = pb;

	return strcmp(a->row->name, b->row->name);
}

static int
by_age(const void *pa, const void *pb)
{
	const struct fleet_row *a = pa;
	const struct fleet_row *b = pb;

	return a->row->age < b->row->age ? -1 : a->row->age > b->row->age;
}

static struct fleet_row *
rows_to_show(const struct screen *s, size_t *n)
{
	struct fleet_row *v;
	size_t kept = 0;

	v = fleet_rows(s->o, n);
	for (size_t i = 0; i < *n; i++) {
		if (s->deviations && v[i].row->verdict < VERDICT_UNKNOWN)
			continue;
		if (s->filter[0] != '\0' &&
		    strcasestr(v[i].row->name, s->filter) == NULL &&
		    strcasestr(v[i].row->ports, s->filter) == NULL &&
		    strcasestr(v[i].agent->peer, s->filter) == NULL)
			continue;
		v[kept++] = v[i];
	}
	*n = kept;
	if (kept > 0 && s->sort == SORT_NAME)
		qsort(v, kept, sizeof(*v), by_name);
	if (kept > 0 && s->sort == SORT_RECENT)
		qsort(v, kept, sizeof(*v), by_age);
	return v;
}

/* ---- drawing */

static const char *
colour(enum verdict v)
{
	if (v >= VERDICT_OPEN_FORBIDDEN)
		return "\033[1;31m";
	if (v >= VERDICT_UNKNOWN)
		return "\033[33m";
	return v == VERDICT_COMPLIANT ? "\033[32m" : "\033[2m";
}

/* A line of at most the terminal's width, then the rest of the line cleared. */
static void
put_line(const struct screen *s, const char *before, char *text)
{
	text[utf8_cut(text, s->width)] = '\0';
	printf("%s%s\033[0m\033[K\r\n", before, text);
}

static void
draw_row(const struct screen *s, const struct fleet_row *fr, int name_width)
{
	const struct manager_row *r = fr->row;
	char text[1024];
	char before[32];
	char age[24];
	bool fresh = is_fresh(s, fr);

	snprintf(text, sizeof(text), "%c %-*s %-5s%-12s %-17s %-14s %12s  %s%s%s",
	    fresh ? '*' : ' ', name_width, r->name,
	    types_proto((enum proto)r->protocol), r->ports,
	    types_verdict((enum verdict)r->verdict), fleet_seen(r),
	    fleet_age(r->age, age), s->o->nagents > 1 ? fr->agent->peer : "",
	    s->o->nagents > 1 ? ": " : "", r->reason);
	snprintf(before, sizeof(before), "%s%s", colour((enum verdict)r->verdict),
	    fresh ? "\033[7m" : "");
	put_line(s, before, text);
}

static void
draw_head(const struct screen *s, size_t shown, int name_width)
{
	uint32_t by[VERDICT_MAX + 1] = { 0 };
	char text[512];
	size_t len;
	size_t silent = 0;

	for (size_t i = 0; i < s->o->nagents; i++) {
		silent += s->o->agents[i].error != NULL;
		for (size_t k = 0; k < s->o->agents[i].nrows; k++)
			by[s->o->agents[i].rows[k].verdict % (VERDICT_MAX + 1)]++;
	}
	len = (size_t)snprintf(
	    text, sizeof(text), "svcport: %zu agents", s->o->nagents);
	if (silent > 0)
		len += (size_t)snprintf(
		    text + len, sizeof(text) - len, " (%zu do not answer)", silent);
	for (int v = VERDICT_MAX; v >= VERDICT_COMPLIANT; v--) {
		if (by[v] > 0)
			len += (size_t)snprintf(text + len, sizeof(text) - len,
			    ", %u %s", by[v], types_verdict((enum verdict)v));
	}
	put_line(s, "\033[1m", text);
	snprintf(text, sizeof(text), "%zu rows, %s%s; filter%s: %s%s", shown,
	    sort_words[s->sort], s->deviations ? ", deviations only" : "",
	    s->typing ? " (type, Enter ends)" : "", s->filter, s->typing ? "_" : "");
	put_line(s, "", text);
	snprintf(text, sizeof(text), "  %-*s %-5s%-12s %-17s %-14s %12s  %s",
	    name_width, "name", "", "ports", "verdict", "seen", "for", "reason");
	put_line(s, "\033[4m", text);
}

static void
draw(struct screen *s)
{
	size_t n;
	struct fleet_row *v = rows_to_show(s, &n);
	size_t room;
	int name_width = 20;
	char help[] = "q quit  r read now  d deviations only  s sort  / filter  "
		      "arrows scroll";

	measure(s);
	room = s->height > 5 ? s->height - 5 : 1;
	for (size_t i = 0; i < n; i++) {
		int len = (int)strlen(v[i].row->name);

		name_width = len > name_width && len <= 60 ? len : name_width;
	}
	if (s->top >= n)
		s->top = n > 0 ? n - 1 : 0;
	fputs("\033[H", stdout);
	draw_head(s, n, name_width);
	for (size_t i = s->top; i < n && i < s->top + room; i++)
		draw_row(s, &v[i], name_width);
	fputs("\033[J", stdout);
	printf("\033[%u;1H", s->height);
	help[utf8_cut(help, s->width)] = '\0';
	printf("\033[2m%s\033[0m", help);
	fflush(stdout);
	free(v);
}

/* ---- keys */

static void
type(struct screen *s, char c)
{
	size_t len = strlen(s->filter);

	if (c == '\n' || c == '\r' || c == ESC_KEY) {
		s->typing = false;
	} else if ((c == 127 || c == '\b') && len > 0) {
		s->filter[len - 1] = '\0';
	} else if ((unsigned char)c >= ' ' && c != 127 && len + 1 < FILTER_MAX) {
		s->filter[len] = c;
		s->filter[len + 1] = '\0';
	}
}

static void
scroll(struct screen *s, const char *sequence)
{
	size_t page = s->height > 5 ? s->height - 5 : 1;

	if (strcmp(sequence, "\033[A") == 0)
		s->top -= s->top > 0;
	else if (strcmp(sequence, "\033[B") == 0)
		s->top++;
	else if (strcmp(sequence, "\033[5~") == 0)
		s->top -= s->top > page ? page : s->top;
	else if (strcmp(sequence, "\033[6~") == 0)
		s->top += page;
}

/* Returns true when the agents are to be read now. */
static bool
press(struct screen *s, const char *keys)
{
	if (s->typing) {
		for (; *keys != '\0'; keys++)
			type(s, *keys);
		return false;
	}
	if (keys[0] == ESC_KEY) {
		scroll(s, keys);
		return false;
	}
	switch (keys[0]) {
	case 'q':
		ending = 1;
		break;
	case 'd':
		s->deviations = !s->deviations;
		break;
	case 's':
		s->sort = (enum sort)((s->sort + 1) % SORTS);
		break;
	case '/':
		s->typing = true;
		s->filter[0] = '\0';
		break;
	case 'r':
		return true;
	default:
		break;
	}
	return false;
}

/* Draws at each key until the next reading is due. */
static void
attend(struct screen *s, struct mono until)
{
	struct pollfd pfd = { STDIN_FILENO, POLLIN, 0 };
	char keys[16];

	while (!ending) {
		int64_t ms = mono_diff_ms(until, mono_now());
		ssize_t n;

		draw(s);
		if (ms <= 0 || poll(&pfd, 1, (int)ms + 1) <= 0)
			return;
		n = read(STDIN_FILENO, keys, sizeof(keys) - 1);
		if (n <= 0) {
			ending = 1;
			return;
		}
		keys[n] = '\0';
		s->now = mono_now();
		if (press(s, keys))
			return;
	}
}

static void
run(struct screen *s)
{
	struct fleet_options *o = s->o;

	while (!ending) {
		struct mono begin = mono_now();

		for (size_t i = 0; i < o->nagents; i++)
			manager_clear(&o->agents[i]);
		manager_read(&o->session, o->root, o->root_len, o->agents, o->nagents,
		    AT_ONCE, NULL, NULL);
		s->now = mono_now();
		note_changes(s);
		attend(s, mono_add_s(begin, o->interval));
	}
}

int
cmd_watch(int argc, char **argv)
{
	struct fleet_options o;
	struct screen s = { .o = &o };
	int status = fleet_options(&o, argc, argv,
	    "[SNMP OPTIONS] [--interval SECONDS] [--catalogue GLOB] [--host GLOB] "
	    "[--worse-than VERDICT] [--root OID] [AGENT...]");

	if (status >= 0)
		return status;
	status = 3;
	if (open_screen(&s) == 0) {
		s.seen = keymap_new();
		run(&s);
		close_screen(&s);
		keymap_free(s.seen);
		status = 0;
	}
	fleet_options_clear(&o);
	return status;
}
