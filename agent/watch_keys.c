#include "watch.h"

#include <string.h>

#define ESC_KEY 27
#define DEL_KEY 127

/* ---- the filter */

static void
rub_out(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && ((unsigned char)text[len - 1] & 0xc0) == 0x80)
		len--;
	text[len > 0 ? len - 1 : 0] = '\0';
}

static void
type(struct watch *w, char c)
{
	size_t len = strlen(w->filter);

	w->top = 0;
	if (c == '\n' || c == '\r') {
		w->typing = false;
	} else if (c == ESC_KEY) {
		w->typing = false;
		w->filter[0] = '\0';
	} else if (c == DEL_KEY || c == '\b') {
		rub_out(w->filter);
	} else if ((unsigned char)c >= ' ' && len + 1 < WATCH_FILTER) {
		w->filter[len] = c;
		w->filter[len + 1] = '\0';
	}
}

/* ---- moving; watch_draw() stops at the end */

static void
move(struct watch *w, const char *sequence, size_t len)
{
	static const struct {
		const char *sequence;
		char key;
	} keys[] = { { "\033[A", 'k' }, { "\033[B", 'j' }, { "\033OA", 'k' },
		{ "\033OB", 'j' }, { "\033[5~", 'b' }, { "\033[6~", ' ' },
		{ "\033[H", 'g' }, { "\033[F", 'G' }, { "\033[1~", 'g' },
		{ "\033[4~", 'G' }, { "\033OH", 'g' }, { "\033OF", 'G' } };
	size_t page = w->page;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strlen(keys[i].sequence) == len &&
		    strncmp(keys[i].sequence, sequence, len) == 0)
			sequence = &keys[i].key;
	}
	switch (sequence[0]) {
	case 'k':
		w->top -= w->top > 0;
		break;
	case 'j':
		w->top++;
		break;
	case 'b':
		w->top -= w->top > page ? page : w->top;
		break;
	case ' ':
		w->top += page;
		break;
	case 'g':
		w->top = 0;
		break;
	case 'G':
		w->top = SIZE_MAX / 2;
		break;
	default:
		break;
	}
}

/* The octets of the key at the beginning: more than one for a function key. */
static size_t
key_length(const char *keys, size_t n)
{
	size_t len = 2;

	if (n < 3 || keys[0] != ESC_KEY || (keys[1] != '[' && keys[1] != 'O'))
		return 1;
	while (len < n && (keys[len] < '@' || keys[len] > '~'))
		len++;
	return len < n ? len + 1 : n;
}

static void
press(struct watch *w, char key)
{
	switch (key) {
	case 'q':
		w->quit = true;
		break;
	case 'r':
		for (size_t i = 0; i < w->o->nagents; i++)
			w->due[i] = w->now;
		break;
	case 'd':
		w->least = (enum watch_least)((w->least + 1) % WATCH_LEASTS);
		w->top = 0;
		break;
	case 'c':
		w->changed_only = !w->changed_only;
		w->top = 0;
		break;
	case 's':
		w->sort = (enum watch_sort)((w->sort + 1) % WATCH_SORTS);
		w->top = 0;
		break;
	case '/':
		w->typing = true;
		w->filter[0] = '\0';
		break;
	default:
		move(w, &key, 1);
		break;
	}
}

void
watch_keys(struct watch *w, const char *keys, size_t n)
{
	while (n > 0) {
		size_t len = key_length(keys, n);

		if (len > 1)
			move(w, keys, len);
		else if (w->typing)
			type(w, keys[0]);
		else
			press(w, keys[0]);
		keys += len;
		n -= len;
	}
}
