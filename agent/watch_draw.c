#include "watch.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define TROUBLES 4 /* lines for agents that are not well, at most */
#define NS_PER_S 1000000000

static uint32_t
seconds_since(const struct watch *w, struct mono t)
{
	return w->now.ns > t.ns ? (uint32_t)((w->now.ns - t.ns) / NS_PER_S) : 0;
}

/* ---- which rows, in which order */

static bool
has_word(const struct fleet_row *fr, const char *word)
{
	const struct remote_row *r = fr->row;
	const char *const texts[] = { r->name, r->ports, r->reason, fr->agent->peer,
		types_proto((enum proto)r->protocol),
		types_verdict((enum verdict)r->verdict) };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcasestr(texts[i], word) != NULL)
			return true;
	}
	return false;
}

/* Every word of the filter is somewhere in the row. */
static bool
passes_filter(const struct watch *w, const struct fleet_row *fr)
{
	char words[WATCH_FILTER];
	char *rest = words;
	char *word;

	memcpy(words, w->filter, sizeof(words));
	while ((word = strsep(&rest, " ")) != NULL) {
		if (!has_word(fr, word))
			return false;
	}
	return true;
}

static bool
is_shown(const struct watch *w, const struct fleet_row *fr)
{
	static const enum verdict least[WATCH_LEASTS] = { [WATCH_ALL] = 0,
		[WATCH_UNKNOWN] = VERDICT_UNKNOWN,
		[WATCH_DEVIATIONS] = VERDICT_CLOSED_RECOMMENDED };
	struct watch_change change;

	if (fr->row->verdict < least[w->least] || !passes_filter(w, fr))
		return false;
	return !w->changed_only ||
	       (watch_changes_get(w, fr, &change) && change.before != 0);
}

static int
by_name(const void *pa, const void *pb)
{
	const struct fleet_row *a = pa;
	const struct fleet_row *b = pb;
	int order = strcmp(a->row->name, b->row->name);

	return order != 0 ? order : strcmp(a->agent->peer, b->agent->peer);
}

static int
by_age(const void *pa, const void *pb)
{
	const struct fleet_row *a = pa;
	const struct fleet_row *b = pb;

	if (a->row->age != b->row->age)
		return a->row->age < b->row->age ? -1 : 1;
	return by_name(pa, pb);
}

static struct fleet_row *
rows_to_show(const struct watch *w, size_t *n)
{
	struct fleet_row *v = fleet_rows(w->o, n);
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++) {
		if (is_shown(w, &v[i]))
			v[kept++] = v[i];
	}
	*n = kept;
	if (kept > 0 && w->sort == WATCH_NAME)
		qsort(v, kept, sizeof(*v), by_name);
	if (kept > 0 && w->sort == WATCH_LATEST)
		qsort(v, kept, sizeof(*v), by_age);
	return v;
}

/* ---- the lines above the table */

/* Lines are placed, not fed: on a terminal that is too low the last ones overwrite each
 * other, and nothing scrolls. */
struct frame {
	FILE *to;
	unsigned line; /* the last one begun, from 1 */
};

/* A line is cleared before it is written: behind one that fills the width the cursor
 * still stands on its last character. */
static void
begin_line(struct frame *f, const char *colour)
{
	fprintf(f->to, "\033[%u;1H\033[0m\033[K%s", ++f->line, colour);
}

static void
draw_sum(const struct watch *w, struct frame *f)
{
	const struct fleet_options *o = w->o;
	struct tally sum = { .status = TALLY_OK };
	char text[TALLY_TEXT];
	size_t silent = 0;

	for (size_t i = 0; i < o->nagents; i++) {
		const struct manager_agent *a = &o->agents[i];

		silent += a->error != NULL;
		for (size_t k = 0; k < a->rows.n; k++)
			tally_add(&sum, (enum verdict)a->rows.v[k].verdict);
	}
	begin_line(f, "\033[1m");
	fprintf(f->to, "%zu agent%s", o->nagents, o->nagents == 1 ? "" : "s");
	if (silent > 0)
		fprintf(f->to, " (%zu not read)", silent);
	fprintf(f->to, ", %s", tally_text(&sum, text));
}

static void
draw_choice(const struct watch *w, struct frame *f, size_t shown)
{
	static const char *const sorts[WATCH_SORTS] = { "worst first", "by name",
		"latest change first" };
	static const char *const leasts[WATCH_LEASTS] = { "", ", unknown and worse",
		", deviations only" };

	begin_line(f, "");
	if (shown > w->page)
		fprintf(f->to, "%zu-%zu of ", w->top + 1, w->top + w->page);
	fprintf(f->to, "%zu shown, %s%s%s", shown, sorts[w->sort], leasts[w->least],
	    w->changed_only ? ", changed only" : "");
	if (w->typing)
		fprintf(f->to, "; filter: %s\033[7m \033[27m (Enter keeps, Esc clears)",
		    w->filter);
	else if (w->filter[0] != '\0')
		fprintf(f->to, "; filter: %s", w->filter);
	if (w->unread > 0)
		fprintf(f->to, "; %zu not answered yet", w->unread);
}

static bool
is_troubled(const struct manager_agent *a, char text[FLEET_TROUBLE])
{
	if (a->error == NULL)
		return fleet_trouble(a, text)[0] != '\0';
	snprintf(text, FLEET_TROUBLE, "%s", a->error);
	return true;
}

static size_t
count_troubles(const struct fleet_options *o)
{
	char text[FLEET_TROUBLE];
	size_t n = 0;

	for (size_t i = 0; i < o->nagents; i++)
		n += is_troubled(&o->agents[i], text);
	return n;
}

/* The first of the agents that do not answer or are not well themselves. */
static void
draw_troubles(const struct watch *w, struct frame *f, size_t lines)
{
	const struct fleet_options *o = w->o;
	size_t n = 0;

	for (size_t i = 0; i < o->nagents && n < lines; i++) {
		const struct manager_agent *a = &o->agents[i];
		char text[FLEET_TROUBLE];
		char age[FLEET_AGE];

		if (!is_troubled(a, text))
			continue;
		n++;
		begin_line(f, "\033[31m");
		fprintf(f->to, "%s: %s", a->peer, text);
		if (a->error != NULL && a->rows.n > 0)
			fprintf(f->to, " (its rows are %s old)",
			    fleet_age(seconds_since(w, a->read), age));
	}
}

/* ---- the table */

static void
table_row(const struct watch *w, struct output *out, const struct fleet_row *fr)
{
	struct remote_row row = *fr->row;
	const struct fleet_row aged = { fr->agent, &row };
	struct watch_change change = { 0 };
	char before[64] = "";
	bool changed = watch_changes_get(w, fr, &change) && change.before != 0;

	row.age += seconds_since(w, fr->agent->read);
	if (changed)
		snprintf(
		    before, sizeof(before), "was %s; ", types_verdict(change.before));
	fleet_output_row(out, w->o, &aged, before,
	    changed && seconds_since(w, change.when) < WATCH_FRESH_S);
}

/* All rows, so that columns do not jump while one scrolls; the caller frees. */
static char *
table_text(const struct watch *w, const struct fleet_row *v, size_t n)
{
	const struct output_style style = { .format = OUTPUT_TABLE,
		.colours = getenv("NO_COLOR") == NULL,
		.whole = w->o->whole,
		.width = w->width };
	char *text = NULL;
	size_t len;
	FILE *f = mem_stream(&text, &len);
	struct output *out;

	out = fleet_output(w->o, f, style);
	for (size_t i = 0; i < n; i++)
		table_row(w, out, &v[i]);
	(void)output_end(out);
	mem_stream_end(f);
	return text;
}

/* The heading, and `page` lines from `top` on. */
static void
draw_table(struct frame *f, const char *text, size_t top, size_t page)
{
	for (size_t i = 0; *text != '\0'; i++) {
		size_t len = strcspn(text, "\n");

		if (i == 0 || (i > top && i <= top + page)) {
			begin_line(f, "");
			fwrite(text, 1, len, f->to);
		}
		text += len + (text[len] == '\n');
	}
}

void
watch_draw(struct watch *w, FILE *to)
{
	static const char help[] = "q quit  / filter  s sort  d deviations  c changed  "
				   "r read now  arrows move";
	size_t n;
	struct frame f = { .to = to };
	struct fleet_row *v = rows_to_show(w, &n);
	char *text = table_text(w, v, n);
	size_t troubles = count_troubles(w->o);
	size_t lines = troubles < TROUBLES ? troubles : TROUBLES;
	size_t used = 4 + lines; /* sum, choice, heading, help */

	w->page = w->height > used ? w->height - used : 1;
	if (w->top + w->page > n)
		w->top = n > w->page ? n - w->page : 0;
	draw_sum(w, &f);
	draw_choice(w, &f, n);
	draw_troubles(w, &f, lines);
	if (text != NULL)
		draw_table(&f, text, w->top, w->page);
	begin_line(&f, "\033[J");
	fprintf(to, "\033[%u;1H\033[K\033[2m%s\033[0m", w->height, help);
	free(text);
	free(v);
}
