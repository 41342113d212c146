#include "planfix.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"

#define NAMES_MAX 16

struct names {
	char v[NAMES_MAX][32];
	size_t n;
};

struct parts {
	struct names roles, features;
	FILE *raw, *services;
	unsigned lines;
};

static void
add_name(struct names *names, const char *name, size_t len)
{
	for (size_t i = 0; i < names->n; i++) {
		if (strlen(names->v[i]) == len && strncmp(names->v[i], name, len) == 0)
			return;
	}
	assert_true(names->n < NAMES_MAX);
	snprintf(names->v[names->n++], sizeof(names->v[0]), "%.*s", (int)len, name);
}

/* "a,b" as `key = ["a", "b"];` */
static void
put_roles(struct parts *p, const char *key, const char *list)
{
	fprintf(p->services, "%s = [", key);
	while (*list != '\0' && *list != '-') {
		size_t len = strcspn(list, ",");

		add_name(&p->roles, list, len);
		fprintf(p->services, "'%.*s'", (int)len, list);
		list += len + (list[len] == ',');
		fputs(*list != '\0' ? ", " : "", p->services);
	}
	fputs("]; ", p->services);
}

static void
put_service(struct parts *p, const char *text)
{
	char number[8], name[64], protocol[8], ports[64], from[64], to[64];
	int used = 0;
	const char *feature;

	if (sscanf(text, "%7s %63s %7s %63s %63s %63s%n", number, name, protocol, ports,
		from, to, &used) != 6)
		fail_msg("no service: %s", text);
	text += used;
	fprintf(p->services,
	    "%s{ number = %s; line = %u; section = 'Section'; name = '%s'; "
	    "descr = 'D'; note = 'N'; protocol = '%s'; ports = '%s'; ",
	    p->lines != 0 ? ",\n" : "", number, p->lines + 1, name, protocol,
	    strcmp(ports, "-") == 0 ? "" : ports);
	p->lines++;
	put_roles(p, "from", from);
	put_roles(p, "to", to);
	if (strstr(text, "expect =") == NULL)
		fputs("expect = 'required'; ", p->services);
	fprintf(p->services, "%s }", text);
	feature = strstr(text, "feature = '");
	if (feature != NULL)
		add_name(&p->features, feature + 11, strcspn(feature + 11, "'"));
}

static void
put_names(FILE *out, const char *key, const struct names *names, bool roles)
{
	fprintf(out, "%s = (", key);
	for (size_t i = 0; i < names->n; i++) {
		bool own = !isupper((unsigned char)names->v[i][0]);

		fprintf(out, "%s{ name = '%s'; descr = 'D'; %s}", i != 0 ? ", " : "",
		    names->v[i], roles && own ? "own = true; " : "");
	}
	fputs(");\n", out);
}

static void
double_quotes(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			*text = '"';
	}
}

/* The catalogue's text; the caller frees. */
static char *
catalogue_text(const char *services)
{
	struct parts p = { .lines = 0 };
	char *raw, *list, *text;
	size_t raw_len, list_len, len;
	char *lines = mem_strdup(services);
	FILE *out = open_memstream(&text, &len);

	p.raw = open_memstream(&raw, &raw_len);
	p.services = open_memstream(&list, &list_len);
	for (char *rest = lines, *line; (line = strsep(&rest, "\n")) != NULL;) {
		if (line[0] == '%')
			fprintf(p.raw, "%s\n", line + 1);
		else if (line[0] != '\0')
			put_service(&p, line);
	}
	fclose(p.raw);
	fclose(p.services);
	fprintf(out,
	    "format = 1; catalogue = { number = 7; name = 'app'; vendor = 'V'; "
	    "product = 'App';\ndocument = { title = 'The Document'; lines = %u; };\n",
	    p.lines);
	put_names(out, "roles", &p.roles, true);
	put_names(out, "features", &p.features, false);
	fprintf(out, "%sservices = (\n%s ); };\n", raw, list);
	fclose(out);
	free(raw);
	free(list);
	free(lines);
	double_quotes(text);
	return text;
}

/* NULL after an error, all of it in `d`. */
static struct plan *
load(const char *services, const char *hosts, struct diag *d)
{
	struct catalogue_list list = { 0 };
	char *catalogue = catalogue_text(services);
	char *text = mem_printf("format = 1;\n%s\n", hosts);
	struct catalogue *c = catalogue_parse(
	    "app.cfg", catalogue, strlen(catalogue), d);
	struct site *site;

	double_quotes(text);
	if (c != NULL)
		catalogue_list_add(&list, c, d);
	site = site_parse("site.cfg", text, strlen(text), d);
	free(catalogue);
	free(text);
	if (site != NULL && c != NULL)
		site_check(site, &list, d);
	if (site == NULL || c == NULL || diag_errors(d) > 0) {
		catalogue_list_clear(&list);
		site_free(site);
		return NULL;
	}
	return plan_new(site, &list, "here", NULL, d);
}

struct plan *
planfix(const char *services, const char *site)
{
	struct diag *d = diag_new();
	struct plan *p = load(services, site, d);
	char text[512];

	for (size_t i = 0; i < diag_count(d); i++)
		print_error("%s\n", diag_format(diag_get(d, i), text, sizeof(text)));
	assert_int_equal(diag_count(d), 0);
	assert_non_null(p);
	diag_free(d);
	return p;
}

static struct plan *
load_with(const char *services, const char *site, const char *message)
{
	struct diag *d = diag_new();
	struct plan *p = load(services, site, d);
	char text[512];

	assert_int_equal(diag_count(d), 1);
	assert_string_equal(diag_format(diag_get(d, 0), text, sizeof(text)), message);
	diag_free(d);
	return p;
}

void
planfix_error(const char *services, const char *site, const char *message)
{
	assert_null(load_with(services, site, message));
}

void
planfix_warning(const char *services, const char *site, const char *message)
{
	struct plan *p = load_with(services, site, message);

	assert_non_null(p);
	plan_unref(p);
}

const struct check *
planfix_check(const struct plan *p, const char *name)
{
	long i = plan_find_name(p, name);

	if (i < 0)
		fail_msg("no check %s", name);
	return &p->checks[i];
}

void
planfix_names(const struct plan *p, const char *const *names)
{
	char have[PLAN_NAME_MAX];
	uint32_t n = 0;

	for (; names[n] != NULL; n++) {
		if (n >= p->nchecks)
			fail_msg("no check %s: only %u", names[n], p->nchecks);
		assert_string_equal(plan_check_name(p, &p->checks[n], have), names[n]);
	}
	if (n < p->nchecks)
		fail_msg(
		    "a check too many: %s", plan_check_name(p, &p->checks[n], have));
}

const char *
planfix_ports(const struct plan *p, const char *name)
{
	static char text[128];

	return portset_format(&planfix_check(p, name)->ports, text, sizeof(text));
}
