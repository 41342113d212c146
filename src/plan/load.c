#include "plan/load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/log.h"
#include "base/utf8.h"
#include "plan/workload.h"
#include "catalogue/confkeys.h"

struct site *
load_site_file(const char *file, struct diag *d)
{
	if (file != NULL)
		return site_read(file, d);
	if (access(LOAD_DEFAULT_FILE, F_OK) != 0 && errno == ENOENT)
		return site_default();
	return site_read(LOAD_DEFAULT_FILE, d);
}

/* The part before the first dot: what people call the host.  The kernel takes any
 * octets for a host's name, managers do not. */
static void
own_name(char *buf, size_t size)
{
	if (gethostname(buf, size) != 0)
		snprintf(buf, size, "localhost");
	buf[size - 1] = '\0';
	buf[strcspn(buf, ".")] = '\0';
	for (char *p = buf; *p != '\0'; p++) {
		char name[2] = { *p, '\0' };

		if (!confkeys_is_name(name))
			*p = '-';
	}
	if (buf[0] == '\0')
		snprintf(buf, size, "localhost");
}

/* A name that no host of the file has is right for this host alone, which needs no
 * entry there; site_check() tells the others where it has one. */
static void
check_own_name(
    const struct plan *p, const char *name, struct diag_pos pos, struct diag *d)
{
	if (p->hosts[0].site != NULL || strpbrk(name, "*?[\\") != NULL ||
	    strcmp(name, p->local_name) == 0)
		return;
	for (size_t i = 0; i < p->site->nhosts; i++) {
		if (strcmp(p->site->hosts[i].name, name) == 0)
			return;
	}
	diag_warn_at(d, pos,
	    "no host \"%s\" in the file, and this one is called \"%s\"", name,
	    p->local_name);
}

static void
check_own_names(const struct plan *p, struct diag *d)
{
	const struct site *s = p->site;

	for (size_t i = 0; i < s->noverrides; i++)
		check_own_name(p, s->overrides[i].host, s->overrides[i].host_pos, d);
	for (size_t i = 0; i < s->nmutes; i++)
		check_own_name(p, s->mutes[i].host, s->mutes[i].host_pos, d);
}

struct plan *
load_plan(const struct load_request *r, struct diag *d)
{
	size_t before = diag_errors(d);
	struct catalogue_list catalogues = { 0 };
	struct site *site = r->text != NULL ? site_parse(r->file, r->text, r->len, d)
	                                    : load_site_file(r->file, d);
	struct plan *plan;
	char name[65];

	if (site == NULL)
		return NULL;
	if (r->ndirs > 0)
		site_set_catalogue_path(site, r->dirs, r->ndirs);
	site_catalogues(site, &catalogues, d);
	if (catalogues.n == 0 && diag_errors(d) == before)
		diag_warn(d, site->file, 0,
		    "no catalogue is loaded: see catalogue-path and catalogues");
	site_check(site, &catalogues, d);
	if (diag_errors(d) > before) {
		catalogue_list_clear(&catalogues);
		site_free(site);
		return NULL;
	}
	if (r->adjust != NULL)
		r->adjust(site, &catalogues);
	own_name(name, sizeof(name));
	plan = plan_new(site, &catalogues, r->local_name != NULL ? r->local_name : name,
	    r->numbers, d);
	if (plan != NULL) {
		check_own_names(plan, d);
		workload_check(plan, d);
	}
	return plan;
}

const char *
load_log(struct diag *d, char *buf, size_t size)
{
	const struct diag_message *first = NULL;
	char line[1400];

	buf[0] = '\0';
	for (size_t i = 0; i < diag_count(d); i++) {
		const struct diag_message *m = diag_get(d, i);

		diag_format(m, line, sizeof(line));
		if (m->level == DIAG_ERROR)
			log_error("conf", "%s", line);
		else
			log_warn("conf", "%s", line);
		if (first == NULL ||
		    (first->level == DIAG_WARNING && m->level == DIAG_ERROR)) {
			first = m;
			line[utf8_cut(line, size - 1)] = '\0';
			strcpy(buf, line);
		}
	}
	return buf;
}
