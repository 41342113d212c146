#include "watch.h"

#include <string.h>

static void
key_of(
    const struct manager_agent *a, const struct remote_row *row, char *buf, size_t size)
{
	snprintf(buf, size, "%s\t%s", a->peer, row->name);
}

bool
watch_changes_get(
    const struct watch *w, const struct fleet_row *fr, struct watch_change *out)
{
	char key[512];
	size_t len;
	const uint8_t *v;

	key_of(fr->agent, fr->row, key, sizeof(key));
	v = keymap_get(w->seen, key, &len);
	if (v == NULL)
		return false;
	memcpy(out, v, sizeof(*out));
	return true;
}

void
watch_changes_note(struct watch *w, const struct manager_agent *agent)
{
	for (size_t i = 0; i < agent->rows.n; i++) {
		const struct fleet_row fr = { agent, &agent->rows.v[i] };
		enum verdict now = (enum verdict)fr.row->verdict;
		struct watch_change change = { .verdict = now };
		char key[512];

		if (watch_changes_get(w, &fr, &change)) {
			if (change.verdict == now)
				continue;
			change.before = change.verdict;
			change.verdict = now;
			change.when = w->now;
		}
		key_of(agent, fr.row, key, sizeof(key));
		keymap_set(w->seen, key, &change, sizeof(change));
	}
}
