#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/template.h"

/* ---- words: @{echo TEXT}, @{item}, @{outer}; @{each up N}: "1" to "N" */

static const char *const digits[] = { "1", "2", "3" };

static char *
echo(void *ctx, const struct template_turn *turn, const struct template_args *args)
{
	(void)ctx;
	(void)turn;
	return args->n > 0 ? mem_strdup(args->rest) : NULL;
}

static char *
item(void *ctx, const struct template_turn *turn, const struct template_args *args)
{
	(void)ctx;
	(void)args;
	return turn != NULL ? mem_strdup(turn->item) : NULL;
}

static char *
outer(void *ctx, const struct template_turn *turn, const struct template_args *args)
{
	(void)ctx;
	(void)args;
	return turn != NULL && turn->outer != NULL ? mem_strdup(turn->outer->item)
	                                           : NULL;
}

static bool
up(void *ctx, const struct template_turn *turn, const struct template_args *args,
    const void ***items, size_t *n)
{
	int max = args->n == 1 ? atoi(args->v[0]) : -1;

	(void)ctx;
	(void)turn;
	if (max < 0 || max > 3)
		return false;
	*items = mem_array(const void *, 4);
	for (*n = 0; *n < (size_t)max; ++*n)
		(*items)[*n] = digits[*n];
	return true;
}

static const struct template_value values[] = {
	{ "echo", echo },
	{ "item", item },
	{ "outer", outer },
	{ NULL, NULL },
};

static const struct template_list lists[] = {
	{ "up", up },
	{ NULL, NULL },
};

/* What comes out, or the message when it fails; the caller frees it. */
static char *
fill(const char *text, void (*escape)(const char *text, FILE *out))
{
	const struct template_words words = {
		.values = values, .lists = lists, .escape = escape
	};
	char err[256] = "";
	char *made;
	size_t size;
	FILE *out = open_memstream(&made, &size);
	bool ok = template_fill(text, &words, out, err, sizeof(err));

	assert_int_equal(fclose(out), 0);
	if (!ok) {
		free(made);
		made = mem_strdup(err);
	}
	assert_true(ok == (err[0] == '\0'));
	return made;
}

static void
becomes(const char *text, const char *want)
{
	char *got = fill(text, template_plain);

	assert_string_equal(got, want);
	free(got);
}

static void
fills_values(void **state)
{
	(void)state;
	becomes("", "");
	becomes("no marks, ${one} {#TWO} @ {", "no marks, ${one} {#TWO} @ {");
	becomes("@{echo a}", "a");
	becomes("<@{echo a b  c}>\n<@{echo d}>", "<a b  c>\n<d>");
}

static void
repeats_lists(void **state)
{
	(void)state;
	becomes("@{each up 3}@{item}@{sep , }@{end}.", "1, 2, 3.");
	becomes("@{each up 0}@{item}@{end}.", ".");
	becomes("@{each up 2}(@{each up 2}@{outer}@{item}@{sep  }@{end})@{end}",
	    "(11 12)(21 22)");
	becomes("@{each up 1}@{end}@{each up 2}@{item}@{end}", "12");
}

static void
drops_lines_of_blocks_only(void **state)
{
	(void)state;
	becomes("a\n  @{each up 2}\nb@{item}\n\t@{end}\nc\n", "a\nb1\nb2\nc\n");
	becomes("@{each up 2}\n@{each up 1}\nx\n@{end}\n@{end}\n", "x\nx\n");
	becomes("a @{each up 2}\n@{end}b", "a \n\nb");
	becomes("a\n@{echo }b\n", "line 2: wrong arguments for \"echo\"");
	becomes("a\n@{echo b}\n", "a\nb\n");
}

static void
says_where_it_is_wrong(void **state)
{
	(void)state;
	becomes("\n@{nothing}", "line 2: no value \"nothing\"");
	becomes("@{}", "line 1: no value \"\"");
	becomes("@{item}", "line 1: wrong arguments for \"item\"");
	becomes("\n\n@{each down 1}@{end}", "line 3: no list \"down\"");
	becomes("@{each}@{end}", "line 1: no list \"\"");
	becomes("@{each up 9}@{end}", "line 1: nothing to list for \"9\"");
	becomes("@{each up 1}\n@{each up 1}\n@{end}", "line 1: no end of list \"up\"");
	becomes("a@{end}", "line 1: no list is open at \"end\"");
	becomes("@{sep ,}", "line 1: outside a list: \"sep\"");
	becomes("@{each up 2}\n@{wrong}@{end}", "line 2: no value \"wrong\"");
}

static void
escapes_values_alone(void **state)
{
	char *got = fill("\"@{echo a\"b\\c\td}\"", template_json);

	(void)state;
	assert_string_equal(got, "\"a\\\"b\\\\c\\u0009d\"");
	free(got);
	got = fill("'@{echo it's \\}'", template_php);
	assert_string_equal(got, "'it\\'s \\\\'");
	free(got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_values),
		cmocka_unit_test(repeats_lists),
		cmocka_unit_test(drops_lines_of_blocks_only),
		cmocka_unit_test(says_where_it_is_wrong),
		cmocka_unit_test(escapes_values_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
