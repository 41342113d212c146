#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "said.h"
#include "site/site.h"

/* The shipped conf/svcport.cfg says of itself that it has every option with its
 * default. Defaults begin with a bare '#', examples with "#     ", all else is prose.
 */
static char *shipped;

static int
read_shipped(void **state)
{
	char path[1024];
	size_t len;
	FILE *f;

	(void)state;
	snprintf(path, sizeof(path), "%s/conf/svcport.cfg", getenv("builddir"));
	f = fopen(path, "r");
	if (f == NULL)
		return -1;
	shipped = mem_calloc(1, 65536);
	len = fread(shipped, 1, 65535, f);
	fclose(f);
	return len > 0 && len < 65535 ? 0 : -1;
}

static int
free_shipped(void **state)
{
	(void)state;
	free(shipped);
	return 0;
}

enum kind { LINE_DEFAULT, LINE_EXAMPLE, LINE_OTHER };

static enum kind
kind_of(const char *line)
{
	if (line[0] != '#' || line[1] == '\n')
		return LINE_OTHER;
	if (line[1] != ' ')
		return LINE_DEFAULT;
	return strncmp(line, "#     ", 6) == 0 && line[6] != ' ' ? LINE_EXAMPLE
	                                                         : LINE_OTHER;
}

/* The file with the lines of one kind uncommented.  Continuation lines of an example
 * are indented further. */
static char *
uncommented(enum kind kind)
{
	char *out = mem_calloc(1, strlen(shipped) + 1);
	bool inside = false;
	size_t len = 0;

	for (const char *p = shipped; *p != '\0';) {
		size_t n = strcspn(p, "\n") + 1;
		enum kind k = kind_of(p);
		size_t skip = 0;

		if (k == LINE_EXAMPLE)
			inside = true;
		else if (strncmp(p, "#      ", 7) != 0)
			inside = false;
		if (kind == LINE_EXAMPLE ? inside : k == kind)
			skip = 1;
		memcpy(out + len, p + skip, n - skip);
		len += n - skip;
		p += n;
	}
	return out;
}

/* Everything in a site but the positions. */
static char *
dump(const struct site *s)
{
	char *text = mem_printf(
	    "state=%s agentx=%s root=%s context=%s set=%d fast=%d "
	    "interval=%ld timeout=%ld listen=%ld listener=%ld hold=%ld "
	    "grace=%ld view=%d notify=%d rate=%ld burst=%ld queue=%ld "
	    "history=%ld heartbeat=%ld renotify=%ld undoc=%d,%zu "
	    "probe=%ld,%ld,%ld,%s,%s lists=%zu,%zu,%zu,%zu,%zu,%zu,%zu,%zu",
	    s->state_dir, s->agentx_socket, s->mib_root, s->context, s->allow_set,
	    s->fast_path, s->interval, s->timeout_ms, s->listen_interval,
	    s->listener_interval, s->hold, s->boot_grace, (int)s->viewpoint,
	    s->notify_enable, s->notify_rate, s->notify_burst, s->notify_queue,
	    s->event_history, s->heartbeat, s->renotify, s->undocumented.notify,
	    s->undocumented.nignore, s->probe.concurrency, s->probe.per_host,
	    s->probe.rate, s->probe.source, s->probe.interface, s->nfeatures,
	    s->nversions, s->nparameters, s->nhosts, s->ninstances, s->ngroups,
	    s->noverrides, s->nmutes);

	for (size_t i = 0; i < s->ncatalogue_path; i++) {
		char *more = mem_printf("%s path=%s", text, s->catalogue_path[i]);

		free(text);
		text = more;
	}
	for (size_t i = 0; i < s->ncatalogues; i++) {
		char *more = mem_printf("%s cat=%s", text, s->catalogues[i].text);

		free(text);
		text = more;
	}
	return text;
}

static void
is_default(const char *text)
{
	struct diag *d = diag_new();
	struct site *s = site_parse("svcport.cfg", text, strlen(text), d);
	struct site *want = site_default();
	char *have_text;
	char *want_text;

	said_nothing(d);
	assert_non_null(s);
	have_text = dump(s);
	want_text = dump(want);
	assert_string_equal(have_text, want_text);
	free(have_text);
	free(want_text);
	site_free(s);
	site_free(want);
}

static void
reads_as_the_default(void **state)
{
	(void)state;
	is_default(shipped);
}

static void
defaults_uncommented_are_the_defaults(void **state)
{
	char *text = uncommented(LINE_DEFAULT);

	(void)state;
	assert_string_not_equal(text, shipped);
	is_default(text);
	free(text);
}

static void
examples_are_right(void **state)
{
	char *text = uncommented(LINE_EXAMPLE);
	struct diag *d = diag_new();
	struct site *s = site_parse("svcport.cfg", text, strlen(text), d);
	struct catalogue_list list;
	char path[1024];
	char *dirs[1] = { path };

	(void)state;
	snprintf(path, sizeof(path), "%s/conf/catalogues", getenv("srcdir"));
	assert_non_null(s);
	site_set_catalogue_path(s, dirs, 1);
	site_catalogues(s, &list, d);
	assert_true(list.n >= 5);
	site_check(s, &list, d);
	/* each list has its example */
	assert_true(s->nhosts > 0 && s->ninstances > 0 && s->ngroups > 0 &&
		    s->noverrides > 0 && s->nmutes > 0 && s->nfeatures > 0 &&
		    s->nversions > 0 && s->nparameters > 0);
	catalogue_list_clear(&list);
	site_free(s);
	free(text);
	said_nothing(d);
}

/* As a word of its own: a default, a line of a table, or an example. */
static bool
explains(const char *key)
{
	size_t len = strlen(key);

	for (const char *p = shipped; (p = strstr(p, key)) != NULL; p += len) {
		if (p > shipped && strchr("# \t\n", p[-1]) != NULL &&
		    strchr(" ,\t\n", p[len]) != NULL)
			return true;
	}
	return false;
}

/* The reader itself tells what it knows, when asked for what nobody knows. */
static void
has_every_key_of(const char *text)
{
	struct diag *d = diag_new();
	const char *known = NULL;
	char *list;

	site_free(site_parse("x", text, strlen(text), d));
	for (size_t i = 0; i < diag_count(d); i++) {
		const char *at = strstr(diag_get(d, i)->text, "; known here: ");

		if (at != NULL)
			known = at + strlen("; known here: ");
	}
	assert_non_null(known);
	list = mem_strdup(known);
	for (char *key = strtok(list, ", "); key != NULL; key = strtok(NULL, ", ")) {
		if (!explains(key))
			fail_msg("svcport.cfg does not explain \"%s\"", key);
	}
	free(list);
	diag_free(d);
}

static void
explains_every_key(void **state)
{
	(void)state;
	has_every_key_of("qqqqqqqqqqqq = 1;");
	has_every_key_of("probe = { qqqqqqqqqqqq = 1; };");
	has_every_key_of("undocumented = { qqqqqqqqqqqq = 1; };");
	has_every_key_of("hosts = ( { qqqqqqqqqqqq = 1; } );");
	has_every_key_of("instances = ( { qqqqqqqqqqqq = 1; } );");
	has_every_key_of("groups = ( { qqqqqqqqqqqq = 1; } );");
	has_every_key_of("overrides = ( { qqqqqqqqqqqq = 1; } );");
	has_every_key_of("mutes = ( { qqqqqqqqqqqq = 1; } );");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_as_the_default),
		cmocka_unit_test(defaults_uncommented_are_the_defaults),
		cmocka_unit_test(examples_are_right),
		cmocka_unit_test(explains_every_key),
	};

	return cmocka_run_group_tests(tests, read_shipped, free_shipped);
}
