/* svcport export: importer files for the manager that people already have. */

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/cmd.h"
#include "base/diag.h"
#include "catalogue/confkeys.h"
#include "base/slurp.h"
#include "config/source.h"
#include "export/export.h"
#include "plan/flows.h"
#include "plan/load.h"
#include "base/mem.h"
#include "export/mibindex.h"
#include "export/mibtext.h"
#include "plan/plan.h"
#include "site/site.h"
#include "base/suggest.h"

static const char usage_line[] =
    "[--root OID] [--site FILE] [-C DIR] [--community NAME] [--auths] "
    "[--table NAME] KIND [FILE]\n"
    "       svcport export --into DIR [OPTION...] KIND...|all";

struct request {
	struct cmd_options files;
	char *site; /* text of the site file, for several kinds; NULL: not yet read */
	size_t site_len;
	const char *root; /* NULL: the site's */
	const char *into;
	const char *table;
	const char *community;
	bool auths;
};

enum {
	OPT_SITE = 256,
	OPT_ROOT,
	OPT_INTO,
	OPT_TABLE,
	OPT_COMMUNITY,
	OPT_AUTHS,
	OPT_HELP
};

static const struct option long_options[] = {
	{ "site", required_argument, NULL, OPT_SITE },
	{ "root", required_argument, NULL, OPT_ROOT },
	{ "into", required_argument, NULL, OPT_INTO },
	{ "table", required_argument, NULL, OPT_TABLE },
	{ "community", required_argument, NULL, OPT_COMMUNITY },
	{ "auths", no_argument, NULL, OPT_AUTHS },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

/* ---- what there is */

static void
list_kinds(FILE *to)
{
	const struct export_kind *k;

	fprintf(to, "usage: svcport export %s\n", usage_line);
	for (size_t i = 0; (k = export_at(i)) != NULL; i++) {
		fprintf(to, "\n  %-18s %s\n", k->name, k->what);
		for (size_t f = 0; f < k->nfiles; f++)
			fprintf(
			    to, "    %-24s %s\n", k->files[f].name, k->files[f].what);
	}
}

static int
no_kind(const char *name)
{
	struct suggest near = SUGGEST(name);
	char hint[SUGGEST_TEXT];
	const struct export_kind *k;

	for (size_t i = 0; (k = export_at(i)) != NULL; i++)
		suggest_offer(&near, k->name);
	fprintf(stderr, "svcport: no export kind \"%s\"%s: see `svcport export`\n",
	    name, suggest_text(&near, hint));
	return CMD_USAGE;
}

/* ---- one file */

static int
written(FILE *out, const char *name)
{
	int failed = ferror(out);

	if (fflush(out) == EOF || failed) {
		fprintf(stderr, "svcport: %s: %s\n", name, strerror(errno));
		return CMD_FAILED;
	}
	return 0;
}

/* Nothing is written unless the whole file can be made. */
static int
write_file(const struct export_file *file, const struct export_context *x, FILE *out,
    const char *name)
{
	char err[256];
	char *text = NULL;
	size_t size = 0;
	FILE *made = mem_stream(&text, &size);
	bool whole = export_write(file, x, made, err, sizeof(err));
	int status = CMD_FAILED;

	mem_stream_end(made);
	if (whole) {
		fwrite(text, 1, size, out);
		status = written(out, name);
	} else {
		fprintf(stderr, "svcport: %s: %s\n", file->name, err);
	}
	free(text);
	return status;
}

static int
write_into(
    const char *dir, const struct export_kind *kind, const struct export_context *x)
{
	char *sub = mem_printf("%s/%s", dir, kind->name);
	int status = 0;

	(void)mkdir(dir, 0777);
	(void)mkdir(sub, 0777); /* what is wrong with it shows below */
	for (size_t i = 0; i < kind->nfiles && status == 0; i++) {
		char *path = mem_printf("%s/%s", sub, kind->files[i].name);
		FILE *out = fopen(path, "w");

		if (out == NULL) {
			fprintf(stderr, "svcport: %s: %s\n", path, strerror(errno));
			status = CMD_FAILED;
		} else {
			status = write_file(&kind->files[i], x, out, path);
			if (fclose(out) != 0 && status == 0)
				status = CMD_FAILED;
			if (status == 0)
				puts(path);
		}
		free(path);
	}
	free(sub);
	return status;
}

/* ---- what files are made of */

static struct mibindex *
load_mib(const char *root)
{
	char *text = mibtext_render(root);
	char err[256];
	struct mibindex *mib;

	if (text == NULL) {
		fprintf(stderr,
		    "svcport: %s: not an OID for the MIB: use dotted numbers below "
		    "1.3.6.1\n",
		    root);
		return NULL;
	}
	mib = mibindex_new(text, err, sizeof(err));
	if (mib == NULL)
		fprintf(stderr, "svcport: SVCPORT-MIB: %s\n", err);
	free(text);
	return mib;
}

static struct plan *
make_plan(const struct request *r, const struct export_kind *kind)
{
	struct load_request request = { .file = r->files.site,
		.text = r->site,
		.len = r->site_len,
		.dirs = r->files.dirs,
		.ndirs = r->files.ndirs,
		.adjust = (kind->needs & EXPORT_FLOWS) != 0 ? flows_widen : NULL };
	struct diag *d = diag_new();
	struct plan *plan = load_plan(&request, d);

	cmd_complain(d);
	diag_free(d);
	return plan;
}

/* One kind, all of its files or the one named. */
static int
run_kind(const struct request *r, const struct export_kind *kind, const char *name)
{
	const struct export_file *file = &kind->files[0];
	struct export_context x = {
		.table = r->table, .community = r->community, .auths = r->auths
	};
	struct mibindex *mib = NULL;
	struct plan *plan = NULL;
	int status = CMD_USAGE;

	if (name != NULL && (file = export_find_file(kind, name)) == NULL) {
		fprintf(stderr,
		    "svcport: %s has no file \"%s\": see `svcport export`\n",
		    kind->name, name);
		return CMD_USAGE;
	}
	if (r->root == NULL || kind->needs != 0)
		plan = make_plan(r, kind);
	if (plan != NULL || (r->root != NULL && kind->needs == 0))
		mib = load_mib(r->root != NULL ? r->root : plan->site->mib_root);
	if (mib != NULL) {
		x.mib = mib;
		x.plan = plan;
		status = r->into != NULL
		             ? write_into(r->into, kind, &x)
		             : write_file(file, &x, stdout, "standard output");
	}
	mibindex_free(mib);
	plan_unref(plan);
	return status;
}

/* ---- the verb */

/* It goes into files of other programs, where a quote or a line's end would be more
 * than a name. */
static bool
take_community(struct request *r, const char *name)
{
	static const char good[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_.@";

	if (name[0] == '\0' || name[strspn(name, good)] != '\0') {
		fprintf(stderr,
		    "svcport: --community takes letters, digits and \"-_.@\", not "
		    "\"%s\"\n",
		    name);
		return false;
	}
	r->community = name;
	return true;
}

static bool
take_table(struct request *r, const char *name)
{
	if (!isalpha((unsigned char)name[0]) || !confkeys_is_name(name)) {
		fprintf(stderr,
		    "svcport: --table begins with a letter and has letters, digits "
		    "and \"-_.\", not \"%s\"\n",
		    name);
		return false;
	}
	r->table = name;
	return true;
}

static bool
take(struct request *r, int c)
{
	struct cmd_options *o = &r->files;

	switch (c) {
	case OPT_SITE:
		o->site = optarg;
		return true;
	case 'C':
		o->dirs = mem_resize(o->dirs, o->ndirs + 1, sizeof(*o->dirs));
		o->dirs[o->ndirs++] = optarg;
		return true;
	case OPT_ROOT:
		r->root = optarg;
		return true;
	case OPT_INTO:
		r->into = optarg;
		return true;
	case OPT_TABLE:
		return take_table(r, optarg);
	case OPT_COMMUNITY:
		return take_community(r, optarg);
	case OPT_AUTHS:
		r->auths = true;
		return true;
	default:
		return false;
	}
}

/* Each kind makes a plan of its own, and the file may be a pipe. */
static bool
read_site(struct request *r)
{
	const char *why;

	if (r->files.site == NULL)
		return true;
	r->site = slurp(r->files.site, SOURCE_FILE_MAX, &r->site_len, &why);
	if (r->site == NULL)
		fprintf(stderr, "%s: cannot read it: %s\n", r->files.site, why);
	return r->site != NULL;
}

static int
run_all(const struct request *r, char **names, int n)
{
	const struct export_kind *k;
	bool all = n == 1 && strcmp(names[0], "all") == 0;
	int status = 0;

	for (int i = 0; i < n && !all; i++) {
		if (export_find(names[i]) == NULL)
			return no_kind(names[i]);
	}
	for (size_t i = 0; (k = export_at(i)) != NULL && status == 0; i++) {
		bool wanted = all;

		for (int j = 0; j < n; j++)
			wanted = wanted || strcmp(names[j], k->name) == 0;
		if (wanted)
			status = run_kind(r, k, NULL);
	}
	return status;
}

static int
run(struct request *r, int argc, char **argv)
{
	const struct export_kind *kind;

	if (r->into != NULL && argc > 0)
		return read_site(r) ? run_all(r, argv, argc) : CMD_USAGE;
	if (r->into != NULL || argc > 2) {
		fprintf(stderr, "usage: svcport export %s\n", usage_line);
		return CMD_USAGE;
	}
	if (argc == 0) {
		list_kinds(stdout);
		return 0;
	}
	kind = export_find(argv[0]);
	return kind != NULL ? run_kind(r, kind, argc > 1 ? argv[1] : NULL)
	                    : no_kind(argv[0]);
}

int
cmd_export(int argc, char **argv)
{
	struct request r = { .table = "filter", .community = "public" };
	int status = -1;
	int c;

	optind = 1;
	while (status < 0 &&
	       (c = getopt_long(argc, argv, "C:", long_options, NULL)) != -1) {
		if (c == OPT_HELP) {
			list_kinds(stdout);
			status = 0;
		} else if (c == '?' || !take(&r, c)) {
			fprintf(stderr, "usage: svcport export %s\n", usage_line);
			status = CMD_USAGE;
		}
	}
	if (status < 0)
		status = run(&r, argc - optind, argv + optind);
	cmd_options_clear(&r.files);
	free(r.site);
	return status;
}
