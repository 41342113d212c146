/* svcport diff: what changed between two editions of a document, and where it matters.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue/catdiff.h"
#include "cmd/cmd.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/slurp.h"
#include "config/source.h"
#include "plan/plan.h"

#define DIFFERENT 1 /* as diff(1) has it */

/* A file, read once: it may be a pipe. */
struct text {
	const char *name;
	char *text;
	size_t len;
};

struct report {
	struct output *out;
	struct plan *before, *after; /* of the site; NULL for none */
	const char *name;            /* of the catalogue */
};

static bool
read_text(struct text *t, const char *name, struct diag *d)
{
	const char *why;

	t->name = name;
	t->text = slurp(name, SOURCE_FILE_MAX, &t->len, &why);
	if (t->text == NULL)
		diag_error(d, name, 0, "cannot read it: %s", why);
	return t->text != NULL;
}

/* ---- the site, with one edition or the other */

static void
drop(struct catalogue_list *list, const struct catalogue *edition)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (list->v[i]->number == edition->number ||
		    strcmp(list->v[i]->name, edition->name) == 0)
			catalogue_free(list->v[i]);
		else
			list->v[n++] = list->v[i];
	}
	list->n = n;
}

/* The plan that the site makes with this edition in place of the one installed; takes
 * the edition over. */
static struct plan *
plan_with(const struct cmd_options *o, const struct text *file,
    struct catalogue *edition, struct diag *d)
{
	struct catalogue_list list = { 0 };
	struct site *site = site_parse(file->name, file->text, file->len, d);

	if (site == NULL) {
		catalogue_free(edition);
		return NULL;
	}
	if (o->ndirs > 0)
		site_set_catalogue_path(site, o->dirs, o->ndirs);
	site_catalogues(site, &list, d);
	drop(&list, edition);
	catalogue_list_add(&list, edition, d);
	site_check(site, &list, d);
	if (diag_errors(d) > 0) {
		catalogue_list_clear(&list);
		site_free(site);
		return NULL;
	}
	return plan_new(site, &list, "localhost", NULL, d);
}

/* Messages begin with the edition they are about. */
static struct plan *
load_site(const struct cmd_options *o, const struct text *site, const struct text *file,
    bool *failed)
{
	struct diag *d = diag_new();
	struct catalogue *edition = catalogue_parse(
	    file->name, file->text, file->len, d);
	struct plan *p = edition != NULL ? plan_with(o, site, edition, d) : NULL;

	if (diag_count(d) > 0)
		fprintf(stderr, "With %s, the site has:\n", file->name);
	if (cmd_complain(d))
		*failed = true;
	diag_free(d);
	return p;
}

/* ---- the report */

/* Whether the service, of the catalogue or an instance of it, is checked on a host;
 * both plans number the site's hosts alike. */
static bool
has_check(const struct plan *p, const char *name, unsigned number, unsigned host)
{
	for (uint32_t i = 0; p != NULL && i < p->ncats; i++) {
		if (strcmp(p->cats[i].cat->name, name) == 0 &&
		    plan_find(p, p->cats[i].number, number, host) >= 0)
			return true;
	}
	return false;
}

/* The site's hosts on which the service is checked, with either edition; the caller
 * frees. */
static char *
hosts_text(const struct report *r, unsigned number)
{
	const struct plan *p = r->after != NULL ? r->after : r->before;
	const char *comma = "";
	char *text;
	size_t size;
	FILE *to = mem_stream(&text, &size);

	for (uint32_t h = 0; p != NULL && number != 0 && h < p->nhosts; h++) {
		const struct plan_host *host = &p->hosts[h];

		if (!has_check(r->before, r->name, number, host->number) &&
		    !has_check(r->after, r->name, number, host->number))
			continue;
		fprintf(to, "%s%s", comma, host->name);
		comma = ", ";
	}
	mem_stream_end(to);
	return text;
}

static void
print_fact(void *arg, const struct catdiff_fact *f)
{
	struct report *r = arg;
	char number[16] = "";
	char *hosts = hosts_text(r, f->number);
	const char *cells[] = { catdiff_word(f->kind), f->what, number, f->name,
		f->field, f->before, f->after, hosts };

	if (f->number != 0)
		snprintf(number, sizeof(number), "%u", f->number);
	output_row(r->out, cells, OUTPUT_PLAIN);
	free(hosts);
}

/* A number stands for one service for ever: rows, alarms and managers know it by it. */
static void
warn_moved(const struct catalogue *before, const struct catalogue *after)
{
	for (size_t i = 0; i < before->nservices; i++) {
		const struct service *a = &before->services[i];
		const struct service *b = catalogue_service_number(after, a->number);

		if (b != NULL && strcmp(b->name, a->name) == 0)
			continue;
		b = catalogue_service(after, a->name);
		if (b != NULL)
			fprintf(stderr,
			    "%s:%u: warning: service \"%s\" had number %u and has %u "
			    "now: numbers are never reused\n",
			    b->pos.file, b->pos.line, b->name, a->number, b->number);
	}
}

static int
report(const struct cmd_options *o, const struct text *files,
    const struct catalogue *before, const struct catalogue *after)
{
	static const struct output_column columns[] = { { "change", false, 0, 0 },
		{ "what", false, 0, 1 }, { "number", true, 0, 2 },
		{ "name", false, 0, 0 }, { "field", false, 0, 0 },
		{ "before", false, 48, 0 }, { "after", false, 48, 0 },
		{ "hosts", false, 60, 0 } };
	bool site = o->site != NULL;
	bool failed = false;
	struct report r = { .name = after->name };
	int status;

	if (site) {
		r.before = load_site(o, &files[2], &files[0], &failed);
		r.after = load_site(o, &files[2], &files[1], &failed);
	}
	r.out = cmd_output(o, columns, site ? 8 : 7);
	status = catdiff(before, after, print_fact, &r) > 0 ? DIFFERENT : 0;
	warn_moved(before, after);
	if (status == 0 && o->format == OUTPUT_TABLE)
		fprintf(stderr, "no difference\n");
	if (cmd_output_end(r.out) != 0 || failed)
		status = CMD_USAGE;
	plan_unref(r.before);
	plan_unref(r.after);
	return status;
}

/* The editions and, last, the site: NULL text where there is none.  False when one
 * could not be read. */
static bool
read_files(struct text files[3], const struct cmd_options *o, struct diag *d)
{
	bool ok = true;

	for (size_t i = 0; i < 2; i++)
		ok = read_text(&files[i], o->operands[i], d) && ok;
	if (o->site != NULL)
		ok = read_text(&files[2], o->site, d) && ok;
	return ok;
}

static int
diff(const struct cmd_options *o)
{
	struct text files[3] = { { .text = NULL } };
	struct catalogue *c[2] = { NULL, NULL };
	struct diag *d = diag_new();
	int status = CMD_USAGE;

	if (read_files(files, o, d)) {
		for (size_t i = 0; i < 2; i++)
			c[i] = catalogue_parse(
			    files[i].name, files[i].text, files[i].len, d);
	}
	cmd_complain(d);
	if (c[0] != NULL && c[1] != NULL)
		status = report(o, files, c[0], c[1]);
	for (size_t i = 0; i < 3; i++)
		free(files[i].text);
	catalogue_free(c[0]);
	catalogue_free(c[1]);
	diag_free(d);
	return status;
}

int
cmd_diff(int argc, char **argv)
{
	struct cmd_options o;
	int status = cmd_options(&o, argc, argv, CMD_FORMAT | CMD_SITE | CMD_LONG,
	    "[--format table|tsv|json] [--long] [--site FILE [-C DIR]] OLD NEW");

	if (status >= 0)
		return status;
	if (o.noperands != 2) {
		fprintf(stderr, "svcport: diff needs two catalogue files\n");
		cmd_options_clear(&o);
		return CMD_USAGE;
	}
	status = diff(&o);
	cmd_options_clear(&o);
	return status;
}
