/* svcport watch: the fleet's table, read again and again, with what changed. */

#include "cmd_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "screen.h"
#include "watch.h"
#include "base/mem.h"

#define NEWS_MS 200  /* what agents say is drawn together */
#define IDLE_MS 1000 /* ages go on while nothing happens */

static void
draw(struct watch *w)
{
	char *frame = NULL;
	size_t len;
	FILE *f = mem_stream(&frame, &len);

	watch_draw(w, f);
	mem_stream_end(f);
	fwrite(frame, 1, len, stdout);
	fflush(stdout);
	free(frame);
}

/* Takes what agents have said since the last turn, true when there is something new,
 * and asks those that are due.  Each has its own turn: a silent one delays no other. */
static bool
attend(struct watch *w, struct manager *m)
{
	struct fleet_options *o = w->o;
	size_t unread = w->unread;
	bool news = false;

	w->unread = 0;
	for (size_t i = 0; i < o->nagents; i++) {
		struct manager_agent *a = &o->agents[i];

		if (a->fresh) {
			a->fresh = false;
			a->read = w->now;
			watch_changes_note(w, a);
			news = true;
		}
		w->unread += a->read.ns == 0 && a->error == NULL;
		if (manager_busy(m, i) || mono_diff_ms(w->due[i], w->now) > 0)
			continue;
		w->due[i] = mono_add_s(w->now, o->interval);
		manager_ask(m, i);
	}
	return news || w->unread != unread;
}

static bool
is_resized(struct watch *w)
{
	unsigned width = w->width;
	unsigned height = w->height;

	screen_size(&w->width, &w->height);
	return width != w->width || height != w->height;
}

static void
run(struct watch *w, struct manager *m)
{
	struct mono drawn = { 0 };
	bool news = false;

	w->now = mono_now();
	while (!w->quit && !screen_ended()) {
		char keys[64];
		size_t n;
		int64_t ago;

		news = attend(w, m) || news;
		manager_wait(m, STDIN_FILENO, NEWS_MS);
		w->now = mono_now();
		n = screen_keys(keys, sizeof(keys));
		watch_keys(w, keys, n);
		if (is_resized(w) || screen_suspended() || n > 0)
			drawn.ns = 0;
		ago = mono_diff_ms(w->now, drawn);
		if (ago < (news ? NEWS_MS : IDLE_MS))
			continue;
		draw(w);
		drawn = w->now;
		news = false;
	}
}

static void
watch(struct fleet_options *o)
{
	struct manager_query query = fleet_query(o);
	struct watch w = {
		.o = o, .seen = keymap_new(), .due = mem_array(struct mono, o->nagents)
	};
	struct manager *m = manager_new(&query, o->agents, o->nagents);

	run(&w, m);
	manager_free(m);
	keymap_free(w.seen);
	free(w.due);
}

int
cmd_watch(int argc, char **argv)
{
	struct fleet_options o;
	int status = fleet_options(&o, argc, argv,
	    "[SNMP OPTIONS] [--interval SECONDS] [--catalogue GLOB] [--host GLOB] "
	    "[--worse-than VERDICT] [--root OID] [--long] [AGENT...]");

	if (status >= 0)
		return status;
	status = FLEET_USAGE_ERROR;
	if (o.format != OUTPUT_TABLE || o.hosts) {
		fprintf(stderr, "svcport: watch has neither --format nor --hosts\n");
	} else if (screen_open() != 0) {
		fprintf(stderr, "svcport: watch needs a terminal; for scripts there is "
				"`svcport status --format json`\n");
	} else {
		watch(&o);
		screen_close();
		status = 0;
	}
	fleet_options_clear(&o);
	return status;
}
