/* The example sites and the shipped catalogues as a plan: what no reader alone can
 * tell. */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "plan/plan.h"
#include "model/reason.h"
#include "judge/verdict.h"

static char *
source_path(const char *rest)
{
	const char *srcdir = getenv("srcdir");

	return mem_printf("%s/%s", srcdir != NULL ? srcdir : ".", rest);
}

static void
no_message(struct diag *d)
{
	char text[512];

	for (size_t i = 0; i < diag_count(d); i++)
		print_error("%s\n", diag_format(diag_get(d, i), text, sizeof(text)));
	assert_int_equal(diag_count(d), 0);
}

/* The plan of a site with the shipped catalogues; takes the site over. */
static struct plan *
plan_of(struct site *site, struct diag *d)
{
	char *dirs[] = { source_path("conf/catalogues") };
	struct catalogue_list list;
	struct plan *p;

	no_message(d);
	assert_non_null(site);
	site_set_catalogue_path(site, dirs, 1);
	site_catalogues(site, &list, d);
	site_check(site, &list, d);
	no_message(d);
	p = plan_new(site, &list, "this-host", NULL, d);
	no_message(d);
	assert_non_null(p);
	free(dirs[0]);
	return p;
}

static void
examples_make_plans(void **state)
{
	char *pattern = source_path("conf/examples/*.cfg");
	glob_t files;

	(void)state;
	assert_int_equal(glob(pattern, 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		struct diag *d = diag_new();
		struct plan *p = plan_of(site_read(files.gl_pathv[i], d), d);

		assert_true(p->nchecks > 0);
		plan_unref(p);
		diag_free(d);
	}
	globfree(&files);
	free(pattern);
}

/* "host": roles = every role of the catalogue. */
static void
put_host(FILE *f, const struct catalogue *c, const char *host)
{
	fprintf(f, "{ %s; roles = [", host);
	for (size_t i = 0; i < c->nroles; i++)
		fprintf(
		    f, "%s\"%s:%s\"", i != 0 ? ", " : "", c->name, c->roles[i].name);
	fputs("]; }", f);
}

/* A site with two hosts that play everything, every feature in use: each service is
 * checked here by listening and there by probing. */
static struct site *
everything_site(const char *name, struct diag *d)
{
	char *file = mem_printf("conf/catalogues/%s.cfg", name);
	char *path = source_path(file);
	struct catalogue *c = catalogue_read(path, d);
	struct site *s;
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	no_message(d);
	fprintf(f, "format = 1;\ncatalogues = [\"%s\"];\nfeatures = [", name);
	for (size_t i = 0; i < c->nfeatures; i++)
		fprintf(
		    f, "%s\"%s:%s\"", i != 0 ? ", " : "", name, c->features[i].name);
	fputs("];\nhosts = (", f);
	put_host(f, c, "name = \"here\"; local = true");
	fputs(", ", f);
	put_host(f, c, "name = \"there\"; id = 2; address = \"192.0.2.2\"");
	fputs(");\n", f);
	fclose(f);
	s = site_parse("everything", text, len, d);
	catalogue_free(c);
	free(text);
	free(path);
	free(file);
	return s;
}

/* The worst verdict that any observation of a check gives. */
static enum verdict
worst(const struct plan *p, const struct check *k)
{
	struct expectation e = { .expected = k->expected,
		.policy = k->policy,
		.protocol = (uint8_t)plan_service(p, k)->protocol,
		.idle = k->idle,
		.flags = k->flags };
	uint8_t verdict = 0;

	for (uint8_t l = LISTEN_LISTENING; l <= LISTEN_NA; l++) {
		for (uint8_t c = CONNECT_OPEN; c <= CONNECT_NA; c++) {
			struct observed o = { { l, REASON_NOT_LISTENING, 0 },
				{ c, REASON_REFUSED, 0 } };
			struct judgement j;

			verdict_judge(&e, &o, &j);
			if (j.verdict > verdict)
				verdict = j.verdict;
		}
	}
	return (enum verdict)verdict;
}

static bool
never_judged(const struct service *s)
{
	return s->on_demand || s->policy == POLICY_POOL || s->protocol == PROTO_NONE;
}

/* Something looks at it: not so for an echo here, or a receiver of logs elsewhere. */
static bool
can_be_judged(const struct check *k)
{
	return k->idle == REASON_NONE || (k->flags & CHECK_LISTEN) != 0;
}

/* Ports that the document knows to listen only sometimes, pools, and lines without a
 * port must not page anybody; a port that is required must be able to. */
static void
check_alarms(const struct plan *p, unsigned *quiet, unsigned *loud)
{
	for (uint32_t i = 0; i < p->nchecks; i++) {
		const struct check *k = &p->checks[i];
		const struct service *s = plan_service(p, k);
		enum verdict v = worst(p, k);
		char name[PLAN_NAME_MAX];

		if (never_judged(s)) {
			++*quiet;
			if (v > VERDICT_NOT_EVALUATED)
				fail_msg("%s can get verdict %s",
				    plan_check_name(p, k, name), types_verdict(v));
		} else if (s->expect == REQUIRE_REQUIRED && can_be_judged(k)) {
			++*loud;
			if (v != VERDICT_CLOSED_REQUIRED && v != VERDICT_OPEN_FORBIDDEN)
				fail_msg("%s is required and gets verdict %s at worst",
				    plan_check_name(p, k, name), types_verdict(v));
		}
	}
}

static void
never_listening_lines_never_alarm(void **state)
{
	static const char *const names[] = { "sevone-nms", "prognosis", "psm", "sesam",
		"flowmon" };
	unsigned quiet = 0;
	unsigned loud = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct diag *d = diag_new();
		struct plan *p = plan_of(everything_site(names[i], d), d);

		check_alarms(p, &quiet, &loud);
		plan_unref(p);
		diag_free(d);
	}
	assert_true(quiet > 0);
	assert_true(loud > quiet);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_make_plans),
		cmocka_unit_test(never_listening_lines_never_alarm),
	};

	return cmocka_run_group_tests_name("shipped", tests, NULL, NULL);
}
