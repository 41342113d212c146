/*
 * libFuzzer target: any text as a template ends with a filled one or with a message
 * that names the line.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *
echo(void *ctx, const struct template_turn *turn, const struct template_args *args)
{
	(void)ctx;
	(void)turn;
	return args->n > 0 ? strdup(args->rest) : NULL;
}

static char *
item(void *ctx, const struct template_turn *turn, const struct template_args *args)
{
	(void)ctx;
	(void)args;
	return turn != NULL ? strdup(turn->item) : NULL;
}

static bool
two(void *ctx, const struct template_turn *turn, const struct template_args *args,
    const void ***items, size_t *n)
{
	size_t depth = 0;

	(void)ctx;
	for (; turn != NULL; turn = turn->outer)
		depth++;
	if (args->n > 1)
		return false;
	*items = calloc(2, sizeof(**items));
	(*items)[0] = "one";
	(*items)[1] = "\"two\"\n";
	*n = depth < 4 ? 2 : 0; /* lists in lists multiply */
	return true;
}

static const struct template_value values[] = { { "echo", echo }, { "item", item },
	{ NULL, NULL } };
static const struct template_list lists[] = { { "two", two }, { NULL, NULL } };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const escapes[])(
	    const char *, FILE *) = { template_plain, template_json, template_php };
	struct template_words words = { .values = values, .lists = lists };
	char err[160] = "";
	char *text;
	char *out;
	size_t len;
	FILE *f;

	if (size == 0)
		return 0;
	words.escape = escapes[data[0] % 3];
	text = strndup((const char *)data + 1, size - 1);
	f = open_memstream(&out, &len);
	if (!template_fill(text, &words, f, err, sizeof(err)) &&
	    strncmp(err, "line ", 5) != 0)
		abort();
	fclose(f);
	free(out);
	free(text);
	return 0;
}
